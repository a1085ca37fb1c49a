"""SQL from others: everything that reads works, nothing else does."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import DamagedArchive, QueryError
from archive.findable import findable
from archive.index import search
from archive.index.connection import open_reader
from archive.index.guard import ask
from archive.index.migrations import migrate


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """An archive's index with one text in it."""
    with closing(sqlite3.connect(tmp_path / "qqnews.db", isolation_level=None)) as db:
        db.execute("pragma journal_mode = wal").fetchone()
        migrate(db, tmp_path / "qqnews.db")
        when = datetime(2030, 1, 1, tzinfo=UTC)
        search.put(db, "a", findable("灯会", "杭州六小龙"), when=when)
    yield tmp_path


def answer(
    root: Path, statement: str, *values: object, **limits: float
) -> list[tuple[object, ...]]:
    found = ask(lambda: open_reader(root), statement, values, **limits)  # type: ignore[arg-type]
    return list(found.rows)


READING = [
    "select 1",
    "values (1), (2)",
    "select id, title from texts order by key desc limit 5",
    "select count(*) from articles",
    "select * from gone",
    "select * from clusters",
    "with recursive n(x) as (select 1 union all select x + 1 from n where x < 100) select sum(x) from n",
    "select value from json_each('[1, 2, 3]')",
    "select json_extract('{\"a\": 1}', '$.a')",
    "select name from pragma_table_info('articles')",
    "select name from pragma_table_list where schema = 'main'",
    "pragma table_info(articles)",
    "pragma index_list(articles)",
    "pragma user_version",
    "select name, sql from sqlite_master",
    "select name from sqlite_schema where type = 'view'",
    "select rowid from articles_fts where articles_fts match '\"杭州\"'",
    "select rowid, bm25(articles_fts) from articles_fts where articles_fts match 'title : \"灯会\"'",
    "select snippet(articles_fts, 1, '[', ']', '…', 8) from articles_fts where articles_fts match '\"杭州\"'",
    "select id from texts where key in (select rowid from articles_fts where articles_fts match phrase('六小龙'))",
    "select id from texts where body like '%小龙%'",
    "select date('2030-01-01', '+1 day'), strftime('%Y', 'now'), round(1.5), upper('a'), hex('a')",
    "select rank() over (order by key) from texts",
    "select group_concat(id, ', ') from texts",
    "explain query plan select * from articles where url = 'x'",
    "explain select 1",
    "select * from texts where id = ?1 union all select * from texts where id = 'b' -- a remark; with a semicolon",
    "SELECT 1;",
]


@pytest.mark.parametrize("statement", READING)
def test_whatever_reads_is_answered(root: Path, statement: str) -> None:
    answer(root, statement, *(["a"] if "?1" in statement else []))


ATTACKS = [
    "delete from texts",
    "update texts set body = ''",
    "insert into texts values (1, 'x', 1, '', '')",
    "replace into articles (id) values ('x')",
    "drop table texts",
    "drop view gone",
    "create table x (y)",
    "create temp table x as select * from texts",
    "create view x as select 1",
    "create trigger x after insert on texts begin select 1; end",
    "create virtual table x using fts5(y)",
    "alter table texts rename to x",
    "attach 'FILE' as other",
    "attach '/etc/passwd' as other",
    "attach ':memory:' as other",
    "detach main",
    "vacuum",
    "vacuum into 'FILE'",
    "pragma writable_schema = on",
    "pragma journal_mode = delete",
    "pragma query_only = off",
    "pragma user_version = 7",
    "pragma wal_checkpoint(truncate)",
    "pragma foreign_keys = off",
    "select * from pragma_wal_checkpoint('truncate')",
    "update sqlite_master set sql = ''",
    "select load_extension('x')",
    "select fts3_tokenizer('simple')",
    "select writefile('FILE', 'x')",
    "select readfile('/etc/passwd')",
    "insert into articles_fts (articles_fts) values ('delete-all')",
    "select 1; delete from texts",
    "begin immediate",
    "savepoint x",
    "commit",
    "analyze",
    "reindex",
    "",
    "-- nothing",
    "nonsense",
    "select * from no_such_table",
    "select 1 \0 from texts",
]


@pytest.mark.parametrize("statement", ATTACKS)
def test_whatever_does_more_than_read_is_refused(root: Path, statement: str) -> None:
    outside = root.parent / f"{root.name}-outside"
    before = {path.name for path in root.iterdir() if not path.name.endswith(("-shm", "-wal"))}

    with pytest.raises(QueryError) as error:
        answer(root, statement.replace("FILE", str(outside)))

    assert "\n" not in str(error.value)
    assert not outside.exists()
    after = {path.name for path in root.iterdir() if not path.name.endswith(("-shm", "-wal"))}
    assert after == before
    assert answer(root, "select id, body from texts") == [("a", "杭州六小龙")]


ENDLESS = [
    "with recursive n(x) as (select 1 union all select x + 1 from n) select sum(x) from n",
    "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n a, n b",
]


@pytest.mark.parametrize("statement", ENDLESS)
def test_a_statement_without_end_is_ended(root: Path, statement: str) -> None:
    with pytest.raises(QueryError, match=r"took longer than 0\.2 s"):
        answer(root, statement, seconds=0.2)


@pytest.mark.parametrize(
    "statement",
    [
        "select zeroblob(900000000)",
        "select randomblob(900000000)",
        "select replace(hex(zeroblob(1000000)), '0', printf('%.1000c', 'x'))",
    ],
)
def test_a_value_cannot_fill_the_memory(root: Path, statement: str) -> None:
    with pytest.raises(QueryError, match="64 MiB"):
        answer(root, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select printf('%.*c', 900000000, 'x')",
        "select printf('%900000000d', 1)",
        "select format('%-0.900000000f', 1)",
    ],
)
def test_a_width_of_millions_is_refused_before_it_is_filled(root: Path, statement: str) -> None:
    with pytest.raises(QueryError, match="printf and format take widths of four digits at most"):
        answer(root, statement)


def test_ordinary_formats_are_what_they_are_in_sqlite(root: Path) -> None:
    (row,) = answer(
        root, "select printf('%05d|%.2f|%s|%%|%8.3s|%,d', 42, 3.14159, '灯', 'abcdef', 1234567)"
    )

    assert row == ("00042|3.14|灯|%|     abc|1,234,567",)


def test_no_more_rows_come_than_were_asked_for(root: Path) -> None:
    rows = answer(
        root,
        "with recursive n(x) as (select 1 union all select x + 1 from n) select x from n",
        limit=3,
    )

    assert rows == [(1,), (2,), (3,)]


def test_rows_come_as_they_are_read(root: Path) -> None:
    found = ask(
        lambda: open_reader(root),
        "with recursive n(x) as (select 1 union all select x + 1 from n) select x, 2 * x as twice from n",
    )

    assert found.columns == ("x", "twice")
    assert next(found.rows) == (1, 2)
    found.rows.close()  # type: ignore[attr-defined]


def test_values_are_bound_by_place_and_by_name(root: Path) -> None:
    assert answer(root, "select ?, ?", "灯'会", None) == [("灯'会", None)]
    found = ask(lambda: open_reader(root), "select :a", {"a": 1})
    assert list(found.rows) == [(1,)]


@pytest.mark.parametrize(
    ("statement", "values"),
    [("select ?", ()), ("select 1", (2,)), ("select :a", {"b": 1}), ("select ?", (2**70,))],
)
def test_values_that_do_not_fit_are_named(root: Path, statement: str, values: object) -> None:
    with pytest.raises(QueryError):
        ask(lambda: open_reader(root), statement, values)  # type: ignore[arg-type]


def test_a_damaged_index_is_no_mistake_of_the_statement(root: Path) -> None:
    path = root / "qqnews.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(DamagedArchive, match="rebuild"):
        answer(root, "select * from texts")
