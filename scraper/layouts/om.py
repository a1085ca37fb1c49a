"""`page.om.qq.com/page/TOKEN`: articles of Penguin accounts, 2017 to today.  Pure.

Known by its address only: no page of this family stands in any collection we could read.  One program of 2021 reads
`#content .header .title` and `#content .article`.  Else it asks for the containers that qq.com's other templates use,
newest first, and says nothing rather than guess.
"""

import re

from selectolax.lexbor import LexborNode

from archive.article import Image
from scraper.layouts import rain
from scraper.layouts.embedded import player
from scraper.layouts.facts import beijing, first, first_headline, line, words
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover, shown
from scraper.markdown import Dialect, write
from scraper.page import Page

_AT_HOME = re.compile(r"https?://page\.om\.qq\.com/")
_BODIES = (
    "#article-content",
    ".article-content",
    ".content-article",
    "#article_content",
    ".article .content",
    "article",
    ".article",
    "#content",
)
_TIMES = ".article-time, .pubtime, .time, .date, time"
_OUTLETS = ".media-name, .article-author, .author, .source, .name"
_LEAVE_OUT = (
    "h1, .article-title, .article-info, .article-time, .media-info, .article-hd, .article-header"
)


def claims(page: Page) -> bool:
    at_home = any(_AT_HOME.match(address) for address in (page.url, *page.named))
    return at_home and not rain.claims(page) and not page.script_with("initData")


def parts(page: Page) -> Parts:
    meta = page.metas
    found = ((selector, page.tree.css_first(selector)) for selector in _BODIES)
    source, root = next(((selector, node) for selector, node in found if node), ("", None))
    headings = page.tree.css("h1, .article-title, #content .header .title")[:4]
    title = first_headline(*(node.text() for node in headings), meta.get("og:title"), page.title)
    return Parts(
        title=title,
        body=write(root, _dialect(page)) if root else None,
        source=source,
        addresses=rain.addresses(page, {}),
        published=beijing(meta.get("article:published_time")) or beijing(_text(page, _TIMES)),
        outlet=first(line(meta.get("article:author")), _text(page, _OUTLETS)),
        tags=words(meta.get("keywords"), but=title),
        summary=line(meta.get("description")),
        cover=cover(meta.get("og:image", "")),
    )


def _text(page: Page, selector: str) -> str:
    node = page.tree.css_first(selector)
    return line(node.text()) if node else ""


def _dialect(page: Page) -> Dialect:
    def picture(node: LexborNode) -> Image | None:
        return shown(node, page.url)

    return Dialect(
        base=page.url,
        picture=picture,
        media=player,
        leave_out=_LEAVE_OUT,
        caption="i.desc, p.caption, .image_desc",
    )
