"""Turn an article's body element into Markdown that reads as the page did.  Pure.

    write      a body element and its dialect → Body
    Dialect    what one layout's HTML means where HTML alone does not say

`docs/markdown.md` tells what is written how, and why.  Inside: `reader` makes blocks of elements (`looks`: what styles
hide; `lines`: white space), `writer` makes Markdown of blocks (`inline`: marks beside Chinese punctuation; `escape`;
`tables`; `addresses`).
"""

from selectolax.lexbor import LexborNode

from scraper.markdown.dialect import Body, Dialect
from scraper.markdown.reader import Reader
from scraper.markdown.writer import write_blocks

__all__ = ["Body", "Dialect", "write"]


def write(root: LexborNode, dialect: Dialect) -> Body:
    """The body under root as Markdown.  Root itself is never hidden; nothing is changed in the tree; never raises."""
    read = Reader(root, dialect)
    return Body(
        markdown=write_blocks(read.blocks, read.images),
        images=tuple(read.images),
        videos=tuple(read.videos),
    )
