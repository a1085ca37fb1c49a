"""A lost text, found again in the page that it was read from.

    Read         who reads a page: the archive itself knows no layouts
    Reread       what a page says when it is read again
    Restorable   what there is of a lost text: its very bytes, or only another reading of its page
    restorable   what the captures and the index still give of the text at a path
    readable     what they give of an article without any text

A text that can be cited never changes.  So what is read again takes the place of the lost file only when it is that
file, which the hash in the index proves to the byte; any other reading has to be a text of its own.  An index that was
made from a file whose words somebody had changed knows no hash of it: then the file's own front matter is the proof,
which tells the checksum of the words and everything else of the page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from archive import document as documents
from archive.article import Article
from archive.capture import Capture
from archive.captures import Captures
from archive.document import Document, Profile
from archive.errors import ArchiveError
from archive.files import REVISIONS, Tree, article_path, deeper, digest, root_from
from archive.filing import linking
from archive.index import holdings, lookup, lost
from archive.index.connection import Database
from archive.index.lost import Textless, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What a page says when it is read again.  rule: says that it was."""

    article: Article
    rule: str
    charset: str = ""


Read = Callable[[Capture, str], Reread | None]
"""Reads the page of the article with this address; None when it is no article to today's reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorable:
    """What there is of a lost text.  content: the bytes of its file; None when today's reading gives others."""

    told: Told
    reread: Reread
    content: bytes | None


def restorable(
    db: Database, tree: Tree, path: str, read: Read, *, profile: Profile, software: str
) -> Restorable | None:
    """What the captures and the index give of the text at a path; None when its page is not there, or no article.

    profile, software: the face that files wear here, and the name that today's are signed with.
    """
    told = lost.told(db, path)
    capture = _page(db, tree, told.capture) if told else None
    found = read(capture, told.url) if told and capture else None
    if told is None or found is None:
        return None
    # Under whatever id the page goes today, it is the page of this article.
    found = replace(found, article=replace(found.article, id=told.id, url=told.url))
    head = _head(tree.read(path)) if not told.sha256 else b""
    alike = (
        content
        for document in _documents(db, told, found, software)
        for content in _files(document, path, profile)
        if (digest(content) == told.sha256 if told.sha256 else _head(content) == head)
    )
    return Restorable(told=told, reread=found, content=next(alike, None))


def readable(db: Database, tree: Tree, one: Textless, read: Read) -> Reread | None:
    """The newest page of an article without any text, read again; None when it is not there, or no article."""
    capture = _page(db, tree, one.capture)
    found = read(capture, one.url) if capture else None
    return replace(found, article=replace(found.article, id=one.id)) if found else None


def _head(content: bytes) -> bytes:
    return content.partition(b"\n---\n")[0]


def _page(db: Database, tree: Tree, record: str) -> Capture | None:
    captures = Captures(tree)
    try:
        pieces = [captures.read(place.path, place.offset) for place in lookup.places(db, record)]
    except ArchiveError:
        return None
    return replace(pieces[0], body=pieces[-1].body) if pieces else None


def _documents(db: Database, told: Told, found: Reread, software: str) -> Iterator[Document]:
    """What the lost file may have held: no row says by which version of the program, nor whether a copy only linked."""
    pictures, missing = lost.pictures(db, told.id, told.number)
    articles = [found.article]
    if told.copy_of and (original := holdings.kept(db, told.copy_of)):
        articles.append(linking(found.article, original))
    versions = dict.fromkeys((software, *lost.versions(db)))
    for article, rule, version in product(articles, (told.rule, found.rule), versions):
        yield Document(
            article=article,
            revision=told.number,
            captured=told.captured,
            pictures=pictures,
            missing=missing,
            capture=told.capture,
            rule=rule,
            charset=told.charset,
            version=version,
            copy_of=told.copy_of,
            suspect=told.suspect,
        )


def _files(document: Document, path: str, profile: Profile) -> Iterator[bytes]:
    yield documents.write(document, profile, root=root_from(path)).encode()
    if path.startswith(REVISIONS):  # where most came to stand when a newer text took their place
        first = article_path(document.article.id)
        yield deeper(documents.write(document, profile, root=root_from(first)).encode())
