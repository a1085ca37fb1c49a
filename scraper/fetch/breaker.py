"""When a host is left alone.  Pure but for what it remembers.

    Breaker    counts a host's refusals and failures, and opens when they follow one another

Open, it stays open for the run: whoever is told three times to stop has been told, and what five addresses of a host
could not get the sixth will not.
"""

from collections import deque
from typing import Final

from scraper.errors import Limited, NoNetwork, ScraperError, Unreachable

OF_THE_HOST: Final = frozenset(
    {"dns", "route", "refused", "timeout", "reset", "closed", "tls", "proxy", "server"}
)
"""Kinds of failure that say more about the host than about the address."""


class Breaker:
    """One host's.

    limits, failures: how many in a row open it.  `row`: how many limits there were last.
    """

    def __init__(self, name: str, *, limits: int, failures: int) -> None:
        self.row = 0
        self._name = name
        self._limits = limits
        self._failures = failures
        self._failed = 0
        self._answers = 0
        self._captchas: deque[int] = deque(maxlen=limits)
        self._why: Limited | Unreachable | None = None

    @property
    def open(self) -> bool:
        """Whether the host is to be left alone."""
        return self._why is not None

    @property
    def told_to_stop(self) -> bool:
        """Whether it is open because the host said so."""
        return isinstance(self._why, Limited)

    def objection(self, url: str) -> ScraperError:
        """What an open breaker says to whoever wants this address: Limited, Unreachable or NoNetwork."""
        match self._why:
            case Limited(reason=reason, wait=wait, status=status):
                what = f"{self._name} is left alone for this run: {reason}"
                return Limited(url, what, wait=wait, status=status)
            case Unreachable(reason=reason, kind=kind, hint=hint):
                what = f"not asked, for {self._failures} addresses of {self._name} had failed: {reason}"
                error = NoNetwork if isinstance(self._why, NoNetwork) else Unreachable
                return error(url, what, kind=kind, hint=hint)
        raise AssertionError("a closed breaker has no objection")

    def answered(self) -> None:
        """The host answered as it should; a captcha may still turn out to be what it answered."""
        self.row = self._failed = 0
        self._answers += 1

    def limited(self, error: Limited, *, longest: float) -> None:
        """The host refused; a wait of more than `longest` seconds opens the breaker at once."""
        self.row += 1
        if self.row >= self._limits or (error.wait or 0.0) > longest:
            self._why = error

    def failed(self, error: Unreachable) -> None:
        """An address of the host was given up."""
        self._failed += error.kind in OF_THE_HOST
        if self._failed >= self._failures:
            self._why = error

    def captcha(self, error: Limited, *, slack: int = 2) -> None:
        """An answer turned out to be a captcha.  slack: good answers that may have been in flight between two."""
        self._captchas.append(self._answers)
        if len(self._captchas) == self._limits:
            span = self._captchas[-1] - self._captchas[0]
            if span <= (self._limits - 1) * (1 + slack):
                self._why = error
