"""The articles that somebody wants out, from one state of the archive.

    Source     what was asked for; gives the articles, their rows, or their kept pages
    fact_of    one text of an article, with all that is known of it

The state is that of the index, when whoever asks does so within `Reader.one_state`.  Files go on changing beside it:
of a text or page that no longer is what that state tells, the archive is asked once more, as it is now.  What was
forgotten meanwhile is passed over, and what is damaged is told and passed over.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property

from archive.errors import DamagedArchive, QueryError
from archive.export.pages import group_at, member_at
from archive.export.rows import Fact, Row, row_of
from archive.files import Tree
from archive.index import exporting, lookup, search
from archive.index.connection import translated
from archive.index.exporting import Lying
from archive.index.lookup import Found
from archive.reader import Reader


class Source:
    """What a query picks of an archive: the newest first, at most `limit` articles, all for None.

    lost: called with what is wrong, for each text or page that is not what was written.  taken: how many articles were
    given so far; pageless: how many of them have no page kept.
    """

    def __init__(
        self,
        reader: Reader,
        query: str = "",
        *,
        limit: int | None = None,
        lost: Callable[[DamagedArchive], None],
    ) -> None:
        self.reader = reader
        self.query = query
        self._limit = limit
        self._lost = lost
        self._tree = Tree(reader.root)
        self.taken = 0
        self.pageless = 0

    @property
    def newest(self) -> str:
        """When the archive last had an answer from the site; empty when it never had."""
        with translated(self.reader.root):
            return lookup.newest(self.reader.database)

    @property
    def updated(self) -> str:
        """When the newest text of `latest` was kept; of none, when the archive last had an answer."""
        with translated(self.reader.root):
            found = lookup.articles(self.reader.database, self._latest)
            return max((one.captured for one in found), default=self.newest)

    def articles(self) -> Iterator[Found]:
        """The articles, the newest first."""
        for found in self.reader.list(self.query, limit=self._limit):
            yield found
            self.taken += 1

    def rows(self, *, all_texts: bool = False) -> Iterator[Row]:
        """The rows of their current texts, or of all texts of each, the latest first."""
        for found in self.articles():
            numbers = [found.revision]
            if all_texts:
                with translated(self.reader.root):
                    revisions = lookup.revisions(self.reader.database, found.id)
                numbers = [one.number for one in reversed(revisions)]
            for number in numbers:
                if fact := self._fact(found.id, number):
                    yield row_of(fact)

    def latest(self) -> Iterator[Fact]:
        """The articles that the archive had last, whenever they were published; `limit` counts these."""
        with translated(self.reader.root):
            for found in lookup.articles(self.reader.database, self._latest):
                if fact := self._fact(found.id, found.revision):
                    yield fact
                self.taken += 1

    @cached_property
    def _latest(self) -> list[int]:
        db = self.reader.database
        keys = search.keys(db, self.reader.asked(self.query), limit=None, ranked=False)
        return exporting.latest(db, keys, limit=self._limit)

    def _fact(self, id: str, number: int) -> Fact | None:
        """One text of an article; None for one that is damaged, or forgotten since."""
        try:
            return fact_of(self.reader, id, number)
        except DamagedArchive:
            with self.reader.again() as now, suppress(QueryError):
                try:
                    return fact_of(now, id, number)
                except DamagedArchive as damage:
                    self._lost(damage)
        return None

    # -- pages -----------------------------------------------------------------------------------------------

    def pages(self, *, newest: bool = False) -> Iterator[bytes]:
        """The kept pages of the articles as they lie, each with its request and its event, the earliest first.

        The order is that in which they came, so that who is a copy of whom comes out the same from them.
        newest: only the pages that each article's current text was read from.  A body that is kept with another page,
        one that is not among these, comes along in a record of its own.  Raises `QueryError` when none was kept of any.
        """
        db = self.reader.database
        lent: set[str] = set()
        with translated(self.reader.root):
            ids = list(search.ids(db, self.reader.asked(self.query), limit=self._limit))
            self.taken, self.pageless = len(ids), exporting.pageless(db, ids, current=newest)
            if ids and self.pageless == len(ids):
                raise QueryError(
                    "no page of these articles was kept",
                    hint="archive.captures was off when they came",
                )
            chosen = frozenset(ids)
            for page in exporting.pages(db, ids, current=newest):
                if page.refers and page.refers not in lent:
                    lent.add(page.refers)
                    holder = exporting.page(db, page.refers)
                    if holder and not self._takes(holder, chosen, newest=newest):
                        yield from self._whole(holder, member_at)
                yield from self._whole(page, group_at)

    def _takes(self, page: Lying, chosen: frozenset[str], *, newest: bool) -> bool:
        """Whether a page is among those that are given for their own sake."""
        if page.id not in chosen:
            return False
        return not newest or exporting.is_current(self.reader.database, page.record)

    def _whole(self, page: Lying, read: Callable[[Tree, Lying], bytes | None]) -> Iterator[bytes]:
        """The bytes of a page; nothing of one that is damaged, or forgotten since."""
        if content := read(self._tree, page):
            yield content
            return
        with self.reader.again() as now, translated(now.root):
            moved = exporting.page(now.database, page.record)
        if moved is None:
            return
        if content := read(self._tree, moved):
            yield content
        else:
            self._lost(_damaged(moved))


def _damaged(page: Lying) -> DamagedArchive:
    return DamagedArchive(
        f"{page.path} at byte {page.offset}: the page of {page.id} is not what was written",
        hint="qqnews verify --read-data",
    )


def fact_of(reader: Reader, id: str, number: int) -> Fact:
    """One text of an article as one reader sees it.  Raises QueryError, DamagedArchive."""
    shown = reader.show(f"{id}@{number}")
    lender = reader.lender(shown)
    with translated(reader.root):
        kept = exporting.kept(reader.database, shown.article.id, shown.number)
    return Fact(
        article=shown.article,
        revision=next(one for one in shown.revisions if one.number == shown.number),
        revisions=len(shown.revisions),
        document=reader.standing_alone(shown),
        text_of=f"{lender.article.id}@{lender.number}" if lender else "",
        addresses=shown.addresses,
        kept=kept,
    )
