"""The files of one archive, named by their path from its root."""

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import StorageError
from archive.files.durable import (
    NOFOLLOW,
    make_folder,
    move,
    refusal,
    spill,
    storing,
    sync_folder,
    write,
)
from archive.files.places import FOLDERS, LOST, TEMPORARY
from archive.files.there import real, there


class Tree:
    """The files of one archive, named by their path from its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = real(root)
        self._temporary = root / TEMPORARY
        self._known: set[Path] = set()
        self._spilled = 0
        self._pool: ThreadPoolExecutor | None = None

    def create(self) -> None:
        """The folders of an empty archive.  Raises StorageError."""
        with storing(self.root):
            for name in (*FOLDERS, TEMPORARY):
                make_folder(self.root / name)

    def write(self, path: str, content: bytes) -> None:
        """One file, durable, in place of whatever stood there.  Raises StorageError."""
        with self.stage({path: content}) as staged:
            staged.land()

    def stage(self, contents: Mapping[str, bytes]) -> "Staged":
        """Some files on their way to the disk, without their names; they get these when they `land`.

        Use it in `with`: those that did not land by its end are given up.
        """
        waiting = {}
        for path, content in contents.items():
            self._spilled += 1
            temporary = self._temporary / f"{os.getpid()}-{self._spilled}"
            waiting[path] = (temporary, self.pool().submit(spill, temporary, content))
        return Staged(self, waiting)

    def pool(self) -> ThreadPoolExecutor:
        """The threads that wait for the disk: it takes many requests at once, and each takes its time."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="disk")
        return self._pool

    def close(self) -> None:
        """Ends the threads; they come back when they are needed."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def target(self, path: str) -> Path:
        """The place of a file, its folder made, and proved to lie inside the archive."""
        target = self.root / path
        folder = target.parent
        if folder not in self._known:
            make_folder(folder)
            if not real(folder).is_relative_to(self._real):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
            self._known.add(folder)
        return target

    def open(self, path: str) -> BinaryIO:
        """One regular file, to be read; anything else in its place is refused, and not waited for.

        Raises OSError when it is not there or cannot be read, and StorageError when the machine refuses to open it.
        """
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | NOFOLLOW | os.O_NONBLOCK)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise OSError(errno.EINVAL, "no regular file", str(self.root / path))
            return os.fdopen(descriptor, "rb")
        except OSError as error:
            if refused := _refused(error):
                raise refused from error
            raise

    def read(self, path: str) -> bytes:
        """The bytes of one file.  Raises as `open`."""
        with self.open(path) as file:
            return file.read()

    def size(self, path: str) -> int | None:
        """The size of a regular file in bytes; None when there is none.  Raises StorageError as `open` does."""
        try:
            found = (self.root / path).lstat()
        except OSError as error:
            if refused := _refused(error):
                raise refused from error
            return None
        except ValueError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def walk(self, folder: str) -> Iterator[str]:
        """Every regular file under a folder, by path; in the same order each time.

        Raises StorageError for a folder that cannot be read: what stands in it is not to be taken for lost.
        """
        try:
            entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
        except OSError as error:
            return _unread(error)
        yield from (f"{folder}/{one.name}" for one in entries if one.is_file(follow_symlinks=False))
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self.walk(f"{folder}/{entry.name}")
        return None

    def sizes(self, folder: str) -> Iterator[tuple[str, int | None]]:
        """Every file under a folder, by path, with its size in bytes; None for what is no regular file.

        One look at each folder, where `walk` and `size` take one more at each file.  Raises as `walk` does.
        """
        try:
            entries = os.scandir(self.root / folder)
        except OSError as error:
            return _unread(error)
        with entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    yield from self.sizes(path)
                elif entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(FileNotFoundError):
                        yield path, entry.stat(follow_symlinks=False).st_size
                elif not entry.is_dir():
                    yield path, None
        return None

    def set_aside(self, path: str, *, at: datetime) -> str:
        """Moves a file into `lost+found/`, where nothing is ever deleted; gives its new path.

        Raises StorageError.
        """
        base = f"{LOST}/{at:%Y%m%dT%H%M%SZ}/{path}"
        place = next(
            name
            for name in (base, *(f"{base}.{n}" for n in range(1, 10_000)))
            if not there(self.root / name)
        )
        with storing(self.root / path):
            target = self.target(place)
            (self.root / path).rename(target)
            sync_folder(target.parent)
            sync_folder((self.root / path).parent)
        return place

    def remove(self, paths: Iterable[str]) -> None:
        """Deletes files for good, durable; those already gone are no error.  Raises StorageError."""
        folders = set()
        for path in paths:
            with storing(self.root / path), contextlib.suppress(FileNotFoundError):
                (self.root / path).unlink()
                folders.add((self.root / path).parent)
        for folder in folders:
            with storing(folder):
                sync_folder(folder)

    def discard(self, folder: str) -> None:
        """Deletes a folder of work that was never finished; nothing happens when there is none."""
        with storing(self.root / folder), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.root / folder)

    def link_or_copy(self, path: str, target: Path) -> None:
        """The same file at another place: a hard link where the disk allows it, else a durable copy."""
        with storing(target):
            make_folder(target.parent)
            try:
                os.link(self.root / path, target, follow_symlinks=False)
                sync_folder(target.parent)
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP):
                    raise
                write(target, self.read(path))

    def sweep(self) -> int:
        """Deletes what an interrupted writer left under `.tmp/`; only the holder of the lock may."""
        swept = 0
        with storing(self.root / TEMPORARY):
            make_folder(self.root / TEMPORARY)
            for entry in os.scandir(self.root / TEMPORARY):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()
                swept += 1
        return swept

    def free(self) -> int:
        """Bytes that this user may still write."""
        return self.room()[1]

    def room(self) -> tuple[int, int]:
        """The size of the disk, and the bytes of it that this user may still write."""
        usage = shutil.disk_usage(self.root)
        return usage.total, usage.free


def _refused(error: OSError) -> StorageError | None:
    """What an error means when the file may well be there and whole; None when it is lost, or its disk is."""
    return None if error.errno == errno.EIO else refusal(error)


def _unread(error: OSError) -> None:
    if error.errno not in (errno.ENOENT, errno.ENOTDIR):
        what = f"{error.filename} cannot be read: {error.strerror}"
        raise StorageError(what, hint="check the disk and the permissions") from error


class Staged:
    """Files whose bytes are on their way to the disk."""

    def __init__(self, tree: Tree, waiting: dict[str, tuple[Path, Future[None]]]) -> None:
        self._tree = tree
        self._waiting = waiting

    def __enter__(self) -> "Staged":
        return self

    def __exit__(self, *_error: object) -> None:
        self.drop()

    def land(self) -> None:
        """Gives the files their names, all durable when this returns; each is whole or not there.

        Raises StorageError.
        """
        folders = set()
        for path, (temporary, spilled) in self._waiting.items():
            with storing(self._tree.root / path):
                target = self._tree.target(path)
                spilled.result()
                move(temporary, target)
                folders.add(target.parent)
        # One after the other: the first takes the others along, and each thread more costs more than it.
        for folder in folders:
            with storing(folder):
                sync_folder(folder)
        self._waiting = {}

    def drop(self) -> None:
        """Gives the files up; those that landed stay."""
        for temporary, spilled in self._waiting.values():
            wait([spilled])
            with contextlib.suppress(OSError):
                temporary.unlink()
        self._waiting = {}
