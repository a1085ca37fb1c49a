"""Kept pages as one WARC file, the records copied byte for byte.  Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from archive.warc import warcinfo


def written(pages: Iterator[bytes], *, name: str, newest: str, software: str) -> Iterator[bytes]:
    """A WARC file of these pages, opened by a record that says what made it.

    name: of the file.  newest: when the archive last had an answer, which dates that record, so that the same archive
    gives the same bytes.
    """
    at = datetime.fromisoformat(newest) if newest else datetime.fromtimestamp(0, UTC)
    first = next(pages, b"")  # asked for before anything is written: there may be no page to give
    yield warcinfo(name, at=at, software=software)
    yield first
    yield from pages
