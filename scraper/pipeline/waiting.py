"""Articles that were not settled, in the queue until a later run.

put_off        an article of the queue that failed: when it comes back, or that it does not
queue_failed   an article that was asked for by hand and failed: into the queue, as the exit code promises
"""

import math
from datetime import datetime
from typing import Final

from archive.archive import Archive, Wanted
from archive.index.queue import Queue
from archive.state import State
from scraper.errors import Limited, NoNetwork, NotAnArticle, Refused
from scraper.pipeline.later import retry_at
from scraper.pipeline.outcome import Outcome
from scraper.urls import identify

LONG_REST: Final = 60.0
"""A wait in seconds that a later run has to respect; a shorter one is over by then."""


def unasked(outcome: Outcome) -> bool:
    """Whether the failure says nothing about the article: offline, or a site that wants a short rest."""
    error = outcome.error
    if isinstance(error, Limited):
        return not (error.wait and LONG_REST < error.wait < math.inf)
    return isinstance(error, NoNetwork)


def put_off(queue: Queue, id: str, outcome: Outcome, *, attempts: int, now: datetime) -> bool:
    """Put a failed article back for later; gives whether a later run tries it.

    attempts: how often it failed before.
    """
    error = outcome.error
    when: datetime | None
    if isinstance(error, Limited):
        when, kind = retry_at(now, 0, wait=error.wait), "limited"
    elif isinstance(error, Refused):
        when, kind = None, f"refused:{error.kind}"
    elif isinstance(error, NotAnArticle):
        when, kind = None, "not_article"
    else:
        when = retry_at(now, attempts, blocked=outcome.state is State.BLOCKED)
        kind = getattr(error, "kind", "") or str(outcome.state or outcome.result)
    queue.later(id, retry_at=when, error=outcome.reason, kind=kind)
    return when is not None


def queue_failed(archive: Archive, outcome: Outcome, *, source: str, now: datetime) -> bool:
    """Queue an article that was asked for by hand and not settled; gives whether a later run tries it."""
    if outcome.settled or isinstance(outcome.error, Refused | NotAnArticle):
        return False
    try:
        article = identify(outcome.url)
    except NotAnArticle:
        return False
    wanted = Wanted(id=article.id, url=article.canonical, addresses=article.aliases, source=source)
    archive.queue.add([wanted], again=True)
    if unasked(outcome):
        return True
    return put_off(archive.queue, article.id, outcome, attempts=0, now=now)
