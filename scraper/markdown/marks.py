"""Where marks may stand so that every renderer reads them.  Pure.

Asterisks are read by what stands beside them: a closing `**` after `”` and before `崛` stays an asterisk, in every
renderer.  Chinese puts no spaces there, so here a mark whose edge would not be read is drawn in until it is:
`**“硬核”**崛起` becomes `“**硬核**”崛起`.  Nothing is added to the text; what is lost is the weight of a comma or a
bracket.

A line is one string, in which `PLACE` stands for what is no text, and for each mark the spans it covers, in order and
apart from each other.
"""

import re
import unicodedata
from bisect import bisect_right

from scraper.markdown.blocks import BOLD, ITALIC, STRIKE
from scraper.markdown.delimiters import pairs
from scraper.markdown.lines import PLACE

Span = tuple[int, int]
Spans = dict[int, list[Span]]
"""By mark."""

Signed = tuple[int, int, str]
"""A span and the delimiter on both sides of it."""

_SIGNS = {BOLD: "**", ITALIC: "*", STRIKE: "~~"}
_MANY = 300
"""Spans in one line; beyond, italic and struck ones are given up: no person wrote it, and comparing them takes long."""

_PAIRS = dict(zip("”’）》】』」〉〗〕］｝)]}>", "“‘（《【『「〈〖〔［｛([{<", strict=True))
_DELIMITERS = re.compile(f"[*_~{PLACE}]")


def settle(text: str, spans: Spans) -> list[Signed]:
    """Draw the spans in, part those that get in each other's way, and name their delimiters; outer ones come first.

    >>> settle("“硬核”崛起", {BOLD: [(0, 4)], ITALIC: [], STRIKE: []})
    [(1, 3, '**')]
    """
    if sum(map(len, spans.values())) > _MANY:
        spans[ITALIC] = spans[STRIKE] = []
    for mark in spans:
        spans[mark] = [kept for span in spans[mark] if (kept := _drawn_in(text, *span))]
    if spans[ITALIC] and spans[BOLD]:
        spans[ITALIC] = _nested(text, spans[ITALIC], spans[BOLD])
    while spans[STRIKE]:
        before = dict(spans)
        for mark in (BOLD, ITALIC):
            spans[mark] = _parted(text, spans[mark], spans[STRIKE])
        spans[ITALIC] = _nested(text, spans[ITALIC], spans[BOLD])
        if spans == before:
            break
    return _signed(text, spans)


def covers(spans: list[Span], at: int) -> bool:
    """Whether one of the spans, which are in order, covers the place."""
    found = bisect_right(spans, at, key=lambda span: span[0])
    return found > 0 and spans[found - 1][1] > at


# What stands beside a mark.


def _drawn_in(text: str, start: int, end: int) -> Span | None:
    """The span without the spaces at its ends, nor the punctuation that would keep its mark from being read."""
    first, last = start, end = _trimmed(text, start, end)
    if word_at(text, first - 1):
        while start < end and not _is_word(text[start]):
            start += 1
    if word_at(text, last):
        while start < end and not _is_word(text[end - 1]):
            end -= 1
    if start == first and end < last:
        # What opens at the start must not be left alone in the mark: “ of ”, 《 of 》.
        lost = {_PAIRS[letter]: letter for letter in text[end:last] if letter in _PAIRS}
        while start < end and text[start] in lost and lost[text[start]] not in text[start:end]:
            start += 1
    start, end = _trimmed(text, start, end)
    return (start, end) if start < end else None


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def word_at(text: str, at: int) -> bool:
    """Whether a letter stands there, for the strictest renderer; beyond the line's ends none does."""
    if not 0 <= at < len(text):
        return False
    letter = text[at]
    if letter.isspace() or letter == PLACE:
        return False
    category = unicodedata.category(letter)[0]
    return not (category == "P" or (category == "S" and letter.isascii()))


def _is_word(letter: str) -> bool:
    """Whether no renderer counts the letter as punctuation.  Some count symbols (`％` `￥` `→`), so none is a word."""
    return letter != PLACE and unicodedata.category(letter)[0] not in "PSZ"


# What marks do to each other.


def _parted(text: str, spans: list[Span], struck: list[Span]) -> list[Span]:
    """A mark that crosses struck text, or ends where it does beside a letter, is not read with it: it gives way."""
    parted: list[Span] = []
    left = spans[::-1]
    while left:
        span = left.pop()
        strike = next((strike for strike in struck if _collide(text, span, strike)), None)
        if strike is None:
            parted.append(span)
            continue
        for start, end in (
            (max(span[0], strike[1]), span[1]),
            (span[0], min(span[1], strike[0])),
        ):
            if start < end and (kept := _drawn_in(text, start, end)):
                left.append(kept)
    return parted


def _collide(text: str, span: Span, strike: Span) -> bool:
    """Whether no renderer reads both: their delimiters would cross, or stand side by side beside a letter."""
    (first, last), (start, end) = span, strike
    if first == start or last == end:
        return (first == start and word_at(text, start - 1)) or (last == end and word_at(text, end))
    return first < start < last < end or start < first < end < last


def _nested(text: str, italics: list[Span], bold: list[Span]) -> list[Span]:
    """Where a bold and an italic span cross, the italic one gives way."""
    nested: list[Span] = []
    for start, end in italics:
        first, last = _around(bold, start)
        if first < start < last < end:
            start = last
        first, last = _around(bold, end)
        if start < first < end < last:
            end = first
        if start < end and (kept := _drawn_in(text, start, end)):
            nested.append(kept)
    return nested


def _around(spans: list[Span], at: int) -> Span:
    """The last span that starts at the place or before it; an empty one at the place where there is none."""
    found = bisect_right(spans, at, key=lambda span: span[0])
    return spans[found - 1] if found else (at, at)


# Delimiters.


def _signed(text: str, spans: Spans) -> list[Signed]:
    """Every span with its delimiter.  Italics that a renderer would misread beside bold are given up."""
    while True:
        bold, italic = spans[BOLD], spans[ITALIC]
        signed = [
            (start, end, _SIGNS[mark]) for mark in (STRIKE, BOLD) for start, end in spans[mark]
        ]
        signed += [(start, end, _italic_sign(text, start, end, bold)) for start, end in italic]
        signed.sort(key=lambda each: (each[0], -each[1]))
        if not italic or not bold or _is_read(text, signed, spans):
            return signed
        edges = {edge for span in bold for edge in span}
        kept = [span for span in italic if span in set(bold) or not edges & {*span}]
        spans[ITALIC] = kept if len(kept) < len(italic) else []


def _italic_sign(text: str, start: int, end: int, bold: list[Span]) -> str:
    """`_` for italics that meet bold, where no letter forbids it: three asterisks can close the wrong mark."""
    near = [_around(bold, start - 1), _around(bold, start), _around(bold, end)]
    meets = any(first <= end and start <= last for first, last in near if first < last)
    if not meets or (start, end) in near:
        return "*"
    # A bold mark outside the italic one, at the same place, stands between it and the letter.
    before = any(last == start or (first == start and last > end) for first, last in near)
    after = any(first == end or (last == end and first < start) for first, last in near)
    free = (before or not word_at(text, start - 1)) and (after or not word_at(text, end))
    return "_" if free else "*"


def _is_read(text: str, signed: list[Signed], spans: Spans) -> bool:
    """Whether a renderer finds the marks that were meant."""
    line, at = "", 0
    for place, sign in delimiters(signed):
        line += _DELIMITERS.sub(".", text[at:place]) + sign
        at = place
    line += _DELIMITERS.sub(".", text[at:])
    meant = {(*span, 2) for span in spans[BOLD]} | {(*span, 1) for span in spans[ITALIC]}
    # GitHub looks past tildes at what stands behind them, the others do not.
    return pairs(line) == meant and ("~" not in line or pairs(line.replace("~", "")) == meant)


def delimiters(signed: list[Signed]) -> list[tuple[int, str]]:
    """The delimiters of a line and their places, in order: at one place, what closes comes before what opens."""
    opening: dict[int, str] = {}
    closing: dict[int, str] = {}
    for start, end, sign in signed:
        opening[start] = opening.get(start, "") + sign
        closing[end] = sign + closing.get(end, "")
    return [
        (at, closing.get(at, "") + opening.get(at, ""))
        for at in sorted(opening.keys() | closing.keys())
    ]
