"""`view.inews.qq.com/a/ID`, `kuaibao.qq.com/s/ID` and the app's own answers, 2015 to today.  Pure.

`window.__initData = {"content": {…}}` (2019), `window.initData` (2023 on, to phones) or the JSON answer as such: the
body is `content.cnt_html`, with comments where pictures and videos go; `content.cnt_attr` has them (`[]` when it is
empty).  Pages of 2026, and answers of the app since about 2016, have the body one level deeper, as `content.text`, and
the media beside it as `attribute`.  The answer to other pages' scripts (`getQQNewsNormalContent`) has both in
`ext_data`.  An old answer without any lists its body in `content.content`: `{"type": "cnt_article", "desc": …}`,
`{"type": "img_url", …}`.
The elements of the page have hashed class names and are of no use.
"""

import re
from html import escape
from typing import Any

from archive.state import State
from scraper.layouts import embedded
from scraper.layouts.facts import beijing, first, headline, line, mapping, text, words
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover
from scraper.markdown import Body, write
from scraper.page import Page
from scraper.script import value_at

_INIT = re.compile(r"window\.(?:__)?initData\s{0,9}=\s{0,9}")
_BODIES = ("cnt_html", "cnt_attr", "cnt_article")
_ADDRESSES = ("img_url", "img_url_wifi", "img", "url")
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
        id=first(line(content.get("id")), line(content.get("article_id"))),
        addresses=_addresses(content),
        published=next(
            (
                when
                for key in ("pub_time", "pubtime", "alt_time", "org_time", "time", "timestamp")
                if (when := beijing(content.get(key)))
            ),
            None,
        ),
        outlet=first(
            *(line(content.get(key)) for key in ("src", "source", "chlname")),
            line(card.get("chlname")),
        ),
        outlet_id=first(
            line(content.get("media_id")), line(content.get("chlid")), line(card.get("chlid"))
        ),
        place=line(content.get("userAddress")),
        category=first(line(content.get("catalog1")), line(content.get("category"))),
        tags=words(content.get("tag")) or words(mapping(content.get("ext")).get("tags")),
        summary=first(line(content.get("abstract")), line(content.get("desc"))),
        cover=first(cover(text(crops.get("640360"))), cover(text(content.get("imgurl")))),
        comment_id=first(line(content.get("cid")), line(content.get("comment_id"))),
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
    extended = mapping(found.get("ext_data"))
    return {**found, **extended} if "cnt_html" in extended else {}


def _answer(page: Page) -> dict[str, Any]:
    """An answer saved as such: JSON, JSONP, or an object in a script file."""
    start = page.beginning.find("{", 0, 1_000)
    if not page.bare or start < 0:
        return {}
    return mapping(value_at(page.text, start))


def _addresses(content: dict[str, Any]) -> tuple[str, ...]:
    named = (text(content.get(key)) for key in ("url", "link", "surl", "short_url"))
    return tuple(
        dict.fromkeys(
            address for address in named if address.startswith(("http://", "https://", "//"))
        )
    )


def _body(page: Page, content: dict[str, Any]) -> tuple[Body | None, str]:
    attributes = mapping(content.get("cnt_attr"))
    html, source = text(content.get("cnt_html")), "content.cnt_html"
    if not html.strip():
        html, attributes = _listed(content.get("content"))
        source = "content.content"
    links = mapping(content.get("cms_orig_info"))
    root = embedded.root(html, links | attributes) if html.strip() else None
    if root is None:
        return None, ""
    dialect = embedded.dialect(attributes, base=page.url, caption=_CAPTION)
    return write(root, dialect), source


def _listed(items: Any) -> tuple[str, dict[str, Any]]:
    """The old list of paragraphs and pictures as a body with placeholders, and what these stand for."""
    pieces: list[str] = []
    media: dict[str, Any] = {}
    for item in items[:2_000] if isinstance(items, list) else ():
        says = mapping(item)
        kind = text(says.get("type"))
        if kind == "cnt_article":
            pieces.append(f"<p>{escape(line(says.get('desc')))}</p>")
        elif kind in ("img_url", "img"):
            name = f"IMG_{len(media)}"
            address = first(*(text(says.get(key)) for key in _ADDRESSES))
            media[name] = {"url": address, "desc": says.get("desc")}
            pieces.append(f"<p><!--{name}--></p>")
        elif kind == "video":
            name = f"VIDEO_{len(media)}"
            media[name] = says
            pieces.append(f"<p><!--{name}--></p>")
    return "".join(pieces), media
