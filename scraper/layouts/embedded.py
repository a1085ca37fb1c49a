"""Bodies that come as a string of HTML with comments for pictures, videos and structure.  Pure.

    root(html)              the body as a tree
    is_complete(html)       whether all of its pictures are known
    inserts(attributes)     what `IMG_0`, `VIDEO_1` … stand for
    dialect(attributes)     how such a body is written

`window.DATA.originContent.text` (2024 on), `cnt_html` of the app and of view.inews.qq.com (since 2016).  The
placeholders met: `IMG_n`, `VIDEO_n` and `AUDIO_n` stand for media, `MOBVIDEONEWS_n` for an album of videos; `EOP_n`,
`PARAGRAPH_n`, `AIPOS_n`, `AI_MID_AD_n` and the two ends of `SECURE_LINK`, `VERTICAL_CARD`, `TRUTH` stand for nothing a
reader sees; `LINK_n` and its kin, `LIST_n` and `MOBARTEND_n` stand for words; `H1`, `SPLITLINE`, `TIMELINE` and their
kin are structure.  Words and structure become elements here.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.article import Image, Video
from scraper.layouts import captions
from scraper.layouts.facts import first, line, mapping, seconds, text
from scraper.layouts.renditions import cover, is_chrome, picture, shown, web
from scraper.markdown import Dialect

LONGEST = 3 * 1024 * 1024
"""Characters of HTML a body may have."""

_STRUCTURE = re.compile(
    r"<!--\s{0,4}(/?)(H[1-6]|LIST|LI|SPLITLINE|TIMELINE|TIME|EVENT|TRUTH_BEGIN|TRUTH_END)(?:_\d{1,4})?"
    r"(?:_(BEGIN|END))?\s{0,4}-->"
)
_ELEMENTS = {"LIST": "ul", "LI": "li", "TIMELINE": "div", "TIME": "h4", "EVENT": "div"}
_WORDS = re.compile(r"<!--\s{0,4}(((?:WX|OUTER)?LINK|MOBARTEND|LIST)_\d{1,4})\s{0,4}-->")
_ALBUM = re.compile(r"<!--\s{0,4}(MOBVIDEONEWS_\d{1,4})\s{0,4}-->")
_LARGEST_ALBUM = 100
_PICTURE = re.compile(r"<!--\s{0,4}(IMG_\d{1,4})\s{0,4}-->")
_INSERT = "data-insert"
"""A picture's place becomes an element, so that what stands after it can be asked whether it is a caption."""


def root(html: str, attributes: dict[str, Any] | None = None) -> LexborNode | None:
    """The body as a tree, its structural comments made elements; None when there is nothing in it.

    attributes: what links, lists and end notes among the placeholders say, and how many videos an album has.
    """
    if "<!--" in html:
        said = mapping(attributes)
        html = _WORDS.sub(_once(said, _words), html[:LONGEST])
        html = _ALBUM.sub(_once(said, _album), html)
        html = _STRUCTURE.sub(_element, html)
        html = _PICTURE.sub(rf'<img {_INSERT}="\1">', html)
    source = f"<!doctype html><body>{html[:LONGEST]}".encode("utf-8", "replace")
    body = LexborHTMLParser(source, scripting=True).body
    if body:
        captions.mark(body)
    return body


def _once(
    attributes: dict[str, Any], write: Callable[[Any, re.Match[str]], str]
) -> Callable[[re.Match[str]], str]:
    """What to put in a placeholder's place: its words, where it stands first; a page of 1 MB shall not become 1 GB."""
    seen: set[str] = set()

    def put(found: re.Match[str]) -> str:
        if found[1] in seen:
            return ""
        seen.add(found[1])
        return write(attributes.get(found[1]), found)

    return put


def is_complete(html: str, attributes: dict[str, Any]) -> bool:
    """Whether the media map has all of the pictures that a body has a place for."""
    return all(mapping(attributes.get(name)) for name in _PICTURE.findall(html))


def _element(found: re.Match[str]) -> str:
    """`<!--H1-->` … `<!--/H1-->` → `<h2>` … `</h2>`: the page's title is the only heading of the first rank."""
    closing = found[1] or found[3] == "END"
    name = found[2]
    if name == "SPLITLINE":
        return "<hr>"
    if name.startswith("TRUTH"):
        return ""
    tag = _ELEMENTS.get(name) or f"h{min(int(name[1]) + 1, 6)}"
    return f"</{tag}>" if closing else f"<{tag}>"


def _words(value: Any, found: re.Match[str]) -> str:
    """What a link (`LINK_0`, `WXLINK_0`, `OUTERLINK_0`), an end note (`MOBARTEND_0`) or a list (`LIST_0`) says.

    A link's words and address stand in its `cms_orig_info`; a list without words is one whose items follow it.
    """
    kind = found[2]
    if kind == "LIST":
        return _list(value) or found[0]
    says = mapping(value)
    original = mapping(says.get("cms_orig_info"))
    words = first(
        line(original.get("desc")) if kind == "LINK" else "",
        *(line(told.get(key)) for key in ("title", "text", "desc") for told in (original, says)),
    )
    if not words:
        return ""
    if kind == "MOBARTEND":
        rest = line(says.get("desc"))
        return f"<p>{_safe(words)}</p>" + (
            f"<p>{_safe(rest)}</p>" if rest not in ("", words) else ""
        )
    named = (text(told.get(key)) for key in ("url", "link") for told in (original, says))
    address = cover(first(*named))
    return f'<a href="{_safe(address)}">{_safe(words)}</a>' if address else _safe(words)


def _list(value: Any) -> str:
    """The items of a list, which are lines or objects that have one; empty when it has none."""
    items = value if isinstance(value, list) else mapping(value).get("list")
    told = (
        first(line(item), *(line(mapping(item).get(key)) for key in ("desc", "text", "title")))
        for item in (items if isinstance(items, list) else ())
    )
    lines = "".join(f"<li>{_safe(words)}</li>" for words in told if words)
    return f"<ul>{lines}</ul>" if lines else ""


def _album(value: Any, found: re.Match[str]) -> str:
    """An album becomes a placeholder for each of its videos: `MOBVIDEONEWS_0 2` is the third."""
    name, listed = found[1], mapping(value).get("videolist")
    if not isinstance(listed, list):
        return f"<!--{name}-->"
    return "".join(f"<!--{name} {number}-->" for number in range(min(len(listed), _LARGEST_ALBUM)))


def _safe(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


_UNSEEN = "p.qqnews-content, span.qqnews-content"
"""Words that watermark a text: the site's style sheet makes them transparent and of size 0."""

Insert = Image | Video | None


def inserts(attributes: dict[str, Any], *, base: str) -> Callable[[str], Insert]:
    """What a placeholder's name stands for, as a function for `Dialect.insert`."""

    @cache  # a page may name one picture a thousand times
    def insert(name: str) -> Insert:
        name, _, number = name.strip().partition(" ")
        says = mapping(attributes.get(name))
        if number:
            return _video_of_album(says, number)
        if not says:
            return None
        if name.startswith("IMG_"):
            return still(says, base=base)
        if name.startswith(("VIDEO_", "MOBVIDEO", "AUDIO_")):
            return video(says, kind="audio" if name.startswith("AUDIO_") else "video")
        return None

    return insert


def _video_of_album(says: dict[str, Any], number: str) -> Video | None:
    listed = says.get("videolist")
    if not isinstance(listed, list) or not number.isdecimal() or int(number) >= len(listed):
        return None
    item = mapping(listed[int(number)])
    return video({"duration": item.get("timelen"), **mapping(item.get("video"))})


def dialect(
    attributes: dict[str, Any], *, base: str, leave_out: str = "", caption: str = ""
) -> Dialect:
    """How a body from `root`, or one the server wrote out, is written."""
    insert = inserts(attributes, base=base)

    @cache
    def captions_told() -> dict[str, str]:
        found = (insert(name) for name in attributes if name.startswith("IMG_"))
        return {one.key: one.caption for one in found if isinstance(one, Image) and one.caption}

    def picture(node: LexborNode) -> Image | None:
        if name := node.attributes.get(_INSERT):
            found = insert(name)
            return found if isinstance(found, Image) else None
        image = shown(node, base)
        told = captions_told().get(image.key) if image else None
        return replace(image, caption=told) if image and told else image

    return Dialect(
        base=base,
        picture=picture,
        insert=insert,
        media=player,
        leave_out=f"{leave_out}, {_UNSEEN}" if leave_out else _UNSEEN,
        caption=f"{caption}, {captions.MARKED}" if caption else captions.MARKED,
    )


_BEST_FIRST = (
    "imgurl0",
    "bigOrigUrl",
    "imgurl1000",
    "origUrl",
    "imgurl641",
    "imgurl640",
    "imgurl",
    "url",
    "compressUrl",
    "img",
)
_AS_SHOWN = ("url", "origUrl", "imgurl641", "imgurl1000", "imgurl640", "imgurl", "imgurl0", "img")
_MOVING = ("gifUrl", "imgurlgif")


def still(says: dict[str, Any], *, base: str) -> Image | None:
    """A picture of the media map; an animation's `bigOrigUrl` is a still, so its `gifUrl` goes first.

    None for a picture marked as a QR code (`isqrcode`), which is an advert for an account.
    """
    if text(says.get("isqrcode")) == "1":
        return None
    sizes = {**says, **mapping(says.get("img"))}
    named = {
        name: address
        for name in (*_MOVING, *_BEST_FIRST)
        if (value := sizes.get(name)) and (address := _address(value))
    }
    moving = [named[name] for name in _MOVING if name in named]
    if not moving and (text(says.get("isGif")) == "1" or text(says.get("itype")) == "1"):
        moving = [named["imgurl0"]] if "imgurl0" in named else []
    page_shows = first(*moving, *(named.get(name, "") for name in _AS_SHOWN))
    found = picture(page_shows, base=base, caption=line(says.get("desc")))
    if not found:
        return None
    # Every rendition the page names is known to exist; `/0` is only promised by the host's grammar.
    best = () if moving else dict.fromkeys(named[name] for name in _BEST_FIRST if name in named)
    ranked = [other for address in best if (other := web(address, base)) and not is_chrome(other)]
    ranked += found.renditions
    ranked.sort(key=lambda address: not address.endswith("/0"))
    return replace(found, renditions=tuple(dict.fromkeys((*ranked, found.url))))


def _address(value: Any) -> str:
    """An address, whether written as such or as `{"imgurl": …}`."""
    return text(mapping(value).get("imgurl")) if isinstance(value, dict) else text(value)


_VID = re.compile(
    r"(?:^|[?&;])vid=(\w{6,64})|/(?:page|cover)/(?:[\w/]{0,40}/)?(\w{11})\.html"
    r"|vid\s{0,4}[:=]\s{0,4}[\"'](\w{11})"
)
_MOST_PARTS = 20
_TELL = ("src", "data-src", "value", "flashvars", "data")
"""The attributes of a player, and of what stands in it, that may name its video."""
_OURS = ("qq.com", "gtimg.c")
"""What the address of a player of Tencent's has; other sites number their videos as well."""


def player(node: LexborNode) -> Video | None:
    """What an `iframe`, `embed` or `object` of v.qq.com plays; None for adverts and for other sites' players."""
    if "display:none" in (node.attributes.get("style") or "").replace(" ", ""):
        return None
    parts = (node, *node.css("param, embed")[:_MOST_PARTS])
    told = [(part.attributes.get(name) or "")[:2_000] for part in parts for name in _TELL]
    if not any(host in address for address in told for host in _OURS):
        return None
    found = next(filter(None, map(_VID.search, told)), None)
    return video({"vid": found[found.lastindex or 0]}) if found else None


def video(says: dict[str, Any], *, kind: str = "video") -> Video | None:
    """A video of the media map or of `videoArr`; its page on v.qq.com is a function of its key.

    A recording has no page there; where the map names no address of it, it has none.
    """
    key = line(says.get("vid")) or line(says.get("playid"))
    if not re.fullmatch(r"[\w-]{4,64}", key):
        return None
    sizes = mapping(says.get("img"))
    still = _address(says.get("img")) if not sizes else ""
    shown = first(
        still, *(_address(sizes.get(name)) for name in ("imgurl1000", "imgurl640", "imgurl"))
    )
    return Video(
        key=key,
        url=f"https://v.qq.com/x/page/{key}.html"
        if kind == "video"
        else first(*(web(text(says.get(name))) for name in ("playurl", "url"))),
        title=first(line(says.get("title")), line(says.get("desc"))).removeprefix("视频："),
        cover=cover(first(shown, text(says.get("pic")), text(says.get("cover")))),
        duration=seconds(says.get("duration")),
        kind=kind,
    )
