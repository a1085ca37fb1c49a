"""A picture decoded once, to know that it is whole.  Pure.

    look      bytes → Shape (type, size, frames, how it looks) or Flaw (what is wrong with them)

Decoders have had holes, so this is called in the worker process (`scraper.worker`), where it can be killed.
"""

import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Final

from archive.capture import Picture
from scraper.pictures import frames as containers
from scraper.pictures.kinds import KEPT, type_of
from scraper.pictures.settings import MOST_FRAMES, MOST_PIXELS

if TYPE_CHECKING:
    from PIL import Image as Pillow


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
        count = containers.frames(extension, content, most=frames)
    except containers.CutShort:
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
            # A JPEG is drawn small, in half the time; all its bytes are read even so, and missing ones missed.
            image.draft("L", (_SKETCHED, _SKETCHED))
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


_SKETCHED: Final = 64
"""Pixels of each side that are enough for a likeness."""
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
