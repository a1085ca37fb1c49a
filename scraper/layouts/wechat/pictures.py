"""Which picture an `<img>` of a WeChat article shows.  Pure.

    picture(node)    the picture; None for the template's own icons

The page loads its pictures lazily: `src` is a placeholder (`data:image/svg+xml,…`), or the file a browser saved it
to.  `data-croporisrc` and `data-before-oversubscription-url` name what the author cropped the picture from, which
readers never saw.  What the addresses themselves mean stands in `scraper.layouts.renditions`.
"""

from selectolax.lexbor import LexborNode

from archive.article import Image
from scraper.layouts import renditions

_ADDRESSES = ("data-src", "data-original", "data-backsrc", "src")
_CHROME = ("//res.wx.qq.com/", "//mp.weixin.qq.com/", "//wx.qlogo.cn/")


def picture(node: LexborNode) -> Image | None:
    """The picture an `<img>` shows; None for one without an address, and for the template's own icons."""
    attributes = node.attributes
    for name in _ADDRESSES:
        if address := renditions.web((attributes.get(name) or "").replace("&amp;", "&")):
            if any(mark in address for mark in _CHROME):
                return None
            return renditions.picture(renditions.native(address), alt=attributes.get("alt") or "")
    return None
