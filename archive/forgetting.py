"""Taking everything of one article out of the archive: its texts, pictures, captures and rows.

    erase    removes what is still there, from disk and index; doing it twice is doing it once
    remove   the same from the disk alone, also for a copy of the archive

That it was done is told by an event in a capture file of its own, written first: a crash in the middle leaves the
event, and the next opening goes on from it.  A page of another article that leans on bytes kept with this one gets
them itself, and so does an article an address that both went by.

What was set aside is looked through as well, before all else: texts, pictures and captures in `lost+found/`, and old
indexes that name the article, which go whole, as they say nothing that the files beside them do not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from archive import warc
from archive.captures import Captures
from archive.files import (
    ARTICLES,
    IMAGES,
    INDEX,
    LOST,
    REVISIONS,
    Tree,
    article_path,
    revision_path,
)
from archive.filing import on_disk, refile
from archive.index import articles, audit, events, holdings
from archive.index.connection import Database, transaction
from archive.stored import Stored

_PICTURE = re.compile(rb"images/[0-9a-f]{2}/([0-9a-f]{64})\.[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken out.  files: texts and pictures.  captures: groups of records."""

    files: int
    captures: int


def erase(db: Database, tree: Tree, captures: Captures, id: str, path: Path) -> Forgotten:
    """Removes everything of an article from disk and index.  path: of the index.  Raises StorageError."""
    done, rewritten = remove(db, tree, captures, id)
    known = events.files(db)
    freed = {url for url, _ in audit.aliases_of(db, id)}
    claimants = set()
    with transaction(db, path):
        articles.remove(db, id)
        for file, size in captures.files().items():
            groups = _groups(captures, file)
            # One that is shorter than the index knows was rewritten before a crash.
            if file in rewritten or size < known.get(file, 0):
                events.replace_file(db, file, groups, size=size)
            for event in (one.event for one in groups):
                if event.id != id and not freed.isdisjoint(event.addresses):
                    events.put_aliases(db, event.id, event.addresses, event.at)
                    claimants.add(event.id)
        for claimant in sorted(claimants):  # its texts name addresses as well
            refile(db, on_disk(tree, claimant, holdings.filed_prints(db, claimant)))
    return done


def remove(
    db: Database, tree: Tree, captures: Captures, id: str
) -> tuple[Forgotten, frozenset[str]]:
    """Removes everything of an article from the disk; gives the capture files that were written anew as well.

    db: the index that knows which pictures others show; it may have forgotten the article already.
    """
    folder = revision_path(id, 1).rpartition("/")[0]
    texts = [article_path(id), *tree.walk(folder), *_texts_aside(tree, id)]
    texts = [path for path in texts if tree.size(path) is not None]
    pictures = [*holdings.images_only_of(db, id), *_shown_once(db, tree, texts, id)]
    names = tuple(PurePath(picture).name for picture in pictures)
    own = [*pictures, *_others_aside(tree, id, names), *texts]  # the texts last: they name pictures
    own = [path for path in dict.fromkeys(own) if tree.size(path) is not None]
    aside = [path for path in tree.walk(LOST) if ".warc.gz" in PurePath(path).name]
    current = list(captures.files())
    # The newest file first: a revisit stands after what it leans on, which has to be there until then.
    order = [*reversed(aside), *reversed(current)]
    lent = {
        one.record: one
        for file in (*reversed(aside), *current)
        for one in _groups(captures, file)
        if _concerns(one, id) and one.type == "response"
    }
    removed, rewritten = 0, set()
    for file in order:
        if any(_concerns(one, id) or one.refers in lent for one in _groups(captures, file)):
            content, count = _without(captures, file, id, lent)
            removed += count
            tree.write(file, content)
            rewritten.add(file)
    tree.remove(own)
    return Forgotten(files=len(own), captures=removed), frozenset(rewritten)


def _texts_aside(tree: Tree, id: str) -> Iterator[str]:
    """The texts of an article that were moved out of the way once, or put there by hand."""
    for path in tree.walk(LOST):
        *folders, name = path.split("/")
        base, suffix, _ = name.partition(".md")
        if not suffix:
            continue
        placed = not {ARTICLES, REVISIONS}.isdisjoint(folders)
        ours = id in (base, folders[-1]) if placed else _speaks_of(tree, path, f'id: "{id}"')
        if ours:
            yield path


def _shown_once(db: Database, tree: Tree, texts: Iterable[str], id: str) -> Iterator[str]:
    """Pictures that these texts name, also as damaged ones, and that no other article shows."""
    for path in texts:
        for found in _PICTURE.finditer(tree.read(path)):
            if set(holdings.shown_by(db, found[1].decode())) <= {id}:
                yield found[0].decode()


def _others_aside(tree: Tree, id: str, pictures: tuple[str, ...]) -> Iterator[str]:
    """What else of an article was set aside: these pictures, and whole indexes as they once were."""
    for path in tree.walk(LOST):
        *folders, name = path.split("/")
        picture = IMAGES in folders and name.startswith(pictures)
        if picture or (name.startswith(INDEX) and _speaks_of(tree, path, id)):
            yield path
    for old in sorted(tree.root.glob(f"{INDEX}.before-*")):  # as it was under an earlier version
        if _speaks_of(tree, old.name, id):
            yield old.name


def _speaks_of(tree: Tree, path: str, word: str) -> bool:
    return word.encode() in tree.read(path)


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
