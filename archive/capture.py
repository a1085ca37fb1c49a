"""What a server sent: the evidence everything else is made from.  Pure.

A `Capture` is written to WARC by `archive.captures` and read by `scraper.extract`; it stands here because both
speak of it and imports point from `scraper` to `archive`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

Headers = tuple[tuple[str, str], ...]


def values_of(headers: Headers, name: str) -> Iterator[str]:
    """The values of the headers of that name, whatever its case, in their order."""
    wanted = name.lower()
    return (value for key, value in headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One answer, as received.

    url: the address that gave this answer (after any redirect that was followed).
    asked: the address first asked for; equal to `url` when nothing redirected.
    at: when the answer was complete, with an offset (UTC).
    status: the HTTP status; 200 for a saved file.
    headers: as received, in order; names keep their case.
    body: the entity as it was meant: transfer and content encoding undone, charset untouched.
    origin: where it comes from: `http`, `file` (a saved page) or `warc`.
    unkept: the size of a body that was not kept, where only what the page meant was.
    """

    url: str
    at: datetime
    body: bytes
    status: int = 200
    headers: Headers = ()
    asked: str = ""
    origin: str = "http"
    unkept: int = 0
    request_headers: Headers = field(default=(), compare=False)

    @property
    def brought_at(self) -> datetime | None:
        """When it was captured, if somebody had it already; None for what was fetched, of which the order tells more
        than the clock.
        """
        return None if self.origin == "http" else self.at

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case.

        >>> from datetime import UTC, datetime
        >>> page = Capture(url="https://qq.com/", at=datetime.now(UTC), body=b"", headers=(("ETag", "x"),))
        >>> page.header("etag")
        'x'
        """
        return next(values_of(self.headers, name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as downloaded and found whole.

    url: the address that gave these bytes; extension: from the bytes, without a dot (`jpg`, `png`, `gif`, `webp`).
    width, height: in pixels; frames: 1 for a still.
    hash: 64 bits in hex that change little with size and quality of a photo; empty when they would say nothing.
    """

    url: str
    content: bytes
    extension: str
    width: int
    height: int
    frames: int = 1
    hash: str = ""
