"""The latest articles as an Atom feed (RFC 4287).  Pure.

An entry holds the text whole, as paragraphs of XHTML.  They are made of the text as a reader reads it, of which every
character is escaped, so nothing of a page can become markup in whatever shows the feed; links and pictures stay behind
on the page, to which the entry leads.
"""

from collections.abc import Iterable, Iterator
from html import escape
from uuid import NAMESPACE_URL, uuid5

from archive.export.rows import Fact
from archive.text import clean, line, visible, words

_START = "1970-01-01T00:00:00+00:00"


def written(facts: Iterable[Fact], *, query: str, updated: str, address: str) -> Iterator[bytes]:
    """A feed of these articles.

    query: what picked them, which names the feed.  updated: when it last changed, empty when it never did.
    address: where the feed will be found, empty when nobody said.
    """
    told = line(query)
    title = f"qqnews: {told}" if told else "qqnews"
    name = address or f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:qqnews:feed {told}')}"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        _text("title", title),
        _text("id", name),
        _text("updated", updated or _START),
        "<author><name>qqnews</name></author>",
        "<generator>qqnews</generator>",
    ]
    if address:
        lines.append(_link("self", address, "application/atom+xml"))
    yield _joined(lines)
    for fact in facts:
        yield _joined(_entry(fact))
    yield b"</feed>\n"


def _entry(fact: Fact) -> Iterator[str]:
    found, article = fact.article, fact.document.article
    yield f'<entry xml:lang="{_safe(article.language)}">'
    yield _text("id", f"urn:qqnews:{found.id}")
    yield _text("title", article.title)
    if found.url.startswith(("https://", "http://")):  # a saved page may not say where it is from
        yield _link("alternate", found.url, "text/html")
    published = article.published.isoformat() if article.published else fact.kept.first_captured
    yield _text("published", published)
    yield _text("updated", found.captured)
    for who in dict.fromkeys(filter(None, (article.author, article.outlet))):
        yield f"<author>{_text('name', who)}</author>"
    for term in dict.fromkeys(filter(None, (article.category, *article.tags))):
        yield f'<category term="{_safe(term)}"/>'
    if found.gone and not found.back:
        yield '<category scheme="urn:qqnews:is" term="gone" label="已下架"/>'
    if found.copy_of:
        yield f'<category scheme="urn:qqnews:copy_of" term="{_safe(found.copy_of)}"/>'
    if article.summary:
        yield _text("summary", article.summary)
    yield '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
    for paragraph in visible(words(article.markdown)).splitlines():
        if paragraph.strip():
            yield f"<p>{_safe(paragraph)}</p>"
    yield "</div></content>"
    yield "</entry>"


def _text(name: str, text: str) -> str:
    return f"<{name}>{_safe(text)}</{name}>"


def _link(relation: str, address: str, media: str) -> str:
    return f'<link rel="{relation}" type="{media}" href="{_safe(address)}"/>'


def _safe(text: str) -> str:
    """Text as XML may hold it, between elements and in an attribute: escaped, and without control characters."""
    return escape(clean(text))


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{one}\n" for one in lines).encode("utf-8")
