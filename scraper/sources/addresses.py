"""Addresses that a person wrote down, one a line.  Pure.

Empty lines and lines that begin with `#` say nothing; so does whatever follows an address after a space.
"""

from collections.abc import Iterable

from scraper.errors import NotAnArticle
from scraper.sources.found import Find, Finds
from scraper.urls import identify


def listed(lines: Iterable[str]) -> Finds:
    """The articles that the lines name, each once; lines that name none are told with their number."""
    articles: dict[str, Find] = {}
    refused: list[NotAnArticle] = []
    for number, line in enumerate(lines, 1):
        words = line.strip().lstrip("\ufeff").split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        try:
            article = identify(words[0])
        except NotAnArticle as other:
            refused.append(NotAnArticle(f"line {number}: {other.url}", other.reason))
        else:
            articles.setdefault(article.id, Find(article=article))
    return Finds(articles=tuple(articles.values()), refused=tuple(refused))
