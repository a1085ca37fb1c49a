"""Texts read ahead of whoever puts them into an index, on the processors that would else be idle.

    Ahead    what stands on disk of each article, group by group
    serve    what the processes do that read

A process that dies, or cannot be started, costs time and nothing else: what it would have read is read here.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Final, Self

from archive.dedupe import Print
from archive.files import Tree
from archive.filing import OnDisk, on_disk

WORTH: Final = 300
"""So many articles are worth starting processes for; each takes a quarter of a second to start."""

MOST: Final = 4
"""Processes; the one that writes the rows cannot follow more."""

AT_ONCE: Final = 32
"""Articles asked for at a time."""

ROOM: Final = 1 << 20
"""Bytes that may be read before anybody wants them, where the system lets a pipe hold so many."""

Told = Mapping[str, Mapping[int, Print]]

_BOOT: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; from archive.ahead import serve; serve(sys.argv[1])"
)


class Ahead:
    """What stands on disk of some articles; a context manager.

    The processes start at once, for they take a while, and read when `of` tells them what the capture files say.
    """

    def __init__(self, tree: Tree, ids: Sequence[str]) -> None:
        self._tree = tree
        self._chunks = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
        self._readers: list[_Reader] = []
        count = min(MOST, _processors() - 1) if len(ids) >= WORTH else 0
        with suppress(OSError):
            for _ in range(count):
                self._readers.append(_Reader(tree.root))

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
        for number, reader in enumerate(self._readers):
            reader.ask(self._chunks[number::count], told)
        for number, chunk in enumerate(self._chunks):
            read = self._readers[number % count].answer() if count else None
            yield from read or _read(self._tree, [(id, told.get(id, {})) for id in chunk])


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Reader:
    """A process that reads, and the thread that tells it what."""

    def __init__(self, root: Path) -> None:
        path = [str(Path(entry or ".").absolute()) for entry in sys.path]
        self._process = subprocess.Popen(  # noqa: S603 (this very program)
            [sys.executable, "-P", "-c", _BOOT, str(root.absolute()), *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=ROOM,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, chunks: Iterable[Sequence[str]], told: Told) -> None:
        """Tell it what to read."""
        Thread(target=self._ask, args=(chunks, told), daemon=True).start()

    def _ask(self, chunks: Iterable[Sequence[str]], told: Told) -> None:
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as pipe:
            for chunk in chunks:
                pickle.dump([(id, dict(told.get(id, {}))) for id in chunk], pipe)
                pipe.flush()

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
    """Read what is asked for on standard input, until that closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks
    pipe_in, pipe_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    tree = Tree(Path(root))
    while True:
        try:
            asked = pickle.load(pipe_in)  # noqa: S301 (our own code speaks)
        except EOFError:
            return
        pickle.dump(_read(tree, asked), pipe_out, pickle.HIGHEST_PROTOCOL)
        pipe_out.flush()


def _read(tree: Tree, asked: Iterable[tuple[str, Mapping[int, Print]]]) -> list[OnDisk]:
    """What is on disk of a group, in the order of `archive.index.search`'s keys: at each step back FTS5 would write
    a segment.
    """
    found = [on_disk(tree, id, told) for id, told in asked]
    return sorted(found, key=_published)


def _published(one: OnDisk) -> float:
    when = one.revisions[-1].document.article.published if one.revisions else None
    return when.timestamp() if when else 0.0
