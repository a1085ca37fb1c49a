"""What came of an article, concluded from what its page turned out to be and what the archive made of it.  Pure.

answered        which article's page it was that answered
worth_another   whether another of its addresses may show what this one did not
keeps_us_out    whether the site wants to be left alone, and does not only keep this page from us
known, unchanged, left_out, not_kept, too_hard, kept    → Outcome
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from archive.archive import Kept, Saved
from archive.capture import Capture
from archive.dedupe import Copy, New, Revised, Same
from archive.state import State
from scraper.errors import TooHard
from scraper.pipeline.outcome import Outcome, Result, result_of
from scraper.reading import Reading
from scraper.urls import ArticleUrl, article_at
from scraper.urls.address import host_of
from scraper.worker.pool import WorkerBug

_FIREWALL: Final = "waf.tencent.com"
"""Where Tencent's firewall sends those it takes for robots; HTTP 501 is the same without words."""

_LOOK_ELSEWHERE = frozenset({State.THIN, State.ERROR})
"""States in which another address of the same article may show it whole."""


def answered(article: ArticleUrl, capture: Capture) -> ArticleUrl:
    """The article whose page answered: the one asked for, unless the site led us on to another of its addresses."""
    if not capture.asked or capture.asked == capture.url:
        return article
    return article_at(capture.url) or article


def worth_another(article: ArticleUrl, capture: Capture, outcome: Outcome) -> bool:
    """Whether another address of the article may show what this one did not."""
    if outcome.error is not None:
        return False
    if outcome.state is State.GONE:
        return not article.one_source
    if outcome.result is Result.BLOCKED:
        return capture.status == 200  # a page that says "access denied" is one host's mood
    return outcome.state in _LOOK_ELSEWHERE


def keeps_us_out(reading: Reading) -> bool:
    """Whether the site wants to be left alone, and does not only keep this page from us."""
    firewall = reading.state is State.BLOCKED and _FIREWALL in reading.evidence
    return firewall or reading.state is State.CAPTCHA


def known(article: ArticleUrl, found: Kept) -> Outcome:
    """Looked at so lately that it was not asked for."""
    state = State(found.state)
    return replace(
        unchanged(article, found),
        result=Result.SAME if state is State.OK else result_of(state),
        state=state,
        reason=f"looked at {found.checked}, not asked again",
        asked=False,
    )


def unchanged(article: ArticleUrl, found: Kept) -> Outcome:
    """The site said that it is what is kept."""
    return Outcome(
        url=article.given,
        id=found.id,
        result=Result.SAME,
        state=State.OK,
        title=found.title,
        path=Path(found.path),
        copy_of=found.copy_of,
        canonical=found.url,
        reason="not modified",
    )


def too_hard(article: ArticleUrl, capture: Capture, error: TooHard | WorkerBug) -> Outcome:
    """Reading it outgrew a limit, or failed in a way no page may cause."""
    return Outcome(
        url=article.given,
        id=article.id,
        result=Result.BUG if isinstance(error, WorkerBug) else Result.FAILED,
        state=State.ERROR,
        reason=error.reason,
        error=error,
        host=host_of(capture.url),
    )


def left_out(article: ArticleUrl, id: str) -> Outcome:
    """Taken out on purpose once, and so not kept again."""
    return Outcome(
        url=article.given,
        id=id,
        result=Result.OTHER,
        state=State.OK,
        reason=f"it was forgotten on purpose; `qqnews add {id}` would bring it back",
    )


def not_kept(article: ArticleUrl, which: ArticleUrl, reading: Reading, *, host: str) -> Outcome:
    """A page that is no article.  which: the article that answered."""
    return Outcome(
        url=article.given,
        id=which.id,
        result=Result.LIMITED if keeps_us_out(reading) else result_of(reading.state),
        state=reading.state,
        title=reading.article.title if reading.article else "",
        reason=reading.rule + (f" ({reading.evidence})" if reading.evidence else ""),
        host=host,
    )


def kept(given: str, saved: Saved, reading: Reading, *, host: str) -> Outcome:
    """An article, in the archive now.  given: the address it was asked for by."""
    match saved.verdict:
        case New():
            result = Result.NEW
        case Revised(suspect=suspect):
            result = Result.SUSPECT if suspect else Result.REVISED
        case Copy():
            result = Result.COPY
        case Same():
            result = Result.SAME
    older = isinstance(saved.verdict, Revised) and saved.verdict.older
    return Outcome(
        url=given,
        id=saved.id,
        result=result,
        state=State.OK,
        title=saved.title,
        path=Path(saved.path),
        images=saved.images,
        missing=saved.missing,
        older=older,
        copy_of=saved.verdict.of if isinstance(saved.verdict, Copy) else "",
        reason=reading.rule + "; older than the current text, kept as an earlier one" * older,
        host=host,
    )
