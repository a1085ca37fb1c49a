"""`{channel}.qq.com/a/YYYYMMDD/NNNNNN.hdBigPic.js`: the pictures of an old gallery, 2011 to 2017.  Pure.

A GBK JavaScript literal: a tree of `{'Name': …, 'Children': […]}` whose leaves are `{'Content': …}`, followed by a
comment.  Under `groupimg` each `img` has a `bigimgurl`, a `smallimgurl`, a `cnt_article` (its caption, in `<p>`) and
a `showtit`.  The gallery's page, which has its title and text, is read by `static`.
"""

import re
from collections.abc import Iterator
from typing import Any

from scraper.layouts import embedded
from scraper.layouts.facts import first, headline, line, mapping, text
from scraper.layouts.parts import Parts
from scraper.markdown import Body, write
from scraper.page import Page
from scraper.script import value_at

_DEEPEST = 12
_MOST = 500


def claims(page: Page) -> bool:
    return bool(_tree(page))


def parts(page: Page) -> Parts:
    tree = _tree(page)
    title = next((headline(_content(node)) for node in _named(tree, "title") if _content(node)), "")
    titles = [headline(_content(node)) for node in _named(tree, "showtit")]
    return Parts(
        title=first(title, *titles[:1]),
        body=_body(page, tree),
        source="groupimg",
        addresses=(re.sub(r"\.hd(?:Big)?Pic\.js.{0,200}$", ".htm", page.url),)
        if page.url.startswith("http")
        else (),
    )


def _tree(page: Page) -> dict[str, Any]:
    if not page.bare or "groupimg" not in page.text or "bigimgurl" not in page.text:
        return {}
    found = value_at(page.text)
    return {"Children": found} if isinstance(found, list) else mapping(found)


def _named(node: dict[str, Any], name: str, levels: int = _DEEPEST) -> Iterator[dict[str, Any]]:
    """Every node of that name under `node`, in order."""
    children = node.get("Children")
    for child in children if isinstance(children, list) and levels else ():
        inner = mapping(child)
        if text(inner.get("Name")).lower() == name:
            yield inner
        yield from _named(inner, name, levels - 1)


def _content(node: dict[str, Any]) -> str:
    """What the leaves of a node say."""
    children = node.get("Children")
    leaves = children if isinstance(children, list) else [node]
    return "".join(text(mapping(leaf).get("Content")) for leaf in leaves)


def _body(page: Page, tree: dict[str, Any]) -> Body | None:
    pieces: list[str] = []
    media: dict[str, Any] = {}
    for node in list(_named(tree, "img"))[:_MOST]:
        address = next((_content(found) for found in _named(node, "bigimgurl")), "")
        caption = next((line(_content(found)) for found in _named(node, "cnt_article")), "")
        name = f"IMG_{len(media)}"
        media[name] = {"url": address, "desc": caption}
        pieces.append(f"<p><!--{name}--></p>")
    root = embedded.root("".join(pieces)) if pieces else None
    return write(root, embedded.dialect(media, base=page.url)) if root else None
