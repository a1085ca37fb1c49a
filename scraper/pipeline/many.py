"""Many at once, in flat memory: a few are open, the rest wait where they came from."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
)
from typing import Any, TypeVar

from scraper.pipeline.stop import Stop

Item = TypeVar("Item")
Done = TypeVar("Done")

AT_ONCE = 4
"""Articles open at once: hosts are paced one by one, so more would only wait in memory."""


async def each(
    items: Iterable[Item] | AsyncIterable[Item],
    work: Callable[[Item], Awaitable[Done]],
    *,
    at_once: int = AT_ONCE,
    stop: Stop | None = None,
) -> AsyncGenerator[Done, None]:
    """The results of `work` on each item, as they come.

    Items are taken one by one when there is room.  After the first request to stop nothing new is taken; the second,
    or some seconds, drop what is open.  An error of `work` ends it all, once what is open has been dropped.
    """
    source = aiter(items) if isinstance(items, AsyncIterable) else _async(items)
    open_now: set[asyncio.Task[Done]] = set()
    firmly = asyncio.create_task(stop.firmly()) if stop else None
    exhausted = False
    try:
        while True:
            while not exhausted and len(open_now) < at_once and not (stop and stop.requested):
                try:
                    item = await anext(source)
                except StopAsyncIteration:
                    exhausted = True
                    break
                open_now.add(asyncio.create_task(_run(work, item)))
            if not open_now:
                return
            waited: list[asyncio.Task[Any]] = [*open_now, *([firmly] if firmly else [])]
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if stop and stop.at_once:
                return
            for task in [task for task in open_now if task.done()]:
                open_now.discard(task)
                yield task.result()
    finally:
        left: list[asyncio.Task[Any]] = [*open_now, *([firmly] if firmly else [])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if isinstance(source, AsyncGenerator):
            await source.aclose()


async def _async(items: Iterable[Item]) -> AsyncIterator[Item]:
    for item in items:
        yield item


async def _run(work: Callable[[Item], Awaitable[Done]], item: Item) -> Done:
    return await work(item)
