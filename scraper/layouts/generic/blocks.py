"""A page as a tree of blocks, each with how much it says and how.  Pure.

    survey(body)    the blocks under an element, in document order, measured

A block is an element that stands for itself (`p`, `div`, `li`, `td` …); a run is the text between two block
boundaries.  A run is prose (sentences), link text (navigation, lists of headlines) or plain (labels, headings,
captions), and every block knows how much of each it holds, with all that is in it.  One pass over the tree and one
over the list: linear in the page, whatever its depth.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.layouts.generic.names import Name, name_of

_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "audio", "video", "canvas",
    "map", "select", "textarea", "button", "input", "nav", "footer", "aside", "dialog", "menu", "datalist", "head",
    "title",
})  # fmt: skip
"""Elements that never hold a piece of an article's text."""
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p",
})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE = re.compile(r"""[，。！？；、…]|[:,.!?;،؛؟۔।](?:[\s"'”’）)」』]|$)""")
"""A mark that sentences have and labels have not: Chinese ones anywhere, others before a space or the end."""
SHORTEST = 8.0
"""The weight from which a run with a sentence mark is prose: `2024年5月20日，周一` is not."""


_IN_PROSE = 0.8
"""The share of a sentence that may be linked: encyclopedias link every other word, headlines are linked whole."""
_LONGEST_LABEL = 200


@dataclass(slots=True, eq=False)
class Block:
    """One block.  Weights count Chinese characters, others by a third; all but `runs` include what is inside.

    named: what its class and id call it.  runs: its own plain runs, the short ones.  prose, plain, linked: weights.
    links: how many runs are links.  left_out: whether it is no part of the article, with all that is in it.
    """

    node: LexborNode
    tag: str
    parent: "Block | None" = None
    named: Name = Name.NOTHING
    inside: list["Block"] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    prose: float = 0.0
    plain: float = 0.0
    linked: float = 0.0
    links: int = 0
    left_out: bool = False

    @property
    def speaks(self) -> bool:
        """Whether a sentence stands in it directly, and not only in the blocks inside."""
        return self.prose > sum(entry.prose for entry in self.inside) + 0.01


class _Run:
    """The text since the last boundary."""

    def __init__(self) -> None:
        self.whole: list[str] = []
        self.said: list[str] = []

    def end(self, block: Block) -> None:
        """Count the run for its block, and begin another."""
        whole, said = " ".join("".join(self.whole).split()), " ".join("".join(self.said).split())
        self.whole.clear()
        self.said.clear()
        heavy = weight(whole)
        linked = heavy - weight(said)
        is_sentence = heavy >= SHORTEST and _SENTENCE.search(said)
        if linked > heavy * (_IN_PROSE if is_sentence else 0.5):
            block.linked += linked
            block.links += 1
        elif is_sentence:
            block.prose += heavy
        else:
            block.plain += heavy
            if len(whole) < _LONGEST_LABEL:
                block.runs.append(whole)


def weight(text: str) -> float:
    """How much a text says, in Chinese characters: its bytes in UTF-8 by three."""
    return len(text.encode("utf-8", "replace")) / 3


def survey(body: LexborNode) -> list[Block]:
    """The block of `body` and all blocks under it, in document order; not those of hidden and skipped elements."""
    here = root = Block(node=body, tag="body")
    found = [root]
    run = _Run()
    in_links = 0
    way: list[tuple[LexborNode, str]] = []
    node = body.first_child
    while True:
        if node is None:
            if not way:
                break
            element, tag = way.pop()
            if tag == "a":
                in_links -= 1
            elif tag not in _INLINE:
                if run.whole:
                    run.end(here)
                here = here.parent or root
            node = element.next
            continue
        name = node.tag or ""
        if name == "-text":
            text = node.text_content
            if text and (run.whole or not text.isspace()):
                run.whole.append(text)
                if not in_links:
                    run.said.append(text)
        elif name in ("br", "hr"):
            if run.whole:
                run.end(here)
        elif name[:1] not in "-!_" and name not in _SKIPPED and (child := node.first_child):
            if name in _INLINE:
                in_links += name == "a"
                way.append((node, name))
                node = child
                continue
            if run.whole:
                run.end(here)
            if block := _opened(node, name, here):
                here.inside.append(block)
                found.append(block)
                here = block
                way.append((node, name))
                node = child
                continue
        node = node.next
    if run.whole:
        run.end(root)
    for block in reversed(found):
        if outer := block.parent:
            outer.prose += block.prose
            outer.plain += block.plain
            outer.linked += block.linked
            outer.links += block.links
    return found


def _opened(node: LexborNode, tag: str, parent: Block) -> Block | None:
    """The block that begins with an element; None for one whose style hides it.

    The attribute `hidden` alone hides nothing here: pages that build themselves keep their article in such elements.
    """
    attributes = node.attrs  # asked one by one: a dict of all of them costs twice as much
    style = attributes.get("style")
    if style and _HIDDEN.search(style):
        return None
    named = name_of(tag, attributes.get("class"), attributes.get("id"))
    return Block(node, tag, parent, named)
