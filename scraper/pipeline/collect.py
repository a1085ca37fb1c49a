"""One article, from its address to the archive.

    Collector    await collector.collect(article) → Outcome

The story: known and looked at lately? then nothing is asked.  Ask, conditionally where we have validators; read the
answer in a worker process; only a page that keeps the contract of an article becomes a revision, with its pictures.
Any other page is recorded with the answer as evidence, and a good copy is never touched.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from archive.archive import Archive, Kept, Saved
from archive.article import Article
from archive.capture import Capture
from archive.dedupe import Copy, New, Revised, Same
from archive.state import State
from scraper.errors import NotAnArticle, Refused, ScraperError, TooHard, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.validators import Validators
from scraper.pictures import PictureSettings
from scraper.pipeline.album import Album, Illustrator
from scraper.pipeline.aside import Aside
from scraper.pipeline.freshness import is_fresh, kept_as
from scraper.pipeline.gallery import places, whole
from scraper.pipeline.outcome import Outcome, Result, failure, host_of, result_of
from scraper.pipeline.waiting import wanted
from scraper.reading import Reading
from scraper.sources.request import Request
from scraper.urls import ArticleUrl, identify, shown
from scraper.worker.pool import WorkerBug, Workers

_FIREWALL: Final = "waf.tencent.com"
"""Where Tencent's firewall sends those it takes for robots; HTTP 501 is the same without words."""

_LOOK_ELSEWHERE = frozenset({State.THIN, State.ERROR})
"""States in which another address of the same article may show it whole."""


def _now() -> datetime:
    return datetime.now(UTC)


class Collector:
    """Collects articles into one archive.

    fetcher: None to stay off the network.  freshness: seconds for which a kept article is taken to be what the site
    shows.  duplicates: `link` spares the pictures of what is kept under another id.  clock: the time of day.
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
        duplicates: str = "link",
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
        self._links = duplicates == "link"
        self._clock = clock
        self._open: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def collect(
        self,
        address: ArticleUrl | str,
        *,
        again: bool = False,
        source: str = "",
        unless_forgotten: bool = False,
    ) -> Outcome:
        """Collect the article at an address.

        again: ask even for what was looked at lately.  source: what named it; then it is in the queue while it is
        asked for, and a later run knows of it whatever happens to this one.  Empty for what comes from there.
        unless_forgotten: whether one that was taken out on purpose stays out, also where only its page tells its id.
        """
        try:
            article = identify(address) if isinstance(address, str) else address
        except NotAnArticle as error:
            return failure(shown(str(address)), error)
        # Two addresses of one article, given at once, are one article.
        alone = self._open.setdefault(article.id, asyncio.Lock())
        async with alone:
            outcome = await self._collect(
                article, again=again, source=source, unless_forgotten=unless_forgotten
            )
        return replace(outcome, canonical=outcome.canonical or article.canonical)

    async def _collect(
        self, article: ArticleUrl, *, again: bool, source: str, unless_forgotten: bool
    ) -> Outcome:
        kept = await self.aside.look(self._kept, article)
        if kept and not again and is_fresh(kept, self._freshness, now=self._clock()):
            return await self.aside(self._known, article, kept)
        if source:
            await self.aside(self.archive.queue.take, wanted(article, source))
        try:
            return await self._ask(article, kept, unless_forgotten=unless_forgotten)
        except ScraperError as error:
            return failure(article.given, error, id=article.id)

    def _kept(self, article: ArticleUrl) -> Kept | None:
        return kept_as(article, id_of=self.archive.id_of, kept=self.archive.kept)

    def _known(self, article: ArticleUrl, kept: Kept) -> Outcome:
        """The outcome for what was looked at lately; another address of it is remembered."""
        new = [url for url in article.aliases if self.archive.id_of(url) is None]
        if new:
            self.archive.remember(kept.id, new)
        state = State(kept.state)
        return Outcome(
            url=article.given,
            id=kept.id,
            result=Result.SAME if state is State.OK else result_of(state),
            state=state,
            title=kept.title,
            path=Path(kept.path),
            copy_of=kept.copy_of,
            canonical=kept.url,
            reason=f"looked at {kept.checked}, not asked again",
            asked=False,
        )

    async def _ask(
        self, article: ArticleUrl, kept: Kept | None, *, unless_forgotten: bool
    ) -> Outcome:
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
                return self._unchanged(article, kept)
            unheard = failed is not None and getattr(failed, "kind", "") != "dns"
            outcome = await self._settle(
                article,
                capture,
                decisive=not (first or unheard),
                unless_forgotten=unless_forgotten,
            )
            if outcome.kept:
                return outcome
            if unheard:
                break
            first = first or outcome
            if not _worth_another(article, capture, outcome):
                break
        if first is None:
            assert failed is not None
            raise failed
        return first

    def _unchanged(self, article: ArticleUrl, kept: Kept) -> Outcome:
        return Outcome(
            url=article.given,
            id=kept.id,
            result=Result.SAME,
            state=State.OK,
            title=kept.title,
            path=Path(kept.path),
            copy_of=kept.copy_of,
            canonical=kept.url,
            reason="not modified",
        )

    async def _settle(
        self, article: ArticleUrl, capture: Capture, *, decisive: bool, unless_forgotten: bool
    ) -> Outcome:
        """Read an answer, and keep or note what it says.

        decisive: whether a page that is no article is to be noted; a second look only counts when it finds one.
        """
        which = _answered(article, capture)
        try:
            reading = await self.workers.extract(capture, which)
        except (TooHard, WorkerBug) as error:
            return await self._too_hard(article, capture, error)
        more = await self._clicked_through(which, reading) if reading.elsewhere else None
        if reading.state is not State.OK and decisive:
            await self.aside.keep(
                self.archive.note,
                id=which.id,
                address=article.canonical,
                state=reading.state,
                rule=reading.rule,
                capture=capture,
                charset=reading.charset,
                layout=reading.layout,
                evidence=reading.evidence,
                addresses=article.aliases,
            )
        if more:
            reading, capture = more
        if reading.state is State.OK and reading.article is not None:
            id = reading.article.id
            if unless_forgotten and await self.aside.look(self.archive.forgotten, id):
                return _left_out(article, id)
            return await self.keep(
                reading.article, reading, capture, given=article.given, aliases=article.aliases
            )
        host = host_of(capture.url)
        if self.fetcher and _keeps_us_out(reading):
            self.fetcher.limited(host)
        return _not_kept(article, which, reading, host=host)

    async def _clicked_through(
        self, which: ArticleUrl, page: Reading
    ) -> tuple[Reading, Capture] | None:
        """A gallery with the pictures that its page leaves to another address; None when they are not there.

        Raises Unreachable and Limited, for they may be there later.
        """
        assert self.fetcher is not None
        for address in places(page.elsewhere):
            try:
                capture = await self.fetcher.ask(Request(url=address))
                pictures = await self.workers.extract(capture, which)
            except (Refused, TooHard, WorkerBug):
                return None
            if gallery := whole(page, pictures):
                return gallery, capture
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
        return Outcome(
            url=article.given,
            id=article.id,
            result=Result.BUG if bug else Result.FAILED,
            state=State.ERROR,
            reason=reason,
            error=error,
            host=host_of(capture.url),
        )

    async def keep(
        self,
        article: Article,
        reading: Reading,
        capture: Capture,
        *,
        given: str,
        aliases: tuple[str, ...] = (),
        at_hand: Mapping[str, Capture] | None = None,
        online: bool = True,
    ) -> Outcome:
        """Keep an article that was read, with its pictures.

        at_hand: pictures that came with the page.  online: whether others may be fetched.
        """
        verdict = await self.aside.look(self.archive.judge, article)
        linked = isinstance(verdict, Copy) and self._links and not verdict.whole
        spared = isinstance(verdict, Same) or linked
        returned = not isinstance(verdict, Same) and await self.aside.look(
            self.archive.forgotten, article.id
        )
        found = Album()
        if not spared:
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
        )
        if isinstance(saved.verdict, Same) and saved.missing and online:
            saved = await self.pictures.complete(saved, capture.url)
        outcome = _saved(given, saved, reading, host=host_of(capture.url))
        because = next(iter(found.missing.values()), "")
        return replace(outcome, canonical=article.url, missing_because=because, returned=returned)


def _answered(article: ArticleUrl, capture: Capture) -> ArticleUrl:
    """The article whose page answered: the one asked for, unless the site led us on to another of its addresses."""
    if not capture.asked or capture.asked == capture.url:
        return article
    try:
        return identify(capture.url)
    except NotAnArticle:
        return article


def _worth_another(article: ArticleUrl, capture: Capture, outcome: Outcome) -> bool:
    """Whether another address of the article may show what this one did not."""
    if outcome.error is not None:
        return False
    if outcome.state is State.GONE:
        return not article.one_source
    if outcome.result is Result.BLOCKED:
        return capture.status == 200  # a page that says "access denied" is one host's mood
    return outcome.state in _LOOK_ELSEWHERE


def _keeps_us_out(reading: Reading) -> bool:
    """Whether the site wants to be left alone, and does not only keep this page from us."""
    firewall = reading.state is State.BLOCKED and _FIREWALL in reading.evidence
    return firewall or reading.state is State.CAPTCHA


def _left_out(article: ArticleUrl, id: str) -> Outcome:
    return Outcome(
        url=article.given,
        id=id,
        result=Result.OTHER,
        state=State.OK,
        reason=f"it was forgotten on purpose; `qqnews add {id}` would bring it back",
    )


def _not_kept(article: ArticleUrl, which: ArticleUrl, reading: Reading, *, host: str) -> Outcome:
    return Outcome(
        url=article.given,
        id=which.id,
        result=Result.LIMITED if _keeps_us_out(reading) else result_of(reading.state),
        state=reading.state,
        title=reading.article.title if reading.article else "",
        reason=reading.rule + (f" ({reading.evidence})" if reading.evidence else ""),
        host=host,
    )


def _saved(given: str, saved: Saved, reading: Reading, *, host: str) -> Outcome:
    match saved.verdict:
        case New():
            result = Result.NEW
        case Revised(suspect=suspect):
            result = Result.SUSPECT if suspect else Result.REVISED
        case Copy():
            result = Result.COPY
        case Same():
            result = Result.SAME
    return Outcome(
        url=given,
        id=saved.id,
        result=result,
        state=State.OK,
        title=saved.title,
        path=Path(saved.path),
        images=saved.images,
        missing=saved.missing,
        copy_of=saved.verdict.of if isinstance(saved.verdict, Copy) else "",
        reason=reading.rule,
        host=host,
    )
