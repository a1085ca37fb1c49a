"""The addresses under which the picture hosts keep one picture.  Pure.

    picture(*addresses)    the picture they show, its best rendition first; None for the page's chrome

`inews.gtimg.com/{om_bt,news_bt}/TOKEN/SIZE`: 641 and 1000 are widths, 0 is the original; a token begins with `O`
(still) or `G` (animation) and ends in `AA`.  Covers are crops, `TOKEN_640330/0`.  Until mid-2023 the path was
`newsapp_bt/0/DIGITS/1000`, with the original under `newsapp_match/0/DIGITS/0`.  `img1.gtimg.com/…_328x231.jpg` keeps
its original without `_328x231`.  `mmbiz.qpic.cn/BUCKET/TOKEN/SIZE?wx_fmt=png&tp=webp` is WeChat's: 0 is the original,
300 and 640 are widths, `wx_fmt` names the type and `tp=webp` asks for another one.  Seen in the bodies of pages of
2010 to 2026; that `/0` is the original is also what the Image Max URL project says.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from archive.article import Image
from scraper.layouts.facts import line

_SAYS_NOTHING = frozenset(
    {"", "图片", "图像", "image", "img", "picture", "photo", "undefined", "null"}
)
_CHROME = re.compile(
    r"(?://|\.)(?:mat1\.(?:gtimg|qq)|imgcache\.qq|ra\.gtimg|wa\.gtimg|js\.aq\.qq|pingjs\.qq|q\d?\.qlogo)\."
    r"|//thirdqq\.qlogo\.|/(?:ac|face|emoji|smiley)/[\w/]{0,40}\.gif|_200200/"
)
"""Addresses that show the site and never the news: templates, adverts, faces of users."""
_TOKEN = re.compile(
    r"/(?P<bucket>(?:om|news|sh_om|sh_news)_(?:bt|ls))/(?P<token>[\w-]{20,80}?)"
    r"(?P<crop>_\d{6}|_\d{2,4}x\d{2,4}s?)?(?:/(?P<size>\d{1,4}))?/?"
)
_DIGITS = re.compile(
    r"/(?P<bucket>(?:sh_)?newsapp_(?:bt|ls|match))/0/(?P<token>\d{6,16}(?:_\d{1,5}(?!\d))?)"
    r"(?P<crop>_\d{6}|_\d{2,4}x\d{2,4}s?)?(?:/(?P<size>\d{1,4}))?/?"
)
_MMBIZ = re.compile(r"/(?P<bucket>[a-z_]+)/(?P<token>[\w-]{16,200})(?:/(?P<size>\d{1,4}))?/?")
_SIZED = re.compile(
    r"(?P<stem>.{1,200})_\d{2,4}x\d{2,4}(?P<type>\.(?:jpe?g|png|gif))", re.IGNORECASE
)
_BREAKS = re.compile(r"[\t\r\n]+")
_WHOLE = re.compile(
    r"https://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9})(/[\w/.~%=&+,:!*@-]*)(?:\?([\w/.~%=&+,:!*@-]+))?",
    re.ASCII,
)
"""An address as nearly all are: absolute, and nothing in it to be made otherwise."""
_UNSAFE = re.compile(r"[\x00-\x20<>\"`{}|\\^\x7f]")
"""What no address may have as such; browsers pass over the first and encode the second."""
_BYTES = re.compile(r"urn:sha256:[0-9a-f]{64}")
"""The name of a picture that stood in the page and has no address (`scraper.inlined`)."""
_ALSO_HTTPS = ("gtimg.com", "qpic.cn", "qq.com", "qlogo.cn")
"""Hosts that answer on https as well; old pages name them by http."""


def web(address: str, base: str = "") -> str:
    """An absolute http(s) address, or the name of bytes; empty for anything else (`data:`, a script, nonsense).

    >>> web("//inews.gtimg.com/newsapp_bt/0/1/1000")
    'https://inews.gtimg.com/newsapp_bt/0/1/1000'
    """
    address = _BREAKS.sub("", address).strip()
    if not address or len(address) > 2048:
        return ""
    if address.startswith("//"):
        address = "https:" + address
    if _WHOLE.fullmatch(address):
        return address
    try:
        absolute = urljoin(base, address) if base else address
        parts = urlsplit(absolute)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "." not in host:
        return address if _BYTES.fullmatch(address) else ""
    if parts.scheme == "http" and host.endswith(_ALSO_HTTPS):
        absolute = "https" + absolute[4:]
    return _UNSAFE.sub(lambda char: f"%{ord(char[0]):02X}", absolute)


def picture(*addresses: str, base: str = "", alt: str = "", caption: str = "") -> Image | None:
    """The picture that all of the addresses show; the first of them is the one the page itself shows.

    >>> picture("//inews.gtimg.com/newsapp_bt/0/12844449145/1000").renditions[0]
    'https://inews.gtimg.com/newsapp_match/0/12844449145/0'
    """
    named = [found for address in addresses if (found := web(address, base))]
    if not named or is_chrome(named[0]):
        return None
    alt = line(alt)
    return Image(
        url=named[0],
        renditions=tuple(dict.fromkeys((*best_of(named), *named))),
        key=key_of(named[0]),
        alt="" if alt.lower() in _SAYS_NOTHING else alt,
        caption=line(caption),
    )


def is_chrome(address: str) -> bool:
    """Whether what stands at an address belongs to the site and not to the news."""
    return _CHROME.search(address) is not None


def best_of(addresses: Iterable[str]) -> list[str]:
    """The originals that the hosts' grammar promises for these renditions."""
    return [best for address in addresses if (best := _best(address))]


def native(address: str) -> str:
    """A picture of WeChat's host in the type it was uploaded in: nothing in its query but `wx_fmt`.

    >>> native("https://mmbiz.qpic.cn/mmbiz_png/AbCdEfGhIjKlMnOpQr/640?wx_fmt=png&tp=webp&wxfrom=5")
    'https://mmbiz.qpic.cn/mmbiz_png/AbCdEfGhIjKlMnOpQr/640?wx_fmt=png'
    """
    host, path, query = _split(address)
    if not host.endswith("qpic.cn") or not _MMBIZ.fullmatch(path):
        return address
    # `wx_fmt=jpegwebp` was met in 2019.
    named = re.search(r"(?:^|[&;])wx_fmt=(jpeg|jpg|png|gif|webp|bmp|svg|other)", query)
    asked = f"wx_fmt={named[1]}" if named else ""
    return f"https://{host}{path}" + (f"?{asked}" if asked else "")


@lru_cache(maxsize=256)
def _split(address: str) -> tuple[str, str, str]:
    """Host, path and query; of one picture they are asked for three times."""
    if whole := _WHOLE.fullmatch(address):
        return whole[1], whole[2], whole[3] or ""
    parts = urlsplit(address)
    return parts.hostname or "", parts.path, parts.query


def _best(address: str) -> str:
    host, path, _ = _split(address)
    if host.endswith("gtimg.com"):
        if found := _TOKEN.fullmatch(path):
            return f"https://{host}/{found['bucket']}/{found['token']}/0"
        if found := _DIGITS.fullmatch(path):
            bucket = found["bucket"]
            if bucket == "newsapp_bt" and "_" not in found["token"]:
                bucket = "newsapp_match"
            return f"https://{host}/{bucket}/0/{found['token']}/0"
        if found := _SIZED.fullmatch(address):
            return found["stem"] + found["type"]
    if host.endswith("qpic.cn") and (found := _MMBIZ.fullmatch(path)):
        asked = native(address).partition("?")
        return f"https://{host}/{found['bucket']}/{found['token']}/0{asked[1]}{asked[2]}"
    return ""


def key_of(address: str) -> str:
    """What all renditions of a picture share: the host's token, or the address without its query.

    >>> key_of("https://inews.gtimg.com/om_bt/OabcdefghijklmnopqrstuvwxyzAA/641")
    'OabcdefghijklmnopqrstuvwxyzAA'
    """
    host, path, _ = _split(address)
    if host.endswith("gtimg.com"):
        if found := _TOKEN.fullmatch(path) or _DIGITS.fullmatch(path):
            return found["token"]
        if found := _SIZED.fullmatch(address):
            return (found["stem"] + found["type"]).partition("://")[2]
    if host.endswith(("qpic.cn", "qlogo.cn")) and (found := _MMBIZ.fullmatch(path)):
        return found["token"]
    # A query that chooses the picture (`?id=7`) must stay; one that describes it may.
    return address.partition("://")[2] or address


def cover(address: str) -> str:
    """A cover's address, absolute; empty when it is none."""
    return web(address) if address and not is_chrome(address) else ""


def shown(node: LexborNode, base: str) -> Image | None:
    """What an `<img>` of a qq.com body shows; None for chrome, spacers, and pictures marked as QR codes.

    Only `img` is ever asked: bodies brought over from WeChat leave `data-src` on their captions' `span`s.
    """
    attributes = node.attributes
    if attributes.get("isqrcode") == "1" or "qrcode" in (attributes.get("class") or ""):
        return None
    if _is_thin(attributes.get("width")) or _is_thin(attributes.get("height")):
        return None
    named = (attributes.get(name) or "" for name in ("data-src", "data-original", "src"))
    whole = (one for one in named if one and not one.startswith(("data:", "blob:")))
    address = next(whole, "")
    return picture(address, base=base, alt=attributes.get("alt") or "") if address else None


def _is_thin(length: str | None) -> bool:
    """Whether a width or a height is that of a spacer."""
    return (length or "").rstrip("px") in ("0", "1", "2")
