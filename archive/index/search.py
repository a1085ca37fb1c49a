"""Full-text search over Chinese: what is indexed, and how a query is answered.

    texts          one row an article: headline and text as a reader reads them, for people with SQL and for snippets
    articles_fts   their tokens (`archive.text.terms`), without a copy of the text

Both are keyed by time of publication in seconds, the next free second where two share one: the newest first is
then the index's own order, and an answer costs what it shows, not what it matches.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archive.findable import Findable
from archive.query import All, Any, Named, Node, Not, Query, When, Words
from archive.text import indexed

TEXTS = """
create table texts (
    key integer primary key,    -- second of publication, or the next free one: the key in articles_fts
    id text not null unique references articles(id),
    at integer not null,        -- second of publication (or of capture, where the page names no time), Unix time
    title text not null,        -- the headline
    body text not null          -- the text as a reader reads it: no markup, one block a line
)
"""

TOKENS = """
create virtual table articles_fts using fts5(
    title, body, content='', tokenize='ascii'
)
"""

TITLE_WEIGHT = 8.0
"""How much more a word in the headline says than one in the text, when sorting by relevance."""

RANKED = 2_000
"""Sorting by relevance looks at that many of the newest matches: it costs the same whatever is asked."""

_PENDING = 32 << 20
"""Bytes of postings gathered before FTS5 writes a segment, within one transaction."""

Tokens = Callable[[int, Findable], None]
"""Takes the tokens of a text, to be indexed under a key."""


def create(db: sqlite3.Connection) -> None:
    """Make the tables.  Part of a migration: called inside its transaction."""
    db.execute(TEXTS)
    create_tokens(db, pending=_PENDING)


def create_tokens(db: sqlite3.Connection, *, pending: int) -> None:
    """Make the table of tokens alone.  pending: bytes of postings gathered before a segment is written."""
    db.execute(TOKENS)
    db.execute("insert into articles_fts (articles_fts, rank) values ('hashsize', ?)", (pending,))


def put_off_merging(db: sqlite3.Connection) -> None:
    """Let segments stand until there are sixteen of a size, where else four of them are merged: each text is then
    written once or twice and not again and again.
    """
    db.execute("insert into articles_fts (articles_fts, rank) values ('automerge', 0)")


def put(
    db: sqlite3.Connection,
    id: str,
    found: Findable,
    *,
    when: datetime,
    tokens: Tokens | None = None,
) -> None:
    """Index an article, in place of what was indexed for it.  when: published, or captured.

    tokens: who indexes the tokens, when they are not indexed here.
    """
    remove(db, id)
    at = int(when.timestamp())
    key = _free(db, at)
    db.execute("insert into texts values (?, ?, ?, ?, ?)", (key, id, at, found.title, found.body))
    if tokens:
        tokens(key, found)
    else:
        put_tokens(db, key, found.title_tokens, found.body_tokens)


def put_tokens(db: sqlite3.Connection, key: int, title: str, body: str) -> None:
    """Index the tokens of a text under a key that is free."""
    db.execute("insert into articles_fts (rowid, title, body) values (?, ?, ?)", (key, title, body))


def remove(db: sqlite3.Connection, id: str) -> None:
    """Take an article out of the index; nothing happens when it is not in it."""
    row = db.execute("select key, title, body from texts where id = ?", (id,)).fetchone()
    if row is None:
        return
    key, title, body = row
    # A contentless table forgets a row when it is told the row's tokens once more; SQLite 3.40 knows no other way.
    db.execute(
        "insert into articles_fts (articles_fts, rowid, title, body) values ('delete', ?, ?, ?)",
        (key, indexed(title), indexed(body)),
    )
    db.execute("delete from texts where key = ?", (key,))


def _free(db: sqlite3.Connection, key: int) -> int:
    """`key`, or the first free one after it."""
    if db.execute("select 1 from texts where key = ?", (key,)).fetchone() is None:
        return key
    ((last,),) = db.execute(
        """
        select key from texts where key >= ?
        and not exists (select 1 from texts as next where next.key = texts.key + 1)
        order by key limit 1
        """,
        (key,),
    )
    return int(last) + 1


# -- asking --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pieces:
    """A query as SQL over `texts as t join articles as a`.

    match: the FTS5 expression that drives it, None when no word has to be there.  where: conditions, all to hold.
    first, last: keys outside of which nothing can be found; they spare looking there.
    """

    match: str | None = None
    first: int | None = None
    last: int | None = None
    where: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def condition(self) -> str:
        """The conditions as one."""
        return " and ".join(self.where) or "1"

    def within(self, key: str) -> str:
        """The bounds as conditions on a key."""
        low = "" if self.first is None else f" and {key} >= {self.first}"
        return low if self.last is None else f"{low} and {key} <= {self.last}"


_CROWD = 86_400
"""Seconds by which a key may lie after its time, when so many articles share it."""


def pieces(query: Query) -> Pieces:
    """The query as SQL.  Words that must be there drive the search; all else is a condition on what it finds."""
    made = Pieces()
    root = query.root
    parts: tuple[Node, ...] = root.parts if isinstance(root, All) else (root,) if root else ()
    driving: list[str] = []
    refused: list[str] = []
    for part in parts:
        if (expression := _match(part)) is not None:
            driving.append(expression)
        elif isinstance(part, Not) and (expression := _match(part.part)) is not None:
            refused.append(expression)
        else:
            made.where.append(_condition(part, made.values))
        if isinstance(part, When) and part.start:
            start = int(part.start.timestamp())
            made.first = start if made.first is None else max(start, made.first)
        if isinstance(part, When) and part.end:
            end = int(part.end.timestamp()) + _CROWD
            made.last = end if made.last is None else min(end, made.last)
    if driving:
        made.match = " AND ".join(driving)
        for expression in refused:
            made.match = f"({made.match}) NOT {expression}"
    else:
        for expression in refused:
            made.where.append(f"not {_FOUND}")
            made.values.append(expression)
    return made


_FOUND = "t.key in (select rowid from articles_fts where articles_fts match ?)"


def _match(node: Node) -> str | None:
    """The node as an FTS5 expression, None when it asks for more than words."""
    match node:
        case Words(term, title):
            return f"(title : {term.phrase})" if title else f"({term.phrase})"
        case All(parts) | Any(parts):
            inner = [_match(part) for part in parts]
            word = " AND " if isinstance(node, All) else " OR "
            return f"({word.join(filter(None, inner))})" if None not in inner else None
        case _:
            return None


def _condition(node: Node, values: list[object]) -> str:
    """The node as a condition; its values are added in the order of their marks."""
    expression = _match(node)
    if expression is not None:
        values.append(expression)
        return _FOUND
    match node:
        case Not(part):
            return f"not {_condition(part, values)}"
        case All(parts):
            return "(" + " and ".join([_condition(part, values) for part in parts]) + ")"
        case Any(parts):
            return "(" + " or ".join([_condition(part, values) for part in parts]) + ")"
        case When(start, end):
            bounds = [("t.at >= ?", start), ("t.at < ?", end)]
            values.extend(int(when.timestamp()) for _, when in bounds if when is not None)
            return "(" + " and ".join(mark for mark, when in bounds if when is not None) + ")"
        case Named(name, wanted):
            return "(" + " or ".join([_named(name, value, values) for value in wanted]) + ")"
        case Words():
            raise AssertionError("words are FTS5 expressions")


_PICTURES = (
    "exists (select 1 from article_images as i where i.article = a.id and i.revision = a.revision"
)
_HOLDS = {
    ("has", "picture"): f"{_PICTURES})",
    ("has", "missing"): f"{_PICTURES} and i.missing <> '')",
    ("has", "video"): "a.videos > 0",
    ("has", "tag"): "exists (select 1 from article_tags as g where g.article = a.id)",
    ("has", "author"): "a.author <> ''",
    ("has", "outlet"): "a.outlet <> ''",
    ("has", "summary"): "a.summary <> ''",
    ("has", "cover"): "a.cover <> ''",
    ("has", "time"): "a.published is not null",
    ("is", "gone"): "(a.gone is not null and a.back is null)",
    ("is", "back"): "a.back is not null",
    ("is", "revised"): (
        "exists (select 1 from revisions as r join revisions as c on c.article = r.article"
        " where r.article = a.id and c.number = a.revision and not r.suspect and r.capture <> c.capture)"
    ),
    ("is", "copy"): "a.copy_of is not null",
    ("is", "suspect"): "a.id in (select id from suspect)",
}


def _named(name: str, value: str, values: list[object]) -> str:
    if (name, value) in _HOLDS:
        return _HOLDS[name, value]
    if name == "tag":
        values.append(value)
        return (
            "exists (select 1 from article_tags as g"
            " where g.article = a.id and g.tag = ? collate nocase)"
        )
    if name == "url":
        values.extend((value, value))
        return "(a.url = ? or a.id in (select id from aliases where url = ?))"
    if name == "id":
        values.extend((value, value))
        return "substr(a.id, 1, length(?)) = ?"
    if name in ("category", "state", "layout"):
        values.append(value)
        return f"a.{name} = ? collate nocase"
    values.append(_like(value))
    return f"a.{name} like ? escape '\\'"


def _like(value: str) -> str:
    for mark in "\\%_":
        value = value.replace(mark, "\\" + mark)
    return f"%{value}%"


_JOINS = "cross join texts as t on t.key = f.rowid cross join articles as a on a.id = t.id"


def _source(made: Pieces) -> str:
    """The tables and conditions of the query; nothing is joined that nothing is asked of."""
    if made.match is None:
        joined = "cross join articles as a on a.id = t.id" if made.where else ""
        return f"texts as t {joined} where {made.condition()}{made.within('t.key')}"
    joined = _JOINS if made.where else ""
    where = f"f.articles_fts match ? and {made.condition()}{made.within('f.rowid')}"
    return f"articles_fts as f {joined} where {where}"


def keys(db: sqlite3.Connection, query: Query, *, limit: int | None, ranked: bool) -> list[int]:
    """The keys of what the query finds: the newest first, or the most relevant of the newest `RANKED` first."""
    made = pieces(query)
    few = -1 if limit is None else limit
    words = [] if made.match is None else [made.match]
    key = "t.key" if made.match is None else "f.rowid"
    newest = f"from {_source(made)} order by {key} desc"
    if ranked and made.match is not None:
        score = f"bm25(articles_fts, {TITLE_WEIGHT}, 1.0)"
        newest = f"from (select {key} as key, {score} as score {newest} limit {RANKED}) order by score, key desc"
        key = "key"
    found = db.execute(f"select {key} {newest} limit ?", (*words, *made.values, few))
    return [key for (key,) in found]


def count(db: sqlite3.Connection, query: Query) -> int:
    """How many articles the query finds."""
    made = pieces(query)
    words = [] if made.match is None else [made.match]
    (found,) = db.execute(
        f"select count(*) from {_source(made)}",  # noqa: S608
        (*words, *made.values),
    ).fetchone()
    return int(found)


def ids(db: sqlite3.Connection, query: Query, *, limit: int | None = None) -> Iterator[str]:
    """The ids of what the query finds, the newest first."""
    for key in keys(db, query, limit=limit, ranked=False):
        ((id,),) = db.execute("select id from texts where key = ?", (key,))
        yield id
