"""What the pages of an archive in a browser ask beyond what readers ask.  Only reads."""

import sqlite3
from dataclasses import dataclass


def thumbnail(db: sqlite3.Connection, id: str, number: int) -> str:
    """Where the first kept picture of a text stands, below the archive; empty for none."""
    row = db.execute(
        """
        select i.path from article_images a join images i on i.sha256 = a.sha256
        where a.article = ? and a.revision = ? order by a.position limit 1
        """,
        (id, number),
    ).fetchone()
    return str(row[0]) if row else ""


def holds(db: sqlite3.Connection, sha256: str, path: str) -> bool:
    """Whether a picture is kept at this place."""
    row = db.execute("select 1 from images where sha256 = ? and path = ?", (sha256, path))
    return row.fetchone() is not None


def kept_last(db: sqlite3.Connection, limit: int) -> list[int]:
    """The search keys of the articles whose current text came in last, new or changed, the latest first."""
    rows = db.execute(
        """
        select t.key from articles a join texts t on t.id = a.id
        order by a.captured desc, a.id desc limit ?
        """,
        (limit,),
    )
    return [key for (key,) in rows]


@dataclass(frozen=True, slots=True)
class Day:
    """What belongs to a Beijing day, `2026-02-07`: articles published, texts that changed, articles withdrawn."""

    day: str
    articles: int
    edited: int
    gone: int


def days(db: sqlite3.Connection) -> list[Day]:
    """Every day to which something belongs, in order.

    Days of publication are told by the keys of the search, which an index alone holds: the texts are not looked
    through.  A text read again from the same page is no change.
    """
    rows = db.execute(
        """
        select day, sum(articles), sum(edited), sum(gone) from (
            select date(number * 86400, 'unixepoch') as day, articles, 0 as edited, 0 as gone
            from (select (key + 28800) / 86400 as number, count(*) as articles from texts group by 1)
            union all
            select date(r.captured, '+8 hours'), 0, 1, 0
            from (select distinct article from revisions where number > 1) as several
            join revisions r on r.article = several.article and not r.suspect
            where exists (
                select 1 from revisions e
                where e.article = r.article and not e.suspect and e.captured < r.captured
            ) and not exists (
                select 1 from revisions e
                where e.article = r.article and not e.suspect and e.capture = r.capture and e.number < r.number
            )
            union all
            select date(gone, '+8 hours'), 0, 0, 1 from articles where gone is not null and back is null
        ) group by day order by day
        """
    )
    return [Day(*row) for row in rows]
