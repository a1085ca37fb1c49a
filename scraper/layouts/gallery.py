"""`{channel}.qq.com/a/YYYYMMDD/NNNNNN.hdBigPic.js`: pictures and text of an old gallery, 2010 to 2017.  Pure.

A GBK JavaScript literal: a tree of `{'Name': …, 'Children': […]}` whose leaves are `{'Content': …}`, followed by a
comment.  Under `groupimg` each `img` has an `imgname`, a `smallimgurl`, a `bigimgurl`, a `cnt_article` (its caption,
in `<p>`) and a `simg_article_url` (the page that shows it).  Beside `groupimg` stand `top_content` and
`bottom_content`, the text above and below the pictures, and `last_url` and `last_title`, which lead to another gallery.
The gallery's page, which has its title and most facts, is read by `static`.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from scraper.layouts import embedded
from scraper.layouts.facts import headline, line, mapping, text
from scraper.layouts.parts import Parts
from scraper.markdown import Body, write
from scraper.page import Page
from scraper.script import value_at

_TEXTS = ("top_content", "bottom_content")
_DEEPEST = 12
_MOST = 500


def claims(page: Page) -> bool:
    return bool(_tree(page))


def parts(page: Page) -> Parts:
    tree = _tree(page)
    return Parts(
        title=next(
            filter(None, (headline(_content(node)) for node in _named(tree, "imgname"))), ""
        ),
        body=_body(page, tree),
        source="groupimg",
        addresses=_addresses(page, tree),
    )


def _addresses(page: Page, tree: dict[str, Any]) -> tuple[str, ...]:
    """The gallery's page: the script's own address tells it, else that of the page of the first picture."""
    if page.url.startswith("http"):
        return (re.sub(r"\.hd(?:Big)?Pic\.js.{0,200}$", ".htm", page.url),)
    named = (_content(node) for node in _named(tree, "simg_article_url"))
    return tuple(address for address in islice(named, 1) if address.startswith("http"))


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
    above, below = ("".join(map(_content, _named(tree, name))) for name in _TEXTS)
    pieces: list[str] = []
    media: dict[str, Any] = {}
    for node in list(_named(tree, "img"))[:_MOST]:
        address = next((_content(found) for found in _named(node, "bigimgurl")), "")
        caption = next((line(_content(found)) for found in _named(node, "cnt_article")), "")
        name = f"IMG_{len(media)}"
        media[name] = {"url": address, "desc": caption}
        pieces.append(f"<p><!--{name}--></p>")
    root = embedded.root("".join((above, *pieces, below))) if pieces else None
    return write(root, embedded.dialect(media, base=page.url)) if root else None
