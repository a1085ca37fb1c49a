"""Pictures: who is asked for them, with which Referer, and what comes."""

from dataclasses import replace

import pytest

from archive.capture import Capture
from scraper.errors import Refused, ScraperError, Unreachable
from scraper.fetch.fetcher import Fetcher
from tests.hostile import Hostile
from tests.hostile.faults import PAGE, PICTURE
from tests.scraper.fetch.conftest import HURRIED, echoed, run, towards

QUIET = replace(HURRIED, robots="ignore")


def pictures(server: Hostile, *asked: tuple[str, str | None]) -> list[Capture | ScraperError]:
    async def story(fetcher: Fetcher) -> list[Capture | ScraperError]:
        results: list[Capture | ScraperError] = []
        for url, referer in asked:
            try:
                results.append(await fetcher.picture(url, referer))
            except ScraperError as error:
                results.append(error)
        return results

    result: list[Capture | ScraperError] = run(towards(server, QUIET), story)
    return result


@pytest.mark.parametrize(
    ("url", "referer", "told"),
    [
        ("http://inews.gtimg.com/echo", "https://news.qq.com/rain/a/1", None),
        ("http://inews.gtimg.com/echo", None, None),
        ("http://mmbiz.qpic.cn/echo", "https://news.qq.com/rain/a/1", "https://mp.weixin.qq.com/"),
        ("http://mmbiz.qpic.cn/echo", None, "https://mp.weixin.qq.com/"),
        ("http://news.qq.com/echo", "https://news.qq.com/rain/a/1", "https://news.qq.com/rain/a/1"),
        ("http://news.qq.com/echo", "https://evil.example/", None),
    ],
)
def test_each_image_host_is_told_the_referer_it_wants(
    server: Hostile, url: str, referer: str | None, told: str | None
) -> None:
    (capture,) = pictures(server, (url, referer))

    assert echoed(capture).get("referer") == told
    assert echoed(capture)["accept"].startswith("image/jpeg,image/png")


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/picture", PICTURE),
        ("/picture-gzip", PICTURE),
        ("/picture-wrong-type", PICTURE),
        ("/picture-html", PAGE),
        ("/404", 404),
        ("/403", 403),
        ("/picture-short", "truncated"),
        ("/picture-empty", "empty"),
        ("/picture-large", "too_large"),
        ("/bomb-gzip", "too_large"),
        ("/endless", "too_large"),
    ],
)
def test_a_picture_s_bytes_come_as_they_are_or_not_at_all(
    server: Hostile, path: str, outcome: bytes | int | str
) -> None:
    """Whether they are a picture is for the worker to find out, from the bytes."""
    (result,) = pictures(server, (f"http://inews.gtimg.com{path}", None))

    match result:
        case Capture(status=200, body=body):
            assert body == outcome
        case Capture(status=status):
            assert status == outcome
            assert server.asked[path] == 1
        case Refused(kind=kind) | Unreachable(kind=kind):
            assert kind == outcome


def test_pictures_come_from_hosts_of_pictures_only(server: Hostile) -> None:
    refused, taken = pictures(
        server, ("http://kuaibao.com/ok", None), ("http://p.qpic.cn/picture", None)
    )

    assert isinstance(refused, Refused)
    assert refused.kind == "host"
    assert isinstance(taken, Capture)
