"""Runs that look again at what is kept, for the tests."""

from collections.abc import Iterable

from scraper.pipeline.outcome import Summary
from scraper.pipeline.recheck import Rechecks
from scraper.sources.found import Source
from tests.scraper.pipeline.feed import CHANNEL, run_over
from tests.scraper.site import (
    Tools,
)

HOUR, DAY = 3600.0, 86400.0
TIMES = Rechecks(after=(6 * HOUR, DAY, 10 * DAY), fresh=HOUR, most=200)


async def run(
    t: Tools, rechecks: Rechecks = TIMES, *, sources: Iterable[Source] = (CHANNEL,)
) -> Summary:
    return await run_over(t, rechecks=rechecks).run(sources)


def seen_times(t: Tools) -> tuple[bool, ...]:
    """Whether the one article was seen gone, confirmed so, and seen back."""
    (row,) = t.rows("select gone, confirmed, back from articles")
    return tuple(time is not None for time in row)
