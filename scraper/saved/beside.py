"""The pictures that a browser saved in a folder beside a page: `page.html` and `page_files/`.

    beside    the pictures of a page's folder, by the key of what the page shows; empty without one

In the page their addresses are those of the files.  Where it loads its pictures late, their own addresses stand in
another attribute; else a layout takes the file's address for one of the site, and its last two names tell the file.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from archive.capture import Capture
from archive.files import file_there, folder_there
from scraper.saved.page import AtHand, address_in, key_at

LARGEST: Final = 64 * 2**20
"""Bytes of a picture that are looked at; what is larger is cut, and found damaged."""

_ENDINGS: Final = ("_files", ".files", "_file")
"""As Chrome and Firefox, Internet Explorer, and a browser in Chinese end the folder's name."""
_PICTURE: Final = re.compile(rb"<img\b[^<>]{0,8000}>", re.IGNORECASE)
_FILE: Final = re.compile(
    rb"\ssrc\s{0,3}=\s{0,3}[\"'][^\"'<>]{0,2000}(?:_files?|\.files)/([^\"'<>/]{1,300})[\"']",
    re.IGNORECASE,
)
_LATE: Final = re.compile(
    rb"\sdata-(?:src|original)\s{0,3}=\s{0,3}[\"']((?:https?:)?//[^\"'<>]{1,2000})[\"']",
    re.IGNORECASE,
)


def beside(path: Path, page: bytes, at: datetime) -> AtHand:
    """The pictures in the folder of a saved page.

    path: the page's file.  page: what it holds.  at: when it was saved.
    """
    name = path.name.removesuffix(".gz")
    stem = name.rpartition(".")[0] or name
    folders = (path.with_name(stem + ending) for ending in _ENDINGS)
    folder = next(filter(_is_folder, folders), None)
    return _Folder(folder, page, at) if folder else {}


def _is_folder(path: Path) -> bool:
    try:
        return folder_there(path)
    except OSError:  # a page's name may leave no room for the ending of a folder's
        return False


class _Folder:
    """A picture is read when it is asked for."""

    def __init__(self, folder: Path, page: bytes, at: datetime) -> None:
        self._folder = folder
        self._at = at
        self._names = dict(_named(page))

    def get(self, key: str, /) -> Capture | None:
        """The picture of that key; None when no file is it, or it cannot be read."""
        folder, _, name = unquote(key.partition("?")[0]).rpartition("/")
        if key in self._names:
            name = self._names[key]
        elif folder.rpartition("/")[2] != self._folder.name:
            return None
        path = self._folder / name
        try:
            if path.parent != self._folder or not file_there(path):
                return None
            with path.open("rb") as file:
                content = file.read(LARGEST)
        except OSError:
            return None
        return Capture(url=path.absolute().as_uri(), at=self._at, body=content, origin="file")


def _named(page: bytes) -> Iterator[tuple[str, str]]:
    """The key of every picture that is loaded late, and the name of its file."""
    for tag in _PICTURE.finditer(page):
        file, late = _FILE.search(tag[0]), _LATE.search(tag[0])
        if file and late and (key := key_at(address_in(late[1]))):
            yield key, unquote(address_in(file[1]))
