"""A second archive like the first, at another place.

    backup    copies what differs; the copy opens, verifies, and can be used as it is

Nobody writes meanwhile.  Files are copied first and the index last, so a backup that was interrupted is finished by
the next.  What was forgotten goes from the backup too.  An article that only the backup holds ends it before anything
is touched: it is the backup of another archive, or the archive has lost what the backup still has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from archive.errors import ForeignArchive
from archive.files import (
    ARTICLES,
    FOLDERS,
    INDEX,
    TEMPORARY,
    Lock,
    Tree,
    make_folder,
    publish,
    storing,
)
from archive.index import audit
from archive.index.connection import Database, copy_to, open_reader


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
                _must_hold_all(db, Tree(root), copy)
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


def _must_hold_all(db: Database, source: Tree, copy: Tree) -> None:
    """Every article of the backup is one of the archive, or was forgotten there."""
    forgotten = {str(row["id"]) for row in audit.tombstones(db)}
    kept = set(source.walk(ARTICLES))
    alone = sum(
        path not in kept and PurePath(path).stem not in forgotten for path in copy.walk(ARTICLES)
    )
    if alone:
        raise ForeignArchive(
            f"{copy.root} holds articles that are not in {source.root}: {alone}",
            hint=f"`qqnews merge {copy.root}` brings them here; or name another folder",
        )


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
