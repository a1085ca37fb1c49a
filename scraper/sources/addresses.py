"""Addresses that a person wrote down, one a line, or kept as bookmarks.  Pure.

Empty lines and lines that begin with `#` say nothing; so do words around an address: titles, remarks.  Of markup, as
browsers export bookmarks and readers their feeds (OPML), the articles count that it links to: of each line of a file
that begins with markup, for remarks and descriptions in it have lines of their own, and of a line of markup elsewhere.
A file of markup that links to none is no list of articles.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from scraper.errors import NotAnArticle
from scraper.sources.found import Find, Finds
from scraper.sources.page import addresses_in
from scraper.units import count_text
from scraper.urls import article_at, identify

_WORDS: Final = 50
"""Words of a line in which its address is looked for: a title has fewer."""


def written(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each address with the number of its line, counted from 1, as it comes; what it is, is not asked.

    Raises NotAnArticle at the end of markup in which there was none.
    """
    begun = document = named = False
    links = 0
    for number, line in enumerate(lines, 1):
        words = line.strip().lstrip("\ufeff").split(maxsplit=_WORDS)
        if not words:
            continue
        markup = words[0].startswith("<")
        if not begun:
            begun, document = True, markup and not words[0].startswith("<http")
        if markup or document:
            for address in addresses_in(line):
                links += 1
                if article_at(address):
                    named = True
                    yield number, address
        elif not words[0].startswith("#"):
            named = True
            yield number, _meant(words)
    if document and not named:
        raise NotAnArticle("the file", f"no article among its {count_text(links, 'link')}")


def _meant(words: list[str]) -> str:
    """The article among the words of a line; else the address, else the first word, to be told as what it is."""
    articles = (word for word in words if article_at(word))
    addresses = (word for word in words if "://" in word)
    return next(articles, None) or next(addresses, words[0])


def listed(lines: Iterable[str]) -> Finds:
    """The articles that the lines name, each once; lines that name none are told with their number."""
    articles: dict[str, Find] = {}
    refused: list[NotAnArticle] = []
    try:
        for number, address in written(lines):
            try:
                article = identify(address)
            except NotAnArticle as other:
                refused.append(NotAnArticle(f"line {number}: {other.url}", other.reason))
            else:
                articles.setdefault(article.id, Find(article=article))
    except NotAnArticle as none:
        refused.append(none)
    return Finds(articles=tuple(articles.values()), refused=tuple(refused))
