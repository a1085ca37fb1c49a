"""A run: ask the sources what is new, queue it, and collect from the queue until done, bound or stopped.

What is queued survives anything: an article leaves the queue in the transaction that keeps it, one that fails comes
back later, and whatever a killed run had open is waiting again when the next one starts.
"""

import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Final, TypeVar

from archive.archive import Archive, Leased
from archive.errors import ArchiveError, QqnewsError
from archive.state import State
from scraper.errors import Limited, NoNetwork, NotAnArticle, OwnLimit
from scraper.fetch.fetcher import Fetcher
from scraper.pipeline import many
from scraper.pipeline.collect import Collector
from scraper.pipeline.later import MOST_RUNS
from scraper.pipeline.outcome import Brought, Outcome, Result, Summary, failure
from scraper.pipeline.polling import poll
from scraper.pipeline.recheck import RECHECK, Rechecks, queue_due
from scraper.pipeline.stop import Stop
from scraper.pipeline.waiting import put_off, unasked, wanted
from scraper.sources.found import Finds, Source
from scraper.urls import ArticleUrl, identify
from scraper.urls.address import host_of

Item = TypeVar("Item")

OFFLINE: Final = 5
"""So many failures to connect, and not one answer in the whole run: the network is not there, nothing more is tried."""

LAST: Final = MOST_RUNS - 2
"""So many failures before another, and it is not yet given up."""

LEASED_AT_ONCE: Final = 8
NAMED: Final = frozenset({"add", "repair"})
"""Sources of what a person asked for by name, which comes back even when it was forgotten once."""

LATE_PICTURES: Final = 200
SHORT_REST: Final = 10.0
"""A rest of a host, in seconds, that is worth waiting for; during a longer one, other hosts are asked first."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a run goes; None is as far as there is work.  limit: articles.  seconds.  bytes: received."""

    limit: int | None = None
    seconds: float | None = None
    bytes: int | None = None


class Run:
    """One run over one archive.

    rechecks: when kept articles are asked for again; by default never.
    cut_short: the names of sources whose last poll was cut short: of these, what is known already ends nothing.
    report: told every outcome as it comes.  monotonic: the clock for `Bounds.seconds`.
    """

    def __init__(
        self,
        archive: Archive,
        fetcher: Fetcher,
        collector: Collector,
        *,
        bounds: Bounds | None = None,
        rechecks: Rechecks | None = None,
        cut_short: Collection[str] = (),
        stop: Stop | None = None,
        at_once: int = many.AT_ONCE,
        report: Callable[[Outcome], None] = lambda _: None,
        clock: Callable[[], datetime] = _now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.summary = Summary()
        self._archive = archive
        self._fetcher = fetcher
        self._collector = collector
        self._aside = collector.aside
        self._bounds = bounds or Bounds()
        self._rechecks = rechecks or Rechecks()
        self._cut_short = cut_short
        self._stop = stop or Stop()
        self._at_once = at_once
        self._report = report
        self._clock = clock
        self._monotonic = monotonic
        self._began = monotonic()
        self._unconnected = 0
        self._connected = False
        self._leased: deque[Leased] = deque()
        self._put_back: list[str] = []
        self._given_up: list[tuple[Leased, Outcome]] = []

    async def run(self, sources: Iterable[Source]) -> Summary:
        """Discover, collect what is new and what is to be looked at again, and try the missing pictures again.

        Raises StorageError and its kin; `summary` then tells how far it came.
        """
        try:
            discovering = many.each(
                self._until_over(sources), self.discover, at_once=1, stop=self._stop
            )
            async with aclosing(discovering) as brought:
                async for _ in brought:
                    pass
            await self._aside(queue_due, self._archive, self._rechecks)
            await self.collect()
            await self._late_pictures()
        finally:
            self.account()
        return self.summary

    # Discovering

    async def discover(self, source: Source) -> Brought:
        """Ask a source, and queue what the archive does not have."""
        brought = await poll(
            source,
            self._fetcher,
            lambda finds: self.queue(finds, source.name),
            go_on=lambda: not self._over(),
            through=source.name in self._cut_short,
        )
        self.summary.sources.append(brought)
        self._connected |= brought.answers > 0
        if brought.error is not None:
            self._source_failed(brought.error)
        return brought

    def _source_failed(self, error: QqnewsError) -> None:
        if isinstance(error, OwnLimit):
            self.summary.bound = self.summary.bound or error.setting
        elif isinstance(error, Limited):
            self.summary.limited.add(host_of(error.url))
        if isinstance(error, NoNetwork):
            self._unconnected += 1

    def queue(self, finds: Finds, source: str) -> int:
        """Queue the articles that the archive does not have; gives how many were new to the queue."""
        unknown = [
            wanted(find.article, source)
            for find in finds.articles
            if self._archive.kept(find.article.id) is None
            and self._archive.id_of(find.article.canonical) is None
        ]
        return self._archive.queue.add(unknown) if unknown else 0

    # Collecting

    async def collect(self) -> None:
        """Collect from the queue until it is empty, a bound is reached, or somebody asks to stop."""
        works = many.each(self._items(), self._one, at_once=self._at_once, stop=self._stop)
        try:
            async with aclosing(works) as outcomes:
                async for outcome in outcomes:
                    self.summary.count(outcome)
                    self._report(outcome)
        finally:
            untried = [*(item.id for item in self._leased), *self._put_back]
            await self._aside(self._archive.queue.release, untried)
            self._leased.clear()
            self._put_back.clear()
            await self._while_down()
        for host in self._rests():
            if self._fetcher.told_to_stop(host):
                left: int = await self._aside(self._archive.queue.due, host)
                self.summary.limited |= {host} if left else set()
        if any(self._time_left < rest < math.inf for rest in self._rests().values()):
            waiting: int = await self._aside(self._archive.queue.due)
            self.summary.bound = self.summary.bound or "--max-time" * bool(waiting)

    async def _items(self) -> AsyncIterator[Leased]:
        """What to collect next, leased in small batches, so that a killed run leaves little behind."""
        taken = 0
        while True:
            if self._bounds.limit is not None and taken >= self._bounds.limit:
                if await self._aside(self._archive.queue.due):
                    self.summary.bound = "--limit"
                return
            if not self._leased:
                room = LEASED_AT_ONCE
                if self._bounds.limit is not None:
                    room = min(room, self._bounds.limit - taken)
                self._leased.extend(await self._lease(room))
            if not self._leased or self._over():
                return
            item = self._leased.popleft()
            if self._outlasted(self._fetcher.resting(host_of(item.url))):
                self._put_back.append(item.id)
                continue
            taken += 1
            yield item

    async def _lease(self, room: int) -> list[Leased]:
        """Articles of hosts that may be asked now; when there are none, of those that must be waited for.

        What was asked so far is written down with them: a run that is killed has asked all the same.
        """
        await self._aside(self._archive.hosts.keep, self._fetcher.known())
        rests = self._rests()
        busy = [host for host, seconds in rests.items() if seconds > SHORT_REST]
        lease = self._archive.queue.lease
        found = await self._aside(lease, room, resting=busy)
        if not found and busy:
            lost = [host for host, seconds in rests.items() if self._outlasted(seconds)]
            found = await self._aside(lease, room, resting=lost)
        return found

    def _rests(self) -> dict[str, float]:
        return {host: self._fetcher.resting(host) for host in self._fetcher.cost.hosts}

    def _outlasted(self, rest: float) -> bool:
        """Whether a host rests for longer than the run goes on."""
        return math.isinf(rest) or rest > self._time_left

    @property
    def _time_left(self) -> float:
        if self._bounds.seconds is None:
            return math.inf
        return self._bounds.seconds - (self._monotonic() - self._began)

    def _over(self) -> bool:
        """Whether nothing new may begin, and why; asked when there is something to begin."""
        if self._stop.requested:
            self.summary.stopped = True
        elif self._unconnected >= OFFLINE and not self._connected:
            self.summary.offline = True
        elif bound := self._bound():
            self.summary.bound = self.summary.bound or bound
        else:
            return False
        return True

    def _bound(self) -> str:
        """The bound that is reached; empty when none is."""
        if self._time_left <= 0:
            return "--max-time"
        most = self._bounds.bytes
        if most is not None and self._fetcher.cost.total.bytes >= most:
            return "--max-bytes"
        return "network.night" if self._fetcher.closed else ""

    def _until_over(self, items: Iterable[Item]) -> Iterator[Item]:
        return takewhile(lambda _: not self._over(), items)

    async def _one(self, item: Leased) -> Outcome:
        again = item.source == RECHECK
        kept = await self._aside.look(self._archive.kept, item.id) if again else None
        try:
            outcome = await self._collector.collect(
                _article(item),
                unless_forgotten=item.source not in NAMED,
                sparing=again,
            )
        except NotAnArticle as error:  # queued by an older version that knew no better
            outcome = failure(item.url, error, id=item.id)
        except BaseException:
            self._put_back.append(item.id)
            raise
        if kept and outcome.asked:
            self.summary.look_again(outcome, before=State(kept.state))
        await self._end(item, outcome)
        return outcome

    async def _end(self, item: Leased, outcome: Outcome) -> None:
        """Take the article out of the queue, or put it back for later.

        What is put back untried is given back at the end of the run, so that this run does not meet it again.
        """
        queue = self._archive.queue
        error = outcome.error
        if isinstance(error, NoNetwork):
            self._unconnected += 1
        elif outcome.asked:
            self._connected = True
        if outcome.settled:
            # What was kept or noted under its own id has left the queue already.
            if not outcome.asked or outcome.id != item.id:
                await self._aside(queue.done, item.id, outcome.result)
        elif unasked(outcome) and not (isinstance(error, NoNetwork) and self._connected):
            self._put_back.append(item.id)
        else:
            now = self._clock()
            attempts = item.attempts
            if not await self._aside(put_off, queue, item.id, outcome, attempts=attempts, now=now):
                self._given_up.append((item, outcome))

    async def _while_down(self) -> None:
        """Give none of a host's articles up in a run that found the whole host down: that says nothing of them."""
        queue, now = self._archive.queue, self._clock()
        for item, outcome in self._given_up:
            if self._fetcher.down(outcome.host):
                await self._aside(put_off, queue, item.id, outcome, attempts=LAST, now=now)
        self._given_up.clear()

    # At the end

    async def _late_pictures(self) -> None:
        """Try pictures again that articles lack, of this run and of earlier ones, a few times each."""
        if self.summary.bound or self.summary.results[Result.LIMITED]:
            return
        lacking: dict[str, list[str]] = {}
        for known, url, _ in await self._aside(self._archive.wanting, LATE_PICTURES):
            lacking.setdefault(known, []).append(url)

        async def one(item: tuple[str, list[str]]) -> int:
            return await self._collector.pictures.again(*item)

        items = self._until_over(lacking.items())
        async with aclosing(many.each(items, one, at_once=1, stop=self._stop)) as came:
            async for count in came:
                self.summary.late_images += count

    def account(self) -> None:
        """Fill in what only the end can tell: the cost, the time, and what is left."""
        summary = self.summary
        summary.spend(self._fetcher.cost.total)
        summary.stopped |= self._stop.requested
        summary.seconds = self._monotonic() - self._began
        with suppress(ArchiveError):  # what ended the run is told already
            counts = self._archive.queue.counts()
            summary.left = (
                counts.get("pending", 0) + counts.get("failed", 0) + counts.get("fetching", 0)
            )


def _article(item: Leased) -> ArticleUrl:
    """The article as it was named; its own spelling of the address may know more than the canonical one."""
    for address in reversed((item.url, *item.addresses)):
        article = identify(address)
        if article.id == item.id:
            return article
    return identify(item.url)
