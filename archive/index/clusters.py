"""Articles that are nearly the same, as groups.

    near_marks     the signature of each article's text (`archive.near`)
    near_bands     where to look for articles that may be alike
    near_pairs     articles that are alike, and how much
    near_groups    which group an article belongs to; an article alone belongs to none

A group is everything that hangs together by pairs, and is called after the article that the archive had first, so it
keeps its name as others join; when an article joins two groups, the one that was there first goes on.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.near import ALIKE, bands, signature, similarity

SCHEMA = """
create table near_marks (
    key       integer primary key references articles(key),
    signature blob not null
);
create table near_bands (
    band integer not null,
    key  integer not null,
    primary key (band, key)
) without rowid;
create table near_pairs (
    article    text not null references articles(id),
    other      text not null references articles(id),
    similarity real not null,
    primary key (article, other)
) without rowid;
create table near_groups (
    article  text primary key references articles(id),
    grouping text not null references articles(id)
) without rowid;
create index near_groups_grouping on near_groups(grouping);
create view clusters as
    select g.grouping as cluster, count(*) as articles, count(distinct nullif(a.outlet, '')) as outlets,
           count(distinct a.title) as headlines,
           min(coalesce(a.published, a.captured)) as first, max(coalesce(a.published, a.captured)) as last
    from near_groups g join articles a on a.id = g.article group by g.grouping;
"""

_CANDIDATES = 100
"""Articles compared with a new one, those that share the most bands: a formula that thousands of articles share must
not make each new one slow."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article that is alike to another.  similarity: from 0 to 1."""

    id: str
    similarity: float


def create(db: sqlite3.Connection) -> None:
    """Make the tables.  Part of a migration: called inside its transaction."""
    for statement in filter(str.strip, SCHEMA.split(";\n")):
        db.execute(statement)


def put(db: sqlite3.Connection, id: str, mark: bytes | None) -> None:
    """Find what an article is alike to, in place of what was found before.  mark: its signature, if it has one."""
    remove(db, id)
    if mark is None:
        return
    ((key,),) = db.execute("select key from articles where id = ?", (id,))
    near = alike(db, mark)
    db.execute("insert into near_marks values (?, ?)", (key, mark))
    values = [value for band in bands(mark) for value in (band, key)]
    # One statement takes half the time of one for each.
    places = ", ".join(["(?, ?)"] * (len(values) // 2))
    db.execute(f"insert or ignore into near_bands values {places}", values)  # noqa: S608
    for other in near:
        pairs = ((id, other.id, other.similarity), (other.id, id, other.similarity))
        db.executemany("insert into near_pairs values (?, ?, ?)", pairs)
    if near:
        _join(db, {id, *(other.id for other in near)})


def _join(db: sqlite3.Connection, ids: set[str]) -> None:
    """Make one group of these articles and of the groups they stand in."""
    names = {name for id in ids if (name := cluster_of(db, id)) is not None}
    first = _first(db, ids | names)
    for name in names:
        db.execute("update near_groups set grouping = ? where grouping = ?", (first, name))
    db.executemany(
        "insert into near_groups values (?, ?) on conflict do nothing", ((id, first) for id in ids)
    )


def remove(db: sqlite3.Connection, id: str) -> None:
    """Forget an article; those it was alike to are grouped without it."""
    row = db.execute(
        "select key, signature from near_marks where key = (select key from articles where id = ?)",
        (id,),
    ).fetchone()
    if row is None:
        return
    key, mark = row
    others = {other.id for other in neighbours(db, id)}
    db.execute("delete from near_pairs where article = ?", (id,))
    for other in others:
        db.execute("delete from near_pairs where article = ? and other = ?", (other, id))
    db.executemany(
        "delete from near_bands where band = ? and key = ?", ((band, key) for band in bands(mark))
    )
    db.execute("delete from near_marks where key = ?", (key,))
    _regroup(db, {id, *others})


def alike(db: sqlite3.Connection, mark: bytes) -> list[Neighbour]:
    """The articles whose text is alike."""
    return [near for near in _looked_at(db, mark) if near.similarity >= ALIKE]


def _looked_at(db: sqlite3.Connection, mark: bytes) -> list[Neighbour]:
    """The articles that may be alike, as alike as they are: those that share bands, at most `_CANDIDATES`."""
    wanted = bands(mark)
    rows = db.execute(
        f"""
        select a.id, m.signature from (
            select key from near_bands where band in ({", ".join("?" * len(wanted))})
            group by key order by count(*) desc, key limit {_CANDIDATES}
        ) as c
        join near_marks as m on m.key = c.key join articles as a on a.key = c.key
        """,  # noqa: S608
        wanted,
    )
    return [Neighbour(id, similarity(mark, other)) for id, other in rows]


def _regroup(db: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Write down anew the groups that these articles hang in."""
    left = set(ids)
    while left:
        group = _hanging(db, left.pop())
        left -= group
        listed = ", ".join("?" * len(group))
        db.execute(f"delete from near_groups where article in ({listed})", list(group))  # noqa: S608
        if len(group) > 1:
            first = _first(db, group)
            db.executemany(
                "insert into near_groups values (?, ?)", ((member, first) for member in group)
            )


def _hanging(db: sqlite3.Connection, id: str) -> set[str]:
    """The article and all that hangs together with it."""
    rows = db.execute(
        """
        with recursive hanging (id) as (
            select ? union select p.other from near_pairs p join hanging h on p.article = h.id
        )
        select id from hanging
        """,
        (id,),
    )
    return {id for (id,) in rows}


# -- asking --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A group of articles that are nearly the same.  id: that of the one the archive had first.

    first, last: when the earliest and the latest were published, ISO 8601.
    """

    id: str
    articles: int
    outlets: int
    headlines: int
    first: str
    last: str


def listed(
    db: sqlite3.Connection, *, limit: int | None, among: Iterable[str] | None = None
) -> list[Cluster]:
    """The groups, those with the newest article first.  among: only groups with one of these articles."""
    chosen = ""
    values: list[object] = []
    if among is not None:
        chosen = "where cluster in (select grouping from near_groups where article in (select value from json_each(?)))"
        values.append(json.dumps(list(among)))
    rows = db.execute(
        f"select cluster, articles, outlets, headlines, first, last from clusters {chosen}"  # noqa: S608
        " order by last desc, cluster limit ?",
        (*values, -1 if limit is None else limit),
    )
    return [
        Cluster(id=id, articles=many, outlets=outlets, headlines=headlines, first=first, last=last)
        for id, many, outlets, headlines, first, last in rows
    ]


def cluster_of(db: sqlite3.Connection, id: str) -> str | None:
    """The group an article belongs to, None when it stands alone."""
    row = db.execute("select grouping from near_groups where article = ?", (id,)).fetchone()
    return str(row[0]) if row else None


def members(db: sqlite3.Connection, cluster: str) -> list[str]:
    """The articles of a group, the earliest published first."""
    rows = db.execute(
        """
        select t.id from near_groups g join texts t on t.id = g.article where g.grouping = ?
        order by t.at, t.key
        """,
        (cluster,),
    )
    return [id for (id,) in rows]


def neighbours(db: sqlite3.Connection, id: str) -> list[Neighbour]:
    """What an article is alike to, the most alike first."""
    rows = db.execute(
        "select other, similarity from near_pairs where article = ? order by similarity desc, other",
        (id,),
    )
    return [Neighbour(other, alike) for other, alike in rows]


# -- checking ------------------------------------------------------------------------------------------------


def check(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Recompute everything from `texts`; gives (article, what is wrong) of each that differs."""
    rows = db.execute(
        """
        select t.id, t.body, a.key, m.signature from texts t join articles a on a.id = t.id
        left join near_marks m on m.key = a.key order by t.id
        """
    )
    banded = 0
    for id, body, key, mark in rows:
        expected = signature(body)
        if mark != expected:
            yield id, "its signature is not that of its text"
            continue
        if expected is None:
            continue
        wanted = set(bands(expected))
        banded += len(wanted)
        ((found,),) = db.execute(
            f"select count(*) from near_bands where key = ? and band in ({', '.join('?' * len(wanted))})",  # noqa: S608
            (key, *wanted),
        )
        if found != len(wanted):
            yield id, "its bands are not those of its signature"
        else:
            yield from ((id, what) for what in _wrong_pairs(db, id, expected))
    if db.execute("select count(*) from near_bands").fetchone()[0] != banded:
        yield "", "there are bands of no article"
    yield from _wrong_groups(db)


def _wrong_pairs(db: sqlite3.Connection, id: str, mark: bytes) -> Iterator[str]:
    stored = {near.id: near.similarity for near in neighbours(db, id)}
    for other, said in stored.items():
        row = db.execute(
            """
            select m.signature, p.similarity from articles a join near_marks m on m.key = a.key
            left join near_pairs p on p.article = a.id and p.other = ? where a.id = ?
            """,
            (id, other),
        ).fetchone()
        if row is None or row[1] != said or similarity(mark, row[0]) != said or said < ALIKE:
            yield f"it is not as alike to {other} as is written"
    found = _looked_at(db, mark)
    if _crowd(found):
        return
    for near in found:
        missing = near.similarity >= ALIKE and near.id not in (id, *stored)
        if missing and not _crowd(_looked_at(db, _mark_of(db, near.id))):
            yield f"it is alike to {near.id}, which is not written"


def _crowd(found: list[Neighbour]) -> bool:
    """Whether these are so many, or were before some of them went, that a new one was not compared with all."""
    return len(found) > _CANDIDATES // 2


def _mark_of(db: sqlite3.Connection, id: str) -> bytes:
    ((mark,),) = db.execute(
        "select signature from near_marks where key = (select key from articles where id = ?)",
        (id,),
    )
    return bytes(mark)


def _wrong_groups(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    stored = dict(db.execute("select article, grouping from near_groups"))
    paired = {id for (id,) in db.execute("select article from near_pairs")}
    for id in sorted(paired | stored.keys()):
        group = _hanging(db, id)
        if stored.get(id) != (_first(db, group) if len(group) > 1 else None):
            yield id, "it stands in another group than its pairs say"


def _first(db: sqlite3.Connection, group: set[str]) -> str | None:
    """The member that the archive had first."""
    row = db.execute(
        f"select id from articles where id in ({', '.join('?' * len(group))})"  # noqa: S608
        " order by first_captured, id limit 1",
        sorted(group),
    ).fetchone()
    return str(row[0]) if row else None
