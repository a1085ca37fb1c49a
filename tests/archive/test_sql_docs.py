"""docs/sql.md names every table, view and column there is, and its statements run."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.index.guard import phrase
from archive.index.migrations import migrate

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sql.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^###? |\Z)", PAGE, re.MULTILINE | re.DOTALL))
INNER = ("sqlite_", "_sqlite", "articles_fts_")


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path("memory"))
    connection.create_function("phrase", 1, phrase)
    yield connection
    connection.close()


def test_every_table_and_view_has_its_section(db: sqlite3.Connection) -> None:
    names = {
        name
        for (name,) in db.execute("select name from sqlite_master where type in ('table', 'view')")
        if not name.startswith(INNER)
    }

    assert set(SECTIONS) == names


@pytest.mark.parametrize("name", [name for name in SECTIONS if "| column |" in SECTIONS[name]])
def test_every_column_is_named_and_no_other(db: sqlite3.Connection, name: str) -> None:
    described = {
        column
        for row in re.findall(r"^\| (`.*?) \|", SECTIONS[name], re.MULTILINE)
        for column in re.findall(r"`(\w+)`", row)
    }

    assert described == {row[1] for row in db.execute(f"pragma table_info({name})")}


@pytest.mark.parametrize("block", re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL))
def test_every_statement_shown_runs(db: sqlite3.Connection, block: str) -> None:
    for statement in block.split(";\n"):
        if statement.strip():
            db.execute(statement).fetchall()
