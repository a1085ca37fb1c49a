"""Processes that read pages and look at pictures, and are killed when one outgrows its deadline or memory.

    Workers    await workers.extract(capture, asked), await workers.look(content)

Each process does one job after another, so a page costs a few milliseconds and not a start of Python; a killed one is
replaced when the next job comes.  What a job does is `scraper.worker.child`'s business.
"""

import asyncio
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from archive.capture import Capture
from scraper.errors import TooHard
from scraper.pictures import MOST_FRAMES, MOST_PIXELS, Flaw, Shape
from scraper.reading import Reading
from scraper.units import duration_text, size_text
from scraper.urls import ArticleUrl, shown
from scraper.worker import messages
from scraper.worker.messages import LENGTHS, LONGEST, Answer, Job
from scraper.worker.settings import WorkerSettings

START: Final = 60.0
"""Seconds a process may take to start, on a machine that has better things to do."""

PATIENCE: Final = 6
"""A job may take so many times its processor time by the clock: a busy machine makes no page too hard."""

_BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; from scraper.worker.child import main; main(int(sys.argv[1]))"


class WorkerBug(RuntimeError):
    """Reading a page raised what no page may cause; the message is the traceback from the process."""

    @property
    def reason(self) -> str:
        """The last line of the traceback: what was raised."""
        return str(self).strip().splitlines()[-1]


class Workers:
    """A pool of worker processes.  Use it with `async with`; it belongs to the event loop it is used in."""

    def __init__(self, settings: WorkerSettings | None = None) -> None:
        self.settings = settings or WorkerSettings()
        self._slots = asyncio.Semaphore(self.settings.processes)
        self._idle: list[_Process] = []
        self._alive: set[_Process] = set()

    async def __aenter__(self) -> Self:
        self._idle.append(await self._start())  # it gets ready while the first page is fetched
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the processes; without `async with` they start with the first job, and this must be called."""
        alive = list(self._alive)
        self._idle.clear()
        for process in alive:
            process.drop()
        await asyncio.gather(*(process.ended for process in alive))

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that live now."""
        return tuple(process.pid for process in self._alive)

    async def extract(self, capture: Capture, asked: ArticleUrl | None = None) -> Reading:
        """What the capture says.  Raises TooHard when reading it outgrew a limit, WorkerBug when it failed."""
        seconds = self.settings.page_time
        job = Job(seconds=seconds, capture=replace(capture, body=b""), asked=asked)
        answer = await self._done(job, capture.body)
        if isinstance(answer, str):
            raise TooHard(shown(capture.url), f"reading it {answer}")
        if answer.reading is None:
            raise TooHard(shown(capture.url), "reading it crashed the reader")
        return answer.reading

    async def look(
        self, content: bytes, *, pixels: int = MOST_PIXELS, frames: int = MOST_FRAMES
    ) -> Shape | Flaw:
        """Whether the bytes are a whole picture.  Raises WorkerBug."""
        job = Job(seconds=self.settings.picture_time, pixels=pixels, frames=frames)
        answer = await self._done(job, content)
        if isinstance(answer, str):
            return Flaw(kind="too_hard", reason=f"decoding it {answer}")
        found = answer.shape or answer.flaw
        return found or Flaw(kind="too_hard", reason="decoding it crashed the reader")

    async def _done(self, job: Job, body: bytes) -> Answer | str:
        """The answer, or in words how the job outgrew its limits."""
        async with self._slots:
            outcome = await self._try(job, body)
            if outcome is None:  # an idle process may have been killed from outside: once more
                outcome = await self._try(job, body)
        if outcome is None:
            return "crashed the reader"
        return outcome

    async def _try(self, job: Job, body: bytes) -> Answer | str | None:
        process = self._idle.pop() if self._idle else await self._start()
        fit = False
        try:
            await process.ready()
            answer = messages.answer(await process.ask(job, body, PATIENCE * job.seconds))
            fit = not answer.tired
        except TimeoutError:
            return f"took longer than {duration_text(PATIENCE * job.seconds)}"
        except ValueError:
            return None  # whatever took the process over does not speak our language
        except _Died:
            await process.gone()
            if process.signal == signal.SIGPROF:
                return f"took longer than {duration_text(job.seconds)}"
            return None
        finally:
            if fit:
                self._idle.append(process)
            else:
                process.drop()
        if answer.bug:
            raise WorkerBug(answer.bug)
        if answer.memory:
            return f"took more than {size_text(self.settings.memory)} of memory"
        return answer

    async def _start(self) -> "_Process":
        path = [str(Path(entry or ".").absolute()) for entry in sys.path]
        _, process = await asyncio.get_running_loop().subprocess_exec(
            _Process,
            *(sys.executable, "-P", "-c", _BOOT, str(self.settings.memory), *path),
            start_new_session=True,
            env={**os.environ, "MALLOC_ARENA_MAX": "2"},
        )
        self._alive.add(process)
        process.ended.add_done_callback(lambda _: self._alive.discard(process))
        return process


class _Died(Exception):
    """The process ended without an answer."""


class _Process(asyncio.SubprocessProtocol):
    """One worker process: a pipe of bytes to it, one of answers from it.

    ended: done when the process is reaped and its pipes are closed.  signal: what killed it, 0 if nothing did.
    """

    _transport: asyncio.SubprocessTransport

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self.pid = 0
        self.signal = 0
        self._received = bytearray()
        self._complaint: deque[bytes] = deque(maxlen=8)
        self._greeted: asyncio.Future[bytes] = self._loop.create_future()
        self._waiting = self._greeted
        self._is_ready = False

    async def ready(self) -> None:
        """Wait until the process has started.  Raises WorkerBug when it cannot, _Died when it was killed."""
        if self._is_ready:
            return
        try:
            async with asyncio.timeout(START):
                messages.hello(await asyncio.shield(self._greeted))
        except (TimeoutError, _Died, ValueError) as error:
            await self.gone()
            if isinstance(error, _Died) and self.signal:
                raise
            complaint = b"".join(self._complaint).decode("utf-8", "replace")
            raise WorkerBug(f"the worker process did not start\n{complaint}") from error
        self._is_ready = True

    async def ask(self, job: Job, body: bytes, seconds: float) -> bytes:
        """Send a job and wait for the answer's header.  Raises TimeoutError, _Died."""
        if self.ended.done() or self._transport.is_closing():
            raise _Died
        waiting: asyncio.Future[bytes] = self._loop.create_future()
        self._waiting = waiting
        pipe = self._transport.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)
        pipe.write(messages.packed(job, body))
        pipe.write(body)
        async with asyncio.timeout(seconds):
            await waiting
        return waiting.result()

    async def gone(self) -> None:
        """Wait for the end of a process that closed its pipe, killing it if it lingers.

        Closing the transport at once would take the exit status away from asyncio's child watcher.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.shield(self.ended)
        self.drop()
        await self.ended

    def drop(self) -> None:
        """Kill the process, if it lives; `ended` tells when it is gone."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport
        self.pid = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd != 1:
            self._complaint.append(data[-4096:])
            return
        self._received += data
        if len(self._received) < LENGTHS.size:
            return
        header, _ = LENGTHS.unpack_from(self._received)
        if header > LONGEST:
            self._transport.close()
        elif len(self._received) >= LENGTHS.size + header:
            answer = bytes(self._received[LENGTHS.size : LENGTHS.size + header])
            self._received.clear()
            if not self._waiting.done():
                self._waiting.set_result(answer)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        if fd == 1:
            self._fail()

    def process_exited(self) -> None:
        code = self._transport.get_returncode() or 0
        self.signal = -code if code < 0 else 0

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._fail()
        if not self.ended.done():
            self.ended.set_result(None)

    def _fail(self) -> None:
        if not self._waiting.done():
            self._waiting.set_exception(_Died())
            self._waiting.exception()  # nobody may be waiting: that is no error
