"""Which texts are nearly the same.  Pure.

    signature    256 bytes for a text: 128 samples of its shingles, by one-permutation MinHash
    similarity   of two signatures: about the share of shingles (runs of four letters) that both texts have
    bands        32 numbers; texts that share one are worth comparing

One hash of each shingle falls into one of 128 bins, and each bin keeps its smallest: the cost of a single hash where
plain MinHash computes 128.  Bins that stay empty in a short text borrow from others by a fixed plan.  Two texts with
half of their shingles in common share a band of four bins almost always; unrelated texts almost never.  It is plain
Python, about half as fast as the compiled libraries for it (`_hashes` says how), and costs no dependency.
"""

import re
import struct
import sys
from array import array
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from operator import eq

from archive.text import folded

SHORTEST = 60
"""Shingles a text must have; below that a few borrowed words look like a copy."""

ALIKE = 0.5
"""Texts this similar are copies of one text."""

FEWEST = 32
"""Bins that must be filled: a text that says one thing over and over has too few shingles as well."""

BINS = 128
_EDGES = [index << 16 for index in range(BINS + 1)]

_WORDS = re.compile(r"[^\W_]+")
_WIDE = re.compile("[\uff10-\uff5a]")
_KEYS = (0xB5297A4D3F, 0x68E31DA4B1, 0x1B56C4E9D7, 0xD6E8FEB865)
"""Four odd numbers of 40 bits, one for each place in a shingle."""


def shingles(text: str) -> set[int]:
    """A hash of 23 bits for every run of four letters, digits or characters; punctuation and case do not count."""
    return set(_hashes(text))


def _hashes(text: str) -> list[int]:
    """The hashes of all shingles, in no order, some perhaps twice.

    The hash of c0 c1 c2 c3 is bits 25 to 47 of c0·k0 + c1·k1 + c2·k2 + c3·k3.  All of them are computed at once, on
    one long number that holds the whole text in lanes of 64 bits: Python multiplies long numbers at the speed of C.
    Numbers of at most 30 bits are also what it sorts fastest.
    """
    letters = "".join(_WORDS.findall(text)).lower()
    if _WIDE.search(letters):
        letters = folded(letters)
    count = len(letters) - 3
    if count < 1:
        return []
    lanes = len(letters) // 2 + 3
    low, most = _every(0xFFFFFFFF, lanes), _every(0x7FFFFF, lanes)
    whole = int.from_bytes(letters.encode("utf-32-le", "replace"), "little")
    even, odd = whole & low, whole >> 32 & low  # letters 0 2 4 …, letters 1 3 5 …
    places = (even, odd, even >> 64, odd >> 64, even >> 128)
    found: list[int] = []
    for first, starts in ((0, (count + 1) // 2), (1, count // 2)):
        total = sum(place * key for place, key in zip(places[first:], _KEYS, strict=False))
        hashes = (total >> 25 & most).to_bytes(8 * lanes, "little")
        found.extend(struct.unpack(f"<{starts}Q", hashes[: 8 * starts]))
    return found


@lru_cache(maxsize=64)
def _every(value: int, lanes: int) -> int:
    """The number with `value` in each of its lanes."""
    return int.from_bytes(value.to_bytes(8, "little") * lanes, "little")


def signature(text: str) -> bytes | None:
    """The signature of a text, None for a text too short to tell."""
    hashes = sorted(_hashes(text))
    if len(hashes) < SHORTEST:
        return None
    # The seven highest bits are the bin, so a bin's smallest stands where the bin begins.
    firsts = [bisect_left(hashes, edge) for edge in _EDGES]
    kept = {
        index: hashes[here] & 0xFFFF
        for index, (here, beyond) in enumerate(pairwise(firsts))
        if here < beyond
    }
    if len(kept) < FEWEST:
        return None
    if len(kept) < BINS:
        kept = {index: kept[_lender(index, kept)] for index in range(BINS)}
    values = array("H", kept.values())
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _lender(index: int, kept: dict[int, int]) -> int:
    """The bin that `index` takes its value from: itself, or where a fixed walk first meets a full one."""
    step = 0
    while index not in kept:
        step += 1
        index = (index * 73 + step * 37 + 11) % BINS
        if step > 50 * BINS:
            return next(iter(kept))
    return index


def similarity(one: bytes, other: bytes) -> float:
    """About the share of shingles that two texts have in common, from 0 to 1; off by 0.09 once in twenty."""
    same = sum(map(eq, memoryview(one).cast("H"), memoryview(other).cast("H")))
    return int(same) / BINS


def bands(mark: bytes) -> list[int]:
    """Thirty-two numbers of 64 bits, signed as SQLite likes them."""
    quads = struct.unpack("<32q", mark)
    return [quad ^ (_SPREAD * number & _LONG) for number, quad in enumerate(quads, 1)]


_SPREAD = 0x1E3779B97F4A7C15
_LONG = 0x7FFFFFFFFFFFFFFF
