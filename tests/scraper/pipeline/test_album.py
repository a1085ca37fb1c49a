"""The pictures of an article, on their way into the archive."""

import asyncio
from pathlib import Path

import pytest

from scraper.pictures import PictureSettings
from scraper.pipeline.outcome import Result
from tests.scraper.site import (
    Answer,
    Bench,
    Site,
    address,
    article,
    held,
    illustrate,
    jpeg,
    picture,
    picture_address,
    token,
    told,
    tools,
)

ONE = "20261120A01AAA00"
TWO = "20261120A01BBB00"


def test_a_rendition_that_is_not_there_is_taken_in_the_next_size(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("a"),))
    site[picture_address("a", "641")] = picture()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.images, outcome.missing) == (1, 0)

    bench.run(story)
    assert site.asked(token("a"))[0] == picture_address("a", "0")
    assert site.asked(token("a"))[-1] == picture_address("a", "641")


def test_a_picture_that_came_damaged_is_asked_for_once_more(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    whole = jpeg()
    site[address(ONE)] = article(ONE, tokens=(token("a"),))
    half = Answer(body=whole[: len(whole) // 2], kind="image/jpeg")
    site[picture_address("a", "0")] = [half, Answer(body=whole, kind="image/jpeg")]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await t.collector.collect(address(ONE))).images == 1

    bench.run(story)
    assert site.asked(token("a")) == [picture_address("a", "0")] * 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=404), "HTTP 404"),
        (Answer(body=b"<html>403", kind="image/jpeg"), "an HTML page"),
        (Answer(body=jpeg()[:500], kind="image/jpeg"), "damaged JPG"),
        (Answer(status=500), "HTTP 500"),
    ],
)
def test_a_picture_that_cannot_be_had_keeps_its_web_address_and_costs_nothing_else(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, why: str
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("bad"), *illustrate(site, "good")))
    for size in ("0", "1000", "641"):
        site[picture_address("bad", size)] = answer

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.result, outcome.images, outcome.missing) == (Result.NEW, 1, 1)
            assert outcome.path is not None
            text = (tmp_path / outcome.path).read_text("utf-8")
            assert f"](https://inews.gtimg.com/om_bt/{token('bad')}/" in text
            assert why in text  # the front matter says why
            ((lacking, url, _),) = t.archive.wanting(10)
            assert lacking == ONE and token("bad") in url
            # Later it is there: it comes without the page being asked again.
            for size in ("0", "1000", "641"):
                site[picture_address("bad", size)] = picture("late")
            pages_before = len(site.asked("/rain/a/"))
            assert await t.collector.pictures.again(ONE, [url]) == 1
            assert not t.archive.wanting(10)
            assert len(site.asked("/rain/a/")) == pages_before
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.revision == 1
            assert "https://inews.gtimg.com/om_bt/" not in _body(tmp_path / outcome.path)

    bench.run(story)


def _body(path: Path) -> str:
    return path.read_text("utf-8").split("\n---\n", 1)[1]


def test_every_reason_for_which_pictures_are_missing_is_told_once(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("a"), token("b"), token("c")))
    for size in ("0", "641"):
        site[picture_address("c", size)] = Answer(body=b"not a picture", kind="image/jpeg")

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.missing == 3
            assert len(outcome.missing_because) == 2, outcome.missing_because
            assert "404" in outcome.missing_because[0]

    bench.run(story)


def test_an_unchanged_article_gets_the_pictures_it_lacked(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("a"),))

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await t.collector.collect(address(ONE))).missing == 1
            illustrate(site, "a")
            outcome = await t.collector.collect(address(ONE), again=True)
            assert (outcome.result, outcome.images, outcome.missing) == (Result.SAME, 1, 0)

    bench.run(story)


def test_a_picture_the_archive_has_is_not_asked_for_again(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    tokens = illustrate(site, "a")
    site[address(ONE)] = article(ONE, tokens=tokens)
    site[address(TWO)] = article(TWO, tokens=tokens, lines=told(TWO, 2))

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(TWO))
            assert (outcome.result, outcome.images) == (Result.NEW, 1)

    bench.run(story)
    assert len(site.asked(token("a"))) == 1


def test_an_article_does_not_wait_for_a_picture_longer_than_it_is_told(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("slow"), *illustrate(site, "good")))
    for size in ("0", "1000", "641"):
        site[picture_address("slow", size)] = held(picture(), 5)

    async def story() -> None:
        async with tools(
            site, tmp_path, workers=bench.workers, pictures=PictureSettings(time=0.6)
        ) as t:
            outcome = await asyncio.wait_for(t.collector.collect(address(ONE)), 3)
            assert (outcome.images, outcome.missing) == (1, 1)
            assert outcome.path is not None
            assert "not there after 600ms" in (tmp_path / outcome.path).read_text("utf-8")

    bench.run(story)


def test_a_page_full_of_pictures_asks_for_as_many_as_an_article_may_have(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    names = tuple(f"p{n}" for n in range(60))
    site[address(ONE)] = article(ONE, tokens=illustrate(site, *names))

    async def story() -> None:
        settings = PictureSettings(per_article=25, time=30)
        async with tools(site, tmp_path, workers=bench.workers, pictures=settings) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.images, outcome.missing) == (25, 35)

    bench.run(story)
    assert len(site.asked("om_bt")) == 25


def test_an_article_may_not_bring_more_bytes_of_pictures_than_it_is_told(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    names = tuple(f"p{n}" for n in range(12))
    site[address(ONE)] = article(ONE, tokens=illustrate(site, *names))
    largest = 3 * max(len(jpeg(name)) for name in names) + 100

    async def story() -> None:
        settings = PictureSettings(article_size=largest, time=30)
        async with tools(site, tmp_path, workers=bench.workers, pictures=settings) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.images + outcome.missing == 12
            assert 3 <= outcome.images <= 4
            kept = sum(path.stat().st_size for path in tmp_path.glob("images/*/*"))
            assert kept <= largest

    bench.run(story)


def test_pictures_stay_on_the_web_when_they_are_not_wanted(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=illustrate(site, "a"))

    async def story() -> None:
        async with tools(
            site, tmp_path, workers=bench.workers, pictures=PictureSettings(download=False)
        ) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.result is Result.NEW

    bench.run(story)
    assert not site.asked("om_bt")
