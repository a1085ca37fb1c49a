"""A page and its pictures as Safari writes them into one file: a web archive, which is a binary property list.

`WebMainResource` is the page, `WebSubresources` what it loaded; each has its address, its type and its bytes (WebKit,
`LegacyWebArchive.cpp`).  When it was saved stands nowhere but in the time of the file.
"""

import plistlib
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from archive.capture import Capture
from scraper.errors import Refused
from scraper.saved.page import Saved, remember

_MOST_PARTS: Final = 200_000
"""Entries of lists and tables that a file may have; each picture takes ten."""
_TRAILER: Final = 32
"""Bytes at the end, which tell where the table of objects stands."""
_CONTAINERS: Final = (0xA, 0xC, 0xD)
"""What the upper half of a list's, a set's and a table's first byte is; the lower half is its length, if not 15."""


def in_webarchive(path: Path, content: bytes, *, url: str, at: datetime) -> Saved:
    """The page of a web archive, with the pictures in it.

    content: what the file holds.  url: the page's address, where somebody names it.  at: when the file was written.
    Raises Refused for one without a page, and for a damaged one.
    """
    held = _read(content)
    if held is None:
        raise Refused(str(path), "a damaged web archive", kind="type")
    main = _resource(held.get("WebMainResource"), at)
    if main is None or not main.headers[0][1].startswith(("text/html", "application/xhtml+xml")):
        raise Refused(str(path), "a web archive without a page in it", kind="type")
    pictures: dict[str, Capture] = {}
    loaded = held.get("WebSubresources")
    for one in loaded if isinstance(loaded, list) else []:
        found = _resource(one, at)
        if found and found.url and found.headers[0][1].startswith("image/"):
            remember(pictures, found)
    address = url or main.url or path.absolute().as_uri()
    page = Capture(url=address, at=at, body=main.body, headers=main.headers, origin="file")
    return Saved(path=path, page=page, pictures=pictures)


def _resource(held: Any, at: datetime) -> Capture | None:
    """One thing that was loaded, its type as a header; its address is empty when it is none of the web."""
    said = held if isinstance(held, dict) else {}
    body, address = said.get("WebResourceData"), said.get("WebResourceURL")
    if not isinstance(body, bytes):
        return None
    kind, charset = (
        str(said.get(name) or "") for name in ("WebResourceMIMEType", "WebResourceTextEncodingName")
    )
    on_web = isinstance(address, str) and address.startswith(("http://", "https://"))
    return Capture(
        url=str(address) if on_web else "",
        at=at,
        body=body,
        headers=(("Content-Type", f"{kind}; charset={charset}" if charset else kind),),
        origin="file",
    )


def _read(content: bytes) -> dict[str, Any] | None:
    """What the property list says; None when it is damaged, or would take more room than any page."""
    try:
        if _parts(content) > _MOST_PARTS:
            return None
        held = plistlib.loads(content, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ValueError, TypeError, IndexError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def _parts(content: bytes) -> int:
    """How many entries its lists and tables have, counted before any is read: a byte can stand for each."""
    trailer = content[-_TRAILER:]
    size, objects = trailer[6], int.from_bytes(trailer[8:16], "big")
    table = int.from_bytes(trailer[24:32], "big")
    if objects > _MOST_PARTS:
        return objects
    entries = 0
    for begin in range(table, table + objects * size, size or 1):
        at = int.from_bytes(content[begin : begin + size], "big")
        first = content[at]
        if first >> 4 in _CONTAINERS:
            length = first & 15
            if length == 15:
                width = 1 << (content[at + 1] & 15)
                length = int.from_bytes(content[at + 2 : at + 2 + width], "big")
            entries += length
    return entries
