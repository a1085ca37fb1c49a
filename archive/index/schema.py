"""The tables and views of the index, as numbered migrations.

A migration is a function that is applied once, in one transaction, and never edited afterwards: a change of the schema
is a new function with the next number, and `connection.LATEST` raised to it.  Names are for people with SQL and for
Datasette: plain columns, times as ISO-8601 text (ours in UTC, the page's in +08:00), foreign keys, no blobs.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from archive.files.durable import publish, storing
from archive.index import clusters, search
from archive.index.connection import APPLICATION, LATEST, translated

TABLES = """
    create table articles (
        key            integer primary key,
        id             text not null unique,
        url            text not null,
        title          text not null,
        summary        text not null,
        published      text,
        updated        text,
        outlet         text not null,
        outlet_id      text not null,
        author         text not null,
        editor         text not null,
        place          text not null,
        category       text not null,
        cover          text not null,
        comment_id     text not null,
        statement      text not null,
        layout         text not null,
        language       text not null,
        length         integer not null,
        videos         integer not null,
        revision       integer not null,
        path           text not null,
        copy_of        text,
        captured       text not null,
        first_captured text not null,
        state          text not null,
        rule           text not null,
        checked        text not null,
        gone           text,
        confirmed      text,
        back           text,
        etag           text not null,
        last_modified  text not null
    );
    create index articles_published on articles(published);
    create index articles_captured on articles(captured);
    create index articles_url on articles(url);
    create index articles_outlet on articles(outlet);
    create index articles_copy_of on articles(copy_of) where copy_of is not null;
    create index articles_gone on articles(gone) where gone is not null;

    create table article_tags (
        article text not null references articles(id) on delete cascade,
        tag     text not null,
        primary key (article, tag)
    ) without rowid;
    create index article_tags_tag on article_tags(tag);

    create table captures (
        record  text primary key,
        id      text not null,
        kind    text not null,
        type    text not null,
        url     text not null,
        at      text not null,
        status  integer not null,
        size    integer not null,
        digest  text not null,
        path    text not null,
        offset  integer not null,
        end     integer not null,
        refers  text not null,
        state   text not null,
        rule    text not null,
        layout  text not null,
        charset text not null,
        verdict text not null,
        evidence text not null,
        etag    text not null,
        last_modified text not null
    );
    create index captures_id on captures(id, at);
    create index captures_digest on captures(digest) where digest <> '';
    create index captures_path on captures(path, offset);

    create table warc_files (
        path text primary key,
        size integer not null
    );

    create table revisions (
        key        integer primary key,
        article    text not null references articles(id) on delete cascade,
        number     integer not null,
        title      text not null,
        summary    text not null,
        outlet     text not null,
        author     text not null,
        published  text,
        updated    text,
        captured   text not null,
        capture    text not null,
        suspect    integer not null,
        copy_of    text,
        path       text not null,
        sha256     text not null,
        size       integer not null,
        length     integer not null,
        print_title    text not null,
        print_text     text not null,
        print_pictures text not null,
        twin       text not null,
        unique (article, number)
    );
    create index revisions_twin on revisions(twin) where twin <> '';
    create index revisions_captured on revisions(captured);

    create table images (
        sha256    text primary key,
        path      text not null,
        extension text not null,
        size      integer not null,
        width     integer not null,
        height    integer not null,
        frames    integer not null,
        hash      text not null
    );

    create table article_images (
        article  text not null,
        revision integer not null,
        position integer not null,
        url      text not null,
        origin   text not null,
        sha256   text references images(sha256),
        alt      text not null,
        caption  text not null,
        missing  text not null,
        primary key (article, revision, position),
        foreign key (article, revision) references revisions(article, number) on delete cascade
    );
    create index article_images_url on article_images(url);
    create index article_images_origin on article_images(origin) where origin <> '';
    create index article_images_sha256 on article_images(sha256);
    create index article_images_missing on article_images(article) where missing <> '';

    create table picture_tries (
        article text not null,
        url     text not null,
        tries   integer not null,
        last    text not null,
        primary key (article, url)
    );

    create table aliases (
        url  text primary key,
        id   text not null,
        seen text not null
    );
    create index aliases_id on aliases(id);

    create table tombstones (
        id text primary key,
        at text not null
    );

    create table queue (
        id         text primary key,
        url        text not null,
        addresses  text not null,
        host       text not null,
        source     text not null,
        priority   integer not null,
        state      text not null check (state in ('pending', 'fetching', 'done', 'failed', 'dead')),
        outcome    text not null,
        queued     text not null,
        leased     text,
        attempts   integer not null,
        retry_at   text,
        kind       text not null,
        error      text not null,
        changed    text not null
    );
    create index queue_due on queue(state, priority, queued);
    create index queue_host on queue(host, state);

    create table runs (
        key      integer primary key,
        command  text not null,
        version  text not null,
        started  text not null,
        finished text,
        code     integer,
        summary  text not null
    );
"""

VIEWS = """
    create view current as
        select a.*, r.sha256, r.size, r.capture
        from articles a join revisions r on r.article = a.id and r.number = a.revision;

    create view originals as
        select * from articles where copy_of is null;

    create view copies as
        select c.id, c.title, c.outlet, c.published, c.url, o.id as original, o.title as original_title,
               o.outlet as original_outlet, o.published as original_published
        from articles c join articles o on o.id = c.copy_of;

    create view edited as
        select a.id, a.title, a.outlet, count(*) as revisions, min(r.captured) as first, max(r.captured) as latest
        from articles a join revisions r on r.article = a.id and not r.suspect
        group by a.id having count(*) > 1;

    create view suspect as
        select a.id, a.title, a.length as current_length, r.number, r.length, r.captured, r.path
        from revisions r join articles a on a.id = r.article
        where r.suspect and r.number > a.revision;

    create view gone as
        select id, title, outlet, published, state, rule, gone, confirmed, back, url from articles
        where gone is not null;

    create view missing_pictures as
        select i.article, a.title, i.url, i.missing, coalesce(t.tries, 1) as tries
        from article_images i
        join articles a on a.id = i.article and a.revision = i.revision
        left join picture_tries t on t.article = i.article and t.url = i.url
        where i.missing <> '';

    create view daily as
        select substr(first_captured, 1, 10) as day, count(*) as articles, sum(copy_of is not null) as copies
        from articles group by day;
"""


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
            if not backup.exists():
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


Step = Callable[[sqlite3.Connection], None]
_STEPS: tuple[Step, ...] = (
    m001_archive,
    m002_decisions,
    m003_hosts,
    m004_suspects_and_times,
    m005_older,
    m006_pages,
)
assert len(_STEPS) == LATEST


def _all(connection: sqlite3.Connection, statements: str) -> None:
    """Runs every statement in the open transaction; `executescript` would commit it first."""
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)
