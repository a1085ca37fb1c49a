"""Pictures for the little qq.com, drawn when asked for: a JPEG, an animated GIF, a PNG.  Pure."""

import io
from functools import cache
from typing import TYPE_CHECKING

from scraper.demo.stories import BRIDGE_PHOTO, LAMP_PHOTO, TIDE_ANIMATION

if TYPE_CHECKING:
    from PIL.Image import Image

FULL, SMALL = (960, 540), (641, 361)


@cache
def drawing(token: str, size: str) -> tuple[str, bytes] | None:
    """Content type and bytes of a picture under its CDN name; None when there is no such picture.

    size: the last part of its address; `0` is the original, anything else a smaller one.
    """
    wide, high = FULL if size == "0" else SMALL
    if token == BRIDGE_PHOTO:
        return "image/jpeg", _saved([_bridge(wide, high, tide=0.3)], "JPEG")
    if token == TIDE_ANIMATION:
        tides = (0.1, 0.3, 0.5, 0.3) if size == "0" else (0.1,)
        return "image/gif", _saved(
            [_bridge(wide // 2, high // 2, tide=tide) for tide in tides], "GIF"
        )
    if token == LAMP_PHOTO:
        return "image/png", _saved([_lamp(wide, high)], "PNG")
    return None


def _saved(frames: list["Image"], kind: str) -> bytes:
    buffer = io.BytesIO()
    more = (
        {"save_all": True, "append_images": frames[1:], "duration": 400, "loop": 0}
        if kind == "GIF"
        else {}
    )
    frames[0].save(buffer, kind, **more)
    return buffer.getvalue()


def _bridge(wide: int, high: int, *, tide: float) -> "Image":
    """A stone bridge of three arches over a tide."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (wide, high), (196, 216, 226))
    draw = ImageDraw.Draw(image)
    draw.ellipse((wide * 0.74, high * 0.08, wide * 0.84, high * 0.26), fill=(238, 196, 130))
    draw.polygon(
        [(0, high * 0.5), (wide * 0.3, high * 0.3), (wide * 0.7, high * 0.5)], fill=(150, 170, 160)
    )
    draw.rectangle((0, high * 0.5, wide, high * 0.86), fill=(138, 132, 124))
    for n in range(3):
        left = wide * (0.08 + n * 0.3)
        draw.ellipse((left, high * 0.58, left + wide * 0.24, high * 1.3), fill=(70, 96, 110))
    water = high * (1 - 0.34 * tide - 0.08)
    draw.rectangle((0, water, wide, high), fill=(62, 98, 118))
    for n in range(6):
        draw.line(
            (wide * n / 6, water + 8, wide * (n + 0.6) / 6, water + 8),
            fill=(150, 180, 192),
            width=2,
        )
    return image


def _lamp(wide: int, high: int) -> "Image":
    """A lighthouse at night."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (wide, high), (24, 30, 52))
    draw = ImageDraw.Draw(image)
    middle = wide / 2
    draw.polygon(
        [(middle, high * 0.26), (wide, high * 0.1), (wide, high * 0.42)], fill=(120, 112, 80)
    )
    draw.polygon(
        [
            (middle - wide * 0.04, high * 0.3),
            (middle + wide * 0.04, high * 0.3),
            (middle + wide * 0.07, high * 0.9),
            (middle - wide * 0.07, high * 0.9),
        ],
        fill=(214, 208, 198),
    )
    draw.rectangle(
        (middle - wide * 0.03, high * 0.2, middle + wide * 0.03, high * 0.3), fill=(250, 220, 120)
    )
    draw.rectangle((0, high * 0.88, wide, high), fill=(12, 16, 30))
    return image
