"""Pictures as they came: what their bytes are, and whether they are whole.  Pure.

    settings    PictureSettings: which pictures are kept
    kinds       type_of: what bytes are
    frames      how long an animation is
    decoding    look: bytes → Shape or Flaw
    choosing    candidates: which sizes to try; stand_ins: signs that say "do not hotlink"

Fetching pictures is left to `scraper.pipeline`, storing them to `archive.files`.  Pillow is loaded when one is looked
at, and not before.
"""

from scraper.pictures.choosing import candidates, stand_ins
from scraper.pictures.decoding import Flaw, Shape, as_picture, look
from scraper.pictures.kinds import type_of
from scraper.pictures.settings import MOST_FRAMES, MOST_PIXELS, PictureSettings

__all__ = [
    "MOST_FRAMES",
    "MOST_PIXELS",
    "Flaw",
    "PictureSettings",
    "Shape",
    "as_picture",
    "candidates",
    "look",
    "stand_ins",
    "type_of",
]
