"""What the index still knows of what is lost.  Only reads.

Told        the text, as its rows tell of it
told        the text at a path
pictures    which pictures it showed, and which it lacked
versions    the programs that may have written it
Textless    an article of which a page was kept and the text that it made is not here
textless    all of these
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.document import PictureFile
from archive.index.lookup import older


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text, as its rows tell of it.

    url: of its article.  capture, captured: the record it was read from, and when that came.  sha256: of its file.
    current: whether it is the text that is shown.  rule, charset: how the page was read when it came.
    """

    id: str
    number: int
    url: str
    current: bool
    suspect: bool
    older: bool
    copy_of: str
    captured: datetime
    capture: str
    sha256: str
    rule: str
    charset: str


def told(db: sqlite3.Connection, path: str) -> Told | None:
    """The text whose file stood at a path; None when the index knows no such file."""
    row = db.execute(
        f"""
        select r.article, r.number, a.url, r.number = a.revision, r.suspect, {older(db)}, coalesce(r.copy_of, ''),
               r.captured, r.capture, r.sha256, coalesce(c.rule, ''), coalesce(c.charset, '')
        from revisions r join articles a on a.id = r.article left join captures c on c.record = r.capture
        where r.path = ?
        """,  # noqa: S608  one of two words of ours
        (path,),
    ).fetchone()
    if row is None:
        return None
    id, number, url, current, suspect, late, copy_of, captured, capture, sha256, rule, charset = row
    return Told(
        id=id,
        number=number,
        url=url,
        current=bool(current),
        suspect=bool(suspect),
        older=bool(late),
        copy_of=copy_of,
        captured=datetime.fromisoformat(captured),
        capture=capture,
        sha256=sha256,
        rule=rule,
        charset=charset,
    )


def pictures(
    db: sqlite3.Connection, id: str, number: int
) -> tuple[dict[str, PictureFile], dict[str, str]]:
    """Address → file of the pictures that a text showed, and address → why of those that it lacked."""
    files: dict[str, PictureFile] = {}
    missing: dict[str, str] = {}
    for url, origin, why, path, width, height, frames, look in db.execute(
        """
        select s.url, s.origin, s.missing, i.path, i.width, i.height, i.frames, i.hash
        from article_images s left join images i on i.sha256 = s.sha256
        where s.article = ? and s.revision = ? order by s.position
        """,
        (id, number),
    ):
        if path:
            files[origin or url] = PictureFile(
                path=path, width=width, height=height, frames=frames, hash=look
            )
        elif why:
            missing[url] = why
    return files, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Textless:
    """An article of which a page was kept and the text that it made is not here, nor a newer one.

    capture: the record of the newest such page.  url, captured: its own.  earlier: whether an earlier text is here.
    """

    id: str
    capture: str
    url: str
    captured: datetime
    earlier: bool

    @property
    def what(self) -> str:
        """What is wrong, in words."""
        if self.earlier:
            return "its newest page was kept, and only earlier texts of it are here"
        return "pages of it were kept, and no text of it is here"


def textless(db: sqlite3.Connection) -> list[Textless]:
    """The articles whose newest text captures tell of and is not here, and that do not wait to be fetched."""
    rows = db.execute(
        """
        select c.id, c.record, c.url, max(c.at), a.id is not null
        from captures c left join articles a on a.id = c.id
        where c.verdict in ('new', 'revised', 'copy')
          and (a.id is null or c.kind = 'page' and c.at > a.captured)
          and not exists (select 1 from revisions r where r.article = c.id and r.capture = c.record)
          and not exists (
              select 1 from queue q where q.id = c.id and q.state in ('pending', 'fetching', 'failed')
          )
        group by c.id order by c.id
        """
    )
    return [
        Textless(
            id=id,
            capture=record,
            url=url,
            captured=datetime.fromisoformat(at),
            earlier=bool(earlier),
        )
        for id, record, url, at, earlier in rows
    ]


def versions(db: sqlite3.Connection) -> list[str]:
    """The programs that ran here, the latest first."""
    rows = db.execute("select version from runs group by version order by max(key) desc")
    return [version for (version,) in rows]
