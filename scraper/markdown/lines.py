"""White space, as a browser treats it.  Pure.

set_lines    runs of text into paragraphs of lines
tidied       one text, its white space collapsed and what cannot be seen taken out
"""

import re

from scraper.markdown.blocks import BREAK, CODE, RAW, Line, Run

PLACE = "\ufffc"
"""Stands for something that is no text (see `inline`); one that comes from a page is an object that got lost there."""

_ODD = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]"
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffc\ufffe\uffff]"
    # A zero-width joiner makes one emoji of two; anywhere else it does nothing.
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)
_SPACES = re.compile("[ \t\n\x0b\x0c\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]+")


def tidied(text: str) -> str:
    """The text with runs of white space as one space and characters that nobody sees taken out.

    Wide (ideographic) spaces inside stay: they are as wide on paper as on the page.

    >>> tidied("a \\n b\\u200bc"), tidied("\\u3000\\u3000张\\u3000三")
    ('a bc', '\\u3000\\u3000张\\u3000三')
    """
    # What is odd is hardly ever printable, and to ask for that is twice as fast.
    if "  " not in text and (
        (text.isprintable() and PLACE not in text) or _ODD.search(text) is None
    ):
        return text
    return _SPACES.sub(" ", _UNSEEN.sub("", text))


def set_lines(runs: list[Run]) -> list[list[Line]]:
    """Paragraphs of lines.  One break ends a line, two end a paragraph; lines are trimmed, empty ones are gone."""
    if len(runs) == 1:
        only = _trimmed(runs)
        return [[only]] if only else []

    paragraphs: list[list[Line]] = []
    lines: list[Line] = []
    line: Line = []
    for run in [*runs, BREAK, BREAK]:
        if run is not BREAK:
            line.append(run)
            continue
        if line and (line := _trimmed(line)):
            lines.append(line)
            line = []
        elif lines:
            paragraphs.append(lines)
            lines = []
    return paragraphs


def _trimmed(line: Line) -> Line:
    """The line with its spaces collapsed across runs, none at its ends, and equal neighbours made one."""
    if len(line) == 1:
        text, marks, href = line[0]
        if not marks & RAW:
            text = "" if text.isspace() else tidied(text).strip()
        return [(text, marks, href)] if text else []

    groups: list[tuple[list[str], int, str]] = []
    space = ""  # a space waits until words follow it; at the line's start none does
    spaced = 0, ""
    for text, marks, href in line:
        if not marks & RAW:
            text = tidied(text)
            if not groups:
                text = text.lstrip()
            words = text.strip(" ")
            if not words:
                if text and groups and not space:
                    space, spaced = " ", (marks & ~CODE, href)
                continue
            if text[0] == " " and groups and not space:
                space, spaced = " ", (marks, href)
            following = text[-1] == " "
            text = words
        else:
            following = False
        if space:
            _join(groups, space, *spaced)
        _join(groups, text, marks, href)
        space, spaced = (" ", (marks, href)) if following else ("", spaced)
    trimmed = [("".join(texts), marks, href) for texts, marks, href in groups]
    while trimmed and not trimmed[-1][1] & RAW:
        text, marks, href = trimmed.pop()
        if text := text.rstrip():
            trimmed.append((text, marks, href))
            break
    return trimmed


def _join(groups: list[tuple[list[str], int, str]], text: str, marks: int, href: str) -> None:
    if groups and not marks & RAW:
        texts, last, linked = groups[-1]
        if linked == href and last == marks:
            texts.append(text)
            return
        if linked == href and last & marks & CODE:
            texts.append(text)  # backticks side by side would merge
            groups[-1] = (texts, last & marks, href)
            return
    groups.append(([text], marks, href))


def plain(lines: list[Line]) -> str:
    """The text of a paragraph on one line, without its marks."""
    return " ".join(
        "".join(text for text, marks, _ in line if not marks & RAW).strip() for line in lines
    ).strip()


def program(text: str) -> str:
    """Program text: line ends as `\\n`, no empty lines before or after, plain spaces, nothing invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    lines = [_UNSEEN.sub("", line).rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)
