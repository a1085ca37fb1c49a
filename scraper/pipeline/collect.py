"""One article, from its address to the archive.

    Collector    await collector.collect(article) → Outcome

The story: known and looked at lately? then nothing is asked.  Ask, conditionally where we have validators; read the
answer in a worker process; only a page that keeps the contract of an article becomes a revision, with its pictures.
Any other page is recorded with the answer as evidence, and a good copy is never touched.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from archive.archive import Archive, Kept
from archive.article import Article
from archive.capture import Capture
from archive.dedupe import Print, Same, Verdict, print_of
from archive.state import State
from scraper.errors import NotAnArticle, Refused, ScraperError, TooHard, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.validators import Validators
from scraper.pictures import PictureSettings
from scraper.pipeline import conclude
from scraper.pipeline.album import Album, Illustrator
from scraper.pipeline.aside import Aside
from scraper.pipeline.freshness import is_fresh, kept_as
from scraper.pipeline.gallery import clicked_through
from scraper.pipeline.outcome import Outcome, failure
from scraper.pipeline.paged import Later, fetched, is_first, kept_later
from scraper.pipeline.waiting import wanted
from scraper.reading import Reading
from scraper.saved import AtHand
from scraper.urls import ArticleUrl, identify, shown
from scraper.urls.address import host_of
from scraper.worker.pool import WorkerBug, Workers


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """What an article is asked for on; see `Collector.collect`."""

    unless_forgotten: bool = False
    sparing: bool = False


class Collector:
    """Collects articles into one archive.

    fetcher: None to stay off the network.  freshness: seconds for which a kept article is taken to be what the site
    shows.  clock: the time of day.
    Everything but StorageError and its kin, which end the work, is an outcome.

    aside: how the archive is asked while anything is being collected, by this or by anybody: one thing at a time.
    """

    def __init__(
        self,
        archive: Archive,
        fetcher: Fetcher | None,
        workers: Workers,
        *,
        freshness: float = 6 * 3600.0,
        pictures: PictureSettings | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.archive = archive
        self.fetcher = fetcher
        self.workers = workers
        self.aside = Aside(archive.together)
        self.pictures = Illustrator(
            archive, fetcher, workers, self.aside, pictures or PictureSettings()
        )
        self._freshness = timedelta(seconds=freshness)
        self._clock = clock
        self._open: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def collect(
        self,
        address: ArticleUrl | str,
        *,
        again: bool = False,
        source: str = "",
        unless_forgotten: bool = False,
        sparing: bool = False,
    ) -> Outcome:
        """Collect the article at an address.

        again: ask even for what was looked at lately.  source: what named it; then it is in the queue while it is
        asked for, and a later run knows of it whatever happens to this one.  Empty for what comes from there.
        unless_forgotten: whether one that was taken out on purpose stays out, also where only its page tells its id.
        sparing: whether of a page that says nothing new only what it meant is kept.
        """
        try:
            article = identify(address) if isinstance(address, str) else address
        except NotAnArticle as error:
            return failure(shown(str(address)), error)
        # Two addresses of one article, given at once, are one article.
        alone = self._open.setdefault(article.id, asyncio.Lock())
        async with alone:
            terms = _Terms(unless_forgotten=unless_forgotten, sparing=sparing)
            outcome = await self._collect(article, terms, again=again, source=source)
        return replace(outcome, canonical=outcome.canonical or article.canonical)

    async def _collect(
        self, article: ArticleUrl, terms: _Terms, *, again: bool, source: str
    ) -> Outcome:
        kept = await self.aside.look(self._kept, article)
        if kept and not again and is_fresh(kept, self._freshness, now=self._clock()):
            return await self.aside(self._known, article, kept)
        if source:
            await self.aside(self.archive.queue.take, wanted(article, source))
        try:
            return await self._ask(article, kept, terms)
        except ScraperError as error:
            return failure(article.given, error, id=article.id)

    def _kept(self, article: ArticleUrl) -> Kept | None:
        return kept_as(article, id_of=self.archive.id_of, kept=self.archive.kept)

    def _known(self, article: ArticleUrl, kept: Kept) -> Outcome:
        """The outcome for what was looked at lately; another address of it is remembered."""
        new = [url for url in article.aliases if self.archive.id_of(url) is None]
        if new:
            self.archive.remember(kept.id, new)
        return conclude.known(article, kept)

    async def _ask(self, article: ArticleUrl, kept: Kept | None, terms: _Terms) -> Outcome:
        """Ask the article's addresses, one after the other, until one of them settles what it is.

        Where an earlier one gave no answer, a later one only counts when it shows the article: that it knows of none
        does not mean that there is none.  A host whose name is gone will never tell.
        """
        assert self.fetcher is not None
        first: Outcome | None = None
        failed: ScraperError | None = None
        for address in article.addresses:
            validators = None
            if kept and address == kept.url and kept.state == State.OK:
                validators = Validators(
                    etag=kept.etag or None, last_modified=kept.last_modified or None
                )
            try:
                capture = await self.fetcher.page(address, validators)
            except ScraperError as error:
                failed = failed or error
                if first or article.one_source or not isinstance(error, Unreachable):
                    break
                continue  # the hosts of old channels are gone, their articles need not be
            if capture.status == 304 and kept:
                await self.aside.keep(self.archive.seen, kept.id, capture=capture)
                return conclude.unchanged(article, kept)
            unheard = failed is not None and getattr(failed, "kind", "") != "dns"
            outcome = await self._settle(article, capture, terms, decisive=not (first or unheard))
            if outcome.kept:
                return outcome
            if unheard:
                break
            first = first or outcome
            if not conclude.worth_another(article, capture, outcome):
                break
        if first is None:
            assert failed is not None
            raise failed
        return first

    async def _settle(
        self,
        article: ArticleUrl,
        capture: Capture,
        terms: _Terms,
        *,
        decisive: bool,
        led_on: bool = False,
    ) -> Outcome:
        """Read an answer, and keep or note what it says.

        decisive: whether a page that is no article is to be noted; a second look only counts when it finds one.
        led_on: whether another page has led us to this one.
        """
        which = conclude.answered(article, capture)
        try:
            reading = await self.workers.extract(capture, which)
        except (TooHard, WorkerBug) as error:
            return await self._too_hard(article, capture, error)
        if reading.moved_to and not led_on and (there := await self._moved(which, reading)):
            outcome = await self._settle(
                article,
                replace(there, asked=capture.asked or capture.url),
                terms,
                decisive=False,
                led_on=True,
            )
            if outcome.kept or outcome.state is State.OK:
                return outcome
        more = None
        if reading.elsewhere:
            assert self.fetcher is not None
            more = await clicked_through(self.fetcher, self.workers, which, reading)
        if reading.state is not State.OK and decisive:
            await self.note(which.id, article, reading, capture)
        if more:
            reading, capture = more
        beside: tuple[Later, ...] = ()
        if is_first(reading):
            assert self.fetcher is not None
            known = await self.aside.look(self.kept_later, which.id, reading)
            all_of_it = await fetched(self.fetcher, self.workers, which, capture, reading, known)
            reading, capture, beside = all_of_it.reading, all_of_it.capture, all_of_it.beside
        if reading.state is State.OK and reading.article is not None:
            id = reading.article.id
            if terms.unless_forgotten and await self.aside.look(self.archive.forgotten, id):
                return conclude.left_out(article, id)
            return await self.keep(
                reading.article,
                reading,
                capture,
                given=article.given,
                aliases=article.aliases,
                sparing=terms.sparing,
                beside=beside,
            )
        host = host_of(capture.url)
        if self.fetcher and conclude.keeps_us_out(reading):
            self.fetcher.limited(host)
        return conclude.not_kept(article, which, reading, host=host)

    async def _moved(self, which: ArticleUrl, page: Reading) -> Capture | None:
        """What stands where a page says that its article is now; None when no other article can be there.

        Raises Unreachable and Limited, for it may be there later.
        """
        assert self.fetcher is not None
        try:
            there = identify(page.moved_to)
            return None if there.id == which.id else await self.fetcher.page(there.canonical)
        except (NotAnArticle, Refused):
            return None

    async def _too_hard(
        self, article: ArticleUrl, capture: Capture, error: TooHard | WorkerBug
    ) -> Outcome:
        """A page that could not be read is kept as evidence: with a later version it may be."""
        bug = isinstance(error, WorkerBug)
        reason = error.reason
        await self.aside.keep(
            self.archive.note,
            id=article.id,
            address=article.canonical,
            state=State.ERROR,
            rule=f"bug: {reason}" if bug else reason,
            capture=capture,
            addresses=article.aliases,
        )
        return conclude.too_hard(article, capture, error)

    def kept_later(self, id: str, first: Reading) -> dict[int, Capture]:
        """Number → the newest kept capture of each later page of an article.  first: its first page, read."""
        return kept_later(first, self.archive.pages(id))

    def _judged(self, article: Article, capture: Capture) -> tuple[Print, Verdict]:
        """What an article is compared by, and what it would be to the archive."""
        prints = print_of(article)
        return prints, self.archive.judge(article, at=capture.brought_at, prints=prints)

    async def note(self, id: str, article: ArticleUrl, reading: Reading, capture: Capture) -> None:
        """Record what a page was that is no article.  id: the article that it is not; article: as it was asked for."""
        await self.aside.keep(
            self.archive.note,
            id=id,
            address=article.canonical,
            state=reading.state,
            rule=reading.rule,
            capture=capture,
            charset=reading.charset,
            layout=reading.layout,
            evidence=reading.evidence,
            addresses=article.aliases,
        )

    async def keep_part(self, article: Article, page: Later) -> None:
        """Keep another page of an article, of which this is no text of its own."""
        await self.aside.keep(
            self.archive.note,
            id=article.id,
            address=article.url,
            state=State.PART,
            rule=page.reading.rule,
            capture=page.capture,
            charset=page.reading.charset,
            layout=page.reading.layout,
        )

    async def keep(
        self,
        article: Article,
        reading: Reading,
        capture: Capture,
        *,
        given: str,
        aliases: tuple[str, ...] = (),
        at_hand: AtHand | None = None,
        online: bool = True,
        sparing: bool = False,
        beside: Sequence[Later] = (),
    ) -> Outcome:
        """Keep an article that was read, with its pictures.

        at_hand: pictures that came with the page.  online: whether others may be fetched.  sparing: as for `collect`.
        beside: the other pages on which it stands.
        """
        prints, verdict = await self.aside.look(self._judged, article, capture)
        if not isinstance(verdict, Same):
            for page in beside:
                await self.keep_part(article, page)
        returned = not isinstance(verdict, Same) and await self.aside.look(
            self.archive.forgotten, article.id
        )
        found = Album()
        if not self.archive.spares(verdict):
            found = await self.pictures.gather(
                article.images, page=capture.url, at_hand=at_hand, online=online
            )
        saved = await self.aside.keep(
            self.archive.keep,
            article,
            capture=capture,
            rule=reading.rule,
            charset=reading.charset,
            addresses=aliases,
            pictures=found.pictures,
            missing=found.missing,
            prints=prints,
            sparing=sparing,
            validated=not beside and len(reading.pages) < 2,
        )
        if isinstance(saved.verdict, Same) and saved.missing and (online or at_hand is not None):
            saved = await self.pictures.complete(
                saved, page=capture.url, at_hand=at_hand, online=online
            )
        outcome = conclude.kept(given, saved, reading, host=host_of(capture.url))
        because = tuple(dict.fromkeys(found.missing.values()))
        return replace(
            outcome,
            canonical=article.url,
            text=prints.text,
            missing_because=because,
            returned=returned,
        )
