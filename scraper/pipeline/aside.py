"""The archive's work beside the event loop, so that nobody else waits for the disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Given = TypeVar("Given")


class Aside:
    """Does one thing after the other in one thread; the thread ends with the object."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")

    async def __call__(
        self, work: Callable[Asked, Given], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Given:
        """Do it, and wait.

        When the wait is cancelled, what has begun is finished first: nobody may close the archive under it.  What came
        of it then interests nobody: whatever ended the work has been told of.
        """
        doing = self._thread.submit(work, *args, **kwargs)
        done = asyncio.wrap_future(doing)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if not doing.cancel():
                while not done.done():
                    with suppress(asyncio.CancelledError):
                        await asyncio.wait([done])
                done.exception()
            raise
