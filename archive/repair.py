"""Mending what `verify` finds.  Deletes nothing: what cannot stay is moved to `lost+found/`.

    repair    what was done, or without `apply` what would be, one `Action` each
    Action    what is done, to which file, of which article

Files are mended first and the index is then made again from them, so a second repair finds nothing to do.  A text or
picture that is damaged is looked for by its hash in `lost+found/`; else its article goes back into the queue.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.archive import Archive, Wanted
from archive.captures import Captures, Damage
from archive.errors import DamagedArchive
from archive.files import INDEX, LOST, Lock, Tree, article_path, digest, revision_path
from archive.filing import filed
from archive.index import audit, holdings
from archive.index.connection import Database
from archive.rebuild import rebuild, remake
from archive.text import fingerprint, words
from archive.verify import Finding, checks, verify

_CHECKSUM = re.compile(rb'^text_sha256: "([0-9a-f]{64})"$', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done.

    what: `restored`, `set aside`, `refetch`, `cut`, `swept` or `reindexed`.  path: from the archive's root.
    """

    what: str
    path: str = ""
    id: str = ""
    detail: str = ""


def repair(
    root: Path,
    *,
    apply: bool = False,
    wait: float = 0.0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Action]:
    """Mends an archive.  apply: whether to do it, or only to say what would be done.

    Raises NoArchive, ForeignArchive, ArchiveInUse, StorageError.
    """
    if not apply:
        yield from _planned(verify(root, read_data=1.0))
        return
    tree = Tree(root)
    if _broken(root):
        rebuild(root, wait=wait, clock=clock)
        yield Action(what="reindexed", path=INDEX, detail="made again from the files")
    with Archive.open(root, wait=wait, floor=0, clock=clock) as archive:
        findings = list(checks(archive.database, tree, 1.0))
        lost = _Lost(tree)
        wanted: dict[str, str] = {}
        done = [
            action
            for finding in findings
            for action in _mended(archive, tree, lost, wanted, finding, clock())
        ]
    yield from done
    if any(finding.fix for finding in findings):
        with Lock(root) as lock:
            lock.acquire(wait=wait)
            remake(root, clock=clock)
        yield Action(what="reindexed", path=INDEX, detail="made again from the files")
    if wanted:
        with Archive.open(root, wait=wait, floor=0, clock=clock) as archive:
            items = [Wanted(id=id, url=url, source="repair") for id, url in wanted.items()]
            archive.queue.add(items, again=True)


def _broken(root: Path) -> bool:
    """Whether the index cannot even be opened, or contradicts itself."""
    try:
        for finding in verify(root):
            if finding.code in ("index-damaged", "schema-differs"):
                return True
    except DamagedArchive:
        return True
    return False


def _planned(findings: Iterator[Finding]) -> Iterator[Action]:
    what = {
        "text-missing": "refetch",
        "text-changed": "set aside",
        "text-stray": "set aside",
        "picture-missing": "refetch",
        "picture-changed": "set aside",
        "capture-damaged": "cut",
        "capture-missing": "reindexed",
        "capture-unindexed": "reindexed",
        "leftover": "swept",
    }
    for finding in findings:
        if finding.fix:
            yield Action(
                what=what.get(finding.code, "reindexed"),
                path=finding.path,
                id=finding.id,
                detail=finding.detail,
            )


class _Lost:
    """What lies in `lost+found/`, by hash; looked through only when something is missed."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._by_hash: dict[str, str] | None = None

    def find(self, sha256: str) -> bytes | None:
        """The bytes with this hash; None when they are not there."""
        if self._by_hash is None:
            paths = list(self._tree.walk(LOST))
            self._by_hash = {digest(self._tree.read(path)): path for path in paths}
        path = self._by_hash.get(sha256)
        return self._tree.read(path) if path else None


def _mended(
    archive: Archive,
    tree: Tree,
    lost: _Lost,
    wanted: dict[str, str],
    finding: Finding,
    now: datetime,
) -> Iterator[Action]:
    path, id = finding.path, finding.id
    if finding.code in ("text-missing", "text-changed"):
        yield from _text(archive.database, tree, lost, wanted, finding, now)
    elif finding.code in ("picture-missing", "picture-changed"):
        yield from _picture(archive, tree, lost, finding, now)
    elif finding.code == "text-stray" and not _adoptable(tree, path):
        place = tree.set_aside(path, at=now)
        yield Action(what="set aside", path=path, id=id, detail=f"now at {place}")
    elif finding.code == "capture-damaged":
        yield from _cut(tree, path, now)


def _text(
    db: Database,
    tree: Tree,
    lost: _Lost,
    wanted: dict[str, str],
    finding: Finding,
    now: datetime,
) -> Iterator[Action]:
    path, id = finding.path, finding.id
    recorded = audit.recorded(db, path)
    content = lost.find(recorded)
    there = finding.code == "text-changed"
    if there and content is None and _agrees(db, tree, id, path):
        return  # the file is whole and says what every row says: it is the recorded hash that is wrong
    if there and tree.size(path) is not None:
        place = tree.set_aside(path, at=now)
        yield Action(what="set aside", path=path, id=id, detail=f"now at {place}")
    if content is not None:
        tree.write(path, content)
        yield Action(what="restored", path=path, id=id, detail="from lost+found")
        return
    if kept := holdings.kept(db, id):
        wanted[id] = kept.url
    yield Action(what="refetch", path=path, id=id, detail="the article is in the queue again")


def _agrees(db: Database, tree: Tree, id: str, path: str) -> bool:
    """Whether a file agrees with its own checksum and with everything the index says of it but its hash and size."""
    try:
        one = filed(tree, path)
        told = _CHECKSUM.search(tree.read(path))
    except (OSError, DamagedArchive):
        return False
    whole = told and told[1].decode() == fingerprint(words(one.document.article.markdown))
    return bool(whole) and audit.agrees(db, id, one)


def _picture(
    archive: Archive, tree: Tree, lost: _Lost, finding: Finding, now: datetime
) -> Iterator[Action]:
    path = finding.path
    sha256 = path.rpartition("/")[2].partition(".")[0]
    if tree.size(path) is not None:
        place = tree.set_aside(path, at=now)
        yield Action(what="set aside", path=path, detail=f"now at {place}")
    if content := lost.find(sha256):
        tree.write(path, content)
        yield Action(what="restored", path=path, detail="from lost+found")
        return
    for id in holdings.shown_by(archive.database, sha256):
        archive.miss(id, path, "damaged on disk")
        yield Action(what="refetch", path=path, id=id, detail="the next run asks for it again")


def _adoptable(tree: Tree, path: str) -> bool:
    """Whether a file that the index does not know is one of ours, where it should be."""
    try:
        document = filed(tree, path).document
    except (OSError, DamagedArchive):
        return False
    id = document.article.id
    return path in (article_path(id), revision_path(id, document.revision))


def _cut(tree: Tree, path: str, now: datetime) -> Iterator[Action]:
    """Writes a capture file anew without the stretches that cannot be read; the damaged file is kept aside."""
    captures = Captures(tree)
    content = captures.bytes_of(path)
    parts, place, gone = [], 0, 0
    for entry in captures.walk(path):
        if isinstance(entry, Damage):
            parts.append(content[place : entry.offset])
            place = entry.end
            gone += entry.end - entry.offset
    if not gone:
        return
    parts.append(content[place:])
    aside = tree.set_aside(path, at=now)
    tree.write(path, b"".join(parts))
    yield Action(
        what="cut", path=path, detail=f"{gone} bytes left out; the whole file is at {aside}"
    )
