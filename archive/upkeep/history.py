"""What happened to one archive, to be told to another (`merge`).  Only reads.

    History    its captures, and the texts of which none of them tells
    Untold     such a text: its capture was lost, and no text goes with its capture
    mark       what tells a capture from all others, in any archive

An archive of which the index knows a text that is not there, or not what was written, is to be repaired first: the
page that it can be read from again would be told without it.
"""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.capture import Capture
from archive.captures import Captures
from archive.errors import DamagedArchive
from archive.files import Tree
from archive.filing import filed_of, lender_of, lender_then, prints_by_number, shared
from archive.index import audit, carried
from archive.index.articles import Filed
from archive.index.connection import open_reader
from archive.stored import Stored
from archive.upkeep.unfinished import unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A text of which no capture tells.  at: after all that captures tell of that second."""

    id: str
    number: int
    at: datetime


Mark = tuple[str, str, str]
"""Record, article and kind of a capture; of a page that was not kept, when and what the answer was."""


def mark(stored: Stored) -> Mark:
    """What tells a capture from all others, in any archive.

    The record of a page that was not kept is named by all that was said of it, also by what it meant to that archive.
    """
    event, record = stored.event, stored.record
    if event.kind == "page" and stored.type == "metadata" and event.status:
        record = f"{event.at.isoformat()} {event.status} {event.size} {event.url}"
    return record, event.id, event.kind


class History:
    """What happened to an archive, and what it holds.  Raises DamagedArchive.

    stored: its captures, in order of time.  pages: record → capture, of those of which the page is here.
    whole: the marks of those whose text, if they made one, is not lost.
    untold: the texts of which no capture tells, in order of time.  rows: its queue and runs.
    """

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
        # Nothing is left of what came before a forgetting: what tells of an earlier time was brought after it.
        self._forgotten = {
            one.event.id: one.event.at for one in self.stored if one.event.kind == "forgotten"
        }
        self.stored.sort(key=lambda one: (self.when(one), one.event.kind != "forgotten"))
        paged = [one for one in self.stored if one.type != "metadata"]
        # The same answer told twice has one name, and only the first holds its bytes.
        kept = {one.record: one for one in sorted(paged, key=lambda one: one.type != "revisit")}
        self.pages = {
            record: one for record, one in kept.items() if not one.refers or one.refers in kept
        }
        self._told = prints_by_number(one.event for one in self.stored)
        with closing(open_reader(root)) as db:
            left = unfinished(db, self.tree)
            known = [row for row in audit.revisions(db) if not left.concerns(row["path"])]
            self.rows = carried.take(db)
        for row in known:
            if self.tree.size(row["path"]) is None:
                raise self._damaged(f"{root / row['path']} is not there")
        numbers = {(row["article"], row["number"]) for row in known}
        self.whole = {
            mark(one)
            for one in self.stored
            if not one.event.revision or (one.event.id, one.event.revision) in numbers
        }
        self.untold = [
            Untold(
                id=row["article"],
                number=row["number"],
                at=datetime.fromisoformat(row["captured"]).replace(microsecond=999_999),
            )
            for row in known
            if row["number"] not in self._told.get(row["article"], {})
        ]
        self.untold.sort(key=lambda one: (self.when(one), one.at, one.number))
        self._current: dict[str, Filed] = {}
        self._read: tuple[str, dict[int, Filed]] = ("", {})

    def when(self, one: Stored | Untold) -> datetime:
        """When it is to be told: when it happened, or where its article had been forgotten, not before that."""
        id, at = (one.id, one.at) if isinstance(one, Untold) else (one.event.id, one.event.at)
        return max(at, self._forgotten.get(id, at))

    def text(self, stored: Stored) -> Filed | None:
        """The text that a capture of this archive was read as, whole; None when its file is lost."""
        event = stored.event
        if event.verdict == "same":
            return self._current.get(event.id)
        text = self._texts(event.id).get(event.revision)
        if text is not None and not text.document.suspect:
            self._current[event.id] = text
        return text

    def untold_text(self, one: Untold) -> Filed:
        """A text of which no capture tells."""
        text = self._texts(one.id)[one.number]
        lender = lender_then(self.tree, text.document)
        if lender is None:
            return text
        whole = replace(shared(text.document, lender), copy_of=text.document.copy_of)
        return replace(text, document=whole, prints=None)

    def _texts(self, id: str) -> dict[int, Filed]:
        if self._read[0] != id:
            found = {}
            for one in filed_of(self.tree, id, self._told.get(id, {})):
                if not one.sha256:
                    raise self._damaged(f"{self.root / one.path} is not what was written")
                lender = lender_of(self.tree, one)
                whole = shared(one.document, lender) if lender else one.document
                found[whole.revision] = replace(one, document=whole)
            self._read = (id, found)
        return self._read[1]

    def capture(self, stored: Stored) -> Capture:
        """A capture as it came, its body looked up where it is kept."""
        capture = self.captures.group(stored)
        lender = self.pages.get(stored.refers)
        if stored.type == "revisit" and lender:
            body = self.captures.read(lender.path, lender.offset).body
            return replace(capture, body=body)
        return capture

    def _damaged(self, what: str) -> DamagedArchive:
        return DamagedArchive(what, hint="run `qqnews repair` there, then merge again")
