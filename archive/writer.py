"""Writing to an archive in the order that survives a crash.

    Writer    the one that changes files and index
    Page      a page that is kept already, and is read again
    Rows      what the index is told of a revision besides its document

Every change is first told to the capture files, then done to the texts, then to the index.  The bytes of all go to the
disk at the same time; their names wait for each other: pictures, and texts set by for later, before the text that needs
them, and all of it before the index commits what it says of them (`archive.landing`).  What the capture files tell and
the index does not know is work that a crash cut short, and `settle` finishes it from what stands on the disk.
What an article is to the archive is decided elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial

from archive import document as documents
from archive.article import Article
from archive.capture import Capture, Picture
from archive.captures import Captures, Prepared
from archive.dedupe import Print, leans
from archive.document import Document, Profile
from archive.errors import DamagedArchive, StorageError
from archive.existing import pictured, set_by
from archive.files import (
    INDEX,
    Staged,
    Tree,
    article_path,
    digest,
    revision_path,
    root_from,
    storing,
)
from archive.filing import (
    linking,
    on_disk,
    parsed,
    prints_by_number,
    refile,
    sizes_of,
    tidy,
)
from archive.findable import findable
from archive.forgetting import erase
from archive.index import articles, events, holdings
from archive.index.articles import Filed, SetBy
from archive.index.connection import Database, transaction, translated
from archive.index.holdings import Kept, KeptPicture
from archive.index.queue import Queue
from archive.landing import Landing
from archive.state import State
from archive.stored import Stored
from archive.text import line
from archive.warc import Event

FLOOR = 200 << 20
"""With less room than this many bytes nothing is begun: stopping early is kinder than a full disk."""

SMALL = 20
"""On a small disk it is this part of the whole: one that a few articles fill may still be filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is kept already.  record: of its capture.  at: when it came."""

    record: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the index is told of a revision besides its document.

    before: the article as it was kept until now; moved: its text, set by.  sizes: path → size of each picture.
    text: to search it by.
    """

    before: Kept | None
    moved: SetBy | None
    prints: Print
    sizes: dict[str, int]
    text: str


class Writer:
    """Changes an archive that is open and locked.

    links: whether a copy's file links to the original's text instead of repeating it.
    floor: bytes that must be free before anything is begun; None for `FLOOR`, or less on a small disk.
    software: the name to sign with.
    """

    def __init__(
        self,
        tree: Tree,
        captures: Captures,
        queue: Queue,
        database: Callable[[], Database],
        *,
        links: bool,
        profile: Profile,
        floor: int | None,
        clock: Callable[[], datetime],
        software: str,
    ) -> None:
        self._tree = tree
        self._captures = captures
        self._queue = queue
        self._database = database
        self._links = links
        self._profile = profile
        self._floor = floor
        self._clock = clock
        self._software = software
        self._index = tree.root / INDEX
        self._settled = False
        self._open: Landing | None = None

    @contextmanager
    def changing(self) -> Iterator[Database]:
        """Around every change: room on the disk first; and after a failure, the next change settles the last one."""
        if self._open:
            yield self._database()
            return
        if not self._settled:
            self.settle()
        self._must_have_room()
        self._settled = False
        with translated(self._index):
            yield self._database()
        self._settled = True

    @contextmanager
    def together(self) -> Iterator[None]:
        """Changes that become durable together, when the block ends; when one fails, the index knows of none."""
        with self.changing() as db, self.committing(db):
            yield

    @contextmanager
    def committing(self, db: Database, *, reads: bool = True) -> Iterator[Landing]:
        """Around what the index is told of; one such block within another is a part of it.

        reads: whether files are read in it, for which those of the last change have to be on the disk.
        """
        if self._open:
            if reads:
                self._open.finish()
            yield self._open
            return
        landing = self._open = Landing(self._tree, self._captures)
        try:
            with landing.before_commit(db, self._index):
                yield landing
        finally:
            self._open = None

    def _must_have_room(self, more: int = 0) -> None:
        """So many bytes more must leave free what is to stay: the queue is written when nothing else can be."""
        with storing(self._tree.root):
            size, free = self._tree.room()
        floor = min(FLOOR, size // SMALL) if self._floor is None else self._floor
        if floor and free < floor + more:
            raise StorageError(
                f"only {free / 2**20:.1f} MiB are free at {self._tree.root}, and {floor / 2**20:.1f} must stay",
                hint="make room, then run again",
            )

    def settle(self) -> None:
        """Finishes what the capture files tell and the index does not know."""
        db = self._database()
        found = self._captures.unindexed(events.files(db))
        for stored in found:
            if stored.event.kind == "forgotten":
                erase(db, self._tree, self._captures, stored.event.id, self._index)
        if found:
            touched = dict.fromkeys(stored.event.id for stored in found)
            made = prints_by_number(stored.event for stored in found)
            with transaction(db, self._index):
                for stored in found:
                    record(db, stored)
                for id in touched:
                    told = holdings.filed_prints(db, id) | made.get(id, {})
                    refile(db, on_disk(self._tree, id, told))
                for stored in found:
                    self._end(db, stored.event)
            for id in touched:
                tidy(db, self._tree, id)
        self._settled = True

    def _end(self, db: Database, event: Event) -> None:
        """Takes an article out of the queue, when what was seen of it settles it and is kept."""
        if event.kind != "page" or State(event.state).undecided:
            return
        if event.revision and event.revision not in holdings.filed_prints(db, event.id):
            return  # its text never came: the article is still to be fetched
        self._queue.end(event.id, event.verdict or event.state)

    def append(self, event: Event, capture: Capture | None) -> None:
        """An event that makes no revision."""
        with self.changing() as db, self.committing(db, reads=False) as landing:
            self._must_have_room(_weight(capture))
            group = self._captures.prepare(event, capture, known=partial(events.known, db))
            record(db, landing.tell(group))
            if event.kind == "page":
                events.settle(db, event.id)
                self._end(db, event)

    def revise(
        self,
        article: Article,
        event: Event,
        page: Capture | Page,
        pictures: Mapping[str, Picture | KeptPicture],
        missing: Mapping[str, str],
        prints: Print,
    ) -> None:
        """A new revision, as the event tells it.

        article: with its texts as they will be stored.  page: what it was read from.
        """
        with self.changing() as db, self.committing(db, reads=False) as landing:
            before = holdings.kept(db, article.id)
            if before:
                landing.finish()  # its text may be that of the last change
            text = article.markdown
            if event.of and self._links and self._leans(db, prints, event.of):
                original = holdings.kept(db, event.of)
                assert original is not None
                article, pictures, missing = linking(article, original), {}, {}
            files, sizes, contents = pictured(self._tree, pictures)
            aside = event.verdict in ("suspect", "older")
            moved = set_by(self._tree, before) if before and not aside else None
            if moved and moved.content:
                contents[moved.path] = moved.content
            capture = page if isinstance(page, Capture) else None
            self._must_have_room(_weight(capture) + sum(map(len, contents.values())))
            early = landing.stage(contents)
            group = self._captures.prepare(event, capture, known=partial(events.known, db))
            document = Document(
                article=article,
                revision=event.revision,
                captured=page.at.replace(microsecond=0),
                pictures=files,
                missing={line(url): line(reason) for url, reason in missing.items()},
                capture=page.record if isinstance(page, Page) else group.record,
                rule=event.rule,
                charset=event.charset,
                version=self._software,
                copy_of=event.of,
                suspect=event.verdict == "suspect",
                older=event.verdict == "older",
            )
            rows = Rows(before=before, moved=moved, prints=prints, sizes=sizes, text=text)
            self._file(db, landing, group, early, document, rows)

    def _leans(self, db: Database, prints: Print, original: str) -> bool:
        return leans(prints, pictured=holdings.pictured(db, original, prints.text))

    def accept(self, id: str, number: int, path: str, sha256: str) -> int:
        """Makes a suspect text the current one, as a revision of its own; gives its number.

        The suspect text stays as it was kept.  path, sha256: of its file.
        """
        with self.changing() as db, self.committing(db) as landing:
            document = parsed(self._written(path, sha256), path)
            prints = holdings.filed_prints(db, id)[number]
            event = Event(
                id=id,
                at=self._clock(),
                kind="accepted",
                rule=f"text {number}",
                revision=holdings.next_number(db, id),
                prints=asdict(prints),
            )
            document = replace(document, revision=event.revision, suspect=False)
            before = holdings.kept(db, id)
            moved = set_by(self._tree, before) if before else None
            rows = Rows(
                before=before,
                moved=moved,
                prints=prints,
                sizes=sizes_of(self._tree, document),
                text=document.article.markdown,
            )
            early = landing.stage({moved.path: moved.content} if moved and moved.content else {})
            group = self._captures.prepare(event, None)
            self._file(db, landing, group, early, document, rows)
            return event.revision

    def _written(self, path: str, sha256: str) -> bytes:
        """The bytes of a file, as they were written.  Raises DamagedArchive."""
        try:
            content = self._tree.read(path)
        except OSError as error:
            what = f"{path} cannot be read: {error.strerror}"
            raise DamagedArchive(what, hint="run `qqnews repair`") from error
        if digest(content) != sha256:
            raise DamagedArchive(f"{path} is not what was written", hint="run `qqnews repair`")
        return content

    def _file(
        self,
        db: Database,
        landing: Landing,
        group: Prepared,
        early: Staged,
        document: Document,
        rows: Rows,
    ) -> None:
        """A revision onto the disk and into the index, with the event that tells of it.

        early: the files that have to be there before it.
        """
        id, event = document.article.id, group.event
        path = (revision_path if document.aside else _current)(id, document.revision)
        content = self.rendered(document, path)
        made = Filed(
            document=document,
            path=path,
            sha256=digest(content),
            size=len(content),
            prints=rows.prints,
            sizes=rows.sizes,
        )
        record(db, landing.tell(group, early, landing.stage({path: content})))
        if rows.moved:
            articles.move(db, id, rows.moved)
        if document.aside:
            events.settle(db, id)
        else:
            first = rows.before.first_captured if rows.before else events.stamp(event.at)
            found = findable(document.article.title, rows.text)
            articles.put_article(db, made, found, first_captured=first)
        articles.put_revision(db, made)
        self._end(db, event)

    def rendered(self, document: Document, path: str) -> bytes:
        """A document as its file at a path holds it."""
        return documents.write(document, self._profile, root=root_from(path)).encode()


def record(db: Database, stored: Stored) -> None:
    """A capture in the index, and how far its file is known."""
    events.put_capture(db, stored)
    events.put_file(db, stored.path, stored.end)


def _current(id: str, _number: int) -> str:
    return article_path(id)


def _weight(capture: Capture | None) -> int:
    """Bytes that a capture takes at most."""
    return len(capture.body) if capture else 0
