"""What runs are made of: many at once in flat memory, work beside the event loop, schedules, and sums."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from archive.state import State
from scraper.errors import Limited, NoNetwork, NotAnArticle, Refused, Unreachable
from scraper.pipeline import many
from scraper.pipeline.aside import Aside
from scraper.pipeline.later import retry_at
from scraper.pipeline.outcome import KEPT, Outcome, Result, Summary, failure, result_of
from scraper.pipeline.stop import Stop

# Many at once.


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


# Beside the loop.


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


# When to try again.

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def pauses(runs: int, **how: float | bool) -> list[timedelta | None]:
    found = [retry_at(NOON, n, **how) for n in range(runs)]  # type: ignore[arg-type]
    return [one - NOON if one else None for one in found]


def test_failures_are_tried_again_ever_later_and_given_up_after_eight_runs() -> None:
    minutes = [15, 30, 60, 120, 240, 360, 360]
    assert pauses(8) == [*(timedelta(minutes=m) for m in minutes), None]


def test_a_page_that_is_refused_is_given_up_after_three_runs() -> None:
    assert pauses(3, blocked=True) == [timedelta(minutes=15), timedelta(minutes=30), None]


@pytest.mark.parametrize(
    ("wait", "pause"),
    [
        (-5.0, timedelta(minutes=15)),
        (60.0, timedelta(minutes=15)),
        (7200.0, timedelta(hours=2)),
        (1e30, timedelta(days=7)),
        (float("inf"), timedelta(days=7)),
    ],
)
def test_a_wait_asked_for_is_honoured_up_to_a_week(wait: float, pause: timedelta) -> None:
    assert retry_at(NOON, 0, wait=wait) == NOON + pause


# Outcomes and their sum.

URL = "https://news.qq.com/rain/a/20261120A01AAA00"


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (NotAnArticle(URL, "not an article, because …"), Result.REFUSED),
        (Refused(URL, "robots.txt says no", kind="robots"), Result.REFUSED),
        (Limited(URL, "HTTP 567", wait=None, status=567), Result.LIMITED),
        (Unreachable(URL, "timed out", kind="timeout"), Result.FAILED),
        (NoNetwork(URL, "no such name"), Result.FAILED),
    ],
)
def test_every_error_on_the_way_is_an_outcome_with_its_reason(
    error: Limited | Unreachable | Refused | NotAnArticle, result: Result
) -> None:
    outcome = failure(URL, error, id="x")
    assert (outcome.result, outcome.reason, outcome.error) == (result, error.reason, error)
    assert not outcome.kept and not outcome.settled


def test_every_state_but_ok_means_something_for_its_address() -> None:
    meant = {state: result_of(state) for state in State if state is not State.OK}
    assert not set(meant.values()) & KEPT
    assert {state for state, result in meant.items() if result is Result.GONE} == {
        State.GONE, State.VIOLATION, State.PRIVATE,
    }  # fmt: skip
    assert meant[State.CAPTCHA] is Result.LIMITED
    assert meant[State.THIN] is Result.UNREADABLE
    assert meant[State.VIDEO] is Result.OTHER


def summed(*outcomes: Outcome) -> Summary:
    summary = Summary()
    for outcome in outcomes:
        summary.count(outcome)
    return summary


def page(
    result: Result,
    state: State = State.OK,
    *,
    host: str = "news.qq.com",
    images: int = 0,
    missing: int = 0,
) -> Outcome:
    return Outcome(url=URL, result=result, state=state, host=host, images=images, missing=missing)


@pytest.mark.parametrize(
    ("outcomes", "signs"),
    [
        ([], set()),
        ([page(Result.NEW), page(Result.SAME), page(Result.COPY), page(Result.GONE, State.GONE)], set()),
        ([page(Result.OTHER, State.VIDEO), page(Result.OTHER, State.PAYWALLED)], set()),
        ([page(Result.NEW, images=2, missing=1)], {"INCOMPLETE"}),
        ([page(Result.FAILED)], {"INCOMPLETE"}),
        ([page(Result.BLOCKED, State.BLOCKED)], {"INCOMPLETE"}),
        ([page(Result.LIMITED, State.CAPTCHA)], {"LIMITED"}),
        ([page(Result.BUG, State.ERROR)], {"BUG"}),
        ([page(Result.UNREADABLE, State.THIN)] * 2, {"INCOMPLETE"}),
        ([page(Result.UNREADABLE, State.THIN)] * 3, {"INCOMPLETE", "DRIFT"}),
        ([page(Result.UNREADABLE, State.THIN)] * 3 + [page(Result.NEW)] * 4, {"INCOMPLETE"}),
    ],
)  # fmt: skip
def test_a_summary_bears_the_signs_of_what_happened(
    outcomes: list[Outcome], signs: set[str]
) -> None:
    assert set(summed(*outcomes).signs) == signs


def test_drift_is_told_host_by_host() -> None:
    bad = [page(Result.UNREADABLE, State.THIN, host="mp.weixin.qq.com")] * 4
    assert summed(*bad, *[page(Result.NEW)] * 20).drifting == ("mp.weixin.qq.com",)


def test_pictures_of_an_unchanged_article_are_not_counted_as_brought() -> None:
    summary = summed(page(Result.SAME, images=5), page(Result.NEW, images=2))
    assert (summary.images, summary.total) == (2, 2)


def test_a_summary_says_the_same_things_always() -> None:
    empty, full = Summary().as_dict(), summed(page(Result.NEW)).as_dict()
    assert list(empty) == list(full)
    assert {result.value for result in Result} <= set(full)
    assert (full["new"], full["limited_hosts"]) == (1, [])
