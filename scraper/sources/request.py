"""What a source wants asked.  Pure.

The fetcher adds what every request has: User-Agent, Accept-Encoding, Host.
"""

from dataclasses import dataclass, field
from typing import Final

from archive.capture import Headers

AS_ITS_PAGES: Final[Headers] = (
    ("Accept", "application/json, text/plain, */*"),
    ("Origin", "https://news.qq.com"),
    ("Referer", "https://news.qq.com/"),
)
"""How the pages of news.qq.com ask its list interfaces, which refuse others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.

    content: the body of a POST, already encoded; its type stands in `headers`.
    alone: worth asking also when the answer before it brought nothing new; no part of what is asked.
    """

    url: str
    method: str = "GET"
    headers: Headers = ()
    content: bytes = b""
    alone: bool = field(default=False, compare=False)
