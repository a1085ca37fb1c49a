"""A second archive like the first, at another place.

    backup    copies what differs; the copy opens, verifies, and can be used as it is

Nobody writes meanwhile.  Files are copied first and the index last, so a backup that was interrupted is finished by
the next.  What was forgotten goes from the backup too.  What was set aside here is set aside there, and what the backup
holds of which the archive has only a damaged file, or none, goes to the backup's own `lost+found/`: it may be the only
whole one.  An article that only the backup holds ends it before anything is touched: it is the backup of another
archive, or the archive has lost what the backup still has.  So does a backup whose captures go on where those of the
archive end: the archive is the older of the two, and somebody restores in the wrong direction.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from shlex import quote

from archive.captures import Captures
from archive.errors import DamagedArchive, ForeignArchive
from archive.files import (
    ARTICLES,
    CAPTURES,
    FOLDERS,
    IMAGES,
    INDEX,
    LOST,
    TEMPORARY,
    Lock,
    Tree,
    article_at,
    digest,
    folder_there,
    make_folder,
    publish,
    real,
    storing,
    there,
)
from archive.filing import parsed
from archive.forgetting import remove
from archive.index import audit, events, lookup
from archive.index.connection import Database, copy_to, open_reader
from archive.stored import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup did.

    files: how many there are.  copied, bytes: how many of them were new, and their size.
    aside: how many files of the backup were moved to its `lost+found/`.
    """

    files: int
    copied: int
    bytes: int
    aside: int


def backup(
    root: Path,
    target: Path,
    *,
    progress: Callable[[int], None] = lambda _files: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BackedUp:
    """Makes `target` an archive like the one at `root`, or brings it up to date.

    progress: told now and then how many files are done.
    Raises NoArchive, ForeignArchive, ArchiveInUse, DamagedArchive, StorageError.
    """
    if real(target).is_relative_to(real(root)):
        raise ForeignArchive(f"{target} lies in the archive itself", hint="name a folder elsewhere")
    source, copy = Tree(root), Tree(target)
    with closing(open_reader(root)) as db, Lock(root) as lock, Lock(target) as other:
        lock.share()
        _must_fit(target)
        copy.create()
        other.acquire(wait=None)
        _must_hold_all(db, source, copy)
        _must_not_be_older(db, source, copy)
        copy.sweep()
        _forget(db, copy)
        done = _Copying(db, source, copy, clock()).all(progress)
        work = target / TEMPORARY / "index"
        with storing(work):
            make_folder(work)
        copy_to(db, work / INDEX)
        publish(work / INDEX, target / INDEX)
        return done


def _must_fit(target: Path) -> None:
    """A backup goes into a new or empty folder, or over an earlier one."""
    if there(target) and not folder_there(target):
        raise ForeignArchive(f"{target} is no folder", hint="name another")
    if folder_there(target) and any(target.iterdir()):
        if not all(folder_there(target / name) for name in FOLDERS):
            raise ForeignArchive(
                f"{target} is not empty and not a backup", hint="name another folder"
            )
        if there(target / INDEX):
            open_reader(target).close()


def _must_hold_all(db: Database, source: Tree, copy: Tree) -> None:
    """Every article of the backup is one of the archive, or was forgotten there."""
    forgotten = {str(row["id"]) for row in audit.tombstones(db)}
    gone = set(filter(None, map(article_at, copy.walk(ARTICLES)))) - forgotten
    alone = gone.difference(map(article_at, source.walk(ARTICLES)))
    if alone:
        raise ForeignArchive(
            f"{copy.root} holds articles that are not in {source.root}: {len(alone)}",
            hint=f"`qqnews merge {quote(str(copy.root))}` brings them here; or name another folder",
        )


def _must_not_be_older(db: Database, source: Tree, copy: Tree) -> None:
    """Nothing is told in the backup that happened after all that the archive tells of."""
    there = Captures(copy)
    for path, start in _going_on(source, copy):
        for one in there.walk(path, start):
            if isinstance(one, Stored) and not events.is_told(db, one.event):
                from_copy, here = quote(str(copy.root)), quote(str(source.root))
                raise ForeignArchive(
                    f"{copy.root} is newer than {source.root}: it goes on with"
                    f" {one.event.id} of {one.event.at:%Y-%m-%d %H:%M} UTC",
                    hint=f"`qqnews --archive {from_copy} backup {here}` copies it here,"
                    f" `qqnews merge {from_copy}` joins both; or name another folder",
                )


def _going_on(source: Tree, copy: Tree) -> Iterator[tuple[str, int]]:
    """The capture files of the backup that are longer or later than the archive's, and where what is more begins.

    One that was set aside in the archive was damaged there, which makes the archive no older.
    """
    here = Captures(source).files()
    newest = max(here, default="")
    for path, size in Captures(copy).files().items():
        known = here.get(path, 0)
        if known and (known >= size or not copy.read(path).startswith(source.read(path))):
            continue
        if (known or path > newest) and not any(one.endswith(path) for one in source.walk(LOST)):
            yield path, known


def _forget(db: Database, copy: Tree) -> None:
    """Takes out of the backup what was forgotten here since it was made."""
    known: set[tuple[str, str]] = set()
    if there(copy.root / INDEX):
        with closing(open_reader(copy.root)) as older:
            known = {(row["id"], row["at"]) for row in audit.tombstones(older)}
    captures = Captures(copy)
    for row in audit.tombstones(db):
        if (row["id"], row["at"]) not in known:
            remove(db, copy, captures, row["id"])


class _Copying:
    """The files of an archive on their way into its backup.  at: the time that what is set aside is filed under."""

    def __init__(self, db: Database, source: Tree, copy: Tree, at: datetime) -> None:
        self._db = db
        self._source = source
        self._copy = copy
        self._at = at
        self._lost: set[str] | None = None
        self._copied = self._bytes = self._aside = 0

    def all(self, progress: Callable[[int], None]) -> BackedUp:
        """Brings every file, and clears away what is not in the archive."""
        files = 0
        for folder in (LOST, *FOLDERS):
            kept = set()
            for path in self._source.walk(folder):
                if folder == LOST and self._stands_elsewhere(path):
                    continue
                kept.add(path)
                files += 1
                self._bring(path)
                if files % 1000 == 0:
                    progress(files)
            for path in self._copy.walk(folder):
                if folder != LOST and path not in kept:
                    self._clear(path)
        return BackedUp(files=files, copied=self._copied, bytes=self._bytes, aside=self._aside)

    def _stands_elsewhere(self, path: str) -> bool:
        """Whether a picture that a merge set aside is one of the archive's as well."""
        name = PurePath(path).name
        place = f"{IMAGES}/{name[:2]}/{name}"
        return path.endswith(place) and self._source.size(path) == self._source.size(place)

    def _bring(self, path: str) -> None:
        size = self._copy.size(path)
        # Pictures are named by their content, so the size is proof enough; other files are compared.
        if size == self._source.size(path) and path.startswith(IMAGES):
            return
        content = self._source.read(path)
        if size is not None:
            before = self._copy.read(path)
            if before == content:
                return
            grown = path.startswith(CAPTURES) and content.startswith(before)
            if not grown and not self._is_held(before):
                self._set_aside(path)
        self._copy.write(path, content)
        self._copied += 1
        self._bytes += len(content)

    def _clear(self, path: str) -> None:
        """A file that is not in the archive any more."""
        if self._is_held(self._copy.read(path)):
            self._copy.remove([path])
        else:
            self._set_aside(path)

    def _set_aside(self, path: str) -> None:
        self._copy.set_aside(path, at=self._at)
        self._aside += 1

    def _is_held(self, content: bytes) -> bool:
        """Whether these bytes are those of a text that the archive has, or were set aside before."""
        if self._is_told(content):
            return True
        if self._lost is None:
            self._lost = {digest(self._copy.read(path)) for path in self._copy.walk(LOST)}
        return digest(content) in self._lost

    def _is_told(self, content: bytes) -> bool:
        """Whether this is a text that the archive has, whole, as the same revision."""
        try:
            document = parsed(content, "")
        except DamagedArchive:
            return False
        for one in lookup.revisions(self._db, document.article.id):
            if one.number == document.revision:
                try:
                    return digest(self._source.read(one.path)) == one.sha256
                except OSError:
                    return False
        return False
