"""An old article on several pages: `001492.htm`, `001492_1.htm`, `001492_2.htm` …  Pure.

    page_of    which of them an address names
    last_of    the last of them that a page links to
    pages      the addresses of all of them

Public programs that read news.qq.com and finance.qq.com of 2009 name its pages so.
"""

import re
from collections.abc import Iterable
from typing import Final

MOST: Final = 50
"""Pages of one article; the longest that anybody tells of has fewer than ten."""

_LATER = re.compile(r"(?:^|/)(\d{6})_(\d{1,2})\.s?html?(?:[?#]|$)")
_ARTICLE = re.compile(
    r"(https?://[\w.-]{1,80}/a/\d{8}/\d{6})(?:_[0-9a-z]{1,3})?(\.s?html?)(?:[?#]|$)"
)


def page_of(address: str) -> int:
    """Which page of its article an address names, from 0; a saved file's name tells it too.

    >>> page_of("http://news.qq.com/a/20090401/001492_2.htm")
    2
    """
    found = _LATER.search(address)
    return int(found[2]) if found else 0


def last_of(links: Iterable[str], address: str) -> int:
    """The last page of an article that is among these links, which may lead to other articles too.

    address: of one of its pages; where it is no article's, whatever the links lead to is taken for it.

    >>> last_of(["001492_1.htm", "001492_2.htm", "000007_5.htm"], "http://news.qq.com/a/20090401/001492.htm")
    2
    """
    own = _ARTICLE.match(address)
    found = (found for link in links if (found := _LATER.search(link)))
    mine = (int(one[2]) for one in found if own is None or own[1].endswith(one[1]))
    return min(max(mine, default=0), MOST - 1)


def pages(address: str, count: int) -> tuple[str, ...]:
    """The addresses of all pages of an article of which one is given; empty for any other address.

    >>> pages("http://news.qq.com/a/20090401/001492_1.htm", 2)
    ('http://news.qq.com/a/20090401/001492.htm', 'http://news.qq.com/a/20090401/001492_1.htm')
    """
    found = _ARTICLE.match(address)
    if not found:
        return ()
    return tuple(f"{found[1]}{f'_{page}' if page else ''}{found[2]}" for page in range(count))
