"""Which picture an `<img>` or a drawing of a WeChat article shows.  Pure.

    picture(node)    the picture; None for the template's own icons

The page loads its pictures lazily: `src` is a placeholder (`data:image/svg+xml,…`), or the file a browser saved it
to.  `data-croporisrc` and `data-before-oversubscription-url` name what the author cropped the picture from, which
readers never saw.  Designers also lay a picture behind an empty `<svg>` whose `viewBox` is the picture's size, so that
it meets its neighbours without a gap; lower or narrower ones are ornaments.  What the addresses themselves mean stands
in `scraper.layouts.renditions`.
"""

import re

from selectolax.lexbor import LexborNode

from archive.article import Image
from scraper.layouts import renditions

_ADDRESSES = ("data-src", "data-original", "data-backsrc", "src")
_CHROME = ("//res.wx.qq.com/", "//mp.weixin.qq.com/", "//wx.qlogo.cn/")
_BEHIND = re.compile(
    r"background(?:-image)?\s{0,3}:[^;()]{0,60}url\(\s{0,3}[\"']?([^\"'()]{1,2000})"
)
_BOX = re.compile(r"\s*[\d.]+[\s,]+[\d.]+[\s,]+(\d+)[\d.]*[\s,]+(\d+)[\d.]*\s*")
_NARROWEST, _LOWEST = 200, 100


def picture(node: LexborNode) -> Image | None:
    """The picture an `<img>` shows; None for one without an address, and for the template's own icons."""
    attributes = node.attributes
    if node.tag == "svg":
        return _behind(attributes.get("style") or "", attributes.get("viewBox") or "")
    for name in _ADDRESSES:
        if address := renditions.web((attributes.get(name) or "").replace("&amp;", "&")):
            if any(mark in address for mark in _CHROME):
                return None
            return renditions.picture(renditions.native(address), alt=attributes.get("alt") or "")
    return None


def _behind(style: str, box: str) -> Image | None:
    """The picture behind a drawing."""
    size, found = _BOX.fullmatch(box[:80]), _BEHIND.search(style)
    if not size or not found or int(size[1]) < _NARROWEST or int(size[2]) < _LOWEST:
        return None
    return renditions.picture(renditions.native(renditions.web(found[1])))
