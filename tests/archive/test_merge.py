"""Two archives brought together are one archive that saw everything."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.archive import Archive, Wanted
from archive.errors import ArchiveError, DamagedArchive
from archive.merge import merge
from archive.state import State
from archive.verify import verify
from tests.archive.newsroom import (
    START,
    article,
    capture,
    dump,
    files,
    open_archive,
    picture,
    text,
)

Step = Callable[[Archive], object]


def keep(number: int, body: int, minutes: float, **facts: object) -> Step:
    """The step of keeping an article with a text, at a time; the article shows a picture."""
    shown = picture(number)
    one = article(number, body=text(body), pictures=(shown,), **facts)
    return lambda archive: archive.keep(
        one, capture=capture(one, minutes=minutes), pictures={shown.url: shown}, rule="rain"
    )


def gone(number: int, minutes: float) -> Step:
    """The step of seeing that an article was taken down."""
    one = article(number)
    return lambda archive: archive.note(
        id=one.id,
        address=one.url,
        state=State.GONE,
        rule="redirect",
        capture=capture(one, minutes=minutes, status=302, body=b""),
    )


OURS: list[tuple[float, Step]] = [
    (1, keep(1, 1, 1)),
    (4, keep(1, 3, 4)),
    (5, keep(2, 20, 5)),
    (9, keep(4, 40, 9)),
    (12, gone(3, 12)),
]
THEIRS: list[tuple[float, Step]] = [
    (2, keep(1, 2, 2)),
    (3, keep(3, 20, 3, outlet="山城晚报")),
    (8, keep(1, 3, 8)),
    (10, gone(2, 10)),
    (11, keep(4, 40, 11)),
]


def archive_of(root: Path, steps: list[tuple[float, Step]]) -> Path:
    with open_archive(root) as archive:
        for _, step in sorted(steps, key=lambda one: one[0]):
            step(archive)
    return root


def facts(root: Path) -> dict[str, list[dict[str, object]]]:
    """What the index says, but for where in which capture file something lies."""
    placed = {"path", "offset", "end"}
    told = dump(root)
    del told["warc_files"]
    told["captures"] = [
        {name: value for name, value in row.items() if name not in placed}
        for row in told["captures"]
    ]
    return told


def test_a_merged_archive_equals_one_that_saw_everything(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    whole = archive_of(tmp_path / "whole", OURS + THEIRS)
    before = files(theirs)

    merged = merge(ours, theirs)

    expected, found = facts(whole), facts(ours)
    for table in expected:
        assert found[table] == expected[table], table
    assert (merged.articles, merged.new_articles, merged.new_captures) == (4, 1, 5)
    assert list(verify(ours, read_data=1.0)) == []
    assert files(theirs) == before


def test_the_order_in_which_archives_are_merged_does_not_matter(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    merge(ours, theirs)
    again = archive_of(tmp_path / "again", OURS)

    merge(theirs, again)

    assert facts(theirs) == facts(ours)


def test_merging_what_is_here_already_changes_nothing(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    merge(ours, theirs)
    before = facts(ours)

    merge(ours, theirs)

    assert facts(ours) == before


def test_what_one_archive_forgot_stays_forgotten(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    with open_archive(theirs) as archive:
        archive.forget(article(1).id)

    merge(ours, theirs)

    with open_archive(ours) as archive:
        assert archive.kept(article(1).id) is None


def test_a_merge_joins_the_queues(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    for number, root in enumerate((ours, theirs)):
        with open_archive(root) as archive:
            archive.queue.add([Wanted(id=f"20260209A{number:05}00", url="https://news.qq.com/")])

    merge(ours, theirs)

    with open_archive(ours) as archive:
        assert {row["id"] for row in archive.queue.rows(state="pending")} == {
            "20260209A0000000",
            "20260209A0000100",
        }


def test_a_merge_joins_the_runs_in_order_of_time_each_once(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    for root, hours in ((ours, (1, 5)), (theirs, (2, 3))):
        for hour in hours:
            with open_archive(root, clock=lambda h=hour: START + timedelta(hours=h)) as archive:
                key = archive.runs.start("run")
                archive.runs.finish(key, code=0, summary={"new": hour})

    merge(ours, theirs)
    merge(ours, theirs)

    with open_archive(ours) as archive:
        assert [run["summary"]["new"] for run in archive.runs.last(9)] == [5, 3, 2, 1]


def test_an_archive_is_not_merged_into_itself(tmp_path: Path) -> None:
    ours = archive_of(tmp_path / "ours", OURS[:1])

    with pytest.raises(ArchiveError, match="this archive itself"):
        merge(ours, tmp_path / "." / "ours")


def test_a_text_changed_by_hand_is_not_merged_as_if_it_had_been_kept(tmp_path: Path) -> None:
    root, other = tmp_path / "archive", tmp_path / "other"
    with open_archive(root) as archive:
        archive.keep(article(1), capture=capture(article(1)))
    with open_archive(other) as archive:
        path = archive.keep(article(2), capture=capture(article(2))).path
    (other / path).write_text((other / path).read_text().replace("藕粉", "咖啡"))
    before = dump(root)

    with pytest.raises(DamagedArchive, match="qqnews repair"):
        merge(root, other)

    assert dump(root) == before
