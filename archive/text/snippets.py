"""The place in a text that shows best why it was found.  Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.text.spelling import folded
from archive.text.terms import Term

WIDTH = 80
"""Characters of text in a snippet."""

_MOST = 500
"""Places looked at for each term."""

_PAUSE = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet.  found: whether it is what was looked for."""

    text: str
    found: bool = False


def marked(text: str, terms: Iterable[Term]) -> tuple[Piece, ...]:
    """The whole text with what was looked for marked."""
    return _pieces(text, 0, len(text), _places(text, terms))


def snippet(text: str, terms: Sequence[Term], *, width: int = WIDTH) -> tuple[Piece, ...]:
    """About `width` characters of the text around the most of what was looked for, marked.

    Without a term in the text it is the beginning.  Line ends become spaces; `…` shows where text is left out.
    """
    places = _places(text, terms)
    start = _start(text, places, width)
    end = min(len(text), start + width)
    end = max([end, *(stop for begin, stop, _ in places if begin < end <= stop <= end + width)])
    pieces = _pieces(text, start, end, places)
    if start:
        pieces = (Piece("…"), *pieces)
    if end < len(text):
        pieces = (*pieces, Piece("…"))
    return pieces


def _places(text: str, terms: Iterable[Term]) -> list[tuple[int, int, int]]:
    """Where terms stand: start, end, which term; in order."""
    plain = folded(text)
    found = [
        (match.start(), match.end(), number)
        for number, term in enumerate(terms)
        for match in islice(term.pattern.finditer(plain), _MOST)
    ]
    return sorted(found)


def _start(text: str, places: list[tuple[int, int, int]], width: int) -> int:
    """Where the snippet begins: at the sentence of the window with the most different terms."""
    best, best_worth = 0, (0, 0)
    right = 0
    for left, (start, _, _) in enumerate(places):
        right = max(right, left)
        while right < len(places) and places[right][1] <= start + width * 3 // 4:
            right += 1
        inside = places[left:right]
        worth = (len({number for _, _, number in inside}), len(inside))
        if worth > best_worth:
            best, best_worth = start, worth
    if best < width // 4 or not places:
        return 0
    pauses = [pause.end() for pause in _PAUSE.finditer(text, best - width // 4, best)]
    begin = pauses[0] if pauses else best - width // 8
    return min(begin, max(0, len(text) - width))


def _pieces(
    text: str, start: int, end: int, places: list[tuple[int, int, int]]
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = start
    for begin, stop, _ in places:
        begin, stop = max(begin, at), min(stop, end)
        if begin < stop:
            pieces.append(Piece(_flat(text[at:begin])))
            pieces.append(Piece(_flat(text[begin:stop]), found=True))
            at = stop
    pieces.append(Piece(_flat(text[at:end])))
    return tuple(piece for piece in pieces if piece.text)


def _flat(text: str) -> str:
    return text.replace("\n", " ")
