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
from collections.abc import Sequence
from functools import lru_cache
from operator import eq

from archive.text import folded

SHORTEST = 60
"""Shingles a text must have; below that a few borrowed words look like a copy."""

ALIKE = 0.5
"""Texts this similar are copies of one text."""

FEWEST = 32
"""Bins that must be filled: a text that says one thing over and over has too few shingles as well."""

BINS = 128
"""The seven highest bits of a hash are its bin."""

_NONE = BINS << 16
"""Greater than any hash."""

_WORDS = re.compile(r"[^\W_]+")
_WIDE = re.compile("[\uff10-\uff5a]")
_FIRST_AND_THIRD = 0xB5297A4D3F << 64 | 0x1B56C4E9D7
_SECOND_AND_FOURTH = 0x68E31DA4B1 << 64 | 0xD6E8FEB865
"""Four odd numbers of 40 bits, one for each place in a shingle, in lanes of 64 bits."""


def shingles(text: str) -> set[int]:
    """A hash of 23 bits for every run of four letters, digits or characters; punctuation and case do not count."""
    return set(_hashes(text))


def _hashes(text: str) -> Sequence[int]:
    """The hashes of all shingles, in their order, some perhaps twice.

    The hash of c0 c1 c2 c3 is bits 25 to 47 of c0·k0 + c1·k1 + c2·k2 + c3·k3.  All of them are computed at once, on
    long numbers that hold every other letter in lanes of 64 bits: Python multiplies long numbers at the speed of C.
    Numbers of at most 30 bits are also what it compares fastest.
    """
    letters = "".join(_WORDS.findall(text)).lower()
    if _WIDE.search(letters):
        letters = folded(letters)
    count = len(letters) - 3
    if count < 1:
        return ()
    lanes = len(letters) // 2 + 3
    low, most = _every(0xFFFFFFFF, lanes), _every(0x7FFFFF, lanes)
    whole = int.from_bytes(letters.encode("utf-32-le", "replace"), "little")
    even, odd = whole & low, whole >> 32 & low  # letters 0 2 4 …, letters 1 3 5 …
    # The sum that begins with a lane's letter takes the third letter from the next lane, and stands there.
    from_even = even * _FIRST_AND_THIRD + odd * _SECOND_AND_FOURTH >> 64
    from_odd = odd * _FIRST_AND_THIRD + (even >> 64) * _SECOND_AND_FOURTH >> 64
    hashes = (from_even >> 25 & most) | (from_odd >> 25 & most) << 32
    return struct.unpack_from(f"<{count}I", hashes.to_bytes(8 * lanes, "little"))


@lru_cache(maxsize=64)
def _every(value: int, lanes: int) -> int:
    """The number with `value` in each of its lanes."""
    return int.from_bytes(value.to_bytes(8, "little") * lanes, "little")


def signature(text: str) -> bytes | None:
    """The signature of a text, None for a text too short to tell."""
    hashes = _hashes(text)
    if len(hashes) < SHORTEST:
        return None
    smallest = [_NONE] * BINS
    for one in hashes:
        index = one >> 16
        if one < smallest[index]:
            smallest[index] = one
    kept = {index: one & 0xFFFF for index, one in enumerate(smallest) if one < _NONE}
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
