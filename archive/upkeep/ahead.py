"""Texts read ahead of whoever puts them into an index, on the processors that would else be idle.

    Ahead    what stands on disk of each article, group by group
    serve    what the processes do that read

They begin before anybody knows what the capture files tell of a text, for to find that out takes a while; where it
makes a difference, as it does for a copy that only links to its text, the article is read once more, here.  A process
that dies, or cannot be started, costs time and nothing else: what it would have read is read here as well.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Final, Self

from archive.dedupe import Print
from archive.files import Tree
from archive.filing import OnDisk, agrees, on_disk

WORTH: Final = 300
"""So many articles are worth starting processes for; each takes a quarter of a second to start."""

MOST: Final = 4
"""Processes; the one that writes the rows cannot follow more."""

AT_ONCE: Final = 32
"""Articles asked for at a time."""

WAITING: Final = 64
"""Groups that a process may have read before anybody wants them: some 40 MB."""

Told = Mapping[str, Mapping[int, Print]]

_BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; from archive.upkeep.ahead import serve; serve(sys.argv[1])"


class Ahead:
    """What stands on disk of some articles; a context manager.

    The processes start at once, and read.
    """

    def __init__(self, tree: Tree, ids: Sequence[str]) -> None:
        self._tree = tree
        self._chunks = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
        self._readers: list[_Reader] = []
        count = min(MOST, _processors() - 1) if len(ids) >= WORTH else 0
        with suppress(OSError):
            for number in range(count):
                self._readers.append(_Reader(tree.root, self._chunks[number::count]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for reader in self._readers:
            reader.end()

    def of(self, told: Told) -> Iterator[OnDisk]:
        """Each article; of each group of `AT_ONCE` the earliest published first.

        told: id → number → print, from the capture files.
        Raises StorageError, as `on_disk` does.
        """
        count = len(self._readers)
        for number, chunk in enumerate(self._chunks):
            read = self._readers[number % count].answer() if count else None
            for one in read or _read(self._tree, chunk):
                prints = told.get(one.id, {})
                yield one if agrees(one, prints) else on_disk(self._tree, one.id, prints)


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Reader:
    """A process that reads, and the thread that tells it what."""

    def __init__(self, root: Path, chunks: Sequence[Sequence[str]]) -> None:
        path = [str(Path(entry or ".").absolute()) for entry in sys.path]
        self._process = subprocess.Popen(  # noqa: S603 (this very program)
            [sys.executable, "-P", "-c", _BOOT, str(root.absolute()), *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        Thread(target=self._ask, args=(chunks,), daemon=True).start()

    def _ask(self, chunks: Sequence[Sequence[str]]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as pipe:
            pickle.dump(chunks, pipe)

    def answer(self) -> list[OnDisk] | None:
        """What it read of the next articles; None when it is no more."""
        assert self._process.stdout is not None
        try:
            found: list[OnDisk] = pickle.load(self._process.stdout)  # noqa: S301 (our own code speaks)
        except (OSError, EOFError, pickle.UnpicklingError):
            return None
        return found

    def end(self) -> None:
        """Be done with it."""
        self._process.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait()


def serve(root: str) -> None:
    """Read what is asked for on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks
    pipe_in, pipe_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    read: Queue[bytes] = Queue(WAITING)
    Thread(target=_hand_over, args=(read, pipe_out), daemon=True).start()
    tree = Tree(Path(root))
    for chunk in pickle.load(pipe_in):  # noqa: S301 (our own code speaks)
        read.put(pickle.dumps(_read(tree, chunk), pickle.HIGHEST_PROTOCOL))
    read.join()


def _hand_over(read: Queue[bytes], pipe: BinaryIO) -> None:
    """Give what was read to who asked; when they are no more, nothing is left to do here."""
    try:
        while True:
            pipe.write(read.get())
            pipe.flush()
            read.task_done()
    except OSError:
        os._exit(1)


def _read(tree: Tree, ids: Iterable[str]) -> list[OnDisk]:
    """What is on disk of a group, in the order of `archive.index.search`'s keys: at each step back FTS5 would write
    a segment.
    """
    return sorted((on_disk(tree, id, {}) for id in ids), key=_published)


def _published(one: OnDisk) -> float:
    when = one.revisions[-1].document.article.published if one.revisions else None
    return when.timestamp() if when else 0.0
