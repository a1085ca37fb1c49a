"""The tables and views of the index as they were first made.

They are never edited: what changed since stands in `archive.index.migrations`.  Names are for people with SQL and for
Datasette: plain columns, times as ISO-8601 text (ours in UTC, the page's in +08:00), foreign keys, no blobs.
"""

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
