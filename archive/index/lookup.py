"""What readers ask of the index: articles, their texts, their captures, how much there is.  Only reads."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archive.index.events import as_seen
from archive.index.rows import valued
from archive.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article as a list shows it.

    published, captured: ISO 8601 with offset; published is empty when the page names no time.  captured: the newest
    text's.  state: what its page is today.  path: of the newest text, below the archive.  length: characters of text.
    copy_of: the id of the article with the same body, empty for an original.
    gone, confirmed, back: when its page was first seen withdrawn, was still so, and was there again; empty where never.
    """

    key: int
    id: str
    title: str
    url: str
    outlet: str
    author: str
    category: str
    published: str
    captured: str
    state: State
    rule: str
    revision: int
    length: int
    path: str
    copy_of: str
    gone: str
    confirmed: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of an article.

    suspect, older: never the current one.  path: where its file stands, below the archive; sha256: of that file.
    """

    number: int
    title: str
    captured: str
    length: int
    suspect: bool
    older: bool
    path: str
    sha256: str
    capture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A text that waits for a person's word: so much shorter than the current one that it was kept aside."""

    id: str
    number: int
    title: str
    current_length: int
    length: int
    captured: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One answer of the site about an article.  verdict: what it meant to the archive, empty when nothing."""

    at: str
    state: str
    rule: str
    status: int
    url: str
    verdict: str
    record: str


_FOUND = """
    select t.key, a.id, a.title, a.url, a.outlet, a.author, a.category, coalesce(a.published, ''), a.captured, a.state,
    a.rule, a.revision, a.length, a.path, coalesce(a.copy_of, ''), coalesce(a.gone, ''),
    coalesce(a.confirmed, ''), coalesce(a.back, '')
    from texts t join articles a on a.id = t.id
"""
"""The columns of a `Found`, in its order."""


def articles(db: sqlite3.Connection, keys: Iterable[int]) -> Iterator[Found]:
    """The articles of these search keys, in this order."""
    for key in keys:
        row = db.execute(f"{_FOUND} where t.key = ?", (key,)).fetchone()
        if row is not None:
            yield _found(row)


def article(db: sqlite3.Connection, id: str) -> Found | None:
    """The article of this id."""
    row = db.execute(f"{_FOUND} where a.id = ?", (id,)).fetchone()
    return _found(row) if row else None


def copies(db: sqlite3.Connection, id: str) -> list[Found]:
    """The articles that have the same body, the earliest first."""
    rows = db.execute(f"{_FOUND} where a.copy_of = ? order by t.key", (id,))
    return [_found(row) for row in rows]


def gone(db: sqlite3.Connection, keys: Iterable[int] | None = None) -> list[Found]:
    """The articles that were withdrawn and are not back, the latest first."""
    rows = db.execute(
        f"{_FOUND} where a.gone is not null and a.back is null order by a.gone desc, t.key desc"
    )
    among = None if keys is None else set(keys)
    return [found for found in map(_found, rows) if among is None or found.key in among]


def text(db: sqlite3.Connection, key: int) -> str:
    """The text of an article as a reader reads it."""
    row = db.execute("select body from texts where key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def revisions(db: sqlite3.Connection, id: str) -> list[Revision]:
    """Every text of an article, the earliest first: by number, and those brought later in their time."""
    rows = db.execute(
        f"""
        select number, title, captured, length, suspect, {older(db)}, path, sha256, capture
        from revisions where article = ? order by number
        """,  # noqa: S608  one of two words of ours
        (id,),
    )
    found = [
        Revision(
            number=number,
            title=title,
            captured=captured,
            length=length,
            suspect=bool(suspect),
            older=bool(late),
            path=path,
            sha256=sha256,
            capture=capture,
        )
        for number, title, captured, length, suspect, late, path, sha256, capture in rows
    ]
    ordered = [one for one in found if not one.older]
    for brought in sorted((one for one in found if one.older), key=lambda one: one.captured):
        later = (n for n, one in enumerate(ordered) if one.captured > brought.captured)
        ordered.insert(next(later, len(ordered)), brought)
    return ordered


def older(db: sqlite3.Connection) -> str:
    """The column of `revisions` by that name, or what stands for it in an archive that was not written to since."""
    (version,) = db.execute("pragma user_version").fetchone()
    return "older" if version >= 5 else "0"


def suspects(db: sqlite3.Connection) -> list[Suspect]:
    """The texts that wait for a person's word, the latest first."""
    rows = db.execute(
        """
        select id, number, title, current_length, length, captured, path from suspect
        order by captured desc, id, number
        """
    )
    return [valued(Suspect, row) for row in rows]


def dismissed(db: sqlite3.Connection, id: str) -> set[int]:
    """The numbers of an article's suspect texts that a person dismissed."""
    (version,) = db.execute("pragma user_version").fetchone()
    if version < 2:  # an archive that nothing was written to since the table came
        return set()
    rows = db.execute("select number from dismissed where article = ?", (id,))
    return {number for (number,) in rows}


def seen(db: sqlite3.Connection, id: str) -> list[Seen]:
    """What the site answered when it was asked for the article, the earliest first."""
    rows = db.execute(
        """
        select at, state, rule, status, url, verdict, record from captures
        where id = ? and kind = 'page' order by at, record
        """,
        (id,),
    )
    return [valued(Seen, row) for row in rows]


def addresses(db: sqlite3.Connection, id: str) -> list[str]:
    """Every address known to lead to the article, the canonical one first."""
    rows = db.execute(
        """
        select url from articles where id = :id
        union all
        select * from (select url from aliases where id = :id order by seen, url)
        """,
        {"id": id},
    )
    return list(dict.fromkeys(url for (url,) in rows))


def exactly(db: sqlite3.Connection, word: str) -> list[str]:
    """The ids of the articles of which this is the id, or an address."""
    rows = db.execute(
        """
        select id from articles where id = :word or url = :word
        union
        select a.id from aliases join articles a on a.id = aliases.id where aliases.url = :word
        """,
        {"word": word},
    )
    return [id for (id,) in rows]


def named(db: sqlite3.Connection, word: str) -> list[str]:
    """The ids a word may mean: an id, an address, or the beginning of ids (at most a few)."""
    if exact := exactly(db, word):
        return exact
    near = db.execute(
        "select id from articles where id >= :word and id < :word || '~' order by id limit 6",
        {"word": word},
    )
    return [id for (id,) in near]


def same_text(db: sqlite3.Connection, id: str, number: int, *, own: str, of: str) -> int | None:
    """Which text of the article `of` has the body that a copy only links to; None for one that repeats it.

    own: the fingerprint of the words in the copy's file.
    """
    row = db.execute(
        """
        select o.number from revisions c join revisions o on o.article = ? and o.print_text = c.print_text
        where c.article = ? and c.number = ? and c.print_text <> ?
        order by o.print_pictures <> '' desc, o.number desc limit 1
        """,
        (of, id, number, own),
    ).fetchone()
    return int(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture lies: the WARC file below the archive, the byte its record begins at."""

    path: str
    offset: int


def pages(db: sqlite3.Connection, id: str, *, before: str = "") -> dict[str, str]:
    """Address → the newest record of an article's page, or of a later page of it, as it came from there.

    before: a moment as captures tell it; those that came later are left out.
    """
    pages = """
        id = :id and state in ('ok', 'part') and status <> 304 and type <> 'metadata'
        and (:before = '' or at < :before)
    """
    return dict(as_seen(db, "url, record", pages, {"id": id, "before": before}))


def looked_at_again(db: sqlite3.Connection, record: str) -> str:
    """When the article of a capture was next found on the site, as captures tell it; empty for never."""
    row = db.execute(
        """
        select min(next.at) from captures one join captures next on next.id = one.id
        where one.record = ? and next.at > one.at and next.state = 'ok' and next.status <> 304
        """,
        (record,),
    ).fetchone()
    return str(row[0] or "")


def page_of_text(db: sqlite3.Connection, id: str) -> str:
    """The address of the kept page that an article's current text was read from; empty when there is none."""
    row = db.execute(
        """
        select c.url from articles a
        join revisions r on r.article = a.id and r.number = a.revision
        join captures c on c.record = r.capture and c.type <> 'metadata'
        where a.id = ?
        """,
        (id,),
    ).fetchone()
    return str(row[0]) if row else ""


def places(db: sqlite3.Connection, record: str) -> list[Place]:
    """Where a capture lies and, when its body was the same as an earlier one's, where that lies; empty for none."""
    rows = db.execute(
        """
        select path, offset from captures where record = :record and type <> 'metadata'
        union all
        select o.path, o.offset from captures c join captures o on o.record = c.refers
        where c.record = :record and c.type = 'revisit'
        """,
        {"record": record},
    )
    return [Place(path, offset) for path, offset in rows]


def _found(row: tuple[Any, ...]) -> Found:
    told = dict(zip(Found.__slots__, row, strict=True))
    return Found(**told | {"state": State(told["state"])})


def totals(db: sqlite3.Connection) -> tuple[int, int]:
    """How many articles and captures an index has."""
    row = db.execute(
        "select (select count(*) from articles), (select count(*) from captures)"
    ).fetchone()
    return int(row[0]), int(row[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an index tells of.  articles: their ids.  pages: the records of their captures."""

    articles: frozenset[str]
    pages: frozenset[str]


def held(db: sqlite3.Connection) -> Held:
    """The articles and the captures of pages that an index has."""
    articles = db.execute("select id from articles")
    pages = db.execute("select record from captures where kind = 'page'")
    return Held(
        articles=frozenset(id for (id,) in articles),
        pages=frozenset(record for (record,) in pages),
    )


def newest(db: sqlite3.Connection) -> str:
    """When the newest capture was made; empty when there is none."""
    return str(db.execute("select coalesce(max(at), '') from captures").fetchone()[0])
