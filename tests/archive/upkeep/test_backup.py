"""A backup is an archive: it opens, verifies, and says what the archive said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.errors import ArchiveInUse, ForeignArchive
from archive.files import Lock, article_path, digest, image_path
from archive.upkeep.backup import backup
from archive.upkeep.merge import merge
from archive.upkeep.repair import repair
from archive.upkeep.verify import verify
from tests.archive.newsroom import (
    START,
    article,
    capture,
    dump,
    eventful,
    files,
    open_archive,
    picture,
    text,
)


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


def _looks_again(archive: Archive) -> None:
    archive.keep(article(1, body=text(92)), capture=capture(article(1), minutes=999))


def _forgets(archive: Archive) -> None:
    archive.forget("20260207A0000300")


@pytest.mark.parametrize("what", [_looks_again, _forgets])
def test_an_archive_as_it_was_earlier_does_not_go_over_a_newer_copy(
    what: Callable[[Archive], None], root: Path, tmp_path: Path
) -> None:
    """Whoever restores in the wrong direction is told so, and told the right one."""
    place = tmp_path / "a copy"
    backup(root, place)
    with open_archive(place) as copy:
        what(copy)
    before = files(place)

    with pytest.raises(
        ForeignArchive, match=r"copy is newer than .*`qqnews --archive '.*/a copy' backup"
    ):
        backup(root, place)

    assert files(place) == before
    assert backup(place, root).aside == 0
    assert files(root) == before


def test_an_archive_that_forgot_its_newest_article_is_not_older_than_its_backup(
    root: Path, tmp_path: Path
) -> None:
    with open_archive(root) as archive:
        archive.keep(article(50), capture=capture(article(50), minutes=999))
    backup(root, tmp_path / "copy")
    with open_archive(root) as archive:
        archive.forget(article(50).id)

    backup(root, tmp_path / "copy")

    assert files(tmp_path / "copy") == files(root)


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


def test_what_is_whole_only_in_the_backup_stays_there(root: Path, tmp_path: Path) -> None:
    """The archive repaired itself: a picture, a capture file and a text of it were damaged, and the backup had them."""
    shown, first = picture(7), article(7, pictures=(picture(7),))
    with open_archive(root) as archive:
        path = archive.keep(first, capture=capture(first), pictures={shown.url: shown}).path
        archive.keep(replace(first, title="再版"), capture=capture(first, minutes=1))
    backup(root, tmp_path / "copy")
    whole = files(tmp_path / "copy")
    image = image_path(digest(shown.content), "jpg")
    earlier = f"revisions/2026/02/{first.id}/1.md"
    (captures,) = (file for file in whole if file.startswith("captures/"))
    for damaged in (image, earlier, captures):
        content = bytearray((root / damaged).read_bytes())
        content[-200] ^= 0x20
        (root / damaged).write_bytes(content)
    for _ in repair(root, apply=True):
        pass

    done = backup(root, tmp_path / "copy", clock=lambda: START)

    after = files(tmp_path / "copy")
    assert done.aside == 3
    for damaged in (image, earlier, captures):
        assert after[f"lost+found/20260207T040000Z/{damaged}"] == whole[damaged]
    here = {name: content for name, content in files(root).items() if name.startswith("lost+found")}
    assert here.items() <= after.items(), "what was set aside here"
    assert path in after
    assert [
        one for one in verify(tmp_path / "copy", read_data=1.0) if one.severity == "damage"
    ] == []
    assert backup(root, tmp_path / "copy").copied == 0


def test_a_damaged_text_does_not_go_over_the_whole_one_of_the_backup(
    root: Path, tmp_path: Path
) -> None:
    backup(root, tmp_path / "copy")
    text = tmp_path / "copy" / article_path("20260207A0000300")
    before = text.read_bytes()
    here = root / article_path("20260207A0000300")
    here.write_bytes(before[:-9] + b"X" + before[-8:])

    backup(root, tmp_path / "copy")
    for _ in repair(tmp_path / "copy", apply=True):
        pass

    assert text.read_bytes() == before


def test_what_was_forgotten_goes_from_what_the_backup_set_aside(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "copy")
    there = tmp_path / "copy" / "lost+found" / "20260301T000000Z" / article_path("20260207A0000100")
    there.parent.mkdir(parents=True)
    there.write_text("an earlier one")
    with open_archive(root) as archive:
        archive.forget("20260207A0000100")

    done = backup(root, tmp_path / "copy")

    assert (done.aside, files(tmp_path / "copy")) == (0, files(root))


def test_after_a_merge_the_backup_takes_no_picture_twice(root: Path, tmp_path: Path) -> None:
    with open_archive(tmp_path / "other") as other:
        other.keep(article(50), capture=capture(article(50)))
    backup(root, tmp_path / "copy")
    merge(root, tmp_path / "other")

    done = backup(root, tmp_path / "copy")

    pictures = [name for name in files(tmp_path / "copy") if name.endswith(".jpg")]
    assert len(pictures) == len({name.rpartition("/")[2] for name in pictures})
    assert done.aside == 0
    assert list(verify(tmp_path / "copy", read_data=1.0)) == []


def test_what_other_programs_leave_in_a_backup_is_no_article(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "copy")
    here = (tmp_path / "copy" / article_path("20260207A0000100")).parent
    for name in (".DS_Store", "._20260207A0000100.md", "notes.md"):
        (here / name).write_text("not ours")

    done = backup(root, tmp_path / "copy")

    assert done.aside == 3
    assert list(verify(tmp_path / "copy", read_data=1.0)) == []


def test_a_backup_onto_a_file_is_a_mistake_in_the_call(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(ForeignArchive, match="file is no folder"):
        backup(root, tmp_path / "file")


def test_a_backup_in_use_is_waited_for_by_hand(root: Path, tmp_path: Path) -> None:
    backup(root, tmp_path / "copy")

    with Lock(tmp_path / "copy") as lock:
        lock.acquire(wait=0)
        with pytest.raises(ArchiveInUse) as refused:
            backup(root, tmp_path / "copy")

    assert refused.value.hint == "wait for it to finish"
