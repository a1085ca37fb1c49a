"""Write one line of marked text.  Pure.  Which marks can stand where is left to `marks`."""

import re
from collections.abc import Sequence

from scraper.markdown import escape
from scraper.markdown.addresses import written
from scraper.markdown.blocks import BOLD, CODE, ITALIC, RAW, STRIKE, Line
from scraper.markdown.lines import PLACE
from scraper.markdown.marks import Span, Spans, covers, delimiters, settle

_BACKTICKS = re.compile("`+")


def write_lines(lines: Sequence[Line]) -> list[str]:
    """The lines of one paragraph as Markdown; `escape.paragraph` makes one of them."""
    plain = []
    for line in lines:
        text, marks, href = line[0]
        if marks or href or len(line) > 1:
            return [write_line(line) for line in lines]
        plain.append(text)
    return escape.texts(plain)


def write_line(line: Line) -> str:
    """One line, as far as it can be written without knowing the others of its paragraph."""
    if len(line) == 1:
        text, marks, href = line[0]
        if not href and not marks:
            return escape.text(text)
        if not href and marks in (BOLD, ITALIC):
            sign = "**" if marks == BOLD else "*"
            return f"{sign}{escape.text(text)}{sign}"
    return _Writing(line).markdown()


class _Writing:
    """One line, or the text of one link (bracketed), in which a `PLACE` stands for each link, code span and picture."""

    def __init__(self, line: Line, *, bracketed: bool = False) -> None:
        self.bracketed = bracketed
        self.spans: Spans = {BOLD: [], ITALIC: [], STRIKE: []}
        self.links: dict[int, tuple[Line, str]] = {}
        self.places: dict[int, str] = {}
        self.parts: list[str] = []
        self.length = 0
        self.marks = 0  # of the last words
        self.last = " "  # the last letter
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
                self._add_place(text, 0)
            elif marks & CODE and (code := text.strip()) and not (bracketed and "]" in text):
                # Code knows no escape: inside a link its bracket could end the link.
                before, _, after = text.partition(code)
                self._add(before, 0)
                self._add_place(_code(code), marks)
                self._add(after, 0)
            else:
                self._add(text, marks)
        self.text = "".join(self.parts)

    def _add_place(self, shown: str, marks: int) -> None:
        self.places[self.length] = shown
        self._add(PLACE, marks)

    def _add(self, text: str, marks: int) -> None:
        if not text:
            return
        start = self.length
        self.length += len(text)
        self.parts.append(text)
        # Words with a space between are marked together only if nothing else tells them apart.
        apart = text[0].isspace() or self.last.isspace()
        for mark, spans in self.spans.items():
            if marks & mark:
                if spans and self._follows(spans[-1], start) and (marks == self.marks or not apart):
                    spans[-1] = (spans[-1][0], self.length)
                else:
                    spans.append((start, self.length))
        self.last = text[-1]
        if not text.isspace():
            self.marks = marks

    def _follows(self, span: Span, start: int) -> bool:
        """Whether at most a space stands between the span and the place; lines never hold two in a row."""
        return start - span[1] < 1 or (start - span[1] == 1 and self.parts[-2].isspace())

    def _add_link(self, line: Line, href: str) -> None:
        """A link, its outer spaces outside; the marks that all of it has may stand around it."""
        if line[0][0].startswith(" "):
            self._add(" ", 0)
            line[0] = (line[0][0].lstrip(" "), *line[0][1:])
        after = line[-1][0].endswith(" ")
        if after:
            line[-1] = (line[-1][0].rstrip(" "), *line[-1][1:])
        line = [run for run in line if run[0]]
        if line:
            words = [marks for text, marks, _ in line if not marks & RAW and text.strip()]
            common = (BOLD | ITALIC | STRIKE) if words else 0
            for marks in words:
                common &= marks
            self.links[self.length] = (line, href)
            self._add(PLACE, common)
        if after:
            self._add(" ", 0)

    def markdown(self) -> str:
        signs = dict(delimiters(settle(self.text, self.spans)))
        cuts = sorted({0, *signs, *self.places, *self.links})
        parts: list[str] = []
        for at, following in zip(cuts, [*cuts[1:], len(self.text)], strict=True):
            parts.append(signs.get(at, ""))
            start = at
            if at in self.places:
                parts.append(self.places[at])
                start += 1
            elif at in self.links:
                parts.append(self._link(at))
                start += 1
            if start < following:
                said = self.text[start:following]
                # An exclamation mark right before a link would make a picture of it.
                mark = "\\!" if said[-1] == "!" and following in self.links else ""
                said = escape.text(said[:-1] if mark else said, bracketed=self.bracketed) + mark
                # Goldmark takes an escaped tilde beside a struck one for a third of these.
                parts.append(said.replace("\\~", "&#126;") if self.spans[STRIKE] else said)
        return "".join(parts)

    def _link(self, at: int) -> str:
        """A link.  Marks that could not stand around it stand inside, where its brackets keep letters away."""
        line, href = self.links[at]
        if (
            len(line) == 1
            and line[0][0] in (href, href.removeprefix("mailto:"))
            and _is_plain(href)
        ):
            return f"<{line[0][0]}>"
        around = sum(mark for mark, spans in self.spans.items() if covers(spans, at))
        inside = [(text, marks if marks & RAW else marks & ~around, "") for text, marks, _ in line]
        return f"[{_Writing(inside, bracketed=True).markdown()}]({written(href)})"


def _is_plain(address: str) -> bool:
    return address.isascii() and written(address) == address


def _code(text: str) -> str:
    """A code span, between as few backticks as stand together nowhere in it."""
    runs = {len(run) for run in _BACKTICKS.findall(text)}
    length = next(length for length in range(1, len(runs) + 2) if length not in runs)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{'`' * length}{pad}{unbraced(text)}{pad}{'`' * length}"


def unbraced(text: str) -> str:
    """Code that Hugo finds no shortcode in.  Code knows no escape: a zero-width space has to part the braces."""
    return (
        text.replace("{{<", "{\u200b{<")
        .replace("{{%", "{\u200b{%")
        .replace("<!--more", "<!\u200b--more")
    )
