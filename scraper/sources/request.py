"""What a source wants asked.  Pure.

The fetcher adds what every request has: User-Agent, Accept-Encoding, Host.
"""

from dataclasses import dataclass

from archive.capture import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.  content: the body of a POST, already encoded; its type stands in `headers`."""

    url: str
    method: str = "GET"
    headers: Headers = ()
    content: bytes = b""
