"""Pages that somebody has already, into the archive: saved files and WARC records.

Nothing is fetched unless asked for: a page without its pictures keeps their web addresses, and a later run can bring
them.  An article whose page names no address is kept under a name made of its bytes, so that nothing is lost.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote

from archive.article import NAMELESS, Article
from archive.capture import Capture
from archive.state import State
from scraper.errors import TooHard
from scraper.pipeline import conclude
from scraper.pipeline.collect import Collector
from scraper.pipeline.outcome import Outcome, Result, result_of
from scraper.pipeline.paged import Later, is_first, read_on
from scraper.reading import Reading
from scraper.saved import Saved
from scraper.urls import ArticleUrl, article_at, identify
from scraper.urls.pages import page_of
from scraper.worker.pool import WorkerBug


@dataclass(frozen=True, slots=True, kw_only=True)
class _FirstPage:
    """The page that an article's text begins on, read.  record: of its capture."""

    record: str
    capture: Capture
    reading: Reading


async def keep_saved(
    collector: Collector, saved: Saved, *, url: str = "", online: bool = False
) -> Outcome:
    """Keep the article on a saved page.

    url: which article it is, where the page does not say.  online: whether pictures that did not come with the page are
    fetched.  Raises NotAnArticle for a `url` that is none, and StorageError with its kin.
    """
    told = identify(url) if url else article_at(saved.page.url)
    given = url or (saved.page.url if saved.page.origin != "file" else str(saved.path))
    try:
        reading = await collector.workers.extract(saved.page, told)
    except TooHard as error:
        return Outcome(
            url=given, result=Result.FAILED, reason=error.reason, error=error, asked=False
        )
    except WorkerBug as error:
        return Outcome(url=given, result=Result.BUG, reason=error.reason, error=error, asked=False)
    which = told or article_at(reading.article.id if reading.article else "")
    which = which or article_at(_file_of(saved).split(".", 1)[0])
    if reading.state is not State.OK or reading.article is None:
        if which:
            await collector.note(which.id, which, reading, saved.page)
        return _not_kept(which, reading, given=given)
    article = _named(reading.article, which)
    rule = reading.rule
    if not article.id:
        article = _nameless(article, saved.page)
        rule += "; the page does not say which article it is (--url would)"
    reading = replace(reading, rule=rule, article=article)
    if is_first(reading):
        if await collector.aside.look(_is_before, collector, article.id, saved.page):
            await collector.keep_part(article, Later(saved.page, reading))
            if record := await collector.aside.look(_record_of, collector, article.id, saved.page):
                first = _FirstPage(record=record, capture=saved.page, reading=reading)
                return await _put_together(
                    collector, saved, which, first, given=given, online=online
                )
        later = await collector.aside.look(collector.kept_later, article.id, reading)
        reading = await read_on(collector.workers, which, reading, later)
    elif reading.page and (found := await _first_page(collector, article.id, which)):
        await collector.keep_part(article, Later(saved.page, reading))
        return await _put_together(collector, saved, which, found, given=given, online=online)
    assert reading.article
    outcome = await collector.keep(
        reading.article,
        reading,
        saved.page,
        given=given,
        aliases=which.aliases if which else (),
        at_hand=saved.pictures,
        online=online,
    )
    return replace(outcome, asked=False)


def _is_before(collector: Collector, id: str, page: Capture) -> bool:
    """Whether the current text is that of a later page alone, which somebody saved after this first one."""
    current, address = collector.archive.kept(id), collector.archive.pages(id).of_text()
    return bool(current and page_of(address) and datetime.fromisoformat(current.captured) > page.at)


def _record_of(collector: Collector, id: str, page: Capture) -> str:
    """The record in which a page was just kept; empty where pages are not kept."""
    return collector.archive.pages(id).newest().get(page.url, "")


async def _put_together(
    collector: Collector,
    saved: Saved,
    which: ArticleUrl | None,
    first: _FirstPage,
    *,
    given: str,
    online: bool,
) -> Outcome:
    """Keep the text of all pages of an article that are here, now that one more is."""
    assert first.reading.article
    later = await collector.aside.look(
        collector.kept_later, first.reading.article.id, first.reading
    )
    whole = await read_on(collector.workers, which, first.reading, later)
    assert whole.article
    album = await collector.pictures.gather(
        whole.article.images, page=saved.page.url, at_hand=saved.pictures, online=online
    )
    found = await collector.aside(
        collector.archive.rereading.keep,
        whole.article,
        captured=first.capture.at,
        capture=first.record,
        rule=whole.rule,
        charset=whole.charset,
        pictures=album.pictures,
        missing=album.missing,
    )
    return replace(conclude.kept(given, found, whole, host=""), asked=False)


async def _first_page(collector: Collector, id: str, which: ArticleUrl | None) -> _FirstPage | None:
    """The newest first page kept of an article; None when there is none, or the text is that of a newer page."""
    record, capture = await collector.aside.look(_first_kept, collector, id)
    if capture is None:
        return None
    try:
        reading = await collector.workers.extract(capture, which)
    except (TooHard, WorkerBug):
        return None
    if not is_first(reading) or reading.article is None:
        return None
    reading = replace(reading, article=_named(reading.article, which))
    return _FirstPage(record=record, capture=capture, reading=reading)


def _first_kept(collector: Collector, id: str) -> tuple[str, Capture | None]:
    pages, current = collector.archive.pages(id), collector.archive.kept(id)
    newest = reversed(pages.newest().items())
    record = next((one for address, one in newest if not page_of(address)), "")
    capture = pages.read(record)
    if capture and current and datetime.fromisoformat(current.captured) > capture.at:
        return record, None
    return record, capture


def _file_of(saved: Saved) -> str:
    """The name of the file that a page was saved as, also of one out of our captures, which tell where it lay."""
    if saved.page.url.startswith("file://"):
        return unquote(saved.page.url.rpartition("/")[2])
    return saved.path.name


def _named(article: Article, which: ArticleUrl | None) -> Article:
    """The article under its id; the file's name may tell it where the page does not."""
    if article.id or which is None:
        return article
    return replace(article, id=which.id, url=which.canonical)


def _nameless(article: Article, page: Capture) -> Article:
    """The article under a name made of its page's bytes: the same file is the same article, another one is not."""
    digest = hashlib.sha256(page.body).hexdigest()
    return replace(article, id=NAMELESS + digest[:16], url=f"urn:sha256:{digest}")


def _not_kept(which: ArticleUrl | None, reading: Reading, *, given: str) -> Outcome:
    """A page that makes no text."""
    return Outcome(
        url=given,
        id=which.id if which else "",
        canonical=which.canonical if which else "",
        result=result_of(reading.state),
        state=reading.state,
        title=reading.article.title if reading.article else "",
        reason=reading.rule + (f" ({reading.evidence})" if reading.evidence else ""),
        asked=False,
    )
