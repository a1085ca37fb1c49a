"""What a source brought.  Pure.

Find      one article that a source names
Finds     all of them, and how many of what else it named
Source    what every source can do
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from archive.capture import Capture
from scraper.errors import NotAnArticle, Unreachable
from scraper.sources.request import Request
from scraper.urls import ArticleUrl, identify


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """One article.  title, published: as the source says, which may differ from the page; both may be absent."""

    article: ArticleUrl
    title: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finds:
    """What one answer brought.

    articles: each once, in the source's order.
    skipped: what else stood there → how often (`video`, `head of the list`, `a special topic`).
    refused: texts that were meant as addresses and are none, with the reason; only for what a person wrote.
    leads: what the answer says is to be asked next.
    """

    articles: tuple[Find, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[NotAnArticle, ...] = ()
    leads: tuple[Request, ...] = ()


class Source(Protocol):
    """Something that names articles."""

    @property
    def name(self) -> str:
        """What the user calls it; queue and runs remember it."""
        ...

    @property
    def most(self) -> int:
        """How many requests one poll may take, with all that answers lead to."""
        ...

    def requests(self) -> tuple[Request, ...]:
        """What to ask, in order; one that is not `alone` is needless when an earlier one brought nothing new."""
        ...

    def finds(self, answer: Capture) -> Finds:
        """What an answer brings.  Raises Unreachable for an answer that is none, Limited when the site objects."""
        ...


MOST: Final = 5_000
"""Addresses that one answer may name; no list of the site has a hundred, and each takes a moment."""


class Gathering:
    """Finds being gathered: each article once, everything else counted, and nothing after the first `MOST`.

    url: of the answer that names them.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._left = MOST
        self._articles: dict[str, Find] = {}
        self._skipped: Counter[str] = Counter()
        self._strange: Counter[str] = Counter()
        self._leads: list[Request] = []

    def add(self, address: str, *, title: str = "", published: datetime | None = None) -> None:
        """Take an address as an article, or count it as what it is instead."""
        self._left -= 1
        if self._left < 0:
            self.skip(f"beyond the first {MOST}")
            return
        try:
            article = identify(address)
        except NotAnArticle as other:
            what = other.because.removeprefix("it is ")
            if other.known:
                self.skip(what)
            else:
                self.wonder(what)
            return
        self._articles.setdefault(
            article.id, Find(article=article, title=title, published=published)
        )

    def skip(self, what: str) -> None:
        """Count something that is known to be no article, or not wanted."""
        self._skipped[what] += 1

    def wonder(self, what: str) -> None:
        """Count something of which it cannot be told what it is."""
        self._strange[what] += 1

    def lead(self, request: Request) -> None:
        """Note what is to be asked next."""
        self._leads.append(request)

    def done(self) -> Finds:
        """What was gathered.

        Raises Unreachable where no article is, and of most rows it cannot be told what they are: the site has changed
        the shape of its list.  One that names videos and topics alone, and an odd row, has nothing new.
        """
        if not self._articles and self._strange.total() > self._skipped.total():
            ((what, count),) = self._strange.most_common(1)
            shape = f"rows of an unknown shape: {what} ({count})"
            raise Unreachable(self._url, shape, kind="answer")
        return Finds(
            articles=tuple(self._articles.values()),
            skipped=dict(self._skipped + self._strange),
            leads=tuple(self._leads),
        )
