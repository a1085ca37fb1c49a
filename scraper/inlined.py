"""A page whose pictures stand in it as `data:` addresses, made as small as its site sent it.  Pure.

    is_inlined    whether one of the programs that write such pages made it
    outside       Capture → Capture: each picture's address in its place
    inlined       what stood there

SingleFile, monolith and Save Page WE put a page and all it shows into one file.  Some keep the address of a picture in
another attribute; where none does, its bytes are its name: `urn:sha256:…`.  Pages of any other kind stay as they are,
for what templates put into theirs are icons.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from archive.capture import Capture

_SIGNS: Final = re.compile(
    rb"<!--\s{0,9}Page saved with SingleFile|<!-- Saved from [^<>]{1,2048} using monolith|\bsavepage-url\b"
)
"""What each of them writes at the beginning of a page."""
_BEGINNING: Final = 20_000
_DATA: Final = re.compile(rb"data:([a-z]{1,20})/[\w.+-]{1,80}(?:;[\w=.-]{1,40}){0,3};base64,")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/=]*")
_SMALLEST: Final = 400
"""Bytes of base64 below which a picture is a spacer."""
_ADDRESS: Final = re.compile(
    rb"\s(?:data-savepage-src|data-sf-original-src|data-src|data-original)=[\"']?((?:https?:/)?/[^\s\"'<>]{1,2048})",
    re.IGNORECASE,
)
_ELEMENT: Final = 8_000
"""Bytes of an `<img>` before its picture, and after it, within which its other attributes are looked for."""


@dataclass(frozen=True, slots=True)
class Inlined:
    """Something that stands in a page.

    begin, end: its place, in bytes.  address: what stood there before; the name of its bytes where nothing tells.
    content: the bytes of a picture; none of anything else.
    """

    begin: int
    end: int
    address: bytes
    content: bytes


def is_inlined(page: bytes) -> bool:
    """Whether a program made the page that puts pictures into it."""
    return _SIGNS.search(page, 0, _BEGINNING) is not None


def outside(capture: Capture) -> Capture:
    """The page with the addresses of its pictures, and without the fonts that were put into it."""
    body = capture.body
    if not is_inlined(body):
        return capture
    pieces: list[bytes] = []
    last = 0
    for one in inlined(body):
        pieces += (body[last : one.begin], one.address)
        last = one.end
    return replace(capture, body=b"".join((*pieces, body[last:])))


def inlined(page: bytes) -> Iterator[Inlined]:
    """What stands in a page, in order; spacers and damaged ones are left where they are."""
    end = 0
    while begins := _DATA.search(page, end):
        coded = _BASE64.match(page, begins.end())
        assert coded  # of nothing at least
        begin, end = begins.start(), coded.end()
        if begins[1] != b"image":
            yield Inlined(begin, end, b"data:,", b"")
        elif len(coded[0]) >= _SMALLEST and (content := _decoded(coded[0])):
            name = b"urn:sha256:" + sha256(content).hexdigest().encode()
            yield Inlined(begin, end, _address(page, begin, end) or name, content)


def _decoded(coded: bytes) -> bytes:
    try:
        return b64decode(coded, validate=True)
    except Error:
        return b""


def _address(page: bytes, begin: int, end: int) -> bytes:
    """The address that an `<img>` keeps beside its picture; nothing when it keeps none."""
    before = page[max(begin - _ELEMENT, 0) : begin].rpartition(b"<")[2]
    if not before[:4].lower().startswith(b"img"):
        return b""
    after = page[end : end + _ELEMENT].partition(b">")[0]
    said = _ADDRESS.search(before) or _ADDRESS.search(after)
    return said[1] if said else b""
