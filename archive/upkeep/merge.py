"""Bringing two archives together.

    merge    an archive that holds what one would hold that had seen everything both saw

Nothing is spliced: what happened to both is told again in order of time, to a new archive beside this one, and judged
as it would have been.  So a text that the other archive saw in between becomes a revision in between, and an article
that it had first becomes the original of ours.  A text of which no capture tells any more is told by its file.  The new
archive then takes the place of this one, whose files go to `lost+found/`; the other is only read.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from heapq import merge as in_order
from pathlib import Path

from archive.archive import Archive, KeptPicture
from archive.capture import Capture
from archive.document import MAINROAD, Document, Profile
from archive.errors import ArchiveError, StorageError
from archive.files import MERGED, Lock, Tree, exchange, real
from archive.index import carried, holdings, lookup
from archive.index.articles import Filed
from archive.index.connection import open_reader, transaction
from archive.index.events import stamp
from archive.state import State
from archive.stored import Stored
from archive.upkeep.history import History, Mark, Untold, mark
from archive.warc import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What the archive holds now, and how much of it is new: articles, and captures of pages.

    forgotten: articles that it had and that the other forgot.
    """

    articles: int
    captures: int
    new_articles: int
    new_captures: int
    forgotten: int


def merge(
    root: Path,
    other: Path,
    *,
    wait: float = 0.0,
    duplicates: str = "link",
    profile: Profile = MAINROAD,
    progress: Callable[[int], None] = lambda _captures: None,
) -> Merged:
    """Brings the archive at `other` into the one at `root`.

    duplicates, profile: how files are written here, as for `Archive.open`.
    progress: told now and then how many captures are in.
    Raises NoArchive, ForeignArchive, ArchiveInUse, DamagedArchive, StorageError.
    """
    if real(root) == real(other):
        raise ArchiveError(f"{other} is this archive itself", hint="name another")
    # Opened and closed, so that neither has work left that a crash cut short; what may only be read is told as it is.
    if os.access(other, os.W_OK):
        Archive.open(other, wait=wait, floor=0).close()
    with Archive.open(root, wait=wait, floor=0) as mine:
        _must_have_room(mine.tree, Tree(other))
    with Lock(root) as lock, Lock(other) as theirs:
        lock.acquire(wait=wait)
        theirs.share()
        work = root / MERGED
        Tree(root).discard(MERGED)
        sources = [History(root), History(other)]
        _replay(work, sources, duplicates, profile, progress)
        result = _counted(work, root)
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


def _counted(work: Path, root: Path) -> Merged:
    with closing(open_reader(root)) as db:
        before = lookup.held(db)
    with closing(open_reader(work)) as db:
        after = lookup.held(db)
    return Merged(
        articles=len(after.articles),
        captures=len(after.pages),
        new_articles=len(after.articles - before.articles),
        new_captures=len(after.pages - before.pages),
        forgotten=len(before.articles - after.articles),
    )


def _replay(
    work: Path,
    sources: list[History],
    duplicates: str,
    profile: Profile,
    progress: Callable[[int], None],
) -> None:
    """Tells a new archive what happened to the others."""
    Archive.create(work)
    clock = _Clock()
    done: set[Mark] = set()
    with Archive.open(
        work, floor=0, duplicates=duplicates, profile=profile, clock=clock
    ) as archive:
        for source, one in _in_time(sources):
            clock.at = source.when(one)
            if isinstance(one, Untold):
                _adopt(archive, source, one)
                continue
            told = mark(one)
            if told in done or (told not in source.whole and _is_whole(told, sources)):
                continue
            done.add(told)
            _tell(archive, source, one, _paged(sources, source, one))
            if len(done) % 100 == 0:
                progress(len(done))
        _illustrate(archive, sources)
        _carry(archive, sources)


class _Clock:
    """The time of what is being told."""

    at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


def _in_time(sources: list[History]) -> Iterator[tuple[History, Stored | Untold]]:
    streams = [
        [(source, one) for one in told]
        for source in sources
        for told in (source.stored, source.untold)
    ]
    return in_order(*streams, key=lambda pair: pair[0].when(pair[1]))


def _is_whole(told: Mark, sources: list[History]) -> bool:
    """Whether one of the archives has not lost the text of a capture."""
    return any(told in source.whole for source in sources)


def _paged(sources: list[History], source: History, one: Stored) -> tuple[History, Stored]:
    """Where the page of a capture stands, should one of the archives have lost it."""
    having = (its for its in (source, *sources) if one.record in its.pages)
    its = next(having, source)
    return its, its.pages.get(one.record, one)


def _tell(archive: Archive, source: History, stored: Stored, paged: tuple[History, Stored]) -> None:
    """Tells of one capture.  paged: where its page stands."""
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
        its, page = paged
        capture = its.capture(page)
        with archive.storing_pages(page.record in its.pages):
            read = event.state == State.OK
            if read and capture.status == 304:
                archive.seen(event.id, capture=capture)
            elif read and (text := source.text(stored)):
                _keep(archive, source, stored, capture, text)
            else:
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
                    verdict=event.verdict,  # of a page whose text is lost: it can be read again
                )


def _adopt(archive: Archive, source: History, untold: Untold) -> None:
    """A text whose page is lost, as its file tells it."""
    text = source.untold_text(untold)
    pictures = _pictures(archive, source, text.document)
    archive.rereading.adopt(text.document, pictures=pictures, prints=text.prints)


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


def _reread(archive: Archive, source: History, event: Event, text: Filed | None) -> None:
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
        capture=holdings.page_of(
            archive.database, event.id, captured=stamp(document.captured), capture=document.capture
        ),
        rule=event.rule,
        charset=event.charset,
        pictures=_pictures(archive, source, document),
        missing=document.missing,
        prints=text.prints,
    )


def _keep(archive: Archive, source: History, stored: Stored, capture: Capture, text: Filed) -> None:
    document = text.document
    verdict = archive.judge(document.article, prints=text.prints)
    archive.keep(
        document.article,
        capture=capture,
        rule=stored.event.rule,
        charset=stored.event.charset,
        addresses=stored.event.addresses,
        pictures={} if archive.spares(verdict) else _pictures(archive, source, document),
        missing=document.missing,
        prints=text.prints,
        validated=bool(stored.event.etag or stored.event.last_modified),
    )


def _pictures(archive: Archive, source: History, document: Document) -> dict[str, KeptPicture]:
    """The pictures of a text, brought over; those whose files are lost are left out."""
    return {
        url: KeptPicture(sha256=file.sha256, **asdict(file))
        for url, file in document.pictures.items()
        if _brought(archive, source, file.path)
    }


def _brought(archive: Archive, source: History, path: str) -> bool:
    """Whether a picture stands in the new archive now; not when its file is lost."""
    if source.tree.size(path) is None:
        return False
    if archive.tree.size(path) is None:
        source.tree.link_or_copy(path, archive.root / path)
    return True


def _illustrate(archive: Archive, sources: list[History]) -> None:
    """Pictures that came late: a text that lacks one may have it in the other archive, or since it was accepted."""
    for source in sources:
        lacking = holdings.lacking(archive.database)
        with closing(open_reader(source.root)) as db:
            found = [(id, holdings.picture_of(db, id, url)) for id, url in lacking]
        for id, pictures in found:
            here = {
                url: one for url, one in pictures.items() if _brought(archive, source, one.path)
            }
            if here:
                archive.add_pictures(id, pictures=here)


def _carry(archive: Archive, sources: list[History]) -> None:
    """The queues and the runs of both."""
    first, second = (source.rows for source in sources)
    with transaction(archive.database):
        carried.put(archive.database, carried.joined(first, second))
