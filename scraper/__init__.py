"""Turns an address into an article, and runs the program.

    identify         any address of an article → ArticleUrl; NotAnArticle says what it is instead
    Fetcher          asks qq.com, politely; `NetworkSettings`: as whom, how often, how much
    Workers          the processes in which pages are read: `await workers.extract(capture, asked)` gives a `Reading`
    Collector        one article, from its address to the archive: `await collector.collect(address)` gives an `Outcome`
    ScraperError     what can go wrong on the way; sorted by what to do next

All of them together, inside a coroutine:

    with Archive.open(Path("data")) as archive:
        async with Workers() as workers, Fetcher() as fetcher:
            outcome = await Collector(archive, fetcher, workers).collect(address)

`docs/architecture.md` tells the rooms in order, and why.  Nothing is loaded before it is asked for.
"""

from typing import TYPE_CHECKING

from archive import __version__ as __version__

__all__ = [
    "ArticleUrl",
    "Collector",
    "Fetcher",
    "NetworkSettings",
    "NotAnArticle",
    "Outcome",
    "Reading",
    "ScraperError",
    "Workers",
    "identify",
]

if TYPE_CHECKING:
    from scraper.errors import NotAnArticle, ScraperError
    from scraper.fetch.fetcher import Fetcher
    from scraper.fetch.settings import NetworkSettings
    from scraper.pipeline.collect import Collector
    from scraper.pipeline.outcome import Outcome
    from scraper.reading import Reading
    from scraper.urls import ArticleUrl, identify
    from scraper.worker.pool import Workers
else:
    _ROOMS = {
        "errors": ("NotAnArticle", "ScraperError"),
        "fetch.fetcher": ("Fetcher",),
        "fetch.settings": ("NetworkSettings",),
        "pipeline.collect": ("Collector",),
        "pipeline.outcome": ("Outcome",),
        "reading": ("Reading",),
        "urls": ("ArticleUrl", "identify"),
        "worker.pool": ("Workers",),
    }

    def __getattr__(name):
        """The class or function of that name, loaded now."""
        from importlib import import_module

        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"scraper.{room}"), name)
        raise AttributeError(f"module 'scraper' has no attribute {name!r}")
