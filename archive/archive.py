"""Keeping articles: the one that writes.

    Archive    judge, keep, note; the queue and the runs
    Saved      what keeping an article came to

The order of every change is the same, and what is promised rests on it: pictures, then the capture with its event,
then the Markdown, each on the disk before the next is begun; then one transaction.  Only then does a method return.
An event in a capture file that the index does not know is work that a crash cut short: `open` finishes it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

from archive import document as documents
from archive.article import Article
from archive.capture import Capture, Picture
from archive.captures import Captures, Stored
from archive.dedupe import Copy, New, Print, Revised, Same, Verdict, judge, print_of
from archive.document import MAINROAD, Document, PictureFile, Profile
from archive.errors import ArchiveError, ForeignArchive, NoArchive, StorageError
from archive.files import (
    INDEX,
    Lock,
    Tree,
    article_path,
    digest,
    finish_exchange,
    image_path,
    revision_path,
    root_from,
    storing,
)
from archive.filing import filed_of, lender_of, make_index, parsed, print_in, refile, shared
from archive.forgetting import Forgotten, erase
from archive.index import articles, events
from archive.index.articles import Filed, Kept, KeptPicture
from archive.index.connection import Database, checkpoint, open_writer, transaction, translated
from archive.index.queue import Leased, Queue, Wanted
from archive.index.runs import Runs
from archive.index.schema import migrate
from archive.state import State
from archive.warc import Event, Known, payload_digest

__all__ = ["Archive", "Kept", "KeptPicture", "Leased", "Saved", "Wanted"]

FLOOR = 200 << 20
"""With less room than this many bytes nothing is begun: stopping early is kinder than a full disk."""

_UNDECIDED = (State.BLOCKED, State.CAPTCHA, State.ERROR)
"""States that end nothing: the page has yet to be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What keeping an article came to.

    path: of its file, from the archive's root.  images, missing: how many pictures the text has here, and lacks.
    """

    verdict: Verdict
    id: str
    title: str
    path: str
    images: int
    missing: int


def _now() -> datetime:
    return datetime.now(UTC)


def _software() -> str:
    try:
        return f"qqnews/{version('qqnews')}"
    except PackageNotFoundError:  # run from a checkout
        return "qqnews"


class Archive:
    """An archive, open for writing.  Whatever a method does is durable when it returns; it raises ArchiveError."""

    def __init__(
        self,
        root: Path,
        *,
        captures: bool = True,
        duplicates: str = "link",
        profile: Profile = MAINROAD,
        floor: int = FLOOR,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.root = root
        self.tree = Tree(root)
        self.queue = Queue(self._database, clock)
        self.runs = Runs(self._database, clock, _software())
        self._captures = Captures(self.tree, bodies=captures, software=_software())
        self._links = duplicates == "link"
        self._profile = profile
        self._floor = floor
        self._clock = clock
        self._lock = Lock(root)
        self._db: Database | None = None
        self._settled = False

    @classmethod
    def create(cls, root: Path) -> None:
        """Makes an empty archive, or finds one there already.  Raises ForeignArchive, StorageError."""
        tree = Tree(root)
        if (root / INDEX).exists():
            with cls.open(root):
                return
        if root.is_dir() and any(not name.name.startswith(".") for name in root.iterdir()):
            known = {path.name for path in root.iterdir()} & {"captures", "articles", "images"}
            if not known:
                raise ForeignArchive(
                    f"{root} is not empty and not an archive", hint="name another folder"
                )
        tree.create()
        with Lock(root) as lock:
            lock.acquire(wait=0)
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
        floor: int = FLOOR,
        clock: Callable[[], datetime] = _now,
    ) -> "Archive":
        """An archive, open for writing; what a crash left undone is finished.  Leave it with `with` or `close`.

        wait: seconds to wait for another writer.  captures: whether pages are kept, or only what they meant.
        duplicates: whether a copy's file links to the original's (`link`) or holds the text again (`keep`).
        floor: bytes that must be free.
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
        if not self.root.is_dir():
            raise NoArchive(f"there is no archive at {self.root}", hint="run `qqnews init` there")
        self._lock.acquire(wait=wait)
        finish_exchange(self.root)
        self._db = open_writer(self.root)
        migrate(self._db, self.root / INDEX)
        self.tree.sweep()
        self._settle()
        self.queue.recover()

    def close(self) -> None:
        """Gives the archive back."""
        self._captures.close()
        if self._db is not None:
            try:
                with translated(self.root / INDEX):
                    checkpoint(self._db)
            except ArchiveError:
                pass  # nothing is lost: the log stays and is read at the next opening
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
    def _changing(self) -> Iterator[Database]:
        """Around every change: room on the disk first; and after a failure, the next change settles the last one."""
        if not self._settled:
            self._settle()
        with storing(self.root):
            free = self.tree.free()
        if free < self._floor:
            raise StorageError(
                f"only {free >> 20} MiB are free at {self.root}, and {self._floor >> 20} must stay",
                hint="make room, then run again",
            )
        self._settled = False
        with translated(self.root / INDEX):
            yield self._database()
        self._settled = True

    def _settle(self) -> None:
        """Finishes what the capture files tell and the index does not know."""
        db = self._database()
        found = self._captures.unindexed(events.files(db))
        for stored in found:
            if stored.event.kind == "forgotten":
                erase(db, self.tree, self._captures, stored.event.id, self.root / INDEX)
        if found:
            touched = dict.fromkeys(stored.event.id for stored in found)
            with transaction(db, self.root / INDEX):
                for stored in found:
                    self._record(db, stored)
                for id in touched:
                    told = articles.filed_prints(db, id)
                    for stored in found:
                        made = print_in(stored.event)
                        if stored.event.id == id and made and stored.event.revision:
                            told[stored.event.revision] = made
                    refile(db, self.tree, id, told)
            for id in touched:
                self._tidy(db, id)
        self._settled = True

    def _tidy(self, db: Database, id: str) -> None:
        """A text that was set by for a newer one which never came stands in its place still: one is enough."""
        kept = articles.kept(db, id)
        if kept is None or kept.path != article_path(id):
            return
        path = revision_path(id, kept.revision)
        if self.tree.size(path) is not None and self.tree.read(path) == _deeper(
            self.tree.read(kept.path)
        ):
            self.tree.remove([path])

    def _record(self, db: Database, stored: Stored) -> None:
        events.put_capture(db, stored)
        events.put_file(db, stored.path, stored.end)

    # -- asking before keeping

    def id_of(self, address: str) -> str | None:
        """The article that an address is known to lead to."""
        with translated(self.root / INDEX):
            return events.id_of(self._database(), address)

    def kept(self, id: str) -> Kept | None:
        """What is kept under an id; None when nothing is."""
        with translated(self.root / INDEX):
            return articles.kept(self._database(), id)

    def picture(self, url: str) -> KeptPicture | None:
        """The picture that this address gave before; None when none is kept."""
        with translated(self.root / INDEX):
            return articles.picture(self._database(), url)

    def judge(self, article: Article, *, prints: Print | None = None) -> Verdict:
        """What an article would be to the archive; changes nothing.  prints: as for `keep`."""
        with translated(self.root / INDEX):
            return self._judge(prints or print_of(article), article.id)

    def _judge(self, found: Print, id: str) -> Verdict:
        db = self._database()
        kept, suspect = articles.prints(db, id)
        twin = None if kept else articles.twin(db, found.twin, other_than=id)
        return judge(found, kept=kept, suspect=suspect, twin=twin)

    # -- keeping

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
    ) -> Saved:
        """Keeps an article as the verdict asks, and ends its item in the queue.

        addresses: others by which it was asked for.  pictures: address → bytes, or what `picture` gave.
        missing: address → why that picture is not there; it is tried again later.
        prints: what it is compared by, for a page that was judged before and is told again.
        """
        article = documents.settled(Document(article=article, captured=capture.at)).article
        with self._changing() as db:
            prints = prints or print_of(article)
            verdict = self._judge(prints, article.id)
            event = Event(
                id=article.id,
                at=capture.at,
                url=capture.url,
                asked=capture.asked,
                origin=capture.origin,
                state=State.OK,
                rule=rule,
                layout=article.layout,
                charset=charset,
                addresses=_others(article, capture, addresses),
                etag=capture.header("etag") or "",
                last_modified=capture.header("last-modified") or "",
            )
            if isinstance(verdict, Same):
                self._append(db, replace(event, verdict="same"), capture)
                return self._saved(verdict, article)
            event = replace(
                event,
                verdict=_word(verdict),
                revision=articles.next_number(db, article.id),
                of=verdict.of if isinstance(verdict, Copy) else "",
                prints={
                    "title": prints.title,
                    "text": prints.text,
                    "pictures": prints.pictures,
                    "length": prints.length,
                },
            )
            self._revise(db, article, event, capture, pictures or {}, missing or {}, prints)
            return self._saved(verdict, article)

    def _saved(self, verdict: Verdict, article: Article) -> Saved:
        db = self._database()
        kept = articles.kept(db, article.id)
        assert kept is not None
        images, lacking = articles.picture_counts(db, article.id)
        return Saved(
            verdict=verdict,
            id=article.id,
            title=article.title,
            path=kept.path,
            images=images,
            missing=lacking,
        )

    def _append(self, db: Database, event: Event, capture: Capture | None) -> None:
        """An event that makes no revision."""
        stored = self._captures.append(event, capture, known=self._known(db, capture))
        with transaction(db, self.root / INDEX):
            self._record(db, stored)
            events.settle(db, event.id)
            if event.state and event.state not in _UNDECIDED:
                self.queue.end(event.id, event.verdict or event.state)

    def _known(self, db: Database, capture: Capture | None) -> Known | None:
        return events.known(db, payload_digest(capture.body)) if capture and capture.body else None

    def _revise(
        self,
        db: Database,
        article: Article,
        event: Event,
        capture: Capture,
        pictures: Mapping[str, Picture | KeptPicture],
        missing: Mapping[str, str],
        prints: Print,
    ) -> None:
        """A new revision: on the disk, then in the index."""
        text = article.markdown
        suspect = event.verdict == "suspect"
        if event.of and self._links:
            article, pictures, missing = self._linking(db, article, event.of), {}, {}
        files, sizes = self._put_pictures(pictures)
        stored = self._captures.append(event, capture, known=self._known(db, capture))
        document = documents.settled(
            Document(
                article=article,
                revision=event.revision,
                captured=event.at,
                pictures=files,
                missing=missing,
                capture=stored.record,
                rule=event.rule,
                charset=event.charset,
                version=_software(),
                copy_of=event.of,
                suspect=suspect,
            )
        )
        before = articles.kept(db, article.id)
        moved = self._set_by(before) if before and not suspect else None
        path = revision_path(article.id, event.revision) if suspect else article_path(article.id)
        made = self._write(document, path, prints, sizes)
        with transaction(db, self.root / INDEX):
            self._record(db, stored)
            if moved:
                number, path, sha256, size = moved
                articles.move(db, article.id, number, path=path, sha256=sha256, size=size)
            if suspect:
                events.settle(db, article.id)
            else:
                captured = events.stamp(event.at)
                first = articles.first_captured(db, article.id) if before else captured
                articles.put_article(db, made, first_captured=first, text=text)
            articles.put_revision(db, made)
            self.queue.end(article.id, event.verdict)

    def _write(self, document: Document, path: str, prints: Print, sizes: dict[str, int]) -> Filed:
        content = documents.write(document, self._profile, root=root_from(path)).encode()
        self.tree.write(path, content)
        return Filed(
            document=document,
            path=path,
            sha256=digest(content),
            size=len(content),
            prints=prints,
            sizes=sizes,
        )

    def _set_by(self, kept: Kept) -> tuple[int, str, str, int] | None:
        """Puts the current text beside the earlier ones, before a newer one takes its place."""
        path = revision_path(kept.id, kept.revision)
        try:
            content = self.tree.read(kept.path)
        except OSError:  # somebody deleted it: `verify` will say that this revision is lost
            return None
        content = _deeper(content)
        self.tree.write(path, content)
        return kept.revision, path, digest(content), len(content)

    def _linking(self, db: Database, article: Article, original: str) -> Article:
        """A copy as it is filed: its own facts, and a link in place of the text that is kept already."""
        kept = articles.kept(db, original)
        assert kept is not None
        target = root_from(article_path(article.id)) + kept.path
        title = kept.title.replace("\\", "").replace("[", "").replace("]", "") or original
        return replace(
            article,
            summary=documents.summary(article),
            markdown=f"[{title}]({target})",
            images=(),
            videos=(),
        )

    def _put_pictures(
        self, pictures: Mapping[str, Picture | KeptPicture]
    ) -> tuple[dict[str, PictureFile], dict[str, int]]:
        """The pictures on the disk; what the document says of them, and path → bytes."""
        files: dict[str, PictureFile] = {}
        sizes: dict[str, int] = {}
        contents: dict[str, bytes] = {}
        for url, picture in pictures.items():
            if isinstance(picture, Picture):
                path = image_path(digest(picture.content), picture.extension)
                sizes[path] = len(picture.content)
                if self.tree.size(path) != len(picture.content):
                    contents[path] = picture.content
            else:
                path = picture.path
                sizes[path] = self.tree.size(path) or 0
            files[url] = PictureFile(
                path=path, width=picture.width, height=picture.height, frames=picture.frames
            )
        self.tree.write_all(contents)
        return files, sizes

    def wanting(self, limit: int, *, tries: int = 5) -> list[tuple[str, str, int]]:
        """Pictures missing from current texts, tried fewer than `tries` times: (article, address, times tried)."""
        with translated(self.root / INDEX):
            return articles.wanting(self._database(), limit, tries=tries)

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
        with self._changing() as db:
            kept = articles.kept(db, id)
            if kept is None:
                raise ArchiveError(f"there is no article {id}")
            now = self._clock()
            files, _ = self._put_pictures(pictures or {})
            if files:
                self._illustrate(db, kept, files, missing or {})
            with transaction(db, self.root / INDEX):
                for url in missing or {}:
                    articles.tried(db, id, url, events.stamp(now))
            return len(files)

    def _illustrate(
        self,
        db: Database,
        kept: Kept,
        files: dict[str, PictureFile],
        missing: Mapping[str, str],
    ) -> None:
        document = parsed(self.tree.read(kept.path), kept.path)
        document = replace(
            document,
            pictures={**document.pictures, **files},
            missing={
                url: reason
                for url, reason in {**document.missing, **missing}.items()
                if url not in files
            },
        )
        self._rewrite(db, kept.id, [(kept.path, document)])

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
    ) -> None:
        """Records what a page was that is no article; a good copy is never touched.

        Ends its item in the queue, unless the state says that the page has yet to be seen.
        """
        event = Event(
            id=id,
            at=capture.at if capture else self._clock(),
            url=capture.url if capture else address,
            asked=capture.asked if capture else "",
            origin=capture.origin if capture else "",
            state=state,
            rule=rule,
            charset=charset,
            layout=layout,
            evidence=evidence,
            addresses=tuple(dict.fromkeys((address, *addresses))),
        )
        with self._changing() as db:
            self._append(db, event, capture)

    def seen(self, id: str, *, capture: Capture) -> None:
        """Records that the site said an article is unchanged (304)."""
        event = Event(
            id=id,
            at=capture.at,
            url=capture.url,
            asked=capture.asked,
            origin=capture.origin,
            state=State.OK,
            rule="not modified",
            verdict="same",
            etag=capture.header("etag") or "",
            last_modified=capture.header("last-modified") or "",
        )
        with self._changing() as db:
            self._append(db, event, capture)

    def remember(self, id: str, addresses: Iterable[str]) -> None:
        """Remembers that these addresses lead to an article; nothing happens when they are known."""
        with self._changing() as db:
            if new := events.unknown(db, addresses):
                event = Event(id=id, at=self._clock(), kind="known", addresses=tuple(new))
                stored = self._captures.append(event, None)
                with transaction(db, self.root / INDEX):
                    self._record(db, stored)

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
        with self._changing() as db:
            if known and articles.kept(db, id) is None and not events.mentioned(db, id):
                raise ArchiveError(f"there is nothing of {id} here")
            for copy in articles.copies_of(db, id):
                self._make_whole(db, copy)
            self._captures.rotate()
            stored = self._captures.append(Event(id=id, at=self._clock(), kind="forgotten"), None)
            self._captures.rotate()
            done = erase(db, self.tree, self._captures, id, self.root / INDEX)
            with transaction(db, self.root / INDEX):
                self._record(db, stored)
            return done

    def miss(self, id: str, path: str, reason: str) -> None:
        """Records that a picture file is lost: every text of the article names its web address again.

        The picture is then among those `wanting`.
        """
        with self._changing() as db:
            changed = []
            for one in filed_of(self.tree, id, articles.filed_prints(db, id)):
                files = one.document.pictures
                lost = {url for url, file in files.items() if file.path == path}
                if lost:
                    document = replace(
                        one.document,
                        pictures={url: file for url, file in files.items() if url not in lost},
                        missing={**one.document.missing, **dict.fromkeys(lost, reason)},
                    )
                    changed.append((one.path, document))
            self._rewrite(db, id, changed)

    def _make_whole(self, db: Database, id: str) -> None:
        """Gives a copy that only links to its original the text and pictures themselves."""
        told = articles.filed_prints(db, id)
        changed = [
            (one.path, shared(one.document, lender))
            for one in filed_of(self.tree, id, told)
            if (lender := lender_of(self.tree, one))
        ]
        self._rewrite(db, id, changed)

    def _rewrite(self, db: Database, id: str, changed: list[tuple[str, Document]]) -> None:
        """Writes texts of an article anew where they stand; their revisions stay the same."""
        if not changed:
            return
        told = articles.filed_prints(db, id)
        stored = self._captures.append(Event(id=id, at=self._clock(), kind="pictures"), None)
        for path, document in changed:
            content = documents.write(document, self._profile, root=root_from(path))
            self.tree.write(path, content.encode())
        with transaction(db, self.root / INDEX):
            self._record(db, stored)
            refile(db, self.tree, id, told)


def _deeper(content: bytes) -> bytes:
    """A text as it stands one folder deeper: its pictures are one step further away."""
    return content.replace(b"](../../../images/", b"](../../../../images/")


def _word(verdict: Verdict) -> str:
    if isinstance(verdict, Revised):
        return "suspect" if verdict.suspect else "revised"
    return {New: "new", Copy: "copy", Same: "same"}[type(verdict)]


def _others(article: Article, capture: Capture, addresses: Iterable[str]) -> tuple[str, ...]:
    """Every address of an article, each once."""
    known = (article.url, *article.addresses, capture.url, capture.asked, *addresses)
    return tuple(dict.fromkeys(address for address in known if address))
