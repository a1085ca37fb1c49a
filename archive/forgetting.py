"""Taking everything of one article out of the archive: its texts, pictures, captures and rows.

    erase    removes what is still there; doing it twice is doing it once

That it was done is told by an event in a capture file of its own, written first: a crash in the middle leaves the
event, and the next opening goes on from it.  A page of another article that leans on bytes kept with this one gets
them itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive import warc
from archive.captures import Captures, Stored
from archive.files import Tree, article_path, revision_path
from archive.index import articles, events, holdings
from archive.index.connection import Database, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken out.  files: texts and pictures.  captures: groups of records."""

    files: int
    captures: int


def erase(db: Database, tree: Tree, captures: Captures, id: str, path: Path) -> Forgotten:
    """Removes everything of an article from disk and index.  path: of the index.  Raises StorageError."""
    folder = revision_path(id, 1).rpartition("/")[0]
    own = [article_path(id), *tree.walk(folder), *holdings.images_only_of(db, id)]
    own = [one for one in own if tree.size(one) is not None]
    tree.remove(own)
    removed = 0
    rewritten: dict[str, list[Stored]] = {}
    known = events.files(db)
    lent = {
        one.record: one for one in _all(captures) if _concerns(one, id) and one.type == "response"
    }
    # The newest file first: a revisit stands after what it leans on, which has to be there until then.
    for file, size in reversed(captures.files().items()):
        if size < known.get(file, 0):  # a crash came between the file and the index
            rewritten[file] = _groups(captures, file)
        if any(_concerns(one, id) or one.refers in lent for one in _groups(captures, file)):
            content, count = _without(captures, file, id, lent)
            removed += count
            tree.write(file, content)
            rewritten[file] = _groups(captures, file)
    with transaction(db, path):
        articles.remove(db, id)
        for file, stored in rewritten.items():
            events.replace_file(db, file, stored, size=tree.size(file) or 0)
    return Forgotten(files=len(own), captures=removed)


def _concerns(stored: Stored, id: str) -> bool:
    return stored.event.id == id and stored.event.kind != "forgotten"


def _without(
    captures: Captures, file: str, id: str, lent: Mapping[str, Stored]
) -> tuple[bytes, int]:
    """A capture file without the groups of one article, and how many those were.

    lent: record → capture of that article whose bytes others may lean on; these get them themselves.
    """
    content = captures.bytes_of(file)
    parts, place, count = [], 0, 0
    for stored in _groups(captures, file):
        if _concerns(stored, id):
            parts.append(content[place : stored.begin])
            place = stored.end
            count += 1
        elif lender := lent.get(stored.refers):
            body = captures.read(lender.path, lender.offset).body
            whole = replace(captures.group(stored), body=body)
            parts.append(content[place : stored.begin])
            parts.append(warc.group(stored.event, whole).content)
            place = stored.end
    parts.append(content[place:])
    return b"".join(parts), count


def _groups(captures: Captures, file: str) -> list[Stored]:
    return [entry for entry in captures.walk(file) if isinstance(entry, Stored)]


def _all(captures: Captures) -> Iterator[Stored]:
    for file in captures.files():
        yield from _groups(captures, file)
