"""Captures from what people have already: pages as HTML, MHTML, web archive, WARC or WACZ, folders of them.

    files                      the files below some paths, in order
    pages                      the pages a file holds, each with the pictures that came with it
    page                       such a page, `Saved`, and its pictures, `AtHand`
    kinds                      what a file is
    mhtml, webarchive, warc    files that hold more than one thing
    told                       what the program that saved a page wrote into it
    beside, inside             where the pictures of a page lie

Which article a page is, is left to `scraper.extract`.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from archive.capture import Capture
from archive.files import file_there, folder_there, there
from scraper.errors import Refused
from scraper.inlined import is_inlined
from scraper.saved.beside import beside
from scraper.saved.inside import inside
from scraper.saved.kinds import SNIFFED, TAKES, is_mhtml, is_webarchive, is_zip, not_html
from scraper.saved.mhtml import in_mhtml
from scraper.saved.page import AtHand, Saved
from scraper.saved.told import address_told, time_told
from scraper.saved.warc import in_wacz, in_warc
from scraper.saved.webarchive import in_webarchive

__all__ = ["AtHand", "Saved", "files", "pages"]

LARGEST: Final = 64 * 2**20
"""Bytes a saved page may have, unzipped; MHTML holds its pictures as text."""


def files(path: Path) -> Iterator[Path]:
    """A file itself, or every file below a folder, in the order of their names; hidden ones are passed over."""
    if not folder_there(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))


def pages(path: Path, *, url: str = "") -> Iterator[Saved]:
    """The pages a file holds.

    url: the address of the page, for a file that does not tell it.  Raises Refused for a file that holds no page,
    saying what it is, and for one that cannot be read.
    """
    try:
        if there(path) and not file_there(path):
            raise Refused(str(path), "not a file", kind="file")  # a pipe would be waited for
        with path.open("rb") as file:
            start = file.read(SNIFFED)
        zipped = start.startswith(b"\x1f\x8b")
        if zipped:
            start = _beginning(path)
        if start.startswith(b"WARC/"):
            yield from in_warc(path)
            return
        if is_zip(start):
            yield from in_wacz(path)
            return
        content = _whole(path, zipped=zipped)
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise Refused(
            str(path), f"cannot be read: {error.strerror or error}", kind="file"
        ) from error
    except (EOFError, zlib.error) as error:
        raise Refused(str(path), "a damaged gzip file", kind="type") from error
    if is_mhtml(start):
        yield in_mhtml(path, content, url=url, at=at, now=datetime.now(UTC))
        return
    if is_webarchive(start):
        yield in_webarchive(path, content, url=url, at=at)
        return
    if other := not_html(start):
        raise Refused(str(path), f"not a web page, because it is {other}", kind="type", hint=TAKES)
    # Save Page WE writes what it knows at the end of the head, behind all style sheets.
    told = content if is_inlined(start) else start
    address = url or address_told(told) or path.absolute().as_uri()
    page = Capture(
        url=address, at=time_told(told, now=datetime.now(UTC)) or at, body=content, origin="file"
    )
    yield Saved(path=path, page=page, pictures=inside(page, beside(path, content, at)))


def _beginning(path: Path) -> bytes:
    start = b""
    with gzip.open(path) as file:
        try:
            while len(start) < SNIFFED and (piece := file.read1(SNIFFED - len(start))):
                start += piece
        except (EOFError, zlib.error):
            if not start.startswith(b"WARC/"):  # of which every record before the damage is whole
                raise
    return start


def _whole(path: Path, *, zipped: bool) -> bytes:
    with gzip.open(path) if zipped else path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(str(path), "larger than 64 MiB", kind="too_large")
    return content
