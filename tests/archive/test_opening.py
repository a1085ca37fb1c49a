"""Opening an archive: who holds it, who may read meanwhile, what is refused, what nobody may plant in it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.archive import Archive, Wanted
from archive.errors import ArchiveInUse, DamagedArchive, ForeignArchive, NoArchive, StorageError
from archive.files import FOLDERS
from archive.index.connection import open_reader
from archive.upkeep.backup import backup
from archive.upkeep.doctor import doctor
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.repair import repair
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, eventful, files, open_archive, picture


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def test_the_second_writer_is_told_who_is_the_first(root: Path) -> None:
    with open_archive(root), pytest.raises(ArchiveInUse) as refused:
        open_archive(root)

    assert f"process {os.getpid()} on" in refused.value.what


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("error", ["ENOLCK", "EOPNOTSUPP", "ENOSYS"])
def test_on_a_disk_that_knows_no_flock_there_is_one_writer_too(root: Path, error: str) -> None:
    """As some network disks are; two writers would clear away each other's unfinished files."""
    Archive.create(root)
    opening = (
        "import sys; from pathlib import Path; from tests.archive.newsroom import open_archive\n"
        "from archive.errors import ArchiveInUse; from archive.upkeep.verify import verify\n"
        "root = Path(sys.argv[1])\n"
        "try:\n    archive = open_archive(root)\n"
        "except ArchiveInUse as error:\n    print(error.what)\n    sys.exit(5)\n"
        "print('held', flush=True); sys.stdin.read(); archive.close()\n"
        "list(verify(root, read_data=1.0))"
    )
    faulty = ["strace", "-f", "-o", os.devnull, "-e", f"inject=flock:error={error}"]
    command = [*faulty, sys.executable, "-c", opening, str(root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    here = Path(__file__).parents[2]
    first = subprocess.Popen(command, cwd=here, **pipes)
    assert first.stdout is not None
    if first.stdout.readline() != "held\n":
        pytest.skip("strace may not trace here")

    second = subprocess.run(
        command, cwd=here, input="", capture_output=True, text=True, check=False
    )
    first.communicate("")
    third = subprocess.run(command, cwd=here, input="", capture_output=True, text=True, check=False)

    assert second.returncode == 5, second.stderr
    assert f"{root} is in use by process " in second.stdout
    assert (first.returncode, third.returncode) == (0, 0), third.stderr


def test_a_dead_writer_holds_no_lock_and_its_work_is_pending_again(root: Path) -> None:
    with open_archive(root) as archive:
        archive.queue.add([Wanted(id="20260207A0000900", url="https://news.qq.com/")])
    dying = (
        "import os, sys; from pathlib import Path; from tests.archive.newsroom import open_archive\n"
        "archive = open_archive(Path(sys.argv[1])); archive.queue.lease(1); os.kill(os.getpid(), 9)"
    )
    subprocess.run(
        [sys.executable, "-c", dying, str(root)], cwd=Path(__file__).parents[2], check=False
    )

    with open_archive(root) as archive:
        assert [(row["state"], row["attempts"]) for row in archive.queue.rows()] == [("pending", 0)]


def test_what_is_not_an_archive_is_refused_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NoArchive):
        Archive.open(tmp_path / "nowhere")
    (tmp_path / "other").mkdir()
    subprocess.run(["sqlite3", tmp_path / "other/qqnews.db", "create table t (a)"], check=True)
    before = (tmp_path / "other/qqnews.db").read_bytes()

    with pytest.raises(ForeignArchive):
        Archive.open(tmp_path / "other")

    assert (tmp_path / "other/qqnews.db").read_bytes() == before


def test_an_archive_of_a_newer_version_is_refused_untouched(root: Path) -> None:
    with open_archive(root) as archive:
        archive.database.execute("pragma user_version = 9999")
    before = (root / "qqnews.db").read_bytes()

    with pytest.raises(ForeignArchive, match="newer"):
        open_archive(root)

    assert (root / "qqnews.db").read_bytes() == before


def test_a_damaged_index_is_named_with_the_command_that_mends_it(root: Path) -> None:
    with open_archive(root) as archive:
        archive.keep(article(1), capture=capture(article(1)))
    content = (root / "qqnews.db").read_bytes()
    (root / "qqnews.db").write_bytes(content[:40] + b"\xff" * (len(content) - 40))

    with pytest.raises(DamagedArchive, match="qqnews rebuild"):
        open_archive(root)


def test_nothing_is_begun_when_the_disk_is_nearly_full(root: Path) -> None:
    one = article(1)
    with open_archive(root, floor=1 << 60) as archive:
        before = files(root)

        with pytest.raises(StorageError, match="must stay"):
            archive.keep(one, capture=capture(one))

    assert files(root) == before


WRITERS: dict[str, Callable[[Path], object]] = {
    "open": open_archive,
    "init": Archive.create,
    "rebuild": rebuild,
    "repair": lambda root: list(repair(root, apply=True)),
    "merge": lambda root: merge(root, root.parent / "other"),
    "backup onto it": lambda root: backup(root.parent / "other", root),
}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_folder_that_was_moved_away_and_linked_is_read_and_every_writer_says_one_line(
    root: Path, tmp_path: Path, folder: str, writer: str
) -> None:
    eventful(root)
    backup(root, tmp_path / "other")
    (root / folder).rename(tmp_path / "larger")
    (root / folder).symlink_to(tmp_path / "larger")
    before = files(tmp_path)

    with pytest.raises(StorageError) as refused:
        WRITERS[writer](root)

    assert refused.value.what == f"{root / folder} is a symbolic link: an archive is one folder"
    assert "move the whole archive" in refused.value.hint
    assert files(tmp_path) == before
    assert list(verify(root, read_data=1.0)) == []
    assert [check.detail for check in doctor(root) if not check.ok][-1:] == [refused.value.what]
    backup(root, tmp_path / "way out")
    open_archive(tmp_path / "way out").close()


def test_the_whole_archive_may_be_a_link(root: Path, tmp_path: Path) -> None:
    eventful(tmp_path / "larger")
    root.symlink_to(tmp_path / "larger")

    with open_archive(root) as archive:
        archive.keep(article(7), capture=capture(article(7)))

    assert list(verify(root, read_data=1.0)) == []


def test_a_link_planted_in_the_archive_leads_nothing_out_of_it(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    with open_archive(root) as archive:
        (root / "articles/2026").symlink_to(tmp_path / "outside")

        with pytest.raises(StorageError):
            archive.keep(article(1), capture=capture(article(1)))

    assert list((tmp_path / "outside").rglob("*.md")) == []


def test_a_stranger_who_holds_the_index_is_waited_for_and_then_named(root: Path) -> None:
    with open_archive(root) as archive:
        stranger = sqlite3.connect(root / "qqnews.db", isolation_level=None)
        stranger.execute("begin immediate")
        archive.database.execute("pragma busy_timeout = 50")

        with pytest.raises(StorageError, match="locked by another program"):
            archive.queue.add([Wanted(id="20260207A0000900", url="https://news.qq.com/")])

        stranger.execute("rollback")
        stranger.close()
        assert archive.queue.add([Wanted(id="20260207A0000900", url="https://news.qq.com/")]) == 1


def test_readers_see_no_error_while_a_writer_writes(root: Path) -> None:
    counts = []
    with open_archive(root) as archive:
        for number in range(30):
            one = article(number, pictures=(picture(1),))
            archive.keep(one, capture=capture(one, minutes=number), missing={picture(1).url: "x"})
            reader = open_reader(root)
            counts += reader.execute("select count(*) from current").fetchone()
            reader.close()

    assert counts == list(range(1, 31))
