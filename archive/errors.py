"""What can go wrong while keeping articles, sorted by what to do next.

    QqnewsError          every error we expect; anything else is a bug
      ArchiveError
        NoArchive        nothing of ours is there             name another folder, or `qqnews init`
        ForeignArchive   written by a newer qqnews, or not by qqnews at all; left untouched
        ArchiveInUse     another run holds it                 wait, or let that run finish
        StorageError     full, read-only, I/O error           mend the disk; the next run goes on
        DamagedArchive   what is stored is not what we wrote  `qqnews repair` or `qqnews rebuild`
        QueryError       a query that cannot be answered      mend the query

`scraper.errors` adds the branch for the way from an address to an article.
"""

from datetime import datetime


class QqnewsError(Exception):
    """Something expected.  what: what happened, to what; hint: what would help.  Prints as one line."""

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} — {self.hint}" if self.hint else self.what


class ArchiveError(QqnewsError):
    """The archive cannot do what was asked."""


class NoArchive(ArchiveError):
    """There is no archive at the given place."""


class ForeignArchive(ArchiveError):
    """The place holds something that this version must not touch."""


class ArchiveInUse(ArchiveError):
    """Another process is writing to the archive.  since: from when on it has, where it says so."""

    def __init__(self, what: str, *, hint: str = "", since: datetime | None = None) -> None:
        super().__init__(what, hint=hint)
        self.since = since


class StorageError(ArchiveError):
    """The disk refused: full, read-only, no permission, I/O error."""


class DamagedArchive(ArchiveError):
    """Stored bytes are not what was written."""


class QueryError(ArchiveError):
    """A search or SQL statement that cannot be answered."""
