"""How often one host is asked.

    Turns    the turns of one host: each request waits for its own
    Turn     one of them
    HourSpent    the hour has no room for another, for longer than is waited

The least time runs from the moment a request is on the wire, and the next one waits for that moment: neither a slow
connection nor a busy machine brings two requests closer together on the host's own clock.  Waiting goes by a monotonic
clock, so setting the machine's clock changes nothing.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final

HOUR: Final = 3600.0
SLOWEST: Final = 8.0
"""A host that keeps limiting us is asked at most so many times more slowly."""


class HourSpent(Exception):
    """The requests of this hour were made.  seconds: until there is room for one more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Turns:
    """Gives one request after the other its turn.

    interval: least seconds between two.  jitter: up to this share of it on top.  per_hour: turns in any hour, 0 for no
    bound.  longest: seconds that are waited for that bound, at most.  waiting: told the seconds of a wait that is not
    the ordinary one, before it begins.
    """

    def __init__(
        self,
        *,
        interval: float,
        jitter: float,
        per_hour: int,
        longest: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        waiting: Callable[[float], None],
    ) -> None:
        self._interval = interval
        self._jitter = jitter
        self._hour: deque[float] | None = deque(maxlen=per_hour) if per_hour else None
        self._longest = longest
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self._waiting = waiting
        self._line = asyncio.Lock()
        self._last: Turn | None = None
        self._next = self._rest_until = -math.inf
        self._slower = 1.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        """Begin when it is this request's turn, first come, first served; the request is over at its end.

        Raises HourSpent.
        """
        async with self._line:
            if self._last is not None:
                await self._last.out.wait()
            turn = self._last = Turn(self._taken)
            try:
                await self._come(turn)
            except BaseException:
                turn.out.set()
                raise
        try:
            yield turn
        finally:
            turn.out.set()

    async def _come(self, turn: "Turn") -> None:
        while True:
            now = self._monotonic()
            rest, budget, ordinary = (
                self._rest_until - now,
                self._hour_full() - now,
                self._next - now,
            )
            if budget > self._longest:
                raise HourSpent(budget)
            pause = max(rest, budget, ordinary)
            if pause <= 0:
                break
            if max(rest, budget) > 0:
                self._waiting(max(rest, budget))
            await self._sleep(pause)
            turn.rested += max(0.0, rest)
        self._taken()
        if self._hour is not None:
            self._hour.append(now)

    def _taken(self) -> None:
        spacing = self._interval * self._slower * (1 + self._jitter * self._random())
        self._next = max(self._next, self._monotonic() + spacing)

    def _hour_full(self) -> float:
        """When the hour has room for one more; long ago when it has."""
        if self._hour is not None and len(self._hour) == self._hour.maxlen:
            return self._hour[0] + HOUR
        return -math.inf

    def at_least(self, interval: float) -> None:
        """Leave no less than so many seconds between two, as its robots.txt asks; the request that read it counts."""
        self._next += max(0.0, interval - self._interval)
        self._interval = max(self._interval, interval)

    def rest(self, seconds: float) -> None:
        """Let nothing through for so long, and go more slowly afterwards."""
        self._rest_until = max(self._rest_until, self._monotonic() + seconds)
        self._slower = min(self._slower * 2, SLOWEST)

    def welcome(self) -> None:
        """The host answered as it should: come back to the ordinary pace, bit by bit."""
        self._slower = max(1.0, self._slower * 0.9)

    @property
    def lately(self) -> list[float]:
        """How many seconds ago each turn of the last hour began, where there is a bound of an hour."""
        now = self._monotonic()
        return [now - began for began in self._hour or () if now - began < HOUR]

    def recall(self, ago: Iterable[float]) -> None:
        """Count turns that began in an earlier run, so many seconds ago, the longest ago first."""
        if self._hour is not None:
            now = self._monotonic()
            self._hour.extend(now - seconds for seconds in ago)

    @property
    def spent(self) -> float:
        """Seconds until the hour has room for one more request; 0 when it has."""
        return max(0.0, self._hour_full() - self._monotonic())

    @property
    def resting(self) -> float:
        """Seconds for which the host has asked to be left alone."""
        return max(0.0, self._rest_until - self._monotonic())


class Turn:
    """One request's turn.

    rested: seconds of the wait for it that the host had asked for.  out: set when the request is on the wire, or over.
    """

    def __init__(self, taken: Callable[[], None]) -> None:
        self.rested = 0.0
        self.out = asyncio.Event()
        self._taken = taken

    def sent(self) -> None:
        """Say that the request is on the wire."""
        self._taken()
        self.out.set()
