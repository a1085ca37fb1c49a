"""Asking one source, and whatever its answers lead to.

poll    what a source brought; the finds go to whoever wants them as they come
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from scraper.errors import Limited, NoNetwork, ScraperError, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.pipeline.outcome import Brought
from scraper.sources.answer import BUSY
from scraper.sources.found import Finds, Source
from scraper.sources.request import Request
from scraper.urls.address import host_of

BUSY_TRIES: Final = 3
"""How often an interface is asked that says it is busy."""


async def poll(
    source: Source,
    fetcher: Fetcher,
    take: Callable[[Finds], int],
    *,
    go_on: Callable[[], bool] = lambda: True,
    through: bool = False,
) -> Brought:
    """Ask a source as long as it brings something new, and nothing of it twice or more often than it may be asked.

    take: given what an answer brought, gives how many of its articles are new.  go_on: asked before each request.
    through: whether also while it brings nothing new, for what is new may stand behind that.
    What ends it before its time stands in `Brought.error`; so does why one of its answers was none, where others are
    worth asking all the same.
    """
    brought = Brought(name=source.name)
    ahead = deque(source.requests())
    led_to = set(ahead)
    named: set[str] = set()
    for _ in range(source.most):
        if not ahead:
            break
        if not go_on():
            brought.cut = True
            break
        try:
            finds = await _ask(source, fetcher, ahead.popleft(), brought)
        except ScraperError as error:
            brought.error, brought.cut = brought.error or error, True
            if isinstance(error, Limited | NoNetwork):
                break
            ahead = _alone(ahead)
            continue
        fresh = take(finds)
        named.update(find.article.id for find in finds.articles)
        brought.named = len(named)
        brought.fresh += fresh
        for what, count in finds.skipped.items():
            brought.skipped[what] = brought.skipped.get(what, 0) + count
        ahead.extend(lead for lead in finds.leads if lead not in led_to)
        led_to.update(finds.leads)
        if not through and not fresh and (finds.articles or not finds.leads):
            ahead = _alone(ahead)
    return brought


def _alone(ahead: deque[Request]) -> deque[Request]:
    return deque(request for request in ahead if request.alone)


async def _ask(source: Source, fetcher: Fetcher, request: Request, brought: Brought) -> Finds:
    for tries_left in range(BUSY_TRIES - 1, -1, -1):
        told = await fetcher.ask(request)
        brought.answers += 1
        try:
            return source.finds(told)
        except Limited:
            fetcher.limited(host_of(told.url))
            raise
        except Unreachable as error:
            if error.kind != BUSY or not tries_left:
                raise
    raise AssertionError("the last try returns or raises")
