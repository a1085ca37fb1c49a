"""Captures and what they meant, as rows; and where an article stands after all of them.

put_capture     one capture, with its event
Standing        the state of an article as its captures tell it: there, gone, confirmed gone, back again
as_seen         captures in the order in which they were seen
put_aliases     addresses of an article; of two claims to one address the earlier holds
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.captures import serial
from archive.state import State
from archive.stored import Stored
from archive.warc import Event, Known

CONFIRMED = timedelta(hours=1)
"""A withdrawal is confirmed when it is still seen so much later: sites have bad minutes."""


def stamp(at: datetime) -> str:
    """A time of our clock as the index stores it: UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def fine_stamp(at: datetime) -> str:
    """A time to the millisecond, for rows whose order matters."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def put_capture(db: sqlite3.Connection, stored: Stored) -> None:
    """Records where a capture lies and what it meant."""
    event = stored.event
    if event.kind == "page":
        db.execute(
            """
            insert into captures (
                record, id, kind, type, url, at, status, size, digest, path, offset, end, refers,
                state, rule, layout, charset, verdict, evidence, etag, last_modified
            ) values (
                :record, :id, :kind, :type, :url, :at, :status, :size, :digest, :path, :offset, :end, :refers,
                :state, :rule, :layout, :charset, :verdict, :evidence, :etag, :last_modified
            )
            on conflict(record) do nothing
            """,
            {
                "record": stored.record,
                "id": event.id,
                "kind": event.kind,
                "type": stored.type,
                "url": stored.url,
                "at": fine_stamp(event.at),
                "status": stored.status,
                "size": stored.size,
                "digest": stored.digest,
                "path": stored.path,
                "offset": stored.offset,
                "end": stored.end,
                "refers": stored.refers,
                "state": event.state,
                "rule": event.rule,
                "layout": event.layout,
                "charset": event.charset,
                "verdict": event.verdict,
                "evidence": event.evidence,
                "etag": event.etag,
                "last_modified": event.last_modified,
            },
        )
        if event.origin not in ("", "http"):
            # Apart, since the tests still write to schemas that lack the column, and migrate them.
            db.execute("update captures set brought = 1 where record = ?", (stored.record,))
    elif event.kind == "forgotten":
        db.execute(
            """
            insert into tombstones values (?, ?)
            on conflict(id) do update set at = max(at, excluded.at)
            """,
            (event.id, stamp(event.at)),
        )
    elif event.kind == "dismissed":
        db.execute(
            "insert or ignore into dismissed values (?, ?, ?)",
            (event.id, event.revision, stamp(event.at)),
        )
    put_aliases(db, event.id, event.addresses, event.at)


def forgotten(db: sqlite3.Connection, id: str) -> bool:
    """Whether a tombstone stands for an article."""
    row = db.execute("select 1 from tombstones where id = ?", (id,)).fetchone()
    return row is not None


def is_told(db: sqlite3.Connection, event: Event) -> bool:
    """Whether the index knows what an event tells; also when it forgot the article since."""
    row = db.execute(
        """
        select exists (select 1 from tombstones where id = :id and at >= :second)
            or exists (select 1 from captures where id = :id and at = :at)
            or :kind not in ('page', 'forgotten')
               and :revision <= coalesce((select max(number) from revisions where article = :id), 0)
        """,
        {
            "id": event.id,
            "second": stamp(event.at),
            "at": fine_stamp(event.at),
            "kind": event.kind,
            "revision": event.revision,
        },
    ).fetchone()
    return bool(row[0])


def replace_file(db: sqlite3.Connection, path: str, stored: Iterable[Stored], *, size: int) -> None:
    """Records anew what stands in one capture file, which was rewritten and now has so many bytes."""
    db.execute("delete from captures where path = ?", (path,))
    for one in stored:
        put_capture(db, one)
    put_file(db, path, size)


def put_file(db: sqlite3.Connection, path: str, size: int) -> None:
    """Records up to which byte a capture file is known."""
    db.execute(
        """
        insert into warc_files values (?, ?)
        on conflict(path) do update set size = excluded.size
        """,
        (path, size),
    )


def files(db: sqlite3.Connection) -> dict[str, int]:
    """Path → bytes known, of every capture file."""
    return dict(db.execute("select path, size from warc_files order by path"))


def known(db: sqlite3.Connection, digest: str) -> Known | None:
    """The record that holds a body with this digest, if there is one."""
    row = db.execute(
        """
        select record, url, at from captures
        where digest = ? and digest <> '' and type = 'response' order by at, record limit 1
        """,
        (digest,),
    ).fetchone()
    if row is None:
        return None
    at = datetime.fromisoformat(row[2])
    return Known(record=row[0], url=row[1], at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def put_aliases(db: sqlite3.Connection, id: str, addresses: Iterable[str], at: datetime) -> None:
    """Remembers addresses of an article.  The earlier claim holds: a later page cannot take an address away."""
    db.executemany(
        """
        insert into aliases values (?, ?, ?)
        on conflict(url) do update set id = excluded.id, seen = excluded.seen
        where (excluded.seen, excluded.id) < (seen, id)
        """,
        [(address, id, fine_stamp(at)) for address in addresses],
    )


def unknown(db: sqlite3.Connection, addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that are not yet remembered for any article."""
    return [
        address
        for address in dict.fromkeys(addresses)
        if db.execute("select 1 from aliases where url = ?", (address,)).fetchone() is None
    ]


def id_of(db: sqlite3.Connection, address: str) -> str | None:
    """The article that an address leads to: its own canonical address counts more than what others claim."""
    row = db.execute(
        """
        select id from articles where url = :address
        union all
        select id from aliases where url = :address
        limit 1
        """,
        {"address": address},
    ).fetchone()
    return row[0] if row else None


def mentioned(db: sqlite3.Connection, id: str) -> bool:
    """Whether any capture is of this id."""
    return db.execute("select 1 from captures where id = ? limit 1", (id,)).fetchone() is not None


@dataclass(slots=True)
class Standing:
    """Where an article stands.

    state, rule: what its page last was, refusals and failures aside.  checked: when that was seen.
    gone: when it was first seen withdrawn, in its newest withdrawal.  confirmed: when it was still so, an hour or more
    later.  back: when it was seen again after that.
    """

    state: str = "ok"
    rule: str = ""
    checked: str = ""
    gone: str | None = None
    confirmed: str | None = None
    back: str | None = None
    etag: str = ""
    last_modified: str = ""

    def see(self, state: str, rule: str, at: str, etag: str, last_modified: str) -> None:
        """Takes one more capture into account; they come in the order in which they were seen."""
        word = State(state)
        if word.undecided:
            return
        when = stamp(datetime.fromisoformat(at))
        if word.withdrawn and (self.gone is None or self.back is not None):
            self.gone, self.confirmed, self.back = when, None, None
        elif word.withdrawn and self.confirmed is None and self.gone is not None:
            self.gone = min(self.gone, when)  # the clock was ahead when it was first seen
            if datetime.fromisoformat(at) - datetime.fromisoformat(self.gone) >= CONFIRMED:
                self.confirmed = when
        elif word is State.OK and self.gone is not None and self.back is None:
            self.back = when
        self.state, self.rule, self.checked = state, rule, when
        if word is State.OK and (etag or last_modified):
            self.etag, self.last_modified = etag, last_modified


def standing(db: sqlite3.Connection, id: str) -> Standing:
    """Where an article stands after all its captures."""
    result = Standing()
    facts = "state, rule, at, etag, last_modified"
    for row in as_seen(db, facts, "id = :id and state <> ''", {"id": id}):
        result.see(*row)
    return result


def as_seen(
    db: sqlite3.Connection, facts: str, where: str, words: dict[str, str]
) -> list[tuple[Any, ...]]:
    """Facts of captures in the order in which these were seen.  facts: columns.  where: which captures, in SQL.

    What was fetched was seen as it was written, whatever the clock told then.  What somebody brought was seen at its
    own time: before the first that was fetched later.
    """
    (version,) = db.execute("pragma user_version").fetchone()
    brought = "brought" if version >= 7 else "1"  # nothing was written since the column came
    rows = db.execute(
        f"select path, offset, at, {brought}, {facts} from captures where {where}",  # noqa: S608
        words,
    )
    latest = ""
    placed = []
    for _, _, at, by_its_time, *told in sorted(rows, key=lambda row: (serial(row[0]), row[1])):
        if not by_its_time:
            latest = max(latest, at)
        placed.append((at if by_its_time else latest, tuple(told)))
    return [told for _, told in sorted(placed, key=lambda place: place[0])]


def settle(db: sqlite3.Connection, id: str) -> None:
    """Writes where an article stands into its row, if it has one."""
    now = standing(db, id)
    db.execute(
        """
        update articles set state = ?, rule = ?, checked = coalesce(nullif(?, ''), checked), gone = ?,
            confirmed = ?, back = ?, etag = ?, last_modified = ?
        where id = ?
        """,
        (
            now.state,
            now.rule,
            now.checked,
            now.gone,
            now.confirmed,
            now.back,
            now.etag,
            now.last_modified,
            id,
        ),
    )
