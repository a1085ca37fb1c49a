"""Bringing two archives together.

    merge    an archive that holds what one would hold that had seen everything both saw

Nothing is spliced: what happened to both is told again in order of time, to a new archive beside this one, and judged
as it would have been.  So a text that the other archive saw in between becomes a revision in between, and an article
that it had first becomes the original of ours.  The new archive then takes the place of this one, whose files go to
`lost+found/`; the other is only read.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from heapq import merge as in_order
from pathlib import Path

from archive.archive import Archive, KeptPicture
from archive.capture import Capture
from archive.captures import Captures, Stored
from archive.dedupe import Copy, Same
from archive.document import MAINROAD, Document, Profile
from archive.errors import ArchiveError, DamagedArchive, StorageError
from archive.files import MERGED, Lock, Tree, exchange
from archive.filing import filed_of, lender_of, prints_by_number, shared
from archive.index import carried, lookup
from archive.index.articles import Filed
from archive.index.connection import open_reader, transaction
from archive.state import State
from archive.warc import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What the archive holds now, and how much of it is new: articles, and captures."""

    articles: int
    captures: int
    new_articles: int
    new_captures: int


def merge(
    root: Path,
    other: Path,
    *,
    wait: float = 0.0,
    profile: Profile = MAINROAD,
    progress: Callable[[int], None] = lambda _captures: None,
) -> Merged:
    """Brings the archive at `other` into the one at `root`.

    progress: told now and then how many captures are in.
    Raises NoArchive, ForeignArchive, ArchiveInUse, DamagedArchive, StorageError.
    """
    if root.resolve() == other.resolve():
        raise ArchiveError(f"{other} is this archive itself", hint="name another")
    with Archive.open(other, wait=wait, floor=0), Archive.open(root, wait=wait, floor=0) as mine:
        # Opened and closed, so that neither has work left that a crash cut short.
        _must_have_room(mine.tree, Tree(other))
    with Lock(root) as lock, Lock(other) as theirs:
        lock.acquire(wait=wait)
        theirs.share()
        work = root / MERGED
        Tree(root).discard(MERGED)
        sources = [_Source(root), _Source(other)]
        count = _replay(work, sources, profile, progress)
        result = _counted(work, root, count)
        exchange(root, at=datetime.now(UTC))
        return result


def _must_have_room(mine: Tree, other: Tree) -> None:
    need = sum(other.size(path) or 0 for path in other.walk("images"))
    need += 2 * sum(
        tree.size(path) or 0 for tree in (mine, other) for path in tree.walk("captures")
    )
    if mine.free() < need:
        raise StorageError(
            f"merging needs about {need >> 20} MiB at {mine.root} and {mine.free() >> 20} are free",
            hint="make room, then merge again",
        )


def _counted(work: Path, root: Path, captures: int) -> Merged:
    after, before = open_reader(work), open_reader(root)
    try:
        old = lookup.totals(before)
        new = lookup.totals(after)
    finally:
        after.close()
        before.close()
    return Merged(
        articles=new[0],
        captures=captures,
        new_articles=new[0] - old[0],
        new_captures=new[1] - old[1],
    )


class _Source:
    """One of the archives: what happened to it, and what it holds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tree = Tree(root)
        self.captures = Captures(self.tree)
        self.stored = [
            entry
            for path in self.captures.files()
            for entry in self.captures.walk(path)
            if isinstance(entry, Stored)
        ]
        self.stored.sort(key=lambda one: one.event.at)
        self.places = {one.record: one for one in self.stored if one.type != "revisit"}
        self._told = prints_by_number(one.event for one in self.stored)
        self._current: dict[str, Filed] = {}
        self._read: tuple[str, dict[int, Filed]] = ("", {})

    def text(self, stored: Stored) -> Filed | None:
        """The text that a capture of this archive was read as, whole; None when its file is lost."""
        event = stored.event
        if event.verdict == "same":
            return self._current.get(event.id)
        text = self._texts(event.id).get(event.revision)
        if text is not None and not text.document.suspect:
            self._current[event.id] = text
        return text

    def _texts(self, id: str) -> dict[int, Filed]:
        if self._read[0] != id:
            found = {}
            for one in filed_of(self.tree, id, self._told.get(id, {})):
                if not one.sha256:
                    what = f"{self.root / one.path} is not what was written"
                    raise DamagedArchive(what, hint="run `qqnews repair` there, then merge again")
                lender = lender_of(self.tree, one)
                whole = shared(one.document, lender) if lender else one.document
                found[whole.revision] = replace(one, document=whole)
            self._read = (id, found)
        return self._read[1]

    def capture(self, stored: Stored) -> Capture:
        """A capture as it came, its body looked up where it is kept."""
        capture = self.captures.group(stored)
        lender = self.places.get(stored.refers)
        if stored.type == "revisit" and lender:
            body = self.captures.read(lender.path, lender.offset).body
            return replace(capture, body=body)
        return capture


def _replay(
    work: Path, sources: list[_Source], profile: Profile, progress: Callable[[int], None]
) -> int:
    """Tells a new archive what happened to the others; gives how many captures that were."""
    Archive.create(work)
    clock = _Clock()
    done: set[tuple[str, str, str]] = set()
    with Archive.open(work, floor=0, profile=profile, clock=clock) as archive:
        for source, stored in _in_time(sources):
            event = stored.event
            mark = (stored.record, event.id, event.kind)
            if mark in done:
                continue
            done.add(mark)
            clock.at = event.at
            _tell(archive, source, stored)
            if len(done) % 100 == 0:
                progress(len(done))
        _carry(archive, sources)
    return sum(kind == "page" for _, _, kind in done)


class _Clock:
    """The time of what is being told."""

    at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


def _in_time(sources: list[_Source]) -> Iterator[tuple[_Source, Stored]]:
    streams = [[(source, one) for one in source.stored] for source in sources]
    return in_order(*streams, key=lambda pair: pair[1].event.at)


def _tell(archive: Archive, source: _Source, stored: Stored) -> None:
    event = stored.event
    if event.kind == "forgotten":
        archive.forget(event.id, known=False)
    elif event.kind == "known":
        archive.remember(event.id, event.addresses)
    elif event.kind in ("accepted", "dismissed"):
        _decide(archive, event, source.text(stored))
    elif event.kind == "reread":
        _reread(archive, source, event, source.text(stored))
    elif event.kind == "page":
        capture = source.capture(stored)
        with archive.storing_pages(stored.type != "metadata"):
            if event.state != State.OK:
                archive.note(
                    id=event.id,
                    address=event.url,
                    state=State(event.state),
                    rule=event.rule,
                    capture=capture,
                    charset=event.charset,
                    layout=event.layout,
                    evidence=event.evidence,
                    addresses=event.addresses,
                )
            elif capture.status == 304:
                archive.seen(event.id, capture=capture)
            elif text := source.text(stored):
                _keep(archive, source, stored, capture, text)


def _decide(archive: Archive, event: Event, text: Filed | None) -> None:
    """A person's word on a suspect text, where the new archive took that text for suspect too.

    text: what the event made, or was said of; None when its file is lost.
    """
    number = text and text.prints and archive.suspects.like(event.id, text.prints)
    if not number:
        return
    if event.kind == "accepted":
        archive.suspects.accept(event.id, number)
    else:
        archive.suspects.dismiss(event.id, number)


def _reread(archive: Archive, source: _Source, event: Event, text: Filed | None) -> None:
    """Another reading of a page, unless the new archive knows a newer page by now.

    text: what it made; None when its file is lost.
    """
    kept = archive.kept(event.id)
    if text is None or kept is None:
        return
    document = text.document
    if datetime.fromisoformat(kept.captured) > document.captured:
        return
    archive.rereading.keep(
        document.article,
        captured=document.captured,
        capture=document.capture,
        rule=event.rule,
        charset=event.charset,
        pictures=_pictures(archive, source, document),
        missing=document.missing,
        prints=text.prints,
    )


def _keep(archive: Archive, source: _Source, stored: Stored, capture: Capture, text: Filed) -> None:
    document = text.document
    verdict = archive.judge(document.article, prints=text.prints)
    shown = not isinstance(verdict, Same | Copy) or (isinstance(verdict, Copy) and verdict.whole)
    archive.keep(
        document.article,
        capture=capture,
        rule=stored.event.rule,
        charset=stored.event.charset,
        addresses=stored.event.addresses,
        pictures=_pictures(archive, source, document) if shown else {},
        missing=document.missing,
        prints=text.prints,
    )


def _pictures(archive: Archive, source: _Source, document: Document) -> dict[str, KeptPicture]:
    """The pictures of a text, brought over; those whose files are lost are left out."""
    pictures = {}
    for url, file in document.pictures.items():
        if source.tree.size(file.path) is None:
            continue
        if archive.tree.size(file.path) is None:
            source.tree.link_or_copy(file.path, archive.root / file.path)
        pictures[url] = KeptPicture(sha256=file.sha256, **asdict(file))
    return pictures


def _carry(archive: Archive, sources: list[_Source]) -> None:
    """The queues and the runs of both."""
    first, second = (_carried(source) for source in sources)
    with transaction(archive.database):
        carried.put(archive.database, carried.joined(first, second))


def _carried(source: _Source) -> carried.Rows:
    db = open_reader(source.root)
    try:
        return carried.take(db)
    finally:
        db.close()
