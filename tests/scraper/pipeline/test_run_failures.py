"""What fails in a run, and when it comes back."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.fetch.settings import NetworkSettings
from scraper.pipeline.outcome import Result
from scraper.pipeline.stop import Stop
from scraper.sources.addresses import listed
from tests.scraper.pipeline.feed import (
    CHANNEL,
    FEED,
    KNOWN,
    feed,
    publish,
    run_over,
    waiting,
)
from tests.scraper.site import (
    Answer,
    Bench,
    Clock,
    Site,
    address,
    article,
    held,
    network,
    tools,
)


def test_what_failed_comes_back_later_and_is_given_up_after_eight_runs(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    site[address(KNOWN[0])] = Answer(status=500)

    async def story() -> None:
        clock = Clock()
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            await run_over(t).run([CHANNEL])
            (row,) = t.archive.queue.rows()
            assert (row["state"], row["attempts"], row["kind"]) == ("failed", 1, "server")
            assert "HTTP 500" in row["error"]
            # Not yet due: nothing is asked.
            before = len(site.asked())
            assert (await run_over(t).run([])).total == 0
            assert len(site.asked()) == before
        for attempts in range(2, 9):
            clock.pass_by(hours=7)
            async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
                assert (await run_over(t).run([])).total == 1
                (row,) = t.archive.queue.rows()
                assert row["attempts"] == attempts
        assert row["state"] == "dead"
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            assert t.archive.queue.retry() == 1
            site[address(KNOWN[0])] = article(KNOWN[0])
            assert (await run_over(t).run([])).results == {Result.NEW: 1}

    bench.run(story)


def test_a_page_that_the_site_refuses_is_given_up_after_three_runs(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    site[address(KNOWN[0])] = Answer(status=403, body=b"no")

    async def story() -> None:
        clock = Clock()
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            for _ in range(3):
                summary = await run_over(t).run([CHANNEL])
                assert summary.results == {Result.BLOCKED: 1}
                assert summary.signs == ("INCOMPLETE",)
                clock.pass_by(hours=7)
            assert waiting(t) == {"dead": 1}

    bench.run(story)


def test_a_host_that_limits_us_is_left_alone_and_the_rest_waits_uncounted(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:9])
    for one in KNOWN[:9]:
        site[address(one)] = Answer(status=567, body=b"blocked")

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t, at_once=1).run([CHANNEL])
            assert "LIMITED" in summary.signs
            assert summary.limited == {"news.qq.com"}
            assert 1 <= summary.total < 9
            assert summary.left == 9
            assert waiting(t) == {"pending": 9}
            assert not t.rows("select 1 from queue where attempts > 0")
            assert len(site.asked("/rain/")) <= 4
            publish(site, *KNOWN[:9])
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await run_over(t).run([])).results == {Result.NEW: 9}

    bench.run(story)


def test_while_one_host_rests_the_others_are_asked(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    static = [f"https://tech.qq.com/a/20160226/0340{n}.htm" for n in range(20, 24)]
    publish(site, *KNOWN[:4])
    for url in static:
        site[url] = Answer(status=429, headers={"Retry-After": "30"})

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            run = run_over(t, at_once=1, report=lambda one: order.append(one.id))
            run.queue(listed(static[:1]), "old")
            run.queue(listed(KNOWN[:4]), "new")
            running = asyncio.create_task(run.run([]))
            async with asyncio.timeout(5):
                while not t.fetcher.resting("tech.qq.com"):
                    await asyncio.sleep(0.01)
            assert t.fetcher.resting("tech.qq.com") > 20
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            run.queue(listed(static), "old")
            again = run_over(t, at_once=1, stop=stop, report=lambda one: order.append(one.id))
            running = asyncio.create_task(again.run([]))
            async with asyncio.timeout(5):
                while len(order) < 4:
                    await asyncio.sleep(0.01)
            assert order == KNOWN[:4]
            stop.request()
            stop.request()
            await running
            assert waiting(t) == {"pending": 4}

    stop = Stop()
    order: list[str] = []
    bench.run(story)


def test_a_run_asked_twice_to_stop_drops_a_source_that_does_not_answer(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[FEED] = held(feed(KNOWN[0]), 5)
    stop = Stop()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            running = asyncio.create_task(run_over(t, stop=stop).run([CHANNEL]))
            while not site.asked(FEED):
                await asyncio.sleep(0.01)
            stop.request()
            stop.request()
            summary = await asyncio.wait_for(running, 2)
            assert (summary.stopped, summary.total) == (True, 0)

    bench.run(story)


def test_a_wait_the_site_asked_for_outlives_the_run(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    site[address(KNOWN[0])] = Answer(status=429, headers={"Retry-After": "90000"})

    async def story() -> None:
        clock = Clock()
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            summary = await run_over(t).run([CHANNEL])
            assert summary.results == {Result.LIMITED: 1}
            site[address(KNOWN[0])] = article(KNOWN[0])
        clock.pass_by(hours=20)
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            assert (await run_over(t).run([])).total == 0
            clock.pass_by(hours=6)
            assert (await run_over(t).run([])).results == {Result.NEW: 1}

    bench.run(story)


def test_without_a_network_a_run_ends_soon_and_counts_nothing_against_the_articles(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    async def unplugged(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async def story() -> None:
        plain: NetworkSettings = replace(network(1), connect_to=())
        async with tools(
            site, tmp_path, workers=bench.workers, settings=plain, resolver=unplugged
        ) as t:
            run = run_over(t, at_once=1)
            run.queue(listed(KNOWN[:20]), "list")
            summary = await run.run([])
            assert summary.signs[:1] == ("NO_NETWORK",)
            assert summary.total <= 6
            assert waiting(t) == {"pending": 20}
            assert not t.rows("select 1 from queue where attempts > 0")

    bench.run(story)


def test_pages_that_no_longer_read_as_articles_raise_the_alarm(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:5])
    for one in KNOWN[:4]:
        site[address(one)] = b"<!DOCTYPE html><title>x</title><div id=app></div>"

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([CHANNEL])
            assert summary.drifting == ("news.qq.com",)
            assert set(summary.signs) == {"DRIFT", "INCOMPLETE"}

    bench.run(story)


def test_one_odd_page_among_good_ones_is_no_alarm(bench: Bench, site: Site, tmp_path: Path) -> None:
    publish(site, *KNOWN[:5])
    site[address(KNOWN[0])] = b"<!DOCTYPE html><title>x</title><div id=app></div>"

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await run_over(t).run([CHANNEL])).signs == ("INCOMPLETE",)

    bench.run(story)


def test_while_a_whole_host_is_down_none_of_its_articles_is_given_up(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    """For days: what the first few that were asked met says nothing of them."""
    some = KNOWN[:12]
    publish(site, *some)
    whole = dict(site.answers)
    for id in some:
        site[address(id)] = Answer(status=500)

    async def story() -> None:
        clock = Clock()
        for _ in range(9):
            async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
                await run_over(t).run([CHANNEL])
                assert t.archive.queue.counts().keys() <= {"failed", "pending"}
            clock.pass_by(hours=7)
        site.answers.update(whole)
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            assert (await run_over(t).run([])).results[Result.NEW] == len(some)

    bench.run(story)


def test_where_robots_txt_cannot_be_read_what_waits_keeps_its_place_and_counts_no_failure(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN)
    site["https://news.qq.com/robots.txt"] = Answer(status=500)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([CHANNEL])
            assert site.asked("/rain/a/") == []
            assert summary.left == len(KNOWN)
            met = [row["error"] for row in t.archive.queue.rows() if row["attempts"]]
            assert 0 < len(met) <= 16, "those that were open when it came out"
            assert all("robots.txt of news.qq.com could not be read" in why for why in met)

    bench.run(story)
