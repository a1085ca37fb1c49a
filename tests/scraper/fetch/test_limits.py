"""A host that asks to be left alone: Retry-After, refusals in a row, captchas."""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.capture import Capture
from scraper.errors import Limited
from scraper.fetch.answers import LONGEST, retry_after
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import Pace, Retry
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import (
    SHIPPED,
    Time,
    Watching,
    outcomes,
    run,
    towards,
)


def test_a_retry_after_is_waited_for_and_the_page_then_comes(server: Hostile) -> None:
    time, watching = Time(), Watching()

    async def ask(fetcher: Fetcher) -> tuple[Capture, float]:
        capture = await fetcher.page("http://news.qq.com/429-once")
        return capture, fetcher.cost.total.waited

    capture, waited = run(
        towards(server, SHIPPED),
        ask,
        monotonic=time.monotonic,
        sleep=time.sleep,
        observer=watching,
        random=lambda: 0.0,
    )

    assert capture.status == 200
    assert sum(time.slept) == pytest.approx(
        2.0, abs=0.1
    )  # the second asked for is less than our own first pause
    assert waited == pytest.approx(2.0, abs=0.1)
    assert [round(seconds) for _, seconds in watching.waits] == [2]


def test_the_whole_host_rests_and_not_only_the_address(server: Hostile) -> None:
    time = Time()

    async def two_at_once(fetcher: Fetcher) -> float:
        first = asyncio.create_task(fetcher.page("http://news.qq.com/429-seconds"))
        async with asyncio.timeout(10):
            while not (resting := fetcher.resting("news.qq.com")):
                await asyncio.sleep(0.005)
        first.cancel()
        return resting

    async def stand(seconds: float) -> None:
        await asyncio.sleep(5)

    resting = run(towards(server, SHIPPED), two_at_once, monotonic=time.monotonic, sleep=stand)

    assert resting == pytest.approx(120, abs=1)


def test_three_refusals_in_a_row_end_the_run_for_that_host(server: Hostile) -> None:
    time = Time()

    async def story(fetcher: Fetcher) -> list[Any]:
        told: list[Any] = []
        for url in ("http://news.qq.com/567", "http://news.qq.com/ok", "http://xw.qq.com/ok"):
            try:
                told.append((await fetcher.page(url)).status)
            except Limited as error:
                told.append(str(error))
        return [
            *told,
            fetcher.resting("news.qq.com"),
            fetcher.resting("xw.qq.com"),
            str(fetcher.cost),
        ]

    first, second, third, resting, other, cost = run(
        towards(server, SHIPPED), story, monotonic=time.monotonic, sleep=time.sleep
    )

    assert first == "http://news.qq.com/567: news.qq.com is limiting us (HTTP 567)"
    assert second.endswith(
        "news.qq.com is left alone for this run: news.qq.com is limiting us (HTTP 567)"
    )
    assert third == 200
    assert (resting, other) == (math.inf, 0.0)
    assert server.paths() == ["/567"] * 3 + ["/ok"]
    assert "told 3 times to slow down, waited 6s" in cost


def test_a_good_answer_in_between_forgets_the_refusals(server: Hostile) -> None:
    results = outcomes(server, "/429-once", "/ok", "/503-once", "/ok", "/500-twice", "/ok")

    assert [result.status for result in results if isinstance(result, Capture)] == [200] * 6


def test_after_a_refusal_the_host_is_asked_more_slowly(server: Hostile) -> None:
    time = Time()
    pace = Pace(page=2.0, jitter=0.0)

    outcomes(server, "/503-once", "/ok", "/ok2", settings=replace(SHIPPED, pace=pace), time=time)

    assert time.slept[-2] == pytest.approx(4.0, abs=0.1)
    assert time.slept[-1] == pytest.approx(3.6, abs=0.1)


@pytest.mark.parametrize(
    ("path", "wait"), [("/429-absurd", LONGEST), ("/429-far", LONGEST), ("/429-seconds", 120.0)]
)
def test_a_host_that_asks_for_more_than_we_stay_is_left_for_the_next_run(
    server: Hostile, path: str, wait: float
) -> None:
    time = Time()
    settings = replace(SHIPPED, retry=Retry(longest_rest=60.0))

    (refused, after) = outcomes(server, path, "/ok", settings=settings, time=time)

    assert isinstance(refused, Limited)
    assert isinstance(after, Limited)
    assert refused.wait == after.wait == wait
    assert server.paths() == [path]
    assert time.slept == []


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        (["120"], 120.0),
        (["0"], 0.0),
        ([" 7 "], 7.0),
        (["000000000000007"], LONGEST),
        (["999999999999"], LONGEST),
        (["9" * 4000], LONGEST),
        (["Mon, 23 Nov 2026 12:01:30 GMT"], 90.0),
        (["Mon, 23 Nov 2026 20:01:30 +0800"], 90.0),
        (["Monday, 23-Nov-26 12:01:30 GMT"], 90.0),
        (["Mon Nov 23 12:01:30 2026"], 90.0),
        (["Sun, 22 Nov 2026 12:00:00 GMT"], 0.0),
        (["Fri, 31 Dec 9999 23:59:59 GMT"], LONGEST),
        (["Fri, 31 Dec 9999 23:59:59 -2359"], LONGEST),
        ([], None),
        ([""], None),
        (["abc"], None),
        (["-5"], None),
        (["+5"], None),
        (["1e9"], None),
        (["1.5"], None),
        (["٣"], None),
        (["５"], None),
        (["Mon, 23 Nov 2026 12:01:30 +9999"], None),
        (["Mon, 99 Nov 2026 99:99:99 GMT"], None),
        (["Mon, 23 Nov 99999 12:00:00 GMT"], None),
        (["5, 10"], None),
        (["5", "5"], None),
        (["5", "500"], None),
    ],
)
def test_retry_after_is_read_to_the_letter(values: list[str], seconds: float | None) -> None:
    assert retry_after(values, now=NOW) == seconds


def test_captchas_that_come_as_pages_stop_the_host_as_well(server: Hostile) -> None:
    time = Time()

    async def story(fetcher: Fetcher) -> list[float]:
        resting = []
        for number in range(3):
            await fetcher.page(f"http://news.qq.com/ok?{number}")
            fetcher.limited("news.qq.com")
            resting.append(fetcher.resting("news.qq.com"))
        with pytest.raises(Limited, match="asks whether we are human"):
            await fetcher.page("http://news.qq.com/ok")
        return resting

    first, second, third = run(
        towards(server, SHIPPED), story, monotonic=time.monotonic, sleep=time.sleep
    )

    assert 0 < first <= second < third == math.inf
    assert len(server.paths()) == 3


def test_captchas_far_apart_do_not(server: Hostile) -> None:
    time = Time()

    async def story(fetcher: Fetcher) -> float:
        for number in range(24):
            await fetcher.page(f"http://news.qq.com/ok?{number}")
            if number % 8 == 7:
                fetcher.limited("news.qq.com")
        return fetcher.resting("news.qq.com")

    assert run(towards(server, SHIPPED), story, monotonic=time.monotonic, sleep=time.sleep) < 60
