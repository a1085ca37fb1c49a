"""The search page: words, filters, what was found."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from archive.errors import QueryError
from archive.index import browsing
from archive.index.connection import translated
from archive.query import Named, Query, When, both, span
from archive.reader import Hits
from archive.web.asked import Asked
from archive.web.replies import Reply

PAGE: Final = 20
"""Articles on a page."""

FIELDS: Final = ("q", "from", "to", "outlet", "tag", "changed", "withdrawn", "order")


def search(asked: Asked) -> Reply:
    """What the words and filters find, the newest articles without any; a mistake in them is told on the page."""
    fields = {name: asked.field(name) for name in FIELDS}
    problem, status = "", HTTPStatus.OK
    skip = PAGE * (asked.page - 1)
    ranked = fields["order"] == "relevance"
    try:
        hits = asked.reader.search(
            _query(asked, fields),
            limit=PAGE,
            skip=skip,
            order="relevance" if ranked else "newest",
        )
    except QueryError as error:
        problem, status, hits = str(error), HTTPStatus.BAD_REQUEST, Hits(hits=(), more=False)
    with translated(asked.reader.root):
        db = asked.reader.database
        thumbnails = [
            browsing.thumbnail(db, hit.article.id, hit.article.revision) for hit in hits.hits
        ]
    return asked.shown(
        "search.html",
        status,
        fields=fields,
        problem=problem,
        cards=list(zip(hits.hits, thumbnails, strict=True)),
        more=hits.more,
        first=skip + 1,
        page=asked.page,
    )


def _query(asked: Asked, fields: Mapping[str, str]) -> Query:
    """Words and filters as one query.  Raises `QueryError`."""
    parts = [asked.reader.asked(fields["q"])]
    if fields["from"]:
        parts.append(Query(When(span(fields["from"], now=asked.now)[0], None)))
    if fields["to"]:
        parts.append(Query(When(None, span(fields["to"], now=asked.now)[1])))
    parts += [Query(Named(name, (fields[name],))) for name in ("outlet", "tag") if fields[name]]
    parts += [
        Query(Named("is", (word,)))
        for name, word in (("changed", "revised"), ("withdrawn", "gone"))
        if fields[name]
    ]
    return both(*parts)
