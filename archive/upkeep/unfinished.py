"""Work that a crash or a full disk cut short.  Only looks.

    Unfinished    the articles it concerns
    unfinished    what the capture files tell and the index does not know yet

The next command that writes finishes it (`archive.writer`); until then what stands on the disk may be ahead of the
index, and that is no damage.
"""

from contextlib import suppress
from dataclasses import dataclass

from archive.captures import Captures
from archive.files import ARTICLES, REVISIONS, Tree
from archive.index import events
from archive.index.connection import Database
from archive.stored import Stored
from archive.warc import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Articles with work that is not done.  forgotten: those among them that are being taken out."""

    ids: frozenset[str]
    forgotten: frozenset[str]

    def concerns(self, path: str) -> bool:
        """Whether a file is a text of such an article.

        >>> left = Unfinished(ids=frozenset({"20250207A095R800"}), forgotten=frozenset())
        >>> left.concerns("revisions/2025/02/20250207A095R800/1.md"), left.concerns("images/ab/ab12.jpg")
        (True, False)
        """
        folder, _, name = path.rpartition("/")
        if path.startswith(REVISIONS):
            return folder.rpartition("/")[2] in self.ids
        return path.startswith(ARTICLES) and name.removesuffix(".md") in self.ids


def unfinished(db: Database, tree: Tree) -> Unfinished:
    """What a writer would finish before anything else."""
    captures = Captures(tree)
    known = events.files(db)
    told: list[Event] = []
    for path, size in captures.files().items():
        if size > known.get(path, 0):
            with suppress(OSError):  # which `verify` says of the file itself
                groups = captures.walk(path, known.get(path, 0))
                told += [entry.event for entry in groups if isinstance(entry, Stored)]
    return Unfinished(
        ids=frozenset(event.id for event in told),
        forgotten=frozenset(event.id for event in told if event.kind == "forgotten"),
    )
