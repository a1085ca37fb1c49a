"""What is known of the hosts that are asked, from one run to the next: a new process is not a new visitor.

KnownHost    when a host was asked lately, and until when it wants to be left alone
Hosts        the table
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.index.connection import transaction
from archive.index.events import stamp

LATELY = timedelta(hours=1)
"""Requests longer ago than this are forgotten."""

FAR = timedelta(days=7)
"""A rest that ends later than this comes from a clock that jumped, or from a site that does not mean it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHost:
    """One host.

    asked: when, in the last hour.  rests_until: when it may be asked again by its own word; None when it said nothing.
    """

    name: str
    asked: tuple[datetime, ...] = ()
    rests_until: datetime | None = None


class Hosts:
    """The hosts that one archive's runs have asked.  Raises StorageError."""

    def __init__(self, db: Callable[[], sqlite3.Connection], clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    def known(self) -> list[KnownHost]:
        """The hosts of which something still matters; what lies in the future of this clock is not believed."""
        now = self._clock()
        if not self._db().execute("select 1 from sqlite_master where name = 'hosts'").fetchone():
            return []  # a reader of an archive that only an earlier version has written
        rows = self._db().execute("select name, asked, rests_until from hosts order by name")
        hosts = (
            KnownHost(
                name=name,
                asked=tuple(
                    at
                    for seconds in json.loads(asked)
                    if now - LATELY < (at := datetime.fromtimestamp(seconds, UTC)) <= now
                ),
                rests_until=_believed(rests_until, now),
            )
            for name, asked, rests_until in rows
        )
        return [host for host in hosts if host.asked or host.rests_until]

    def keep(self, hosts: Iterable[KnownHost]) -> None:
        """Keeps what is known of these hosts now, in place of what was."""
        rows = [
            (
                host.name,
                json.dumps([round(at.timestamp(), 3) for at in host.asked]),
                host.rests_until and stamp(host.rests_until),
            )
            for host in hosts
        ]
        if not rows:
            return
        with transaction(self._db()):
            self._db().executemany("insert or replace into hosts values (?, ?, ?)", rows)


def _believed(rests_until: str | None, now: datetime) -> datetime | None:
    until = datetime.fromisoformat(rests_until) if rests_until else now
    return until if now < until <= now + FAR else None
