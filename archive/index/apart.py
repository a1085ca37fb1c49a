"""The tokens of a whole archive, indexed in a thread of their own while the rows are made.

    Apart    takes texts, and brings their index into the new database when it has them all

FTS5 has more to do for a text than all other tables together, and SQLite lets go of Python while it works: so one
processor indexes while another makes rows.  A database takes one writer, so this one has a file of its own, and its
tables are then copied as they are: FTS5 keeps nothing elsewhere.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Final, Self

from archive.findable import Findable
from archive.index import search

AT_ONCE: Final = 64
"""Texts handed over at a time, in the order of their keys: at each step back FTS5 writes a segment."""

PENDING: Final = 16 << 20
"""Bytes of postings gathered before FTS5 writes a segment: the last of them are written when all else is done."""

_TABLES: Final = ("articles_fts_data", "articles_fts_idx", "articles_fts_docsize")
"""In these FTS5 keeps an index; the fourth holds settings, which are not those of the new database."""

Row = tuple[int, str, str]


class Apart:
    """The tokens of the texts of one new database; a context manager.

    Nothing of it is left when it ends.  What the disk refuses the thread is raised where the next text is added.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        ((path,),) = db.execute(
            "select cast(file as blob) from pragma_database_list where name = 'main'"
        )
        self._db = db
        self._path = Path(os.fsdecode(path)).with_name("tokens")
        self._rows: list[Row] = []
        self._waiting: Queue[list[Row] | None] = Queue(maxsize=1)
        self._failed: Exception | None = None
        self._thread = Thread(target=self._work, name="tokens", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        with suppress(OSError):  # what stays is swept with all unfinished work
            self._path.unlink(missing_ok=True)

    def add(self, key: int, found: Findable) -> None:
        """Take the tokens of one text.  Raises sqlite3.Error."""
        self._rows.append((key, found.title_tokens, found.body_tokens))
        if len(self._rows) == AT_ONCE:
            self._hand_over()

    def bring(self) -> None:
        """Put the index of all that was added into the database, in place of any other.  Raises sqlite3.Error."""
        self._hand_over()
        self._end()
        if self._failed:
            raise self._failed
        with closing(sqlite3.connect(self._path)) as made:
            for table in _TABLES:
                rows = made.execute(f"select * from {table}")  # noqa: S608
                places = ", ".join("?" * len(rows.description))
                self._db.execute(f"delete from {table}")  # noqa: S608
                self._db.executemany(f"insert into {table} values ({places})", rows)  # noqa: S608

    def _hand_over(self) -> None:
        if self._failed:
            raise self._failed
        self._waiting.put(sorted(self._rows))
        self._rows = []

    def _end(self) -> None:
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _work(self) -> None:
        try:
            self._index(iter(self._waiting.get, None))
        except Exception as error:  # raised where the next text is added
            self._failed = error
            while self._waiting.get() is not None:  # nobody is to wait for this thread for ever
                pass

    def _index(self, groups: Iterator[list[Row]]) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as db:
            db.execute("pragma journal_mode = off")
            db.execute("pragma synchronous = off")
            search.create_tokens(db, pending=PENDING)
            search.put_off_merging(db)
            db.execute("begin")
            for group in groups:
                for row in group:
                    search.put_tokens(db, *row)
            db.execute("commit")
