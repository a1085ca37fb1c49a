"""Pages that somebody has already, into the archive: saved files and WARC records.

Nothing is fetched unless asked for: a page without its pictures keeps their web addresses, and a later run can bring
them.  An article whose page names no address is kept under a name made of its bytes, so that nothing is lost.
"""

import hashlib
from dataclasses import replace
from urllib.parse import unquote

from archive.article import NAMELESS, Article
from archive.capture import Capture
from archive.state import State
from scraper.errors import NotAnArticle, TooHard
from scraper.pipeline.collect import Collector
from scraper.pipeline.outcome import Outcome, Result, result_of
from scraper.reading import Reading
from scraper.saved import Saved
from scraper.urls import ArticleUrl, identify
from scraper.worker.pool import WorkerBug


async def keep_saved(
    collector: Collector, saved: Saved, *, url: str = "", online: bool = False
) -> Outcome:
    """Keep the article on a saved page.

    url: which article it is, where the page does not say.  online: whether pictures that did not come with the page are
    fetched.  Raises NotAnArticle for a `url` that is none, and StorageError with its kin.
    """
    told = identify(url) if url else _article_at(saved.page.url)
    given = url or (saved.page.url if saved.page.origin != "file" else str(saved.path))
    try:
        reading = await collector.workers.extract(saved.page, told)
    except TooHard as error:
        return Outcome(
            url=given, result=Result.FAILED, reason=error.reason, error=error, asked=False
        )
    except WorkerBug as error:
        return Outcome(url=given, result=Result.BUG, reason=error.reason, error=error, asked=False)
    which = told or _article_at(reading.article.id if reading.article else "")
    which = which or _article_at(_file_of(saved).split(".", 1)[0])
    if reading.state is not State.OK or reading.article is None:
        return await _noted(collector, saved, which, reading, given=given)
    article = _named(reading.article, which)
    rule = reading.rule
    if not article.id:
        article = _nameless(article, saved.page)
        rule += "; the page does not say which article it is (--url would)"
    outcome = await collector.keep(
        article,
        replace(reading, rule=rule),
        saved.page,
        given=given,
        aliases=which.aliases if which else (),
        at_hand=saved.pictures,
        online=online,
    )
    return replace(outcome, asked=False)


def _file_of(saved: Saved) -> str:
    """The name of the file that a page was saved as, also of one out of our captures, which tell where it lay."""
    if saved.page.url.startswith("file://"):
        return unquote(saved.page.url.rpartition("/")[2])
    return saved.path.name


def _article_at(address: str) -> ArticleUrl | None:
    try:
        return identify(address)
    except NotAnArticle:
        return None


def _named(article: Article, which: ArticleUrl | None) -> Article:
    """The article under its id; the file's name may tell it where the page does not."""
    if article.id or which is None:
        return article
    return replace(article, id=which.id, url=which.canonical)


def _nameless(article: Article, page: Capture) -> Article:
    """The article under a name made of its page's bytes: the same file is the same article, another one is not."""
    digest = hashlib.sha256(page.body).hexdigest()
    return replace(article, id=NAMELESS + digest[:16], url=f"urn:sha256:{digest}")


async def _noted(
    collector: Collector, saved: Saved, which: ArticleUrl | None, reading: Reading, *, given: str
) -> Outcome:
    """Record a page that is no article, when it is known which article it is not."""
    if which:
        await collector.aside.keep(
            collector.archive.note,
            id=which.id,
            address=which.canonical,
            state=reading.state,
            rule=reading.rule,
            capture=saved.page,
            charset=reading.charset,
            layout=reading.layout,
            evidence=reading.evidence,
            addresses=which.aliases,
        )
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
