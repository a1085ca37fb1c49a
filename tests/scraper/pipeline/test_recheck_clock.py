"""What is kept is looked at in its time, and a takedown told, though the clock was ahead for one run."""

from datetime import timedelta
from pathlib import Path

from scraper.pipeline.outcome import Result
from tests.scraper.pipeline.feed import KNOWN, publish
from tests.scraper.pipeline.looks import run, seen_times
from tests.scraper.site import (
    Answer,
    Bench,
    Site,
    address,
    tools,
)


def test_after_a_run_whose_clock_was_ahead_looks_are_taken_when_their_time_has_come(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            publish(site, *KNOWN[:2])
            t.clock.ahead = timedelta(days=15)
            assert (await run(t)).rechecked == 1

            looks = []
            for hours in (1, 2, 3, 6, 8, 9, 26, 27, 250, 260):
                t.clock.ahead = timedelta(hours=hours)
                looks.append((hours, (await run(t)).rechecked))

            # Both at once, for their last look is still to come; then each in its time, that of the second counted from
            # its first look at the right time.
            assert looks == [
                (1, 2), (2, 0), (3, 0), (6, 1), (8, 1), (9, 0), (26, 2), (27, 0), (250, 2), (260, 0),
            ]  # fmt: skip

    bench.run(story)


def test_a_takedown_is_told_also_after_a_look_whose_clock_was_ahead(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.ahead = timedelta(days=15)
            assert (await run(t)).rechecked == 1
            site[address(KNOWN[0])] = Answer(status=404)
            t.clock.ahead = timedelta(hours=7)
            assert (await run(t)).results == {Result.GONE: 1}
            assert seen_times(t) == (True, False, False)
            t.clock.pass_by(hours=7)
            await run(t)
            assert seen_times(t) == (True, True, False)

    bench.run(story)
