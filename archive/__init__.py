"""Keeps articles and finds them again.  Knows nothing of qq.com, and asks nobody.

    Archive     an archive, open for writing: judge, keep, note; the queue and the runs
    Saved       what keeping an article came to
    Reader      an archive, open for reading: search, list, show, compare, SQL
    Article     what a page says: facts, Markdown, pictures (`Image`)
    Capture     what a server sent; `Picture`: one that was downloaded and is whole
    State       what a page turned out to be
    QqnewsError every error we expect; `ArchiveError`: those of the archive

>>> from archive import Archive, Reader
>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     Archive.create(Path(folder, "data"))
...     with Reader.open(Path(folder, "data")) as reader:
...         reader.count()
0

`docs/architecture.md` tells the rooms in order, and why.  Nothing is loaded before it is asked for.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"
"""Of qqnews; the files of an archive are signed with it."""

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "Capture",
    "Image",
    "Picture",
    "QqnewsError",
    "Reader",
    "Saved",
    "State",
]

if TYPE_CHECKING:
    from archive.archive import Archive, Saved
    from archive.article import Article, Image
    from archive.capture import Capture, Picture
    from archive.errors import ArchiveError, QqnewsError
    from archive.reader import Reader
    from archive.state import State
else:
    _ROOMS = {
        "archive": ("Archive", "Saved"),
        "article": ("Article", "Image"),
        "capture": ("Capture", "Picture"),
        "errors": ("ArchiveError", "QqnewsError"),
        "reader": ("Reader",),
        "state": ("State",),
    }

    def __getattr__(name):
        """The class of that name, loaded now."""
        from importlib import import_module

        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"archive.{room}"), name)
        raise AttributeError(f"module 'archive' has no attribute {name!r}")
