"""How alike two texts are, in the words of the field: token F1 and shingle F1.  Pure.

A token is a Chinese, Japanese or Korean character, or a word of any other script; punctuation is none.  Token F1
asks which tokens were found, whatever their order; shingle F1 (runs of four tokens) asks for the order too.
"""

import re
from collections import Counter
from typing import Any

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SHINGLE = 4


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def token_f1(found: str, wanted: str) -> float:
    return _f1(Counter(tokens(found)), Counter(tokens(wanted)))


def shingle_f1(found: str, wanted: str) -> float:
    return _f1(Counter(_shingles(tokens(found))), Counter(_shingles(tokens(wanted))))


def seen(markdown: str) -> str:
    """What a reader sees of a Markdown text: rendered, without addresses."""
    return shown(_COMMONMARK.render(markdown))


def shown(html: str | bytes, *, but: str = "script, style") -> str:
    """The text of an HTML page or fragment.  but: CSS selector of elements that are not to count."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    for node in body.css(but):
        node.decompose()
    return body.text(separator="\n")


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return (
        [tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))]
        if words
        else []
    )


def _f1(found: "Counter[Any]", wanted: "Counter[Any]") -> float:
    if not found and not wanted:
        return 1.0
    return 2 * sum((found & wanted).values()) / (sum(found.values()) + sum(wanted.values()))
