"""A merge of archives that have lost something: a capture, a text, a page; what either still has is there."""

import shutil
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.errors import DamagedArchive
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, dump, eventful
from tests.archive.two_archives import OURS, THEIRS, archive_of, facts


def test_a_page_that_one_archive_lost_comes_from_the_other(tmp_path: Path) -> None:
    ours = archive_of(tmp_path / "ours", OURS)
    theirs = shutil.copytree(ours, tmp_path / "theirs")
    expected = facts(ours)
    (row, *_) = dump(ours)["captures"]
    path = ours / row["path"]
    content = bytearray(path.read_bytes())
    content[row["offset"] + 30] ^= 255
    path.write_bytes(content)
    rebuild(ours)

    merge(ours, theirs)

    assert facts(ours) == expected


TOLD_BY_FILES = ("id", "title", "published", "outlet", "revision", "copy_of", "captured", "length")


def texts(root: Path) -> list[tuple[object, ...]]:
    """What the files of an archive say of its articles and their texts."""
    told = dump(root)
    of_articles = [tuple(row[name] for name in TOLD_BY_FILES) for row in told["articles"]]
    of_texts = [
        (row["article"], row["number"], row["title"], row["captured"], row["suspect"])
        for row in told["revisions"]
    ]
    return of_articles + of_texts + [tuple(row.values()) for row in told["texts"]]


def without_captures(root: Path) -> Path:
    """An archive to which everything has happened, and whose captures are lost since."""
    eventful(root)
    shutil.rmtree(root / "captures")
    rebuild(root)
    return root


def test_texts_whose_captures_are_lost_are_brought_along(tmp_path: Path) -> None:
    eventful(tmp_path / "whole")
    expected = texts(tmp_path / "whole")
    theirs = without_captures(tmp_path / "theirs")
    mine = shutil.copytree(theirs, tmp_path / "mine")
    Archive.create(tmp_path / "empty")
    other = shutil.copytree(tmp_path / "empty", tmp_path / "other")

    for root, its in ((tmp_path / "empty", theirs), (mine, other)):
        assert merge(root, its).articles == 4
        assert texts(root) == expected
        assert [one for one in verify(root, read_data=1.0) if one.severity == "damage"] == []


def test_a_backup_that_has_its_captures_tells_what_the_archive_lost(tmp_path: Path) -> None:
    ours, theirs = without_captures(tmp_path / "ours"), tmp_path / "theirs"
    eventful(theirs)
    expected = facts(theirs)

    merge(ours, theirs)

    for table in ("revisions", "article_images", "texts", "captures"):
        assert facts(ours)[table] == expected[table], table


def test_an_archive_that_misses_a_text_is_to_be_repaired_first(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS)
    for path in theirs.glob("revisions/*/*/*/*.md"):
        path.unlink()
    before = dump(ours)

    with pytest.raises(DamagedArchive, match="is not there — run `qqnews repair` there"):
        merge(ours, theirs)

    assert dump(ours) == before


def test_a_page_whose_text_is_lost_comes_along(tmp_path: Path) -> None:
    ours, theirs = archive_of(tmp_path / "ours", OURS), archive_of(tmp_path / "theirs", THEIRS[:2])
    next(theirs.glob(f"articles/*/*/{article(3).id}.md")).unlink()
    rebuild(theirs)

    merge(ours, theirs)

    pages = [row for row in dump(ours)["captures"] if row["id"] == article(3).id]
    assert [row["verdict"] for row in pages if row["state"] == "ok"] == ["new"]


def test_a_text_that_one_archive_lost_comes_from_the_other(tmp_path: Path) -> None:
    ours = archive_of(tmp_path / "ours", OURS)
    theirs = shutil.copytree(ours, tmp_path / "theirs")
    expected = facts(ours)
    next(ours.glob(f"articles/*/*/{article(4).id}.md")).unlink()
    next(ours.glob(f"revisions/*/*/{article(1).id}/1.md")).unlink()
    rebuild(ours)

    merged = merge(ours, theirs)

    assert facts(ours) == expected
    assert (merged.new_articles, merged.new_captures, merged.forgotten) == (1, 0, 0)
