"""One article, from its address to the archive: over real sockets, into real files."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from archive.state import State
from scraper.pipeline.outcome import Result
from scraper.pipeline.waiting import end_named
from tests.scraper.site import (
    WORDS,
    Answer,
    Bench,
    Clock,
    Site,
    address,
    article,
    held,
    illustrate,
    network,
    token,
    tools,
    validated,
)

ONE = "20261120A01AAA00"
TWO = "20261120A01BBB00"

# A good page.


def test_an_article_goes_in_and_markdown_with_its_pictures_comes_out(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=illustrate(site, "a", "b"))

    async def story() -> None:
        async with tools(site, tmp_path / "archive", workers=bench.workers) as t:
            outcome = await t.collector.collect(f"https://view.inews.qq.com/a/{ONE}?from=wx")
            assert (outcome.result, outcome.id, outcome.state) == (Result.NEW, ONE, State.OK)
            assert (outcome.images, outcome.missing) == (2, 0)
            assert outcome.path is not None
            text = (t.archive.root / outcome.path).read_text("utf-8")
            assert all(line in text for line in WORDS)
            assert text.count("](../../../images/") == 2
            assert len(list(t.archive.root.glob("images/*/*.jpg"))) == 2
            known = f"https://view.inews.qq.com/a/{ONE}"
            assert t.archive.id_of(known) == t.archive.id_of(address(ONE)) == ONE

    bench.run(story)
    assert site.asked("/rain/a/") == [address(ONE)]


def test_an_article_looked_at_lately_is_not_asked_for_again_by_any_address(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            before = len(site.log)
            for other in (address(ONE), f"https://new.qq.com/omn/20261120/{ONE}.html", ONE[:14]):
                outcome = await t.collector.collect(other)
                assert (outcome.result, outcome.id, outcome.asked) == (Result.SAME, ONE, False)
            assert len(site.log) == before
            assert t.archive.id_of(f"https://new.qq.com/omn/20261120/{ONE}.html") == ONE

    bench.run(story)


def test_an_unchanged_article_costs_one_conditional_request(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = validated(article(ONE))

    async def story() -> None:
        clock = Clock()
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            await t.collector.collect(address(ONE))
            clock.pass_by(hours=2)
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.result, outcome.reason) == (Result.SAME, "not modified")
            assert site.log[-1].headers["if-none-match"] == '"one"'
            assert t.fetcher.cost.total.unchanged == 1
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.revision == 1
            # Looked at now: fresh again.
            assert not (await t.collector.collect(address(ONE))).asked

    bench.run(story)


def test_a_changed_article_is_revised_and_the_earlier_text_is_kept(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    changed = (*WORDS, "后记：第二天，雾更大了，渡船停开一天。")
    site[address(ONE)] = [Answer(body=article(ONE)), Answer(body=article(ONE, lines=changed))]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(ONE), again=True)
            assert outcome.result is Result.REVISED
            assert outcome.path is not None
            assert "后记" in (tmp_path / outcome.path).read_text("utf-8")
            (earlier,) = tmp_path.glob(f"revisions/**/{ONE}/*.md")
            assert "后记" not in earlier.read_text("utf-8")

    bench.run(story)


def test_the_same_words_under_another_id_are_a_copy_and_cost_no_pictures(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    tokens = illustrate(site, "a")
    site[address(ONE)] = article(ONE, tokens=tokens)
    site[address(TWO)] = article(TWO, tokens=illustrate(site, "b"), title="另一家的题目")

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(TWO))
            assert (outcome.result, outcome.copy_of) == (Result.COPY, ONE)
            assert outcome.title == "另一家的题目"

    bench.run(story)
    assert not site.asked(token("b"))


def test_two_addresses_of_one_article_at_once_are_one_request(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = held(Answer(body=article(ONE)), 0.1)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            given = (address(ONE), f"https://view.inews.qq.com/a/{ONE}", ONE)
            outcomes = await asyncio.gather(*(t.collector.collect(one) for one in given))
            assert sorted(outcome.result for outcome in outcomes) == ["new", "same", "same"]

    bench.run(story)
    assert len(site.asked("/a/")) == 1


# The network.


def test_a_host_that_does_not_answer_is_a_failure_with_a_reason(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    async def story() -> None:
        nowhere = replace(network(1), connect_to=("::127.0.0.1:1",))
        async with tools(site, tmp_path, workers=bench.workers, settings=nowhere) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.result is Result.FAILED
            assert "refused" in outcome.reason
            assert t.archive.kept(ONE) is None

    bench.run(story)


@pytest.mark.parametrize(
    ("answer", "queued"),
    [
        (Answer(status=500), {"failed": 1}),
        (Answer(status=567), {"pending": 1}),
        (Answer(status=429, headers={"Retry-After": "7200"}), {"failed": 1}),
        (Answer(body=b"<!DOCTYPE html><title>x</title><p>hello"), {"failed": 1}),
        (Answer(status=404), {"done": 1}),
        (Answer(body=article(ONE)), {"done": 1}),
    ],
)
def test_what_failed_by_hand_waits_in_the_queue_for_a_run(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, queued: dict[str, int]
) -> None:
    for url in (address(ONE), f"https://view.inews.qq.com/a/{ONE}"):
        site[url] = answer

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(ONE, source="add")
            assert outcome.canonical == address(ONE)
            stays = end_named(t.archive, outcome, now=t.clock())
            assert bool(stays) is (queued != {"done": 1})
            assert t.archive.queue.counts() == queued
            refused = await t.collector.collect("https://news.qq.com/ch/tech")
            assert not end_named(t.archive, refused, now=t.clock())

    bench.run(story)
