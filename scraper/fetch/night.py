"""The hours in which the site may be asked.  Pure.

    closed_for    how long until they begin

Given by the clock of China, whatever the clock of this machine: the site's night is meant, not ours.
"""

from datetime import datetime
from typing import Final

from archive.article import BEIJING

DAY: Final = 86400.0


def closed_for(night: str | None, now: datetime) -> float:
    """Seconds until the hours of `night` (`01:00-07:00`, by the clock of China) begin; 0 within them, or without any.

    >>> closed_for("23:00-06:00", datetime(2026, 1, 1, 22, 30, tzinfo=BEIJING))
    1800.0
    >>> closed_for("23:00-06:00", datetime(2026, 1, 2, 3, 0, tzinfo=BEIJING))
    0.0
    """
    if night is None:
        return 0.0
    begin, end = (_seconds(text) for text in night.split("-"))
    there = now.astimezone(BEIJING)
    since = there.hour * 3600 + there.minute * 60 + there.second + there.microsecond / 1e6
    if (since - begin) % DAY < (end - begin) % DAY or begin == end:
        return 0.0
    return (begin - since) % DAY


def _seconds(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60
