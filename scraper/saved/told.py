"""What a program that saved a page wrote into it: where the page stood, and when that was.  Pure.

address_told    by browsers, SingleFile, monolith, Save Page WE
time_told       by the same, without the browsers: it outlasts copying, as the time of a file does not
believed        such a time, unless it cannot be
"""

import re
from datetime import datetime, timedelta

_ADDRESS = re.compile(
    rb"<!--\s*(?:saved from (?:url=\(\d+\))?|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]{1,2048})"
    rb"|<meta name=\"?savepage-url\"? content=\"?(https?://[^\s\"<>]{1,2048})",
    re.IGNORECASE,
)
_TIME = re.compile(
    rb"(?:\n saved date: |<meta name=\"?savepage-date\"? content=\"?)"
    rb"\w{3} (\w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4})"
    rb"|<!-- Saved from [^\s<>]{1,2048} at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) using monolith"
)
_SLACK = timedelta(days=1)
"""How much later than it is by our clock a page may have been saved by another."""
_FIRST_YEAR = 1991
"""Of pages on the web."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def address_told(page: bytes) -> str:
    """Where a page stood; empty where it does not say."""
    found = _ADDRESS.search(page)
    return (found[1] or found[2]).decode("utf-8", "replace") if found else ""


def time_told(page: bytes, *, now: datetime) -> datetime | None:
    """When a page was saved; None where it does not say, or cannot be right.

    >>> from datetime import UTC
    >>> page = b"SingleFile \\n saved date: Mon May 13 2024 10:00:00 GMT+0800 (China)"
    >>> time_told(page, now=datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2024-05-13T10:00:00+08:00'
    """
    found = _TIME.search(page)
    if not found:
        return None
    try:
        if found[2]:
            return believed(datetime.fromisoformat(found[2].decode()), now=now)
        # Not by strptime, to which months have the names of the user's language.
        month, rest = found[1].decode().split(" ", 1)
        written = f"{_MONTHS.index(month) + 1} {rest}"
        return believed(datetime.strptime(written, "%m %d %Y %H:%M:%S GMT%z"), now=now)
    except ValueError:
        return None


def believed(time: datetime, *, now: datetime) -> datetime | None:
    """The time; None when there was no web yet, and when it has not come: all later texts would count as older."""
    return time if time.year >= _FIRST_YEAR and time <= now + _SLACK else None
