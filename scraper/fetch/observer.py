"""Who wants to know what the fetcher is doing, for a person who watches.

    Observer    told of waits and answers as they happen
    Nobody      hears it and does nothing

What an observer does with it is its own affair.
"""

from typing import Protocol


class Observer(Protocol):
    """Must return at once and raise nothing."""

    def on_wait(self, host: str, seconds: float) -> None:
        """A request to `host` begins a wait of that many seconds that the host asked for, or before another try."""

    def on_answer(self, url: str, status: int, size: int, seconds: float) -> None:
        """`url` answered; size: bytes received for it; seconds: from sending the request to its last byte."""


class Nobody:
    """Nobody watches."""

    def on_wait(self, host: str, seconds: float) -> None:
        """Pass over it."""

    def on_answer(self, url: str, status: int, size: int, seconds: float) -> None:
        """Pass over it."""
