"""Sentences of two texts side by side, and what changed inside each.  Pure.

Edit   one sentence: same, added, removed or changed, with its changed words marked
Part   a piece of a changed sentence: kept, cut or put in
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from archive.text import bare


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a changed sentence.  kind: `=` in both, `-` only in the old, `+` only in the new."""

    kind: Literal["=", "-", "+"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One sentence.  old or new is empty when it was added or removed.

    paragraph: whether a whole paragraph came or went with it.  last: whether it ends its paragraph.
    """

    kind: Literal["same", "added", "removed", "changed"]
    old: str
    new: str
    parts: tuple[Part, ...] = ()
    paragraph: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence.  key: what is compared of it.  paragraph: counts from 0.  last: whether it ends its paragraph."""

    text: str
    key: str
    paragraph: int
    last: bool


_END = re.compile(r"[^。！？!?；;…]*[。！？!?；;…]+[”’」』）)\"]*|[^。！？!?；;…]+")


def sentences(paragraph: str) -> list[str]:
    """The sentences of a line of text, each with its full stop and closing quotes.

    >>> sentences("他说：“来。”她没来！真的")
    ['他说：“来。”', '她没来！', '真的']
    """
    return [found for match in _END.finditer(paragraph) if (found := match[0].strip())]


def split(text: str) -> list[Sentence]:
    """The sentences of a text whose lines are paragraphs."""
    found: list[Sentence] = []
    for number, paragraph in enumerate(text.split("\n")):
        pieces = sentences(paragraph)
        found.extend(
            Sentence(piece, bare(piece), number, place == len(pieces))
            for place, piece in enumerate(pieces, 1)
        )
    return found


def between(before: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[Edit]:
    """Both texts as one: sentences that stayed, changed, came and went, in reading order."""
    pairs = list(_aligned(before, after))
    stays_before = {old.paragraph for old, new in pairs if old and new}
    stays_after = {new.paragraph for old, new in pairs if old and new}
    for old, new in pairs:
        if old and new:
            if old.key == new.key:
                yield Edit(kind="same", old=old.text, new=new.text, last=new.last)
            else:
                yield changed(old.text, new.text, last=new.last)
        elif new:
            whole = new.paragraph not in stays_after
            yield Edit(kind="added", old="", new=new.text, paragraph=whole, last=new.last)
        elif old:
            whole = old.paragraph not in stays_before
            yield Edit(kind="removed", old=old.text, new="", paragraph=whole, last=old.last)


def _aligned(
    before: Sequence[Sentence], after: Sequence[Sentence]
) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Both texts side by side: equal sentences first, then among the rest those that are alike."""
    keys = [one.key for one in before], [one.key for one in after]
    for kind, i, i_end, j, j_end in _blocks(*keys):
        if kind == "equal":
            yield from zip(before[i:i_end], after[j:j_end], strict=True)
        else:
            yield from _paired(before[i:i_end], after[j:j_end])


ALIKE = 0.5
"""Two sentences that share that much are one sentence, changed."""

_MOST_PAIRS = 10_000


def _paired(
    before: Sequence[Sentence], after: Sequence[Sentence]
) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Old sentences beside the new ones they became, in order; the most alike overall."""
    rows, columns = len(before), len(after)
    if not rows or not columns or rows * columns > _MOST_PAIRS:
        yield from ((one, None) for one in before)
        yield from ((None, one) for one in after)
        return
    alike = [[_alike(one.key, other.key) for other in after] for one in before]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    i = j = 0
    while i < rows or j < columns:
        meet = i < rows and j < columns and alike[i][j] >= ALIKE
        if meet and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield before[i], after[j]
            i, j = i + 1, j + 1
        elif i < rows and best[i][j] == best[i + 1][j]:
            yield before[i], None
            i += 1
        else:
            yield None, after[j]
            j += 1


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or (near := matcher.quick_ratio()) < ALIKE:
        return 0.0
    return matcher.ratio() if len(one) * len(other) <= _MOST else near


_MOST = 4_000_000
"""Comparing takes time in proportion to the product of both lengths; beyond this one all is taken for changed."""

Block = tuple[str, int, int, int, int]


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    """Equal and changed stretches of two sequences, as difflib's opcodes, in bounded time."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next(
        (n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head
    )
    middle, other = before[head : len(before) - tail], after[head : len(after) - tail]
    if head:
        yield "equal", 0, head, 0, head
    if len(middle) * len(other) <= _MOST:
        codes = SequenceMatcher(None, middle, other, autojunk=False).get_opcodes()
        for kind, i, i_end, j, j_end in codes:
            yield kind, i + head, i_end + head, j + head, j_end + head
    else:
        yield "replace", head, head + len(middle), head, head + len(other)
    if tail:
        yield "equal", len(before) - tail, len(before), len(after) - tail, len(after)


_WORD = re.compile(r"\d+(?:[.,:]\d+)*%?|[A-Za-z][A-Za-z0-9'-]*|\s+|.", re.DOTALL)


def changed(old: str, new: str, *, last: bool = True) -> Edit:
    """A sentence (or headline) that became another, its words marked."""
    return Edit(kind="changed", old=old, new=new, parts=tuple(_parts(old, new)), last=last)


def _parts(old: str, new: str) -> Iterator[Part]:
    """The pieces of two sentences side by side; lone characters between changes go with the change."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    blocks = list(_blocks(before, after))
    cut, put = "", ""
    for place, (kind, i, i_end, j, j_end) in enumerate(blocks):
        inner = 0 < place < len(blocks) - 1
        if kind == "equal" and not (inner and i_end - i == 1 and before[i].isalnum()):
            yield from _cut_and_put(cut, put)
            cut, put = "", ""
            yield Part("=", "".join(before[i:i_end]))
        else:
            cut += "".join(before[i:i_end])
            put += "".join(after[j:j_end])
    yield from _cut_and_put(cut, put)


def _cut_and_put(cut: str, put: str) -> Iterator[Part]:
    if cut:
        yield Part("-", cut)
    if put:
        yield Part("+", put)
