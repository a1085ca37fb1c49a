"""Whole runs: from sources through the queue into the archive, whatever happens to them."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.errors import StorageError
from archive.upkeep.verify import verify
from scraper.pipeline.outcome import Outcome, Result
from scraper.sources.addresses import listed
from scraper.sources.hot import HotList
from tests.scraper.pipeline.feed import (
    CHANNEL,
    FEED,
    KNOWN,
    adds_up,
    feed,
    publish,
    run_over,
    waiting,
)
from tests.scraper.site import (
    Answer,
    Asked,
    Bench,
    Site,
    address,
    article,
    picture,
    picture_address,
    token,
    told,
    tools,
)

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
    root = Path(__file__).resolve().parents[3]
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
