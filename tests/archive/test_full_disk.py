"""A disk that is full, fails or may not be written: one clear error, nothing half done, and a later run finishes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.reader import Reader
from archive.upkeep.verify import verify
from tests.archive.disks import HERE, needs_mounts, on_a_full_disk, on_a_read_only_disk
from tests.archive.newsroom import article, capture, eventful, open_archive, run

THOROUGH = "QQNEWS_THOROUGH" in os.environ
"""Set it for disks of every size, and for each of the first forty calls of each kind to fail: minutes, not seconds."""

FILLING = """
import json, sys
from pathlib import Path
from archive.archive import Wanted
from archive.errors import ArchiveError, StorageError
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, open_archive, picture

TOGETHER = 1

def fill(root, upto):
    acked, said = [], ""
    try:
        with open_archive(root) as archive:
            archive.queue.add(Wanted(id=article(n).id, url=article(n).url) for n in range(upto))
            archive.queue.lease(upto)
            for first in range(0, upto, TOGETHER):
                kept = []
                with archive.together():
                    for n in range(first, min(first + TOGETHER, upto)):
                        shown = picture(n, size=60_000)
                        one = article(n, pictures=(shown,))
                        archive.keep(one, capture=capture(one, minutes=n), pictures={shown.url: shown})
                        kept.append(one.id)
                acked += kept
    except StorageError as error:
        said = str(error)
    return acked, said
"""

TIGHT = (
    FILLING
    + """
import os, subprocess
result = {}
root, upto = Path(sys.argv[1]) / "archive", int(sys.argv[2])
acked, said = fill(root, upto)
result["acked"], result["said"] = len(acked), said
subprocess.run(["mount", "-o", "remount,size=64m", sys.argv[1]], check=True)
if root.exists():
    with open_archive(root) as archive:
        result["lost"] = [id for id in acked if archive.kept(id) is None]
        result["kept"] = archive.database.execute("select count(*) from articles").fetchone()[0]
        result["queue"] = archive.queue.counts()
result["found"] = [str(f) for f in (verify(root, read_data=1.0) if acked else []) if f.severity == "damage"]
again, said = fill(root, upto)
result["again"], result["said again"] = len(again), said
result["found again"] = [str(f) for f in verify(root, read_data=1.0) if f.severity == "damage"]
print(json.dumps(result))
"""
)


def sharing(program: str, together: int) -> str:
    """The program, keeping so many articles together."""
    return program.replace("TOGETHER = 1", f"TOGETHER = {together}")


@needs_mounts
@pytest.mark.parametrize("together", [1, 4])
@pytest.mark.parametrize(
    "kilobytes", range(1024, 8193, 64) if THOROUGH else [600, 1024, 2048, 4096, 8192]
)
def test_on_a_disk_that_fills_up_nothing_is_lost_and_a_later_run_finishes(
    tmp_path: Path, kilobytes: int, together: int
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    upto = 30 + kilobytes // 100  # more than there is room for
    script = (
        f"mount -t tmpfs -o size={kilobytes}k tmpfs {disk} && "
        f"exec {sys.executable} -c '{sharing(TIGHT, together)}' {disk} {upto}"
    )

    done = run("unshare", "-rm", "sh", "-c", script, cwd=HERE)

    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert "full" in told["said"] or "SQLITE_IOERR" in told["said"], told
    assert told["found"] == []
    if told["acked"]:
        assert told["lost"] == []
        assert told["queue"] == {"done": told["kept"], "pending": upto - told["kept"]}
    assert (told["again"], told["said again"], told["found again"]) == (upto, "", [])


LIMITED = (
    FILLING
    + """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
acked, said = fill(Path(sys.argv[1]), 12)
print(json.dumps([acked, said]))
"""
)


@pytest.mark.parametrize("limit", [20_000, 50_000, 100_000, 300_000])
def test_a_file_that_may_not_grow_stops_the_run_and_loses_nothing(
    tmp_path: Path, limit: int
) -> None:
    root = tmp_path / "archive"
    with open_archive(root):
        pass

    done = run(sys.executable, "-c", LIMITED, str(root), str(limit), cwd=HERE)

    assert done.returncode == 0, done.stderr.decode()
    acked, said = json.loads(done.stdout)
    assert said
    with open_archive(root) as archive:
        assert all(archive.kept(id) is not None for id in acked)
        (kept,) = archive.database.execute("select count(*) from articles").fetchone()
        assert archive.queue.counts().get("done", 0) == kept
    assert [one for one in verify(root, read_data=1.0) if one.severity == "damage"] == []


FAILING = (
    FILLING
    + """
import os
print("ready", flush=True)
sys.stdin.readline()
# The answer goes out by a call that is never made to fail.
os.writev(1, [json.dumps(fill(Path(sys.argv[1]), 3)).encode()])
"""
)

FAULTS = [
    (call, error, when)
    for call in ("fsync", "fdatasync", "write", "pwrite64", "rename", "openat")
    for error in (("EIO", "ENOSPC") if call != "openat" else ("EMFILE", "ENOSPC"))
    for when in (range(1, 41) if THOROUGH else (1, 4, 15))
]


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: no faults to inject"
)
@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize(("call", "error", "when"), FAULTS)
def test_a_failing_disk_is_named_and_nothing_acknowledged_is_lost(
    tmp_path: Path, call: str, error: str, when: int, together: int
) -> None:
    root = tmp_path / "archive"
    with open_archive(root):
        pass

    rule = f"inject={call}:error={error}:when={when}"
    program = sharing(FAILING, together)
    acked, said = filled_while_failing(root, rule, call, program=program)

    assert said or len(acked) == 3
    with open_archive(root) as archive:
        assert all(archive.kept(id) is not None for id in acked)
        assert archive.queue.counts().get("done", 0) >= len(acked)
    assert [one for one in verify(root, read_data=1.0) if one.severity == "damage"] == []
    assert filled_while_failing(root)[1] == ""


REVISING = """
def fill(root, upto):
    acked, said = [], ""
    try:
        with open_archive(root) as archive:
            for n in range(upto):
                one = article(n, body=text(n + 50))
                archive.keep(one, capture=capture(one, minutes=100 + n))
                acked.append(one.id)
    except (StorageError, OSError) as error:  # Python's own files are opened by the same call
        said = str(error)
    return acked, said
"""


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: no faults to inject"
)
@pytest.mark.parametrize("when", range(1, 41) if THOROUGH else range(1, 13, 2))
@pytest.mark.parametrize("error", ["EMFILE", "EIO"])
def test_a_text_that_cannot_be_opened_now_is_not_written_over_by_a_newer_one(
    tmp_path: Path, error: str, when: int
) -> None:
    root = tmp_path / "archive"
    assert filled_while_failing(root)[1] == ""
    program = FAILING.replace(
        "import os\n", f"from tests.archive.newsroom import text\n{REVISING}\nimport os\n", 1
    )

    acked, said = filled_while_failing(
        root, f"inject=openat:error={error}:when={when}", "openat", program=program
    )

    assert said or len(acked) == 3
    assert [one for one in verify(root, read_data=1.0) if one.severity == "damage"] == []
    with Reader.open(root) as reader:
        for n in range(3):
            assert reader.show(f"{article(n).id}@1").document.article.title == article(n).title
    assert filled_while_failing(root, program=program)[1] == ""
    with Reader.open(root) as reader:
        assert [reader.show(article(n).id).number for n in range(3)] == [2, 2, 2]


def filled_while_failing(root: Path, *rules: str, program: str = FAILING) -> tuple[list[str], str]:
    """What a child kept, and what it said, while calls failed by these rules; they begin with the child's real work."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=HERE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    tracer = None
    if rules:
        asked = [
            word for rule in rules for word in ("-e", rule if "=" in rule else f"trace={rule}")
        ]
        tracer = subprocess.Popen(
            ["strace", "-f", "-o", os.devnull, *asked, "-p", str(child.pid)],
            stderr=subprocess.PIPE,
        )
        assert tracer.stderr is not None
        attached = tracer.stderr.readline()
        assert b"attached" in attached, attached
    told, error = child.communicate(b"\n", timeout=60)
    if tracer is not None:
        tracer.communicate(timeout=60)
    assert told, error.decode()
    acked, said = json.loads(told)
    return acked, said


@needs_mounts
def test_a_folder_that_may_not_be_written_is_named_before_any_work(tmp_path: Path) -> None:
    eventful(tmp_path / "archive")
    told = on_a_read_only_disk(
        tmp_path,
        "from archive.errors import StorageError\n"
        "try: open_archive(root)\n"
        "except StorageError as error: print(error)",
    )

    assert "read-only" in told


@needs_mounts
def test_an_archive_on_a_read_only_disk_can_be_read_and_verified(tmp_path: Path) -> None:
    eventful(tmp_path / "archive")
    told = on_a_read_only_disk(
        tmp_path,
        "from archive.upkeep.verify import verify\nfrom archive.index.connection import open_reader\n"
        "db = open_reader(root); print(db.execute('select count(*) from articles').fetchone()[0])\n"
        "print(list(verify(root, read_data=1.0)))",
    )

    assert told.split("\n") == ["4", "[]"]


READING = (
    "from archive.errors import StorageError\n"
    "from archive.reader import Reader\n"
    "from archive.upkeep.verify import verify\n"
    "try:\n"
    "    with Reader.open(root) as reader:\n"
    "        print(reader.count(), len(reader.search('湖城').hits), reader.show('20260207A0000300').number)\n"
    "    print(list(verify(root, read_data=1.0)))\n"
    "except StorageError as error: print(error)\n"
)


@needs_mounts
def test_an_archive_on_a_full_disk_can_be_read_and_verified(tmp_path: Path) -> None:
    """SQLite wants a few KiB beside the index to read it, which are not to be had."""
    eventful(tmp_path / "archive")

    told = on_a_full_disk(tmp_path, READING)

    assert told.split("\n") == ["4 4 1", "[]"]


@needs_mounts
def test_on_a_full_disk_what_stands_in_the_log_alone_is_not_passed_over_in_silence(
    tmp_path: Path,
) -> None:
    with open_archive(tmp_path / "living") as archive:
        one = article(1)
        archive.keep(one, capture=capture(one))
        shutil.copytree(tmp_path / "living", tmp_path / "archive")
    (tmp_path / "archive" / "qqnews.db-shm").unlink()

    told = on_a_full_disk(tmp_path, READING)

    assert "is no room" in told and "make room" in told, told


@needs_mounts
def test_a_rebuild_for_which_there_is_no_room_leaves_the_index_where_it_is(tmp_path: Path) -> None:
    eventful(tmp_path / "archive")
    # A program that was killed has left a log, and there is no room for the memory to read it.
    (tmp_path / "archive/qqnews.db-wal").write_bytes(b"")
    told = on_a_full_disk(
        tmp_path,
        "from archive.errors import StorageError\nfrom archive.upkeep.rebuild import rebuild\n"
        "before = (root / 'qqnews.db').read_bytes()\n"
        "try: rebuild(root)\n"
        "except StorageError as error: print(error)\n"
        "print((root / 'qqnews.db').read_bytes() == before, (root / 'lost+found').exists())",
    )

    assert told.splitlines()[-1] == "True False", told
    assert len(told.splitlines()) == 2, told
