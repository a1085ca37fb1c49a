"""What a reader reads in a piece of Markdown.  Pure."""

import re
from functools import lru_cache

from archive.text.inline import inline

_MARKERS = re.compile(
    r"[ \t]*(?:(>)[ ]?|[-*+](?:[ \t]+|$)|\d{1,9}[.)](?:[ \t]+|$)|#{1,6}(?:[ \t]+|$))"
)
_MARKED = re.compile(r"[ \t>\-*+#=_|\d`~]")
"""How a row with a block mark or a fence begins.  Nearly all rows are prose and need no closer look."""
_RULE = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$")
_TABLE_RULE = frozenset("|:- \t")
_CELLS = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})([^`]*)$")


# One article's text is read for its summary, its print, search, and near copies.
@lru_cache(maxsize=8)
def words(markdown: str) -> str:
    r"""What a reader reads in the Markdown: one line a block or line of it, nothing of the markup.

    Left out: emphasis marks, list and quote marks, targets of links, pictures with their alternative text (a
    caption is a paragraph of its own and stays).  Escapes and entities are undone.  Linear in the length.

    >>> words("## 一\n\n**“硬核”** [崛起](https://a.b/c) ![图](x.jpg)\n\n- 甲\\*乙\n")
    '一\n“硬核” 崛起\n甲*乙'
    """
    found: list[str] = []
    block: list[str] = []
    fence = ""

    def close() -> None:
        if block:
            found.extend(map(str.strip, inline("\n".join(block)).split("\n")))
            block.clear()

    for row in markdown.split("\n"):
        if not fence and not _MARKED.match(row):
            if row:
                block.append(row.rstrip(" \t"))
            else:
                close()
            continue
        opening = _FENCE.match(row)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
            else:
                found.append(row.strip())
            continue
        text, begins = _unmarked(row)
        if opening or begins or not text:
            close()
        if opening:
            fence = opening[1]
        elif text:
            block.append(text)
    close()
    return "\n".join(filter(None, found))


def _unmarked(row: str) -> tuple[str, bool]:
    """The row without its block marks, and whether a block begins with it."""
    start, begins = 0, False
    while mark := _MARKERS.match(row, start):
        start = mark.end()
        begins = begins or not mark[1]
    row = row[start:].strip(" \t")
    if _RULE.match(row):
        return "", True
    if row.startswith("|"):
        if _TABLE_RULE.issuperset(row):
            return "", True
        return " ".join(cell.strip() for cell in _CELLS.split(row)), True
    return row, begins
