"""Proving that the archive holds what was put into it.  Changes nothing.

    verify     what is wrong, one `Finding` each
    Finding    a code, how bad it is, where, what, and the command that mends it

The quick check looks at the index and at names and sizes.  `read_data` reads every byte: hashes, capture records, and
every row of the index against the files it was made from, so that a single changed byte is found wherever it lies.
"""

import hashlib
from collections.abc import Iterator, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from archive.captures import Captures
from archive.errors import ArchiveError, DamagedArchive
from archive.files import ARTICLES, IMAGES, INDEX, REVISIONS, TEMPORARY, Lock, Tree, digest
from archive.filing import on_disk, prints_by_number, refile
from archive.index import audit, clusters, events, holdings, lost
from archive.index.connection import Database, open_reader, translated
from archive.stored import Damage, Stored
from archive.text import tokens
from archive.upkeep.unfinished import Unfinished, unfinished
from archive.warc import Event

FIXES = {
    "index-damaged": "qqnews rebuild",
    "index-differs": "qqnews rebuild",
    "schema-differs": "qqnews rebuild",
    "search-differs": "qqnews rebuild",
    "no-current": "qqnews rebuild",
    "no-text": "qqnews rebuild",
    "wrong-time": "qqnews rebuild",
    "same-url": "",
    "lost-original": "",
    "copy-of-copy": "qqnews rebuild",
    "bad-queue": "qqnews retry",
    "text-missing": "qqnews repair",
    "text-changed": "qqnews repair",
    "text-stray": "qqnews repair",
    "article-missing": "qqnews repair",
    "picture-missing": "qqnews repair",
    "picture-changed": "qqnews repair",
    "picture-unused": "",
    "capture-missing": "qqnews repair",
    "capture-damaged": "qqnews repair",
    "capture-unindexed": "qqnews repair",
    "leftover": "qqnews repair",
    "unfinished": "qqnews repair",
}
"""Code → the command that mends it; empty where nothing needs to be done, or only a person can say what."""

_NOTES = {
    "picture-unused",
    "capture-unindexed",
    "leftover",
    "same-url",
    "lost-original",
    "unfinished",
    "article-missing",  # a crash before its text came leaves the same
}
"""Codes of what costs nothing."""

_AHEAD = {"text-missing", "text-changed", "text-stray"}
"""What a text looks like that is on the disk before the index knows of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it was written.

    severity: `damage`, or `note` for what costs nothing.  path: from the archive's root.  id: the article's, if any.
    """

    code: str
    severity: str
    path: str
    id: str
    detail: str
    fix: str


def _finding(code: str, detail: str, *, path: str = "", id: str = "") -> Finding:
    severity = "note" if code in _NOTES else "damage"
    return Finding(code=code, severity=severity, path=path, id=id, detail=detail, fix=FIXES[code])


def verify(root: Path, *, read_data: float = 0.0, salt: str = "") -> Iterator[Finding]:
    """What is wrong with an archive; nothing when all is well.

    read_data: the share of articles, pictures and capture files to read in full, from 0 to 1.
    salt: which of them, when it is not all: another word, another choice.
    Raises NoArchive, ForeignArchive, ArchiveInUse, StorageError.
    """
    tree = Tree(root)
    with Lock(root) as lock:
        try:
            db = open_reader(root)
        except DamagedArchive as error:
            yield _finding("index-damaged", str(error.what), path=INDEX)
            return
        lock.share()
        try:
            found = audit.damage(db, thorough=read_data > 0)
            if found:
                yield from (_finding("index-damaged", line, path=INDEX) for line in found)
                return
            with translated(root / INDEX), closing(audit.up_to_date(db)) as now:
                yield from checks(now, tree, read_data, salt)
        except DamagedArchive as error:
            yield _finding("index-damaged", str(error.what), path=INDEX)
        finally:
            db.close()


def checks(db: Database, tree: Tree, share: float, salt: str = "") -> Iterator[Finding]:
    """As `verify`, for a caller that holds the lock and has the index open."""
    left = unfinished(db, tree)
    for finding in _checked(db, tree, left, share, salt):
        yield _excused(finding, left)


def _excused(finding: Finding, left: Unfinished) -> Finding:
    """The finding; a mere note where an interrupted writer, who finishes it, left the disk ahead of the index."""
    ahead = finding.code in _AHEAD and left.concerns(finding.path)
    gone = finding.code == "picture-missing" and finding.id in left.forgotten
    cut = finding.code == "capture-missing" and left.forgotten
    if not (ahead or gone or cut):
        return finding
    what = "an interrupted write left it; the next command that writes finishes it"
    return _finding("unfinished", what, path=finding.path, id=finding.id)


def _checked(
    db: Database, tree: Tree, left: Unfinished, share: float, salt: str
) -> Iterator[Finding]:
    scratch = audit.scratch()
    try:
        if audit.schema(db) != audit.schema(scratch):
            yield _finding("schema-differs", "its tables are not those of this version", path=INDEX)
            return
        for code, id, what in audit.contradictions(db):
            yield _finding(code, what, id=id)
        chosen = _Choice(share, salt)
        hurt: set[str] = set()
        for finding in _texts(db, tree, chosen):
            if finding.id:
                hurt.add(finding.id)
            yield finding
        for one in lost.textless(db):
            yield _finding("article-missing", one.what, id=one.id)
        for finding in _pictures(db, tree, chosen):
            if finding.severity == "damage":
                hurt.update(holdings.shown_by(db, PurePath(finding.path).stem))
            yield finding
        yield from leftovers(tree)
        told: list[Event] = []
        sound = True
        for finding in _captures(db, tree, scratch, told, share):
            sound = sound and finding.severity == "note"
            yield finding
        if share > 0:
            whole = sound and share >= 1 and not left.forgotten
            yield from _rows(db, tree, scratch, told, left, chosen, hurt, whole=whole)
        if share >= 1:
            yield from _search(db)
            for id, what in clusters.check(db):
                yield _finding("search-differs", what, path=INDEX, id=id)
    finally:
        scratch.close()


class _Choice:
    """Which names are looked into, when it is not all."""

    def __init__(self, share: float, salt: str) -> None:
        self._limit = share * 2**32
        self._salt = salt

    def __call__(self, name: str) -> bool:
        if not self._limit:
            return False
        mark = hashlib.sha256(f"{self._salt} {name}".encode()).digest()
        return int.from_bytes(mark[:4]) < self._limit


def _texts(db: Database, tree: Tree, chosen: _Choice) -> Iterator[Finding]:
    sizes = {path: size for folder in (ARTICLES, REVISIONS) for path, size in tree.sizes(folder)}
    for row in audit.revisions(db):
        path, id = row["path"], row["article"]
        size = sizes.pop(path, None)
        if size is None:
            yield _finding(
                "text-missing", f"revision {row['number']} is not there", path=path, id=id
            )
        elif size != row["size"]:
            what = f"it has {size} bytes and was written with {row['size']}"
            yield _finding("text-changed", what, path=path, id=id)
        elif not row["sha256"]:
            what = "its words or its headline are not those it was written with"
            yield _finding("text-changed", what, path=path, id=id)
        elif chosen(path) and _hash(tree, path) != row["sha256"]:
            yield _finding("text-changed", "its bytes are not those written", path=path, id=id)
    for path in sorted(sizes):
        yield _finding("text-stray", "no row of the index speaks of it", path=path)


def _pictures(db: Database, tree: Tree, chosen: _Choice) -> Iterator[Finding]:
    sizes = dict(tree.sizes(IMAGES))
    for row in audit.images(db):
        path, code = row["path"], "picture-changed"
        size = sizes.pop(path, None)
        if size is None:
            code, what = "picture-missing", "the picture is not there"
        elif size != row["size"]:
            what = f"it has {size} bytes and was written with {row['size']}"
        elif chosen(path) and _hash(tree, path) != row["sha256"]:
            what = "its bytes are not those written"
        else:
            continue
        id = next(iter(holdings.shown_by(db, row["sha256"])), "")
        yield _finding(code, what, path=path, id=id)
    for path in sorted(sizes):
        yield _finding("picture-unused", "no article shows it", path=path)


def _hash(tree: Tree, path: str) -> str:
    try:
        return digest(tree.read(path))
    except OSError as error:
        return str(error)


def leftovers(tree: Tree) -> Iterator[Finding]:
    """What interrupted writers left; the next command that writes sweeps it."""
    for path in tree.walk(TEMPORARY):
        yield _finding("leftover", "an interrupted write left it", path=path)


def _captures(
    db: Database, tree: Tree, scratch: Database, told: list[Event], share: float
) -> Iterator[Finding]:
    """Compares the capture files with the index; fills `scratch` and `told` with what they say."""
    captures = Captures(tree)
    files = captures.files()
    for path, end in events.files(db).items():
        size = files.pop(path, None)
        if size is None or size < end:
            what = "it is not there" if size is None else f"{end - size} bytes of it are gone"
            yield _finding("capture-missing", what, path=path)
        elif size > end:
            yield _unindexed(captures, path, end, f"{size - end} bytes are not in the index yet")
        if size is not None and share > 0:
            yield from _records(captures, path, end, scratch, told)
    for path in files:
        yield _unindexed(captures, path, 0, "the index does not know it")


def _unindexed(captures: Captures, path: str, start: int, what: str) -> Finding:
    """What stands in a capture file beyond what the index knows: what the next writer finishes, or nothing of ours."""
    try:
        for entry in captures.walk(path, start):
            if isinstance(entry, Damage) and not entry.torn:
                what = f"bytes {entry.offset} to {entry.end} are no records of ours"
                return _finding("capture-damaged", what, path=path)
    except OSError as error:
        return _finding("capture-damaged", str(error), path=path)
    return _finding("capture-unindexed", what, path=path)


def _records(
    captures: Captures, path: str, end: int, scratch: Database, told: list[Event]
) -> Iterator[Finding]:
    try:
        for entry in captures.walk(path):
            if isinstance(entry, Stored):
                if entry.end <= end:
                    events.put_capture(scratch, entry)
                    told.append(entry.event)
            elif entry.offset < end:
                what = f"bytes {entry.offset} to {entry.end} are not as written"
                yield _finding("capture-damaged", what, path=path)
    except OSError as error:
        yield _finding("capture-damaged", str(error), path=path)


def _rows(
    db: Database,
    tree: Tree,
    scratch: Database,
    told: list[Event],
    left: Unfinished,
    chosen: _Choice,
    hurt: Set[str],
    *,
    whole: bool,
) -> Iterator[Finding]:
    """Compares every row with what the files say it should be.  whole: whether all captures could be read.

    hurt: articles whose files are damaged.  Of them, and of their copies, the index is right: made anew it would
    forget what to look for.
    """
    if whole:
        for name, rows in (
            ("captures", audit.all_captures),
            ("tombstones", audit.tombstones),
            ("dismissed texts", audit.dismissed),
        ):
            if list(rows(db)) != list(rows(scratch)):
                yield _finding(
                    "index-differs", f"its {name} are not those of the files", path=INDEX
                )
    prints = prints_by_number(told)
    for id in audit.ids(db):
        if not chosen(id):
            continue
        with audit.forgotten_after(scratch):
            try:
                found = id not in left.ids and refile(
                    scratch, on_disk(tree, id, prints.get(id, {}))
                )
            except ArchiveError:
                found = False
            known = audit.rows_of(db, id)
            wrong = _different(known, audit.rows_of(scratch, id)) if found else []
            claims = audit.aliases_of(db if id in left.ids else scratch, id)
        for url, seen in claims:
            events.put_aliases(scratch, id, [url], datetime.fromisoformat(seen))
        texts = {id, *(row["copy_of"] for row in known["revisions"])}
        if wrong and whole and hurt.isdisjoint(texts):
            what = f"its rows in {', '.join(wrong)} are not what its files say"
            yield _finding("index-differs", what, path=INDEX, id=id)
    if whole and not hurt and list(audit.aliases(db)) != list(audit.aliases(scratch)):
        yield _finding("index-differs", "its aliases are not those of the files", path=INDEX)


def _different(one: dict[str, list[audit.Row]], other: dict[str, list[audit.Row]]) -> list[str]:
    return [table for table in one if one[table] != other[table]]


def _search(db: Database) -> Iterator[Finding]:
    indexed = dict(audit.indexed_words(db))
    for key, id, title, body in audit.searchable(db):
        if indexed.pop(key, 0) != audit.weight(tokens(title), tokens(body)):
            yield _finding(
                "search-differs", "its words are not found by searching", path=INDEX, id=id
            )
    if indexed:
        what = f"{len(indexed)} texts are found that are not there"
        yield _finding("search-differs", what, path=INDEX)
