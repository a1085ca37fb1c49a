"""The pages of WARC files, alone or packed as WACZ, each with the pictures that stand there."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

from archive.capture import Capture
from scraper.errors import Refused
from scraper.saved.inside import inside
from scraper.saved.kinds import SNIFFED, TAKES, not_html
from scraper.saved.page import Saved, remember

PICTURES: Final = 256 * 2**20
"""Bytes of pictures remembered from one WARC file; those beyond count as not there."""

_WARC: Final = re.compile(r"\.warc(?:\.gz)?$")
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""How the standard library tells that a ZIP archive is damaged, or encrypted."""


def in_warc(path: Path) -> Iterator[Saved]:
    """The pages of a WARC file.  Raises Refused for one without a page, and after the last page of a damaged one."""
    yield from _pages(path, [path])


def in_wacz(path: Path) -> Iterator[Saved]:
    """The pages of a web archive as browsers' tools pack it (WACZ): a ZIP with WARC files in its `archive/`.

    Raises Refused for one without a page, for a ZIP of another kind, and for a damaged one.
    """
    files = _warcs_of(path)
    if not files:
        raise Refused(
            str(path), "not a web page, because it is a ZIP archive", kind="type", hint=TAKES
        )
    yield from _pages(path, files)


def _warcs_of(path: Path) -> list[zipfile.Path]:
    try:
        folder = zipfile.Path(path, "archive/")
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted((one for one in found if _WARC.search(one.name)), key=str)
    except _DAMAGED as error:
        raise Refused(str(path), "a damaged ZIP archive", kind="damaged") from error


def _pages(path: Path, files: Sequence[Path | zipfile.Path]) -> Iterator[Saved]:
    """The pages of some WARC files.  They are read twice: pictures may stand before their page or after."""
    pictures: dict[str, Capture] = {}
    room = PICTURES
    for one in files:
        with suppress(ValueError):  # what is damaged is told after the pages
            for capture in _captures(one):
                if capture.status == 200 and _is_picture(capture) and len(capture.body) <= room:
                    room -= len(capture.body)
                    remember(pictures, capture)
    found, damage = False, ""
    for one in files:
        try:
            for capture in _captures(one):
                if _is_page(capture):
                    found = True
                    yield Saved(path=path, page=capture, pictures=inside(capture, pictures))
        except ValueError as error:
            damage = damage or str(error)
    if damage:
        raise Refused(str(path), f"a damaged WARC file: {damage}", kind="damaged")
    if not found:
        raise Refused(str(path), "a WARC file without a page in it", kind="type")


def _captures(path: Path | zipfile.Path) -> Iterator[Capture]:
    """Every capture of a WARC file.  Raises ValueError where it is damaged."""
    from archive.warc import captures_in

    try:
        with path.open("rb") as file:
            yield from captures_in(cast(BinaryIO, file))
    except _DAMAGED as error:
        raise ValueError(str(error)) from error


def _is_picture(capture: Capture) -> bool:
    return (capture.header("content-type") or "").strip().lower().startswith("image/")


def _is_page(capture: Capture) -> bool:
    """Whether a record is worth reading as a page: HTML, or an answer that tells what became of one.

    A page that was saved as a file, and did not say from where, is kept in our captures under the file's own address.
    """
    if not capture.url.startswith(("http://", "https://", "file://")):
        return False
    kind = (capture.header("content-type") or "").split(";")[0].strip().lower()
    if capture.status != 200:
        return capture.status in (301, 302, 404, 410)
    if kind:
        return kind in ("text/html", "application/xhtml+xml")
    return not not_html(capture.body[:SNIFFED])
