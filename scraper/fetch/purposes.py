"""What a request is for, and what follows from it.  Pure.

    Purpose    page, list, picture or robots.txt: which hosts, which types, which headers
    Bounds     how large its answer may be, and how long it may take

The numbers are those of the settings; what is fixed stands here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

import httpx

from archive.capture import Headers
from scraper.fetch.settings import NetworkSettings


class Purpose(Enum):
    """What a request is for."""

    PAGE = "page"
    LIST = "list"
    PICTURE = "picture"
    ROBOTS = "robots.txt"


ROBOTS_SIZE: Final = 512 * 1024
"""As much of a robots.txt as RFC 9309 §2.5 asks to be read; ours is cut there and not refused."""

_TEXTS: Final = ("text/", "application/xhtml", "application/json", "application/xml")
_LISTS: Final = (
    *_TEXTS,
    "application/rss+xml",
    "application/atom+xml",
    "application/javascript",
    "application/x-javascript",
    "application/feed+json",
    "application/x-gzip",
    "application/gzip",
)

_ACCEPT: Final = {
    Purpose.PAGE: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    Purpose.LIST: "application/json,text/html;q=0.9,*/*;q=0.5",
    # Types that every reader shows come first, for the image hosts transcode to what is asked for.
    Purpose.PICTURE: "image/jpeg,image/png,image/gif;q=0.9,*/*;q=0.5",
    Purpose.ROBOTS: "text/plain,*/*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one answer may be.

    size: bytes after decompression.  time: seconds in all.  cut: of a larger one, the first `size` bytes are kept.
    """

    size: int
    time: float
    connect: float
    read: float
    slow_rate: int
    slow_time: float
    cut: bool = False


def bounds(purpose: Purpose, settings: NetworkSettings) -> Bounds:
    """How large and how slow an answer may be."""
    limits = settings.limits
    picture = purpose is Purpose.PICTURE
    size = limits.picture_size if picture else limits.page_size
    return Bounds(
        size=ROBOTS_SIZE if purpose is Purpose.ROBOTS else size,
        time=limits.picture_time if picture else limits.page_time,
        connect=limits.connect_time,
        read=limits.read_time,
        slow_rate=limits.slow_rate,
        slow_time=limits.slow_time,
        cut=purpose is Purpose.ROBOTS,
    )


def hosts(purpose: Purpose, settings: NetworkSettings) -> Iterable[str]:
    """The domains that may be asked for it."""
    match purpose:
        case Purpose.PICTURE:
            return settings.picture_hosts
        case Purpose.ROBOTS:
            return (*settings.hosts, *settings.picture_hosts)
    return settings.hosts


def welcome(purpose: Purpose, content_type: str | None) -> bool:
    """Whether an answer of this type can be what was asked for.  Pictures are judged by their bytes, later.

    >>> welcome(Purpose.PAGE, "video/mp4"), welcome(Purpose.PAGE, "text/html; charset=GBK")
    (False, True)
    """
    kind = (content_type or "").strip().lower()
    if not kind or purpose in (Purpose.PICTURE, Purpose.ROBOTS):
        return True
    return kind.startswith(_TEXTS if purpose is Purpose.PAGE else _LISTS)


def headers(
    purpose: Purpose,
    url: httpx.URL,
    settings: NetworkSettings,
    *,
    referer: str | None,
    more: Headers = (),
) -> Headers:
    """What every request for it says.  more: what this one says beside that, or instead of it."""
    said = {
        "User-Agent": settings.user_agent,
        "Accept": _ACCEPT[purpose],
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        "Accept-Encoding": "gzip",
    }
    if told := _referer(purpose, url, referer):
        said["Referer"] = told
    instead = {name.lower() for name, _ in more}
    return (*((name, value) for name, value in said.items() if name.lower() not in instead), *more)


def _referer(purpose: Purpose, url: httpx.URL, referer: str | None) -> str | None:
    """gtimg.com wants none; WeChat's image host shows a placeholder to whoever names another site than WeChat."""
    if purpose is Purpose.PICTURE and (url.host == "qpic.cn" or url.host.endswith(".qpic.cn")):
        return "https://mp.weixin.qq.com/"
    if not referer or _site(url.host) != _site(urlsplit(referer).hostname or ""):
        return None
    return referer


def _site(host: str) -> str:
    return ".".join(host.split(".")[-2:])
