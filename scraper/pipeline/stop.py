"""Asking a run to stop: once, and it finishes what it has open, if it soon can; twice, and it drops it."""

import asyncio
from contextlib import suppress
from typing import Final

GRACE: Final = 4.0
"""Seconds for what is open, so that the program has ended after five: who shuts a machine down asks once, and does not
wait for a host that never answers."""


class Stop:
    """A request to stop.  `request` may be called from a signal handler of the event loop.

    grace: seconds after the first request, when what is still open is dropped.
    """

    def __init__(self, *, grace: float = GRACE) -> None:
        self._grace = grace
        self._kindly = asyncio.Event()
        self._firmly = asyncio.Event()

    def request(self) -> None:
        """Ask once more."""
        if self._kindly.is_set():
            self._firmly.set()
        self._kindly.set()

    @property
    def requested(self) -> bool:
        """Whether nothing new may begin."""
        return self._kindly.is_set()

    @property
    def at_once(self) -> bool:
        """Whether what is open is to be dropped."""
        return self._firmly.is_set()

    async def firmly(self) -> None:
        """Wait until what is open is to be dropped."""
        await self._kindly.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._firmly.wait(), self._grace)
        self._firmly.set()
