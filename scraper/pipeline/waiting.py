"""Articles that were not settled, in the queue until a later run.

put_off     an article of the queue that failed: when it comes back, or that it does not
wanted      an article on its way into the queue
end_named   an article that somebody asked for by name, after it was: out of the queue, or left there for later
"""

import math
from datetime import datetime
from typing import Final

from archive.archive import Archive, Wanted
from archive.index.queue import Queue
from scraper.errors import Limited, NoNetwork, NotAnArticle, OwnLimit, Refused
from scraper.pipeline.later import retry_at
from scraper.pipeline.outcome import Outcome, Result
from scraper.urls import ArticleUrl, article_at

LONG_REST: Final = 60.0
"""A wait in seconds that a later run has to respect; a shorter one is over by then."""

DAY: Final = 86400.0
"""Seconds after which a robots.txt is read anew, and a redirect that leads away may lead home."""


def unasked(outcome: Outcome) -> bool:
    """Whether the failure says nothing about the article: offline, a rule of ours, a site that wants a short rest."""
    error = outcome.error
    if isinstance(error, OwnLimit):
        return True
    if isinstance(error, Limited):
        return not (error.wait and LONG_REST < error.wait < math.inf)
    return isinstance(error, NoNetwork)


def put_off(
    queue: Queue, id: str, outcome: Outcome, *, attempts: int, now: datetime
) -> datetime | None:
    """Put a failed article back for later; gives when it is tried again, None when it is given up.

    attempts: how often it failed before.
    """
    error = outcome.error
    when: datetime | None
    if isinstance(error, Limited):
        when, kind = retry_at(now, 0, wait=error.wait), "limited"
    elif isinstance(error, Refused):
        # The rest is said of the address; these may be a mistake of the site for all its pages, and of a day.
        passes = error.kind == "robots" or error.kind.startswith("redirect")
        when = retry_at(now, attempts, blocked=True, wait=DAY) if passes else None
        kind = f"refused:{error.kind}"
    elif isinstance(error, NotAnArticle):
        when, kind = None, "not_article"
    else:
        when = retry_at(now, attempts, blocked=outcome.result is Result.BLOCKED)
        kind = getattr(error, "kind", "") or str(outcome.state or outcome.result)
    queue.later(id, retry_at=when, error=outcome.reason, kind=kind)
    return when


def wanted(article: ArticleUrl, source: str) -> Wanted:
    """The article as the queue holds it.  source: what named it."""
    return Wanted(id=article.id, url=article.canonical, addresses=article.aliases, source=source)


def end_named(archive: Archive, outcome: Outcome, *, now: datetime) -> datetime | None:
    """Take an article that was asked for by name out of the queue again, or leave it there for later.

    Gives when a run may try it again, as the exit code promises; None when none will.
    """
    article = article_at(outcome.url)
    if article is None:
        return None
    if outcome.settled:
        # What was kept or noted under its own id has left the queue.  What was not asked for now may be in it still,
        # from a time when it was kept and the program killed.
        if not outcome.asked or outcome.id != article.id:
            archive.queue.done(article.id, outcome.result)
        return None
    if isinstance(outcome.error, Refused):
        archive.queue.done(article.id, outcome.result)
        return None
    if unasked(outcome):
        archive.queue.release([article.id])
        return now
    return put_off(archive.queue, article.id, outcome, attempts=0, now=now)
