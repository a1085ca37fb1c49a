"""What runs did: one row each, kept for people and for alarms."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from archive.index.connection import transaction
from archive.index.events import stamp


class Runs:
    """The runs of one archive.  Raises StorageError."""

    def __init__(
        self, db: Callable[[], sqlite3.Connection], clock: Callable[[], datetime], version: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._version = version

    def start(self, command: str) -> int:
        """Begins a run; gives its key."""
        with transaction(self._db()):
            cursor = self._db().execute(
                "insert into runs (command, version, started, summary) values (?, ?, ?, '{}')",
                (command, self._version, stamp(self._clock())),
            )
            return int(cursor.lastrowid or 0)

    def finish(self, key: int, *, code: int, summary: Mapping[str, Any]) -> None:
        """Ends a run.  code: its exit code.  summary: what it did and what it cost, as JSON."""
        with transaction(self._db()):
            self._db().execute(
                "update runs set finished = ?, code = ?, summary = ? where key = ?",
                (
                    stamp(self._clock()),
                    code,
                    json.dumps(dict(summary), ensure_ascii=False, default=str),
                    key,
                ),
            )

    def last(self, count: int, *, command: str | None = None) -> list[dict[str, Any]]:
        """The newest runs, newest first; `finished` is None for one that died or still runs.

        command: only its runs.
        """
        rows = self._db().execute(
            """
            select key, command, version, started, finished, code, summary from runs
            where :command is null or command = :command order by key desc limit :count
            """,
            {"command": command, "count": count},
        )
        names = [column[0] for column in rows.description]
        found = [dict(zip(names, row, strict=True)) for row in rows]
        for run in found:
            run["summary"] = json.loads(run["summary"])
        return found

    def brought(self, source: str, count: int) -> list[str]:
        """When the newest runs began in which a source brought something new, newest first.

        However many runs brought nothing meanwhile: a source that is silent for long had its habit long ago.
        """
        rows = self._db().execute(
            """
            select started from runs
            where command = 'run' and finished is not null and exists (
                select 1 from json_each(summary, '$.sources')
                where json_extract(value, '$.name') = :source and json_extract(value, '$.fresh') > 0
            )
            order by key desc limit :count
            """,
            {"source": source, "count": count},
        )
        return [started for (started,) in rows]

    def shut_out_since(self) -> str | None:
        """When the first run began that was shut out since anything came; None when none was."""
        ((since,),) = self._db().execute(
            """
            select min(started) from runs
            where command = 'run' and json_extract(summary, '$.shut_out') and key > coalesce((
                select max(key) from runs
                where command = 'run' and finished is not null and coalesce(json_extract(summary, '$.came'), 1) > 0
            ), 0)
            """
        )
        return None if since is None else str(since)
