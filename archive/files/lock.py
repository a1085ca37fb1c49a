"""One writer at a time."""

import errno
import fcntl
import json
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from archive.errors import ArchiveInUse, StorageError
from archive.files.durable import NOFOLLOW, refusal, storing
from archive.files.places import FOLDERS, LOCK

LONGEST = 200
"""Characters of the holder's command that are told."""

_PASSWORD = re.compile(r"//[^\s/@]*@")


class Lock:
    """The right to write, held by one process.  The kernel frees it when that process ends, however it ends."""

    def __init__(self, root: Path) -> None:
        self._path = root / LOCK
        self._descriptor = -1

    def acquire(
        self,
        *,
        wait: float | None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Takes the lock.  Raises ArchiveInUse, which names the holder, and StorageError as `unless_linked` does.

        wait: seconds to try for; None for a command that nobody can tell to wait.
        """
        unless_linked(self._path.parent)
        with storing(self._path):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | NOFOLLOW, 0o666)
        end = now() + (wait or 0.0)
        while not _flock(descriptor):
            if now() >= end:
                holder, since = _holder(descriptor)
                os.close(descriptor)
                hint = "wait for it to finish" + (", or use --wait" if wait is not None else "")
                raise ArchiveInUse(
                    f"{self._path.parent} is in use by {holder}", hint=hint, since=since
                )
            sleep(min(0.1, max(0.0, end - now())))
        self._descriptor = descriptor
        about = {
            "pid": os.getpid(),
            "host": os.uname().nodename,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": _called(),
        }
        with suppress(OSError):  # on a disk that is full the lock holds without its note
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(about).encode(), 0)

    def share(self) -> None:
        """Takes the lock together with other readers, so that nobody writes.  Raises ArchiveInUse, StorageError.

        On a disk that cannot be written there is nobody to keep out, and no lock; nor can this user lock what another
        keeps to himself.
        """
        try:
            descriptor = os.open(self._path, os.O_RDONLY | NOFOLLOW)
        except PermissionError:
            return
        except OSError as error:
            if limit := refusal(error):
                raise limit from error
            return
        if not _flock(descriptor, fcntl.LOCK_SH):
            holder, since = _holder(descriptor)
            os.close(descriptor)
            raise ArchiveInUse(
                f"{self._path.parent} is in use by {holder}",
                hint="wait for it to finish",
                since=since,
            )
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; nothing happens when it is not held."""
        if self._descriptor >= 0:
            # The note of a writer goes; who only reads has none, and may not write.
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
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


def unless_linked(root: Path) -> None:
    """Raises StorageError where a folder of an archive is a symbolic link: it can be read, and not written.

    A file gets its name by being moved, and nothing is moved to another disk; and what room there is, is asked of one.
    """
    for folder in FOLDERS:
        if (root / folder).is_symlink():
            what = f"{root / folder} is a symbolic link: an archive is one folder"
            hint = "move it back, or move the whole archive to the larger disk and name it in archive.path"
            raise StorageError(what, hint=hint)


def _called() -> str:
    """How this program was called, for others to read: without passwords, and no longer than a line."""
    program, *words = sys.argv
    command = _PASSWORD.sub("//", " ".join([Path(program).name, *words]))
    return command if len(command) <= LONGEST else f"{command[:LONGEST]}…"


def _flock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    # Some network filesystems know no flock, but the locks that SQLite takes; where there is neither, the index cannot
    # be opened.  These come second, since they end when the process closes the file through whatever descriptor.
    for lock in (fcntl.flock, fcntl.lockf):
        try:
            lock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
                raise
        else:
            return True
    return True


def _holder(descriptor: int) -> tuple[str, datetime | None]:
    """Who holds the lock, and since when: the writer whose name stands there, or somebody who only reads."""
    try:
        about = json.loads(os.pread(descriptor, 4096, 0))
        since = datetime.fromisoformat(about["since"]).astimezone(UTC)
        return (
            f"process {about['pid']} on {about['host']} since {about['since']} ({about['command']})",
            since,
        )
    except (ValueError, KeyError, TypeError, OSError, OverflowError):
        return "another process, such as a backup", None
