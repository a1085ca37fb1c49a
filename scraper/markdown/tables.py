"""Tables: which are, how their spans are filled, how they are written.  Pure.

A GFM table holds lines, not blocks.  A table that only places things on the page (`is_layout`) is read cell by cell.
"""

from collections.abc import Iterator
from itertools import chain

from scraper.markdown.blocks import (
    BOLD,
    RAW,
    Block,
    Bullets,
    Cell,
    Code,
    Heading,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Table,
)
from scraper.markdown.inline import write_line, write_lines

WIDEST = 200
"""Columns; a wider table is no table."""

_LONG = 400
"""Characters; cells longer than this on the average are columns of text."""


def is_layout(table: Table) -> bool:
    """Whether the table only places things: it has one row or column, holds blocks, whole texts or mostly pictures."""
    cells = [cell for row in table.rows for cell in row if cell.blocks]
    if len([row for row in table.rows if any(cell.blocks for cell in row)]) < 2:
        return True
    if max(len([cell for cell in row if cell.blocks]) for row in table.rows) < 2:
        return True
    if max(sum(min(cell.columns, WIDEST) for cell in row) for row in table.rows) >= WIDEST:
        return True
    pictures = length = 0
    for cell in cells:
        found = list(_inner(cell.blocks))
        if any(isinstance(block, Table | Heading | Quote | Code | Rule) for block in found):
            return True
        length += sum(
            len(text)
            for block in found
            if isinstance(block, Paragraph)
            for text, _, _ in chain(*block.lines)
        )
        pictures += any(isinstance(block, Picture) for block in found)
    return pictures * 2 > len(cells) or length > _LONG * len(cells)


def _inner(blocks: list[Block]) -> Iterator[Block]:
    """The blocks and what stands in the lists among them."""
    for block in blocks:
        yield block
        if isinstance(block, Bullets):
            for item in block.items:
                yield from _inner(item)


def write_table(table: Table, pictures: dict[int, str]) -> str:
    """The table in GFM.  pictures: the Markdown of each picture, by number."""
    cells = [row for row in table.rows if row]
    grid = _grid([[(cell, _cell_line(cell, pictures)) for cell in row] for row in cells])
    first = [cell for cell in cells[0] if cell.blocks]
    if not (table.headed or (first and all(cell.header or _is_bold(cell) for cell in first))):
        grid.insert(0, [""] * len(grid[0]))
    rows = [f"| {' | '.join(row)} |" for row in grid]
    rows.insert(1, f"|{' --- |' * len(grid[0])}")
    return "\n".join(rows)


def _grid(rows: list[list[tuple[Cell, str]]]) -> list[list[str]]:
    """Every place of the table; a cell over several stands in the first, the others stay empty."""
    grid: list[list[str]] = []
    taken: dict[int, int] = {}  # column → rows still covered from above
    for row in rows:
        line: list[str] = []
        below: dict[int, int] = {}
        for cell, text in row:
            while taken.get(len(line), 0):
                line.append("")
            for column in range(min(cell.columns, WIDEST)):
                if cell.rows > 1:
                    below[len(line)] = cell.rows - 1
                line.append("" if column else text)
        width = max(taken, default=-1) + 1
        line += [""] * (width - len(line))
        taken = {column: left - 1 for column, left in taken.items() if left > 1} | below
        grid.append(line)
    width = max(map(len, grid))
    used = max((at + 1 for line in grid for at, text in enumerate(line) if text), default=1)
    return [(line + [""] * (width - len(line)))[:used] for line in grid]


def _cell_line(cell: Cell, pictures: dict[int, str]) -> str:
    """What a cell holds on one line.  Within a cell a bar ends it, whatever stands around the bar."""
    match cell.blocks:
        case [Paragraph(lines=lines)]:
            said = write_lines(lines)
        case blocks:
            said = _said(blocks, pictures)
    return " ".join(said).replace("|", "\\|")


def _said(blocks: list[Block], pictures: dict[int, str]) -> list[str]:
    said: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(lines=lines):
                said += map(write_line, lines)
            case Picture(number=number, href=href):
                said.append(write_line([(pictures[number], RAW, href)]))
            case Bullets(start=start, items=items):
                for number, item in enumerate(items, start or 0):
                    said += ["•" if start is None else f"{number}.", *_said(item, pictures)]
    return said


def _is_bold(cell: Cell) -> bool:
    return all(
        isinstance(block, Paragraph) and all(marks & BOLD for _, marks, _ in chain(*block.lines))
        for block in cell.blocks
    )
