"""How the fetcher treats a host: its pace, its pauses, when it stops, what robots.txt says, what it asks again."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from archive.capture import Capture
from scraper.errors import Limited, NoNetwork, Refused, ScraperError, Unreachable
from scraper.fetch.answers import LONGEST, retry_after
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.night import closed_for
from scraper.fetch.settings import NetworkSettings, Pace, Retry
from scraper.fetch.validators import Validators
from scraper.sources.request import Request
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import HURRIED, IMPATIENT, Time, fetched, towards

SHIPPED = replace(NetworkSettings(), allow_http=True, robots="ignore")
"""What a user has who set nothing; its waits are for a clock that does not make us wait."""


def run(settings: NetworkSettings, story: Callable[[Fetcher], Awaitable[Any]], **parts: Any) -> Any:
    async def told() -> Any:
        async with Fetcher(settings, **parts) as fetcher:
            return await story(fetcher)

    return asyncio.run(told())


def outcomes(
    server: Hostile, *paths: str, settings: NetworkSettings = SHIPPED, time: Time | None = None
) -> list[Capture | ScraperError]:
    time = time or Time()
    urls = [f"http://news.qq.com{path}" for path in paths]
    parts = {"monotonic": time.monotonic, "sleep": time.sleep, "random": lambda: 1.0}
    return fetched(towards(server, settings), *urls, **parts)


class Watching:
    """Writes down what an observer is told."""

    def __init__(self) -> None:
        self.waits: list[tuple[str, float]] = []
        self.answers: list[tuple[str, int]] = []

    def on_wait(self, host: str, seconds: float) -> None:
        self.waits.append((host, seconds))

    def on_answer(self, url: str, status: int, size: int, seconds: float) -> None:
        assert size > 0
        assert seconds >= 0
        self.answers.append((url, status))


# Pace.


def test_the_pace_is_kept_on_the_server_s_own_clock(server: Hostile) -> None:
    """Ten requests at once, two connections, and a server that counts."""
    pace = Pace(page=0.05, jitter=0.5, page_connections=2)

    async def all_at_once(fetcher: Fetcher) -> None:
        await asyncio.gather(*(fetcher.page(f"http://news.qq.com/ok?{n}") for n in range(10)))

    run(towards(server, pace=pace, robots="obey"), all_at_once)

    times = [seen.at for seen in server.log]
    assert len(times) == 11  # and robots.txt
    hurried = [
        later - earlier
        for earlier, later in pairwise(times)
        if later - earlier + server.stalls.between(earlier, later) < 0.05
    ]
    assert hurried == []
    assert times[-1] - times[0] >= 9 * 0.05


def test_hosts_do_not_wait_for_each_other(server: Hostile) -> None:
    pace = Pace(page=2.0, jitter=0.0)
    hosts = ("news.qq.com", "xw.qq.com", "view.inews.qq.com")

    async def one_each(fetcher: Fetcher) -> None:
        await asyncio.gather(*(fetcher.page(f"http://{host}/ok") for host in hosts))

    run(towards(server, pace=pace, robots="ignore"), one_each)

    times = [seen.at for seen in server.log]
    assert times[-1] - times[0] < 1.9


def test_the_shipped_pace_is_a_request_every_two_to_three_seconds(server: Hostile) -> None:
    time = Time()

    outcomes(server, "/ok", "/ok2", "/gzip", "/list", time=time)

    assert all(2.0 <= pause <= 3.0 for pause in time.slept)
    assert len(time.slept) == 3


def test_a_host_can_be_given_a_pace_of_its_own(server: Hostile) -> None:
    time = Time()
    pace = Pace(jitter=0.0, hosts={"qq.com": 5.0, "news.qq.com": 9.0})

    outcomes(server, "/ok", "/ok2", settings=replace(SHIPPED, pace=pace), time=time)

    assert [round(pause) for pause in time.slept] == [9]


def test_an_hour_has_only_so_many_requests(server: Hostile) -> None:
    time, watching = Time(), Watching()
    pace = Pace(page=1.0, jitter=0.0, per_hour=3)

    fetched(
        towards(server, SHIPPED, pace=pace),
        *(f"http://news.qq.com/ok?{n}" for n in range(4)),
        monotonic=time.monotonic,
        sleep=time.sleep,
        observer=watching,
    )

    assert sum(time.slept) == pytest.approx(3600, abs=1)
    assert [host for host, _ in watching.waits] == ["news.qq.com"]


def test_pictures_have_a_pace_of_their_own_and_come_side_by_side(server: Hostile) -> None:
    pace = Pace(page=5.0, picture=0.01, jitter=0.0)

    async def pictures(fetcher: Fetcher) -> None:
        one = [f"http://inews.gtimg.com/picture-slow?{n}" for n in range(8)]
        await asyncio.gather(*map(fetcher.picture, one))

    run(towards(server, pace=pace, robots="ignore"), pictures)

    assert len(server.paths()) == 8
    assert len({seen.connection for seen in server.log}) == 4


# Asked to slow down.


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


# Again.


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


# Unchanged.


def test_a_page_shown_its_own_validators_is_not_sent_again(server: Hostile) -> None:
    async def story(fetcher: Fetcher) -> tuple[Capture, Capture, Capture, int]:
        url = "http://news.qq.com/validated"
        first = await fetcher.page(url)
        again = await fetcher.page(url, Validators.of(first))
        by_date = await fetcher.page(url, Validators(last_modified=first.header("last-modified")))
        return first, again, by_date, fetcher.cost.total.unchanged

    first, again, by_date, unchanged = run(towards(server, robots="ignore"), story)

    assert (first.status, again.status, by_date.status) == (200, 304, 304)
    assert again.body == b""
    assert unchanged == 2
    assert server.log[1].headers["if-none-match"] == '"v1"'
    assert len({seen.connection for seen in server.log}) == 1


@pytest.mark.parametrize("etag", ['"a\r\nHost: evil.example"', '"词"', "x" * 600, ""])
def test_a_validator_that_could_not_be_sent_safely_is_not_sent(server: Hostile, etag: str) -> None:
    (capture,) = fetched(
        towards(server, robots="ignore"),
        "http://news.qq.com/validated",
        validators=Validators(etag=etag),
    )

    assert isinstance(capture, Capture)
    assert "if-none-match" not in server.log[0].headers


# robots.txt


@pytest.mark.parametrize(
    ("robots", "private", "public"),
    [
        ("/robots-private", "robots", "200"),
        ("/robots-bom", "robots", "200"),
        ("/robots-us", "robots", "robots"),
        ("/robots-moved", "robots", "200"),
        ("/endless-robots", "robots", "200"),
        ("/robots-others", "200", "200"),
        ("/no-robots", "200", "200"),
        ("/403", "200", "200"),
        ("/410", "200", "200"),
        ("/empty", "200", "200"),
        ("/binary-robots", "200", "200"),
        ("/circle-a", "200", "200"),
        ("/to-stranger", "200", "200"),
        ("/500", "server", "server"),
        ("/reset", "reset", "reset"),
        ("/hang", "timeout", "timeout"),
        ("/short", "truncated", "truncated"),
        ("/429", "limited", "limited"),
        ("/503", "limited", "limited"),
    ],
)
def test_robots_txt_is_read_as_rfc_9309_has_it(
    server: Hostile, robots: str, private: str, public: str
) -> None:
    server.robots["news.qq.com"] = robots

    limits = IMPATIENT if robots == "/hang" else HURRIED.limits
    urls = ("http://news.qq.com/private-page", "http://news.qq.com/ok")

    results = fetched(towards(server, limits=limits), *urls)

    assert [word(result) for result in results] == [private.replace("200", "404"), public]


def word(result: Capture | ScraperError) -> str:
    match result:
        case Capture(status=status):
            return str(status)
        case Limited():
            return "limited"
        case Refused(kind=kind) | Unreachable(kind=kind):
            return kind
    return repr(result)


def test_an_unreadable_robots_txt_is_said_and_not_asked_for_again(server: Hostile) -> None:
    server.robots["news.qq.com"] = "/500"

    results = fetched(towards(server), "http://news.qq.com/ok", "http://news.qq.com/ok2")

    for result in results:
        assert "robots.txt of news.qq.com could not be read (HTTP 500 (4 tries))" in str(result)
        assert "nothing is fetched from it in this run" in str(result)
    assert server.asked["/robots.txt"] == 4
    assert server.paths() == []


def test_robots_txt_is_asked_for_once_even_by_many_at_once(server: Hostile) -> None:
    async def many(fetcher: Fetcher) -> None:
        await asyncio.gather(*(fetcher.page(f"http://news.qq.com/ok?{n}") for n in range(6)))

    run(towards(server), many)

    assert server.asked["/robots.txt"] == 1


def test_robots_txt_is_asked_for_again_after_a_day(server: Hostile) -> None:
    time = Time()

    async def story(fetcher: Fetcher) -> None:
        await fetcher.page("http://news.qq.com/ok")
        time.now += 86_000
        await fetcher.page("http://news.qq.com/ok")
        assert server.asked["/robots.txt"] == 1
        time.now += 1_000
        await fetcher.page("http://news.qq.com/ok")

    run(towards(server), story, monotonic=time.monotonic, sleep=time.sleep)

    assert server.asked["/robots.txt"] == 2


def test_a_crawl_delay_is_kept(server: Hostile) -> None:
    server.robots["news.qq.com"] = "/robots-delay"
    time = Time()

    outcomes(server, "/ok", "/ok2", settings=replace(SHIPPED, robots="obey"), time=time)

    assert max(time.slept) >= 7.0


@pytest.mark.parametrize(
    ("robots", "page", "picture"), [("obey", 0, 0), ("pages", 0, 1), ("ignore", 1, 1)]
)
def test_robots_txt_can_be_obeyed_for_pages_alone_or_not_at_all(
    server: Hostile, robots: str, page: int, picture: int
) -> None:
    server.robots |= {"news.qq.com": "/robots-us", "inews.gtimg.com": "/robots-us"}

    async def story(fetcher: Fetcher) -> None:
        for ask in (
            fetcher.page("http://news.qq.com/ok"),
            fetcher.picture("http://inews.gtimg.com/picture"),
        ):
            try:
                await ask
            except Refused as error:
                assert error.kind == "robots"

    run(towards(server, robots=robots), story)

    assert (server.asked["/ok"], server.asked["/picture"]) == (page, picture)


def test_lists_obey_robots_txt_too(server: Hostile) -> None:
    server.robots["i.news.qq.com"] = "/robots-us"

    async def story(fetcher: Fetcher) -> None:
        with pytest.raises(Refused, match=r"robots\.txt of i\.news\.qq\.com"):
            await fetcher.ask(Request(url="http://i.news.qq.com/list"))

    run(towards(server), story)


# The night.

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("night", "hour", "minute", "seconds"),
    [
        ("01:00-07:00", 1, 0, 0.0),
        ("01:00-07:00", 6, 59, 0.0),
        ("01:00-07:00", 7, 0, 18 * 3600.0),
        ("01:00-07:00", 0, 59, 60.0),
        ("23:00-06:00", 23, 30, 0.0),
        ("23:00-06:00", 2, 0, 0.0),
        ("23:00-06:00", 12, 0, 11 * 3600.0),
        ("05:00-05:00", 12, 0, 0.0),
        (None, 12, 0, 0.0),
    ],
)
def test_the_night_is_china_s(night: str | None, hour: int, minute: int, seconds: float) -> None:
    there = datetime(2026, 11, 23, hour, minute, tzinfo=CHINA)

    assert closed_for(night, there.astimezone(UTC)) == seconds


def test_outside_its_hours_nothing_is_asked(server: Hostile) -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)

    (result,) = fetched(
        towards(server, night="01:00-07:00"), "http://news.qq.com/ok", clock=lambda: noon
    )

    assert isinstance(result, Limited)
    assert result.wait == 13 * 3600.0
    assert "network.night" in str(result)
    assert server.log == []


# What it cost.


def test_what_a_run_cost_the_site_is_counted(server: Hostile) -> None:
    time, watching = Time(), Watching()

    async def story(fetcher: Fetcher) -> tuple[Any, str]:
        first = await fetcher.page("http://news.qq.com/validated")
        await fetcher.page("http://news.qq.com/validated", Validators.of(first))
        await fetcher.page("http://news.qq.com/429-once")
        await fetcher.picture("http://inews.gtimg.com/picture")
        with pytest.raises(Unreachable):
            await fetcher.page("http://xw.qq.com/500")
        return fetcher.cost, str(fetcher.cost)

    cost, line = run(
        towards(server, SHIPPED),
        story,
        monotonic=time.monotonic,
        sleep=time.sleep,
        random=lambda: 1.0,
        observer=watching,
    )

    news = cost.of("news.qq.com")
    assert (news.requests, news.unchanged, news.refused, news.failed) == (4, 1, 1, 0)
    assert cost.of("xw.qq.com").requests == cost.of("xw.qq.com").failed == 4
    assert news.bytes > 4000
    assert cost.of("inews.gtimg.com").bytes > 2100
    assert news.waited == pytest.approx(2.0, abs=0.1)
    assert cost.of("xw.qq.com").waited == pytest.approx(14.0)
    assert (
        line
        == f"9 requests, {line.split(', ')[1]}, 1 unchanged, told 1 time to slow down, waited 16s"
    )
    assert len(watching.answers) == cost.total.requests
    assert sum(seconds for _, seconds in watching.waits) == pytest.approx(cost.total.waited)
