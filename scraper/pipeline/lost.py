"""Kept pages read again for texts that were lost: what `archive.upkeep.repair` asks of those who know layouts.

    reading    a block in which it may ask

It asks seldom, one page at a time, and outside of any event loop: so the loop and its worker are kept here, and the
worker only starts with the first page.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from archive.capture import Capture
from archive.pages import Pages
from archive.state import State
from archive.upkeep.restoring import Read, Reread
from scraper.errors import TooHard
from scraper.pipeline.paged import reread
from scraper.pipeline.reextract import READ_AGAIN
from scraper.urls import article_at
from scraper.worker.pool import WorkerBug, Workers
from scraper.worker.settings import WorkerSettings


@contextmanager
def reading(settings: WorkerSettings) -> Iterator[Read]:
    """A block in which pages may be read by today's extractor."""
    workers = Workers(settings)
    with asyncio.Runner() as runner:

        def read(capture: Capture, address: str, pages: Pages) -> Reread | None:
            return runner.run(_read(workers, capture, address, pages))

        try:
            yield read
        finally:
            runner.run(workers.close())


async def _read(workers: Workers, capture: Capture, address: str, pages: Pages) -> Reread | None:
    try:
        found = await reread(workers, article_at(address), capture, pages)
    except (TooHard, WorkerBug):
        return None
    if found.article is None or found.state is not State.OK:
        return None
    return Reread(article=found.article, rule=f"{READ_AGAIN}{found.rule}", charset=found.charset)
