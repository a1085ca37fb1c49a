"""Answer SQL that others wrote, reading only.

    Answer   the columns, and the rows as they come

Opening a database `mode=ro` is not enough: a statement can still attach another file, copy the archive with
`vacuum into`, or keep the machine busy for ever.  So a statement runs on a connection of its own that is read-only
three times over (`mode=ro`, `query_only`, an authorizer that knows what reading is), may not make values larger than
64 MiB, and has a deadline.  One thing is left open: a single function call over huge values (`instr` of megabytes in
megabytes) does not look at the deadline; whoever answers strangers' SQL needs a process that can be killed.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from typing import Any

from archive.errors import DamagedArchive, QueryError
from archive.text import term

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
Parameters = Sequence[Value] | Mapping[str, Value]

LARGEST_VALUE = 64 << 20
LONGEST_STATEMENT = 100_000

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LARGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: LONGEST_STATEMENT,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_RECURSIVE,
}
_FORBIDDEN = frozenset(
    {"load_extension", "fts3_tokenizer", "fts5", "readfile", "writefile", "edit"}
)
_ABOUT_A_TABLE = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo"}
    | {"foreign_key_list"}
)
_ABOUT_ALL = frozenset(
    {"user_version", "application_id", "schema_version", "data_version", "page_count", "page_size"}
    | {"freelist_count", "encoding", "compile_options", "function_list", "module_list"}
    | {"pragma_list", "collation_list", "database_list"}
)
_DECLARED = frozenset({"type", "name", "tbl_name", "rootpage", "sql"})

_WIDE = re.compile(r"%[^a-zA-Z%]*(?:\*|\d{5})")

_STEPS = 1_000
"""Steps of SQLite's machine between two looks at the clock: a few microseconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """columns: their names.  rows: read as they are asked for; reading them raises `QueryError` as well."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def ask(
    open_reader: Callable[[], sqlite3.Connection],
    statement: str,
    values: Parameters = (),
    *,
    limit: int | None = None,
    seconds: float | None = None,
    clock: Callable[[], float] = monotonic,
) -> Answer:
    """Run one reading statement.  Raises `QueryError` for anything else, and for a statement that fails.

    open_reader: opens the database for reading; closed when the last row is read.
    limit: rows to give at most.  seconds: how long it may take altogether, None for as long as it likes.
    Beside SQLite's own functions there is `phrase(words)`, which says how to look for Chinese:
    `select id from texts join articles_fts on rowid = key where articles_fts match phrase('六小龙')`.
    """
    if "\0" in statement:
        raise QueryError("the statement holds a NUL character")
    db = open_reader()
    try:
        _fence(db, None if seconds is None else clock() + seconds, clock)
        cursor = _translated(lambda: db.execute(statement, values), seconds)
    except BaseException:
        db.close()
        raise
    if cursor.description is None:
        db.close()
        raise QueryError("the statement gives no answer", hint="only reading is possible here")
    columns = tuple(name for name, *_ in cursor.description)
    return Answer(columns, _rows(db, cursor, limit, seconds))


def phrase(words: str) -> str:
    """The words as an FTS5 expression over pairs of characters; an empty phrase when there is no word."""
    return term(words).phrase or '""'


def _rows(
    db: sqlite3.Connection, cursor: sqlite3.Cursor, limit: int | None, seconds: float | None
) -> Iterator[Row]:
    with closing(db):
        given = 0
        while limit is None or given < limit:
            row = _translated(cursor.fetchone, seconds)
            if row is None:
                return
            yield row
            given += 1


def _fence(db: sqlite3.Connection, deadline: float | None, clock: Callable[[], float]) -> None:
    db.execute("pragma query_only = on").close()
    db.execute("pragma trusted_schema = off").close()
    db.create_function("phrase", 1, lambda words: phrase(str(words or "")), deterministic=True)
    for name in ("printf", "format"):
        db.create_function(name, -1, _printf, deterministic=True)
    for limit, most in _LIMITS.items():
        db.setlimit(limit, most)
    if deadline is not None:
        until = deadline
        db.set_progress_handler(lambda: int(clock() > until), _STEPS)
    db.set_authorizer(_allowed)


def _printf(template: Value = None, *values: Value) -> Value:
    """SQLite's own, without widths of millions: it would fill them before it looks at any limit."""
    if _WIDE.search(str(template or "")):
        raise ValueError(template)
    marks = ", ".join("?" * (1 + len(values)))
    with closing(sqlite3.connect(":memory:")) as scratch:
        row = scratch.execute(f"select printf({marks})", (template, *values)).fetchone()
    answer: Value = row[0]
    return answer


def _allowed(
    action: int, one: str | None, other: str | None, _database: str | None, _source: str | None
) -> int:
    """Whether the statement may do this; SQLite asks for every table, column and function while it prepares."""
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        fine = (other or "").lower() not in _FORBIDDEN
    elif action == sqlite3.SQLITE_PRAGMA:
        name = (one or "").lower()
        fine = name in _ABOUT_A_TABLE or (name in _ABOUT_ALL and other is None)
    else:
        # What every virtual table does when it is first looked at: declare its columns.  Whoever really updates
        # sqlite_master is refused by SQLite itself.
        fine = action == sqlite3.SQLITE_UPDATE and one == "sqlite_master" and other in _DECLARED
    return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY


def _translated(step: Callable[[], "sqlite3.Cursor | Row | None"], seconds: float | None) -> Any:
    try:
        return step()
    except sqlite3.Error as error:
        raise _named(error, seconds) from error
    except sqlite3.Warning as error:  # Python 3.11's word for two statements in one
        raise QueryError("more than one statement", hint="ask one thing at a time") from error
    except (OverflowError, UnicodeError) as error:
        raise QueryError(f"a value cannot be given to SQLite: {error}") from error


def _named(error: sqlite3.Error, seconds: float | None) -> QueryError | DamagedArchive:
    text = str(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return QueryError(f"the statement took longer than {seconds:g} s")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedArchive("the index is damaged", hint="qqnews rebuild makes it again")
    if code in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY):
        return QueryError("only reading is allowed", hint="select, with, explain, values")
    if "one statement" in text:
        return QueryError("more than one statement", hint="ask one thing at a time")
    if code == sqlite3.SQLITE_TOOBIG:
        return QueryError("a value grew larger than 64 MiB")
    if text == "user-defined function raised exception":  # of ours only `_printf` does
        return QueryError("printf and format take widths of four digits at most, and none by *")
    return QueryError(f"SQL: {text}")
