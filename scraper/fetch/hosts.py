"""What a run knows of each host it asks.

    Host     its turns, its breaker, its connections, its cost
    Hosts    all of them, made as they are met

What is done with one is told in `scraper.fetch.fetcher`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from scraper.fetch.breaker import Breaker
from scraper.fetch.cost import Cost, HostCost
from scraper.fetch.door import Door
from scraper.fetch.gate import within
from scraper.fetch.observer import Observer
from scraper.fetch.pace import Turns
from scraper.fetch.settings import NetworkSettings


@dataclass(slots=True, kw_only=True)
class Host:
    """One host.

    slots: how many requests may be in flight.
    """

    name: str
    turns: Turns
    breaker: Breaker
    slots: asyncio.Semaphore
    way: httpx.AsyncBaseTransport
    cost: HostCost


class Hosts:
    """The hosts met in one run."""

    def __init__(
        self,
        settings: NetworkSettings,
        door: Door,
        cost: Cost,
        *,
        observer: Observer,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._door = door
        self._cost = cost
        self._observer = observer
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self._met: dict[str, Host] = {}

    def known(self, name: str) -> Host | None:
        """The host if it has been asked for anything."""
        return self._met.get(name)

    def host(self, name: str) -> Host:
        """The host of that name."""
        if name not in self._met:
            self._met[name] = self._meet(name)
        return self._met[name]

    def _meet(self, name: str) -> Host:
        pace = self._settings.pace
        pictures = not within(name, self._settings.hosts)
        connections = pace.picture_connections if pictures else pace.page_connections
        cost = self._cost.of(name)

        def received(size: int) -> None:
            cost.bytes += size

        def waiting(seconds: float) -> None:
            self._observer.on_wait(name, seconds)

        return Host(
            name=name,
            turns=Turns(
                interval=_interval(name, self._settings, pictures=pictures),
                jitter=pace.jitter,
                per_hour=0 if pictures else pace.per_hour,
                monotonic=self._monotonic,
                sleep=self._sleep,
                random=self._random,
                waiting=waiting,
            ),
            breaker=Breaker(
                name,
                limits=self._settings.retry.limits_in_a_row,
                failures=self._settings.retry.failures_in_a_row,
            ),
            slots=asyncio.Semaphore(connections),
            way=self._door.way(connections=connections, received=received),
            cost=cost,
        )


def _interval(name: str, settings: NetworkSettings, *, pictures: bool) -> float:
    """The least time between two requests to this host."""
    named = [domain for domain in settings.pace.hosts if within(name, (domain,))]
    if named:
        return settings.pace.hosts[max(named, key=len)]
    return settings.pace.picture if pictures else settings.pace.page
