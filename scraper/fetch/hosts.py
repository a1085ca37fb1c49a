"""What a run knows of each host it asks.

    Host     its turns, its breaker, its connections, its cost
    Hosts    all of them, made as they are met

What is done with one is told in `scraper.fetch.fetcher`.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from archive.index.hosts import KnownHost
from scraper.errors import Limited
from scraper.fetch.breaker import Breaker
from scraper.fetch.cost import Cost, HostCost
from scraper.fetch.door import Door
from scraper.fetch.gate import within
from scraper.fetch.observer import Observer
from scraper.fetch.pace import Turns
from scraper.fetch.settings import NetworkSettings
from scraper.units import duration_text


@dataclass(slots=True, kw_only=True)
class Host:
    """One host.

    slots: how many requests may be in flight.
    rests_until: until when, by the monotonic clock, it asked to be left alone.
    silent: whether it would not say, in its robots.txt, what may be asked: then nothing is, in this run.
    """

    name: str
    turns: Turns
    breaker: Breaker
    slots: asyncio.Semaphore
    way: httpx.AsyncBaseTransport
    cost: HostCost
    rests_until: float = -math.inf
    silent: bool = False


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

    def recall(self, hosts: Iterable[KnownHost], *, now: datetime, resting: bool) -> None:
        """Meet hosts as an earlier run left them.  resting: whether those that wanted a rest still get it."""
        for known in hosts:
            host = self.host(known.name)
            host.turns.recall((now - at).total_seconds() for at in known.asked)
            if known.rests_until is not None:
                seconds = (known.rests_until - now).total_seconds()
                host.rests_until = self._monotonic() + seconds
                if resting:
                    self._rest_on(host, seconds)

    def _rest_on(self, host: Host, seconds: float) -> None:
        longest = self._settings.retry.longest_rest
        if seconds <= longest:
            host.turns.rest(seconds)
            return
        what = f"it asked an earlier run to wait, for {duration_text(math.ceil(seconds))} from now"
        host.breaker.limited(Limited(f"https://{host.name}/", what, wait=seconds), longest=longest)

    def remembered(self, *, now: datetime) -> list[KnownHost]:
        """What a later run is to recall of each host."""
        moment = self._monotonic()
        return [
            KnownHost(
                name=host.name,
                asked=tuple(now - timedelta(seconds=ago) for ago in host.turns.lately),
                rests_until=now + timedelta(seconds=host.rests_until - moment)
                if host.rests_until > moment
                else None,
            )
            for host in self._met.values()
        ]

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
                longest=self._settings.retry.longest_rest,
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
