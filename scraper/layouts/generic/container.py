"""Which block of a page is the article.  Pure.

    article_block(blocks, headline, title)   the block that holds the article; what is none of it is marked `left_out`

Four ideas.  *Near sentences*: a block is worth the sentences that stand in it, and less of them the deeper they stand,
so that the block around the paragraphs is worth more than the page around the blocks.  *Links against*: navigation
and lists of headlines are linked, articles hardly are, so every block is worth the share of it that is not.  *Names*:
what is called a sidebar is one, unless the article itself stands in it.  *Pieces*: an article that a page cuts into
several blocks is the block around them, without what stands beside them.
"""

from scraper.layouts.generic.blocks import SHORTEST, Block, inside, weight
from scraper.layouts.generic.names import Name, name_of

PARAGRAPHS = frozenset({
    "p", "li", "ul", "ol", "dl", "dt", "dd", "tr", "tbody", "thead", "table", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "pre", "figure", "figcaption", "center",
})  # fmt: skip
"""Elements that articles are made of: none is the article, and what stands in them stands near."""
_UNNAMED = frozenset(
    {"p", "li", "tr", "tbody", "thead", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "center"}
)
"""Elements whose names say how they look, if anything: the row of a `player` in a table of results."""
_TOO_MUCH = {Name.HIDDEN: 1.0, Name.CHROME: 0.9, Name.SIDE: 0.5}
"""The share of the page's prose up to which a name is believed: half of it cannot stand in a `share` bar, but
comments are often longer than the news."""
_TEASERS = 3
"""Entries that make a list of teasers; two paragraphs with a link over each are still an article."""
_LONGEST_TEASER = 150.0

_DEEPER = 0.6
"""What sentences are worth to a block around the one they stand in, as a share."""
_NAMED = 1.5
"""How much more a block is worth that is called an article."""
_HEADED = 0.1
"""The share of the page's prose from which an `<article>` that shows the headline is the place to look in."""
_EARLIER = 0.6
"""The share of the best block's worth from which one between the headline and it is the article: comments follow."""
_PIECE, _PIECES, _HALF = 0.1, 0.6, 0.4
"""The share of the best block's worth from which one beside it is a piece of the article: alone, if it is large, or
one of many that together are."""
_SIDE_BY_SIDE = 30.0
"""The weight of labels and links up to which a block is a mere wrapper around the one in it."""


def article_block(blocks: list[Block], headline: Block | None, title: str) -> Block:
    """The block that holds the article; the body itself when nothing is better.  Marks what is left out on the way.

    headline: the block that shows the title, if one does.
    """
    if headline and headline.parent:  # the body itself is never left out
        headline.left_out = headline.prose + headline.plain <= 2 * weight(title) + SHORTEST
    within = _place_of(blocks[0], headline)
    best, most = within, 0.0
    for block in reversed(_marked(blocks, headline)):
        worth = _measure(blocks, block)
        if worth > most and within.place <= block.place < within.end:
            best, most = block, worth
    if not most:  # a page without a sentence is hardly an article; the least linked block cannot hide that it is a list
        others = (block for block in blocks if not block.left_out)
        return min(others, key=lambda block: block.linked)
    if headline:
        best = _first_of(blocks, headline, best)
    return _whole(blocks, best, within)


def _marked(blocks: list[Block], headline: Block | None) -> list[Block]:
    """Mark the blocks that are no part of an article: hidden, named so, lists of teasers.

    The others that say something are returned, in document order.
    """
    around = set()
    outer = headline
    while outer:
        around.add(outer)
        outer = outer.parent
    whole = blocks[0].prose
    speaking = [blocks[0]]
    place = 1
    while place < len(blocks):
        block = blocks[place]
        if not block.prose or block.left_out:
            place = block.end
            continue
        block.named = named(block)
        if block in around or not _is_left_out(blocks, block, whole):
            speaking.append(block)
            place += 1
            continue
        for inner in blocks[place : block.end]:
            inner.left_out = True
        place = block.end
    return speaking


def _is_left_out(blocks: list[Block], block: Block, whole: float) -> bool:
    """Whether a block is no part of an article.  whole: the prose of the page."""
    if share := _TOO_MUCH.get(block.named):
        return block.prose <= share * whole or block.linked > block.prose / 2
    return _is_teasers(blocks, block)


def named(block: Block) -> Name:
    """What a block's element is called."""
    if block.tag in _UNNAMED:
        return Name.NOTHING
    return name_of(block.tag, block.node.attributes)


def _is_teasers(blocks: list[Block], block: Block) -> bool:
    """Whether it is a list of other articles: entry by entry a headline to follow and a few words."""
    if block.links < _TEASERS:
        return False
    teasers = [
        entry.prose
        for entry in inside(blocks, block)
        if entry.links and entry.linked >= 0.1 * entry.prose and 0 < entry.prose <= _LONGEST_TEASER
    ]
    return len(teasers) >= _TEASERS and sum(teasers) > 0.7 * block.prose


def _place_of(body: Block, headline: Block | None) -> Block:
    """Where to look for the article: the `<article>` around the headline, if it says something; else everywhere."""
    place, outer = body, headline
    while outer:
        if outer.tag == "article" and outer.prose > _HEADED * body.prose:
            place = outer
        outer = outer.parent
    return place


def _measure(blocks: list[Block], block: Block) -> float:
    """What a block is worth as the article.

    Sets on it what is left of its prose and links without what is left out, and what it is worth to the one around.
    """
    kept, links, score = block.own, block.linked, block.own
    for entry in inside(blocks, block):
        links -= entry.linked
        if not entry.left_out:
            kept += entry.kept
            links += entry.kept_links if entry.prose else entry.linked
            score += entry.score
    block.kept, block.kept_links = kept, links
    if block.tag in PARAGRAPHS:
        block.score = score
        return 0.0
    score *= kept / (kept + links) if kept else 0.0
    block.score = _DEEPER * score
    return score * (_NAMED if block.named is Name.MAIN else 1.0)


def _first_of(blocks: list[Block], headline: Block, best: Block) -> Block:
    """The first block after the headline that could be the article: what follows it are comments."""
    first, most = best, _EARLIER * _worth(best)
    place = headline.place + 1
    while place < best.place:
        block = blocks[place]
        if block.left_out:
            place = block.end
            continue
        if block.end <= best.place and _worth(block) > most:
            first, most = block, _worth(block)
        place += 1
    return first


def _worth(block: Block) -> float:
    """What a measured block is worth as the article."""
    if block.tag in PARAGRAPHS:
        return 0.0
    return block.score * (_NAMED if block.named is Name.MAIN else 1.0)


def _whole(blocks: list[Block], best: Block, within: Block) -> Block:
    """The article with all its pieces: the block itself, or the one around it and the others."""
    piece, outer = best, best.parent
    while outer and outer.place >= within.place and outer.kept < piece.kept + 1:
        if outer.linked + outer.plain > piece.linked + piece.plain + _SIDE_BY_SIDE:
            return best
        piece, outer = outer, outer.parent
    if not outer or outer.place < within.place:
        return best
    pieces = _pieces(blocks, piece, outer)
    if len(pieces) == 1:
        return best
    for entry in inside(blocks, outer):
        amid = pieces[0].place < entry.place < pieces[-1].place
        if entry not in pieces and (entry.prose or not amid):
            entry.left_out = True
    return outer


def _pieces(blocks: list[Block], piece: Block, outer: Block) -> list[Block]:
    """The blocks in one around a piece of the article that are pieces of it, too, in document order."""
    beside = [
        entry
        for entry in inside(blocks, outer)
        if entry is not piece
        and not entry.left_out
        and entry.score > _PIECE * piece.score
        and entry.kept > 3 * entry.kept_links
    ]
    if sum(entry.score for entry in beside) <= _PIECES * piece.score:
        beside = [entry for entry in beside if entry.score > _HALF * piece.score]
    return sorted([piece, *beside], key=lambda entry: entry.place)
