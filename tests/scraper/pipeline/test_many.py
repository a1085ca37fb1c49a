"""Many at once, in flat memory, stopped kindly or firmly."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from scraper.pipeline import many
from scraper.pipeline.stop import Stop


class Taken:
    """Counts what was taken from it and not yet finished."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = self.finished = self.most_open = 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.size):
            self.taken += 1
            self.most_open = max(self.most_open, self.taken - self.finished)
            yield number

    async def work(self, number: int) -> int:
        await asyncio.sleep(0.0005 * (number % 3))
        self.finished += 1
        return number


def test_no_more_is_taken_than_is_worked_on() -> None:
    async def story() -> None:
        items = Taken(200)
        done = [number async for number in many.each(items, items.work, at_once=5)]
        assert sorted(done) == list(range(200))
        assert items.most_open <= 5

    asyncio.run(story())


def test_items_may_come_from_something_that_has_to_be_waited_for() -> None:
    async def slowly() -> AsyncIterator[int]:
        for number in range(6):
            await asyncio.sleep(0)
            yield number

    async def double(number: int) -> int:
        return 2 * number

    async def story() -> None:
        found = [number async for number in many.each(slowly(), double, at_once=2)]
        assert sorted(found) == [0, 2, 4, 6, 8, 10]

    asyncio.run(story())


def test_an_error_ends_it_all_and_leaves_nothing_running() -> None:
    cancelled: list[int] = []

    async def work(number: int) -> int:
        if number == 3:
            raise OSError("the disk is full")
        try:
            await asyncio.sleep(10 if number > 3 else 0)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise
        return number

    async def story() -> None:
        done = []
        with pytest.raises(OSError, match="disk is full"):
            async for number in many.each(range(10), work, at_once=4):
                done += [number]
        assert set(done) <= {0, 1, 2}
        assert len(asyncio.all_tasks()) == 1
        assert all(number > 3 for number in cancelled)

    asyncio.run(story())


def test_whoever_stops_listening_stops_the_work() -> None:
    async def work(number: int) -> int:
        await asyncio.sleep(0 if number == 0 else 10)
        return number

    async def story() -> None:
        async with aclosing(many.each(range(10), work, at_once=4)) as results:
            assert await anext(results) == 0
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())


def test_open_work_that_does_not_end_is_dropped_though_nobody_asks_twice() -> None:
    async def story() -> None:
        stop = Stop(grace=0.05)
        asyncio.get_running_loop().call_later(0.05, stop.request)
        assert [x async for x in many.each(range(100), _long, at_once=3, stop=stop)] == []
        assert stop.at_once

    asyncio.run(story())


def test_a_first_request_lets_open_work_end_and_a_second_one_does_not() -> None:
    async def story() -> None:
        stop = Stop()
        done = []
        async for number in many.each(range(100), _briefly, at_once=3, stop=stop):
            done.append(number)
            if not stop.requested:
                stop.request()
        assert 1 <= len(done) <= 3

        stop = Stop()
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, stop.request)
        loop.call_later(0.1, stop.request)
        began = time.monotonic()
        assert [x async for x in many.each(range(100), _long, at_once=3, stop=stop)] == []
        assert time.monotonic() - began < 2

    asyncio.run(story())


async def _briefly(number: int) -> int:
    await asyncio.sleep(0.01)
    return number


async def _long(number: int) -> int:
    await asyncio.sleep(30)
    return number
