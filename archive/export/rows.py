"""An article as one flat row: all there is to say of one text of it, as JSON can hold it.  Pure.

    COLUMNS    name → what kind of value; `docs/export.md` tells their meaning
    Fact       all that a row is made of
    row_of     a fact as a row

Names are those of the archive's tables.  As there, a text that a page does not have is empty, and a time is null.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from archive.article import Image, Video
from archive.document import Document, kept_of, missing_of
from archive.index.exporting import Kept
from archive.index.lookup import Found, Revision
from archive.text import visible, words

Row = dict[str, object]

Kind = Literal["text", "number", "truth", "time", "time of the page", "texts"]
"""Of a value.  time: ours, in UTC; time of the page: with the page's own offset, which is Beijing's."""

PICTURE: Final[Mapping[str, Kind]] = {
    "url": "text",
    "origin": "text",
    "alt": "text",
    "caption": "text",
    "sha256": "text",
    "path": "text",
    "width": "number",
    "height": "number",
    "frames": "number",
    "hash": "text",
    "missing": "text",
}
VIDEO: Final[Mapping[str, Kind]] = {
    "key": "text",
    "url": "text",
    "title": "text",
    "cover": "text",
    "duration": "number",
    "kind": "text",
}
COLUMNS: Final[Mapping[str, Kind | Mapping[str, Kind]]] = {
    "id": "text",
    "number": "number",
    "url": "text",
    "addresses": "texts",
    "title": "text",
    "summary": "text",
    "published": "time of the page",
    "updated": "time of the page",
    "outlet": "text",
    "outlet_id": "text",
    "author": "text",
    "editor": "text",
    "place": "text",
    "category": "text",
    "tags": "texts",
    "cover": "text",
    "comment_id": "text",
    "declarations": "texts",
    "statement": "text",
    "language": "text",
    "length": "number",
    "text": "text",
    "markdown": "text",
    "text_of": "text",
    "pictures": PICTURE,
    "videos": VIDEO,
    "copy_of": "text",
    "suspect": "truth",
    "older": "truth",
    "revision": "number",
    "revisions": "number",
    "first_captured": "time",
    "captured": "time",
    "capture": "text",
    "path": "text",
    "sha256": "text",
    "layout": "text",
    "read_rule": "text",
    "charset": "text",
    "version": "text",
    "state": "text",
    "rule": "text",
    "checked": "time",
    "gone": "time",
    "confirmed": "time",
    "back": "time",
    "etag": "text",
    "last_modified": "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One text of an article and all that is known of it.

    document: with text and pictures, also for a copy whose file only links to another article's.
    text_of: where these stand then, `ID@2`; empty for a file that has its own.
    """

    article: Found
    revision: Revision
    revisions: int
    document: Document
    text_of: str
    addresses: tuple[str, ...]
    kept: Kept


def row_of(fact: Fact) -> Row:
    """One text of an article, its columns in the order of `COLUMNS`."""
    found, revision, document, kept = fact.article, fact.revision, fact.document, fact.kept
    article = document.article
    return {
        "id": found.id,
        "number": revision.number,
        "url": found.url,
        "addresses": list(fact.addresses),
        "title": article.title,
        "summary": article.summary,
        "published": _stamp(article.published),
        "updated": _stamp(article.updated),
        "outlet": article.outlet,
        "outlet_id": article.outlet_id,
        "author": article.author,
        "editor": article.editor,
        "place": article.place,
        "category": article.category,
        "tags": list(article.tags),
        "cover": article.cover,
        "comment_id": article.comment_id,
        "declarations": list(article.declarations),
        "statement": article.statement,
        "language": article.language,
        "length": revision.length,
        "text": visible(words(article.markdown)),
        "markdown": article.markdown,
        "text_of": fact.text_of or None,
        "pictures": [_picture(image, document) for image in article.images],
        "videos": [_video(video) for video in article.videos],
        "copy_of": kept.copy_of or None,
        "suspect": revision.suspect,
        "older": revision.older,
        "revision": found.revision,
        "revisions": fact.revisions,
        "first_captured": kept.first_captured,
        "captured": revision.captured,
        "capture": revision.capture,
        "path": revision.path,
        "sha256": revision.sha256,
        "layout": article.layout,
        "read_rule": document.rule,
        "charset": document.charset,
        "version": document.version,
        "state": str(found.state),
        "rule": found.rule,
        "checked": kept.checked or None,
        "gone": found.gone or None,
        "confirmed": found.confirmed or None,
        "back": found.back or None,
        "etag": kept.etag,
        "last_modified": kept.last_modified,
    }


def _stamp(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _picture(image: Image, document: Document) -> Row:
    """A picture in its place; what only its file could tell is null where it is missing."""
    address = kept_of(document, image)
    file = document.pictures[address] if address is not None else None
    return {
        "url": image.url,
        "origin": address if address != image.url else None,
        "alt": image.alt,
        "caption": image.caption,
        "sha256": file and file.sha256,
        "path": file and file.path,
        "width": file and file.width,
        "height": file and file.height,
        "frames": file and file.frames,
        "hash": file and file.hash,
        "missing": "" if file else missing_of(document, image),
    }


def _video(video: Video) -> Row:
    return {name: getattr(video, name) for name in VIDEO}
