"""Questions that `verify` asks of the index.  Nothing is changed.

Each gives rows to compare with the files, or rows that should not be there.
"""

import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.index.articles import Filed
from archive.index.connection import LATEST
from archive.index.events import stamp
from archive.index.migrations import migrate, update

Row = dict[str, Any]


def damage(db: sqlite3.Connection, *, thorough: bool) -> list[str]:
    """What SQLite itself finds wrong with the file, one line each; empty when all is well."""
    check = "pragma integrity_check(20)" if thorough else "pragma quick_check(20)"
    try:
        found = [str(row[0]) for row in db.execute(check) if row[0] != "ok"]
        found += [
            f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there"
            for row in db.execute("pragma foreign_key_check")
        ]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found


def schema(db: sqlite3.Connection) -> dict[str, str]:
    """Name → SQL of everything in the schema; what sqlite-utils and SQLite keep for themselves left out."""
    return dict(
        db.execute(
            """
            select name, sql from sqlite_master
            where sql is not null and name not like '\\_sqlite%' escape '\\' and name not like 'sqlite\\_%' escape '\\'
              and name not like 'idx\\_\\_sqlite%' escape '\\'
            """
        )
    )


def _rows(db: sqlite3.Connection, select: str, *values: Any) -> Iterator[Row]:
    cursor = db.execute(select, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def revisions(db: sqlite3.Connection) -> Iterator[Row]:
    """Every revision: article, number, path, sha256, size, captured."""
    return _rows(db, "select article, number, path, sha256, size, captured from revisions")


def images(db: sqlite3.Connection) -> Iterator[Row]:
    """Every picture: sha256, path, size."""
    return _rows(db, "select sha256, path, size from images")


def all_captures(db: sqlite3.Connection) -> Iterator[Row]:
    """Every capture the index knows."""
    rows = _rows(db, "select * from captures order by record")
    # What was brought is not known of the rows of earlier versions, and shows in where its article stands.
    return ({name: row[name] for name in row if name != "brought"} for row in rows)


def aliases(db: sqlite3.Connection) -> Iterator[Row]:
    """Every address that leads to an article."""
    return _rows(db, "select * from aliases order by url")


def aliases_of(db: sqlite3.Connection, id: str) -> list[tuple[str, str]]:
    """The addresses that lead to one article, and since when."""
    return db.execute("select url, seen from aliases where id = ?", (id,)).fetchall()


def tombstones(db: sqlite3.Connection) -> Iterator[Row]:
    """Every article that was forgotten on purpose."""
    return _rows(db, "select * from tombstones order by id")


def dismissed(db: sqlite3.Connection) -> Iterator[Row]:
    """Every suspect text that a person dismissed."""
    return _rows(db, "select * from dismissed order by article, number")


def ids(db: sqlite3.Connection) -> list[str]:
    """Every article."""
    return [row[0] for row in db.execute("select id from articles order by id")]


def contradictions(db: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Rows that cannot all be true: (code, article, what)."""
    for code, select in _CONTRADICTIONS.items():
        for row in db.execute(select):
            yield code, str(row[0]), str(row[1])


_CONTRADICTIONS = {
    "no-current": """
        select a.id, 'its current text, revision ' || a.revision || ', is not among its revisions'
        from articles a left join revisions r on r.article = a.id and r.number = a.revision
        where r.article is null
    """,
    "same-url": """
        select min(id), count(*) || ' articles have the address ' || url
        from articles group by url having count(*) > 1
    """,
    "lost-original": """
        select c.id, 'it is a copy of ' || c.copy_of || ', which is not kept'
        from articles c left join articles o on o.id = c.copy_of
        where c.copy_of is not null and o.id is null
    """,
    "copy-of-copy": """
        select c.id, 'it is a copy of ' || c.copy_of || ', which is itself a copy'
        from articles c join articles o on o.id = c.copy_of
        where o.copy_of is not null and (o.copy_of = c.id or o.id = c.id)
    """,
    "no-text": """
        select a.id, 'it is missing from the search' from articles a left join texts t on t.id = a.id
        where t.id is null
    """,
    "wrong-time": """
        select id, 'its time of capture is no time: ' || captured from articles
        where datetime(captured) is null or datetime(checked) is null or datetime(first_captured) is null
    """,
    "bad-queue": """
        select id, 'its place in the queue makes no sense: attempts ' || attempts || ', retry at '
            || coalesce(retry_at, '-')
        from queue where attempts < 0 or (retry_at is not null and datetime(retry_at) is null)
    """,
}


def recorded(db: sqlite3.Connection, path: str) -> str:
    """The hash with which a text was written; empty when the index knows no such file."""
    row = db.execute("select sha256 from revisions where path = ?", (path,)).fetchone()
    return str(row[0]) if row else ""


def agrees(db: sqlite3.Connection, id: str, filed: Filed) -> bool:
    """Whether a file says of its revision what the index says, hash and size aside."""
    document, article = filed.document, filed.document.article
    row = db.execute(
        """
        select title, summary, outlet, author, captured, capture, copy_of, path from revisions
        where article = ? and number = ?
        """,
        (id, document.revision),
    ).fetchone()
    return bool(row) and tuple(row) == (
        article.title,
        article.summary,
        article.outlet,
        article.author,
        stamp(document.captured),
        document.capture,
        document.copy_of or None,
        filed.path,
    )


def rows_of(db: sqlite3.Connection, id: str) -> dict[str, list[Row]]:
    """Every row of one article, by table, without the numbers SQLite gives to rows."""
    return {
        table: [
            {name: value for name, value in row.items() if name != "key"}
            for row in _rows(db, select, id)
        ]
        for table, select in _OF_ONE.items()
    }


_OF_ONE = {
    "articles": "select * from articles where id = ?",
    "article_tags": "select * from article_tags where article = ? order by tag",
    "revisions": "select * from revisions where article = ? order by number",
    "article_images": "select * from article_images where article = ? order by revision, position",
    "texts": "select id, at, title, body from texts where id = ?",
    "images": """
        select distinct i.* from images i join article_images a on a.sha256 = i.sha256
        where a.article = ? order by i.sha256
    """,
}


def searchable(db: sqlite3.Connection) -> Iterator[tuple[int, str, str, str]]:
    """What is to be found by searching: (key, id, title, text)."""
    yield from db.execute("select key, id, title, body from texts order by key")


def indexed_words(db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """What the full-text index holds of each text, as (key, `weight` of its tokens); any order."""
    db.execute("pragma query_only = off")  # for the table in memory; `mode=ro` guards the file
    db.execute("pragma temp_store = memory")
    db.execute(
        """
        create virtual table if not exists temp.words_in_index
        using fts5vocab(main, articles_fts, 'instance')
        """
    )
    # Summed here: SQLite would take an interrupt in a function that it calls for a mistake of the statement.
    weights: dict[int, int] = defaultdict(int)
    for key, term, column, place in db.execute(
        "select doc, term, col, offset from temp.words_in_index"
    ):
        weights[key] += _token_weight(term, column, place)
    yield from weights.items()


def _token_weight(term: str, column: str, place: int) -> int:
    return zlib.crc32(f"{column} {place} {term}".encode())


def weight(title: list[str], body: list[str]) -> int:
    """One number for the tokens of a text and their places."""
    return sum(
        _token_weight(term, column, place)
        for column, terms in (("title", title), ("body", body))
        for place, term in enumerate(terms)
    )


def up_to_date(db: sqlite3.Connection) -> sqlite3.Connection:
    """The index in the newest version: itself, or a copy brought up to date, in a temporary file of SQLite's own.

    An older archive is brought up to date when something is next written into it; until then nothing is wrong with it.
    """
    if db.execute("pragma user_version").fetchone() == (LATEST,):
        return db
    copy = sqlite3.connect("", isolation_level=None)
    db.backup(copy)
    update(copy)
    return copy


def scratch() -> sqlite3.Connection:
    """An empty index in memory, to compare with."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("pragma foreign_keys = on")
    migrate(db, Path())
    return db


@contextmanager
def forgotten_after(db: sqlite3.Connection) -> Iterator[None]:
    """A block whose changes are undone when it ends."""
    db.execute("savepoint trial")
    try:
        yield
    finally:
        db.execute("rollback to trial")
        db.execute("release trial")
