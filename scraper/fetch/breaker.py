"""When a host is left alone.  Pure but for what it remembers.

    Breaker    counts a host's refusals, and opens when they follow one another

Open, it stays open for the run: whoever is told three times to stop has been told.
"""

from collections import deque


class Breaker:
    """One host's.

    most: refusals in a row that open it.  `row`: how many there were last.  `why`: empty while it is closed, else what
    opened it.  `wait`: what the host then asked for, in seconds; None when it did not say.
    """

    def __init__(self, most: int) -> None:
        self.why = ""
        self.wait: float | None = None
        self.status = 0
        self._most = most
        self.row = 0
        self._answers = 0
        self._captchas: deque[int] = deque(maxlen=most)

    @property
    def open(self) -> bool:
        """Whether the host is to be left alone."""
        return bool(self.why)

    def answered(self) -> None:
        """The host answered as it should; a captcha may still turn out to be what it answered."""
        self.row = 0
        self._answers += 1

    def refused(self, why: str, *, wait: float | None, status: int, longest: float) -> None:
        """The host refused; `wait` longer than `longest` opens the breaker at once."""
        self.row += 1
        if self.row >= self._most or (wait or 0.0) > longest:
            self.why, self.wait, self.status = why, wait, status

    def captcha(self, *, slack: int = 2) -> None:
        """An answer turned out to be a captcha.  slack: good answers that may have been in flight between two."""
        self._captchas.append(self._answers)
        if len(self._captchas) == self._most:
            span = self._captchas[-1] - self._captchas[0]
            if span <= (self._most - 1) * (1 + slack):
                self.why, self.status = "a captcha", 200
