"""Keeping articles: the one that writes.

    Archive    judge, keep, note; the queue, the runs, the suspect texts
    Saved      what keeping an article came to

What is decided here is done by `archive.writer`, in an order that survives a crash: when a method returns, what it did
is durable.  `open` finishes what a crash cut short.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final

from archive import __version__
from archive import document as documents
from archive.amending import Amending
from archive.article import Article
from archive.capture import Capture, Picture
from archive.captures import Captures
from archive.dedupe import Copy, Print, Same, Verdict, print_of
from archive.document import MAINROAD, Document, Profile
from archive.errors import ArchiveError, ForeignArchive, NoArchive
from archive.files import INDEX, Lock, Tree, finish_exchange, folder_there, there
from archive.filing import make_index
from archive.forgetting import Forgotten
from archive.index import events, holdings, rechecks
from archive.index.connection import Database, checkpoint, open_writer, translated
from archive.index.holdings import Kept, KeptPicture
from archive.index.hosts import Hosts
from archive.index.migrations import migrate
from archive.index.queue import Leased, Queue, Wanted
from archive.index.runs import Runs
from archive.judging import Saved, judged, saved, word
from archive.pages import Pages
from archive.rereading import Rereading
from archive.state import State
from archive.suspects import Suspects
from archive.warc import Event
from archive.writer import Writer

__all__ = ["TRIES", "Archive", "Kept", "KeptPicture", "Leased", "Saved", "Wanted"]


SOFTWARE: Final = f"qqnews/{__version__}"
"""What the files of today are signed with."""

TRIES: Final = 5
"""How often a missing picture is asked for before no run asks again."""


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """An archive, open for writing.  Whatever a method does is durable when it returns; it raises ArchiveError."""

    def __init__(
        self,
        root: Path,
        *,
        captures: bool,
        duplicates: str,
        profile: Profile,
        floor: int | None,
        clock: Callable[[], datetime],
    ) -> None:
        """See `open`, which makes one."""
        self.root = root
        self.tree = Tree(root)
        self._links = duplicates == "link"
        self.queue = Queue(self._database, clock)
        self.runs = Runs(self._database, clock, SOFTWARE)
        self.hosts = Hosts(self._database, clock)
        self._captures = Captures(self.tree, bodies=captures, software=SOFTWARE)
        self._writer = Writer(
            self.tree,
            self._captures,
            self.queue,
            self._database,
            links=self._links,
            profile=profile,
            floor=floor,
            clock=clock,
            software=SOFTWARE,
        )
        self._amending = Amending(self._writer, self.tree, self._captures, clock)
        self.rereading = Rereading(self._writer, self.tree, self._captures, self._database, clock)
        self.suspects = Suspects(self._writer, self._database, clock, root / INDEX)
        self._clock = clock
        self._lock = Lock(root)
        self._db: Database | None = None

    @classmethod
    def create(cls, root: Path) -> None:
        """Makes an empty archive, or finds one there already.  Raises ForeignArchive, StorageError."""
        tree = Tree(root)
        if there(root / INDEX):
            with cls.open(root):
                return
        if folder_there(root) and any(not name.name.startswith(".") for name in root.iterdir()):
            known = {path.name for path in root.iterdir()} & {"captures", "articles", "images"}
            if not known:
                raise ForeignArchive(
                    f"{root} is not empty and not an archive", hint="name another folder"
                )
        tree.create()
        with Lock(root) as lock:
            lock.acquire(wait=None)
            tree.sweep()
            make_index(root)

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        wait: float = 0.0,
        captures: bool = True,
        duplicates: str = "link",
        profile: Profile = MAINROAD,
        floor: int | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> "Archive":
        """An archive, open for writing; what a crash left undone is finished.  Leave it with `with` or `close`.

        wait: seconds to wait for another writer.  captures: whether pages are kept, or only what they meant.
        duplicates: whether a copy's file links to the original's (`link`) or holds the text again (`keep`).
        floor: bytes that must be free; by default what `archive.writer` asks for.
        Raises NoArchive, ForeignArchive, ArchiveInUse, DamagedArchive, StorageError.
        """
        archive = cls(
            root,
            captures=captures,
            duplicates=duplicates,
            profile=profile,
            floor=floor,
            clock=clock,
        )
        try:
            archive._start(wait)
        except BaseException:
            archive.close()
            raise
        return archive

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, wait: float) -> None:
        if not folder_there(self.root):
            raise NoArchive(f"there is no archive at {self.root}", hint="run `qqnews init` there")
        self._lock.acquire(wait=wait)
        finish_exchange(self.root)
        self._db = open_writer(self.root)
        migrate(self._db, self.root / INDEX)
        self.tree.sweep()
        self._writer.settle()
        self.queue.recover()

    def close(self) -> None:
        """Gives the archive back."""
        self._captures.close()
        self.tree.close()
        if self._db is not None:
            try:
                with translated(self.root / INDEX):
                    self.queue.recover()
                    checkpoint(self._db)
            except ArchiveError:
                pass  # nothing is lost: the next opening does it
            finally:
                self._db.close()
                self._db = None
        self._lock.release()

    def _database(self) -> Database:
        assert self._db is not None, "the archive is closed"
        return self._db

    @property
    def database(self) -> Database:
        """The open index, for rooms that ask it more than this one does."""
        return self._database()

    @contextmanager
    def _asking(self) -> Iterator[Database]:
        """Around what is asked of the index; its errors are ours."""
        with translated(self.root / INDEX):
            yield self._database()

    # -- asking before keeping

    def id_of(self, address: str) -> str | None:
        """The article that an address is known to lead to."""
        with self._asking() as db:
            return events.id_of(db, address)

    def kept(self, id: str) -> Kept | None:
        """What is kept under an id; None when nothing is."""
        with self._asking() as db:
            return holdings.kept(db, id)

    def forgotten(self, id: str) -> bool:
        """Whether an article was taken out on purpose, and has not come back since."""
        with self._asking() as db:
            return holdings.kept(db, id) is None and events.forgotten(db, id)

    def pages(self, id: str) -> Pages:
        """The pages kept of an article."""
        return Pages(self.database, self.tree, id)

    def pictures(self, addresses: Iterable[str]) -> dict[str, KeptPicture]:
        """Address → the picture that it gave before, for those of which one is kept."""
        with self._asking() as db:
            return holdings.pictures(db, addresses)

    def due_again(
        self, after: Sequence[float], *, fresh: float, limit: int
    ) -> list[tuple[str, str]]:
        """Id and address of kept articles that it is time to ask for again, the newest first, at most `limit`.

        after: seconds from when an article was first kept, or was seen withdrawn, to each look.
        fresh: seconds after any look, in which there is no other.
        """
        with self._asking() as db:
            now = self._clock()
            return rechecks.due(db, after, fresh=fresh, now=now, limit=limit)

    def judge(
        self, article: Article, *, at: datetime | None = None, prints: Print | None = None
    ) -> Verdict:
        """What an article would be to the archive; changes nothing.

        at: `Capture.brought_at`.  prints: as for `keep`.
        """
        with self._asking() as db:
            return judged(db, prints or print_of(article), article.id, at=at)

    def spares(self, verdict: Verdict) -> bool:
        """Whether an article is kept without pictures of its own: it is known, or its file only links to another."""
        linking = isinstance(verdict, Copy) and self._links and not verdict.whole
        return isinstance(verdict, Same) or linking

    # -- keeping

    def together(self) -> AbstractContextManager[None]:
        """A block of keepings that become durable together, when it ends, and at the price of one.

        When anything in it fails, the index knows of none of them; what had reached the disk is found again by the next
        change.
        """
        return self._writer.together()

    def keep(
        self,
        article: Article,
        *,
        capture: Capture,
        rule: str = "",
        charset: str = "",
        addresses: Iterable[str] = (),
        pictures: Mapping[str, Picture | KeptPicture] | None = None,
        missing: Mapping[str, str] | None = None,
        prints: Print | None = None,
        sparing: bool = False,
        validated: bool = True,
    ) -> Saved:
        """Keeps an article as the verdict asks, and ends its item in the queue.

        addresses: others by which it was asked for.  pictures: address → bytes, or what `pictures` gave.
        missing: address → why that picture is not there; it is tried again later.
        prints: what it is compared by, of an article that was judged before.
        sparing: whether of a page that says nothing new only what it meant is kept.
        validated: whether the validators of its page speak for all of it, and may be asked with.
        """
        article = documents.settled(Document(article=article, captured=capture.at)).article
        prints = prints or print_of(article)
        with self._writer.changing() as db:
            verdict = judged(db, prints, article.id, at=capture.brought_at)
        event = replace(
            _answered(article.id, capture),
            state=State.OK,
            rule=rule,
            layout=article.layout,
            charset=charset,
            addresses=_others(article, capture, addresses),
            etag=(validated and capture.header("etag")) or "",
            last_modified=(validated and capture.header("last-modified")) or "",
            verdict=word(verdict),
        )
        if isinstance(verdict, Same):
            with self.storing_pages(self._captures.bodies and not sparing):
                self._writer.append(event, capture)
        else:
            event = replace(
                event,
                revision=holdings.next_number(self.database, article.id),
                of=verdict.of if isinstance(verdict, Copy) else "",
                prints=asdict(prints),
            )
            self._writer.revise(article, event, capture, pictures or {}, missing or {}, prints)
        return saved(self.database, verdict, article, number=event.revision or None)

    def wanting(
        self, limit: int = 10_000, *, of: str = "", tries: int = TRIES
    ) -> list[tuple[str, str, int]]:
        """Pictures missing from current texts, tried fewer than `tries` times: (article, address, times tried).

        of: the article; all of them when empty.
        """
        with self._asking() as db:
            return holdings.wanting(db, limit, of=of, tries=tries)

    def add_pictures(
        self,
        id: str,
        *,
        pictures: Mapping[str, Picture | KeptPicture] | None = None,
        missing: Mapping[str, str] | None = None,
    ) -> int:
        """Gives an article pictures that were missing, without a new revision; gives how many came.

        missing: those tried once more in vain, and why.
        """
        kept = self.kept(id)
        if kept is None:
            raise ArchiveError(f"there is no article {id}")
        return self._amending.illustrate(kept, pictures or {}, missing or {})

    def note(
        self,
        *,
        id: str,
        address: str,
        state: State,
        rule: str,
        capture: Capture | None = None,
        charset: str = "",
        layout: str = "",
        evidence: str = "",
        addresses: Iterable[str] = (),
        verdict: str = "",
    ) -> None:
        """Records what a page was that is no article; a good copy is never touched.

        Ends its item in the queue, unless the state says that the page has yet to be seen.
        verdict: what the page meant once, of an article whose text is lost.
        """
        event = replace(
            _answered(id, capture) if capture else Event(id=id, at=self._clock(), url=address),
            state=state,
            rule=rule,
            charset=charset,
            layout=layout,
            evidence=evidence,
            addresses=tuple(dict.fromkeys((address, *addresses))),
            verdict=verdict,
        )
        self._writer.append(event, capture)

    def seen(self, id: str, *, capture: Capture) -> None:
        """Records that the site said an article is unchanged (304)."""
        event = replace(
            _answered(id, capture),
            state=State.OK,
            rule="not modified",
            verdict="same",
            etag=capture.header("etag") or "",
            last_modified=capture.header("last-modified") or "",
        )
        self._writer.append(event, capture)

    def remember(self, id: str, addresses: Iterable[str]) -> None:
        """Remembers that these addresses lead to an article; nothing happens when they are known."""
        with self._asking() as db:
            new = events.unknown(db, addresses)
        if new:
            event = Event(id=id, at=self._clock(), kind="known", addresses=tuple(new))
            self._writer.append(event, None)

    @contextmanager
    def storing_pages(self, pages: bool) -> Iterator[None]:
        """A block in which pages are kept, or only what they meant."""
        before, self._captures.bodies = self._captures.bodies, pages
        try:
            yield
        finally:
            self._captures.bodies = before

    def forget(self, id: str, *, known: bool = True) -> Forgotten:
        """Takes everything of an article out, for good; a tombstone says when.

        known: whether it is an error when there is nothing of it.  Raises ArchiveError, StorageError.
        """
        with self._asking() as db:
            here = self.kept(id) is not None or events.mentioned(db, id)
        if known and not here:
            raise ArchiveError(f"there is nothing of {id} here")
        return self._amending.forget(id)

    def miss(self, id: str, path: str, reason: str) -> None:
        """Records that a picture file is lost; the picture is then among those `wanting`."""
        self._amending.miss(id, path, reason)


def _answered(id: str, capture: Capture) -> Event:
    """A page came; what it turned out to be is yet to be said."""
    return Event(id=id, at=capture.at, url=capture.url, asked=capture.asked, origin=capture.origin)


def _others(article: Article, capture: Capture, addresses: Iterable[str]) -> tuple[str, ...]:
    """Every address of an article, each once."""
    known = (article.url, *article.addresses, capture.url, capture.asked, *addresses)
    return tuple(dict.fromkeys(address for address in known if address))
