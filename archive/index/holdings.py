"""What the archive holds, as it asks itself before it keeps another article.  Only reads.

Kept           what there is under an id
KeptPicture    what there is under a picture's address
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.article import NAMELESS
from archive.dedupe import Print
from archive.index.rows import valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the archive has under an id.

    revision: the number of the current text.  path: of its file, from the archive's root.
    first_captured, captured: when the text that was kept first, and the current one, were fetched; checked: when the
    page was last looked at; all ISO-8601, UTC.
    state: what the page was then.  etag, last_modified: its validators, empty when it gave none.
    """

    id: str
    title: str
    url: str
    state: str
    revision: int
    path: str
    copy_of: str
    first_captured: str
    captured: str
    checked: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A picture the archive has.  path: from the archive's root."""

    sha256: str
    path: str
    width: int
    height: int
    frames: int
    hash: str = ""


def kept(db: sqlite3.Connection, id: str) -> Kept | None:
    """What is kept under an id, if anything."""
    row = db.execute(
        """
        select id, title, url, state, revision, path, coalesce(copy_of, ''), first_captured, captured, checked,
               etag, last_modified
        from articles where id = ?
        """,
        (id,),
    ).fetchone()
    return valued(Kept, row) if row else None


def pictures(db: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, KeptPicture]:
    """Address → the newest picture that it gave, for those of which one is kept."""
    rows = db.execute(
        """
        with shown as (
            select asked.value as address, a.rowid as age, a.sha256
            from json_each(:addresses) asked join article_images a on a.url = asked.value
            union all
            select asked.value, a.rowid, a.sha256
            from json_each(:addresses) asked
            join article_images a on a.origin = asked.value and a.origin <> ''
        )
        select address, i.sha256, i.path, i.width, i.height, i.frames, i.hash, max(age)
        from shown join images i using (sha256) group by address
        """,
        {"addresses": json.dumps(list(addresses))},
    )
    return {address: valued(KeptPicture, row) for address, *row, _age in rows}


def page_before(db: sqlite3.Connection, id: str) -> int:
    """The number that the page of the current text had first, which may have been read again since.

    What is greater came later.  0 for an article that is not there.
    """
    (number,) = db.execute(
        """
        select coalesce(min(r.number), 0) from articles a
        join revisions c on c.article = a.id and c.number = a.revision
        join revisions r on r.article = a.id and r.capture = c.capture and (not r.suspect or r.number = a.revision)
        where a.id = ?
        """,
        (id,),
    ).fetchone()
    return int(number)


def page_of(db: sqlite3.Connection, id: str, *, captured: str, capture: str) -> str:
    """The record by which a page is known here that was captured then.

    capture: the one by which it is known elsewhere, which may be another where pages are not kept.
    """
    row = db.execute(
        """
        select capture from revisions where article = ? and captured = ?
        order by capture = ? desc, number limit 1
        """,
        (id, captured, capture),
    ).fetchone()
    return str(row[0]) if row else capture


def prints(db: sqlite3.Connection, id: str) -> tuple[Print | None, Print | None]:
    """The print of an article's current text, and of a suspect text newer than that."""
    rows = db.execute(
        """
        select r.suspect, r.print_title, r.print_text, r.print_pictures, r.length
        from revisions r join articles a on a.id = r.article
        where r.article = ? and (r.number = a.revision or r.suspect and r.number > ?) order by r.number desc
        """,
        (id, page_before(db, id)),
    ).fetchall()
    found = [
        (row[0], Print(title=row[1], text=row[2], pictures=row[3], length=row[4])) for row in rows
    ]
    current = next((made for suspect, made in found if not suspect), None)
    return current, next((made for suspect, made in found if suspect), None)


def had(db: sqlite3.Connection, id: str, found: Print, *, before: str) -> bool:
    """Whether an article has this text among its revisions, and a current one that was captured after `before`."""
    row = db.execute(
        """
        select 1 from articles a join revisions r on r.article = a.id
        where a.id = ? and a.captured > ? and (r.print_title, r.print_text, r.print_pictures) = (?, ?, ?)
        limit 1
        """,
        (id, before, found.title, found.text, found.pictures),
    ).fetchone()
    return row is not None


def is_older(db: sqlite3.Connection, id: str, at: str) -> bool:
    """Whether a page of that time is older than the current text of an article."""
    row = db.execute("select 1 from articles where id = ? and captured > ?", (id, at)).fetchone()
    return row is not None


def suspect(db: sqlite3.Connection, id: str, number: int) -> tuple[str, str] | None:
    """Path and sha256 of a suspect text that is newer than the current one; None when it is not."""
    row: tuple[str, str] | None = db.execute(
        "select path, sha256 from revisions where article = ? and number = ? and suspect and number > ?",
        (id, number, page_before(db, id)),
    ).fetchone()
    return row


def twin(db: sqlite3.Connection, mark: str, *, other_than: str) -> str | None:
    """The id of the earliest other article that had this body (`Print.twin`); an original before its copies.

    A page that was saved without its address is no original of an article that has one.
    """
    if not mark:
        return None
    row = db.execute(
        """
        select article, copy_of from revisions
        where twin = ? and twin <> ''  -- as its index says
        and article <> ? and (article not glob ? or ?)
        order by copy_of is not null, captured, article limit 1
        """,
        (mark, other_than, f"{NAMELESS}*", other_than.startswith(NAMELESS)),
    ).fetchone()
    return (row[1] or row[0]) if row else None


def pictured(db: sqlite3.Connection, id: str, text: str) -> bool:
    """Whether an article showed pictures with a text.  text: its fingerprint."""
    row = db.execute(
        "select 1 from revisions where article = ? and print_text = ? and print_pictures <> '' limit 1",
        (id, text),
    ).fetchone()
    return row is not None


def next_number(db: sqlite3.Connection, id: str) -> int:
    """The number that the next revision of an article will have."""
    (number,) = db.execute(
        "select coalesce(max(number), 0) + 1 from revisions where article = ?", (id,)
    ).fetchone()
    return int(number)


def shown(db: sqlite3.Connection, id: str, number: int | None) -> tuple[str, int, int]:
    """The path of a text, and how many of its pictures are kept, and are missing.  number: None for the current one."""
    row = db.execute(
        """
        select r.path, count(i.sha256), count(nullif(i.missing, ''))
        from articles a
        join revisions r on r.article = a.id and r.number = coalesce(:number, a.revision)
        left join article_images i on i.article = a.id and i.revision = r.number
        where a.id = :id
        """,
        {"id": id, "number": number},
    ).fetchone()
    return str(row[0]), int(row[1]), int(row[2])


def filed_prints(db: sqlite3.Connection, id: str) -> dict[int, Print]:
    """Number → print of every revision known of an article."""
    return {
        number: Print(title=title, text=text, pictures=pictures, length=length)
        for number, title, text, pictures, length in db.execute(
            """
            select number, print_title, print_text, print_pictures, length from revisions
            where article = ?
            """,
            (id,),
        )
    }


def wanting(
    db: sqlite3.Connection, limit: int, *, of: str, tries: int
) -> list[tuple[str, str, int]]:
    """Pictures that are missing from current texts and were tried fewer times: (article, address, tries).

    of: the article; all of them when empty.
    """
    one = "i.article = ? and" if of else ""
    return db.execute(
        f"""
        select i.article, i.url, coalesce(t.tries, 1) as tried
        from article_images i
        join articles a on a.id = i.article and a.revision = i.revision
        left join picture_tries t on t.article = i.article and t.url = i.url
        where {one} i.missing <> '' and a.gone is null and tried < ?
        order by coalesce(t.last, ''), i.article, i.position limit ?
        """,  # noqa: S608 - the words are ours
        (*([of] if of else []), tries, limit),
    ).fetchall()


def lacking(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Article and address of every picture that is missing from a current text."""
    return db.execute(
        """
        select i.article, i.url from article_images i
        join articles a on a.id = i.article and a.revision = i.revision
        where i.missing <> '' order by i.article, i.position
        """
    ).fetchall()


def picture_of(db: sqlite3.Connection, id: str, url: str) -> dict[str, KeptPicture]:
    """The newest picture that an article showed by an address, by the one that gave it; empty when none is kept."""
    row = db.execute(
        """
        select coalesce(nullif(s.origin, ''), s.url), i.sha256, i.path, i.width, i.height, i.frames, i.hash
        from article_images s join images i using (sha256)
        where s.article = ? and s.url = ? order by s.revision desc limit 1
        """,
        (id, url),
    ).fetchone()
    return {row[0]: valued(KeptPicture, row[1:])} if row else {}


def images_only_of(db: sqlite3.Connection, id: str) -> list[str]:
    """The paths of pictures that no other article shows."""
    return [
        row[0]
        for row in db.execute(
            """
            select distinct i.path from images i join article_images a on a.sha256 = i.sha256
            where a.article = :id and not exists (
                select 1 from article_images o where o.sha256 = i.sha256 and o.article <> :id
            )
            """,
            {"id": id},
        )
    ]


def copies_of(db: sqlite3.Connection, id: str) -> list[str]:
    """The articles of which a text, be it an earlier one, was kept as a copy of this one."""
    rows = db.execute("select distinct article from revisions where copy_of = ? order by 1", (id,))
    return [article for (article,) in rows]


def shown_by(db: sqlite3.Connection, sha256: str) -> list[str]:
    """The articles that show a picture."""
    return [
        row[0]
        for row in db.execute(
            "select distinct article from article_images where sha256 = ? order by 1", (sha256,)
        )
    ]
