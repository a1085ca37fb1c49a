"""What robots.txt says, and where it is obeyed."""

import asyncio
from dataclasses import replace

import pytest

from archive.capture import Capture
from scraper.errors import Limited, Refused, ScraperError, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.sources.request import Request
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import (
    HURRIED,
    IMPATIENT,
    SHIPPED,
    Time,
    fetched,
    outcomes,
    run,
    towards,
)


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

    assert [seconds >= 7.0 for seconds in time.slept] == [True, True]


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
