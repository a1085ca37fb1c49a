"""The texts of an article: which one is meant, and what its file says.

numbered    the text with a number
read        a text from its file, which must be what was written
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from archive.errors import DamagedArchive, QueryError
from archive.files import Tree, digest, revision_path, shallower
from archive.index.lookup import Revision

if TYPE_CHECKING:  # reading a file needs YAML; searching does not
    from archive.document import Document


def numbered(id: str, revisions: Sequence[Revision], number: int) -> Revision:
    """The text of an article with this number; raises `QueryError`, which tells the numbers there are."""
    for revision in revisions:
        if revision.number == number:
            return revision
    numbers = [revision.number for revision in revisions]
    gapless = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1))
    has = f"{numbers[0]} to {numbers[-1]}" if gapless else ", ".join(map(str, numbers))
    raise QueryError(f"{id} has no text {number}", hint=f"it has {has}")


def read(tree: Tree, id: str, revision: Revision) -> "tuple[str, str, Document]":
    """Path, text and document of a text; raises `DamagedArchive`."""
    from archive import document

    path = revision.path
    try:
        content = tree.read(path)
    except OSError as error:
        raise DamagedArchive(
            f"{path} cannot be read: {error.strerror}", hint="qqnews repair"
        ) from error
    if digest(content) != revision.sha256:
        path, content = _set_by(tree, id, revision)
    text = content.decode("utf-8")
    return path, text, document.read(text)


def _set_by(tree: Tree, id: str, revision: Revision) -> tuple[str, bytes]:
    """Path and bytes of a text whose place has been taken by a newer one, of which the index was not told yet."""
    path = revision_path(id, revision.number)
    with suppress(OSError):
        content = tree.read(path)
        if digest(shallower(content)) == revision.sha256:
            return path, content
    raise DamagedArchive(
        f"{revision.path} is not what was written", hint="qqnews verify, then repair"
    )
