"""What a reader of the archive is answered.  Pure."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.index import pictures
from archive.index.lookup import Found, Revision, Seen
from archive.text.snippets import Piece

if TYPE_CHECKING:  # reading a file needs YAML; searching does not
    from archive.changes import Change
    from archive.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found.  title, snippet: in pieces, what was looked for marked."""

    article: Found
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a search found.  more: whether there is more than was asked for."""

    hits: tuple[Hit, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article with everything known of it.

    number: which text this is.  text: the file as it stands; path: where.  document: the file, read.
    addresses: all that lead to it.  seen: what the site answered, the earliest first.  copies: same body, other id.
    """

    article: Found
    number: int
    text: str
    path: Path
    document: "Document"
    revisions: tuple[Revision, ...]
    addresses: tuple[str, ...]
    seen: tuple[Seen, ...]
    copies: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One text in the history of an article.

    change: from the text before it, None for the first.  again: another reading of a page that had been read before.
    accepted: the number of the suspect text that it is, made current by a person; 0 for others.
    dismissed: whether a person dismissed it.
    """

    revision: Revision
    change: "Change | None"
    again: bool
    accepted: int
    dismissed: bool

    @property
    def marks(self) -> tuple[str, ...]:
        """What the text was to the one before it, and what a person said of it, in words."""
        grades = self.change.grades if self.change else ("first",)
        marks = list(map(str, grades)) or ["markup"]
        if self.again:
            marks.append("read again")
        if self.accepted:
            marks.append(f"accepted from {self.accepted}")
        if self.revision.suspect:
            marks.append("suspect")
        if self.revision.older:
            marks.append("brought later")
        if self.dismissed:
            marks.append("dismissed")
        return tuple(marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """An article of a group.  change: what differs from the group's earliest article, None for that one.

    similarity: to the earliest, from 0 to 1; None when it hangs in the group by others.
    """

    article: Found
    similarity: float | None
    change: "Change | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A picture with every article that shows it.  like: the same photo in other sizes, the most alike first."""

    picture: pictures.Known
    like: tuple[pictures.Like, ...]
