"""Ask qq.com for pages, lists and pictures: politely, boundedly, and through one door.

    Fetcher    the facade; everything it does is told in `scraper.fetch`

What an answer means for the archive is left to the caller: a withdrawn article, an unchanged page and a captcha are
captures like any other.
"""

import asyncio
import math
import random as chance
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

import httpcore
import httpx

from archive.capture import Capture, values_of
from archive.index.hosts import FAR, KnownHost
from scraper.errors import Limited, NoNetwork, OwnLimit, Refused, ScraperError, Unreachable
from scraper.fetch import gate, purposes
from scraper.fetch.answers import Answer, Standing, retry_after, standing, unasked
from scraper.fetch.consent import Consent
from scraper.fetch.cost import Cost
from scraper.fetch.door import Door
from scraper.fetch.exchange import Wire, exchange
from scraper.fetch.guard import Resolver, look_up
from scraper.fetch.hosts import Host, Hosts
from scraper.fetch.night import closed_for
from scraper.fetch.observer import Nobody, Observer
from scraper.fetch.pace import HourSpent, Turn
from scraper.fetch.purposes import Purpose
from scraper.fetch.redirects import onward
from scraper.fetch.retry import persist
from scraper.fetch.settings import NetworkSettings
from scraper.fetch.validators import Validators, without
from scraper.sources.request import Request
from scraper.units import duration_text
from scraper.urls.address import shown

MOST_HOPS: Final = 5
MOST_HEADERS: Final = 100
"""Headers of an answer that are kept; all of them are heeded."""

_LOST: Final = frozenset({"closed", "reset", "garbage"})
"""How a connection fails that the server had closed, or left dirty, while it was idle."""


def _now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches through one door, host by host; use it with `async with`, one a run.

    clock: the time of day, for captures, Retry-After dates and the night.  monotonic, sleep: how waiting is measured
    and done.  random: numbers from 0 to 1.  resolver, backend: see `scraper.fetch.guard`.  observer: told of waits and
    answers.
    """

    def __init__(
        self,
        settings: NetworkSettings | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = chance.random,
        resolver: Resolver = look_up,
        backend: httpcore.AsyncNetworkBackend | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.settings = settings or NetworkSettings()
        self.cost = Cost()
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self._observer = observer or Nobody()
        self._door = Door(self.settings, resolver=resolver, backend=backend)
        self._hosts = Hosts(
            self.settings,
            self._door,
            self.cost,
            observer=self._observer,
            monotonic=monotonic,
            sleep=sleep,
            random=random,
        )
        self._consent = Consent(self._robots, monotonic=monotonic)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._door.close()

    async def page(self, url: str, validators: Validators | None = None) -> Capture:
        """What stands at this address: any answer that tells something about it.

        The capture's status may be 200, 304 (when `validators` were given), 404, 410, another of 4xx, or that of a
        redirect that says all there is to know (withdrawn, firewall, captcha) and was not followed.  `asked` is `url`
        as it was asked, `url` the address that answered.
        Raises Unreachable, NoNetwork, Refused or Limited.
        """
        said = validators.headers if validators else ()
        return await self._follow(Request(url=url, headers=said), Purpose.PAGE)

    async def ask(self, request: Request) -> Capture:
        """The answer to a source's request: a list, a feed, a sitemap.  Raises as `page` does."""
        return await self._follow(request, Purpose.LIST)

    async def picture(self, url: str, referer: str | None = None) -> Capture:
        """The bytes of a picture, whatever they are.

        referer: the page it stands on; told to hosts of the same site only.  Raises as `page` does.
        """
        return await self._follow(Request(url=url), Purpose.PICTURE, referer=referer)

    def limited(self, host: str) -> None:
        """Say that what `host` last answered turned out to be a captcha, or its firewall's.

        It rests; after three such answers, for the whole run.
        """
        there = self._hosts.host(host)
        there.cost.refused += 1
        what = f"{host} asks whether we are human"
        there.breaker.captcha(Limited(host, what, wait=None, status=200))
        there.turns.rest(self._pause(there))

    @property
    def closed(self) -> float:
        """Seconds until the hours of `network.night` begin; 0 within them."""
        return closed_for(self.settings.night, self._clock())

    def resting(self, host: str) -> float:
        """Seconds for which the host is to be left alone: 0 when it may be asked, infinity for the rest of the run."""
        there = self._hosts.known(host)
        if there is None:
            return self.closed
        if there.breaker.open or there.silent:
            return math.inf
        return max(self.closed, there.turns.resting, there.turns.spent)

    def told_to_stop(self, host: str) -> bool:
        """Whether the host asked for a longer rest than it is waited for."""
        there = self._hosts.known(host)
        return there is not None and there.breaker.told_to_stop

    def down(self, host: str) -> bool:
        """Whether so many of its addresses failed in a row that no more of them are asked in this run."""
        there = self._hosts.known(host)
        return there is not None and there.breaker.open and not there.breaker.told_to_stop

    # What one run tells the next: a bound of requests in an hour, and a host's wish for rest, hold for all of them.

    def recall(self, hosts: Iterable[KnownHost], *, resting: bool = True) -> None:
        """Begin where an earlier run ended.

        resting: whether a host that asked for a rest is left alone; otherwise the next run is still told of it.
        """
        self._hosts.recall(hosts, now=self._clock(), resting=resting)

    def known(self) -> list[KnownHost]:
        """What the next run should know of each host."""
        return self._hosts.remembered(now=self._clock())

    # One address after the other: where the answer sends us, as long as that is not the answer itself.

    async def _follow(
        self, request: Request, purpose: Purpose, *, referer: str | None = None
    ) -> Capture:
        hosts = purposes.hosts(purpose, self.settings)
        asked = url = gate.admit(request.url, self.settings, hosts=hosts)
        passed = {str(url)}
        for _ in range(MOST_HOPS + 1):
            answer = await self._persist(url, request, purpose, referer)
            target = onward(answer, asked=url)
            if target is None:
                return self._capture(answer, url=url, asked=asked)
            url = gate.redirected(url, target, self.settings, hosts=hosts)
            if str(url) in passed:
                raise Refused(shown(str(asked)), "redirects in a circle", kind="redirect")
            passed.add(str(url))
            if answer.status in (301, 302, 303) and request.method != "GET":
                request = Request(url=request.url)
            request = replace(request, headers=without(request.headers))
        raise Refused(shown(str(asked)), f"redirects more than {MOST_HOPS} times", kind="redirect")

    async def _robots(self, address: str) -> Capture:
        return await self._follow(Request(url=address), Purpose.ROBOTS)

    def _capture(self, answer: Answer, *, url: httpx.URL, asked: httpx.URL) -> Capture:
        return Capture(
            url=str(url),
            asked=str(asked),
            at=self._clock(),
            status=answer.status,
            headers=answer.headers[:MOST_HEADERS],
            body=answer.body,
            request_headers=answer.sent,
        )

    # One address: as many tries as its failures deserve.

    async def _persist(
        self, url: httpx.URL, request: Request, purpose: Purpose, referer: str | None
    ) -> Answer:
        host = self._hosts.host(url.host)

        def waiting(seconds: float) -> None:
            host.cost.waited += seconds
            self._observer.on_wait(host.name, seconds)

        async def attempt() -> Answer:
            return await self._try(url, request, purpose, host, referer)

        await self._permit(url, host, purpose)
        try:
            return await persist(
                attempt,
                self.settings.retry,
                patient=purpose is not Purpose.PICTURE,
                halted=lambda: host.breaker.open,
                sleep=self._sleep,
                random=self._random,
                waiting=waiting,
            )
        except Unreachable as error:
            if purpose is not Purpose.ROBOTS:  # that is counted for each address that waits for it
                host.breaker.failed(error)
            raise

    async def _permit(self, url: httpx.URL, host: Host, purpose: Purpose) -> None:
        """Raise what speaks against asking now: the breaker, the night, robots.txt."""
        self._unless_left_alone(url, host)
        spent = host.turns.spent
        if spent > self.settings.retry.longest_rest:
            raise _spent(url, host, spent)
        if purpose is Purpose.ROBOTS or self.settings.robots == "ignore":
            return
        if purpose is Purpose.PICTURE and self.settings.robots == "pages":
            return
        try:
            rules = await self._consent.rules(url)
        except OwnLimit:
            raise
        except NoNetwork as error:
            host.breaker.failed(error)
            raise
        except (Unreachable, Limited):
            host.silent = True
            raise
        host.turns.at_least(rules.delay)
        if not rules.allows(str(url)):
            raise Refused(
                shown(str(url)),
                f"robots.txt of {host.name} asks robots not to fetch this",
                kind="robots",
                hint="`qqnews add --ignore-robots` asks all the same, for what you import yourself",
            )

    def _unless_left_alone(self, url: httpx.URL, host: Host) -> None:
        if host.breaker.open:
            raise host.breaker.objection(shown(str(url)))
        if closed := self.closed:
            what = f"not asked outside of {self.settings.night} by China's clock"
            raise OwnLimit(shown(str(url)), what, wait=closed, setting="network.night")

    # One try.

    async def _try(
        self, url: httpx.URL, request: Request, purpose: Purpose, host: Host, referer: str | None
    ) -> Answer:
        try:
            async with host.slots, host.turns.turn() as turn:
                host.cost.waited += turn.rested
                self._unless_left_alone(url, host)
                try:
                    answer = await self._exchange(url, request, purpose, host, turn, referer)
                except ScraperError:
                    host.cost.failed += 1
                    raise
        except HourSpent as spent:
            raise _spent(url, host, spent.seconds) from spent
        return self._judged(answer, url, host, purpose)

    async def _exchange(
        self,
        url: httpx.URL,
        request: Request,
        purpose: Purpose,
        host: Host,
        turn: Turn,
        referer: str | None,
    ) -> Answer:
        """Ask, and once more at once when the connection we had kept open turns out to have been closed meanwhile."""
        said = purposes.headers(purpose, url, self.settings, referer=referer, more=request.headers)
        for chance_left in (True, False):
            wire = Wire()
            started = self._monotonic()
            try:
                host.cost.requests += 1
                answer = await exchange(
                    host.way,
                    httpx.Request(
                        request.method,
                        url,
                        headers=list(said),
                        content=request.content or None,
                    ),
                    purpose,
                    purposes.bounds(purpose, self.settings),
                    wire=wire,
                    sent=turn.sent,
                    monotonic=self._monotonic,
                )
            except Unreachable as error:
                idle = not wire.fresh and not wire.answered
                if chance_left and idle and error.kind in _LOST:
                    continue
                raise
            seconds = self._monotonic() - started
            self._observer.on_answer(str(url), answer.status, wire.received, seconds)
            return answer
        raise AssertionError("the second try returns or raises")

    def _judged(self, answer: Answer, url: httpx.URL, host: Host, purpose: Purpose) -> Answer:
        """The answer, if it is one.  Raises what else it is."""
        match standing(answer.status):
            case Standing.SLOWER:
                raise self._slower(answer, shown(str(url)), host)
            case Standing.AGAIN:
                host.cost.failed += 1
                raise Unreachable(shown(str(url)), f"HTTP {answer.status}", kind="server")
        if flaw := unasked(answer):
            host.cost.failed += 1
            raise Unreachable(shown(str(url)), flaw[1], kind=flaw[0])
        host.breaker.answered()
        host.turns.welcome()
        if answer.status == 304:
            host.cost.unchanged += 1
        elif answer.status < 300 and not answer.body and purpose is not Purpose.ROBOTS:
            what = f"an empty answer (HTTP {answer.status})"
            raise Unreachable(shown(str(url)), what, kind="empty")
        return answer

    def _slower(self, answer: Answer, where: str, host: Host) -> Limited:
        """The host wants us to slow down: let it rest, and tell the caller."""
        asked = values_of(answer.headers, "retry-after")
        wait = retry_after(list(asked), now=self._clock())
        why = f"HTTP {answer.status}"
        if wait:
            why += f", asked us to wait {duration_text(math.ceil(wait))}"
        host.cost.refused += 1
        what = f"{host.name} is limiting us ({why})"
        error = Limited(where, what, wait=wait, status=answer.status)
        pause = max(wait or 0.0, self._pause(host))
        if wait:
            until = self._monotonic() + min(wait, FAR.total_seconds())
            host.rests_until = max(host.rests_until, until)
        host.breaker.limited(error, longest=self.settings.retry.longest_rest)
        if not host.breaker.open:
            host.turns.rest(pause)
        return error

    def _pause(self, host: Host) -> float:
        retry = self.settings.retry
        return float(min(retry.longest, retry.first * 2.0**host.breaker.row))


def _spent(url: httpx.URL, host: Host, seconds: float) -> OwnLimit:
    what = f"{host.name} has had its requests of this hour"
    return OwnLimit(shown(str(url)), what, wait=seconds, setting="network.pace.per_hour")
