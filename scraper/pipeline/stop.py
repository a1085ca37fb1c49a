"""Asking a run to stop: once, and it finishes the articles it has open; twice, and it drops them."""

import asyncio


class Stop:
    """A request to stop.  `request` may be called from a signal handler of the event loop."""

    def __init__(self) -> None:
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
        """Wait until the second request."""
        await self._firmly.wait()
