"""Write one line of marked text.  Pure.

Asterisks are read by what stands beside them: a closing `**` after `”` and before `崛` stays an asterisk, in every
renderer.  Chinese puts no spaces there, so here a mark whose edge would not be read is drawn in until it is:
`**“硬核”**崛起` becomes `“**硬核**”崛起`.  Nothing is added to the text; what is lost is the weight of a comma or a
bracket.  Marks on a link at such a place move inside it, where brackets protect them.

A line is one string, in which `PLACE` stands for each link, code span and small picture, and a list of spans a mark.
"""

import re
import unicodedata
from collections.abc import Sequence

from scraper.markdown import escape
from scraper.markdown.addresses import written
from scraper.markdown.blocks import BOLD, CODE, ITALIC, RAW, STRIKE, Line
from scraper.markdown.delimiters import pairs
from scraper.markdown.lines import PLACE

Span = tuple[int, int]

_SIGNS = {BOLD: "**", ITALIC: "*", STRIKE: "~~"}
_DELIMITERS = re.compile(f"[*_~{PLACE}]")
_PAIRS = dict(zip("”’）》】』」〉〗〕］｝)]}>", "“‘（《【『「〈〖〔［｛([{<", strict=True))


def write_lines(lines: Sequence[Line]) -> list[str]:
    """The lines of one paragraph as Markdown; their starts are not yet safe to open a line with (`escape.start`)."""
    if all(len(line) == 1 and not line[0][1] and not line[0][2] for line in lines):
        lone = escape.lone_signs("".join(line[0][0] for line in lines))
        return [escape.text(line[0][0], lone=lone) for line in lines]
    return [write_line(line) for line in lines]


def write_line(line: Line) -> str:
    """One line, as far as it can be written without knowing the others of its paragraph."""
    if len(line) == 1:
        text, marks, href = line[0]
        if not href and not marks:
            return escape.text(text)
        if not href and marks in (BOLD, ITALIC):
            return f"{_SIGNS[marks]}{escape.text(text)}{_SIGNS[marks]}"
    return _Writing(line, "", bracketed=False).markdown()


class _Writing:
    """One line, or the inside of one link (bracketed; `edge` is then the bracket it stands between)."""

    def __init__(self, line: Line, edge: str, *, bracketed: bool) -> None:
        self.text = ""
        self.edge = edge
        self.bracketed = bracketed
        self.spans: dict[int, list[Span]] = {BOLD: [], ITALIC: [], STRIKE: []}
        self.links: dict[int, tuple[Line, str]] = {}
        self.places: dict[int, str] = {}
        self.marks = 0  # of the last words
        at = 0
        while at < len(line):
            text, marks, href = line[at]
            at += 1
            if href and not bracketed:
                linked = [(text, marks, "")]
                while at < len(line) and line[at][2] == href:
                    linked.append((*line[at][:2], ""))
                    at += 1
                self._add_link(linked, href)
            elif marks & RAW:
                self._add(PLACE, 0, text)
            elif marks & CODE and not (
                bracketed and "]" in text
            ):  # it could end the link, and code knows no escape
                self._add(" " * (len(text) - len(text.lstrip())), 0)
                self._add(PLACE, marks, _code(text.strip()))
                self._add(" " * (len(text) - len(text.rstrip())), 0)
            else:
                self._add(text, marks)

    def _add(self, text: str, marks: int, shown: str = "") -> None:
        start, end = len(self.text), len(self.text) + len(text)
        self.text += text
        if shown:
            self.places[start] = shown
        for mark, spans in self.spans.items():
            if marks & mark:
                # Words apart are marked together only if nothing else tells them apart.
                between = self.text[spans[-1][1] - 1 : start + 1] if spans else ""
                if (
                    spans
                    and (len(between) == 2 or not between[1:-1].strip())
                    and (
                        marks == self.marks or not (between[:1].isspace() or between[-1:].isspace())
                    )
                ):
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
        if not text.isspace():
            self.marks = marks

    def _add_link(self, line: Line, href: str) -> None:
        """A link, its outer spaces outside; the marks that all of it has may stand around it."""
        words = "".join(text for text, marks, _ in line if not marks & RAW)
        if not words.strip() and not any(marks & RAW for _, marks, _ in line):
            self._add(words, 0)
            return
        if line[0][0].startswith(" ") and not line[0][1] & RAW:
            self._add(" ", 0)
            line[0] = (line[0][0].lstrip(" "), *line[0][1:])
        after = line[-1][0].endswith(" ") and not line[-1][1] & RAW
        if after:
            line[-1] = (line[-1][0].rstrip(" "), *line[-1][1:])
        line = [run for run in line if run[0]]
        common = BOLD | ITALIC | STRIKE
        for text, marks, _ in line:
            if text.strip() and not marks & RAW:
                common &= marks
        self.links[len(self.text)] = (line, href)
        self._add(PLACE, common)
        if after:
            self._add(" ", 0)

    def markdown(self) -> str:
        for mark in (STRIKE, BOLD, ITALIC):
            self.spans[mark] = [
                kept for span in self.spans[mark] if (kept := self._drawn_in(*span))
            ]
        self._nest_italics()
        while self.spans[STRIKE]:
            before = dict(self.spans)
            self._part_from_strikes()
            self._nest_italics()
            if before == self.spans:
                break
        return self._written()

    # What stands beside a mark.

    def _drawn_in(self, start: int, end: int) -> Span | None:
        """The span without the spaces at its ends, nor the punctuation that would keep its mark from being read."""
        text = self.text
        start, end = self._trimmed(start, end)
        if start >= end:
            return None
        opens = _is_word(text[start]) or not self._word_at(start - 1)
        if not opens:
            while start < end and not _is_word(text[start]):
                start += 1
        closed = end
        if not (_is_word(text[end - 1]) or not self._word_at(end)):
            while end > start and not _is_word(text[end - 1]):
                end -= 1
        if start >= end:
            return None
        if opens and end < closed:
            # What opens at the start must not be left alone in the mark: “ of ”, 《 of 》.
            lost = {_PAIRS[letter]: letter for letter in text[end:closed] if letter in _PAIRS}
            while start < end and text[start] in lost and lost[text[start]] not in text[start:end]:
                start += 1
        start, end = self._trimmed(start, end)
        return (start, end) if start < end else None

    def _trimmed(self, start: int, end: int) -> Span:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end

    def _word_at(self, at: int) -> bool:
        """Whether a letter stands there, for a renderer that is strict; beyond the line's ends none does."""
        if not 0 <= at < len(self.text):
            return False
        letter = self.text[at]
        return not (letter.isspace() or letter == PLACE or _is_punctuation(letter))

    # What marks do to each other.

    def _part_from_strikes(self) -> None:
        """Where another mark crosses or meets struck text, no renderer reads both beside a letter: it gives way."""
        struck = self.spans[STRIKE]
        for mark in (BOLD, ITALIC):
            parted: list[Span] = []
            left = self.spans[mark][::-1]
            while left:
                span = left.pop()
                strike = next((strike for strike in struck if self._collide(span, strike)), None)
                if strike is None:
                    parted.append(span)
                    continue
                # A letter apart, so that the delimiters do not touch.
                for start, end in (
                    (max(span[0], strike[1] + 1), span[1]),
                    (span[0], min(span[1], strike[0] - 1)),
                ):
                    if start < end and (kept := self._drawn_in(start, end)):
                        left.append(kept)
            self.spans[mark] = parted

    def _collide(self, span: Span, strike: Span) -> bool:
        if span == strike:
            return self._word_at(span[0] - 1) or self._word_at(span[1])
        (first, last), (start, end) = span, strike
        return bool({*span} & {*strike}) or first < start < last < end or start < first < end < last

    def _nest_italics(self) -> None:
        """Where a bold and an italic span cross, the italic one gives way."""
        nested: list[Span] = []
        for start, end in self.spans[ITALIC]:
            for first, last in self.spans[BOLD]:
                if first < start < last < end:
                    start = last
                elif start < first < end < last:
                    end = first
            if start < end and (kept := self._drawn_in(start, end)):
                nested.append(kept)
        self.spans[ITALIC] = nested

    # Writing.

    def _written(self) -> str:
        opening, closing = self._delimiters()
        cuts = sorted({0, len(self.text), *opening, *closing, *self.places, *self.links})
        parts: list[str] = []
        for at, cut in enumerate(cuts):
            parts += (closing.get(cut, ""), opening.get(cut, ""))
            if cut in self.places:
                parts.append(self.places[cut])
                cut += 1
            elif cut in self.links:
                parts.append(self._link(cut))
                cut += 1
            following = cuts[at + 1] if at + 1 < len(cuts) else len(self.text)
            if cut < following:
                said = self.text[cut:following]
                mark = "\\!" if said.endswith("!") and following in self.links else ""  # no picture
                said = said[:-1] if mark else said
                said = escape.text(said, bracketed=self.bracketed) + mark
                # Goldmark takes an escaped tilde beside a struck one for a third of these.
                parts.append(said.replace("\\~", "&#126;") if self.spans[STRIKE] else said)
        return "".join(parts)

    def _delimiters(self) -> tuple[dict[int, str], dict[int, str]]:
        """What opens and what closes at each place.  Italics that would be misread beside bold are given up."""
        while True:
            opening: dict[int, str] = {}
            closing: dict[int, str] = {}
            signed = [
                (start, end, self._italic_sign(start, end) if mark == ITALIC else _SIGNS[mark])
                for mark in (STRIKE, BOLD, ITALIC)
                for start, end in self.spans[mark]
            ]
            for start, end, sign in sorted(signed, key=lambda each: (each[0], -each[1])):
                opening[start] = opening.get(start, "") + sign
                closing[end] = sign + closing.get(end, "")
            italic, bold = self.spans[ITALIC], self.spans[BOLD]
            if not italic or not bold or self._is_read(opening, closing):
                return opening, closing
            edges = {edge for span in bold for edge in span}
            kept = [span for span in italic if span in bold or not edges & {*span}]
            self.spans[ITALIC] = kept if len(kept) < len(italic) else []

    def _is_read(self, opening: dict[int, str], closing: dict[int, str]) -> bool:
        """Whether a renderer finds the marks that were meant."""
        cuts = sorted({0, len(self.text), *opening, *closing})
        line = ""
        for cut, following in zip(cuts, [*cuts[1:], len(self.text)], strict=True):
            line += closing.get(cut, "") + opening.get(cut, "")
            line += _DELIMITERS.sub(".", self.text[cut:following])
        meant = {(*span, 2) for span in self.spans[BOLD]} | {
            (*span, 1) for span in self.spans[ITALIC]
        }
        # GitHub looks past tildes at what stands behind them, the others do not.
        return pairs(line) == meant and ("~" not in line or pairs(line.replace("~", "")) == meant)

    def _italic_sign(self, start: int, end: int) -> str:
        """`_` for italics that meet bold, where no letter forbids it: three asterisks can close the wrong mark."""
        bold = self.spans[BOLD]
        if not any(first <= end and start <= last for first, last in bold):
            return "*"
        # A bold mark outside the italic one, at the same place, stands between it and the letter.
        before = not self._word_at(start - 1) or any(
            last == start or (first == start and last > end) for first, last in bold
        )
        after = not self._word_at(end) or any(
            first == end or (last == end and first < start) for first, last in bold
        )
        return "_" if before and after and (start, end) not in bold else "*"

    def _link(self, at: int) -> str:
        line, href = self.links[at]
        around = sum(
            mark
            for mark, spans in self.spans.items()
            if any(start <= at < end for start, end in spans)
        )
        inside = [
            (text, marks if marks & RAW else marks & ~around, href) for text, marks, href in line
        ]
        if (
            len(line) == 1
            and line[0][0] in (href, href.removeprefix("mailto:"))
            and _is_plain(href)
        ):
            return f"<{line[0][0]}>"
        return f"[{_Writing(inside, '[', bracketed=True).markdown()}]({written(href)})"


def _code(text: str) -> str:
    """A code span, fenced by one backtick more than it holds."""
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{unbraced(text)}{pad}{fence}"


def unbraced(text: str) -> str:
    """Code that Hugo finds no shortcode in.  Code knows no escape: a zero-width space has to part the braces."""
    return (
        text.replace("{{<", "{\u200b{<")
        .replace("{{%", "{\u200b{%")
        .replace("<!--more", "<!\u200b--more")
    )


def _is_plain(address: str) -> bool:
    return written(address) == address and address.isascii()


def _is_word(letter: str) -> bool:
    """Whether no renderer counts the letter as punctuation.  Some count symbols (`％` `￥` `→`), so none is a word."""
    return letter != PLACE and unicodedata.category(letter)[0] not in "PSZ"


def _is_punctuation(letter: str) -> bool:
    """Whether every renderer counts the letter as punctuation: ASCII signs and Unicode's P."""
    category = unicodedata.category(letter)[0]
    return category == "P" or (category == "S" and letter.isascii())
