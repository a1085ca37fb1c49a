"""The archive's work beside the event loop, so that nobody else waits for the disk.

    Aside    await aside(work, …)            done alone
             await aside.look(work, …)       changes nothing; may be done amid what is being kept
             await aside.keep(work, …)       may be kept together with others that wait

What makes an article durable costs hardly more for a few of them than for one, so those that wait share it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Given = TypeVar("Given")

MOST: Final = 4
"""So many are kept together at the most: the first waits for the last, and meanwhile others should be on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What is to be done.

    alone: whether nothing may be open meanwhile.  shares: whether it is done when others that share with it are.
    """

    work: Callable[[], Any]
    alone: bool = False
    shares: bool = False
    done: "Future[Any]" = field(default_factory=Future)

    def do(self) -> None:
        """Do it, and say what came of it."""
        try:
            self.done.set_result(self.work())
        except BaseException as error:
            self.done.set_exception(error)


class Aside:
    """Does one thing after the other in one thread; the thread ends with the object.

    together: a block around what is kept together, which is durable when the block ends.
    """

    def __init__(
        self, together: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> None:
        self._together = together
        self._waiting: deque[_Job] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")

    async def __call__(
        self, work: Callable[Asked, Given], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Given:
        """Do it, and wait.

        When the wait is cancelled, what has begun is finished first: nobody may close the archive under it.  What came
        of it then interests nobody: whatever ended the work has been told of.
        """
        return await self._did(partial(work, *args, **kwargs), alone=True)

    async def look(
        self, work: Callable[Asked, Given], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Given:
        """The same for what changes nothing.  It sees what is being kept."""
        return await self._did(partial(work, *args, **kwargs))

    async def keep(
        self, work: Callable[Asked, Given], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Given:
        """The same for what may be kept together with others; what fails for one of them fails for all."""
        return await self._did(partial(work, *args, **kwargs), shares=True)

    async def _did(
        self, work: Callable[[], Given], *, alone: bool = False, shares: bool = False
    ) -> Given:
        job = _Job(work=work, alone=alone, shares=shares)
        self._waiting.append(job)
        self._thread.submit(self._serve)
        done: asyncio.Future[Given] = asyncio.wrap_future(job.done)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if not job.done.cancel():
                while not done.done():
                    with suppress(asyncio.CancelledError):
                        await asyncio.wait([done])
                done.exception()
            raise

    # In the thread.

    def _serve(self) -> None:
        """Do all that waits."""
        while job := self._next():
            if job.shares:
                self._share(job)
            else:
                job.do()

    def _next(self, *, amid: bool = False) -> _Job | None:
        """The next that nobody has given up; None when nothing waits.  amid: or when it must be done alone."""
        while self._waiting and not (amid and self._waiting[0].alone):
            job = self._waiting.popleft()
            if job.done.set_running_or_notify_cancel():
                return job
        return None

    def _share(self, first: _Job) -> None:
        """Keep together what waits to be kept."""
        sharing: list[_Job] = []
        results: list[Any] = []
        try:
            with self._together():
                job: _Job | None = first
                while job:
                    if job.shares:
                        sharing.append(job)
                        results.append(job.work())
                    else:
                        job.do()
                    job = self._next(amid=True) if len(sharing) < MOST else None
        except BaseException as error:
            for shared in sharing or [first]:
                shared.done.set_exception(error)
        else:
            for shared, result in zip(sharing, results, strict=True):
                shared.done.set_result(result)
