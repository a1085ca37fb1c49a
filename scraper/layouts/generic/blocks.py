"""A page as a tree of blocks, each with how much it says and how.  Pure.

    survey(body)            the blocks under an element, in document order, measured
    inside(blocks, block)   the blocks that stand in one, without what stands in them

A block is an element that stands for itself (`p`, `div`, `li`, `td` …); a run is the text between two block
boundaries.  A run is prose (sentences), link text (navigation, lists of headlines) or plain (labels, headings,
captions), and every block knows how much of each it holds, with all that is in it.  One pass over the tree, linear in
the page whatever its depth; since most of a page is not its article, nothing is asked here that a few blocks alone
will need: names and styles are left to `scraper.layouts.generic.container`.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.layouts.generic.names import Name

_TEXT, _INLINE, _BREAK, _SKIPPED, _BLOCK = range(5)
_KINDS = {
    "-text": _TEXT,
    **dict.fromkeys((
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
        "ins", "kbd", "label", "mark", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span",
        "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p",
    ), _INLINE),
    **dict.fromkeys(("br", "hr"), _BREAK),
    # Elements that never hold a piece of an article's text.
    **dict.fromkeys((
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "audio", "video",
        "canvas", "map", "select", "textarea", "button", "input", "nav", "footer", "aside", "dialog", "menu",
        "datalist", "head", "title", "-comment", "!doctype",
    ), _SKIPPED),
}  # fmt: skip
_SENTENCE = re.compile(r"""[，。！？；、…]|[:,.!?;،؛؟۔।](?:[\s"'”’）)」』]|$)""")
"""A mark that sentences have and labels have not: Chinese ones anywhere, others before a space or the end."""
_LEGAL = (
    "版权所有", "转载", "免责声明", "备案号", "©", "copyright", "rights reserved", "cookies", "newsletter",
    "terms of use", "terms of service", "privacy policy",
)  # fmt: skip
"""What sentences say that stand on every page of a site, and so are no sign of an article."""
SHORTEST = 8.0
"""The weight from which a run with a sentence mark is prose: `2024年5月20日，周一` is not."""
_IN_PROSE = 0.8
"""The share of a sentence that may be linked: encyclopedias link every other word, headlines are linked whole."""
_SHORT = 200


class Block:
    """One block.  Weights count Chinese characters, others by a third.

    place, end: its place in the list, and that of the first block after all that stands in it.
    runs: its own runs that are short and no links.  own: the weight of its own sentences.
    prose, plain, linked: weights, with all that stands in it.  links: how many runs are links, likewise.
    named, left_out, kept, score: left to `scraper.layouts.generic.container`.
    """

    __slots__ = (
        "end", "kept", "kept_links", "left_out", "linked", "links", "named", "node", "own", "parent", "place", "plain",
        "prose", "runs", "score", "tag",
    )  # fmt: skip

    def __init__(self, node: LexborNode, tag: str, parent: "Block | None", place: int) -> None:
        self.node = node
        self.tag = tag
        self.parent = parent
        self.place = place
        self.end = place + 1
        self.runs: tuple[str, ...] | list[str] = ()  # most blocks have none, and a list costs
        self.own = self.prose = self.plain = self.linked = 0.0
        self.links = 0
        self.named = Name.NOTHING
        self.left_out = False
        self.kept = self.kept_links = self.score = 0.0

    def count(self, pieces: list[str], linked: float) -> None:
        """Count a run of its own.  pieces: its text; linked: the weight of what of it is in links."""
        text = " ".join("".join(pieces).split())
        heavy = weight(text)
        is_sentence = heavy >= SHORTEST and _SENTENCE.search(text) is not None
        if linked > heavy * (_IN_PROSE if is_sentence else 0.5):
            self.linked += linked
            self.links += 1
            return
        if is_sentence and not _is_legal(text):
            self.own += heavy
            self.prose += heavy
        else:
            self.plain += heavy
        if len(text) < _SHORT:
            if isinstance(self.runs, tuple):
                self.runs = [text]
            elif len(self.runs) < _FEW:
                self.runs.append(text)


_FEW = 50
"""Short runs that a block remembers; what is asked of them is answered by the first few."""


def _is_legal(text: str) -> bool:
    words = text.lower()
    return any(word in words for word in _LEGAL)


def weight(text: str) -> float:
    """How much a text says, in Chinese characters: its bytes in UTF-8 by three."""
    return len(text.encode("utf-8", "replace")) / 3


def survey(body: LexborNode) -> list[Block]:
    """The block of `body` and all blocks under it, in document order; not those of skipped elements."""
    here = root = Block(body, "body", None, 0)
    found = [root]
    pieces: list[str] = []  # of the run since the last boundary
    linked = 0.0
    in_links = 0
    way: list[
        tuple[LexborNode | None, str]
    ] = []  # where to go on after each open element, and its tag
    node = body.first_child
    while True:
        if node is None:
            if not way:
                break
            node, tag = way.pop()
            if tag == "a":
                in_links -= 1
            elif tag not in _KINDS:
                if pieces:
                    here.count(pieces, linked)
                    pieces, linked = [], 0.0
                here = _closed(here, len(found)) or root
            continue
        tag = node.tag or ""
        kind = _KINDS.get(tag, _BLOCK)
        if kind == _TEXT:
            text = node.text_content or ""
            if not text.isspace():
                pieces.append(text)
                if in_links:
                    linked += weight(text)
            elif pieces:
                pieces.append(" ")
        elif kind == _INLINE:
            if child := node.first_child:
                in_links += tag == "a"
                way.append((node.next, tag))
                node = child
                continue
        elif kind != _SKIPPED:
            if pieces:
                here.count(pieces, linked)
                pieces, linked = [], 0.0
            if child := node.first_child:
                here = Block(node, tag, here, len(found))
                found.append(here)
                way.append((node.next, tag))
                node = child
                continue
        node = node.next
    if pieces:
        root.count(pieces, linked)
    root.end = len(found)
    return found


def _closed(block: Block, end: int) -> Block | None:
    """The block around one that ends, with what that one holds."""
    block.end = end
    if outer := block.parent:
        if block.prose:
            outer.prose += block.prose
        if block.plain:
            outer.plain += block.plain
        if block.links:
            outer.linked += block.linked
            outer.links += block.links
    return outer


def inside(blocks: list[Block], block: Block) -> Iterator[Block]:
    """The blocks that stand in one, without what stands in them."""
    place = block.place + 1
    while place < block.end:
        yield blocks[place]
        place = blocks[place].end
