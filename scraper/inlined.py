"""A page whose pictures stand in it as `data:` addresses, made as small as its site sent it.  Pure.

    is_inlined    whether one of the programs that write such pages made it
    outside       Capture → Capture: each picture's address in its place
    inlined       what stood there

SingleFile, monolith and Save Page WE put a page and all it shows into one file.  Where they keep the address of a
picture in another attribute, it is put back; else its bytes are its name: `urn:sha256:…`.  A picture that stands on a
page twice SingleFile writes into a variable of the style sheet, `--sf-img-7`.  Pages of any other kind stay as they
are, for what templates put into theirs are icons.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from typing import Final

from archive.capture import Capture

_SIGNS: Final = (b"Page saved with SingleFile", b"using monolith", b"savepage-")
"""What each of them writes at the beginning of a page, in a comment or in attributes."""
_BEGINNING: Final = 4_000
_DATA: Final = re.compile(rb"data:([a-z]{1,20})/[\w.+-]{1,80}(?:;[\w=.-]{1,40}){0,3};base64,")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/=]*")
_SMALLEST: Final = 400
"""Bytes of base64 below which a picture is a spacer."""
_ADDRESS: Final = re.compile(
    rb"\s(?:data-savepage-src|data-sf-original-src|data-src|data-original)=[\"']?((?:https?:)?//[^\s\"'<>]{1,2048})",
    re.IGNORECASE,
)
_LEFT_AWAY: Final = re.compile(rb"\sdata-savepage-src=\"([^\"<>]{1,2048})\"\ssrc=\"(?=\")")
"""As Save Page WE writes what it did not put in."""
_ELEMENT: Final = 8_000
"""Bytes of an `<img>` before its picture, and after it, within which its other attributes are looked for."""
_EMPTY: Final = 2_000
"""The same of an `<img>` without its picture."""
_VARIABLE: Final = re.compile(rb"--sf-img-(\d{1,6}):\s?url\([\"']?$")
_SHOWN: Final = re.compile(rb"var\(--sf-img-(\d{1,6})\)")
_MOST_SHOWN: Final = 1_000
"""How often variables are looked up in one page."""
_HOLDER: Final = re.compile(
    rb"data:image/svg\+xml,(?:<|%3C)svg[^\r\n]{1,300}?(?:</svg>|%3C/svg%3E)"
)


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
    beginning = page[:_BEGINNING]
    return any(sign in beginning for sign in _SIGNS)


def outside(capture: Capture) -> Capture:
    """The page with the addresses of its pictures, and without the fonts that were put into it."""
    body = capture.body
    if not is_inlined(body):
        return capture
    pieces: list[bytes] = []
    last = 0
    for one in inlined(body):
        if one.begin >= last:
            pieces += (body[last : one.begin], one.address)
            last = one.end
    return replace(capture, body=b"".join((*pieces, body[last:])))


def inlined(page: bytes) -> list[Inlined]:
    """What stands in a page, in order; spacers and damaged ones are left where they are."""
    found, variables = [], {}
    for one in _stated(page):
        found.append(one)
        if one.content and (set_to := _VARIABLE.search(page, max(one.begin - 40, 0), one.begin)):
            variables[set_to[1]] = one
    found += _by_variable(page, variables) if variables else ()
    found += _left_away(page)
    return sorted(found, key=lambda one: one.begin)


def _stated(page: bytes) -> Iterator[Inlined]:
    """What stands in the page in base64."""
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


def _by_variable(page: bytes, variables: dict[bytes, Inlined]) -> Iterator[Inlined]:
    """The empty drawings over which a style lays the picture of a variable."""
    for shown in islice(_SHOWN.finditer(page), _MOST_SHOWN):
        one = variables.get(shown[1])
        before = page[max(shown.start() - _EMPTY, 0) : shown.start()]
        element = before.rfind(b"<img")
        holder = _HOLDER.search(before, element) if one and element >= 0 else None
        if one and holder and b"<" not in before[holder.end() :]:
            begin = shown.start() - len(before) + holder.start()
            yield Inlined(begin, begin + len(holder[0]), one.address, one.content)


def _left_away(page: bytes) -> Iterator[Inlined]:
    """The addresses of pictures that Save Page WE did not put in."""
    for found in _LEFT_AWAY.finditer(page):
        yield Inlined(found.end(), found.end(), found[1], b"")
