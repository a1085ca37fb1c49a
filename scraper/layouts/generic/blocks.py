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
_SHORT, _FEW = 200, 50
"""Characters of the runs that a block remembers, and how many; what is asked of them is answered by the first few."""


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

    def count(self, pieces: list[str], linked: float, said: bool) -> None:
        """Count a run of its own.

        pieces: its text.  linked: the weight of what of it is in links.  said: whether there is more.
        """
        if not said:  # by far the most
            self.linked += linked
            self.links += 1
            return
        text = "".join(pieces).strip()
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
                self.runs = [" ".join(text.split())]
            elif len(self.runs) < _FEW:
                self.runs.append(" ".join(text.split()))


def _is_legal(text: str) -> bool:
    """Whether a sentence stands on every page of a site."""
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
    said = False  # whether any of it is no link
    in_links = 0
    way: list[tuple[LexborNode | None, str]] = []  # where to go on after each open element; its tag
    node = body.first_child
    while True:
        if node is None:
            if not way:
                break
            node, tag = way.pop()
            if tag in _KINDS:  # an inline element: others of those kinds are not gone into
                in_links -= tag == "a"
                continue
            if pieces:
                here.count(pieces, linked, said)
                pieces, linked, said = [], 0.0, False
            here = here.parent or root
            continue
        tag = node.tag or ""
        kind = _KINDS.get(tag, _BLOCK)
        if kind == _TEXT:
            text = node.text_content or ""
            if not text.isspace():
                pieces.append(text)
                if in_links:
                    linked += weight(text.strip())
                else:
                    said = True
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
                here.count(pieces, linked, said)
                pieces, linked, said = [], 0.0, False
            if child := node.first_child:
                here = Block(node, tag, here, len(found))
                found.append(here)
                way.append((node.next, tag))
                node = child
                continue
        node = node.next
    if pieces:
        root.count(pieces, linked, said)
    _sum_up(found)
    return found


def _sum_up(blocks: list[Block]) -> None:
    """Add to every block what stands in it."""
    for block in reversed(blocks):
        outer = block.parent
        if outer is None:
            continue
        if block.end > outer.end:
            outer.end = block.end
        if block.prose:
            outer.prose += block.prose
        if block.plain:
            outer.plain += block.plain
        if block.links:
            outer.linked += block.linked
            outer.links += block.links


def inside(blocks: list[Block], block: Block) -> Iterator[Block]:
    """The blocks that stand in one, without what stands in them."""
    place = block.place + 1
    while place < block.end:
        yield blocks[place]
        place = blocks[place].end
