"""Opening the index: one writer, many readers; SQLite's errors turned into ours.

A writer is the only connection that may change or checkpoint the file: SQLite before 3.51.3 can lose a commit when two
connections do (the WAL-reset race), so readers open `mode=ro`, which cannot.  Every transaction that writes begins
IMMEDIATE: one that begins as a reader is refused at once when somebody else has written, whatever the timeout.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from archive.errors import (
    ArchiveError,
    DamagedArchive,
    ForeignArchive,
    NoArchive,
    QueryError,
    StorageError,
)
from archive.files import FOLDERS, INDEX, file_there, folder_there, there

Database = sqlite3.Connection
"""What other rooms call an open index; only this one knows that it is SQLite."""

APPLICATION = 0x71716E77
"""`PRAGMA application_id`: "qqnw", so that `file` and we know our own."""

LATEST = 7
"""`PRAGMA user_version` of the newest schema; `archive.index.migrations` has one for each number."""

BUSY = 30.0
"""Seconds to wait for another program that has locked the index."""

CACHE = 8 << 20
"""Bytes of the index that a writer holds in memory: a run must not grow with the number of its articles."""

BULK_CACHE = 128 << 20
"""The same for work that writes the whole index at once."""

WAL_LIMIT = 64 << 20
"""Bytes that the write-ahead log may keep on disk after a checkpoint."""


def open_writer(root: Path) -> sqlite3.Connection:
    """The one connection that may write; the caller holds the archive's lock.

    Raises NoArchive, ForeignArchive, DamagedArchive, StorageError.
    """
    path = root / INDEX
    _must_stand(root)
    with translated(path):
        connection = sqlite3.connect(
            _uri(path, "mode=rw"),
            uri=True,
            isolation_level=None,
            timeout=BUSY,
            check_same_thread=False,  # a program may keep articles in a thread of their own, one at a time
        )
        try:
            check(connection, path)
            log(connection)
            _set(connection, "synchronous", "full", expect=2)
            _set(connection, "journal_size_limit", WAL_LIMIT, expect=WAL_LIMIT)
            _write_safely(connection, CACHE)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def making(path: Path) -> Iterator[sqlite3.Connection]:
    """A new index, to be put in its place when the block has ended well; then it is whole, but not yet durable.

    Nobody else knows of it, and one that was not finished is thrown away: so it waits for no disk.  It has no log at
    first, for which a small disk has no room (see `log`).
    """
    with (
        translated(path),
        closing(sqlite3.connect(_uri(path, "mode=rwc"), uri=True, isolation_level=None)) as made,
    ):
        _set(made, "journal_mode", "memory", expect="memory")
        _set(made, "synchronous", "off", expect=0)
        _write_safely(made, BULK_CACHE)
        yield made
        log(made)
        checkpoint(made)


def log(connection: sqlite3.Connection) -> None:
    """Gives an index its log, by which much is written faster than without."""
    _set(connection, "journal_mode", "wal", expect="wal")


def _write_safely(connection: sqlite3.Connection, cache: int) -> None:
    """What holds for whoever writes.  cache: bytes of the index to hold in memory."""
    _set(connection, "foreign_keys", "on", expect=1)
    _set(connection, "trusted_schema", "off", expect=0)
    _set(connection, "cache_size", -(cache >> 10), expect=-(cache >> 10))


def open_reader(root: Path) -> sqlite3.Connection:
    """A connection that can only read; works on read-only media and on a full disk too.

    Raises NoArchive, ForeignArchive, DamagedArchive, StorageError.
    """
    path = root / INDEX
    _must_stand(root)
    readonly = not os.access(root, os.W_OK) or os.statvfs(root).f_flag & os.ST_RDONLY
    with translated(path):
        if readonly and not _has_log(path):
            return _reader(path, "immutable=1")
        try:
            return _reader(path, "mode=ro")
        except sqlite3.Error as error:
            if not _lacks_room(error) or _has_log(path):
                raise
        return _reader(path, "immutable=1")


def _has_log(path: Path) -> bool:
    """Whether something stands in the log that is not in the index yet.

    SQLite shares memory beside a WAL database, which cannot be made on a read-only or full disk.  Without a log there
    is nothing to share; with one, leaving it unread would tell old news.
    """
    wal = path.with_name(path.name + "-wal")
    return there(wal) and wal.stat().st_size > 0


def _lacks_room(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorname", "") or "").startswith("SQLITE_IOERR_SHM")


def _reader(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(_uri(path, mode), uri=True, isolation_level=None, timeout=5.0)
    try:
        check(connection, path)
        _set(connection, "query_only", "on", expect=1)
        _set(connection, "trusted_schema", "off", expect=0)
    except BaseException:
        connection.close()
        raise
    return connection


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(os.fsencode(path))}?{mode}"


def _must_stand(root: Path) -> None:
    if file_there(root / INDEX):
        return
    if any(folder_there(root / name) and any((root / name).iterdir()) for name in FOLDERS):
        raise DamagedArchive(
            f"{root} has files but no {INDEX}", hint="run `qqnews rebuild` to make it again"
        )
    raise NoArchive(f"there is no archive at {root}", hint="run `qqnews init` there")


def check(connection: sqlite3.Connection, path: Path) -> int:
    """That the file is ours and no newer than we know; gives its version."""
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
    if application != APPLICATION:
        if not tables and not application:
            raise DamagedArchive(f"{path} is empty", hint="run `qqnews rebuild`")
        raise ForeignArchive(f"{path} is not an archive of qqnews", hint="name another folder")
    if version > LATEST:
        raise ForeignArchive(
            f"{path} was written by a newer qqnews (schema {version}, this one knows {LATEST})",
            hint="update qqnews",
        )
    return int(version)


def _set(connection: sqlite3.Connection, name: str, value: str | int, *, expect: str | int) -> None:
    """Sets a PRAGMA and demands the value back: SQLite reports a failure only to those who read the answer."""
    row = connection.execute(f"pragma {name} = {value}").fetchone()
    row = row or connection.execute(f"pragma {name}").fetchone()
    if row is None or row[0] != expect:
        raise StorageError(
            f"SQLite would not set {name} to {value}: it says {row and row[0]!r}",
            hint="is the archive on a network disk?",
        )


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path | None = None) -> Iterator[None]:
    """All of the block, durable when it ends, or nothing of it.  Raises StorageError, DamagedArchive."""
    with translated(path or INDEX):
        connection.execute("begin immediate")
        try:
            yield
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("rollback")
            raise


@contextmanager
def one_state(connection: sqlite3.Connection) -> Iterator[None]:
    """Every question of the block is answered from the index as it is now; a writer goes on meanwhile."""
    connection.execute("begin")
    try:
        # SQLite takes the state not when it is told to begin, but when it is asked first.
        connection.execute("select 1 from articles limit 1").fetchone()
        yield
    finally:
        if connection.in_transaction:
            connection.execute("rollback")


def library_version() -> tuple[int, int, int]:
    """The version of SQLite itself."""
    major, minor, patch = sqlite3.sqlite_version_info[:3]
    return major, minor, patch


def copy_to(connection: sqlite3.Connection, path: Path) -> None:
    """Writes the index as it is now into a new file.  Raises StorageError."""
    with translated(path):
        copy = sqlite3.connect(path, isolation_level=None)
        try:
            connection.backup(copy)
            # The copy is opened as an archive's index is: with a log beside it.
            _set(copy, "journal_mode", "wal", expect="wal")
            checkpoint(copy)
        finally:
            copy.close()


def checkpoint(connection: sqlite3.Connection) -> None:
    """Moves the log into the file and empties it, as far as readers let it; none is waited for."""
    (patience,) = connection.execute("pragma busy_timeout").fetchone()
    connection.execute("pragma busy_timeout = 0")
    try:
        connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    finally:
        connection.execute(f"pragma busy_timeout = {patience}")


@contextmanager
def translated(path: Path | str) -> Iterator[None]:
    """Turns SQLite's errors into ours, cause kept."""
    try:
        yield
    except sqlite3.Error as error:
        raise translation(error, path) from error


def translation(error: sqlite3.Error, path: Path | str) -> ArchiveError:
    """What an error of SQLite means to the person who runs the program."""
    name = getattr(error, "sqlite_errorname", "") or ""
    damaged = name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in str(error)
    if damaged or name == "SQLITE_IOERR_SHORT_READ" or str(error) == "unsupported file format":
        return DamagedArchive(f"{path} is damaged ({error})", hint="run `qqnews rebuild`")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(f"{path} is locked by another program", hint="close it, then run again")
    if name.startswith("SQLITE_FULL"):
        return StorageError(
            f"cannot write {path}: the disk is full", hint="make room, then run again"
        )
    if _lacks_room(error):
        what = f"{path} has a log, and there is no room beside it for the memory to read that"
        return StorageError(what, hint="make room, then run again")
    if name.startswith("SQLITE_READONLY"):
        return StorageError(
            f"cannot write {path}: it is read-only", hint="make the archive writable"
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return StorageError(
            f"cannot read or write {path}: {error}",
            hint="check the permissions, and that its path has no more than 500 bytes",
        )
    if name.startswith(("SQLITE_IOERR", "SQLITE_PERM", "SQLITE_NOLFS")):
        return StorageError(f"cannot read or write {path}: {error} ({name})", hint="check the disk")
    return QueryError(f"{error}")
