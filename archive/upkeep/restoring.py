"""Where a lost text is found again: in `lost+found/`, or in the page that it was read from.

    Read         who reads a page: the archive itself knows no layouts
    Reread       what a page says when it is read again
    Restorable   what there is of a lost text: its very bytes, or only another reading of its page
    Sources      all of these places; they give a Remedy
    restorable   what the captures and the index still give of the text at a path
    readable     what they give of an article without the text of its newest page

A text that can be cited never changes.  So what is read again takes the place of the lost file only when it is that
file, which the hash in the index proves to the byte; any other reading has to be a text of its own.  An index that was
made from a file whose words somebody had changed knows no hash of it: then the file's own front matter is the proof,
which tells the checksum of the words and everything else of the page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from archive import document as documents
from archive.archive import SOFTWARE
from archive.article import Article
from archive.capture import Capture
from archive.document import Document, Profile
from archive.errors import DamagedArchive
from archive.files import ARTICLES, LOST, REVISIONS, Tree, article_path, deeper, digest, root_from
from archive.filing import filed, linking
from archive.index import audit, holdings, lookup, lost
from archive.index.connection import Database
from archive.index.lost import Textless, Told
from archive.pages import Pages
from archive.profiles import PROFILES
from archive.upkeep.verify import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What a page says when it is read again.  rule: says that it was."""

    article: Article
    rule: str
    charset: str = ""


TEXTS = ("text-missing", "text-changed")
"""The findings about a text that is lost, or not what was written."""

Read = Callable[[Capture, str, Pages], Reread | None]
"""Reads the page of the article with this address, of which these pages are kept; None when it is no article to
today's reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorable:
    """What there is of a lost text.  content: the bytes of its file; None when today's reading gives others."""

    told: Told
    reread: Reread
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What is to be done about a text.  content: the bytes of its file.  page: what it is read again from."""

    what: str
    detail: str
    content: bytes | None = None
    page: Restorable | None = None


class Sources:
    """Where what is lost may be found again: `lost+found/`, looked through only when something is missed, and the
    pages that texts were read from.
    """

    def __init__(self, db: Database, tree: Tree, read: Read, profile: Profile) -> None:
        self._db = db
        self._tree = tree
        self._read = read
        self._profile = profile
        self._by_hash: dict[str, str] | None = None

    def find(self, sha256: str, path: str) -> bytes | None:
        """The bytes with this hash in `lost+found/`, as they are to stand at a path; None when they are not there."""
        if self._by_hash is None:
            paths = list(self._tree.walk(LOST))
            self._by_hash = {digest(self._tree.read(path)): path for path in paths}
        place = self._by_hash.get(sha256)
        if place is None:
            return None
        content = self._tree.read(place)
        return (
            deeper(content) if path.startswith(REVISIONS) and f"/{ARTICLES}/" in place else content
        )

    def of_text(self, finding: Finding) -> Remedy:
        """What mends a text that is missing or changed."""
        recorded = audit.recorded(self._db, finding.path)
        if content := self.find(recorded, finding.path):
            return Remedy(what="restored", detail="from lost+found", content=content)
        page = restorable(self._db, self._tree, finding.path, self._read, profile=self._profile)
        if page and page.content:
            detail = "from the page it was read from, to the byte"
            return Remedy(what="restored", detail=detail, content=page.content)
        if finding.code == "text-changed" and self._agrees(finding):
            return Remedy(what="reindexed", detail="the file is whole, the recorded hash is wrong")
        if page and page.told.current:
            detail = "the page it was read from reads otherwise today, which is a text of its own"
            return Remedy(what="read again", detail=detail, page=page)
        return Remedy(what="refetch", detail="the article is in the queue again")

    def of_article(self, id: str) -> tuple[Textless, Reread | None, Remedy]:
        """An article without the text of its newest page, that page as it reads today, and what is to be done."""
        one = next(one for one in lost.textless(self._db) if one.id == id)
        found = readable(self._db, self._tree, one, self._read)
        if found:
            detail = (
                "from its newest page; pictures that are not known any more are asked for again"
            )
            return one, found, Remedy(what="read again", detail=detail)
        return one, None, Remedy(what="refetch", detail="the article is in the queue again")

    def _agrees(self, finding: Finding) -> bool:
        """Whether a file agrees with its own checksum and with all that the index says of it but its hash and size."""
        try:
            one = filed(self._tree, finding.path)
        except (OSError, DamagedArchive):
            return False
        return bool(one.sha256) and audit.agrees(self._db, finding.id, one)


def restorable(
    db: Database, tree: Tree, path: str, read: Read, *, profile: Profile
) -> Restorable | None:
    """What the captures and the index give of the text at a path; None when its page is not there, or no article.

    profile: the face that files wear here, which is tried first: it may have been another one then.
    """
    told = lost.told(db, path)
    found = list(_readings(db, tree, told, read)) if told else []
    if told is None or not found:
        return None
    head = _head(tree.read(path)) if not told.sha256 else []
    alike = (
        (one, content)
        for one in found
        for document in _documents(db, told, one)
        for face in dict.fromkeys((profile.name, *PROFILES))
        for before, content in _files(document, path, PROFILES.get(face, profile))
        if (digest(before) == told.sha256 if told.sha256 else _head(before) == head)
    )
    reread, content = next(alike, (found[0], None))
    return Restorable(told=told, reread=reread, content=content)


def _readings(db: Database, tree: Tree, told: Told, read: Read) -> Iterator[Reread]:
    """What the page of a text says today: with the newest of the article's other pages, then with those of its time."""
    pages = Pages(db, tree, told.id)
    capture = pages.read(told.capture)
    if capture is None:
        return
    views = [pages]
    if len(pages.newest()) > 1:
        before = lookup.looked_at_again(db, told.capture)
        views.append(Pages(db, tree, told.id, before=before))
    for kept in views:
        if one := read(capture, told.url, kept):
            # Under whatever id the page goes today, it is the page of this article.
            yield replace(one, article=replace(one.article, id=told.id, url=told.url))


def readable(db: Database, tree: Tree, one: Textless, read: Read) -> Reread | None:
    """The newest page of an article without its text, read again; None when it is not there, or no article."""
    pages = Pages(db, tree, one.id)
    capture = pages.read(one.capture)
    found = read(capture, one.url, pages) if capture else None
    return replace(found, article=replace(found.article, id=one.id)) if found else None


def _head(content: bytes) -> list[bytes]:
    """The rows of a file's front matter but that of the headline, which may be what somebody changed."""
    rows = content.partition(b"\n---\n")[0].split(b"\n")
    return [row for row in rows if not row.startswith(b"title: ")]


def _documents(db: Database, told: Told, found: Reread) -> Iterator[Document]:
    """What the lost file may have held: no row says by which version of the program, nor whether a copy only linked."""
    pictures, missing = lost.pictures(db, told.id, told.number)
    articles = [found.article]
    if told.copy_of and (original := holdings.kept(db, told.copy_of)):
        # The link's words are the headline that the original had then.
        headlines = dict.fromkeys(one.title for one in lookup.revisions(db, told.copy_of))
        articles += [linking(found.article, replace(original, title=one)) for one in headlines]
    versions = dict.fromkeys((SOFTWARE, *lost.versions(db)))
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
            older=told.older,
        )


def _files(document: Document, path: str, profile: Profile) -> Iterator[tuple[bytes, bytes]]:
    """The file as it was written, or stood when it was lost, and as it is to stand at a path."""
    content = documents.write(document, profile, root=root_from(path)).encode()
    yield content, content
    if path.startswith(REVISIONS):  # where most came to stand when a newer text took their place
        place = article_path(document.article.id)
        first = documents.write(document, profile, root=root_from(place)).encode()
        yield deeper(first), deeper(first)
        yield first, deeper(first)  # it was lost before
