"""When what failed is tried again by a later run.  Pure.

Within a run, `scraper.fetch` tries one request again; this is about articles that failed all the same.
"""

from datetime import datetime, timedelta
from typing import Final

FIRST: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=6)
FAR: Final = timedelta(days=7)

MOST_RUNS: Final = 8
MOST_BLOCKED: Final = 3
"""A page that the site refuses to show (401, 403, 418, 423, 451) is given up sooner: it is no accident."""


def retry_at(
    now: datetime, attempts: int, *, blocked: bool = False, wait: float | None = None
) -> datetime | None:
    """When to try again after one more failure; None to give up.

    attempts: failures before this one.  wait: seconds the site asked for; honoured up to a week.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> [f"{retry_at(noon, n) - noon}" for n in (0, 1, 5)], retry_at(noon, 7)
    (['0:15:00', '0:30:00', '6:00:00'], None)
    """
    if attempts + 1 >= (MOST_BLOCKED if blocked else MOST_RUNS):
        return None
    pause = min(LONGEST, FIRST * float(2**attempts))
    if wait is not None:
        pause = max(pause, min(FAR, timedelta(seconds=max(0.0, min(wait, 1e9)))))
    return now + pause
