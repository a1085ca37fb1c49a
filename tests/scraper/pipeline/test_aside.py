"""The archive's work beside the event loop."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scraper.pipeline.aside import Aside


def test_work_beside_the_loop_is_done_in_order_in_one_thread_and_lets_the_loop_go_on() -> None:
    async def story() -> None:
        aside = Aside()
        seen: list[tuple[int, str]] = []

        def slow(number: int) -> int:
            time.sleep(0.02)
            seen.append((number, threading.current_thread().name))
            return number

        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        ticking = asyncio.create_task(tick())
        assert await asyncio.gather(*(aside(slow, n) for n in range(5))) == [0, 1, 2, 3, 4]
        ticking.cancel()
        assert [number for number, _ in seen] == [0, 1, 2, 3, 4]
        assert len({thread for _, thread in seen}) == 1
        assert ticks >= 3

    asyncio.run(story())


def test_what_the_disk_has_begun_is_finished_before_a_cancelled_wait_ends() -> None:
    async def story() -> None:
        aside = Aside()
        finished: list[str] = []
        in_the_middle, may_end = threading.Event(), threading.Event()

        def keep(name: str) -> None:
            in_the_middle.set()
            may_end.wait(10)
            finished.append(name)

        begun = asyncio.create_task(aside(keep, "begun"))
        waiting = asyncio.create_task(aside(keep, "waiting"))
        assert await asyncio.to_thread(in_the_middle.wait, 10)
        waiting.cancel()
        begun.cancel()
        asyncio.get_running_loop().call_later(0.05, may_end.set)
        for task in (begun, waiting):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert finished == ["begun"]

    asyncio.run(story())


class _Together:
    """A block that notes when it begins and ends; `opened` lets the first one end."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.opened = threading.Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.seen.append("begins")
        self.opened.wait(10)
        yield
        self.seen.append("ends")

    def note(self, word: str) -> str:
        self.seen.append(word)
        return word


def test_those_that_wait_to_be_kept_are_kept_together_and_what_must_be_alone_waits() -> None:
    async def story() -> None:
        together = _Together()
        aside = Aside(together)
        jobs = [
            asyncio.create_task(how(together.note, word))
            for how, word in (
                *((aside.keep, "a"), (aside.look, "looks"), (aside.keep, "b")),
                *((aside, "alone"), (aside.keep, "c")),
            )
        ]
        await asyncio.sleep(0)
        together.opened.set()

        assert await asyncio.gather(*jobs) == ["a", "looks", "b", "alone", "c"]
        assert together.seen == [
            *("begins", "a", "looks", "b", "ends"),
            *("alone", "begins", "c", "ends"),
        ]

    asyncio.run(story())


def test_nothing_is_told_of_as_kept_before_the_block_has_ended() -> None:
    async def story() -> None:
        beginning, ending = threading.Event(), threading.Event()

        @contextmanager
        def together() -> Iterator[None]:
            beginning.wait(10)
            yield
            ending.wait(10)

        aside = Aside(together)
        kept = asyncio.create_task(aside.keep(lambda: "kept"))
        looked = asyncio.create_task(aside.look(lambda: "seen"))
        await asyncio.sleep(0)
        beginning.set()
        assert await looked == "seen", "what only looks need not wait for the disk"
        assert not kept.done()
        ending.set()
        assert await kept == "kept"

    asyncio.run(story())


def test_what_fails_for_one_of_those_kept_together_fails_for_all_and_for_nobody_else() -> None:
    async def story() -> None:
        together = _Together()
        aside = Aside(together)
        jobs = [
            asyncio.create_task(aside.keep(together.note, "a")),
            asyncio.create_task(aside.look(lambda: 1 // 0)),
            asyncio.create_task(aside.keep(lambda: {}["b"])),
            asyncio.create_task(aside.keep(together.note, "c")),
        ]
        await asyncio.sleep(0)
        together.opened.set()

        came = await asyncio.gather(*jobs, return_exceptions=True)
        assert [type(one) for one in came] == [KeyError, ZeroDivisionError, KeyError, str]

    asyncio.run(story())


def test_an_error_beside_the_loop_is_an_error_here() -> None:
    async def story() -> None:
        with pytest.raises(ZeroDivisionError):
            await Aside()(lambda: 1 // 0)

    asyncio.run(story())
