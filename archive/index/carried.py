"""What only the index knows, carried from an old one into a new one: queue, runs, hosts, tries at pictures."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from archive.errors import StorageError
from archive.index.connection import translation

Rows = dict[str, list[dict[str, Any]]]
"""Table → its rows, each by column."""

_TABLES = {
    "queue": "select * from queue",
    "runs": "select * from runs",
    "hosts": "select * from hosts",
    "picture_tries": "select * from picture_tries",
}


def take(db: sqlite3.Connection) -> Rows:
    """The rows to carry; a table that cannot be read is left behind."""
    rows: Rows = {}
    for table, select in _TABLES.items():
        try:
            cursor = db.execute(select)
            names = [column[0] for column in cursor.description]
            rows[table] = [dict(zip(names, row, strict=True)) for row in cursor]
        except sqlite3.DatabaseError as error:
            if isinstance(translation(error, table), StorageError):
                raise  # it is there, and only cannot be read now
            continue
    return rows


def joined(first: Rows, second: Rows) -> Rows:
    """The rows of two indexes as one.

    Runs come in order of time, each once, and get new keys; of an item of the queue that both have, the first's counts.
    """
    rows = {
        table: [*first.get(table, ()), *second.get(table, ())]
        for table in _TABLES
        if table != "runs"
    }
    runs = [
        {name: value for name, value in run.items() if name != "key"}
        for run in (*first.get("runs", ()), *second.get("runs", ()))
    ]
    once = {tuple(sorted(run.items())): run for run in runs}
    return rows | {"runs": sorted(once.values(), key=lambda run: str(run["started"]))}


def put(db: sqlite3.Connection, rows: Rows) -> None:
    """Puts carried rows into a new index; columns that either side does not have are left out."""
    for table, found in rows.items():
        columns = {row[1] for row in db.execute("select * from pragma_table_info(?)", (table,))}
        _insert(db, table, columns, found)


def _insert(
    db: sqlite3.Connection, table: str, columns: set[str], rows: Iterable[dict[str, Any]]
) -> None:
    for row in rows:
        names = [name for name in row if name in columns]
        marks = ", ".join(f":{name}" for name in names)
        db.execute(
            f"insert or ignore into {table} ({', '.join(names)}) values ({marks})",  # noqa: S608  our own names
            row,
        )
