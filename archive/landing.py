"""What has to lie on the disk before the index may tell of it.

    Landing    the captures and files of one change, or of several that become durable together

The rows of the index are made while the disk works; only their commit waits for it.  In which order things are told is
left to `archive.writer`.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path

from archive.captures import Captures, Prepared
from archive.files import Staged, Tree
from archive.index.connection import Database, transaction
from archive.stored import Stored


class Landing:
    """Captures and files on their way to the disk, one change after the other."""

    def __init__(self, tree: Tree, captures: Captures) -> None:
        self._tree = tree
        self._captures = captures
        self._staged: list[Staged] = []
        self._underway: Future[None] | None = None

    @contextmanager
    def before_commit(self, db: Database, index: Path) -> Iterator[None]:
        """A transaction that ends when everything has landed; after a failure the index knows of none of it.

        index: the path of `db`.  Raises StorageError.
        """
        try:
            with transaction(db, index):
                try:
                    yield
                finally:
                    if self._underway:
                        wait([self._underway])
                self.finish()
        finally:
            for staged in self._staged:
                staged.drop()

    def stage(self, contents: Mapping[str, bytes]) -> Staged:
        """Sends the bytes of some files to the disk; they get their names when they are told of."""
        staged = self._tree.stage(contents)
        self._staged.append(staged)
        return staged

    def tell(self, group: Prepared, *files: Staged) -> Stored:
        """Adds a capture, and then gives the files that it tells of their names, while the caller makes its rows.

        files: those that others need come first.  What was told of before is waited for.  Raises StorageError.
        """
        self.finish()
        stored = self._captures.write(group)
        self._underway = self._tree.pool().submit(self._land, files)
        return stored

    def _land(self, files: tuple[Staged, ...]) -> None:
        self._captures.settle()
        for staged in files:
            staged.land()

    def finish(self) -> None:
        """Waits for what was told of, so that it can be read.  Raises StorageError."""
        if self._underway:
            underway, self._underway = self._underway, None
            underway.result()
