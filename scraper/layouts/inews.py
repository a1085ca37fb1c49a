"""`view.inews.qq.com/a/ID`, later `kuaibao.qq.com/s/ID`, and the app's own answers, 2015 to today.  Pure.

`window.__initData = {"content": {…}}` (2019), `window.initData` (2023 on, to phones) or the JSON answer as such: the
body is `content.cnt_html`, with comments where pictures and videos go; `content.cnt_attr` has them (`[]` when it is
empty).  Pages of 2026, and answers of the app since about 2016, have the body one level deeper, as `content.text`, and
the media beside it as `attribute`.  The answer to other pages' scripts (`getQQNewsNormalContent`) has both in
`ext_data`; one that was not asked for that, and an old one of the app, has its body as a list
(`scraper.layouts.listed`).
The elements of the page have hashed class names and are of no use.
"""

import re
from typing import Any

from archive.state import State
from scraper.layouts import embedded, listed
from scraper.layouts.facts import (
    first,
    headline,
    line,
    line_of,
    mapping,
    text,
    time_of,
    web_addresses,
    words,
)
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover
from scraper.markdown import Body, write
from scraper.page import Page
from scraper.script import value_at

_INIT = re.compile(r"(?:\bvar\s|window\.)(?:__)?initData\s{0,9}=\s{0,9}")
_BODIES = ("cnt_html", "cnt_attr", "cnt_article")
_CAPTION = "i.desc, .image_desc, p.caption"


def claims(page: Page) -> bool:
    if not page.bare and (not page.script_with("initData") or page.script_with("globalConfig")):
        return False
    return bool(_content(page))


def parts(page: Page) -> Parts:
    content = _content(page)
    card = mapping(content.get("cardInfo")) or mapping(content.get("card"))
    gone = text(content.get("del_flag")) == "1"
    body, source = _body(page, content)
    crops = mapping(content.get("imgurl_ext"))
    return Parts(
        title=first(headline(content.get("title")), headline(content.get("longtitle"))),
        body=body,
        source=source,
        state=State.GONE if gone else None,
        rule="content.del_flag is 1" if gone else "",
        id=line_of(content, "id", "article_id"),
        addresses=web_addresses(
            *(text(content.get(key)) for key in ("url", "link", "surl", "short_url"))
        ),
        published=time_of(
            content, "pub_time", "pubtime", "alt_time", "org_time", "time", "timestamp"
        ),
        outlet=line_of(content, "src", "source", "chlname") or line(card.get("chlname")),
        outlet_id=line_of(content, "media_id", "chlid") or line(card.get("chlid")),
        place=line(content.get("userAddress")),
        category=line_of(content, "catalog1", "category"),
        tags=words(content.get("tag")) or words(mapping(content.get("ext")).get("tags")),
        summary=line_of(content, "abstract", "desc"),
        cover=first(cover(text(crops.get("640360"))), cover(text(content.get("imgurl")))),
        comment_id=line_of(content, "cid", "comment_id"),
    )


def _content(page: Page) -> dict[str, Any]:
    """The object that has the article; empty when the page has none."""
    found = mapping(page.json_after(_INIT, "initData")) or _answer(page)
    wrapped = mapping(found.get("data"))
    for says in (mapping(found.get("content")), mapping(wrapped.get("content")), found):
        if any(name in says for name in _BODIES):
            return says
        inner = says.get("content")
        if isinstance(inner, list) and says is not found:
            return says
        if "text" in mapping(inner) and "title" in says:
            text_there = mapping(inner)["text"]
            return {**says, "cnt_html": text_there, "cnt_attr": says.get("attribute")}
    whole = {**found, **mapping(found.get("ext_data"))}
    return whole if "cnt_html" in whole or listed.is_body(whole.get("content")) else {}


def _answer(page: Page) -> dict[str, Any]:
    """An answer saved as such: JSON, JSONP, or an object in a script file."""
    start = page.beginning.find("{", 0, 1_000)
    if not page.bare or start < 0:
        return {}
    return mapping(value_at(page.text, start))


def _body(page: Page, content: dict[str, Any]) -> tuple[Body | None, str]:
    attributes = mapping(content.get("cnt_attr"))
    html, source = text(content.get("cnt_html")), "content.cnt_html"
    if not html.strip():
        html, attributes = listed.as_html(content.get("content"), attributes)
        source = "content.content"
    links = mapping(content.get("cms_orig_info"))
    root = embedded.root(html, links | attributes) if html.strip() else None
    if root is None:
        return None, ""
    dialect = embedded.dialect(attributes, base=page.url, caption=_CAPTION)
    return write(root, dialect), source
