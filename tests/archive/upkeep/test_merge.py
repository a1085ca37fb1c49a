"""Two archives brought together are one archive that saw everything."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.archive import Archive, Wanted
from archive.errors import ArchiveError, DamagedArchive
from archive.reader import Reader
from archive.upkeep.merge import merge
from archive.upkeep.verify import verify
from tests.archive.newsroom import (
    START,
    article,
    capture,
    dump,
    files,
    open_archive,
    picture,
)
from tests.archive.two_archives import OURS, THEIRS, archive_of, facts, gone, keep


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


def test_archives_that_keep_no_pages_are_merged_as_those_that_do(tmp_path: Path) -> None:
    """What the site was told to compare by, how long its answers were; and each answer once, however often."""
    ours = archive_of(tmp_path / "ours", OURS, captures=False)
    theirs = archive_of(tmp_path / "theirs", THEIRS, captures=False)
    whole = archive_of(tmp_path / "whole", OURS + THEIRS, captures=False)
    merge(ours, theirs)

    assert facts(ours) == facts(whole)

    merge(ours, theirs)
    merge(ours, archive_of(tmp_path / "again", OURS, captures=False))

    assert facts(ours) == facts(whole)


@pytest.mark.parametrize("captures", [True, False])
def test_another_reading_of_a_page_stays_one(captures: bool, tmp_path: Path) -> None:
    """Also where no page is kept, whose record is named by which text it made."""
    ours = archive_of(
        tmp_path / "ours", [(1, keep(1, 1, 1)), (3, keep(1, 3, 3))], captures=captures
    )
    theirs = archive_of(tmp_path / "theirs", [(2, keep(1, 2, 2))], captures=captures)
    with Reader.open(ours) as reader:
        page = reader.show(article(1).id).document
    with open_archive(ours, captures=captures) as archive:
        archive.rereading.keep(
            replace(page.article, author="白露"), captured=page.captured, capture=page.capture
        )

    merge(ours, theirs)

    with Reader.open(ours) as reader:
        assert [one.again for one in reader.log(article(1).id)] == [False, False, False, True]
        assert [*reader.sql("select revisions from edited").rows] == [(3,)]


def test_an_answer_that_was_told_twice_keeps_its_page(tmp_path: Path) -> None:
    """So it is where the same capture was imported twice."""
    root, one = tmp_path / "archive", article(1)
    with open_archive(root) as archive:
        for _ in range(2):
            archive.keep(one, capture=capture(one))
    expected = facts(root)
    Archive.create(tmp_path / "empty")

    merge(root, tmp_path / "empty")

    assert facts(root) == expected


def test_a_copy_that_has_the_text_first_here_is_written_as_it_is_read(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    with open_archive(ours) as archive:
        keep(2, 20, 1)(archive)
        keep(3, 20, 5)(archive)
    with open_archive(theirs) as archive:
        keep(3, 30, 2)(archive)

    merge(ours, theirs)

    assert list(verify(ours, read_data=1.0)) == []


def test_copies_that_hold_their_text_and_pictures_do_so_after_a_merge(tmp_path: Path) -> None:
    ours = archive_of(tmp_path / "ours", OURS, duplicates="keep")
    theirs = archive_of(tmp_path / "theirs", THEIRS, duplicates="keep")
    whole = archive_of(tmp_path / "whole", OURS + THEIRS, duplicates="keep")

    merge(ours, theirs, duplicates="keep")

    assert facts(ours) == facts(whole)
    assert [row["sha256"] for row in facts(ours)["article_images"] if row["article"] == ID] != []


ID = article(2).id  # a copy of article 3, once both archives are one


@pytest.mark.parametrize("here", [True, False])
def test_a_picture_that_one_archive_lacks_comes_from_the_other(tmp_path: Path, here: bool) -> None:
    shown = picture(1)
    one = article(1, pictures=(shown,))
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for root, minutes in ((ours, 1), (theirs, 5)):
        with open_archive(root) as archive:
            pictures, missing = (
                ({shown.url: shown}, {}) if here == (root == ours) else ({}, {shown.url: "404"})
            )
            archive.keep(
                one, capture=capture(one, minutes=minutes), pictures=pictures, missing=missing
            )
            gone(1, 90)(archive)

    merge(ours, theirs)

    assert [row["missing"] for row in dump(ours)["article_images"]] == [""]
    assert list(verify(ours, read_data=1.0)) == []


def test_a_picture_that_came_to_an_accepted_text_stays_in_it(tmp_path: Path) -> None:
    root, empty, shown = tmp_path / "archive", tmp_path / "empty", picture(2)
    full, short = article(1), article(1, body="没有了。", pictures=(shown,))
    with open_archive(root, clock=lambda: START + timedelta(minutes=3)) as archive:
        archive.keep(full, capture=capture(full))
        archive.keep(short, capture=capture(short, minutes=1), missing={shown.url: "timeout"})
        archive.suspects.accept(full.id, 2)
        archive.add_pictures(full.id, pictures={shown.url: shown})
    expected = facts(root)
    Archive.create(empty)

    merge(root, empty)

    assert facts(root) == expected


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


def test_articles_that_the_other_forgot_are_not_counted_as_fewer_new_ones(tmp_path: Path) -> None:
    ours = archive_of(tmp_path / "ours", OURS)
    theirs = shutil.copytree(ours, tmp_path / "theirs")
    with open_archive(theirs) as archive:
        archive.forget(article(4).id)

    merged = merge(ours, theirs)

    assert (merged.articles, merged.new_articles, merged.forgotten) == (2, 0, 1)
    assert (merged.captures, merged.new_captures) == (4, 0)
