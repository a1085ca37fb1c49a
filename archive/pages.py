"""The pages kept of an article, as they came.

    Pages      those of one article: by which addresses they are kept, and each of them
    page_at    the page in one record

What stands on them is left to whoever knows layouts.
"""

from dataclasses import replace

from archive.capture import Capture
from archive.captures import Captures
from archive.errors import ArchiveError
from archive.files import Tree
from archive.index import lookup
from archive.index.connection import Database


class Pages:
    """The pages kept of one article.  before: only those that came earlier, as captures tell it."""

    def __init__(self, db: Database, tree: Tree, id: str, *, before: str = "") -> None:
        self._db = db
        self._tree = tree
        self._id = id
        self._before = before

    def newest(self) -> dict[str, str]:
        """Address → the record of the newest page that it gave and that belongs to the article."""
        return lookup.pages(self._db, self._id, before=self._before)

    def of_text(self) -> str:
        """The address of the page that the current text was read from; empty when it was not kept."""
        return lookup.page_of_text(self._db, self._id)

    def read(self, record: str) -> Capture | None:
        """The page in a record; None when it was not kept, or cannot be read."""
        try:
            return page_at(self._db, self._tree, record)
        except ArchiveError:
            return None


def page_at(db: Database, tree: Tree, record: str) -> Capture | None:
    """The page in a record, its body looked up where the same bytes were kept first; None when it was not kept.

    Raises DamagedArchive, StorageError.
    """
    captures = Captures(tree)
    pieces = [captures.read(place.path, place.offset) for place in lookup.places(db, record)]
    return replace(pieces[0], body=pieces[-1].body) if pieces else None
