"""What the bytes of a picture are, from the bytes: never from a header or a name, which lie.  Pure."""

import re
import struct
from typing import Final

KEPT: Final = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
"""The kinds of pictures we keep, as extension → the one decoder of Pillow that is let at it."""

_OTHERS: Final = (
    (rb"<!doctype html|<html|<head|<body|<script|<title|<meta|<div|<p>", "an HTML page"),
    (rb"<svg[\s>]|<[?!].*?<svg[\s>]", "an SVG drawing"),
    (rb"<!--", "an HTML page"),
    (rb"<\?xml|<[A-Za-z]", "an XML document"),
    (rb"[{\[]\s*[\"{\[\d}\]]", "a JSON answer"),
    (rb"BM.{4}\0\0\0\0", "a BMP picture"),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "a TIFF picture"),
    (rb"\x00\x00\x01\x00", "an icon"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (rb"TPG", "a TPG picture"),
    (rb"SHARPP", "a SharpP picture"),
    (rb"8BPS", "a Photoshop file"),
    (rb"%PDF", "a PDF"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript file"),
    (rb"SIMPLE  =", "a FITS file"),
    (rb"DDS ", "a DDS texture"),
    (rb"\x1f\x8b", "a gzip file"),
    (rb"PK\x03\x04", "a ZIP file"),
    (rb"FLV\x01|\x1aE\xdf\xa3", "a video"),
)
_OTHER_KINDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), name) for pattern, name in _OTHERS
)

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})  # fmt: skip


def type_of(content: bytes) -> tuple[str, str]:
    """What the bytes are: the extension of a kind we keep and "", or "" and the name of what they are instead.

    >>> type_of(b"GIF89a...")
    ('gif', '')
    >>> type_of(b"<!DOCTYPE html><title>403</title>")
    ('', 'an HTML page')
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg", ""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", ""
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif", ""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp", ""
    if content[4:8] == b"ftyp":
        return _isobmff(content)
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for pattern, name in _OTHER_KINDS:
        if pattern.match(head):
            return "", name
    return "", "of no kind we know"


def _isobmff(content: bytes) -> tuple[str, str]:
    """AVIF, HEIC and MP4 share a container; its brands tell them apart."""
    size = min(struct.unpack(">I", content[:4])[0], 256)
    brands = {content[8:12]} | {content[at : at + 4] for at in range(16, size, 4)}
    if content[8:12] in _AVIF_BRANDS or (
        content[8:12] in (b"mif1", b"msf1") and brands & _AVIF_BRANDS
    ):
        return "avif", ""
    if brands & _HEIC_BRANDS:
        return "", "a HEIC picture"
    return "", "a video"
