"""What is asked again, when, and how often."""

from dataclasses import replace

import pytest

from archive.capture import Capture
from scraper.errors import NoNetwork, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import Pace, Retry
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import (
    HURRIED,
    SHIPPED,
    Time,
    fetched,
    outcomes,
    run,
    towards,
)


@pytest.mark.parametrize(
    ("path", "waits"),
    [
        ("/500", [2.0, 4.0, 8.0]),
        ("/reset", [2.0, 4.0, 8.0]),
        ("/short", [2.0, 4.0, 8.0]),
        ("/gzip-cut", [2.0, 4.0, 8.0]),
        ("/empty", [2.0]),
        ("/403", [60.0]),
        ("/404", []),
        ("/410", []),
        ("/withdrawn", []),
        ("/video", []),
        ("/endless-headers", []),
        ("/bomb-gzip", []),
    ],
)
def test_a_failure_is_tried_again_after_the_longest_of_its_random_waits(
    server: Hostile, path: str, waits: list[float]
) -> None:
    time = Time()
    settings = replace(SHIPPED, pace=Pace(page=0.0, jitter=0.0), limits=HURRIED.limits)

    outcomes(server, path, settings=settings, time=time)

    assert time.slept == waits
    assert server.asked[path] == len(waits) + 1


def test_waits_between_tries_are_random_and_end_at_a_minute(server: Hostile) -> None:
    time = Time()
    settings = replace(SHIPPED, pace=Pace(page=0.0, jitter=0.0), retry=Retry(tries=9))
    parts = {"monotonic": time.monotonic, "sleep": time.sleep, "random": lambda: 0.5}

    fetched(towards(server, settings), "http://news.qq.com/502", **parts)

    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


def test_a_connection_closed_while_idle_costs_no_try_and_no_wait(server: Hostile) -> None:
    time = Time()

    async def story(fetcher: Fetcher) -> tuple[int, int, str]:
        for _ in range(3):
            capture = await fetcher.page("http://news.qq.com/closes-on-second")
            assert capture.status == 200
        total = fetcher.cost.total
        return total.requests, total.failed, str(fetcher.cost)

    settings = towards(server, SHIPPED, pace=Pace(page=0.0, jitter=0.0))
    requests, failed, _ = run(settings, story, monotonic=time.monotonic, sleep=time.sleep)

    assert time.slept == []
    assert (requests, failed) == (5, 0)


def test_a_forbidden_page_that_opens_later_is_taken(server: Hostile) -> None:
    time = Time()

    (capture,) = outcomes(server, "/403-once", time=time)

    assert isinstance(capture, Capture)
    assert capture.status == 200
    assert 60.0 in time.slept


def test_a_host_that_is_down_is_not_asked_a_sixth_time(server: Hostile) -> None:
    dead = replace(HURRIED, robots="ignore", connect_to=("::127.0.0.1:1",))
    urls = [f"http://news.qq.com/{number}" for number in range(7)]

    results = fetched(dead, *urls)

    assert all(isinstance(result, Unreachable) for result in results)
    assert "connection refused (4 tries)" in str(results[4])
    assert "not asked, for 5 addresses of news.qq.com had failed: connection refused" in str(
        results[5]
    )


def test_without_a_network_five_addresses_are_tried_and_no_more() -> None:
    looked_up = []

    async def resolver(host: str, port: int) -> list[str]:
        looked_up.append(host)
        raise OSError(101, "Network is unreachable")

    urls = [f"https://news.qq.com/{number}" for number in range(50)]

    results = fetched(replace(HURRIED, robots="ignore"), *urls, resolver=resolver)

    assert all(isinstance(result, NoNetwork) for result in results)
    assert len(looked_up) == 20
