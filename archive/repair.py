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

from archive.archive import Archive, KeptPicture, Wanted
from archive.captures import Captures, Damage
from archive.document import MAINROAD, Profile
from archive.errors import DamagedArchive
from archive.files import INDEX, Lock, Tree, article_path, revision_path
from archive.filing import filed
from archive.index import holdings, lost
from archive.index.connection import open_reader
from archive.rebuild import rebuild, remake
from archive.restoring import TEXTS, Read, Remedy, Restorable, Sources
from archive.verify import Finding, checks, verify


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
        sources = Sources(archive.database, tree, read, profile)
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
    if any(one.code in (*TEXTS, "article-missing") for one in findings):
        with closing(open_reader(root)) as db:  # it can be read, for it named them
            sources = Sources(db, Tree(root), read, profile)
            for finding in findings:
                if finding.code in TEXTS:
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


def _mended(
    archive: Archive,
    tree: Tree,
    sources: Sources,
    wanted: dict[str, str],
    finding: Finding,
    now: datetime,
) -> Iterator[Action]:
    path, id = finding.path, finding.id
    if finding.code in TEXTS:
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
    sources: Sources,
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
    archive.rereading.keep(
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


def _article(archive: Archive, sources: Sources, wanted: dict[str, str], id: str) -> Action:
    one, found, remedy = sources.of_article(id)
    if found:
        archive.rereading.recover(
            found.article,
            captured=one.captured,
            capture=one.capture,
            rule=found.rule,
            charset=found.charset,
        )
    else:
        wanted[id] = one.url
    return Action(what=remedy.what, id=id, detail=remedy.detail)


def _picture(
    archive: Archive, tree: Tree, sources: Sources, finding: Finding, now: datetime
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
