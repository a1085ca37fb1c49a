"""A fetcher in a hurry, and the hostile server it talks to."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from archive.capture import Capture
from scraper.errors import ScraperError
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import Limits, NetworkSettings, Pace, Retry
from scraper.fetch.validators import Validators
from tests.hostile import Hostile, hostile

HURRIED = NetworkSettings(
    allow_http=True,
    pace=Pace(page=0.0, picture=0.0, jitter=0.0, per_hour=0),
    limits=Limits(page_time=30.0, picture_time=30.0, slow_time=0.25),
    retry=Retry(first=0.01, longest=0.04, blocked=0.02, longest_rest=20.0),
)
"""The shipped behaviour, with waits of a fiftieth; answers have their time, for the machine may be busy."""

IMPATIENT = Limits(page_time=0.7, picture_time=1.2, connect_time=0.5, read_time=0.3, slow_time=0.25)
"""For servers that never come to an end."""

SHIPPED = replace(NetworkSettings(), allow_http=True, robots="ignore")
"""What a user has who set nothing; its waits are for a clock that does not make us wait."""


@dataclass
class Time:
    """A clock that a sleep moves on at once, and that remembers every sleep."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    with hostile(tmp_path_factory.mktemp("hostile")) as server:
        yield server


@pytest.fixture
def server(one_server: Hostile) -> Hostile:
    one_server.forget()
    return one_server


def towards(
    server: Hostile, settings: NetworkSettings = HURRIED, **changes: Any
) -> NetworkSettings:
    """Settings whose every connection ends at the server: port 80 in the clear, 443 with TLS."""
    there = (f":80:127.0.0.1:{server.port}", f":443:127.0.0.1:{server.tls_port}")
    return replace(settings, connect_to=there, ca_file=server.ca_file, **changes)


def fetched(
    settings: NetworkSettings, *urls: str, validators: Validators | None = None, **parts: Any
) -> list[Capture | ScraperError]:
    """What becomes of each page, one after the other in one run."""

    async def run() -> list[Capture | ScraperError]:
        results: list[Capture | ScraperError] = []
        async with Fetcher(settings, **parts) as fetcher:
            for url in urls:
                try:
                    results.append(await fetcher.page(url, validators))
                except ScraperError as error:
                    results.append(error)
        return results

    return asyncio.run(run())


def run(settings: NetworkSettings, story: Callable[[Fetcher], Awaitable[Any]], **parts: Any) -> Any:
    """What a story with a fetcher comes to."""

    async def told() -> Any:
        async with Fetcher(settings, **parts) as fetcher:
            return await story(fetcher)

    return asyncio.run(told())


def outcomes(
    server: Hostile, *paths: str, settings: NetworkSettings = SHIPPED, time: Time | None = None
) -> list[Capture | ScraperError]:
    """What becomes of each path of the server, with the waits of a user who set nothing."""
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


def echoed(capture: Capture | ScraperError) -> dict[str, str]:
    """The headers that `/echo` was asked with."""
    assert isinstance(capture, Capture), capture
    headers: dict[str, str] = json.loads(capture.body)["headers"]
    return headers
