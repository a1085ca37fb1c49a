"""Addresses that a person wrote down, one a line, or kept as bookmarks.  Pure.

Empty lines and lines that begin with `#` say nothing; so does whatever follows an address after a space.  Of a line of
markup, as browsers export bookmarks and readers their feeds (OPML), the articles count that it links to.
"""

from collections.abc import Iterable, Iterator

from scraper.errors import NotAnArticle
from scraper.sources.found import Find, Finds
from scraper.sources.page import addresses_in
from scraper.urls import article_at, identify


def written(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each address with the number of its line, counted from 1, as it comes; what it is, is not asked."""
    for number, line in enumerate(lines, 1):
        words = line.strip().lstrip("\ufeff").split(maxsplit=1)
        if words and words[0].startswith("<"):
            yield from ((number, address) for address in addresses_in(line) if article_at(address))
        elif words and not words[0].startswith("#"):
            yield number, words[0]


def listed(lines: Iterable[str]) -> Finds:
    """The articles that the lines name, each once; lines that name none are told with their number."""
    articles: dict[str, Find] = {}
    refused: list[NotAnArticle] = []
    for number, address in written(lines):
        try:
            article = identify(address)
        except NotAnArticle as other:
            refused.append(NotAnArticle(f"line {number}: {other.url}", other.reason))
        else:
            articles.setdefault(article.id, Find(article=article))
    return Finds(articles=tuple(articles.values()), refused=tuple(refused))
