"""Which pictures are kept.  Pure, and light: the configuration loads it."""

from dataclasses import dataclass
from typing import Final

from scraper.units import Seconds, Size

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
