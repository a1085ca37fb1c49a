"""How CommonMark pairs asterisks and underscores, to foresee what a renderer will make of a line.  Pure.

The rules are those of the CommonMark specification 0.31, "Emphasis and strong emphasis", with its appendix on parsing.
Where bold and italic meet, runs of three can pair otherwise than they were meant; only parsing tells.
"""

import re
import unicodedata
from dataclasses import dataclass

_RUN = re.compile(r"\*+|_+|~+")

Pair = tuple[int, int, int]
"""Where marked text starts and ends, counted without the delimiters, and how strong it is: 1 italic, 2 bold."""


@dataclass(slots=True)
class _Run:
    sign: str
    at: int
    length: int
    left: int
    opens: bool
    closes: bool


def pairs(line: str) -> set[Pair]:
    """What a renderer marks in the line, in which every asterisk, underscore and tilde is a delimiter.

    >>> sorted(pairs("**甲***乙*"))
    [(0, 1, 2), (1, 2, 1)]
    >>> pairs("**“硬核”**崛起")
    set()
    """
    found: set[Pair] = set()
    waiting: list[_Run] = []
    for run in _runs(line):
        if run.closes:
            _close(run, waiting, found)
        if run.opens and run.left:
            waiting.append(run)
    return found


def _close(closer: _Run, waiting: list[_Run], found: set[Pair]) -> None:
    at = len(waiting) - 1
    while at >= 0 and closer.left:
        opener = waiting[at]
        both = opener.closes or closer.opens
        if opener.sign != closer.sign or (
            both
            and (opener.length + closer.length) % 3 == 0
            and (opener.length % 3 or closer.length % 3)
        ):
            at -= 1
            continue
        strong = 2 if opener.left > 1 and closer.left > 1 else 1
        found.add((opener.at, closer.at, strong))
        opener.left -= strong
        closer.left -= strong
        del waiting[at + 1 :]  # what opened inside can no longer close
        if not opener.left:
            waiting.pop()
            at -= 1


def _runs(line: str) -> list[_Run]:
    runs = []
    passed = 0
    for match in _RUN.finditer(line):
        start, end = match.span()
        at, length, sign = start - passed, end - start, line[start]
        passed += length
        if sign == "~":  # strikes through; here it is but a sign beside the others
            continue
        before = line[start - 1] if start else " "
        after = line[end] if end < len(line) else " "
        opens = not after.isspace() and (
            not _is_sign(after) or before.isspace() or _is_sign(before)
        )
        closes = not before.isspace() and (
            not _is_sign(before) or after.isspace() or _is_sign(after)
        )
        if sign == "_":
            opens, closes = (
                opens and (not closes or _is_sign(before)),
                closes and (not opens or _is_sign(after)),
            )
        runs.append(_Run(sign, at, length, length, opens, closes))
    return runs


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"
