"""Whole runs: from sources through the queue into the archive, bounded, stopped, killed, limited, offline."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.errors import StorageError
from archive.verify import verify
from scraper.fetch.settings import NetworkSettings
from scraper.pipeline.outcome import Outcome, Result, Summary
from scraper.pipeline.run import Bounds, Run
from scraper.pipeline.stop import Stop
from scraper.sources.addresses import listed
from scraper.sources.channel import Channel
from scraper.sources.hot import HotList
from tests.scraper.site import (
    Answer,
    Asked,
    Bench,
    Clock,
    Site,
    Tools,
    address,
    article,
    held,
    network,
    picture,
    picture_address,
    token,
    told,
    tools,
)

FEED = "https://i.news.qq.com/web_feed/getPCList"
CHANNEL = Channel(name="tech", channel="tech")
KNOWN = [f"2026112{n // 10}A0{n % 10}AAA00" for n in range(40)]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().serving() as site:
        yield site


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def feed(*known: str) -> Answer:
    rows = [
        {"id": one, "articletype": "0", "title": one, "link_info": {"url": address(one)}}
        for one in known
    ]
    body = json.dumps({"code": 0, "data": rows}).encode()
    return Answer(body=body, kind="application/json")


def publish(site: Site, *known: str) -> None:
    """Articles on the site, and in the feed."""
    for number, one in enumerate(known):
        site[address(one)] = article(one, lines=told(one, number))
    site[FEED] = feed(*known)


def run_over(t: Tools, **options: Any) -> Run:
    return Run(t.archive, t.fetcher, t.collector, clock=t.clock, **options)


def waiting(t: Tools) -> dict[str, int]:
    return {state: n for state, n in t.archive.queue.counts().items() if state != "done"}


def adds_up(summary: Summary, reported: list[Outcome]) -> bool:
    return summary.total == len(reported) == sum(summary.results.values())


# A plain run.


def test_a_run_brings_what_is_new_and_the_next_one_asks_only_the_source(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:5])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            reported: list[Outcome] = []
            summary = await run_over(t, report=reported.append).run([CHANNEL])
            assert summary.results == {Result.NEW: 5}
            assert adds_up(summary, reported)
            assert summary.signs == ()
            assert (summary.left, summary.sources[0].named, summary.sources[0].fresh) == (0, 5, 5)
            assert summary.requests >= 6 and summary.bytes > 5000
            assert waiting(t) == {}

            before = len(site.asked())
            again = await run_over(t).run([CHANNEL])
            assert (again.total, again.signs) == (0, ())
            assert again.sources[0].fresh == 0
            assert site.asked()[before:] == [FEED]

    bench.run(story)


def test_a_run_tells_every_kind_of_outcome_and_the_numbers_add_up(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:7])
    site[address(KNOWN[1])] = article(KNOWN[1], lines=told(KNOWN[0], 0))  # the words of the first
    site[address(KNOWN[2])] = Answer(status=404)
    site[address(KNOWN[3])] = b"<!DOCTYPE html><title>x</title><p>hello"
    site[address(KNOWN[4])] = Answer(status=500)
    site[address(KNOWN[5])] = article(KNOWN[5], lines=())  # behind the paywall

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            reported: list[Outcome] = []
            summary = await run_over(t, at_once=1, report=reported.append).run([CHANNEL])
            assert {one.id: one.result for one in reported} == {
                KNOWN[0]: Result.NEW,
                KNOWN[1]: Result.COPY,
                KNOWN[2]: Result.GONE,
                KNOWN[3]: Result.UNREADABLE,
                KNOWN[4]: Result.FAILED,
                KNOWN[5]: Result.OTHER,
                KNOWN[6]: Result.NEW,
            }
            assert adds_up(summary, reported)
            assert summary.signs == ("INCOMPLETE",)
            assert waiting(t) == {"failed": 2}
            assert summary.left == 2
            assert json.loads(json.dumps(summary.as_dict()))["copy"] == 1

    bench.run(story)


def test_a_list_of_addresses_is_a_source_too(bench: Bench, site: Site, tmp_path: Path) -> None:
    publish(site, *KNOWN[:2])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            run = run_over(t)
            assert run.queue(listed([address(KNOWN[0]), KNOWN[1], KNOWN[1]]), "my list") == 2
            summary = await run.run([])
            assert summary.results == {Result.NEW: 2}
            assert {row["source"] for row in t.archive.queue.rows()} == {"my list"}

    bench.run(story)


def test_later_pages_of_a_feed_are_asked_only_while_they_bring_something(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:3])

    def pages(asked: Asked) -> Answer:
        page = json.loads(asked.body)["flush_num"]
        return feed(*KNOWN[:3]) if page == 2 else feed(KNOWN[0])

    site[FEED] = pages

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([replace(CHANNEL, pages=5)])
            assert summary.sources[0].fresh == 3
            assert len(site.asked(FEED)) == 3  # the third brought nothing new

    bench.run(story)


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


# Failing, and coming back.


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


# Sources that fail.

BUSY = Answer(body=b'{"code":10001,"message":"busy"}', kind="application/json")


def test_a_busy_source_is_asked_again_and_brings_its_articles(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    site[FEED] = [BUSY, BUSY, feed(KNOWN[0])]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([CHANNEL])
            assert (summary.results, summary.signs) == ({Result.NEW: 1}, ())

    bench.run(story)
    assert len(site.asked(FEED)) == 3


@pytest.mark.parametrize(
    ("answer", "sign"),
    [
        (BUSY, "INCOMPLETE"),
        (Answer(body=b"<html><p>moved", kind="text/html"), "INCOMPLETE"),
        (Answer(body=b"<html>https://waf.tencent.com/501page.html"), "LIMITED"),
        (Answer(status=404), "INCOMPLETE"),
    ],
)
def test_a_source_that_fails_is_told_and_does_not_keep_the_others_from_their_work(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, sign: str
) -> None:
    publish(site, KNOWN[0])
    site[FEED] = answer
    rows = [{"id": KNOWN[0], "articletype": "0", "title": "x", "url": address(KNOWN[0])}]
    site["https://i.news.qq.com/gw/event/pc_hot_ranking_list"] = Answer(
        body=json.dumps({"ret": 0, "idlist": [{"newslist": rows}]}).encode()
    )

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([CHANNEL, HotList(name="hot")])
            assert summary.results == {Result.NEW: 1}
            assert sign in summary.signs
            failed, fine = summary.sources
            assert failed.error is not None and fine.error is None

    bench.run(story)


# Pictures that come at last.


def test_pictures_that_were_missing_come_at_the_end_of_the_run(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[FEED] = feed(KNOWN[0])
    site[address(KNOWN[0])] = article(KNOWN[0], tokens=(token("a"),))
    for size in ("0", "1000", "641"):
        site[picture_address("a", size)] = [Answer(status=503), Answer(status=404), picture()]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            first = await run_over(t).run([CHANNEL])
            second = await run_over(t).run([])
            third = await run_over(t).run([])
            came = first.late_images + second.late_images + third.late_images
            assert (first.missing, came) == (1, 1)
            assert not t.archive.wanting(10)
            assert len(site.asked("/rain/")) == 1

    bench.run(story)


# The disk.


def test_a_full_disk_ends_the_run_and_every_article_keeps_its_place_in_the_queue(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:5])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers, floor=1 << 60) as t:
            run = run_over(t)
            with pytest.raises(StorageError):
                await run.run([CHANNEL])
            assert run.summary.left == 5
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await run_over(t).run([])).results == {Result.NEW: 5}

    bench.run(story)


# kill -9.


def test_a_run_killed_at_any_moment_goes_on_where_it_was(site: Site, tmp_path: Path) -> None:
    many = KNOWN[:24]
    site[FEED] = feed(*many)
    for number, one in enumerate(many):
        page = Answer(body=article(one, lines=told(one, number), tokens=(token(one),)), hold=0.02)
        site[address(one)] = [Answer(status=500), page] if number % 5 == 0 else page
        for size in ("0", "1000", "641"):
            shown = picture(one)
            faulty = [Answer(status=502), shown] if number % 7 == 0 else shown
            site[picture_address(one, size)] = faulty
    root = Path(__file__).resolve().parents[2]
    acknowledged: set[str] = set()
    for trial in range(20):
        before = len(site.asked())
        known = set(acknowledged)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.scraper.driven",
                str(site.port),
                str(tmp_path / "archive"),
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert process.stdout is not None
        told_done = 0
        for line in process.stdout:
            if line.startswith("done"):
                acknowledged.add(line.split()[1])
                told_done += 1
                if told_done == 3 + 2 * trial % 7:
                    process.send_signal(signal.SIGKILL)
                    break
        process.stdout.close()
        code = process.wait()
        again = {one for one in known if address(one) in site.asked()[before:]}
        assert not again, "what was told as done is never fetched again"
        if code == 0:
            break
    else:
        pytest.fail("twenty runs were not enough")
    with Archive.open(tmp_path / "archive") as archive:
        assert all(archive.kept(one) for one in many)
        assert archive.queue.counts() == {"done": len(many)}
        assert not archive.wanting(10)
    assert [
        found for found in verify(tmp_path / "archive", read_data=1.0) if found.severity == "damage"
    ] == []
    # Only what was open when a run was killed is asked for again, and what the site itself failed to give.
    assert max(Counter(site.asked("/rain/")).values()) <= 4
