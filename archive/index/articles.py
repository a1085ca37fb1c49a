"""Articles, their revisions and pictures, as rows; and what the archive asks of them before it keeps another.

Filed          a revision as it stands on disk: its document, where, its bytes' hash
put            one article from all its filed revisions, in place of what was known of it
Kept           what the archive has under an id
KeptPicture    what it has under a picture's address
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from archive.article import NAMELESS
from archive.dedupe import Print, print_of
from archive.document import Document, PictureFile
from archive.index import clusters, search
from archive.index.events import put_aliases, stamp, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A revision as it stands on disk.  prints: None to take them from the document's own text."""

    document: Document
    path: str
    sha256: str
    size: int
    prints: Print | None = None
    sizes: dict[str, int] = field(default_factory=dict)  # picture path → bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the archive has under an id.

    revision: the number of the current text.  path: of its file, from the archive's root.
    captured: when the current text was fetched; checked: when the page was last looked at; both ISO-8601, UTC.
    state: what the page was then.  etag, last_modified: its validators, empty when it gave none.
    """

    id: str
    title: str
    url: str
    state: str
    revision: int
    path: str
    copy_of: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBy:
    """An earlier text as it stands once a newer one has taken its place."""

    number: int
    path: str
    sha256: str
    content: bytes


def kept(db: sqlite3.Connection, id: str) -> Kept | None:
    """What is kept under an id, if anything."""
    row = db.execute(
        """
        select id, title, url, state, revision, path, coalesce(copy_of, '') as copy_of, captured, checked,
               etag, last_modified
        from articles where id = ?
        """,
        (id,),
    ).fetchone()
    return Kept(**dict(zip(Kept.__slots__, row, strict=True))) if row else None


def picture(db: sqlite3.Connection, address: str) -> KeptPicture | None:
    """The newest picture that this address gave, if one is kept."""
    row = db.execute(
        """
        select i.sha256, i.path, i.width, i.height, i.frames, i.hash
        from article_images a join images i on i.sha256 = a.sha256
        where a.url = :address or a.origin = :address
        order by a.rowid desc limit 1
        """,
        {"address": address},
    ).fetchone()
    return KeptPicture(**dict(zip(KeptPicture.__slots__, row, strict=True))) if row else None


def prints(db: sqlite3.Connection, id: str) -> tuple[Print | None, Print | None]:
    """The print of an article's current text, and of a suspect text newer than that."""
    rows = db.execute(
        """
        select r.suspect, r.print_title, r.print_text, r.print_pictures, r.length
        from revisions r join articles a on a.id = r.article
        where r.article = ? and r.number >= a.revision order by r.number desc
        """,
        (id,),
    ).fetchall()
    found = [
        (row[0], Print(title=row[1], text=row[2], pictures=row[3], length=row[4])) for row in rows
    ]
    current = next((made for suspect, made in found if not suspect), None)
    return current, next((made for suspect, made in found if suspect), None)


def twin(db: sqlite3.Connection, mark: str, *, other_than: str) -> str | None:
    """The id of the earliest other article that had this body (`Print.twin`); an original before its copies.

    A page that was saved without its address is no original of an article that has one.
    """
    if not mark:
        return None
    row = db.execute(
        """
        select article, copy_of from revisions
        where twin = ? and article <> ? and (article not glob ? or ?)
        order by copy_of is not null, captured, article limit 1
        """,
        (mark, other_than, f"{NAMELESS}*", other_than.startswith(NAMELESS)),
    ).fetchone()
    return (row[1] or row[0]) if row else None


def next_number(db: sqlite3.Connection, id: str) -> int:
    """The number that the next revision of an article will have."""
    (number,) = db.execute(
        "select coalesce(max(number), 0) + 1 from revisions where article = ?", (id,)
    ).fetchone()
    return int(number)


def picture_counts(db: sqlite3.Connection, id: str) -> tuple[int, int]:
    """How many pictures of an article's current text are kept, and how many are missing."""
    row = db.execute(
        """
        select count(i.sha256), count(nullif(i.missing, ''))
        from articles a join article_images i on i.article = a.id and i.revision = a.revision
        where a.id = ?
        """,
        (id,),
    ).fetchone()
    return int(row[0]), int(row[1])


def first_captured(db: sqlite3.Connection, id: str) -> str:
    """When the first revision of an article was fetched; empty when there is none."""
    row = db.execute("select first_captured from articles where id = ?", (id,)).fetchone()
    return str(row[0]) if row else ""


def move(db: sqlite3.Connection, id: str, moved: SetBy) -> None:
    """Records that an earlier revision stands elsewhere now."""
    db.execute(
        "update revisions set path = ?, sha256 = ?, size = ? where article = ? and number = ?",
        (moved.path, moved.sha256, len(moved.content), id, moved.number),
    )


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


def put(db: sqlite3.Connection, filed: Sequence[Filed], *, text: Callable[[Filed], str]) -> None:
    """One article, from all its revisions on disk, in place of what the index had of it.

    The current text is the newest that is not suspect.  text: the Markdown to search it by.
    """
    first = min(filed, key=lambda one: one.document.revision)
    sound = [one for one in filed if not one.document.suspect] or [first]
    current = max(sound, key=lambda one: one.document.revision)
    put_article(db, current, first_captured=stamp(first.document.captured), text=text(current))
    db.execute("delete from revisions where article = ?", (current.document.article.id,))
    for one in filed:
        put_revision(db, one)


def put_article(db: sqlite3.Connection, filed: Filed, *, first_captured: str, text: str) -> None:
    """The row of an article, from its current text.  text: the Markdown to search it by."""
    document, article = filed.document, filed.document.article
    now = standing(db, article.id)
    captured = stamp(document.captured)
    made = filed.prints or print_of(article)
    db.execute(
        """
        insert into articles (
            id, url, title, summary, published, updated, outlet, outlet_id, author, editor, place, category,
            cover, comment_id, statement, layout, language, length, videos, revision, path, copy_of, captured,
            first_captured, state, rule, checked, gone, confirmed, back, etag, last_modified
        ) values (
            :id, :url, :title, :summary, :published, :updated, :outlet, :outlet_id, :author, :editor, :place,
            :category, :cover, :comment_id, :statement, :layout, :language, :length, :videos, :revision, :path,
            :copy_of, :captured, :first_captured, :state, :rule, :checked, :gone, :confirmed, :back,
            :etag, :last_modified
        )
        on conflict(id) do update set
            url = excluded.url, title = excluded.title, summary = excluded.summary,
            published = excluded.published, updated = excluded.updated, outlet = excluded.outlet,
            outlet_id = excluded.outlet_id, author = excluded.author, editor = excluded.editor,
            place = excluded.place, category = excluded.category, cover = excluded.cover,
            comment_id = excluded.comment_id, statement = excluded.statement, layout = excluded.layout,
            language = excluded.language, length = excluded.length, videos = excluded.videos,
            revision = excluded.revision, path = excluded.path, copy_of = excluded.copy_of,
            captured = excluded.captured, first_captured = excluded.first_captured, state = excluded.state,
            rule = excluded.rule, checked = excluded.checked, gone = excluded.gone,
            confirmed = excluded.confirmed, back = excluded.back, etag = excluded.etag,
            last_modified = excluded.last_modified
        """,
        {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "summary": article.summary,
            "published": article.published and article.published.isoformat(),
            "updated": article.updated and article.updated.isoformat(),
            "outlet": article.outlet,
            "outlet_id": article.outlet_id,
            "author": article.author,
            "editor": article.editor,
            "place": article.place,
            "category": article.category,
            "cover": article.cover,
            "comment_id": article.comment_id,
            "statement": article.statement,
            "layout": article.layout,
            "language": article.language,
            "length": made.length,
            "videos": len(article.videos),
            "revision": document.revision,
            "path": filed.path,
            "copy_of": document.copy_of or None,
            "captured": captured,
            "first_captured": first_captured,
            **asdict(now),
            "checked": now.checked or captured,
        },
    )
    db.execute("delete from article_tags where article = ?", (article.id,))
    db.executemany(
        "insert or ignore into article_tags values (?, ?)",
        [(article.id, tag) for tag in article.tags],
    )
    when = article.published or document.captured
    search.put(db, article.id, title=article.title, markdown=text, when=when)
    clusters.put(db, article.id, markdown=text)


def put_revision(db: sqlite3.Connection, filed: Filed) -> None:
    """The rows of one revision and its pictures."""
    document, article = filed.document, filed.document.article
    made = filed.prints or print_of(article)
    db.execute(
        """
        insert into revisions (
            article, number, title, summary, outlet, author, published, updated, captured, capture, suspect, copy_of,
            path, sha256, size, length, print_title, print_text, print_pictures, twin
        ) values (
            :article, :number, :title, :summary, :outlet, :author, :published, :updated, :captured, :capture,
            :suspect, :copy_of, :path, :sha256, :size, :length, :print_title, :print_text, :print_pictures, :twin
        )
        """,
        {
            "article": article.id,
            "number": document.revision,
            "title": article.title,
            "summary": article.summary,
            "outlet": article.outlet,
            "author": article.author,
            "published": article.published and article.published.isoformat(),
            "updated": article.updated and article.updated.isoformat(),
            "captured": stamp(document.captured),
            "capture": document.capture,
            "suspect": int(document.suspect),
            "copy_of": document.copy_of or None,
            "path": filed.path,
            "sha256": filed.sha256,
            "size": filed.size,
            "length": made.length,
            "print_title": made.title,
            "print_text": made.text,
            "print_pictures": made.pictures,
            "twin": made.twin,
        },
    )
    put_aliases(db, article.id, (article.url, *article.addresses), document.captured)
    for position, image in enumerate(article.images):
        origin, file = _file_of(document, image.url, image.renditions)
        if file:
            put_image(db, file, size=filed.sizes.get(file.path, 0))
        reason = next(
            (
                document.missing[url]
                for url in (image.url, *image.renditions)
                if url in document.missing
            ),
            "",
        )
        db.execute(
            "insert into article_images values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                document.revision,
                position,
                image.url,
                origin if origin != image.url else "",
                file.sha256 if file else None,
                image.alt,
                image.caption,
                "" if file else reason,
            ),
        )


def _file_of(
    document: Document, url: str, renditions: Sequence[str]
) -> tuple[str, PictureFile | None]:
    address = next((one for one in (url, *renditions) if one in document.pictures), "")
    return address, document.pictures.get(address)


def put_image(db: sqlite3.Connection, file: PictureFile, *, size: int) -> None:
    """The row of a picture; of one that is known only a hash that was not."""
    db.execute(
        """
        insert into images values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict(sha256) do update set hash = excluded.hash where hash = ''
        """,
        (
            file.sha256,
            file.path,
            file.path.rpartition(".")[2],
            size,
            file.width,
            file.height,
            file.frames,
            file.hash,
        ),
    )


def wanting(db: sqlite3.Connection, limit: int, *, tries: int) -> list[tuple[str, str, int]]:
    """Pictures that are missing from current texts and were tried fewer times: (article, address, tries)."""
    return db.execute(
        """
        select i.article, i.url, coalesce(t.tries, 1) as tried
        from article_images i
        join articles a on a.id = i.article and a.revision = i.revision
        left join picture_tries t on t.article = i.article and t.url = i.url
        where i.missing <> '' and a.gone is null and tried < ?
        order by coalesce(t.last, ''), i.article, i.position limit ?
        """,
        (tries, limit),
    ).fetchall()


def tried(db: sqlite3.Connection, id: str, address: str, at: str) -> None:
    """Counts one more vain attempt at a missing picture."""
    db.execute(
        """
        insert into picture_tries values (?, ?, 2, ?)
        on conflict(article, url) do update set tries = tries + 1, last = excluded.last
        """,
        (id, address, at),
    )


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
    """The articles that were kept as copies of this one."""
    return [
        row[0] for row in db.execute("select id from articles where copy_of = ? order by id", (id,))
    ]


def shown_by(db: sqlite3.Connection, sha256: str) -> list[str]:
    """The articles that show a picture."""
    return [
        row[0]
        for row in db.execute(
            "select distinct article from article_images where sha256 = ? order by 1", (sha256,)
        )
    ]


def remove(db: sqlite3.Connection, id: str) -> None:
    """Everything the index knows of an article, its captures included."""
    clusters.remove(db, id)
    search.remove(db, id)
    for statement in (
        "delete from articles where id = ?",
        "delete from captures where id = ?",
        "delete from aliases where id = ?",
        "delete from picture_tries where article = ?",
        "delete from queue where id = ?",
    ):
        db.execute(statement, (id,))
    db.execute(
        "delete from images where sha256 not in (select sha256 from article_images where sha256 is not null)"
    )
