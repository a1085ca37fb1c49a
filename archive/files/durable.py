"""Writing so that it survives a power cut: bytes, fsync, rename, fsync of the folder."""

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import StorageError
from archive.files.there import folder_there

NOFOLLOW = os.O_NOFOLLOW | os.O_CLOEXEC

_REFUSALS = {
    errno.ENOSPC: ("the disk is full", "make room, then run again"),
    errno.EDQUOT: ("the disk quota is used up", "make room, then run again"),
    errno.EFBIG: ("the file is larger than this system allows", "raise the limit, then run again"),
    errno.EROFS: ("the disk is read-only", "mount it writable, or name another archive"),
    errno.EACCES: ("no permission", "let this user read and write it"),
    errno.EPERM: ("no permission", "let this user read and write it"),
    errno.EIO: ("the disk failed", "check the disk, then run `qqnews verify`"),
    errno.EMFILE: ("too many files are open", "raise the limit (ulimit -n), then run again"),
    errno.ENFILE: ("too many files are open", "raise the limit, then run again"),
    errno.ELOOP: ("a symbolic link stands in the way", "remove the link"),
    errno.EISDIR: ("a folder stands in its place", "move the folder away"),
    errno.ENOTDIR: ("a file stands in the place of a folder", "move the file away"),
    errno.EXDEV: ("the archive is spread over several disks", "keep the archive on one disk"),
}


_LIMITS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
}
"""What a machine refuses whatever the program was about: at its limits, or to this user."""


def refusal(error: OSError) -> StorageError | None:
    """What an error means that nothing expected where it arose; None when it is none of the machine's refusals."""
    if error.errno not in _LIMITS:
        return None
    what, hint = _REFUSALS[error.errno]
    return StorageError(f"{error.filename}: {what}" if error.filename else what, hint=hint)


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turns an operating system's refusal to store into a `StorageError` that says what to do."""
    try:
        yield
    except OSError as error:
        what, hint = _REFUSALS.get(error.errno or 0, (os.strerror(error.errno or 0), ""))
        where = error.filename2 or error.filename or path
        raise StorageError(f"cannot write {where}: {what}", hint=hint) from error


def sync(descriptor: int) -> None:
    """Forces a file's bytes, or a folder's names, onto the disk itself."""
    full = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync alone stops at the drive's cache
    if full is None:
        os.fsync(descriptor)
        return
    try:
        fcntl.fcntl(descriptor, full)
    except OSError:  # a filesystem that knows no F_FULLFSYNC, such as a network share
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Makes the bytes of a file durable, whoever wrote them."""
    descriptor = os.open(path, os.O_RDONLY | NOFOLLOW)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """A folder and its parents, durable; nothing happens when it is there."""
    if folder_there(folder):
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    sync_folder(folder.parent)


def write(path: Path, content: bytes) -> None:
    """A file anywhere, durable: a reader sees the old bytes or the new, never a mixture.

    Raises StorageError.
    """
    write_stream(path, (content,))


def write_stream(path: Path, pieces: Iterable[bytes]) -> None:
    """The same, of pieces that are made as they are written.  When making them fails, nothing is left of it.

    Raises StorageError.
    """
    with storing(path):
        make_folder(path.parent)
        # Not the number of the process: in a container it is often the one that was killed the last time.
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NOFOLLOW
        descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            for piece in pieces:
                with storing(path):
                    write_all(descriptor, piece)
            with storing(path):
                sync(descriptor)
        finally:
            os.close(descriptor)
        with storing(path):
            temporary.rename(path)
            sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def publish(made: Path, path: Path) -> None:
    """Puts a SQLite file that is whole and closed in the place of another, durable.

    What the other left beside itself goes first: a log that is not this file's own would be read into it.
    Raises StorageError.
    """
    with storing(path):
        sync_file(made)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        sync_folder(path.parent)
        made.rename(path)
        sync_folder(path.parent)


def write_all(descriptor: int, content: bytes) -> None:
    """All of these bytes; the system may take fewer at a time.  Raises OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def spill(path: Path, content: bytes) -> None:
    """A new file with these bytes, on the disk.  After a refusal nothing is left of it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NOFOLLOW, 0o666)
    try:
        try:
            write_all(descriptor, content)
            sync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def move(temporary: Path, path: Path) -> None:
    """Gives a spilled file its name.  After a refusal nothing is left of it."""
    try:
        temporary.rename(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
