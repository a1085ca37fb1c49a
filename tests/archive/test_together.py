"""Articles that become durable together: all of them or, for the index, none; each waited for where it is needed."""

import time
from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.dedupe import Copy, New, Revised
from archive.files import Staged
from archive.landing import Landing
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, dump, open_archive, picture, text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def test_articles_kept_together_are_told_of_when_all_are_on_the_disk(root: Path) -> None:
    shown = picture(1)
    one, copy = article(1, pictures=(shown,)), article(2, body=text(1), title="转载")
    other = article(1, body=text(7), pictures=(shown,))
    with open_archive(root) as archive:
        with archive.together():
            first = archive.keep(one, capture=capture(one), pictures={shown.url: shown})
            again = archive.keep(other, capture=capture(other, minutes=5))
            twin = archive.keep(copy, capture=capture(copy, minutes=6))
            assert dump(root)["articles"] == []

        assert [first.verdict, again.verdict, twin.verdict] == [New(), Revised(), Copy(of=one.id)]
        assert {row["id"]: row["revision"] for row in dump(root)["articles"]} == {
            one.id: 2,
            copy.id: 1,
        }
    assert text(1) in (root / f"revisions/2026/02/{one.id}/1.md").read_text()
    assert text(7) in (root / first.path).read_text()
    assert list(verify(root, read_data=1.0)) == []


def test_a_text_that_is_still_on_its_way_to_a_slow_disk_is_waited_for_where_it_is_set_by(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    land = Landing._land

    def slowly(landing: Landing, files: tuple[Staged, ...]) -> None:
        time.sleep(0.2)
        land(landing, files)

    monkeypatch.setattr(Landing, "_land", slowly)
    one, edited = article(1), article(1, body=text(7))
    with open_archive(root) as archive, archive.together():
        archive.keep(one, capture=capture(one))
        archive.keep(edited, capture=capture(edited, minutes=6))

    assert text(1) in (root / f"revisions/2026/02/{one.id}/1.md").read_text()
    assert list(verify(root, read_data=1.0)) == []


def test_when_one_of_those_kept_together_fails_the_next_change_finds_what_had_reached_the_disk(
    root: Path,
) -> None:
    one, other = article(1), article(2)
    with open_archive(root) as archive:
        archive.queue.add([Wanted(id=one.id, url=one.url), Wanted(id=other.id, url=other.url)])
        with pytest.raises(ZeroDivisionError), archive.together():
            archive.keep(one, capture=capture(one))
            1 / 0  # noqa: B018
        assert dump(root)["articles"] == []

        archive.keep(other, capture=capture(other, minutes=5))

        assert {row["id"] for row in dump(root)["articles"]} == {one.id, other.id}
        assert archive.queue.counts() == {"done": 2}
    assert list(verify(root, read_data=1.0)) == []
