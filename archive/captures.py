"""The captures of an archive: appended to WARC files, read back, walked.

    Captures    the files under `captures/`
    Prepared    one capture as it will be written, its record's id already known

A group (see `archive.warc`) is appended in one write, and on the disk when `append` or `settle` returns.  Everything
that happens to an article is appended here first, so these files are also the journal: what the index does not know yet
when an archive is opened is told by `unindexed`, and a group that a crash cut short is cut off.

What was read back is `archive.stored`'s, and what the records say `archive.warc`'s; whether the same bytes are kept
already is the index's to know.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive import warc
from archive.capture import Capture, Headers
from archive.errors import DamagedArchive
from archive.files import (
    CAPTURES,
    Tree,
    make_folder,
    storing,
    sync,
    sync_file,
    sync_folder,
    write_all,
)
from archive.stored import Damage, Stored, stored_of
from archive.warc import Event, Gap, Lookup, Record

PREFIX = "qqnews-"
"""What the name of a file begins with that is written here."""

ROTATE = 1 << 30
"""A file grows to about this many bytes, as the WARC standard advises; then the next is begun."""

_PAGED = ("response", "resource", "revisit")
"""The types of records that hold a page, or lean on one that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A group as it will be written.  content: its bytes; offset: of its record among them."""

    content: bytes
    record: str
    type: str
    offset: int
    status: int
    size: int
    digest: str
    refers: str
    event: Event


class Captures:
    """The WARC files of one archive.  bodies: whether pages are kept, or only the events."""

    def __init__(
        self, tree: Tree, *, bodies: bool = True, rotate: int = ROTATE, software: str = "qqnews"
    ) -> None:
        self._tree = tree
        self.bodies = bodies
        self._rotate = rotate
        self._software = software
        self._path = ""
        self._descriptor = -1
        self._end = self._certain = 0
        self._closed: frozenset[str] = frozenset()

    def files(self) -> dict[str, int]:
        """Path → size in bytes of every capture file, in the order in which they were begun.

        By their numbers, for the times in their names are those of a clock that may have been wrong.
        """
        paths = [path for path in self._tree.walk(CAPTURES) if path.endswith(".warc.gz")]
        return {path: self._tree.size(path) or 0 for path in sorted(paths, key=serial)}

    def prepare(
        self, event: Event, capture: Capture | None, *, known: Lookup = lambda _digest: None
    ) -> Prepared:
        """An event and its capture as they will be written.  known: asked where the same bytes stand."""
        body = capture if self.bodies else None
        if capture and not body:
            event = replace(event, status=capture.status, size=len(capture.body) or capture.unkept)
        group = warc.group(event, body, known=known)
        return Prepared(
            content=group.content,
            record=group.record,
            type=group.type,
            offset=group.offset,
            status=capture.status if capture else 0,
            size=len(capture.body) or capture.unkept if capture else 0,
            digest=group.digest,
            refers=group.refers,
            event=event,
        )

    def append(
        self, event: Event, capture: Capture | None, *, known: Lookup = lambda _digest: None
    ) -> Stored:
        """Adds an event and its capture, durable.  Raises StorageError."""
        stored = self.write(self.prepare(event, capture, known=known))
        self.settle()
        return stored

    def write(self, group: Prepared) -> Stored:
        """Adds what was prepared, durable once `settle` was called.  Raises StorageError."""
        if self._descriptor >= 0 and self._end >= self._rotate:
            self.close()
        if self._descriptor < 0:
            self._begin(group.event.at)
        begin = self._end
        self._add(group.content)
        return Stored(
            record=group.record,
            type=group.type,
            path=self._path,
            begin=begin,
            offset=begin + group.offset,
            end=self._end,
            url=group.event.url,
            status=group.status,
            size=group.size,
            digest=group.digest,
            refers=group.refers,
            event=group.event,
        )

    def settle(self) -> None:
        """Makes what was written durable.  Raises StorageError."""
        with self._undoing():
            sync(self._descriptor)
        self._certain = self._end

    def _add(self, content: bytes) -> None:
        with self._undoing():
            write_all(self._descriptor, content)
        self._end += len(content)

    @contextmanager
    def _undoing(self) -> Iterator[None]:
        """Around what the disk may refuse: what is not durable yet is then taken back."""
        with storing(self._tree.root / self._path):
            try:
                yield
            except BaseException:
                # A half-written group would be taken for damage; a file whose fsync failed is not trusted again.
                with contextlib.suppress(OSError):
                    os.ftruncate(self._descriptor, self._certain)
                self.close()
                raise

    def _begin(self, at: datetime) -> None:
        """Goes on with the newest file, or begins the next."""
        files = self.files()
        newest = next(reversed(files), "")
        if newest and files[newest] < self._rotate and newest not in self._closed:
            flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            with storing(self._tree.root / newest):
                self._descriptor = os.open(self._tree.root / newest, flags)
            self._path = newest
            self._end = self._certain = files[newest]
            return
        number = 1 + max((serial(path) for path in files), default=0)
        path = f"{CAPTURES}/{PREFIX}{at:%Y%m%d%H%M%S}-{number:05}.warc.gz"
        head = warc.warcinfo(Path(path).name, at=at, software=self._software)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with storing(self._tree.root / path):
            make_folder(self._tree.root / CAPTURES)
            self._descriptor = os.open(self._tree.root / path, flags, 0o666)
            self._path = path
            self._end = self._certain = 0
            sync_folder(self._tree.root / CAPTURES)
        self._add(head)
        self.settle()

    def close(self) -> None:
        """Ends writing; the next `append` opens a file again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def unindexed(self, indexed: Mapping[str, int]) -> list[Stored]:
        """Every capture beyond what the index knows of each file, durable now; a torn end is cut off first.

        indexed: path → bytes known.  A file that is shorter than the index knows, or damaged in its midst, is left
        as it is and never appended to again.  Raises StorageError.
        """
        self.close()
        found: list[Stored] = []
        closed = set()
        for path, size in self.files().items():
            start = indexed.get(path, 0)
            if size == start:
                continue
            if size < start:
                closed.add(path)
                continue
            known = len(found)
            with storing(self._tree.root / path):
                entries = list(self.walk(path, start))
            for entry in entries:
                if isinstance(entry, Stored):
                    found.append(entry)
                elif entry.torn and entry.end == size:
                    self._cut(path, entry.offset)
                else:
                    closed.add(path)
            if len(found) > known:
                # Whoever wrote them may have been killed before they were on the disk.
                with storing(self._tree.root / path):
                    sync_file(self._tree.root / path)
        self._closed = frozenset(closed)
        return found

    def _cut(self, path: str, size: int) -> None:
        target = self._tree.root / path
        with storing(target):
            if size == 0:
                target.unlink()
                sync_folder(target.parent)
                return
            descriptor = os.open(target, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                os.ftruncate(descriptor, size)
                sync(descriptor)
            finally:
                os.close(descriptor)

    def walk(self, path: str, start: int = 0) -> Iterator[Stored | Damage]:
        """Every group of a file from an offset on, and what lies between them.  Raises OSError."""
        begin, main = start, None
        ours = path.startswith(f"{CAPTURES}/{PREFIX}")
        with self._tree.open(path) as file:
            for record in warc.members(file, start):
                if isinstance(record, Gap):
                    torn = record.torn and ours
                    yield Damage(path=path, offset=begin, end=record.end, torn=torn)
                    begin, main = record.end, None
                elif record.type == "warcinfo":
                    begin = record.end
                elif record.type == "request":
                    begin, main = record.offset, None
                elif record.type in _PAGED:
                    main = record
                elif record.type == "metadata":
                    stored = stored_of(path, begin, main, record)
                    yield stored or Damage(path=path, offset=begin, end=record.end)
                    begin, main = record.end, None
            size = file.seek(0, os.SEEK_END)
        if begin < size:
            yield Damage(path=path, offset=begin, end=size, torn=ours)

    def told(self, id: str) -> Iterator[Event]:
        """Every event of one article, from all files.  Raises OSError."""
        for path in self.files():
            for entry in self.walk(path):
                if isinstance(entry, Stored) and entry.event.id == id:
                    yield entry.event

    def bytes_of(self, path: str) -> bytes:
        """A whole capture file.  Raises OSError."""
        return self._tree.read(path)

    def rotate(self) -> None:
        """The next capture begins a new file."""
        self.close()
        self._closed = self._closed | set(self.files())

    def group(self, stored: Stored) -> Capture:
        """A capture with the request that was sent for it; the body of a revisit is empty.

        Of one whose page was not kept it is what the event tells.  Raises DamagedArchive.
        """
        event = stored.event
        if stored.type == "metadata":
            told = (("ETag", event.etag), ("Last-Modified", event.last_modified))
            return Capture(
                url=event.url,
                asked=event.asked,
                at=event.at,
                body=b"",
                status=event.status,
                headers=tuple((name, value) for name, value in told if value),
                origin=event.origin,
                unkept=event.size,
            )
        capture = self.read(stored.path, stored.offset)
        sent: Headers = ()
        if stored.begin < stored.offset:
            with self._tree.open(stored.path) as file:
                request = next(warc.members(file, stored.begin))
                if isinstance(request, Record) and request.type == "request":
                    sent = warc.headers_in(request.block)
        return replace(
            capture, at=event.at, asked=event.asked, origin=event.origin, request_headers=sent
        )

    def read(self, path: str, offset: int) -> Capture:
        """The capture whose record lies there; the body of a revisit is empty.  Raises DamagedArchive."""
        try:
            with self._tree.open(path) as file:
                records = warc.members(file, offset)
                record = next(records, None)
                if isinstance(record, Record) and record.type in _PAGED:
                    capture = warc.capture_of(record)
                    told = next(records, None)
                    if isinstance(told, Record) and told.type == "metadata":
                        event = Event.from_json(told.block)
                        return replace(capture, asked=event.asked)
                    return capture
        except (OSError, ValueError, IndexError) as error:
            raise DamagedArchive(
                f"{path} at byte {offset}: {error}", hint="run `qqnews verify --read-data`"
            ) from error
        raise DamagedArchive(
            f"{path} at byte {offset}: no capture stands there", hint="run `qqnews rebuild`"
        )


def serial(path: str) -> int:
    """The number of a capture file, by which they stand in the order of writing."""
    number = path.removesuffix(".warc.gz").rpartition("-")[2]
    return int(number) if number.isdecimal() else 0
