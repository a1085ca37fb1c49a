"""List items that print their own bullet or number.  Pure, but for the words it takes out of the tree.

    unmark(root)    takes the printed bullets and numbers out of items that show no other

Editors that make WeChat articles out of Markdown write `<li style="display: block">• …`: an item that is displayed
as a block has no marker, so a reader sees one bullet; Markdown would show a second.
"""

import re
from itertools import islice

from selectolax.lexbor import LexborNode

_UNMARKED = 'li[style*="display: block"], li[style*="display:block"]'
_BULLET = re.compile(r"\s*[•●○▪◦]\s*")
_NUMBER = re.compile(r"\s*\d{1,3}\.\s+")
_MOST = 2_000
_FIRST_FEW = 9
"""Nodes of an item among which its first words are looked for."""


def unmark(root: LexborNode) -> None:
    """Take the bullet or number out of the words of each item that is displayed as a block."""
    for item in root.css(_UNMARKED)[:_MOST]:
        words = _first_words(item)
        if words is None:
            continue
        said = words.text_content or ""
        ordered = item.parent is not None and item.parent.tag == "ol"
        if printed := (_NUMBER if ordered else _BULLET).match(said):
            words.replace_with(said[printed.end() :])


def _first_words(item: LexborNode) -> LexborNode | None:
    """The text that an item begins with."""
    for node in islice(item.traverse(include_text=True), _FIRST_FEW):
        if node.is_text_node and (node.text_content or "").strip():
            return node
    return None
