"""Whether a kept article was looked at so lately that the site is not asked again.

kept_as    what the archive has of an article, perhaps under another id that only its page could tell
is_fresh   whether that is still taken to be what the site shows
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from archive.archive import Kept
from archive.state import State
from scraper.pipeline.outcome import Result, result_of
from scraper.urls import ArticleUrl, clean


def kept_as(
    article: ArticleUrl,
    *,
    id_of: Callable[[str], str | None],
    kept: Callable[[str], Kept | None],
) -> Kept | None:
    """What is kept of an article.  id_of: which article an address is known to lead to."""
    addresses = (article.canonical, clean(article.given))
    known = next((found for url in addresses if (found := id_of(url))), None)
    return kept(known or article.id)


def is_fresh(kept: Kept, freshness: timedelta, *, now: datetime) -> bool:
    """Whether the last look is recent enough, and saw the page."""
    state = State(kept.state)
    if state is not State.OK and result_of(state) not in (Result.GONE, Result.OTHER):
        return False
    try:
        checked = datetime.fromisoformat(kept.checked)
    except ValueError:
        return False
    return timedelta(0) <= now - checked < freshness  # a look in the future is a clock that jumped
