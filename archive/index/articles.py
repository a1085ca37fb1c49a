"""Articles, their revisions and pictures, written as rows.

Filed          a revision as it stands on disk: its document, where, its bytes' hash
SetBy          an earlier text that moves when a newer one takes its place
current_of     which of an article's revisions is its current text
put            one article from all its filed revisions, in place of what was known of it

What is asked of these rows before another article is kept stands in `holdings`, what readers ask in `lookup`.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archive.dedupe import Print, print_of
from archive.document import Document, PictureFile, kept_of, missing_of
from archive.findable import Findable
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
class SetBy:
    """An earlier text as it stands once a newer one has taken its place.

    sha256: None for a text that is lost, of which what was recorded is still to be known.
    """

    number: int
    path: str
    sha256: str | None
    content: bytes


def move(db: sqlite3.Connection, id: str, moved: SetBy) -> None:
    """Records that an earlier revision stands elsewhere now, or would stand there if it were not lost."""
    if moved.sha256 is None:
        db.execute(
            "update revisions set path = ? where article = ? and number = ?",
            (moved.path, id, moved.number),
        )
        return
    db.execute(
        "update revisions set path = ?, sha256 = ?, size = ? where article = ? and number = ?",
        (moved.path, moved.sha256, len(moved.content), id, moved.number),
    )


def current_of(filed: Sequence[Filed]) -> Filed:
    """Which of an article's revisions, in order, is its current text: the newest that was not kept aside."""
    sound = [one for one in filed if not one.document.aside]
    return sound[-1] if sound else filed[0]


def put(
    db: sqlite3.Connection,
    filed: Sequence[Filed],
    found: Findable,
    tokens: search.Tokens | None = None,
) -> None:
    """One article, from all its revisions on disk in order, in place of what the index had of it.

    found: what is to be found of its current text.  tokens: as `search.put` knows it.
    """
    current = current_of(filed)
    first = stamp(filed[0].document.captured)
    put_article(db, current, found, first_captured=first, tokens=tokens)
    db.execute("delete from revisions where article = ?", (current.document.article.id,))
    for one in filed:
        put_revision(db, one)


def put_article(
    db: sqlite3.Connection,
    filed: Filed,
    found: Findable,
    *,
    first_captured: str,
    tokens: search.Tokens | None = None,
) -> None:
    """The row of an article, from its current text.  found: what is to be found of it."""
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
            "state": now.state,
            "rule": now.rule,
            "checked": now.checked or captured,
            "gone": now.gone,
            "confirmed": now.confirmed,
            "back": now.back,
            "etag": now.etag,
            "last_modified": now.last_modified,
        },
    )
    db.execute("delete from article_tags where article = ?", (article.id,))
    db.executemany(
        "insert or ignore into article_tags values (?, ?)",
        [(article.id, tag) for tag in article.tags],
    )
    when = article.published or document.captured
    search.put(db, article.id, found, when=when, tokens=tokens)
    clusters.put(db, article.id, found.mark)


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
    if document.older:
        # Apart, since the tests still write to schemas that lack the column, and migrate them.
        db.execute(
            "update revisions set older = 1 where article = ? and number = ?",
            (article.id, document.revision),
        )
    put_aliases(db, article.id, (article.url, *article.addresses), document.captured)
    shown = [(image, kept_of(document, image) or "") for image in article.images]
    files = dict.fromkeys(document.pictures[origin] for _, origin in shown if origin)
    put_images(db, files, filed.sizes)
    db.executemany(
        "insert into article_images values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                article.id,
                document.revision,
                position,
                image.url,
                origin if origin != image.url else "",
                document.pictures[origin].sha256 if origin else None,
                image.alt,
                image.caption,
                "" if origin else missing_of(document, image),
            )
            for position, (image, origin) in enumerate(shown)
        ],
    )


def put_images(
    db: sqlite3.Connection, files: Iterable[PictureFile], sizes: Mapping[str, int]
) -> None:
    """The rows of pictures; of one that is known only a hash that was not.  sizes: path → bytes."""
    db.executemany(
        """
        insert into images values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict(sha256) do update set hash = excluded.hash where hash = ''
        """,
        [
            (
                file.sha256,
                file.path,
                file.path.rpartition(".")[2],
                sizes.get(file.path, 0),
                file.width,
                file.height,
                file.frames,
                file.hash,
            )
            for file in files
        ],
    )


def tried(db: sqlite3.Connection, id: str, address: str, at: str) -> None:
    """Counts one more vain attempt at a missing picture."""
    db.execute(
        """
        insert into picture_tries values (?, ?, 2, ?)
        on conflict(article, url) do update set tries = tries + 1, last = excluded.last
        """,
        (id, address, at),
    )


def remove(db: sqlite3.Connection, id: str) -> None:
    """Everything the index knows of an article, its captures included."""
    clusters.remove(db, id)
    search.remove(db, id)
    for statement in (
        "delete from articles where id = ?",
        "delete from captures where id = ?",
        "delete from aliases where id = ?",
        "delete from picture_tries where article = ?",
        "delete from dismissed where article = ?",
        "delete from queue where id = ?",
    ):
        db.execute(statement, (id,))
    db.execute(
        "delete from images where sha256 not in (select sha256 from article_images where sha256 is not null)"
    )
