"""`xw.qq.com/cmsid/ID` and its older addresses, 2017 to 2022: the mobile page.  Pure.

Two embeddings are known, from programs that read them: `globalConfig = {…}`, a JavaScript literal, and a store.  Both
have the body as `cnt_html`, with its pictures in `cnt_attr` (there one level deeper than elsewhere, under `all`), or as
the list `contents` (`scraper.layouts.listed`).  What the store says of the article stands beside its body or in the
objects around that.  Pages of 2021 also had the article as elements, paragraphs `.text` below a `.title`.
"""

import re
from datetime import datetime
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from scraper.layouts import embedded, listed
from scraper.layouts.facts import (
    beijing,
    first,
    first_headline,
    line,
    line_of,
    mapping,
    text,
    time_of,
    words,
)
from scraper.layouts.parts import Parts
from scraper.layouts.rain import addresses
from scraper.layouts.renditions import cover
from scraper.markdown import Body, write
from scraper.page import Page
from scraper.script import value_at

_CONFIG = re.compile(r"\bglobalConfig\s{0,9}=\s{0,9}(?=\{)")
_MEMBER = r"""["']?\b{name}["']?\s{{0,9}}:\s{{0,9}}(?={bracket})"""
_CONTENTS = re.compile(_MEMBER.format(name="contents", bracket=r"\["))
_HTML = re.compile(_MEMBER.format(name="cnt_html", bracket="[\"']"))
_ATTRIBUTES = re.compile(_MEMBER.format(name="cnt_attr", bracket=r"\{"))
_STORE = re.compile(r"(?:^\s{0,9}|=\s{0,9})(?=\{)")
_MOST_OBJECTS = 5
"""How many objects a script may assign before the store."""
_DEEPEST = 8
_AT_HOME = re.compile(r"https?://xw\.qq\.com/(?!404)")
_PARAGRAPHS = "p.text, div.text"


def claims(page: Page) -> bool:
    if page.script_with("globalConfig") and _config(page):
        return bool(_data(page)[0])
    if _script_of_store(page) and not page.script_with("initData") and _data(page)[0]:
        return True
    return (
        any(_AT_HOME.match(address) for address in (page.url, *page.named))
        and _written(page) is not None
    )


def parts(page: Page) -> Parts:
    says = _config(page)
    body, source = _body(page)
    meta = page.metas
    title = first_headline(says.get("title"), *_headings(page), meta.get("og:title"), page.title)
    return Parts(
        title=title,
        body=body,
        source=source,
        id=line_of(says, "cms_id", "cmsId", "article_id", "aid", "id"),
        addresses=addresses(page, says),
        published=time_of(says, "pubtime", "pub_time", "publish_time", "time") or _time(page),
        outlet=line_of(says, "media", "src", "source", "media_name", "chlname"),
        outlet_id=line_of(says, "media_id", "chlid"),
        category=line_of(says, "catalog1", "category", "channel"),
        tags=words(says.get("tags"))
        or words(says.get("tag"))
        or words(meta.get("keywords"), but=title),
        summary=line_of(says, "abstract", "desc") or line(meta.get("description")),
        cover=first(
            cover(text(says.get("shareImg"))),
            cover(text(says.get("img"))),
            cover(meta.get("og:image", "")),
        ),
        comment_id=line_of(says, "comment_id", "cid", "commentid"),
    )


def _config(page: Page) -> dict[str, Any]:
    """What the page says of the article: the object in `globalConfig` that has a title, else the store."""
    found = mapping(page.json_after(_CONFIG, "globalConfig"))
    return _with_title(found, _DEEPEST) or found or _store(page)


def _with_title(value: dict[str, Any], levels: int) -> dict[str, Any]:
    if text(value.get("title")):
        return value
    if levels:
        for inner in value.values():
            if isinstance(inner, dict) and (found := _with_title(inner, levels - 1)):
                return found
    return {}


def _store(page: Page) -> dict[str, Any]:
    """What the store says of the article: the object with its body, and what stands around that."""
    script = _script_of_store(page)
    for begin in islice(_STORE.finditer(script), _MOST_OBJECTS):
        if found := _around(mapping(value_at(script, begin.end())), _DEEPEST):
            return found
    return {}


def _script_of_store(page: Page) -> str:
    return page.script_with("ext_data") or page.script_with("cnt_attr")


def _around(value: dict[str, Any], levels: int) -> dict[str, Any]:
    """The object with a body somewhere in `value`, and what those around it say that it does not."""
    if "contents" in value or "cnt_html" in value:
        return value
    if levels:
        for inner in value.values():
            if isinstance(inner, dict) and (found := _around(inner, levels - 1)):
                return value | found
    return {}


def _data(page: Page) -> tuple[str, dict[str, Any], str]:
    """The body as HTML with placeholders, what these stand for, and where it stood; all empty when there is none."""
    says = _config(page)
    said = mapping(says.get("cnt_attr")) or mapping(page.json_after(_ATTRIBUTES))
    attributes = {name: mapping(mapping(value).get("all")) or value for name, value in said.items()}
    whole = text(says.get("cnt_html")) or text(page.json_after(_HTML))
    if whole.strip():
        return whole, attributes, "cnt_html"
    return *listed.as_html(
        says.get("contents") or page.json_after(_CONTENTS), attributes
    ), "contents"


def _body(page: Page) -> tuple[Body | None, str]:
    html, attributes, source = _data(page)
    root = embedded.root(html, attributes) if html else _written(page)
    if root is None:
        return None, ""
    return write(root, embedded.dialect(attributes, base=page.url)), source if html else _PARAGRAPHS


def _written(page: Page) -> LexborNode | None:
    """What holds the paragraphs that the server wrote out."""
    paragraph = page.tree.css_first(_PARAGRAPHS)
    return paragraph.parent if paragraph else None


def _headings(page: Page) -> list[str]:
    return [node.text() for node in page.tree.css("h1.title, .title h1, h1, .title")[:4]]


def _time(page: Page) -> datetime | None:
    node = page.tree.css_first(".time, .article-time, .pubtime")
    return beijing(node.text()) if node else None
