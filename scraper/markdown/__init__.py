"""Turn an article's body element into Markdown that reads as the page did.  Pure.

    write      a body element and its dialect → Body
    Dialect    what one layout's HTML means where HTML alone does not say

`docs/markdown.md` tells what is written how, and why.  Inside, `walk` makes blocks of elements and `writer` makes
Markdown of blocks:

    walk        the elements in reading order; openers, containers: what each does to a reader; looks: what styles hide
    blocks      what stands between: paragraphs, lists, tables of marked text
    writer      the blocks as Markdown; tables
    inline      one line: marks beside Chinese punctuation (delimiters: how CommonMark pairs them)
    escape      text stays text; addresses stay addresses; lines: white space
"""

from selectolax.lexbor import LexborNode

from scraper.markdown.dialect import Body, Dialect
from scraper.markdown.walk import read
from scraper.markdown.writer import write_blocks

__all__ = ["Body", "Dialect", "write"]


def write(root: LexborNode, dialect: Dialect) -> Body:
    """The body under root as Markdown.  Root itself is never hidden; nothing is changed in the tree; never raises."""
    found = read(root, dialect)
    return Body(
        markdown=write_blocks(found.blocks, found.images),
        images=tuple(found.images),
        videos=tuple(found.videos),
    )
