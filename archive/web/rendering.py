"""Markdown as HTML that can do no harm.  Pure.

The Markdown is what the archive wrote, but its words are those of a page that somebody else made.  So nothing in it
counts as HTML, and what is made of it is cleaned once more by a parser of browsers: only the elements below are left,
links lead to the web, and pictures come from the archive.  One that is not kept becomes its words and a link.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_KEPT: Final = re.compile(r"/images/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,5}")
_WEB: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_ELEMENTS: Final = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "em", "s", "code", "a", "img"),
}
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": set(),
    "a": {"href", "class"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
}


def rendered(markdown: str) -> Markup:
    """The Markdown as HTML; pictures of the archive are those linked to `/images/…`."""
    html = nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_ELEMENTS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        link_rel="noopener noreferrer",
    )
    return Markup(html)  # noqa: S704  cleaned


def _allowed(element: str, attribute: str, value: str) -> str | None:
    """The attribute's value, None where it may not stand there."""
    match element, attribute:
        case "a", "href":
            return value if _WEB.match(value) else None
        case "img", "src":
            return value if _KEPT.fullmatch(value) else None
        case "a", "class":
            return value if value == "elsewhere" else None
        case _:
            return value


def _picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    source = str(token.attrGet("src"))
    said = renderer.renderInlineAsText(token.children or [], options, env)
    if _KEPT.fullmatch(source):
        return f'<img src="{source}" alt="{escape(said)}" loading="lazy">'
    words = f"Picture, not kept: {said}" if said else "Picture, not kept"
    return f'<a class="elsewhere" href="{escape(source)}">{escape(words)}</a>'


def _reader() -> MarkdownIt:
    """What the archive writes: CommonMark, tables and `~~`; text that looks like HTML stays text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.add_render_rule("image", _picture)
    return reader


_MARKDOWN: Final = _reader()
