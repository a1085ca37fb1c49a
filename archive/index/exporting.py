"""What an export asks of the index beyond what readers ask: every fact, and where captures lie.  Only reads."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from archive.index.rows import valued

_MANY = 500
"""Rows asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the index knows of one text that neither its file nor a list tells.

    first_captured: when the text that was kept first was fetched.  checked: the last look at its page; etag,
    last_modified: what the server said then.  copy_of: as the text was taken when it was kept, empty for an original.
    """

    first_captured: str
    checked: str
    etag: str
    last_modified: str
    copy_of: str


def kept(db: sqlite3.Connection, id: str, number: int) -> Kept:
    """What is known of one text of an article; both must be there."""
    row = db.execute(
        """
        select a.first_captured, a.checked, a.etag, a.last_modified, coalesce(r.copy_of, '')
        from articles a join revisions r on r.article = a.id where a.id = ? and r.number = ?
        """,
        (id, number),
    ).fetchone()
    return valued(Kept, row)


def latest(db: sqlite3.Connection, keys: Sequence[int], *, limit: int | None) -> list[int]:
    """The search keys of those articles whose first text was fetched last, the latest first."""
    newest = nlargest(len(keys) if limit is None else limit, _first_fetched(db, keys))
    return [key for *_, key in newest]


def _first_fetched(db: sqlite3.Connection, keys: Sequence[int]) -> Iterator[tuple[str, str, int]]:
    """Of each article when its first text was fetched, which sorts as text since it is in UTC; its id; its key."""
    for start in range(0, len(keys), _MANY):
        few = keys[start : start + _MANY]
        yield from db.execute(
            f"""
            select a.first_captured, a.id, t.key from texts t join articles a on a.id = t.id
            where t.key in ({", ".join("?" * len(few))})
            """,  # noqa: S608
            few,
        )


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a page that was kept lies: its record, its file, and the byte it begins at.

    id: whose page it is.  after: where the page before it in that file ends; its own request is looked for from there.
    refers: the record that holds the body of a revisit, empty for others.
    """

    record: str
    id: str
    path: str
    offset: int
    after: int
    refers: str


_LYING = """
    select c.record, c.id, c.path, c.offset,
        coalesce((select e.end from captures e where e.path = c.path and e.offset < c.offset
                  order by e.offset desc limit 1), 0),
        c.refers
    from captures c
"""
_CURRENT = """
    exists (select 1 from articles a join revisions r on r.article = a.id and r.number = a.revision
            where a.id = c.id and (r.capture = c.record or c.state = 'part'))
"""
"""A page that a current text was read from, or that goes on where such a page ends."""


def pages(db: sqlite3.Connection, ids: Sequence[str], *, current: bool) -> Iterator[Lying]:
    """The kept pages of these articles, the earliest first.  current: only those that current texts were read from."""
    rows = db.execute(
        f"""
        {_LYING} where c.id in (select value from json_each(?)) and c.type <> 'metadata'
        and {_CURRENT if current else "1"} order by c.at, c.record
        """,  # noqa: S608
        (json.dumps(ids),),
    )
    return (Lying(*row) for row in rows)


def pageless(db: sqlite3.Connection, ids: Sequence[str], *, current: bool) -> int:
    """How many of these articles have no such page."""
    (number,) = db.execute(
        f"""
        select count(*) from json_each(?) as wanted where not exists (
            select 1 from captures c where c.id = wanted.value and c.type <> 'metadata'
            and {_CURRENT if current else "1"})
        """,  # noqa: S608
        (json.dumps(ids),),
    ).fetchone()
    return int(number)


def page(db: sqlite3.Connection, record: str) -> Lying | None:
    """Where one page lies; None when it is not there."""
    row = db.execute(f"{_LYING} where c.record = ?", (record,)).fetchone()
    return Lying(*row) if row else None


def is_current(db: sqlite3.Connection, record: str) -> bool:
    """Whether the current text of an article was read from a page."""
    row = db.execute(f"select exists ({_LYING} where c.record = ? and {_CURRENT})", (record,))
    return bool(row.fetchone()[0])
