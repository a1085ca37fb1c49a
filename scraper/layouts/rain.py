"""`news.qq.com/rain/a/ID`, April 2024 to today: the body comes as data, and sometimes as elements too.  Pure.

`window.DATA` is JSON with every fact; `originContent.text` is the body, with comments where its pictures go
(`originAttribute` has them).  From April to November 2024 the server sent no body elements; since 2025 it mostly
sends both.  So the data is read first, and the elements second, or where the data lacks pictures that they show.  An
empty `#article-content` with no data to fill it is the shell of a locked column.  view.inews.qq.com answers a desktop
browser with the same page.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborNode

from archive.state import State
from scraper.layouts import captions, embedded
from scraper.layouts.facts import (
    beijing,
    first,
    headline,
    line,
    line_of,
    mapping,
    text,
    web_addresses,
    words,
)
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover
from scraper.markdown import Body, Dialect, write
from scraper.page import Page

_BODIES = (
    "#article-content .rich_media_content",
    "#article-content",
    "#ArticleContent .article-content-wrap",
    "#ArticleContent",
    ".rich_media_content",
    ".content-article",
)
_LEAVE_OUT = (
    ".article-top-content, .ac-ask-ai, .image-carousel, #ArticleColumnTag, #article-column-tag, #Status,"
    " #article-status, .article-status, #ArticleAuthor, #article-author, #relate-question, #ArticleBottom,"
    " #article-title, .content-article > h1"
)
_CAPTION = "figcaption, p.caption, span[data-img-desc-token], i.desc, .image_desc, .img-desc, .content-pic-desc"
_MEANT = ("strong", "em", "h1", "h2", "h3", "h4", "blockquote")
"""`<span class="qnt-strong">` and `<div class="qnt-h2">`: what the newest elements say by class instead of by tag."""
_MOST_VIDEOS = 100
_PLACE = re.compile(r"发布于\s{0,3}(\S{2,20})")


def claims(page: Page) -> bool:
    # To a page without a doctype `#ArticleContent` is `#articleContent` too, where dajia.qq.com has its text.
    elements = '#article-content, [id="ArticleContent"], body > .rich_media_content'
    if "originContent" not in page.window_data and not page.tree.css_first(elements):
        return False
    return page.tree.css_first("#js_content") is None


def parts(page: Page) -> Parts:
    says = page.window_data
    body, source = _body(page, says)
    state, rule = _kind(says, body)
    body = _with_all_videos(body, says)
    card = mapping(says.get("card"))
    meta = page.metas
    title = (
        headline(says.get("title"))
        or headline(meta.get("og:title"))
        or _heading(page)
        or headline(page.title)
    )
    return Parts(
        title=title,
        body=body,
        source=source,
        state=state,
        rule=rule,
        id=own_id(page, says),
        addresses=addresses(page, says),
        published=beijing(says.get("pubtime"))
        or beijing(meta.get("article:published_time"))
        or _time(page),
        updated=beijing(meta.get("article:modified_time")),
        outlet=line(says.get("media"))
        or line(card.get("chlname"))
        or line(meta.get("article:author"))
        or _medium(page),
        outlet_id=first(line(says.get("media_id")), line(card.get("chlid"))),
        place=line(says.get("userAddress")) or _place(page),
        category=first(line(says.get("catalog1")), line(meta.get("category"))),
        tags=words(says.get("tags")) or words(meta.get("keywords"), but=title),
        summary=line_of(says, "desc", "abstract", "introduction") or line(meta.get("description")),
        cover=first(cover(meta.get("og:image", "")), cover(text(says.get("shareImg")))),
        comment_id=line(says.get("comment_id")),
        statement=statement(page),
        declarations=_declarations(says),
    )


def own_id(page: Page, says: dict[str, Any]) -> str:
    """The id the page gives itself; a question's answer has two, and the one in its address is its own."""
    ids = [line(says.get(key)) for key in ("cms_id", "cmsId", "article_id")]
    return next((one for one in ids if one and one in page.url), first(*ids))


def addresses(page: Page, says: dict[str, Any]) -> tuple[str, ...]:
    """The addresses by which the page names itself."""
    return web_addresses(*page.named, text(says.get("url")))


def statement(page: Page) -> str:
    """The source statement below the body (免责声明), which scripts fill in: only saved pages have it."""
    node = page.tree.css_first(".article-status .statement")
    return line(node.text().replace("举报", "")) if node else ""


def _body(page: Page, says: dict[str, Any]) -> tuple[Body | None, str]:
    """The body, from the data; from the elements where the data has none, or not the pictures that these show."""
    attributes = mapping(says.get("originAttribute"))
    html = text(mapping(says.get("originContent")).get("text"))
    dialect = embedded.dialect(attributes, base=page.url, leave_out=_LEAVE_OUT, caption=_CAPTION)
    known = mapping(says.get("cms_orig_info")) | attributes
    root = embedded.root(html, known) if html.strip() else None
    told = write(root, dialect) if root else Body(markdown="")
    if told.markdown and embedded.is_complete(html, attributes):
        return told, "originContent.text"
    shown, selector = _of_elements(page, dialect)
    if told.markdown and not (shown and _shows_more(shown, told)):
        return told, "originContent.text"
    return shown, selector


def _of_elements(page: Page, dialect: Dialect) -> tuple[Body | None, str]:
    for selector in _BODIES:
        if node := page.tree.css_first(selector):
            _spell_out(node)
            captions.mark(node)
            return write(node, dialect), selector
    return None, ""


def _shows_more(shown: Body, told: Body) -> bool:
    """Whether one body has pictures that another lacks, and no fewer words."""
    return len(shown.images) > len(told.images) and len(shown.markdown) > len(told.markdown)


def _spell_out(root: LexborNode) -> None:
    """Give elements that mean a tag by their class that tag, inside themselves."""
    named = root.css(", ".join(f".qnt-{name}" for name in _MEANT))
    # From the last to the first, so that what stands inside another is done before that is written anew.
    for node in reversed(named[:2_000]):
        kind = _meant(node)
        if kind and kind != (_meant(node.parent) if node.parent else ""):
            node.inner_html = f"<{kind}>{node.inner_html}</{kind}>"


def _meant(node: LexborNode) -> str:
    """The tag that an element means by its class; empty for none."""
    words = (node.attributes.get("class") or "").split()
    return next((word[4:] for word in words if word[:4] == "qnt-" and word[4:] in _MEANT), "")


_VIDEOS = frozenset({"4", "56", "118"})
_GALLERIES = frozenset({"1"})
_TOPICS = frozenset({"100"})
"""What `article_type` may say; 0 is an ordinary article, and the only one that always has a body."""


def _kind(says: dict[str, Any], body: Body | None) -> tuple[State | None, str]:
    """What the page's data says it is, where that is no plain article.

    A column for subscribers has its flags set, and what stands on the page is a taste at most.
    """
    empty = body is None or not body.markdown
    column = mapping(says.get("payment_column_info_v1"))
    for name, sign in (
        ("article_is_pay", says.get("article_is_pay")),
        ("payment_column_info_v1.is_column_pay", column.get("is_column_pay")),
    ):
        if sign in (True, 1, "1"):
            return State.PAYWALLED, f"{name} is set" + (", and there is no body" if empty else "")
    kind = first(text(says.get("article_type")), text(says.get("atype")))
    if empty:
        for kinds, state in (
            (_VIDEOS, State.VIDEO),
            (_GALLERIES, State.GALLERY),
            (_TOPICS, State.TOPIC),
        ):
            if kind in kinds:
                return state, f"article_type is {kind}, and there is no body"
    return None, ""


def _with_all_videos(body: Body | None, says: dict[str, Any]) -> Body | None:
    """The body with the videos that the data names but the text does not place."""
    listed = says.get("videoArr")
    placed = [
        value
        for name, value in mapping(says.get("originAttribute")).items()
        if name.startswith("VIDEO_")
    ]
    named = [*placed, *(listed if isinstance(listed, list) else [])][:_MOST_VIDEOS]
    found = {show.key: show for one in named if (show := embedded.video(mapping(one)))}
    if not found:
        return body
    body = body or Body(markdown="")
    known = {show.key for show in body.videos}
    return replace(body, videos=(*body.videos, *(found[key] for key in found if key not in known)))


def _declarations(says: dict[str, Any]) -> tuple[str, ...]:
    """What the author had to declare: `selfDeclare.declare` is a line, `final_declarations` a list."""
    found = [line(mapping(says.get("selfDeclare")).get("declare"))]
    more = says.get("final_declarations")
    for item in more if isinstance(more, list) else [more]:
        says_item = mapping(item)
        found.append(line(item) or line_of(says_item, "declare", "desc", "text"))
    return tuple(dict.fromkeys(filter(None, found)))


def _heading(page: Page) -> str:
    node = page.tree.css_first("#article-title, .content-article > h1, .LEFT h1")
    return headline(node.text()) if node else ""


def _medium(page: Page) -> str:
    node = page.tree.css_first("#article-author .media-name")
    return line(node.text()) if node else ""


def _time(page: Page) -> datetime | None:
    node = page.tree.css_first("#article-author .media-meta")
    return beijing(node.text()) if node else None


def _place(page: Page) -> str:
    node = page.tree.css_first("#article-author .media-meta")
    found = _PLACE.search(line(node.text(separator=" "))) if node else None
    return found[1] if found else ""
