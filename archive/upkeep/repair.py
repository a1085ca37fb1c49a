"""Mending what `verify` finds.  Deletes nothing: what cannot stay is moved to `lost+found/`.

    repair    what was done, or without `apply` what would be, one `Action` each

Files are mended first (`mending`) and the index is then made again from them, so a second repair finds nothing to do.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from archive.archive import Archive, Wanted
from archive.document import MAINROAD, Profile
from archive.errors import DamagedArchive
from archive.files import INDEX, Lock, Tree
from archive.index import audit
from archive.index.connection import open_reader
from archive.upkeep.mending import Action, Mending
from archive.upkeep.rebuild import rebuild, remake
from archive.upkeep.restoring import Read, Sources
from archive.upkeep.verify import Finding, checks, leftovers, verify

_REINDEXED = Action(what="reindexed", path=INDEX, detail="made again from the files")


def repair(
    root: Path,
    *,
    apply: bool = False,
    read: Read = lambda _page, _address, _pages: None,
    duplicates: str = "link",
    profile: Profile = MAINROAD,
    wait: float = 0.0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Action]:
    """Mends an archive.  apply: whether to do it, or only to say what would be done.

    read: reads the pages of lost texts; by default nobody does.  duplicates, profile: how files are written
    here, as for `Archive.open`.
    Raises NoArchive, ForeignArchive, ArchiveInUse, StorageError.
    """
    if not apply:
        yield from _planned(root, read, profile, clock())
        return
    tree = Tree(root)
    yield from _swept(tree)
    if _broken(root):
        rebuild(root, wait=wait, clock=clock)
        yield _REINDEXED
    with Archive.open(
        root, duplicates=duplicates, profile=profile, wait=wait, floor=0, clock=clock
    ) as archive:
        findings = _to_mend(checks(archive.database, tree, 1.0))
        sources = Sources(archive.database, tree, read, profile)
        mending = Mending(archive.database, tree, sources, clock(), archive)
        done = [action for finding in findings for action in mending.of(finding)]
    yield from done
    if findings:
        with Lock(root) as lock:
            lock.acquire(wait=wait)
            remake(root, clock=clock)
        yield _REINDEXED
    if wanted := mending.wanted:
        with Archive.open(root, wait=wait, floor=0, clock=clock) as archive:
            items = [Wanted(id=id, url=url, source="repair") for id, url in wanted.items()]
            archive.queue.add(items, again=True)


def _planned(root: Path, read: Read, profile: Profile, now: datetime) -> Iterator[Action]:
    tree = Tree(root)
    yield from _swept(tree)
    if _broken(root):
        yield _REINDEXED  # and what else there is to do stands in no index yet
        return
    with closing(open_reader(root)) as old, closing(audit.up_to_date(old)) as db:
        findings = _to_mend(checks(db, tree, 1.0))
        mending = Mending(db, tree, Sources(db, tree, read, profile), now)
        for finding in findings:
            yield from mending.of(finding)
    if findings:
        yield _REINDEXED


def _broken(root: Path) -> bool:
    """Whether the index cannot even be opened, or contradicts itself."""
    try:
        for finding in verify(root):
            if finding.code in ("index-damaged", "schema-differs"):
                return True
    except DamagedArchive:
        return True
    return False


def _swept(tree: Tree) -> list[Action]:
    """What goes as soon as the archive is opened for writing."""
    return [Action(what="swept", path=one.path, detail=one.detail) for one in leftovers(tree)]


def _to_mend(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.fix and one.code != "leftover"]
