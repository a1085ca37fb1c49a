"""Suspect texts: so much shorter that they are kept beside the current one until a person says what they are.

    Suspects    accept one, or dismiss it

Pages break more often than editors cut (`archive.dedupe`), and no rule can tell the two apart.  The suspect text itself
stays as it was kept, whatever is said of it.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from archive.dedupe import Print
from archive.errors import ArchiveError
from archive.index import holdings
from archive.index.connection import Database, translated
from archive.warc import Event
from archive.writer import Writer


class Suspects:
    """The suspect texts of one archive.  Whatever a method does is durable when it returns; it raises ArchiveError.

    index: its path, for messages.
    """

    def __init__(
        self,
        writer: Writer,
        database: Callable[[], Database],
        clock: Callable[[], datetime],
        index: Path,
    ) -> None:
        self._writer = writer
        self._database = database
        self._clock = clock
        self._index = index

    def accept(self, id: str, number: int) -> int:
        """The article was cut: the text becomes the current one, as a revision of its own, whose number this gives."""
        path, sha256 = self._waiting(id, number)
        return self._writer.accept(id, number, path, sha256)

    def dismiss(self, id: str, number: int) -> None:
        """The page was broken: the text is not listed any more."""
        self._waiting(id, number)
        event = Event(id=id, at=self._clock(), kind="dismissed", revision=number)
        self._writer.append(event, None)

    def like(self, id: str, prints: Print) -> int | None:
        """The number of the suspect text with this print; None without one."""
        with translated(self._index):
            told = holdings.filed_prints(self._database(), id)
            alike = [number for number, made in told.items() if made == prints]
            return next((n for n in alike if holdings.suspect(self._database(), id, n)), None)

    def _waiting(self, id: str, number: int) -> tuple[str, str]:
        """Path and sha256 of a suspect text that is newer than the current one."""
        with translated(self._index):
            found = holdings.suspect(self._database(), id, number)
        if found is None:
            raise ArchiveError(
                f"{id}@{number} is no suspect text newer than the current one",
                hint=f"qqnews log {id} shows its texts",
            )
        return found
