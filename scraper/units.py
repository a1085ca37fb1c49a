"""Seconds, bytes and counts as people write them: `2s`, `20m`, `20MB`, `3 pictures`.  Pure.

    Seconds    a float for the program; in a settings dataclass it tells `scraper.config` to accept `90s` or `1h30m`
    Size       an int for the program, in bytes; there it tells to accept `20MB` or `64KiB`

The types are plain numbers to everyone but the configuration, so a settings dataclass is as easily made by hand.
"""

import re
from typing import Annotated, Final


class _Unit:
    """A mark on a type; recognised by identity."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


DURATION: Final = _Unit("duration")
SIZE: Final = _Unit("size")

Seconds = Annotated[float, DURATION]
Size = Annotated[int, SIZE]

_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_BYTES: Final = {
    "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
    "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12,
}  # fmt: skip

_LONGEST: Final = 100 * 365 * 86400.0
"""No setting means more than a hundred years, and dates beyond them may not exist."""

_DURATION = re.compile(r"([0-9]{1,12}(?:[.][0-9]{1,9})?)\s*(ms|[smhdw])\s*", re.IGNORECASE)
_SIZE = re.compile(r"([0-9]{1,15}(?:[.][0-9]{1,9})?)\s*([kmgt]i?b?|b)?", re.IGNORECASE)


def seconds(text: str) -> float:
    """A duration in seconds.  Raises ValueError for anything that is not one, and for more than a hundred years.

    A bare number needs its unit, but for 0.

    >>> seconds("1h30m"), seconds("1.5s"), seconds("0")
    (5400.0, 1.5, 0.0)
    """
    rest = text.strip()
    if rest == "0":
        return 0.0
    total = 0.0
    position = 0
    while found := _DURATION.match(rest, position):
        total += float(found[1]) * _SECONDS[found[2].lower()]
        position = found.end()
    if position == 0 or position != len(rest):
        raise ValueError(f"{text!r} is not a duration like 30s, 20m or 1h30m")
    if total > _LONGEST:
        raise ValueError(f"{text!r} is longer than a hundred years")
    return total


def size(text: str) -> int:
    """A number of bytes.  Raises ValueError for anything that is not one.

    >>> size("20MB"), size("64KiB"), size("500")
    (20000000, 65536, 500)
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a size like 500KB, 20MB or 1GiB")
    return int(float(found[1]) * _BYTES[(found[2] or "b").lower()])


def duration_text(value: float) -> str:
    """A duration as a person would write it.

    >>> duration_text(5400), duration_text(0.5), duration_text(0)
    ('1h30m', '500ms', '0s')
    """
    if value < 1:
        return f"{round(value * 1000)}ms" if value else "0s"
    if value != int(value):
        return f"{value:g}s" if value < 60 else duration_text(round(value))
    rest = int(value)
    written = ""
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, length)
        written += f"{count}{unit}" if count else ""
    return written


def size_text(value: float) -> str:
    """A number of bytes as a person would write it, to two or three digits.

    >>> size_text(999), size_text(11_800_000)
    ('999 B', '11.8 MB')
    """
    for unit, length in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if value >= length:
            return (
                f"{value / length:.3g} {unit}"
                if value < 999.5 * length
                else f"{value / length:.0f} {unit}"
            )
    return f"{value:.0f} B"


def size_exact(value: int) -> str:
    """A number of bytes as `size` reads it back, nothing rounded.

    >>> size_exact(20_000_000), size_exact(5 * 2**20), size_exact(1234)
    ('20MB', '5MiB', '1234')
    """
    units = (
        (10**9, "GB"),
        (2**30, "GiB"),
        (10**6, "MB"),
        (2**20, "MiB"),
        (10**3, "KB"),
        (2**10, "KiB"),
    )
    for length, unit in units:
        if value and value % length == 0:
            return f"{value // length}{unit}"
    return str(value)


def count_text(count: int, name: str) -> str:
    """How many there are of something.

    >>> count_text(1, "picture"), count_text(0, "picture")
    ('1 picture', '0 pictures')
    """
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
