"""Runs that ask again for what is kept, at the times they were told: edits and takedowns are seen."""

from datetime import timedelta
from pathlib import Path

from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from scraper.pipeline.outcome import Result
from scraper.pipeline.recheck import RECHECK, Rechecks
from scraper.pipeline.run import Bounds
from scraper.pipeline.saved import keep_saved
from scraper.saved import pages
from tests.archive.newsroom import dump
from tests.scraper.pipeline.feed import CHANNEL, KNOWN, publish, run_over, waiting
from tests.scraper.pipeline.looks import HOUR, TIMES, run, seen_times
from tests.scraper.site import (
    WORDS,
    Answer,
    Bench,
    Clock,
    Site,
    address,
    article,
    told,
    tools,
    validated,
)


def test_each_look_is_taken_once_when_its_time_has_come(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            looks = []
            for hours in (5, 7, 8, 30, 31, 200, 300, 500, 5000):
                t.clock.ahead = timedelta(hours=hours)
                summary = await run(t)
                looks.append((hours, summary.rechecked, summary.results[Result.SAME]))
            assert [look for look in looks if look[1:] != (0, 0)] == [
                (7, 1, 1),
                (30, 1, 1),
                (300, 1, 1),
            ]
            assert waiting(t) == {}

    bench.run(story)


def test_looks_that_were_missed_are_made_good_by_one(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:2])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.pass_by(days=11)
            assert (await run(t)).rechecked == 2
            assert (await run(t)).rechecked == 0

    bench.run(story)


def test_a_page_with_validators_costs_an_answer_without_a_body(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    site[address(KNOWN[0])] = validated(article(KNOWN[0], lines=told(KNOWN[0], 0)))

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.pass_by(hours=7)
            summary = await run(t)
            assert (summary.rechecked, summary.results[Result.SAME]) == (1, 1)
            assert t.rows("select status from captures order by at") == [(200,), (304,)]

    bench.run(story)


def test_a_page_that_says_nothing_new_is_told_of_and_not_kept_again(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            page = article(KNOWN[0], lines=told(KNOWN[0], 0))
            site[address(KNOWN[0])] = page + b"<!-- written at another time -->"
            t.clock.pass_by(hours=7)
            assert (await run(t)).results == {Result.SAME: 1}
            site[address(KNOWN[0])] = article(KNOWN[0], lines=(*told(KNOWN[0], 0), WORDS[0]))
            t.clock.pass_by(days=1)
            assert (await run(t)).results == {Result.REVISED: 1}
            await t.collector.collect(address(KNOWN[0]), again=True)
            assert t.rows("select type, verdict from captures order by at") == [
                ("response", "new"),
                ("metadata", "same"),
                ("response", "revised"),
                ("revisit", "same"),
            ]

    bench.run(story)
    before = dump(tmp_path)
    rebuild(tmp_path)
    assert dump(tmp_path) == before
    assert list(verify(tmp_path, read_data=1.0)) == []


def test_an_edit_becomes_a_revision(bench: Bench, site: Site, tmp_path: Path) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            site[address(KNOWN[0])] = article(KNOWN[0], lines=(*told(KNOWN[0], 0), WORDS[0]))
            t.clock.pass_by(hours=7)
            summary = await run(t)
            assert summary.results == {Result.REVISED: 1}
            assert t.rows("select number from revisions") == [(1,), (2,)]

    bench.run(story)


def test_a_takedown_is_seen_confirmed_and_its_end_as_well(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            site[address(KNOWN[0])] = Answer(status=404)
            t.clock.pass_by(hours=7)
            assert (await run(t)).results == {Result.GONE: 1}
            assert seen_times(t) == (True, False, False)

            # Counted from when it was first seen gone: the next look is six hours later, not when the day is over.
            t.clock.pass_by(hours=7)
            assert (await run(t)).results == {Result.GONE: 1}
            assert seen_times(t) == (True, True, False)

            publish(site, KNOWN[0])
            t.clock.pass_by(days=1)
            assert (await run(t)).results == {Result.SAME: 1}
            assert seen_times(t) == (True, True, True)

    bench.run(story)


def test_when_most_of_what_is_kept_is_gone_at_once_the_site_may_be_the_cause(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:8])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            site[address(KNOWN[0])] = Answer(status=404)
            t.clock.pass_by(hours=7)
            first = await run(t)
            assert (first.results[Result.GONE], first.signs) == (1, ())

            for known in KNOWN[:6]:
                site[address(known)] = Answer(status=404)
            t.clock.pass_by(days=1)
            second = await run(t)
            assert (second.results[Result.GONE], second.vanishing) == (6, ("news.qq.com",))
            assert second.signs == ("DRIFT",)

            t.clock.pass_by(hours=7)
            third = await run(t)  # it is still so: nothing new
            assert (third.results[Result.GONE], third.signs) == (5, ())

    bench.run(story)


def test_what_the_site_says_is_unchanged_is_there(bench: Bench, site: Site, tmp_path: Path) -> None:
    publish(site, *KNOWN[:20])
    for number, known in enumerate(KNOWN[:20]):
        site[address(known)] = validated(article(known, lines=told(known, number)))

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            for known in KNOWN[:6]:
                site[address(known)] = Answer(status=404)
            t.clock.pass_by(hours=7)
            summary = await run(t)
            assert (summary.rechecked, summary.results[Result.GONE]) == (20, 6)
            assert summary.signs == ()

    bench.run(story)


def test_what_is_new_comes_first_and_of_what_is_kept_the_newest(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:2])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.pass_by(hours=2)
            publish(site, *KNOWN[:4])
            await run(t)
            t.clock.pass_by(hours=7)
            publish(site, *KNOWN[:5])
            before = len(site.asked("/rain/"))
            some = Rechecks(after=TIMES.after, fresh=HOUR, most=3)
            reported: list[str] = []
            one = run_over(
                t, rechecks=some, at_once=1, report=lambda outcome: reported.append(outcome.id)
            )
            await one.run([CHANNEL])
            assert reported[0] == KNOWN[4]
            assert {KNOWN[2], KNOWN[3]} < set(reported[1:]) and len(reported) == 4
            assert len(site.asked("/rain/")) == before + 4

    bench.run(story)


def test_what_was_looked_at_lately_is_not_asked_again(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.pass_by(hours=5.8)
            await t.collector.collect(address(KNOWN[0]))
            t.clock.pass_by(hours=0.5)
            assert (await run(t)).rechecked == 0
            t.clock.pass_by(hours=1)
            assert (await run(t)).rechecked == 1

    bench.run(story)


def test_a_look_that_fails_is_tried_again_and_given_up_until_the_next_is_due(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    clock = Clock()

    async def story() -> None:
        async def tried(*, hours: int) -> int:
            """How often it was asked again by a run every hour, each with what a new process knows."""
            count = 0
            for _ in range(hours):
                async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
                    count += (await run(t, sources=())).rechecked
                clock.pass_by(hours=1)
            return count

        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            await run(t)
        site[address(KNOWN[0])] = Answer(status=500)
        clock.pass_by(hours=6)
        assert await tried(hours=30) == 8
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            assert t.rows("select state, source from queue") == [("dead", RECHECK)]
            assert t.rows("select state, revision from articles") == [("ok", 1)]

        assert await tried(hours=3) == 0
        clock.pass_by(days=9)
        assert await tried(hours=1) == 1

    bench.run(story)


def test_what_is_not_there_to_be_asked_is_left_alone(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    archive, saved = tmp_path / "archive", tmp_path / "saved.html"
    saved.write_bytes(article(KNOWN[0], lines=told(KNOWN[0], 0)))

    async def story() -> None:
        async with tools(site, archive, workers=bench.workers) as t:
            for page in pages(saved):
                await keep_saved(t.collector, page)
            assert t.rows("select count(*) from articles") == [(1,)]
            t.clock.pass_by(days=2)
            assert (await run(t, sources=())).rechecked == 0
            assert site.asked() == []

    bench.run(story)


def test_nothing_is_asked_again_when_no_time_is_named_or_long_after_the_last(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.pass_by(hours=7)
            assert (await run(t, Rechecks())).rechecked == 0
            t.clock.pass_by(days=30)
            assert (await run(t)).rechecked == 0

    bench.run(story)


def test_a_run_that_was_killed_before_its_looks_leaves_them_to_the_next(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:3])
    clock = Clock()

    async def first() -> None:
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            await run(t)
            clock.pass_by(hours=7)
            one = run_over(t, rechecks=TIMES, bounds=Bounds(limit=1))
            summary = await one.run([CHANNEL])
            assert (summary.rechecked, summary.bound) == (1, "--limit")

    async def second() -> None:
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            assert (await run(t)).rechecked == 2

    bench.run(first)
    bench.run(second)


def test_looks_that_a_run_left_over_count_among_those_of_the_next(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:5])
    two = Rechecks(after=TIMES.after, fresh=HOUR, most=2)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run(t)
            t.clock.pass_by(hours=7)
            stopped = run_over(t, rechecks=two, bounds=Bounds(limit=1))
            looks = [(await stopped.run([])).rechecked]
            looks += [(await run(t, two, sources=())).rechecked for _ in range(3)]
            assert looks == [1, 2, 2, 0]

    bench.run(story)
