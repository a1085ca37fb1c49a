"""How an index comes to the newest schema: numbered migrations.

    migrate    one that is in use, after a backup; update: one that is being made

A migration is a function that is applied once, in one transaction, and never edited afterwards: a change of the schema
is a new function with the next number, and `connection.LATEST` raised to it.  Tables that it makes are named as in
`archive.index.schema`.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from archive.files import there
from archive.files.durable import publish, storing
from archive.index import clusters, search
from archive.index.connection import APPLICATION, LATEST, translated
from archive.index.schema import TABLES, VIEWS


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Brings the index to the newest schema, one transaction a migration, after a backup of what was there.

    Raises StorageError; then the index is as some whole number of migrations left it.
    """
    with translated(path):
        (version,) = connection.execute("pragma user_version").fetchone()
        if version == LATEST:
            return
        if version:
            backup = path.with_name(f"{path.name}.before-v{LATEST}")
            if not there(backup):
                made = backup.with_name(f"{backup.name}.part")  # the name is given to a whole copy
                with storing(made):
                    made.unlink(missing_ok=True)  # what a crash left
                connection.execute("vacuum into ?", [str(made)])
                publish(made, backup)
        update(connection)


def update(connection: sqlite3.Connection) -> None:
    """As `migrate`, for an index of which no backup is wanted."""
    from sqlite_utils import Database, Migrations

    steps = Migrations("qqnews")
    for number, step in enumerate(_STEPS, start=1):

        def numbered(db: Database, number: int = number, step: Step = step) -> None:
            step(db.conn)
            db.conn.execute(f"pragma user_version = {number}")

        steps(name=step.__name__)(numbered)
    steps.apply(Database(connection, execute_plugins=False))


def m001_archive(connection: sqlite3.Connection) -> None:
    """Articles, revisions, pictures, captures, queue, runs; full-text search, near copies."""
    connection.execute(f"pragma application_id = {APPLICATION}")
    _all(connection, TABLES)
    search.create(connection)
    clusters.create(connection)
    _all(connection, VIEWS)


DECISIONS = """
    create table dismissed (
        article text not null,
        number  integer not null,
        at      text not null,
        primary key (article, number)
    ) without rowid;

    drop view suspect;
    create view suspect as
        select a.id, a.title, a.length as current_length, r.number, r.length, r.captured, r.path
        from revisions r join articles a on a.id = r.article
        where r.suspect and r.number > a.revision
          and not exists (select 1 from dismissed d where d.article = r.article and d.number = r.number);

    drop view edited;
    create view edited as
        select a.id, a.title, a.outlet, count(distinct r.captured) as revisions, min(r.captured) as first,
               max(r.captured) as latest
        from articles a join revisions r on r.article = a.id and not r.suspect
        group by a.id having count(distinct r.captured) > 1;
"""


def m002_decisions(connection: sqlite3.Connection) -> None:
    """Suspect texts that a person dismissed; what was only read again was not edited."""
    _all(connection, DECISIONS)


HOSTS = """
    create table hosts (
        name        text primary key,
        asked       text not null,
        rests_until text
    ) without rowid;

    drop index queue_due;
    create index queue_next on queue(state, priority desc, queued);
"""


def m003_hosts(connection: sqlite3.Connection) -> None:
    """When hosts were asked and until when they rest; the queue in the order in which it is handed out."""
    _all(connection, HOSTS)


SUSPECTS_AND_TIMES = """
    drop view suspect;
    create view suspect as
        select a.id, a.title, a.length as current_length, r.number, r.length, r.captured, r.path
        from revisions r join articles a on a.id = r.article
        where r.suspect
          and r.number > (
              select min(b.number) from revisions b
              where b.article = a.id and b.captured = a.captured and (not b.suspect or b.number = a.revision)
          )
          and not exists (select 1 from dismissed d where d.article = r.article and d.number = r.number);

    drop view clusters;
    create view clusters as
        select g.grouping as cluster, count(*) as articles, count(distinct nullif(a.outlet, '')) as outlets,
               count(distinct a.title) as headlines,
               min(coalesce(a.published, strftime('%Y-%m-%dT%H:%M:%S+08:00', a.captured, '+8 hours'))) as first,
               max(coalesce(a.published, strftime('%Y-%m-%dT%H:%M:%S+08:00', a.captured, '+8 hours'))) as last
        from near_groups g join articles a on a.id = g.article group by g.grouping;
"""


def m004_suspects_and_times(connection: sqlite3.Connection) -> None:
    """A suspect text waits also when the earlier page was read again since, under a greater number.

    The times of a group of near copies stand in one zone, so that as text they sort in order of time.
    """
    _all(connection, SUSPECTS_AND_TIMES)


def m005_older(connection: sqlite3.Connection) -> None:
    """Texts that somebody brought from pages older than the current one's, which they do not replace."""
    connection.execute("alter table revisions add column older integer not null default 0")


PAGES = """
    drop view suspect;
    create view suspect as
        select a.id, a.title, a.length as current_length, r.number, r.length, r.captured, r.path
        from revisions r join articles a on a.id = r.article
        join revisions c on c.article = a.id and c.number = a.revision
        where r.suspect
          and r.number > (
              select min(b.number) from revisions b
              where b.article = a.id and b.capture = c.capture and (not b.suspect or b.number = a.revision)
          )
          and not exists (select 1 from dismissed d where d.article = r.article and d.number = r.number);

    drop view edited;
    create view edited as
        select a.id, a.title, a.outlet, count(distinct r.capture) as revisions, min(r.captured) as first,
               max(r.captured) as latest
        from articles a join revisions r on r.article = a.id and not r.suspect
        group by a.id having count(distinct r.capture) > 1;
"""


def m006_pages(connection: sqlite3.Connection) -> None:
    """Readings of one page share its capture; saved files share the second in which they were unpacked."""
    _all(connection, PAGES)


def m007_brought(connection: sqlite3.Connection) -> None:
    """Whether somebody had a page already.  Of earlier rows nobody knows: they stand by their times, as they did."""
    connection.execute("alter table captures add column brought integer not null default 0")
    connection.execute("update captures set brought = 1")


Step = Callable[[sqlite3.Connection], None]
_STEPS: tuple[Step, ...] = (
    m001_archive,
    m002_decisions,
    m003_hosts,
    m004_suspects_and_times,
    m005_older,
    m006_pages,
    m007_brought,
)
assert len(_STEPS) == LATEST


def _all(connection: sqlite3.Connection, statements: str) -> None:
    """Runs every statement in the open transaction; `executescript` would commit it first."""
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)
