"""Chinese for full-text search: pairs of characters.  Pure.

SQLite's own tokenizers take a run of Chinese for one word (`unicode61`) or cannot find words of two characters
(`trigram`), and most Chinese words have two.  So a run of Chinese is indexed as every pair of neighbours and its
last character alone, and a word is looked for as the phrase of its pairs:

    杭州六小龙   →   杭州 州六 六小 小龙 龙        looked for as   "杭州 州六 六小 小龙"

Every character begins a token, so one character is found as a prefix.  A run ends at punctuation, and its last
character alone marks the place, so no phrase crosses it; between words in letters a mark of its own stands there.
A space between Chinese and letters is typography and does not count.  What this finds is what a reader would find.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from archive.text.spelling import folded, visible

CHINESE = (
    "\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Han, kana, bopomofo and hangul, as the inside of a character class: scripts that write no spaces between words."""

_UNITS = re.compile(rf"([{CHINESE}]+)|[^\W_{CHINESE}]+")
_BREAK = "\u01c0"
"""Stands where punctuation keeps a word in letters from what is beside it; no text contains it by accident."""

_LETTER = rf"[^\W_{CHINESE}]"


def _plain(text: str) -> str:
    return folded(text).replace(_BREAK, " ")


def _breaks(gap: str) -> bool:
    """Whether there is punctuation between two words, or the end of a line; space alone is none."""
    return gap != "" and (not gap.isspace() or "\n" in gap)


def _units(plain: str) -> Iterator[tuple[bool, str, bool]]:
    """Runs of Chinese and words in letters: whether Chinese, the run, whether punctuation stands before."""
    before = 0
    for found in _UNITS.finditer(plain):
        yield found.lastindex == 1, found[0], _breaks(plain[before : found.start()])
        before = found.end()


def indexed(text: str) -> str:
    """What is indexed of a text: its tokens in their order.

    >>> indexed("杭州，AI 时代")
    '杭州 州 ǀ ai 时代 代'
    """
    plain = _plain(text)
    twice = _twice(plain)
    tokens: list[str] = []
    before, chinese_before = 0, True
    for found in _UNITS.finditer(plain):
        start, end = found.span()
        chinese = found.lastindex == 1
        if tokens and not (chinese and chinese_before) and _breaks(plain[before:start]):
            tokens.append(_BREAK)
        # 杭州六 written twice is 杭 杭州 州六 六: all but its beginning are the pairs, and the last one alone.
        tokens.append(twice[3 * start + 2 : 3 * end] if chinese else found[0])
        before, chinese_before = end, chinese
    return " ".join(tokens)


def _twice(text: str) -> str:
    """Every character twice, with a space between the two."""
    once = array("I", text.encode("utf-32-le", "surrogatepass"))
    spaced = array("I", " ".encode("utf-32-le")) * (3 * len(text))
    spaced[0::3] = spaced[2::3] = once
    return spaced.tobytes().decode("utf-32-le", "surrogatepass")


def tokens(text: str) -> list[str]:
    """The tokens of a text, one by one."""
    return indexed(text).split()


@dataclass(frozen=True, slots=True)
class Term:
    """Something to look for.

    text: as it was asked for.  phrase: the FTS5 expression that finds it, empty when there is nothing to find.
    pattern: finds it in `folded` text, for marking it there.
    """

    text: str
    phrase: str
    pattern: re.Pattern[str]


def term(text: str) -> Term:
    """What to look for to find this text word for word; a `*` after letters stands for more of them.

    >>> term("杭州").phrase, term("州").phrase, term("AI时代").phrase, term("deep*").phrase
    ('"杭州"', '"州"*', '"ai 时代"', '"deep"*')
    """
    text = visible(text)
    plain = _plain(text)
    units = list(_units(plain))
    found = tokens(text)
    prefix = False
    if units:
        chinese, run, _ = units[-1]
        prefix = len(run) == 1 if chinese else text.endswith("*")
        if chinese and len(run) > 1:
            found.pop()
    phrase = f'"{" ".join(found)}"{"*" * prefix}' if found else ""
    return Term(text, phrase, re.compile(_pattern(units, prefix=prefix)))


def _pattern(units: list[tuple[bool, str, bool]], *, prefix: bool) -> str:
    if not units:
        return r"(?!)"
    parts: list[str] = []
    for index, (chinese, run, broken) in enumerate(units):
        if index:
            both = chinese and units[index - 1][0]
            parts.append(r"[\W_]+" if broken or both else r"\s*")
        elif not chinese:
            parts.append(rf"(?<!{_LETTER})")
        parts.append(re.escape(run))
    if not units[-1][0]:
        parts.append(rf"{_LETTER}*" if prefix else rf"(?!{_LETTER})")
    return "".join(parts)
