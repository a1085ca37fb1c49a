"""What a reader reads in a piece of Markdown.  Pure."""

import re
from functools import lru_cache
from html import unescape

_DESTINATION = re.compile(
    r"\((?:<[^<>\n]*>|(?:\\[^\n]|[^\s()\\])*(?:\((?:\\[^\n]|[^\s()\\])*\)(?:\\[^\n]|[^\s()\\])*)*)"
    r"(?:\s+\"(?:[^\"\\]|\\.)*\")?\s*\)"
)
_ALT = re.compile(r"!\[(?:[^\[\]\\]|\\.)*\]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>")
_SPECIAL = re.compile(r"[\\`!\[\]<&*_~]")
_TICKS = re.compile("`+")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_MARKERS = re.compile(
    r" {0,3}(?:>[ ]?|[-*+](?:[ \t]+|$)|\d{1,9}[.)](?:[ \t]+|$)|#{1,6}(?:[ \t]+|$))"
)
_RULE = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$")
_TABLE_RULE = frozenset("|:- \t")
_CELLS = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})([^`]*)$")


@lru_cache(
    maxsize=8
)  # one article's text is read for its summary, its print, search, and near copies
def words(markdown: str) -> str:
    r"""What a reader reads in the Markdown: one line a block or line of it, nothing of the markup.

    Left out: emphasis marks, list and quote marks, targets of links, pictures with their alternative text (a
    caption is a paragraph of its own and stays).  Escapes and entities are undone.  Linear in the length.

    >>> words("## 一\n\n**“硬核”** [崛起](https://a.b/c) ![图](x.jpg)\n\n- 甲\\*乙\n")
    '一\n“硬核” 崛起\n甲*乙'
    """
    found: list[str] = []
    fence = ""
    for row in markdown.split("\n"):
        opening = _FENCE.match(row)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
            else:
                found.append(row.strip())
        elif opening:
            fence = opening[1]
        else:
            found.append(_inline(_unmarked(row)).strip())
    return "\n".join(row for row in found if row)


def _unmarked(row: str) -> str:
    """The row without its block marks: quote, list, heading, rule, table edges."""
    start = 0
    while mark := _MARKERS.match(row, start):
        start = mark.end()
    row = row[start:].strip(" \t")
    if _RULE.match(row):
        return ""
    if row.startswith("|"):
        if _TABLE_RULE.issuperset(row):
            return ""
        return " ".join(cell.strip() for cell in _CELLS.split(row))
    return row


def _inline(row: str) -> str:
    """The row without its inline marks."""
    if not _SPECIAL.search(row):
        return row
    ticks = _pairs(row) if "`" in row else {}
    said: list[str] = []
    at, end = 0, len(row)
    while at < end:
        special = _SPECIAL.search(row, at)
        if special is None:
            said.append(row[at:])
            break
        here = special.start()
        said.append(row[at:here])
        text, at = _token(row, here, ticks)
        said.append(text)
    return "".join(said)


def _token(row: str, here: int, ticks: dict[int, tuple[int, int]]) -> tuple[str, int]:
    """What the special character at `here` says, and where to go on."""
    mark = row[here]
    if mark == "\\":
        following = row[here + 1 : here + 2]
        return (following, here + 2) if following in _PUNCTUATION else ("\\", here + 1)
    if mark == "`":
        if here in ticks:
            length, close = ticks[here]
            return row[here + length : close], close + length
        run = _TICKS.match(row, here)
        assert run is not None
        return run[0], run.end()
    if mark == "!":
        alt = _ALT.match(row, here)
        target = _DESTINATION.match(row, alt.end()) if alt else None
        return ("", target.end()) if target else ("!", here + 1)
    if mark == "[":
        return "", here + 1
    if mark == "]":
        target = _DESTINATION.match(row, here + 1)
        return "", target.end() if target else here + 1
    if mark == "<":
        link = _AUTOLINK.match(row, here)
        return (link[1], link.end()) if link else ("<", here + 1)
    if mark == "&":
        entity = _ENTITY.match(row, here)
        return (unescape(entity[0]), entity.end()) if entity else ("&", here + 1)
    return _emphasis(row, here)


def _emphasis(row: str, here: int) -> tuple[str, int]:
    """A run of `*`, `_` or `~`: markup, unless it stands where it cannot be."""
    mark = row[here]
    after = here
    while row[after : after + 1] == mark:
        after += 1
    run = row[here:after]
    before, behind = row[here - 1 : here], row[after : after + 1]
    inside_word = before.isalnum() and behind.isalnum()
    alone = (not before or before.isspace()) and (not behind or behind.isspace())
    literal = alone or (mark == "_" and inside_word) or (mark == "~" and len(run) != 2)
    return (run, after) if literal else ("", after)


def _pairs(row: str) -> dict[int, tuple[int, int]]:
    """Where code spans open: start of the opening run, its length, start of the closing run.  Linear."""
    runs = [(run.start(), run.end() - run.start()) for run in _TICKS.finditer(row)]
    waiting: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        waiting.setdefault(runs[index][1], []).append(runs[index][0])
    found: dict[int, tuple[int, int]] = {}
    reached = 0
    for start, length in runs:
        waiting[length].pop()
        if start < reached or (start and row[start - 1] == "\\"):
            continue
        if waiting[length]:
            close = waiting[length][-1]
            found[start] = (length, close)
            reached = close + length
    return found
