"""`kuaibao.qq.com/s/ID`: pages of the reader app Tiantian Kuaibao (天天快报), 2017 and 2018.  Pure.

Known from four programs that read them; no saved page was at hand.  The body is `div.content-box` (`p.text`, `h2`), the
title `p.title`; outlet and time stand in `div.artinfo`, and a script tells `'title'` and `'src'` to whoever shares the
page.  A video's page has no body: its title is that of `article.video-art`, its video the `vid` of a script.  Later
pages have `initData` and are read by `scraper.layouts.inews`.
"""

import re

from selectolax.lexbor import LexborNode

from archive.article import Image
from scraper.layouts import captions, rain
from scraper.layouts.embedded import player, video
from scraper.layouts.facts import beijing, first_headline, line, text, words
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover, shown
from scraper.markdown import Body, Dialect, write
from scraper.page import Page

_AT_HOME = re.compile(r"https?://kuaibao\.qq\.com/")
_BODY = ".content-box"
_INFO = ".artinfo"
_VIDEO = "article.video-art"
_TITLES = f"p.title, {_VIDEO} h1, h1.video-title, .main-title"
_OUTLETS = f"{_INFO} .nickname, {_INFO} .author, .nickname, article.media-art h1, .media-name, h1.channel-name"
_TITLE = re.compile(r"[\"']title[\"']\s{0,3}:\s{0,3}(?=[\"'])")
_SOURCE = re.compile(r"[\"']src[\"']\s{0,3}:\s{0,3}(?=[\"'])")
_VID = re.compile(r"\bvid\s{0,3}=\s{0,3}[\"']\s{0,3}(\w{11})\b")


def claims(page: Page) -> bool:
    at_home = any(_AT_HOME.match(address) for address in (page.url, *page.named))
    if not page.tree.css_first(f"{_BODY}, {_VIDEO}" if at_home else f"{_INFO} + {_BODY}"):
        return False
    return not (page.script_with("initData") or page.script_with("cnt_html") or rain.claims(page))


def parts(page: Page) -> Parts:
    meta = page.metas
    root = page.tree.css_first(_BODY)
    title = first_headline(
        _text(page, _TITLES),
        page.json_after(_TITLE, "title"),
        meta.get("og:title"),
        page.title,
    )
    return Parts(
        title=title,
        body=_written(page, root) if root else _played(page),
        source=_BODY if root else _VIDEO,
        addresses=rain.addresses(page, {}),
        published=beijing(_text(page, f"{_INFO} .time")) or beijing(_text(page, ".time")),
        outlet=line(page.json_after(_SOURCE, "src")) or _text(page, _OUTLETS),
        tags=words(meta.get("keywords"), but=title),
        summary=line(meta.get("description")),
        cover=cover(text(meta.get("og:image"))),
    )


def _written(page: Page, root: LexborNode) -> Body:
    def picture(node: LexborNode) -> Image | None:
        return shown(node, page.url)

    captions.mark(root)
    dialect = Dialect(
        base=page.url,
        picture=picture,
        media=player,
        leave_out=f"{_INFO}, {_VIDEO}",
        caption=f"i.desc, .image_desc, {captions.MARKED}",
    )
    return write(root, dialect)


def _played(page: Page) -> Body | None:
    """The video of a page that has no body."""
    found = _VID.search(page.script_with("vid"))
    played = video({"vid": found[1]}) if found else None
    return Body(markdown="", videos=(played,)) if played else None


def _text(page: Page, selector: str) -> str:
    node = page.tree.css_first(selector)
    return line(node.text()) if node else ""
