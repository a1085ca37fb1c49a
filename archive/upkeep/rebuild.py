"""Making the index anew from the files alone.

    rebuild    the index, from captures/, articles/ and revisions/; queue and runs come over when they can be read

The new index is made whole beside the old one and then takes its place; a crash leaves one or the other.  An old index
that is damaged is moved to `lost+found/`, never deleted.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.captures import Captures
from archive.errors import ArchiveError, ForeignArchive, NoArchive, StorageError
from archive.files import (
    ARTICLES,
    FOLDERS,
    INDEX,
    REVISIONS,
    Lock,
    Tree,
    folder_there,
    is_id,
    there,
)
from archive.filing import make_index, prints_by_number, refile, tidy
from archive.index import audit, carried, events, lookup, lost
from archive.index.apart import Apart
from archive.index.connection import Database, checkpoint, open_writer, translated
from archive.stored import Stored
from archive.upkeep.ahead import Ahead
from archive.warc import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild found.

    articles, captures: how many rows of them the new index has.  carried: whether queue and runs came over.
    passed_over: what could not be read or trusted, one line each: `qqnews verify` says more.
    """

    articles: int
    captures: int
    carried: bool
    passed_over: tuple[str, ...]


def rebuild(
    root: Path,
    *,
    wait: float = 0.0,
    progress: Callable[[int], None] = lambda _articles: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Rebuilt:
    """Makes the index anew.  progress: told now and then how many articles are in.

    Raises NoArchive, ForeignArchive, ArchiveInUse, StorageError.
    """
    if not any(folder_there(root / name) for name in FOLDERS):
        raise NoArchive(f"there is no archive at {root}", hint="name its folder")
    with Lock(root) as lock:
        lock.acquire(wait=wait)
        return remake(root, progress=progress, clock=clock)


def remake(
    root: Path,
    *,
    progress: Callable[[int], None] = lambda _articles: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Rebuilt:
    """As `rebuild`, for a caller that holds the lock."""
    tree = Tree(root)
    rows = _carry(tree, clock())
    done = captures = 0
    passed: list[str] = []

    def fill(db: Database) -> None:
        nonlocal done, captures
        with Ahead(tree, ids_on_disk(tree)) as texts, Apart(db) as tokens:
            told = prints_by_number(_captures(db, tree, passed))
            for one in texts.of(told):
                if refile(db, one, tokens.add):
                    tidy(db, tree, one.id)
                    done += 1
                    if done % 100 == 0:
                        progress(done)
                else:
                    passed.append(f"{one.id}: no file of this article can be read")
            tokens.bring()
        passed.extend(
            f"{row['path']}: its words or its headline are not those it was written with; qqnews repair"
            for row in audit.revisions(db)
            if not row["sha256"]
        )
        _, captures = lookup.totals(db)
        carried.put(db, rows)
        passed.extend(f"{one.id}: {one.what}; qqnews repair" for one in lost.textless(db))

    make_index(root, fill)
    return Rebuilt(articles=done, captures=captures, carried=bool(rows), passed_over=tuple(passed))


def _captures(db: Database, tree: Tree, passed: list[str]) -> Iterator[Event]:
    """Puts every capture in; gives what each tells."""
    captures = Captures(tree)
    for path, size in captures.files().items():
        end, whole = 0, True
        for entry in captures.walk(path):
            if isinstance(entry, Stored):
                events.put_capture(db, entry)
                yield entry.event
                end = entry.end
                continue
            whole = False
            if not entry.torn:
                passed.append(f"{path}: bytes {entry.offset} to {entry.end} are damaged")
        if end or whole:
            events.put_file(db, path, end or size)


def ids_on_disk(tree: Tree) -> list[str]:
    """The ids of which there is any Markdown file, each once; what is named otherwise is no text of ours."""
    found = {
        path.rpartition("/")[2].removesuffix(".md")
        for path in tree.walk(ARTICLES)
        if path.endswith(".md")
    }
    found |= {path.split("/")[-2] for path in tree.walk(REVISIONS) if path.endswith(".md")}
    return sorted(filter(is_id, found))


def _carry(tree: Tree, at: datetime) -> carried.Rows:
    """Queue and runs of the old index.  One that is damaged is moved aside.

    One that only cannot be opened now, for want of room or because another program holds it, stays where it is.
    Raises StorageError, ForeignArchive.
    """
    path = tree.root / INDEX
    if not there(path):
        return {}
    rows: carried.Rows = {}
    try:
        with closing(open_writer(tree.root)) as db, translated(path):
            rows = carried.take(db)
            checkpoint(db)
    except (ForeignArchive, StorageError):
        raise
    except ArchiveError:
        _set_aside(tree, at)
    return rows


def _set_aside(tree: Tree, at: datetime) -> None:
    """The log first: a log without its file is nothing, and a file with another's log would be worse than nothing."""
    for suffix in ("-wal", "-shm", ""):
        if there(tree.root / (INDEX + suffix)):
            tree.set_aside(INDEX + suffix, at=at)
