"""How a page's bytes become text.  Pure.

    Decoded    the text, the charset that read it, and how many characters were damaged

Content first, labels second: pages of 2016 declare gb2312 and are UTF-8, pages of 2010 declare gb2312 and use
characters that only GB18030 has.  The ladder: byte order mark, strict UTF-8, strict GB18030, what is declared, and
at last whichever of UTF-8 and GB18030 damages less.  A page cut inside a character is not damaged by that.
"""

import codecs
import re
from dataclasses import dataclass

REPLACEMENT = "\ufffd"
_MOJIBAKE = "锟斤拷"
"""What two U+FFFD look like when their UTF-8 bytes are read as GBK: damage done before the page reached us."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_DECLARED = re.compile(
    rb"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE
)
_XML_DECLARED = re.compile(
    rb"""\s{0,9}<\?xml\s[^<>]{0,80}?\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.-]{1,40})"""
)
"""How XML begins that names its charset; a `<meta>` on the same page knows better."""
_LABEL = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a declaration is looked for; browsers stop at 1024, qq.com puts `<meta charset>` after the title."""

_BEGINNING = 80 * 1024
"""Bytes read first; of no charset are they fewer than 20,000 characters."""
_PIECE = 16 * 1024
"""Bytes read at a time after these.  In memory a text is as wide as its widest character; most pieces of a page of
megabytes are ASCII, and take a quarter of the room and of the time that they take in one text with an emoji."""
_ASCII = bytes(range(128))

_COMMON_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_COMMON_BIG5 = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """pieces: the text, without its byte order mark; at least one.  charset: Python's name for what read it.

    clean: the bytes, after `skip` bytes of byte order mark, are the text's own UTF-8.
    damaged: the share of characters that could not be read, by us or by whoever stored the page before.
    """

    pieces: tuple[str, ...]
    charset: str
    damaged: float = 0.0
    clean: bool = False
    skip: int = 0

    @property
    def text(self) -> str:
        """All of it, put together anew whenever it is asked for."""
        return "".join(self.pieces)

    @property
    def beginning(self) -> str:
        """The first characters, at least 20,000 or all there are; of a large page far cheaper than all."""
        return self.pieces[0]

    @property
    def end(self) -> str:
        """The last characters, some thousands or all there are."""
        return "".join(self.pieces[-2:])


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read a page's bytes.  content_type: the HTTP header, which is believed last, after the page's own words.

    >>> decode("<meta charset=gb2312>新闻".encode("gb18030")).text[-2:]
    '新闻'
    >>> decode("<meta charset=gb2312>新闻".encode()).charset
    'utf-8'
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _read(body, name, skip=len(bom))

    if (pieces := _strict(body, "utf-8")) is not None:
        return _judged(pieces, "utf-8", clean=True)
    declared = _declared(body, content_type)
    if (pieces := _strict(body, "gb18030")) is not None and not _nearly_utf8(body):
        if declared == "big5" and _reads_as_big5(body):
            return _read(body, "big5hkscs")
        return _judged(pieces, "gb18030")
    if declared and (pieces := _strict(body, declared)) is not None and not _nearly_utf8(body):
        return _judged(pieces, declared)
    return min(_read(body, "gb18030"), _read(body, "utf-8"), key=lambda reading: reading.damaged)


def _strict(body: bytes, name: str) -> tuple[str, ...] | None:
    """The text, if every character of it can be read; a last character cut short is left out."""
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
        starts = (0, *range(_BEGINNING, len(body), _PIECE))
        ends = (*starts[1:], len(body))
        return tuple(decoder.decode(body[at:end]) for at, end in zip(starts, ends, strict=True))
    except (UnicodeError, LookupError):
        return None


def _read(body: bytes, name: str, *, skip: int = 0) -> Decoded:
    text = codecs.getincrementaldecoder(name)("replace").decode(body[skip:], final=False)
    clean = name == "utf-8" and REPLACEMENT not in text
    return _judged((text,), name, clean=clean, skip=skip)


def _judged(
    pieces: tuple[str, ...], charset: str, *, clean: bool = False, skip: int = 0
) -> Decoded:
    return Decoded(pieces=pieces, charset=charset, damaged=damage(*pieces), clean=clean, skip=skip)


def damage(*pieces: str) -> float:
    """The share of characters in a text that stand where a character was lost.

    >>> damage("新闻"), damage("新\\ufffd")
    (0.0, 0.5)
    """
    lost = 0
    for text in pieces:
        # Looking for one character is forty times faster than counting it, and most pages have neither.
        if REPLACEMENT in text:
            lost += text.count(REPLACEMENT)
        if _MOJIBAKE[0] in text:
            lost += 2 * text.count(_MOJIBAKE)
    return lost / sum(map(len, pieces)) if lost else 0.0


_LATIN = re.compile("[\x80-\x84\x86-\x9f\xa1-\xff]")
"""All but its two spaces."""


def misread(text: str) -> bool:
    """Whether a text is UTF-8 (or GBK) that somebody read as Latin-1: no language has so many letters with marks.

    >>> misread("新闻".encode().decode("latin-1")), misread("Vigdís Finnbogadóttir þýddi það"), misread("新闻")
    (True, False, False)
    """
    start = text[:20_000]
    letters = len(_LATIN.findall(start))
    return letters > 0.4 * len("".join(start.split())) if letters else False


def _declared(body: bytes, content_type: str) -> str:
    """Python's name of the declared charset; empty when none is declared or Python does not know it."""
    found = _DECLARED.search(body[:_HEAD]) or _XML_DECLARED.match(body)
    label = found[1].decode("ascii") if found else ""
    if not label and (header := _LABEL.search(content_type[:200])):
        label = header[1]
    try:
        info = codecs.lookup(label) if label else None
    except LookupError:
        return ""
    # `base64` and `rot13` are codecs too, to Python.
    return info.name if info and getattr(info, "_is_text_encoding", True) else ""


def _nearly_utf8(body: bytes) -> bool:
    """Whether nearly all of the page is UTF-8: one bad byte in a long page must not turn all of it into another script.

    A Han character takes three bytes, so reading saves two for each; of two bytes of GBK one pair in six looks like
    UTF-8 by chance, so twenty good characters to a bad byte are no accident.
    """
    most = len(body.translate(None, _ASCII))  # bytes that can be saved; ASCII saves none
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    length = lost = 0
    for start in range(0, len(body), _PIECE):
        text = decoder.decode(body[start : start + _PIECE], start + _PIECE >= len(body))
        length += len(text)
        lost += text.count(REPLACEMENT)
        if most <= 40 * lost:
            return False
    return len(body) - length > 40 * lost


def _reads_as_big5(body: bytes) -> bool:
    """Whether a page that declares Big5 is: nearly all Big5 is valid GB18030 too, but as rare characters."""
    pairs = _PAIR.findall(body)
    gb = sum(1 for pair in pairs if _COMMON_GB.match(pair))
    big5 = sum(1 for pair in pairs if _COMMON_BIG5.match(pair))
    return big5 > gb and _strict(body, "big5hkscs") is not None
