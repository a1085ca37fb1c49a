"""A backup is an archive: it opens, verifies, and says what the archive said."""

from pathlib import Path

import pytest

from archive.backup import backup
from archive.errors import ArchiveInUse, ForeignArchive
from archive.files import article_path
from archive.repair import repair
from archive.verify import verify
from tests.archive.newsroom import article, capture, dump, eventful, files, open_archive, picture


@pytest.fixture
def root(tmp_path: Path) -> Path:
    eventful(tmp_path / "archive")
    return tmp_path / "archive"


def test_a_backup_opens_and_verifies_and_says_the_same(root: Path, tmp_path: Path) -> None:
    done = backup(root, tmp_path / "copy")

    assert dump(tmp_path / "copy") == dump(root)
    assert files(tmp_path / "copy") == files(root)
    assert list(verify(tmp_path / "copy", read_data=1.0)) == []
    assert done.copied == done.files
    with open_archive(tmp_path / "copy") as copy:
        new = article(50)
        copy.keep(new, capture=capture(new, minutes=999))


def test_a_second_backup_copies_only_what_is_new(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "copy")
    with open_archive(root) as archive:
        new = article(50, pictures=(picture(50),))
        shown = {picture(50).url: picture(50)}
        archive.keep(new, capture=capture(new, minutes=999), pictures=shown)

    done = backup(root, tmp_path / "copy")

    assert done.copied == 3  # the text, the picture, and the capture file that grew
    assert dump(tmp_path / "copy") == dump(root)


def test_what_was_forgotten_goes_from_the_backup_too(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "copy")
    with open_archive(root) as archive:
        archive.forget("20260207A0000100")

    backup(root, tmp_path / "copy")

    assert files(tmp_path / "copy") == files(root)


def test_a_backup_never_goes_over_something_else(root: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/holiday.jpg").write_bytes(b"x")

    with pytest.raises(ForeignArchive):
        backup(root, tmp_path / "photos")
    with pytest.raises(ForeignArchive):
        backup(root, root / "copy")

    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["holiday.jpg"]


def test_a_backup_never_goes_over_another_archive(root: Path, tmp_path: Path) -> None:
    """What it had alone would be gone."""
    with open_archive(tmp_path / "other") as other:
        alone = article(50)
        other.keep(alone, capture=capture(alone))
    before = files(tmp_path / "other")

    with pytest.raises(ForeignArchive, match=r"articles that are not in .*: 1 — `qqnews merge"):
        backup(root, tmp_path / "other")

    assert files(tmp_path / "other") == before


def test_what_the_archive_lost_stays_in_the_backup(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "copy")
    before = files(tmp_path / "copy")
    (root / article_path("20260207A0000100")).unlink()
    for _ in repair(root, apply=True):
        pass

    with pytest.raises(ForeignArchive, match="qqnews merge"):
        backup(root, tmp_path / "copy")

    assert files(tmp_path / "copy") == before


def test_a_backup_waits_for_no_writer(root: Path, tmp_path: Path) -> None:
    with open_archive(root), pytest.raises(ArchiveInUse):
        backup(root, tmp_path / "copy")
