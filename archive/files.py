"""Files on disk: where each stands, and writing them so that they survive a power cut.

    article_path, revision_path, image_path    where a file stands, from the archive's root
    write            one file, durable: it is there whole, or not at all
    Tree             the files of one archive: write, read, walk, set aside, sweep
    Lock             one writer at a time
    storing          turns the operating system's refusals into `StorageError`

Durable means: bytes, fsync, rename, fsync of the folder.  A file is first written under `.tmp/`, so whatever a
crash leaves behind is in one place and the next writer sweeps it.  Captures are appended by `archive.captures`;
SQLite writes its own file; nothing else in the project changes the disk.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from archive.errors import ArchiveInUse, StorageError

INDEX = "qqnews.db"
ARTICLES, REVISIONS, IMAGES, CAPTURES = "articles", "revisions", "images", "captures"
LOST = "lost+found"
TEMPORARY = ".tmp"
MERGED = ".merged"
EXCHANGE = ".exchange"
LOCK = ".lock"
FOLDERS = (ARTICLES, REVISIONS, IMAGES, CAPTURES)

_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_DATE = r"((?:19|20)\d\d)(0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DAY = re.compile(rf"[A-Za-z]{{0,4}}{_DATE}|[a-z_]+-{_DATE}\d{{6}}$")
_NOFOLLOW = os.O_NOFOLLOW | os.O_CLOEXEC

_REFUSALS = {
    errno.ENOSPC: ("the disk is full", "make room, then run again"),
    errno.EDQUOT: ("the disk quota is used up", "make room, then run again"),
    errno.EFBIG: ("the file is larger than this system allows", "raise the limit, then run again"),
    errno.EROFS: ("the disk is read-only", "mount it writable, or name another archive"),
    errno.EACCES: ("no permission", "make the archive writable for this user"),
    errno.EPERM: ("no permission", "make the archive writable for this user"),
    errno.EIO: ("the disk failed", "check the disk, then run `qqnews verify`"),
    errno.EMFILE: ("too many files are open", "raise the limit (ulimit -n), then run again"),
    errno.ENFILE: ("too many files are open", "raise the limit, then run again"),
    errno.ELOOP: ("a symbolic link stands in the way", "remove the link"),
    errno.EXDEV: ("the archive is spread over several disks", "keep the archive on one disk"),
}


def article_path(id: str) -> str:
    """Where the newest text of an article stands: a function of the id alone.

    >>> article_path("20250207A095R800")
    'articles/2025/02/20250207A095R800.md'
    >>> article_path("wx-3NzY1")
    'articles/wx/cc/wx-3NzY1.md'
    """
    return f"{ARTICLES}/{_shelf(id)}/{id}.md"


def revision_path(id: str, number: int) -> str:
    """Where the n-th text of an article stands once a newer one has taken its place.

    >>> revision_path("20250207A095R800", 1)
    'revisions/2025/02/20250207A095R800/1.md'
    """
    return f"{REVISIONS}/{_shelf(id)}/{id}/{number}.md"


def image_path(sha256: str, extension: str) -> str:
    """Where a picture stands: named by its content.

    >>> image_path("ab12", "jpg")
    'images/ab/ab12.jpg'
    """
    return f"{IMAGES}/{sha256[:2]}/{sha256}.{extension}"


def root_from(path: str) -> str:
    """The way from a file of the archive to the archive's root, as a link in that file would write it.

    >>> root_from("articles/2025/02/20250207A095R800.md")
    '../../../'
    """
    return "../" * path.count("/")


def _shelf(id: str) -> str:
    """Two folder levels that keep any one folder small: year and month, or family and two hex digits."""
    if not _ID.fullmatch(id):
        raise ValueError(f"not the id of an article: {id!r}")
    if day := _DAY.match(id):
        return f"{day[1] or day[3]}/{day[2] or day[4]}"
    family, dash, _ = id.partition("-")
    family = family.lower() if dash and family else "other"
    return f"{family}/{hashlib.sha256(id.encode()).hexdigest()[:2]}"


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hex, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turns an operating system's refusal to store into a `StorageError` that says what to do."""
    try:
        yield
    except OSError as error:
        what, hint = _REFUSALS.get(error.errno or 0, (os.strerror(error.errno or 0), ""))
        raise StorageError(f"cannot write {error.filename or path}: {what}", hint=hint) from error


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


def make_folder(folder: Path) -> None:
    """A folder and its parents, durable; nothing happens when it is there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    sync_folder(folder.parent)


def write(path: Path, content: bytes) -> None:
    """A file anywhere, durable: a reader sees the old bytes or the new, never a mixture.

    Raises StorageError.
    """
    with storing(path):
        make_folder(path.parent)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        _spill(temporary, content)
        _move(temporary, path)
        sync_folder(path.parent)


def publish(made: Path, path: Path) -> None:
    """Puts a SQLite file that is whole and closed in the place of another, durable.

    What the other left beside itself goes first: a log that is not this file's own would be read into it.
    Raises StorageError.
    """
    with storing(path):
        descriptor = os.open(made, os.O_RDONLY | _NOFOLLOW)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        sync_folder(path.parent)
        made.rename(path)
        sync_folder(path.parent)


def _spill(path: Path, content: bytes) -> None:
    """A new file with these bytes, on the disk.  After a refusal nothing is left of it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o666)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            sync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _move(temporary: Path, path: Path) -> None:
    try:
        temporary.rename(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def exchange(root: Path, *, at: datetime) -> None:
    """Puts the archive made at `.merged/` in the place of the one around it, whose files go to `lost+found/`.

    What is under way stands in `.exchange`; `finish_exchange` goes on from it after a crash.  Raises StorageError.
    """
    base = f"{LOST}/{at:%Y%m%dT%H%M%SZ}-before-merge"
    places = (base, *(f"{base}-{number}" for number in range(2, 10_000)))
    write(root / EXCHANGE, next(one for one in places if not (root / one).exists()).encode())
    finish_exchange(root)


def finish_exchange(root: Path) -> None:
    """Goes on with an exchange that a crash cut short; nothing happens when there is none.  Raises StorageError."""
    note = root / EXCHANGE
    if not note.is_file():
        return
    with storing(note):
        aside = root / note.read_text("utf-8")
        made = root / MERGED
        make_folder(aside)
        for name in (INDEX + "-wal", INDEX + "-shm", INDEX, *FOLDERS):
            if name.startswith(INDEX) and not (made / INDEX).exists():
                continue  # the new index is in its place already, and what is beside it is its own
            if (root / name).exists() and not (aside / name).exists():
                (root / name).rename(aside / name)
        sync_folder(aside)
        sync_folder(root)
        for name in (*FOLDERS, INDEX):
            if (made / name).exists():
                (made / name).rename(root / name)
        sync_folder(root)
        shutil.rmtree(made, ignore_errors=True)
        note.unlink()
        sync_folder(root)


class Tree:
    """The files of one archive, named by their path from its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = root.resolve()
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
        self.stage({path: content}).land()

    def stage(self, contents: Mapping[str, bytes]) -> "Staged":
        """Some files on their way to the disk, without their names; they get these when they `land`."""
        waiting = {}
        for path, content in contents.items():
            self._spilled += 1
            temporary = self.root / TEMPORARY / f"{os.getpid()}-{self._spilled}"
            waiting[path] = (temporary, self.pool().submit(_spill, temporary, content))
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
            if not folder.resolve().is_relative_to(self._real):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
            self._known.add(folder)
        return target

    def read(self, path: str) -> bytes:
        """The bytes of one file; a link in its place is refused.  Raises OSError."""
        with os.fdopen(os.open(self.root / path, os.O_RDONLY | _NOFOLLOW), "rb") as file:
            return file.read()

    def size(self, path: str) -> int | None:
        """The size of a regular file in bytes; None when there is none."""
        target = self.root / path
        try:
            return target.stat().st_size if target.is_file() and not target.is_symlink() else None
        except OSError:
            return None

    def walk(self, folder: str) -> Iterator[str]:
        """Every regular file under a folder, by path; in the same order each time."""
        start = self.root / folder
        for parent, folders, names in os.walk(start):
            folders.sort()
            base = Path(parent).relative_to(self.root).as_posix()
            yield from (f"{base}/{name}" for name in sorted(names))

    def set_aside(self, path: str, *, at: datetime) -> str:
        """Moves a file into `lost+found/`, where nothing is ever deleted; gives its new path.

        Raises StorageError.
        """
        base = f"{LOST}/{at:%Y%m%dT%H%M%SZ}/{path}"
        place = next(
            name
            for name in (base, *(f"{base}.{n}" for n in range(1, 10_000)))
            if not (self.root / name).exists()
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
        return shutil.disk_usage(self.root).free


class Staged:
    """Files whose bytes are on their way to the disk."""

    def __init__(self, tree: Tree, waiting: dict[str, tuple[Path, Future[None]]]) -> None:
        self._tree = tree
        self._waiting = waiting

    def land(self) -> None:
        """Gives the files their names, all durable when this returns; each is whole or not there.

        Raises StorageError.
        """
        folders = set()
        for path, (temporary, spilled) in self._waiting.items():
            with storing(self._tree.root / path):
                target = self._tree.target(path)
                spilled.result()
                _move(temporary, target)
                folders.add(target.parent)
        syncing = {folder: self._tree.pool().submit(sync_folder, folder) for folder in folders}
        for folder, synced in syncing.items():
            with storing(folder):
                synced.result()
        self._waiting = {}

    def drop(self) -> None:
        """Gives the files up; those that landed stay."""
        for temporary, spilled in self._waiting.values():
            wait([spilled])
            with contextlib.suppress(OSError):
                temporary.unlink()
        self._waiting = {}


class Lock:
    """The right to write, held by one process.  The kernel frees it when that process ends, however it ends."""

    def __init__(self, root: Path) -> None:
        self._path = root / LOCK
        self._descriptor = -1

    def acquire(
        self,
        *,
        wait: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Takes the lock, for up to `wait` seconds trying.  Raises ArchiveInUse, which names the holder."""
        with storing(self._path):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o666)
        end = now() + wait
        while not _flock(descriptor):
            if now() >= end:
                holder = _holder(descriptor)
                os.close(descriptor)
                raise ArchiveInUse(
                    f"{self._path.parent} is in use by {holder}",
                    hint="wait for it to finish, or use --wait",
                )
            sleep(min(0.1, max(0.0, end - now())))
        self._descriptor = descriptor
        about = {
            "pid": os.getpid(),
            "host": os.uname().nodename,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": " ".join(
                Path(word).name if not n else word for n, word in enumerate(sys.argv)
            ),
        }
        with storing(self._path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(about, ensure_ascii=False).encode(), 0)

    def share(self) -> None:
        """Takes the lock together with other readers, so that nobody writes.  Raises ArchiveInUse.

        On a disk that cannot be written there is nobody to keep out, and no lock.
        """
        try:
            descriptor = os.open(self._path, os.O_RDONLY | _NOFOLLOW)
        except OSError:
            return
        if not _flock(descriptor, fcntl.LOCK_SH):
            holder = _holder(descriptor)
            os.close(descriptor)
            raise ArchiveInUse(
                f"{self._path.parent} is in use by {holder}", hint="wait for it to finish"
            )
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; nothing happens when it is not held."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> "Lock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _flock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        # Some network filesystems know no locks; SQLite's own lock is what is left there.
        if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
    return True


def _holder(descriptor: int) -> str:
    try:
        about = json.loads(os.pread(descriptor, 4096, 0))
        return (
            f"process {about['pid']} on {about['host']} since {about['since']} ({about['command']})"
        )
    except (ValueError, KeyError, TypeError, OSError):
        return "another process"
