"""Pictures as they came: what their bytes are, and whether they are whole.  Pure.

    look            bytes → Shape (type, size, frames) or Flaw (what is wrong with them)
    type_of         what bytes are, from the bytes: never from a header or a name, which lie
    stand_ins       pictures that are not the article's but a host's "do not hotlink" sign

`look` decodes, and decoders have had holes: it is called in the worker process (`scraper.worker`), where it can be
killed.  Fetching pictures is left to `scraper.pipeline`, storing them to `archive.files`.
"""

import re
import struct
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final

from archive.article import Image
from archive.capture import Picture
from scraper.units import Seconds, Size

if TYPE_CHECKING:
    from PIL import Image as Pillow

MOST_PIXELS: Final = 40_000_000
MOST_FRAMES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSettings:
    """Which pictures are kept.

    download: whether pictures are fetched at all; without, the Markdown keeps their web addresses.
    per_article, article_size: pictures, and bytes of them, that one article may bring.
    time: how long an article waits for its pictures, in seconds; what is late is tried again by a later run.
    pixels, frames: of one picture.  renditions: how many sizes of one picture are tried, best first.
    """

    download: bool = True
    per_article: int = 100
    article_size: Size = 50 * 2**20
    time: Seconds = 120.0
    pixels: int = MOST_PIXELS
    frames: int = MOST_FRAMES
    renditions: int = 3

    def __post_init__(self) -> None:
        for name in ("per_article", "article_size"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")
        for name in ("time", "pixels", "frames", "renditions"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A whole picture.

    extension: from the bytes; width, height: in pixels; frames: 1 for a still.  hash: see `archive.capture.Picture`.
    """

    extension: str
    width: int
    height: int
    frames: int = 1
    hash: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Why bytes are not kept as a picture.

    kind: `type` (no picture, or of a kind we do not keep), `corrupt` (cut short or damaged: asking again may help),
    `too_large`, or `too_hard` (the decoder outgrew its deadline or memory).
    """

    kind: str
    reason: str

    @property
    def passing(self) -> bool:
        """Whether the same address may give a better answer when asked again."""
        return self.kind == "corrupt"


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


def look(content: bytes, *, pixels: int = MOST_PIXELS, frames: int = MOST_FRAMES) -> Shape | Flaw:
    """Decode the picture once, to know that it is whole.  Raises MemoryError where the process may grow no further.

    Only the first frame of an animation is decoded; the others are counted by walking their headers.
    """
    if not content:
        return Flaw(kind="corrupt", reason="an empty answer")
    extension, other = type_of(content)
    if not extension:
        return Flaw(kind="type", reason=f"not a picture we keep: it is {other}")
    try:
        count = _frames(extension, content, most=frames)
    except _CutShort:
        return Flaw(kind="corrupt", reason=f"the {extension.upper()} is cut short")
    if count > frames:
        return Flaw(kind="too_large", reason=f"an animation of more than {frames} frames")
    return _decoded(extension, content, pixels=pixels, frames=frames, count=count)


def as_picture(url: str, content: bytes, shape: Shape) -> Picture:
    """The picture as the archive keeps it."""
    return Picture(
        url=url,
        content=content,
        extension=shape.extension,
        width=shape.width,
        height=shape.height,
        frames=shape.frames,
        hash=shape.hash,
    )


def candidates(image: Image, *, most: int) -> tuple[str, ...]:
    """The addresses to try for a picture, best first; the one the Markdown links to is always among them."""
    best = image.renditions[:most]
    return best if image.url in best else (*best[: most - 1], image.url)


def stand_ins(pictures: Mapping[str, bytes], *, at_least: int = 3) -> frozenset[str]:
    """Addresses of WeChat pictures that gave a sign instead of themselves.

    mmbiz.qpic.cn answers a page it does not like with 200 and one picture that says 此图片来自微信公众平台.  The sign's
    bytes change, so it is told by what it does: several different pictures of one article are the same bytes.
    pictures: address → content.
    """
    seen: dict[bytes, list[str]] = {}
    for url, content in pictures.items():
        if "//mmbiz.qpic.cn/" in url:
            seen.setdefault(sha256(content).digest(), []).append(url)
    return frozenset(
        url
        for urls in seen.values()
        if len({_mmbiz_token(url) for url in urls}) >= at_least
        for url in urls
    )


def _mmbiz_token(url: str) -> str:
    parts = url.split("?", 1)[0].split("/")
    return parts[4] if len(parts) > 4 else url


class _CutShort(Exception):
    """The container ends in the middle of something."""


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


def _decoded(
    extension: str, content: bytes, *, pixels: int, frames: int, count: int
) -> Shape | Flaw:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    name = extension.upper()
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Pillow.open(BytesIO(content), formats=[KEPT[extension]]) as image,
        ):
            width, height = image.size
            if width * height > pixels:
                what = f"{width} × {height} pixels, more than {pixels / 1e6:g} million"
                return Flaw(kind="too_large", reason=what)
            if extension == "avif":
                count = int(getattr(image, "n_frames", 1))
                if count > frames:
                    return Flaw(kind="too_large", reason=f"an animation of {count} frames")
            image.load()
            likeness = _likeness(image)
    except MemoryError:
        raise
    except UnidentifiedImageError:
        return Flaw(kind="corrupt", reason=f"begins like a {name} but is none")
    except Pillow.DecompressionBombError:
        return Flaw(kind="too_large", reason=f"more than {pixels / 1e6:g} million pixels")
    except Exception as error:  # decoders raise whatever their format made of the damage
        return Flaw(kind="corrupt", reason=f"damaged {name}: {_first_line(error)}")
    if width < 1 or height < 1:
        return Flaw(kind="corrupt", reason=f"a {name} without a single pixel")
    return Shape(
        extension=extension, width=width, height=height, frames=max(1, count), hash=likeness
    )


_SMALLEST: Final = 32
_LONGEST: Final = 8
_FLATTEST: Final = 16


def _likeness(image: "Pillow.Image") -> str:
    """64 bits in hex, one for each step between neighbours of a 9 × 8 sketch in grey: up, or not.

    They stay nearly the same in other sizes and qualities of one photo.  Empty for pictures that are small, very long,
    or all of one grey: dividers and plain cards look alike without being the same.
    """
    width, height = image.size
    if min(width, height) < _SMALLEST or max(width, height) > _LONGEST * min(width, height):
        return ""
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        ground = shown.copy()
        ground.paste((255, 255, 255, 255), (0, 0, width, height))
        ground.alpha_composite(shown)
        image = ground
    sketch = image.convert("L").resize((9, 8), reducing_gap=3.0).tobytes()
    if max(sketch) - min(sketch) < _FLATTEST:
        return ""
    bits = 0
    for row in range(8):
        for column in range(8):
            here = row * 9 + column
            bits = bits << 1 | (sketch[here] < sketch[here + 1])
    return f"{bits:016x}"


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0][:120] if text else type(error).__name__


def _frames(extension: str, content: bytes, *, most: int) -> int:
    """Frames, by walking the container; stops counting past `most`.  Raises _CutShort when it ends inside one."""
    if extension == "gif":
        return _count(_gif_frames(content), most)
    if extension == "webp":
        return _count(_webp_frames(content), most)
    if extension == "png":
        return _png_frames(content)
    return 1


def _count(found: Iterable[None], most: int) -> int:
    count = 0
    for _ in found:
        count += 1
        if count > most:
            break
    return max(1, count)


def _gif_frames(content: bytes) -> Iterable[None]:
    """One None for each image descriptor (GIF89a specification, §20)."""
    end = len(content)
    if end < 13:
        raise _CutShort
    flags = content[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    while at < end:
        mark = content[at]
        if mark == 0x3B:
            return
        if mark == 0x2C:
            if at + 10 > end:
                raise _CutShort
            yield None
            flags = content[at + 9]
            at = _past_blocks(content, at + 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0))
        elif mark == 0x21:
            at = _past_blocks(content, at + 2)
        else:
            at += 1  # stray bytes between blocks: browsers skip them


def _past_blocks(content: bytes, at: int) -> int:
    """The place after a chain of GIF sub-blocks."""
    end = len(content)
    while at < end and content[at]:
        at += content[at] + 1
    if at >= end:
        raise _CutShort
    return at + 1


def _webp_frames(content: bytes) -> Iterable[None]:
    """One None for each ANMF chunk; a still has none (WebP container specification)."""
    size = struct.unpack_from("<I", content, 4)[0] if len(content) >= 12 else 0
    if size + 8 > len(content) + 1:
        raise _CutShort
    at = 12
    while at + 8 <= min(len(content), size + 8):
        name, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name == b"ANMF":
            yield None
        at += 8 + length + (length & 1)


def _png_frames(content: bytes) -> int:
    """The number in the acTL chunk, which stands before the first IDAT (APNG specification)."""
    at = 8
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"IDAT":
            return 1
        if name == b"acTL" and at + 12 <= len(content):
            return max(1, int(struct.unpack_from(">I", content, at + 8)[0]))
        at += 12 + length
    return 1
