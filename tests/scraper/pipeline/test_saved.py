"""Pages that somebody has already: saved files and WARC records, into the archive without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.archive import Archive
from archive.capture import Capture
from archive.state import State
from scraper import saved as files
from scraper.pipeline.collect import Collector
from scraper.pipeline.outcome import Outcome, Result
from scraper.pipeline.saved import keep_saved
from scraper.saved import Saved
from tests.corpus import CORPUS, needs_corpus
from tests.scraper.site import (
    BABYGOHOME,
    WORDS,
    Bench,
    address,
    article,
    jpeg,
    picture_address,
    token,
)

ONE = "20261120A01AAA00"
TWO = "20261120A01BBB00"


@asynccontextmanager
async def offline(bench: Bench, root: Path) -> AsyncIterator[Collector]:
    """An archive, and nobody to ask."""
    Archive.create(root)
    with Archive.open(root) as archive:
        yield Collector(archive, None, bench.workers)


def on_disk(path: Path, content: bytes) -> Saved:
    path.write_bytes(content)
    (page,) = files.pages(path)
    return page


def anonymous(known: str) -> bytes:
    """A page that does not tell its address: only its bare article is left of it."""
    page = article(known).decode()
    return (
        page.replace(f'<meta property="og:url" content="{address(known)}">', "")
        .replace(known, "")
        .encode()
    )


def test_a_saved_page_tells_which_article_it_is(bench: Bench, tmp_path: Path) -> None:
    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            outcome = await keep_saved(collector, on_disk(tmp_path / "x.html", article(ONE)))
            assert (outcome.result, outcome.id, outcome.asked) == (Result.NEW, ONE, False)
            assert outcome.path is not None
            text = (tmp_path / "archive" / outcome.path).read_text("utf-8")
            assert all(line in text for line in WORDS)

    bench.run(story)


def test_a_page_that_does_not_say_which_article_it_is_is_told_by_the_user_or_its_name(
    bench: Bench, tmp_path: Path
) -> None:
    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            nameless = on_disk(tmp_path / "page.html", anonymous(ONE))
            outcome = await keep_saved(collector, nameless)
            assert (outcome.result, outcome.id[:6]) == (Result.NEW, "saved-")
            assert "--url" in outcome.reason
            assert collector.archive.kept(ONE) is None

            outcome = await keep_saved(collector, nameless, url=f"view.inews.qq.com/a/{ONE}")
            assert (outcome.result, outcome.id) == (Result.NEW, ONE)

            named = on_disk(tmp_path / f"{TWO}.html", anonymous(TWO))
            outcome = await keep_saved(collector, named)
            assert (outcome.result, outcome.id, outcome.copy_of) == (Result.COPY, TWO, ONE)

    bench.run(story)


def test_the_same_page_twice_is_the_same(bench: Bench, tmp_path: Path) -> None:
    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            page = on_disk(tmp_path / "x.html", article(ONE))
            results = [(await keep_saved(collector, page)).result for _ in range(2)]
            assert results == [Result.NEW, Result.SAME]

    bench.run(story)


def test_a_page_that_holds_no_article_is_told_and_not_kept(bench: Bench, tmp_path: Path) -> None:
    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            empty = on_disk(tmp_path / "x.html", article(ONE, lines=()))
            outcome = await keep_saved(collector, empty)
            assert (outcome.result, outcome.state) == (Result.OTHER, State.PAYWALLED)
            assert outcome.reason
            assert collector.archive.kept(ONE) is None
            junk = on_disk(tmp_path / "y.html", b"<!DOCTYPE html><title>x</title><p>hello")
            outcome = await keep_saved(collector, junk)
            assert not outcome.kept and outcome.id == ""

    bench.run(story)


def record(
    url: str, body: bytes = b"", *, status: int = 200, kind: str = "text/html", **more: str
) -> Capture:
    headers = (
        ("Content-Type", kind),
        *((name.replace("_", "-"), value) for name, value in more.items()),
    )
    return Capture(
        url=url,
        at=datetime(2026, 11, 21, tzinfo=UTC),
        body=body,
        status=status,
        headers=headers,
        origin="warc",
    )


def test_pictures_come_with_the_page_they_were_captured_with(bench: Bench, tmp_path: Path) -> None:
    pictures = {token("a"): record(picture_address("a", "641"), jpeg(), kind="image/jpeg")}
    page = record(address(ONE), article(ONE, tokens=(token("a"), token("b"))))

    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            saved = Saved(path=tmp_path / "x.warc.gz", page=page, pictures=pictures)
            outcome = await keep_saved(collector, saved)
            assert (outcome.result, outcome.url) == (Result.NEW, address(ONE))
            assert (outcome.images, outcome.missing) == (1, 1)
            ((_, url, _),) = collector.archive.wanting(10)
            assert token("b") in url

    bench.run(story)


def test_a_page_saved_again_brings_the_pictures_that_the_first_time_lacked(
    bench: Bench, tmp_path: Path
) -> None:
    page = record(address(ONE), article(ONE, tokens=(token("a"), token("b"))))
    late = {token("a"): record(picture_address("a", "641"), jpeg(), kind="image/jpeg")}

    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            bare = await keep_saved(collector, Saved(path=tmp_path / "x.warc", page=page))
            assert (bare.images, bare.missing) == (0, 2)
            for _ in range(6):
                again = Saved(path=tmp_path / "y.warc", page=page, pictures=late)
                outcome = await keep_saved(collector, again)
                assert (outcome.result, outcome.images, outcome.missing) == (Result.SAME, 1, 1)
            ((_, url, tries),) = collector.archive.wanting(10)
            assert token("b") in url
            assert tries == 1, "what was not at hand was not tried"

    bench.run(story)


def test_a_captured_takedown_is_recorded_and_the_copy_stays(bench: Bench, tmp_path: Path) -> None:
    gone = record(address(ONE), status=302, Location=BABYGOHOME)
    gone = replace(gone, at=gone.at + timedelta(days=1))

    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            path = tmp_path / "x.warc.gz"
            good = Saved(path=path, page=record(address(ONE), article(ONE)))
            await keep_saved(collector, good)
            outcome = await keep_saved(collector, Saved(path=path, page=gone))
            assert (outcome.result, outcome.state) == (Result.GONE, State.GONE)
            kept = collector.archive.kept(ONE)
            assert kept is not None and kept.state == "gone" and kept.revision == 1

    bench.run(story)


@needs_corpus
def test_a_real_page_saved_by_a_browser_becomes_markdown(bench: Bench, tmp_path: Path) -> None:
    path = CORPUS / "qq/rain-2024/20240513A00GCM00.html"

    async def story() -> None:
        async with offline(bench, tmp_path / "archive") as collector:
            (page,) = files.pages(path)
            outcome: Outcome = await keep_saved(collector, page)
            assert (outcome.result, outcome.id) == (Result.NEW, "20240513A00GCM00")
            assert outcome.title

    bench.run(story)
