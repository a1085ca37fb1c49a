"""Runs that reach a bound, or are asked to stop."""

import asyncio
from pathlib import Path

from scraper.pipeline.run import Bounds
from scraper.pipeline.stop import Stop
from tests.scraper.pipeline.feed import (
    CHANNEL,
    KNOWN,
    publish,
    run_over,
    waiting,
)
from tests.scraper.site import (
    Answer,
    Bench,
    Site,
    address,
    article,
    held,
    tools,
)

# Bounds.


def test_a_run_that_reaches_its_limit_says_so_and_the_next_one_goes_on(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:6])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t, bounds=Bounds(limit=4)).run([CHANNEL])
            assert (summary.total, summary.bound, summary.left) == (4, "--limit", 2)
            assert summary.signs == ("BOUND",)
            assert waiting(t) == {"pending": 2}
            rest = await run_over(t, bounds=Bounds(limit=4)).run([CHANNEL])
            assert (rest.total, rest.bound, rest.signs) == (2, "", ())

    bench.run(story)


def test_a_limit_that_is_just_enough_is_no_bound(bench: Bench, site: Site, tmp_path: Path) -> None:
    publish(site, *KNOWN[:3])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t, bounds=Bounds(limit=3)).run([CHANNEL])
            assert (summary.total, summary.bound, summary.left) == (3, "", 0)

    bench.run(story)


def test_a_run_ends_when_its_time_or_its_bytes_are_used_up(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:12])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            seconds = iter(range(1000))
            short = run_over(
                t, at_once=1, bounds=Bounds(seconds=12), monotonic=lambda: float(next(seconds))
            )
            summary = await short.run([CHANNEL])
            assert summary.bound == "--max-time"
            assert 0 < summary.total < 12
            small = run_over(t, at_once=1, bounds=Bounds(bytes=t.fetcher.cost.total.bytes + 5000))
            rest = await small.run([])
            assert rest.bound == "--max-bytes"
            assert 0 < rest.total < 6

    bench.run(story)


# Stopping.


def test_a_run_asked_to_stop_finishes_what_it_has_open_and_leaves_the_rest_queued(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:10])
    stop = Stop()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            run = run_over(t, at_once=2, stop=stop, report=lambda _: stop.request())
            summary = await asyncio.wait_for(run.run([CHANNEL]), 10)
            assert summary.stopped
            assert 1 <= summary.total <= 2
            assert waiting(t) == {"pending": 10 - summary.total}
            assert not t.rows("select 1 from queue where attempts > 0")

    bench.run(story)


def test_a_run_asked_twice_drops_what_it_has_open_and_forgets_nothing(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:4])
    for one in KNOWN[:4]:
        site[address(one)] = held(Answer(body=article(one)), 5)
    stop = Stop()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            running = asyncio.create_task(run_over(t, stop=stop).run([CHANNEL]))
            while not site.asked("/rain/"):
                await asyncio.sleep(0.01)
            stop.request()
            stop.request()
            summary = await asyncio.wait_for(running, 2)
            assert (summary.stopped, summary.total) == (True, 0)
            assert waiting(t) == {"pending": 4}

    bench.run(story)
