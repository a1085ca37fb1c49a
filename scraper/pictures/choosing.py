"""Which addresses to try for a picture, and which pictures are not the article's own.  Pure."""

from collections.abc import Mapping
from hashlib import sha256

from archive.article import Image


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
