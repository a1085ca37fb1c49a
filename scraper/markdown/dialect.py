"""What one layout's HTML means where HTML alone does not say.  Pure.

    Dialect    handed by a layout to `scraper.markdown.write`
    Body       what comes back: the Markdown, and the pictures and videos met on the way

A dialect is a handful of CSS selectors and three questions; the writer knows nothing of qq.com.
"""

from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from archive.article import Image, Video


def _no_picture(_node: LexborNode) -> Image | None:
    return None


def _no_insert(_text: str) -> Image | Video | None:
    return None


def _no_media(_node: LexborNode) -> Video | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How to read one layout's body.

    base: the page's address; relative links are resolved against it.
    picture: what an `<img>` shows, or an `<svg>` with a background; None for decoration, which is left out.
    insert: what a comment placeholder (`IMG_0`, `VIDEO_1`) stands for; None for one that stands for nothing.
    media: what a player plays; None for nothing worth naming.  It is asked about every element of
    `scraper.markdown.elements.PLAYERS` (`iframe`, `video`, `mpvoice`, …) and of the selector `player`.
    player: CSS selector of further elements that are players (`div.videoPlayerWrap`); what they hold is left out.
    leave_out: CSS selector of elements that are the page's chrome, with all they hold.
    caption: CSS selector of elements beside `figcaption` that are the caption of the picture before them.
    code: CSS selector of block elements that hold program text beside `pre`.
    """

    base: str
    picture: Callable[[LexborNode], Image | None] = _no_picture
    insert: Callable[[str], Image | Video | None] = _no_insert
    media: Callable[[LexborNode], Video | None] = _no_media
    player: str = ""
    leave_out: str = ""
    caption: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body, written.  images and videos are in reading order, each once."""

    markdown: str
    images: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
