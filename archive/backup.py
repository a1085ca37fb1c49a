"""A second archive like the first, at another place.

    backup    copies what differs; the copy opens, verifies, and can be used as it is

Nobody writes meanwhile.  Files are copied first and the index last, so a backup that was interrupted is finished by
the next.  What the archive has no longer, because it was forgotten or mended, goes from the backup too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ForeignArchive
from archive.files import FOLDERS, INDEX, TEMPORARY, Lock, Tree, make_folder, publish, storing
from archive.index.connection import copy_to, open_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup did.  files: how many there are.  copied, bytes: how many of them were new, and their size."""

    files: int
    copied: int
    bytes: int


def backup(
    root: Path, target: Path, *, progress: Callable[[int], None] = lambda _files: None
) -> BackedUp:
    """Makes `target` an archive like the one at `root`, or brings it up to date.

    progress: told now and then how many files are done.
    Raises NoArchive, ForeignArchive, ArchiveInUse, DamagedArchive, StorageError.
    """
    if target.resolve().is_relative_to(root.resolve()):
        raise ForeignArchive(f"{target} lies in the archive itself", hint="name a folder elsewhere")
    db = open_reader(root)
    try:
        with Lock(root) as lock:
            lock.share()
            _must_fit(target)
            copy = Tree(target)
            copy.create()
            with Lock(target) as other:
                other.acquire(wait=0)
                copy.sweep()
                done = _files(Tree(root), copy, progress)
                work = target / TEMPORARY / "index"
                with storing(work):
                    make_folder(work)
                copy_to(db, work / INDEX)
                publish(work / INDEX, target / INDEX)
                return done
    finally:
        db.close()


def _must_fit(target: Path) -> None:
    """A backup goes into a new or empty folder, or over an earlier one."""
    if target.is_dir() and any(target.iterdir()):
        if not all((target / name).is_dir() for name in FOLDERS):
            raise ForeignArchive(
                f"{target} is not empty and not a backup", hint="name another folder"
            )
        if (target / INDEX).exists():
            open_reader(target).close()


def _files(source: Tree, copy: Tree, progress: Callable[[int], None]) -> BackedUp:
    files = copied = size = 0
    for folder in FOLDERS:
        kept = set()
        for path in source.walk(folder):
            kept.add(path)
            files += 1
            if not _same(source, copy, path, immutable=folder == "images"):
                content = source.read(path)
                copy.write(path, content)
                copied += 1
                size += len(content)
            if files % 1000 == 0:
                progress(files)
        copy.remove([path for path in copy.walk(folder) if path not in kept])
    return BackedUp(files=files, copied=copied, bytes=size)


def _same(source: Tree, copy: Tree, path: str, *, immutable: bool) -> bool:
    """Pictures are named by their content, so the size is proof enough; other files are compared."""
    if source.size(path) != copy.size(path):
        return False
    return immutable or source.read(path) == copy.read(path)
