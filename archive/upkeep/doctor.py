"""A look at where the archive lives: nothing in it, everything around it.

doctor    what is well and what is not, one `Check` each
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from archive.captures import Captures
from archive.errors import ArchiveError, ArchiveInUse, DamagedArchive, StorageError
from archive.files import INDEX, LOCK, Lock, Tree, folder_there, there, unless_linked
from archive.index import lookup
from archive.index.connection import library_version, open_reader

WAL_RACE_ENDS = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""SQLite versions with the WAL-reset race mended, by branch; every later version has it mended too."""

ROOM = 1 << 30
"""Less free space than this many bytes is worth a word."""


Fault = Literal["damage", "storage", "system"]
"""What may be wrong: the archive itself, the disk that it stands on, or what else is around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at.

    ok: None when it could not be looked at, or is worth knowing and no fault.
    fault: what kind of fault it is when `ok` is False.
    """

    name: str
    ok: bool | None
    detail: str
    hint: str = ""
    fault: Fault = "system"


def doctor(
    root: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Check]:
    """Looks around an archive.  Never raises for what it finds."""
    yield Check(
        name="python", ok=True, detail=f"{platform.python_version()} on {platform.system()}"
    )
    yield _sqlite()
    yield _index(root)
    yield _permissions(root)
    yield _room(root)
    yield _lock(root)
    yield _clock(root, clock())


def _sqlite() -> Check:
    version = library_version()
    told = ".".join(map(str, version))
    if "pysqlite3" in sys.modules:
        return Check(
            name="sqlite",
            ok=False,
            detail=f"pysqlite3 stands in for Python's own SQLite ({told})",
            hint="uninstall pysqlite3-binary: its SQLite has the WAL-reset race",
        )
    if _race_mended(version):
        return Check(name="sqlite", ok=True, detail=told)
    return Check(
        name="sqlite",
        ok=None,
        detail=f"{told} can lose a commit when two programs write and checkpoint at once (WAL-reset race)",
        hint="qqnews has one writer and its readers cannot checkpoint; let no other program write to the index",
    )


def _race_mended(version: tuple[int, int, int]) -> bool:
    return version >= WAL_RACE_ENDS[-1] or any(
        version[:2] == mended[:2] and version >= mended for mended in WAL_RACE_ENDS
    )


def _index(root: Path) -> Check:
    try:
        db = open_reader(root)
    except ArchiveError as error:
        return Check(
            name="index", ok=False, detail=error.what, hint=error.hint, fault=_fault(error)
        )
    with closing(db):
        articles, captures = lookup.totals(db)
    size = (root / INDEX).stat().st_size
    told = f"{articles} article{'s' * (articles != 1)}, {captures} capture{'s' * (captures != 1)}, {size / 1e6:.1f} MB"
    return Check(name="index", ok=True, detail=told)


def _fault(error: ArchiveError) -> Fault:
    if isinstance(error, DamagedArchive):
        return "damage"
    return "storage" if isinstance(error, StorageError) else "system"


def _permissions(root: Path) -> Check:
    if not folder_there(root):
        return Check(
            name="folder", ok=False, detail=f"{root} is not there", hint="run `qqnews init`"
        )
    about = root.stat()
    if about.st_mode & 0o002:
        return Check(
            name="folder",
            ok=False,
            detail=f"everybody may write to {root}",
            hint=f"chmod o-w {root}",
            fault="storage",
        )
    if not os.access(root, os.W_OK | os.X_OK):
        return Check(
            name="folder",
            ok=None,
            detail=f"{root} can only be read by this user",
            hint="to write there, give it to them with chown -R",
        )
    try:
        unless_linked(root)
        closed = next((path for path in _written(root) if not os.access(path, os.W_OK)), None)
    except StorageError as error:
        return Check(name="folder", ok=False, detail=error.what, hint=error.hint, fault="storage")
    if closed:
        return Check(
            name="folder",
            ok=False,
            detail=f"{closed} cannot be written by this user",
            hint="was qqnews run as root once? give the files back with chown -R",
            fault="storage",
        )
    return Check(name="folder", ok=True, detail=f"{root} can be written")


def _written(root: Path) -> Iterator[Path]:
    """Whatever the next run may write to: the index, the lock, every folder, and the newest captures.

    Raises StorageError.
    """
    yield from (path for path in (root / INDEX, root / LOCK) if there(path))
    for folder, _, _ in os.walk(root):
        yield Path(folder)
    yield from (root / path for path in list(Captures(Tree(root)).files())[-1:])


def _room(root: Path) -> Check:
    try:
        free = Tree(root).free()
    except OSError as error:
        return Check(name="disk", ok=None, detail=str(error))
    told = f"{free / 1e9:.1f} GB are free"
    if free < ROOM:
        hint = "make room before the next run"
        return Check(name="disk", ok=False, detail=told, hint=hint, fault="storage")
    return Check(name="disk", ok=True, detail=told)


def _lock(root: Path) -> Check:
    lock = Lock(root)
    try:
        lock.share()
    except ArchiveInUse as error:
        return Check(name="lock", ok=None, detail=error.what)
    finally:
        lock.release()
    return Check(name="lock", ok=True, detail="nobody writes to the archive")


def _clock(root: Path, now: datetime) -> Check:
    try:
        db = open_reader(root)
    except ArchiveError:
        return Check(name="clock", ok=None, detail="there is nothing to compare it with")
    with closing(db):
        newest = lookup.newest(db)
    if newest and datetime.fromisoformat(newest) > now:
        return Check(
            name="clock",
            ok=False,
            detail=f"it says {now:%Y-%m-%d %H:%M}, and the newest capture is of {newest}",
            hint="set the clock; is NTP running?",
        )
    return Check(name="clock", ok=True, detail=f"{now:%Y-%m-%d %H:%M:%S} UTC")
