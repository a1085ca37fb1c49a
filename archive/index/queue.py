"""What is still to fetch, in an order that survives anything.

    Wanted    an article to fetch
    Leased    one handed out to be fetched now
    Queue     the table: pending → fetching → done | failed (tried again at `retry_at`) | dead

Only the holder of the archive's lock leases, so whatever is `fetching` when an archive is opened belongs to a run
that died: it is pending again, and its attempts are not counted.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from archive.index.connection import transaction
from archive.index.events import forgotten, stamp

FAR = timedelta(days=7)
"""A time to retry further away than this comes from a clock that jumped: such an item is due now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An article to fetch.  source: what named it.  priority: the higher goes first."""

    id: str
    url: str
    addresses: tuple[str, ...] = ()
    source: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """An article handed out to be fetched now.  attempts: how often it failed before."""

    id: str
    url: str
    addresses: tuple[str, ...]
    source: str
    attempts: int


class Queue:
    """The queue of one archive.  Every method is one durable transaction, and raises StorageError."""

    def __init__(self, db: Callable[[], sqlite3.Connection], clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    def add(self, items: Iterable[Wanted], *, again: bool = False) -> int:
        """Queues what is not in the queue yet and was never forgotten on purpose; gives how many that were.

        again: whether what is done or dead is wanted once more, for a look at articles that may have changed.
        """
        now = stamp(self._clock())
        db = self._db()
        with transaction(db):
            before = db.total_changes
            for item in items:
                if not again and forgotten(db, item.id):
                    continue
                db.execute(
                    """
                    insert into queue values (
                        :id, :url, :addresses, :host, :source, :priority, 'pending', '', :now,
                        null, 0, null, '', '', :now
                    )
                    on conflict(id) do update set
                        state = 'pending', outcome = '', attempts = 0, retry_at = null, kind = '', error = '',
                        url = excluded.url, addresses = excluded.addresses, host = excluded.host,
                        source = excluded.source, priority = excluded.priority, changed = excluded.changed
                    where :again and state in ('done', 'dead')
                    """,
                    _row(item, now) | {"again": again},
                )
            return db.total_changes - before

    def lease(
        self, limit: int, *, seconds: float = 600.0, resting: Collection[str] = ()
    ) -> list[Leased]:
        """Hands out up to `limit` articles that are due, for `seconds`; none of the hosts that rest."""
        clock = self._clock()
        now = stamp(clock)
        db = self._db()
        with transaction(db):
            rows = db.execute(
                _NEXT,
                {
                    "now": now,
                    "far": stamp(clock + FAR),
                    "resting": json.dumps(list(resting)),
                    "limit": limit,
                },
            ).fetchall()
            db.executemany(
                "update queue set state = 'fetching', leased = ?, changed = ? where id = ?",
                [(stamp(clock + timedelta(seconds=seconds)), now, row[0]) for row in rows],
            )
        return [
            Leased(
                id=row[0],
                url=row[1],
                addresses=tuple(json.loads(row[2])),
                source=row[3],
                attempts=row[4],
            )
            for row in rows
        ]

    def take(self, item: Wanted, *, seconds: float = 600.0) -> None:
        """Hands out an article that somebody asks for by name, for `seconds`, whatever the queue says of it."""
        clock = self._clock()
        with transaction(self._db()):
            self._db().execute(
                """
                insert into queue values (
                    :id, :url, :addresses, :host, :source, :priority, 'fetching', '', :now,
                    :until, 0, null, '', '', :now
                )
                on conflict(id) do update set
                    state = 'fetching', outcome = '', leased = excluded.leased,
                    url = excluded.url, addresses = excluded.addresses, host = excluded.host,
                    source = iif(state in ('done', 'dead'), excluded.source, source),
                    attempts = iif(state in ('done', 'dead'), 0, attempts), changed = excluded.changed
                """,
                _row(item, stamp(clock)) | {"until": stamp(clock + timedelta(seconds=seconds))},
            )

    def done(self, id: str, outcome: str) -> None:
        """An item is finished; outcome: one word (`same`, `refused` …)."""
        with transaction(self._db()):
            self.end(id, outcome)

    def end(self, id: str, outcome: str) -> None:
        """As `done`, within a transaction that is open already."""
        self._db().execute(
            """
            update queue set state = 'done', outcome = ?, leased = null, retry_at = null, kind = '', error = '',
                changed = ?
            where id = ?
            """,
            (outcome, stamp(self._clock()), id),
        )

    def later(self, id: str, *, retry_at: datetime | None, error: str, kind: str) -> None:
        """An attempt failed.  retry_at: when to try again; None when it was tried often enough."""
        with transaction(self._db()):
            self._db().execute(
                """
                update queue set state = ?, leased = null, attempts = attempts + 1, retry_at = ?, kind = ?, error = ?,
                    changed = ?
                where id = ?
                """,
                (
                    "failed" if retry_at else "dead",
                    retry_at and stamp(retry_at),
                    kind,
                    error,
                    stamp(self._clock()),
                    id,
                ),
            )

    def release(self, ids: Iterable[str]) -> None:
        """Gives back what was leased and not tried; no attempt is counted."""
        now = stamp(self._clock())
        with transaction(self._db()):
            self._db().executemany(
                """
                update queue set state = iif(retry_at is null, 'pending', 'failed'), leased = null, changed = ?
                where id = ? and state = 'fetching'
                """,
                [(now, id) for id in ids],
            )

    def recover(self) -> int:
        """Makes pending again what a run that died was fetching; gives how many."""
        db = self._db()
        if not db.execute("select 1 from queue where state = 'fetching' limit 1").fetchone():
            return 0
        with transaction(db):
            return db.execute(
                """
                update queue set state = iif(retry_at is null, 'pending', 'failed'), leased = null
                where state = 'fetching'
                """
            ).rowcount

    def counts(self) -> dict[str, int]:
        """State → number of items; states without items are left out."""
        return dict(self._db().execute("select state, count(*) from queue group by state"))

    def state_of(self, id: str) -> str:
        """The state of an article in the queue; empty when it is not in it."""
        row = self._db().execute("select state from queue where id = ?", (id,)).fetchone()
        return str(row[0]) if row else ""

    def due(self, host: str | None = None, *, source: str | None = None) -> int:
        """How many items could be leased now; host, source: only its items."""
        clock = self._clock()
        row = self._db().execute(
            """
            select count(*) from queue
            where (state = 'pending' or (state = 'failed' and (retry_at <= :now or retry_at > :far)))
              and (:host is null or host = :host) and (:source is null or source = :source)
            """,
            {"now": stamp(clock), "far": stamp(clock + FAR), "host": host, "source": source},
        )
        return int(row.fetchone()[0])

    def rows(
        self,
        *,
        state: str | None = None,
        host: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        ids: Collection[str] | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Items as they stand in the table, those changed last first; only those that fit every filter given.

        state: `waiting` for all but what is done.
        """
        cursor = self._db().execute(
            f"""
            select id, url, host, source, priority, state, outcome, queued, leased, attempts, retry_at, kind, error,
                   changed
            from queue where {_FITS} order by changed desc, id limit :limit
            """,  # noqa: S608  a constant
            {
                "state": state,
                "host": host,
                "source": source,
                "kind": kind,
                "ids": _listed(ids),
                "limit": -1 if limit is None else limit,
            },
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def retry(
        self,
        *,
        state: str | None = None,
        host: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        ids: Collection[str] | None = None,
    ) -> int:
        """Makes failed and dead items pending again, attempts forgotten; gives how many.

        Their hosts rest no longer: who says "now" knows what the site said.
        """
        chosen = f"state in ('failed', 'dead') and {_FITS}"
        asked = {
            "state": state,
            "host": host,
            "source": source,
            "kind": kind,
            "ids": _listed(ids),
            "now": stamp(self._clock()),
        }
        db = self._db()
        with transaction(db):
            db.execute(
                f"""
                update hosts set rests_until = null
                where rests_until is not null and name in (select host from queue where {chosen})
                """,  # noqa: S608  a constant
                asked,
            )
            return db.execute(
                f"""
                update queue set state = 'pending', attempts = 0, retry_at = null, changed = :now
                where {chosen}
                """,  # noqa: S608  a constant
                asked,
            ).rowcount


_DUE = {
    "pending": "true",
    "failed": "(retry_at <= :now or retry_at > :far)",
    "fetching": "leased <= :now",
}
"""State → when an item in that state may be handed out."""

_OF_STATE = """
    select * from (
        select id, url, addresses, source, attempts, priority, queued, rowid as place from queue
        where state = '{}' and {} and host not in (select value from json_each(:resting))
        order by priority desc, queued, rowid limit :limit
    )
"""
# State by state, each in the order of `queue_next`: with one `or` over all of them every item that waits would be
# sorted for each few that are handed out.
_NEXT = f"""
    select id, url, addresses, source, attempts
    from ({" union all ".join(_OF_STATE.format(state, due) for state, due in _DUE.items())})
    order by priority desc, queued, place limit :limit
"""  # noqa: S608  constants


def _row(item: Wanted, now: str) -> dict[str, Any]:
    """What is written of an item."""
    return {
        "id": item.id,
        "url": item.url,
        "addresses": json.dumps(item.addresses),
        "host": urlsplit(item.url).hostname or "",
        "source": item.source,
        "priority": item.priority,
        "now": now,
    }


def _listed(ids: Collection[str] | None) -> str | None:
    return None if ids is None else json.dumps(list(ids))


_FITS = """
    (:state is null or state = :state or (:state = 'waiting' and state != 'done'))
    and (:host is null or host = :host)
    and (:source is null or source = :source) and (:kind is null or kind = :kind)
    and (:ids is null or id in (select value from json_each(:ids)))
"""
