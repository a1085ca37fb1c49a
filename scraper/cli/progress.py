"""How far the work is, on stderr: a bar on a terminal, a line a minute elsewhere, nothing when quiet.

Progress    told what happens, as it happens; the fetcher and the pipeline know it as their observer
"""

import collections
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from scraper.cli.talk import Talk
from scraper.cli.terminal import colour, one_line

if TYPE_CHECKING:
    from scraper.pipeline.outcome import Outcome

EVERY: Final = 60.0
"""Seconds between two lines where there is no bar."""

WORTH_SAYING: Final = 5.0
"""Seconds of waiting that a person would wonder about."""


class Progress:
    """Counts outcomes and shows them.  A context manager: the bar is there as long as it lasts."""

    def __init__(
        self,
        talk: Talk,
        *,
        total: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._talk = talk
        self._total = total
        self._monotonic = monotonic
        self._counts: collections.Counter[str] = collections.Counter()
        self._waiting = ""
        self._said = monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if not self._talk.quiet and sys.stderr.isatty() and colour(sys.stderr):
            self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as Bar

        # How much there is to do is known for addresses on the command line, and for nothing else.
        known = (MofNCompleteColumn(), BarColumn(bar_width=24)) if self._total else ()
        self._bar = Bar(
            SpinnerColumn(),
            *known,
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True, highlight=False),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=self._total)
        self._bar.start()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While something else is printed: the bar steps back."""
        if self._bar is None:
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def on_outcome(self, outcome: "Outcome") -> None:
        """An article is done with, one way or another."""
        self._counts[str(outcome.result)] += 1
        self._waiting = ""
        self._show()

    def on_wait(self, host: str, seconds: float) -> None:
        """A host is left alone for so many seconds."""
        if seconds >= WORTH_SAYING:
            self._waiting = f"{host}: asked to wait {seconds:.0f} s"
            self._show()

    def on_answer(self, url: str, status: int, size: int, seconds: float) -> None:
        """A request was answered."""
        self._talk.tell(f"{status} {one_line(url)} ({size} bytes, {seconds:.1f} s)")

    def _show(self) -> None:
        text = " · ".join(f"{count} {word}" for word, count in self._counts.items())
        if self._waiting:
            text = f"{text}   {self._waiting}" if text else self._waiting
        if self._bar is not None:
            self._bar.update(
                self._task, completed=self._counts.total(), total=self._total, description=text
            )
            return
        now = self._monotonic()
        if now - self._said >= EVERY:
            self._said = now
            of = f" of {self._total}" if self._total else ""
            self._talk.say(f"{self._counts.total()}{of} done: {text}")


class Counter:
    """One number that grows, on one line of a terminal; nothing elsewhere.  A context manager."""

    def __init__(self, talk: Talk, noun: str) -> None:
        self._noun = noun
        self._live = not talk.quiet and sys.stderr.isatty() and colour(sys.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def reach(self, number: int) -> None:
        """So many by now."""
        if self._live:
            sys.stderr.write(f"\r\x1b[K{number} {self._noun}")
            sys.stderr.flush()
