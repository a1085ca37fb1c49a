"""Which picture an `<img>` shows on a page whose layout nobody has written.  Pure.

    picture(node)    the picture; None for icons, spacers and placeholders

Pages load a picture when it comes into view, and keep its address elsewhere until then.  Which addresses show the same
picture stands in `scraper.layouts.renditions`.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from archive.article import Image
from scraper.layouts import renditions

_KEPT_IN = (
    "data-src", "data-original", "data-lazy-src", "data-lazyload", "data-actualsrc", "data-echo", "data-url",
    "data-original-src", "original", "real_src", "zoomfile", "file",
)  # fmt: skip
"""Until it is loaded; the last three are those of Sina's blogs and of forums made with Discuz."""
_SMALLEST = 40
"""Pixels below which a picture is an icon."""
_BETWEEN = re.compile(r"(?<=\d[wx]),|,\s")
"""What parts the candidates of a `srcset`; an address may hold commas."""
_PROMISED = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)[wx]")
_MOST_SOURCES = 10


def picture(node: LexborNode, base: str) -> Image | None:
    """What an `<img>` shows."""
    attributes = node.attributes
    for side in ("width", "height"):
        size = (attributes.get(side) or "").removesuffix("px")
        if size.isdecimal() and len(size) < 6 and int(size) < _SMALLEST:
            return None
    for named in _addresses(node):
        address = named.strip()
        if not address.startswith(("data:", "blob:")) and renditions.web(address, base):
            return renditions.picture(address, base=base, alt=attributes.get("alt") or "")
    return None


def _addresses(node: LexborNode) -> Iterator[str]:
    """Where the picture may be, the surest first."""
    attributes = node.attributes
    yield from (attributes.get(name) or "" for name in _KEPT_IN)
    yield _largest(attributes.get("data-srcset") or "")
    yield attributes.get("src") or ""
    yield _largest(attributes.get("srcset") or "")
    around = node.parent
    if around and around.tag == "picture":
        for source in around.css("source")[:_MOST_SOURCES]:
            yield _largest(
                source.attributes.get("srcset") or source.attributes.get("data-srcset") or ""
            )


def _largest(candidates: str) -> str:
    """The address in a `srcset` that promises most.

    >>> _largest("/small.jpg 320w, /large.jpg 1280w"), _largest("/only.jpg")
    ('/large.jpg', '/only.jpg')
    """
    found = [one.split() for one in _BETWEEN.split(candidates[:20_000])]
    promised = {
        words[0]: float(said[1]) if (said := _PROMISED.fullmatch(words[-1])) else 1.0
        for words in found
        if words
    }
    return max(promised, key=lambda address: promised[address], default="").rstrip(",")
