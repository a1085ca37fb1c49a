"""Ask whether a page has changed, instead of asking for it again.  Pure.

    Validators    what a server told us to show it next time (RFC 9110 §8.8)
    without       a request's headers when it has been sent elsewhere

They are kept with the capture they came with; an answer of 304 then says that it still holds.
"""

from dataclasses import dataclass

from archive.capture import Capture, Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The ETag and Last-Modified of an earlier answer; None where there was none."""

    etag: str | None = None
    last_modified: str | None = None

    @classmethod
    def of(cls, capture: Capture) -> "Validators":
        """Those that came with this capture."""
        return cls(etag=capture.header("etag"), last_modified=capture.header("last-modified"))

    @property
    def headers(self) -> Headers:
        """The request's headers; none for a value that could not be sent safely.

        >>> Validators(etag='"5f3"').headers
        (('If-None-Match', '"5f3"'),)
        """
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple((name, value) for name, value in named if value and _sendable(value))


def without(headers: Headers) -> Headers:
    """A request's headers without any validators: of another address they say nothing."""
    return tuple((name, value) for name, value in headers if not name.startswith("If-"))


def _sendable(value: str) -> bool:
    return len(value) <= 512 and all(" " <= letter <= "~" for letter in value)
