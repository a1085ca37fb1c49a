"""Bodies that come as a list of paragraphs, pictures and videos.  Pure.

    is_body(items)              whether a list is one
    as_html(items, attributes)  the list as a body for `embedded.root`, and what its placeholders stand for

Two spellings are known.  The mobile pages of 2017 to 2020, pages of new.qq.com that a script of 2018 wrote, and answers
to other pages' scripts number their kinds: `{type: 1, value: "…"}` is a paragraph, 2 a picture and its address, 3 a
video and what is said of it; the n-th picture is `IMG_n` where a media map stands beside the list.  The app's answers
name them: `{"type": "cnt_article", "desc": …}`, `{"type": "img_url", "img_url": …}`.
"""

import re
from html import escape, unescape
from typing import Any

from scraper.layouts.facts import first, mapping, text

_KINDS = {
    "1": "words", "cnt_article": "words",
    "2": "IMG", "img_url": "IMG", "img": "IMG",
    "3": "VIDEO", "video": "VIDEO",
}  # fmt: skip
_ADDRESSES = ("img_url", "img_url_wifi", "img", "url")
_MARKUP = re.compile(r"</?(?:strong|b|em|br|a)\b")
_MOST = 2_000


def is_body(items: Any) -> bool:
    """Whether a value is such a list."""
    return isinstance(items, list) and any(_kind(mapping(item)) for item in items[:_MOST])


def as_html(items: Any, attributes: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The list as HTML with placeholders, and what these stand for; both empty when it is no such list.

    attributes: the media map beside the list; what the list itself says of a picture fills its gaps.
    """
    pieces: list[str] = []
    media: dict[str, Any] = {}
    met = {"IMG": 0, "VIDEO": 0}
    for item in items[:_MOST] if isinstance(items, list) else ():
        says = mapping(item)
        kind = _kind(says)
        if kind == "words":
            pieces.append(
                f"<p>{_paragraph(first(text(says.get('value')), text(says.get('desc'))))}</p>"
            )
        elif kind:
            name = f"{kind}_{met[kind]}"
            met[kind] += 1
            media[name] = mapping(attributes.get(name)) or _told(says)
            pieces.append(f"<p><!--{name}--></p>")
    return "".join(pieces), media


def _kind(says: dict[str, Any]) -> str:
    return _KINDS.get(text(says.get("type")), "")


def _paragraph(words: str) -> str:
    """Paragraphs are text; some programs saw them hold `<strong>`."""
    return words if _MARKUP.search(words) else escape(unescape(words))


def _told(says: dict[str, Any]) -> dict[str, Any]:
    """What an item itself says of its picture or video."""
    value = says.get("value")
    address = first(text(value), *(text(says.get(name)) for name in _ADDRESSES))
    return {**says, **mapping(value), **({"url": address} if address else {})}
