"""Whether a source has fallen silent: nothing new for much longer than it usually takes.  Pure.

    Silent    a source, since when, and what its habit was
    silent    when sources brought something new → those that have fallen silent

The great failure of unattended scrapers is that a list stops moving and every run is green: one we know of committed
3,783 empty runs in half a year before anybody looked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

FACTOR: Final = 4
"""So many times its habit is too long; a night or a holiday is not."""

LEAST: Final = timedelta(hours=12)
"""No shorter silence is worth a word, however lively the source."""

ENOUGH: Final = 5
"""So many times it must have brought something before one can speak of a habit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A source that has fallen silent.  since: when it last brought something new.  habit: the usual gap."""

    name: str
    since: datetime
    habit: timedelta


def silent(brought: Mapping[str, Iterable[datetime]], now: datetime) -> list[Silent]:
    """The sources of which nothing new came for too long.

    brought: source → when it brought something new, in any order.  A time to come is told by a clock that was ahead,
    and would hide any silence until then.
    """
    found = []
    for name, times in sorted(brought.items()):
        came = sorted(at for at in times if at <= now)
        if len(came) < ENOUGH:
            continue
        gaps = sorted(later - earlier for earlier, later in pairwise(came))
        habit = gaps[len(gaps) * 9 // 10]
        if now - came[-1] > max(LEAST, FACTOR * habit):
            found.append(Silent(name=name, since=came[-1], habit=habit))
    return found
