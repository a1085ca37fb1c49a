"""Taking everything of one article out of the archive: its texts, pictures, captures and rows.

    erase    removes what is still there; doing it twice is doing it once

That it was done is told by an event in a capture file of its own, written first: a crash in the middle leaves the
event, and the next opening goes on from it.  A page of another article that leans on bytes kept with this one gets
them itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive import warc
from archive.capture import Capture
from archive.captures import Captures, Stored
from archive.files import Tree, article_path, revision_path
from archive.index import articles, events
from archive.index.connection import Database, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken out.  files: texts and pictures.  captures: groups of records."""

    files: int
    captures: int


def erase(db: Database, tree: Tree, captures: Captures, id: str, path: Path) -> Forgotten:
    """Removes everything of an article from disk and index.  path: of the index.  Raises StorageError."""
    folder = revision_path(id, 1).rpartition("/")[0]
    own = [article_path(id), *tree.walk(folder), *articles.images_only_of(db, id)]
    own = [one for one in own if tree.size(one) is not None]
    tree.remove(own)
    removed = 0
    rewritten: dict[str, list[Stored]] = {}
    known = events.files(db)
    for file, size in captures.files().items():
        if size < known.get(file, 0):  # a crash came between the file and the index
            rewritten[file] = [one for one in captures.walk(file) if isinstance(one, Stored)]
        if any(_concerns(entry, id) for entry in captures.walk(file)):
            content, count = _without(captures, file, id)
            removed += count
            tree.write(file, content)
            rewritten[file] = [one for one in captures.walk(file) if isinstance(one, Stored)]
    with transaction(db, path):
        articles.remove(db, id)
        for file, stored in rewritten.items():
            events.replace_file(db, file, stored)
    return Forgotten(files=len(own), captures=removed)


def _concerns(entry: object, id: str) -> bool:
    return isinstance(entry, Stored) and entry.event.id == id and entry.event.kind != "forgotten"


def _without(captures: Captures, file: str, id: str) -> tuple[bytes, int]:
    """A capture file without the groups of one article, and how many those were."""
    content = captures.bytes_of(file)
    parts, place, count = [], 0, 0
    for entry in captures.walk(file):
        if not isinstance(entry, Stored):
            continue
        if _concerns(entry, id):
            parts.append(content[place : entry.begin])
            place = entry.end
            count += 1
        elif entry.type == "revisit" and (body := _borrowed(captures, entry, id)) is not None:
            parts.append(content[place : entry.begin])
            parts.append(warc.group(entry.event, body).content)
            place = entry.end
    parts.append(content[place:])
    return b"".join(parts), count


def _borrowed(captures: Captures, revisit: Stored, id: str) -> Capture | None:
    """The whole capture of a revisit whose body stands with an article that goes."""
    for lender in _all(captures):
        if lender.record == revisit.refers and lender.event.id == id and lender.type == "response":
            body = captures.read(lender.path, lender.offset).body
            return replace(captures.read(revisit.path, revisit.offset), body=body)
    return None


def _all(captures: Captures) -> Iterator[Stored]:
    for file in captures.files():
        yield from (entry for entry in captures.walk(file) if isinstance(entry, Stored))
