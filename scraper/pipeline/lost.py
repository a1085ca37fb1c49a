"""Kept pages read again for texts that were lost: what `archive.repair` asks of those who know layouts.

    reading    a block in which it may ask

It asks seldom, one page at a time, and outside of any event loop: so the loop and its worker are kept here, and the
worker only starts with the first page.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from archive.capture import Capture
from archive.pages import Pages
from archive.restoring import Read, Reread
from archive.state import State
from scraper.errors import NotAnArticle, TooHard
from scraper.pipeline.paged import is_first, kept_later, read_on
from scraper.pipeline.reextract import READ_AGAIN
from scraper.urls import identify
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
        asked = identify(address)
    except NotAnArticle:
        asked = None
    try:
        found = await workers.extract(capture, asked)
        if is_first(found):
            found = await read_on(workers, asked, found, kept_later(found, pages))
    except (TooHard, WorkerBug):
        return None
    if found.article is None or found.state is not State.OK:
        return None
    return Reread(article=found.article, rule=f"{READ_AGAIN}{found.rule}", charset=found.charset)
