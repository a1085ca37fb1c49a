"""Go through a body element in reading order.  Pure.

The walk keeps a stack of its own, so no depth of nesting exhausts Python's.
"""

from selectolax.lexbor import LexborNode

from scraper.markdown.blocks import STRIKE
from scraper.markdown.dialect import Dialect
from scraper.markdown.elements import MARKS
from scraper.markdown.looks import FADED, PLAIN, Look, looks
from scraper.markdown.openers import (
    OPENERS,
    Opener,
    block,
    caption,
    code,
    inline,
    leave_out,
    mark,
    picture,
    player,
)
from scraper.markdown.reader import Reader, Undo


def read(root: LexborNode, dialect: Dialect) -> Reader:
    """Everything under root, read."""
    reader = Reader(dialect)
    seen, roles = looks(root), _roles(root, dialect)
    odd = seen.keys() | roles.keys()
    openers, text = OPENERS, reader.text
    stack: list[tuple[LexborNode | None, Undo]] = []
    node = root.first_child
    while True:
        while node is None:
            if not stack:
                reader.flush()
                return reader
            node, undo = stack.pop()
            undo()
        tag = node.tag or ""
        if tag == "-text":
            text(node.text_content or "")
            node = node.next
            continue
        if odd and (key := node.mem_id) in odd:
            opened = _open_odd(reader, node, tag, seen.get(key, PLAIN), roles.get(key))
        else:
            opened = openers.get(tag, inline)(reader, node)
        child = node.first_child if opened is not None else None
        if opened is None:
            node = node.next
        elif child is None:
            opened()
            node = node.next
        else:
            stack.append((node.next, opened))
            node = child


def _roles(root: LexborNode, dialect: Dialect) -> dict[int, Opener]:
    """What the dialect makes of single elements; leaving out goes before everything else."""
    roles: dict[int, Opener] = {}
    for selector, opener in (
        (dialect.code, code),
        (dialect.caption, caption),
        (dialect.player, player),
        (dialect.leave_out, leave_out),
    ):
        if selector:
            roles |= dict.fromkeys((node.mem_id for node in root.css(selector)), opener)
    roles.pop(root.mem_id, None)
    return roles


def _open_odd(
    reader: Reader, node: LexborNode, tag: str, look: Look, role: Opener | None
) -> Undo | None:
    """Open an element that has a role or a look of its own."""
    opener = role or OPENERS.get(tag, inline)
    if look.gone and not (look is FADED and opener is picture):
        return None
    if look is PLAIN or opener is picture:
        return opener(reader, node)
    if look.flow == "inline" and opener is block:
        opener = inline
    elif look.flow == "block" and opener in (inline, mark):
        opener = block

    marks, veil, feeds = reader.marks, reader.veil, reader.feeds
    # Before it opens, since an opener may put something before the text (`<q>`).
    reader.veil = (veil | look.veil) & ~look.unveil
    opened = opener(reader, node)
    if opened is None:
        reader.veil = veil
        return None
    own = look.on if role else (MARKS.get(tag, 0) & ~look.off) | look.on
    # Text that is struck through stays so, whatever stands in it: the line is drawn by the element around.
    reader.marks = (reader.marks if role else marks) & ~(look.off & ~STRIKE) | own
    if look.feeds is not None:
        reader.feeds = look.feeds

    def close() -> None:
        opened()
        reader.marks, reader.veil, reader.feeds = marks, veil, feeds

    return close
