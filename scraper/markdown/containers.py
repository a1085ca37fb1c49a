"""Elements that hold blocks of their own: quotes, lists, tables.  Pure.  They are openers, as in `openers`."""

from itertools import chain, pairwise

from selectolax.lexbor import LexborNode

from scraper.markdown.blocks import Block, Bullets, Cell, Paragraph, Picture, Quote, Table
from scraper.markdown.elements import first_number, own_number, span
from scraper.markdown.lines import plain
from scraper.markdown.reader import Reader, Undo
from scraper.markdown.tables import is_layout

DEEPEST = 8
"""How many lists and quotes may stand one in another.  Renderers give up soon after; deeper ones read as plain."""

_LONGEST_CAPTION = 40
"""Characters of a line below a picture that may be its caption."""


def quote(reader: Reader, _node: LexborNode) -> Undo:
    reader.flush()
    if reader.program is not None or reader.depth >= DEEPEST:
        return reader.flush

    def end(blocks: list[Block]) -> None:
        if blocks:
            reader.add(Quote(blocks))

    return reader.inside(end, deeper=1)


def bullets(reader: Reader, node: LexborNode) -> Undo:
    """A list.  What stands in it but in no item joins the item before it, or comes before the list."""
    reader.flush()
    if reader.program is not None or reader.depth >= DEEPEST:
        return reader.flush
    made = Bullets(first_number(node) if node.tag == "ol" else None)
    if "reversed" in node.attrs:
        made.step = -1

    def end(strays: list[Block]) -> None:
        _take(made, strays)
        for part in _counted(made):
            _settle(part)
            for block in [*part.lead, part] if part.items else part.lead:
                reader.add(block)

    close = reader.inside(end, deeper=1)
    reader.bullets = made
    return close


def item(reader: Reader, node: LexborNode) -> Undo:
    """An item of a list, or, where it stands in none, of one that is made for it."""
    reader.flush()
    made = reader.bullets
    if reader.program is not None or (made is None and reader.depth >= DEEPEST):
        return reader.flush
    implied = made is None
    if made is None:
        made = _implied(reader)
    else:
        _take(made, reader.blocks)
    items = made.items
    if (number := own_number(node)) is not None:
        made.own[len(items)] = number

    def end(blocks: list[Block]) -> None:
        if blocks and implied and not items:
            reader.add(made)
        if blocks or not implied:
            items.append(blocks)

    return reader.inside(end, deeper=implied)


def _implied(reader: Reader) -> Bullets:
    """The list of an item that stands in none: that of the item before it, or a new one."""
    last = reader.blocks[-1] if reader.blocks else None
    return last if isinstance(last, Bullets) and last.implied else Bullets(None, implied=True)


def _take(made: Bullets, strays: list[Block]) -> None:
    """Give blocks between items their place, and clear them."""
    into = made.items[-1] if made.items else made.lead
    into += strays
    strays.clear()


def _counted(made: Bullets) -> list[Bullets]:
    """The list in parts, a new one wherever its numbers do not go up by one: Markdown counts by itself."""
    if made.start is None or not (made.own or made.step < 0):
        return [made]
    parts: list[Bullets] = []
    number = expected = made.start
    for at, blocks in enumerate(made.items):
        number = max(made.own.get(at, number), 0)
        if not parts or number != expected:
            parts.append(Bullets(number))
        parts[-1].items.append(blocks)
        number, expected = number + made.step, number + 1
    if not parts:
        return [made]
    parts[0].lead = made.lead
    return parts


def _settle(made: Bullets) -> None:
    """Leave out empty items; but the number of no other may change by that."""
    if made.start is None:
        made.items = [blocks for blocks in made.items if blocks]
        return
    while made.items and not made.items[-1]:
        made.items.pop()
    empty = next((at for at, blocks in enumerate(made.items) if blocks), 0)
    made.start += empty
    del made.items[:empty]


def table(reader: Reader, node: LexborNode) -> Undo:
    """A table, or the blocks of one that only places them on the page; blocks between its cells come before it."""
    reader.flush()
    if reader.program is not None:
        return reader.flush
    above, made = reader.table, Table()
    reader.table = made
    presented = (node.attrs.get("role") or "") == "presentation"

    def end(strays: list[Block]) -> None:
        reader.table = above
        for block in strays:
            reader.add(block)
        if presented or is_layout(made):
            cells = [each.blocks for cells in made.rows for each in cells if each.blocks]
            if all(len(cells) < 2 for cells in made.rows):
                _tie_captions(reader, cells)
            for block in chain(*cells):
                reader.add(block)
        else:
            reader.add(made)

    return reader.inside(end)


def _tie_captions(reader: Reader, cells: list[list[Block]]) -> None:
    """In a table of one column, as the oldest pages have them, a short line below a picture is its caption."""
    for above, below in pairwise(cells):
        match above, below:
            case [Picture() as shown], [Paragraph(lines=lines)]:
                said = plain(lines)
                if len(said) <= _LONGEST_CAPTION and not reader.images[shown.number].caption:
                    reader.caption(shown, said)


def head(reader: Reader, _node: LexborNode) -> Undo:
    """A `<thead>`: it says of the table's first row that it is the head; of later rows it says nothing."""
    reader.flush()
    if reader.table is not None and not reader.table.rows:
        reader.table.headed = True
    return reader.flush


def row(reader: Reader, _node: LexborNode) -> Undo:
    reader.flush()
    if reader.table is not None:
        reader.table.rows.append([])
    return reader.flush


def cell(reader: Reader, node: LexborNode) -> Undo:
    """A cell of the innermost table; one that stands in no table, or in program text, only ends the line."""
    reader.flush()
    made = reader.table
    if made is None or reader.program is not None:
        return reader.flush
    if not made.rows:
        made.rows.append([])
    attributes = node.attrs
    one = Cell(
        [], node.tag == "th", span(attributes.get("colspan")), span(attributes.get("rowspan"))
    )
    made.rows[-1].append(one)

    def end(blocks: list[Block]) -> None:
        one.blocks = blocks
        reader.table = made

    close = reader.inside(end)
    reader.table = None
    return close
