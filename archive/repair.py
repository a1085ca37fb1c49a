"""Mending what `verify` finds.  Deletes nothing: what cannot stay is moved to `lost+found/`.

    repair    what was done, or without `apply` what would be, one `Action` each
    Action    what is done, to which file, of which article

Files are mended first and the index is then made again from them, so a second repair finds nothing to do.  A text or
picture that is damaged is looked for by its hash in `lost+found/`, and a text then in the page that it was read from
(`archive.restoring`); only where that is gone as well does the article go back into the queue.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.archive import Archive, KeptPicture, Wanted, software
from archive.captures import Captures, Damage
from archive.document import MAINROAD, Profile
from archive.errors import DamagedArchive
from archive.files import INDEX, LOST, Lock, Tree, article_path, digest, revision_path
from archive.filing import filed
from archive.index import audit, holdings, lost
from archive.index.connection import Database, open_reader
from archive.index.lost import Textless
from archive.rebuild import rebuild, remake
from archive.restoring import Read, Reread, Restorable, readable, restorable
from archive.verify import Finding, checks, verify

_TEXTS = ("text-missing", "text-changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done.

    what: `restored`, `read again`, `set aside`, `refetch`, `cut`, `swept` or `reindexed`.
    path: from the archive's root.
    """

    what: str
    path: str = ""
    id: str = ""
    detail: str = ""


def repair(
    root: Path,
    *,
    apply: bool = False,
    read: Read = lambda _page, _address: None,
    profile: Profile = MAINROAD,
    wait: float = 0.0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Action]:
    """Mends an archive.  apply: whether to do it, or only to say what would be done.

    read: reads the pages of lost texts; by default nobody does.  profile: how the files here look.
    Raises NoArchive, ForeignArchive, ArchiveInUse, StorageError.
    """
    if not apply:
        yield from _planned(root, read, profile)
        return
    tree = Tree(root)
    if _broken(root):
        rebuild(root, wait=wait, clock=clock)
        yield Action(what="reindexed", path=INDEX, detail="made again from the files")
    with Archive.open(root, profile=profile, wait=wait, floor=0, clock=clock) as archive:
        findings = list(checks(archive.database, tree, 1.0))
        sources = _Sources(archive.database, tree, read, profile)
        wanted: dict[str, str] = {}
        done = [
            action
            for finding in findings
            for action in _mended(archive, tree, sources, wanted, finding, clock())
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


def _planned(root: Path, read: Read, profile: Profile) -> Iterator[Action]:
    what = {
        "text-stray": "set aside",
        "picture-missing": "refetch",
        "picture-changed": "set aside",
        "capture-damaged": "cut",
        "capture-missing": "reindexed",
        "capture-unindexed": "reindexed",
        "leftover": "swept",
    }
    findings = [finding for finding in verify(root, read_data=1.0) if finding.fix]
    remedies: dict[Finding, Remedy] = {}
    if any(one.code in (*_TEXTS, "article-missing") for one in findings):
        with closing(open_reader(root)) as db:  # it can be read, for it named them
            sources = _Sources(db, Tree(root), read, profile)
            for finding in findings:
                if finding.code in _TEXTS:
                    remedies[finding] = sources.of_text(finding)
                elif finding.code == "article-missing":
                    *_, remedies[finding] = sources.of_article(finding.id)
    for finding in findings:
        remedy = remedies.get(finding)
        yield Action(
            what=remedy.what if remedy else what.get(finding.code, "reindexed"),
            path=finding.path,
            id=finding.id,
            detail=f"{finding.detail}: {remedy.detail}" if remedy else finding.detail,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What is to be done about a text.  content: the bytes of its file.  page: what it is read again from."""

    what: str
    detail: str
    content: bytes | None = None
    page: Restorable | None = None


class _Sources:
    """Where what is lost may be found again: in `lost+found/`, looked through only when something is missed, and in
    the pages that texts were read from.
    """

    def __init__(self, db: Database, tree: Tree, read: Read, profile: Profile) -> None:
        self._db = db
        self._tree = tree
        self._read = read
        self._profile = profile
        self._by_hash: dict[str, str] | None = None

    def find(self, sha256: str) -> bytes | None:
        """The bytes with this hash in `lost+found/`; None when they are not there."""
        if self._by_hash is None:
            paths = list(self._tree.walk(LOST))
            self._by_hash = {digest(self._tree.read(path)): path for path in paths}
        path = self._by_hash.get(sha256)
        return self._tree.read(path) if path else None

    def of_text(self, finding: Finding) -> Remedy:
        """What mends a text that is missing or changed."""
        recorded = audit.recorded(self._db, finding.path)
        if content := self.find(recorded):
            return Remedy(what="restored", detail="from lost+found", content=content)
        page = restorable(
            self._db,
            self._tree,
            finding.path,
            self._read,
            profile=self._profile,
            software=software(),
        )
        if page and page.content:
            detail = "from the page it was read from, to the byte"
            return Remedy(what="restored", detail=detail, content=page.content)
        if finding.code == "text-changed" and _agrees(
            self._db, self._tree, finding.id, finding.path
        ):
            return Remedy(what="reindexed", detail="the file is whole, the recorded hash is wrong")
        if page and page.told.current:
            detail = "the page it was read from reads otherwise today, which is a text of its own"
            return Remedy(what="read again", detail=detail, page=page)
        return Remedy(what="refetch", detail="the article is in the queue again")

    def of_article(self, id: str) -> tuple[Textless, Reread | None, Remedy]:
        """An article without any text, its page as it reads today, and what is to be done about it."""
        one = next(one for one in lost.textless(self._db) if one.id == id)
        found = readable(self._db, self._tree, one, self._read)
        if found:
            detail = "from its newest page; its pictures are asked for again"
            return one, found, Remedy(what="read again", detail=detail)
        return one, None, Remedy(what="refetch", detail="the article is in the queue again")


def _mended(
    archive: Archive,
    tree: Tree,
    sources: _Sources,
    wanted: dict[str, str],
    finding: Finding,
    now: datetime,
) -> Iterator[Action]:
    path, id = finding.path, finding.id
    if finding.code in _TEXTS:
        yield from _text(archive, tree, sources, wanted, finding, now)
    elif finding.code == "article-missing":
        yield _article(archive, sources, wanted, id)
    elif finding.code in ("picture-missing", "picture-changed"):
        yield from _picture(archive, tree, sources, finding, now)
    elif finding.code == "text-stray" and not _adoptable(tree, path):
        place = tree.set_aside(path, at=now)
        yield Action(what="set aside", path=path, id=id, detail=f"now at {place}")
    elif finding.code == "capture-damaged":
        yield from _cut(tree, path, now)


def _text(
    archive: Archive,
    tree: Tree,
    sources: _Sources,
    wanted: dict[str, str],
    finding: Finding,
    now: datetime,
) -> Iterator[Action]:
    path, id = finding.path, finding.id
    remedy = sources.of_text(finding)
    if remedy.what == "reindexed":
        return  # all of it is, in the end
    if finding.code == "text-changed" and tree.size(path) is not None:
        place = tree.set_aside(path, at=now)
        yield Action(what="set aside", path=path, id=id, detail=f"now at {place}")
    if remedy.content is not None:
        tree.write(path, remedy.content)
    elif remedy.page is not None:
        _reread(archive, remedy.page)
    elif kept := holdings.kept(archive.database, id):
        wanted[id] = kept.url
    yield Action(what=remedy.what, path=path, id=id, detail=remedy.detail)


def _reread(archive: Archive, page: Restorable) -> None:
    """Keeps today's reading of the page of a lost text; the number of that text is not given to it."""
    told, found = page.told, page.reread
    files, missing = lost.pictures(archive.database, told.id, told.number)
    archive.reread(
        found.article,
        captured=told.captured,
        capture=told.capture,
        rule=found.rule,
        charset=found.charset,
        pictures={
            url: KeptPicture(sha256=file.sha256, **asdict(file)) for url, file in files.items()
        },
        missing=missing,
    )


def _article(archive: Archive, sources: _Sources, wanted: dict[str, str], id: str) -> Action:
    one, found, remedy = sources.of_article(id)
    if found:
        archive.recover(
            found.article,
            captured=one.captured,
            capture=one.capture,
            rule=found.rule,
            charset=found.charset,
        )
    else:
        wanted[id] = one.url
    return Action(what=remedy.what, id=id, detail=remedy.detail)


def _agrees(db: Database, tree: Tree, id: str, path: str) -> bool:
    """Whether a file agrees with its own checksum and with everything the index says of it but its hash and size."""
    try:
        one = filed(tree, path)
    except (OSError, DamagedArchive):
        return False
    return bool(one.sha256) and audit.agrees(db, id, one)


def _picture(
    archive: Archive, tree: Tree, sources: _Sources, finding: Finding, now: datetime
) -> Iterator[Action]:
    path = finding.path
    sha256 = path.rpartition("/")[2].partition(".")[0]
    if tree.size(path) is not None:
        place = tree.set_aside(path, at=now)
        yield Action(what="set aside", path=path, detail=f"now at {place}")
    if content := sources.find(sha256):
        tree.write(path, content)
        yield Action(what="restored", path=path, detail="from lost+found")
        return
    for id in holdings.shown_by(archive.database, sha256):
        archive.miss(id, path, f"{path} was damaged on disk")
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
