"""Which article a word means: its id or the beginning of it, any address of it; `ID@2` means one text of it.

Names     what words mean in one archive
NamesAt   the other names of what an address means
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from archive.errors import QueryError
from archive.index import lookup
from archive.index.connection import Database, translated

_MAY_NAME = re.compile(r"(?=\S*[0-9/])[!-~]{6,2000}")
"""What may be an id or an address: one word of ASCII, with a digit or a slash in it."""

_TEXT_OF = re.compile(r"(.+)@[0-9]{1,9}", re.ASCII)

NamesAt = Callable[[str], Sequence[str]]
"""Under which other names the archive may know what an address means: ids and addresses; none for other words."""


class Names:
    """What words mean in one archive.  root: its folder, for messages.  db: its index."""

    def __init__(self, root: Path, db: Database, names_at: NamesAt) -> None:
        self._root = root
        self._db = db
        self._names_at = names_at

    def alone(self, word: str) -> list[str]:
        """The articles that are meant by an id or address alone, in any spelling; none for words to look for.

        `ID@2`, a text of one, means the article.
        """
        if not _MAY_NAME.fullmatch(word):
            return []
        ids = self._named(lookup.exactly, word)
        if not ids and (text := _TEXT_OF.fullmatch(word)):
            ids = self._named(lookup.exactly, text[1])
        return ids

    def id_of(self, word: str) -> str:
        """The one article a word means: its id, the beginning of it, or any address of it; raises `QueryError`."""
        word = word.strip()
        if not word:
            raise QueryError("no article is named", hint="qqnews list shows what there is")
        ids = self._named(lookup.named, word)
        if len(ids) == 1:
            return ids[0]
        if not ids:
            raise QueryError(
                f"the archive has no article {word}", hint="qqnews list shows what it has"
            )
        raise QueryError(f"{word} could be several articles", hint=f"{', '.join(ids[:5])} …")

    def numbered(self, word: str) -> tuple[str, int | None]:
        """The article, and the number of its text where the word names one; raises `QueryError`."""
        name, at, number = word.rpartition("@")
        if at and number.isascii() and number.isdigit():
            return self.id_of(name), int(number)
        return self.id_of(word), None

    def _named(self, look: Callable[[Database, str], list[str]], word: str) -> list[str]:
        """The articles of that name, or else of another name of what it means."""
        with translated(self._root):
            if ids := look(self._db, word):
                return ids
            found = (look(self._db, other) for other in self._names_at(word))
            return next(filter(None, found), [])
