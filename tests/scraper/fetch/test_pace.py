"""When a host is asked: how often, at which hours, and what that cost it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from scraper.errors import Limited, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.night import closed_for
from scraper.fetch.settings import Pace
from scraper.fetch.validators import Validators
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import (
    SHIPPED,
    Time,
    Watching,
    fetched,
    outcomes,
    run,
    towards,
)


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


def test_a_rest_that_outlasts_the_night_ends_without_another_request(server: Hostile) -> None:
    """`/429-seconds` asks for two minutes."""
    time = Time()
    late = datetime(2026, 11, 23, 6, 59, tzinfo=CHINA)

    (result,) = fetched(
        towards(server, SHIPPED, night="01:00-07:00"),
        "http://news.qq.com/429-seconds",
        clock=lambda: late + timedelta(seconds=time.now - 1000.0),
        monotonic=time.monotonic,
        sleep=time.sleep,
    )

    assert isinstance(result, Limited)
    assert "network.night" in str(result)
    assert len(server.log) == 1


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
