"""The words of an article, to compare and to search.  Pure.

    clean        text as it may be stored: nothing that could act on a terminal, a file or a reader's eye
    words        what a reader reads in a piece of Markdown: no markup, no link targets, one block a line
    folded       text as search sees it: same length, width and case evened out
    bare         text as comparison sees it: folded, and without any space
    fingerprint  one short word for a text, equal exactly when `bare` is

Link targets never count: the stored Markdown links to local pictures and the page's to the web, and both must
give the same fingerprint, or every illustrated article would look revised after a rebuild.
"""

import hashlib
import re
import unicodedata
from html import unescape
from itertools import chain

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u00ad\u034f\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""Seen only through what they join (emoji); kept in what is stored, left out of what is compared."""

_UNSAFE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_BIDI}\ufeff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    r"""The text as it may be stored: NFC, line ends as \n, no control characters, surrogates or bidi controls.

    >>> clean("\x1b[31m杭\u202e州\r\n")
    '[31m杭州\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", _UNSAFE.sub("", text)))


def line(text: str) -> str:
    r"""Cleaned text on one line, runs of space as one space; for titles, names and other single values.

    >>> line(" 杭州\n  日报\u00a0")
    '杭州 日报'
    """
    return _SPACES.sub(" ", clean(text)).strip()


def _folding() -> dict[int, str | None]:
    """Full width to half width and upper to lower case, for every character where that is one for one."""
    table: dict[int, str | None] = {}
    for code in chain(range(0x10000), range(0x10400, 0x10450), range(0x1E900, 0x1E944)):
        if 0xD800 <= code <= 0xDFFF:
            continue
        character = chr(code)
        wide = 0xFF01 <= code <= 0xFF5E
        low = (chr(code - 0xFEE0) if wide else character).casefold()
        if len(low) == 1 and low != character:
            table[code] = low
    table[0x3000] = " "
    return table


_FOLDING = _folding()
_UNSEEN = dict.fromkeys(map(ord, _BIDI + _INVISIBLE + _JOINERS))


def folded(text: str) -> str:
    """The text with width and case evened out, character for character, so that offsets stay true.

    >>> folded("ＤｅｅｐＳｅｅｋ　诞生")
    'deepseek 诞生'
    """
    return text.translate(_FOLDING)


def bare(text: str) -> str:
    """The text as comparison sees it: NFC, folded, nothing invisible, no space at all.

    Spaces go because one article is served with other line breaks and spacing under its other addresses.

    >>> bare("Deep\u200bSeek 诞生\u00a0")
    'deepseek诞生'
    """
    text = unicodedata.normalize("NFC", text).translate(_UNSEEN).translate(_FOLDING)
    return _SPACES.sub("", text)


def fingerprint(text: str) -> str:
    """The sha256 of the bare text in hex, or the empty string when nothing is left of it.

    >>> fingerprint("杭 州") == fingerprint("杭州"), fingerprint(" ")
    (True, '')
    """
    kept = bare(text)
    return hashlib.sha256(kept.encode("utf-8", "replace")).hexdigest() if kept else ""


# -- Markdown to words ---------------------------------------------------------------------------------------

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
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})([^`]*)$")


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
        return "" if _TABLE_RULE.match(row) else re.sub(r"(?<!\\)\|", " ", row)
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
