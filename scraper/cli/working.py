"""What the commands that keep articles share: the archive open for writing, workers, fetcher, and signals.

finished     runs an async command; the first Ctrl-C (or SIGTERM) asks it to stop, the second insists
writing      the archive of this command, made when it is not there yet
recorded     a row in `runs` for what the command does
collecting   archive, workers and fetcher put together
"""

import asyncio
import math
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from archive.archive import Archive
from archive.errors import ArchiveError
from archive.files import INDEX, there
from archive.profiles import named
from scraper.cli.exits import Exit, code_of, most_telling
from scraper.cli.invocation import Invocation
from scraper.cli.progress import Progress
from scraper.cli.talk import Talk
from scraper.config import Config
from scraper.pipeline.collect import Collector
from scraper.pipeline.outcome import Summary
from scraper.pipeline.stop import GRACE, Stop
from scraper.worker.pool import Workers

if TYPE_CHECKING:
    from scraper.demo.server import Backend
    from scraper.fetch.fetcher import Fetcher

PATIENCE = 120.0
"""Seconds a person at a terminal is kept waiting when the site asks for it; what takes longer is told instead."""

_SIGNALS = {
    signal.SIGINT: Exit.INTERRUPTED,
    signal.SIGTERM: Exit.TERMINATED,
    signal.SIGHUP: Exit.TERMINATED,
}


class Signalled(Stop):
    """A request to stop that knows which signal it was.  code: what to leave with; DONE while none came."""

    def __init__(self) -> None:
        super().__init__()
        self.code = Exit.DONE


def finished(command: Callable[[Signalled], Awaitable[Exit]], talk: Talk) -> Exit:
    """Run a command to its end and give its exit code.

    The first signal asks it to stop: open articles are finished, those that need no more than a few seconds.  The
    second drops them; the queue still knows them.
    The third ends the process on the spot, which the archive survives as well.
    """

    async def run() -> Exit:
        stop = Signalled()

        def heard(code: Exit) -> None:
            stop.code = code
            if stop.at_once:
                os._exit(code)
            stop.request()
            talk.say(
                "stopping at once"
                if stop.at_once
                else f"stopping: the open articles are finished first, if they need no more than {GRACE:g} seconds;"
                " once more stops at once"
            )

        loop = asyncio.get_running_loop()
        for number, code in _SIGNALS.items():
            loop.add_signal_handler(number, heard, code)
        return most_telling([await command(stop), stop.code])

    return asyncio.run(run())


@contextmanager
def writing(invocation: Invocation, *, wait: float = 0.0, new: bool = True) -> Iterator[Archive]:
    """The archive, open for writing.

    wait: seconds to wait for another run that holds it.  new: whether an empty one is made where there is none yet.
    Raises ArchiveError.
    """
    config = invocation.config
    root = config.archive.path
    profile = named(config.output.profile)
    if new and not there(root / INDEX):
        Archive.create(root)
    with Archive.open(
        root,
        wait=wait,
        captures=config.archive.captures,
        duplicates=config.archive.duplicates,
        profile=profile,
    ) as archive:
        yield archive


@dataclass(slots=True)
class Record:
    """What is written down of a run.  code: what it leaves with; as long as nobody says, it ended in a bug."""

    code: Exit = Exit.BUG
    summary: Summary = field(default_factory=Summary)


@contextmanager
def recorded(archive: Archive, command: str) -> Iterator[Record]:
    """A run as a row of `runs`, from its first moment on.  Raises StorageError."""
    key = archive.runs.start(command)
    record = Record()

    def finish() -> None:
        archive.runs.finish(key, code=int(record.code), summary=record.summary.as_dict())

    try:
        yield record
    except BaseException as error:
        usage = isinstance(error, click.ClickException)
        record.code = Exit.USAGE if usage else code_of(error)
        with suppress(ArchiveError):  # a disk that failed has been told of already
            finish()
        raise
    finish()


@asynccontextmanager
async def collecting(
    config: Config,
    archive: Archive,
    progress: Progress,
    *,
    online: bool = True,
    ignore_robots: bool = False,
    any_hour: bool = True,
    patience: float = math.inf,
    backend: "Backend | None" = None,
) -> AsyncIterator[Collector]:
    """A collector for one command.

    online: whether it may ask the network.  any_hour: whether also outside of the hours of `network.night` and while
    a host rests as an earlier run was asked, because a person waits.  patience: seconds that a host which wants to rest
    is waited for, at most.  backend: how connections are made, when not as usual.
    """
    async with Workers(config.worker) as workers:
        if not online:
            yield _collector(config, archive, None, workers)
            return
        from scraper.fetch.fetcher import Fetcher

        settings = config.network
        if any_hour:
            settings = replace(settings, night=None)
            if sys.stderr.isatty():
                patience = min(patience, PATIENCE)
        longest = min(settings.retry.longest_rest, patience)
        settings = replace(settings, retry=replace(settings.retry, longest_rest=longest))
        if ignore_robots:
            settings = replace(settings, robots="ignore")
        async with Fetcher(settings, observer=progress, backend=backend) as fetcher:
            fetcher.recall(archive.hosts.known(), resting=not any_hour)
            try:
                yield _collector(config, archive, fetcher, workers)
            finally:
                with suppress(ArchiveError):  # a disk that failed has been told of already
                    archive.hosts.keep(fetcher.known())


def _collector(
    config: Config, archive: Archive, fetcher: "Fetcher | None", workers: Workers
) -> Collector:
    return Collector(
        archive,
        fetcher,
        workers,
        freshness=config.freshness,
        pictures=config.pictures,
    )
