"""Power may fail after any system call: whatever was acknowledged is there, and nothing is half there.

A child does real work under strace; its calls are replayed onto a model of a disk, and after every one each state that
a power cut could leave is laid out on a real disk, opened, verified, and asked for what had been acknowledged.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.errors import ArchiveError
from archive.index import audit, connection, migrations
from archive.upkeep.verify import verify
from tests.archive.newsroom import eventful, open_archive, run
from tests.crash.disk import MODELS, TRACED, Disk, calls, lay_out
from tests.crash.writer import BROKEN, SCENARIOS, next_version

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: no system calls to replay"
)

THOROUGH = "QQNEWS_THOROUGH" in os.environ
"""Set it to have every state verified to the last byte: minutes, not seconds."""

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def memory() -> Iterator[Path]:
    """A folder in memory where the system has one: thousands of small states are laid out there."""
    shared = Path("/dev/shm")
    folder = tempfile.mkdtemp(dir=shared if shared.is_dir() else None)
    yield Path(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def before(memory: Path) -> Path:
    """The archive that every scenario begins with."""
    root = memory / "before"
    eventful(root)
    return root


def trace(root: Path, scenario: str, broken: str | None = None) -> Path:
    """Runs the writer under strace; gives the trace."""
    log = root.with_name(root.name + ".trace")
    words = [sys.executable, "-m", "tests.crash.writer", str(root), scenario]
    done = run(
        *("strace", "-f", "-xx", "-s", "10000000", "-o", str(log), "-e", f"trace={TRACED}"),
        *words,
        *([broken] if broken else []),
        cwd=HERE,
    )
    if b"ptrace" in done.stderr or b"PTRACE" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr.decode()
    return log


def violations(
    root: Path, scenario: str, memory: Path, broken: str | None = None
) -> tuple[int, list[str]]:
    """How many different states were looked at, and what was wrong with them."""
    disk = Disk.of(root)
    log = trace(root, scenario, broken)
    acked: list[list[str]] = []
    seen: set[int] = set()
    wrong: list[str] = []
    checked = 0
    for step, call in enumerate(calls(log, root)):
        if isinstance(call, str):
            acked.append(call.split()[1:])
            continue
        disk.apply(call)
        for model in (
            MODELS if call.name in ("write", "sync", "rename", "unlink", "truncate") else ()
        ):
            state = disk.state(model)
            mark = hash((frozenset(state.items()), len(acked)))  # bytes remember their hash
            if mark in seen or (model == "torn" and disk.last is None):
                continue
            seen.add(mark)
            inner = "qqnews.db" in call.path or call.path.startswith(".merged")
            if not THOROUGH and inner and len(seen) % 4:
                continue  # what SQLite does in one transaction is SQLite's to test; every fourth is enough
            checked += 1
            place = memory / "state"
            lay_out(state, place)
            thorough = THOROUGH or checked % 24 == 0
            wrong += [
                f"{step} {call.name} {call.path} {model}: {what}"
                for what in broken_promises(place, acked, thorough=thorough)
            ]
            shutil.rmtree(place)
        if broken and wrong:
            break  # one is enough to be caught
    return checked, wrong


def broken_promises(root: Path, acked: list[list[str]], *, thorough: bool) -> Iterator[str]:
    """What is wrong with an archive after a crash, once it was opened again.

    thorough: every byte and row is looked at, not only names, sizes and hashes.
    """
    damaged = [kind for kind, *_ in acked if kind in ("broken", "mended")] == ["broken"]
    try:
        with open_archive(root) as archive:
            for kind, *words in acked:
                if not _holds(archive, kind, words):
                    yield f"acknowledged and lost: {kind} {' '.join(words)}"
            for row in audit.revisions(archive.database):
                path = root / row["path"]
                if (
                    not damaged
                    and path.exists()
                    and hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]
                ):
                    yield f"a row with the wrong file: {row['path']}"
    except ArchiveError as error:
        yield f"cannot be opened: {error}"
        return
    for copy in root.glob("qqnews.db.before-v[0-9]"):
        if not _whole(copy):
            yield f"{copy.name} is not all that was there before the migration"
    for finding in verify(root, read_data=1.0 if thorough else 0.0):
        if finding.severity == "damage" and not damaged:
            yield f"{finding.code} {finding.path} {finding.id} {finding.detail}"


def _whole(copy: Path) -> bool:
    """Whether a copy of the index is sound and has its articles."""
    with contextlib.closing(sqlite3.connect(copy)) as db:
        try:
            sound = db.execute("pragma integrity_check").fetchone() == ("ok",)
            return sound and db.execute("select count(*) from articles").fetchone()[0] > 0
        except sqlite3.DatabaseError:
            return False


def _holds(archive: Archive, kind: str, words: list[str]) -> bool:
    if kind == "queued":
        return any(row["id"] == words[0] for row in archive.queue.rows())
    if kind in ("rebuilt", "broken", "mended"):
        return archive.kept("20260207A0000100") is not None
    if kind == "forgotten":
        return archive.kept(words[0]) is None
    kept = archive.kept(words[0])
    if kept is None:
        return False
    if kind == "kept":
        return kept.revision >= int(words[1])
    if kind in ("accepted", "dismissed"):
        left = archive.database.execute("select id, number from suspect").fetchall()
        return (words[0], int(words[1])) not in left
    if kind == "reread":
        row = archive.database.execute("select author from articles where id = ?", words[:1])
        return bool(row.fetchone() == ("白露",))
    if kind == "gone":
        return kept.state == "gone"
    if kind == "illustrated":
        return all(id != words[0] for id, _, _ in archive.wanting(1000))
    return True


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_power_cut_breaks_a_promise(
    scenario: str, before: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = memory / scenario
    shutil.copytree(before, root)
    if scenario == "migrate":  # what the crash left is opened by the version that was migrating
        for module, name in (
            (migrations, "_STEPS"),
            (migrations, "LATEST"),
            (connection, "LATEST"),
        ):
            monkeypatch.setattr(module, name, getattr(module, name))
        next_version()

    states, wrong = violations(root, scenario, memory)

    assert wrong == []
    assert states >= (30 if scenario == "migrate" else 100)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_writer_that_does_it_wrong_is_caught(broken: str, before: Path, memory: Path) -> None:
    scenario = "revise" if broken == "in-place" else "add"
    root = memory / f"{broken}-{scenario}"
    shutil.copytree(before, root)

    _, wrong = violations(root, scenario, memory, broken)

    assert wrong
