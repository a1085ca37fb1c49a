"""Saved pages of an old article on several: one text, in whatever order they come."""

from itertools import permutations
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from scraper import saved as files
from scraper.pipeline.collect import Collector
from scraper.pipeline.outcome import Result
from scraper.pipeline.saved import keep_saved
from tests.scraper.pipeline.bridge import SAID, at, body_of, dump, html, imported
from tests.scraper.site import Bench


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_saved_pages_are_one_text_in_whatever_order_they_come(
    bench: Bench, tmp_path: Path, order: tuple[int, ...]
) -> None:
    imported(bench, tmp_path / "archive", tmp_path / "saved", order)
    assert body_of(tmp_path / "archive").split("\n\n") == list(SAID)
    assert not [*verify(tmp_path / "archive", read_data=1.0)]


@pytest.mark.parametrize("newest", range(3))
@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_saved_pages_are_one_text_whichever_of_them_was_saved_last(
    bench: Bench, tmp_path: Path, order: tuple[int, ...], newest: int
) -> None:
    root = tmp_path / "archive"
    imported(bench, root, tmp_path / "saved", order, newest=newest, step=60)
    assert body_of(root).split("\n\n") == list(SAID)
    before = dump(root)
    assert imported(bench, root, tmp_path / "saved", (0,), newest=newest, step=60) == [Result.SAME]
    rebuild(root)
    assert dump(root) == before
    assert body_of(root).split("\n\n") == list(SAID)
    assert not [*verify(root, read_data=1.0)]


def test_a_later_page_alone_is_kept_for_what_it_says(bench: Bench, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    assert imported(bench, root, tmp_path / "saved", (1, 1)) == [Result.NEW, Result.SAME]
    assert body_of(root) == SAID[1]


def test_where_pages_are_not_kept_what_each_says_is_a_text(bench: Bench, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    Archive.create(root)

    async def story() -> None:
        with Archive.open(root, captures=False) as archive:
            collector = Collector(archive, None, bench.workers)
            for page in (0, 1):
                path = tmp_path / at(page).rpartition("/")[2]
                path.write_bytes(
                    f"<!-- saved from url=(0041){at(page)} -->\n".encode() + html(page)
                )
                (one,) = files.pages(path)
                await keep_saved(collector, one)

    bench.run(story)
    said = "".join(path.read_text("utf-8") for path in root.rglob("*.md"))
    assert SAID[0] in said and SAID[1] in said
