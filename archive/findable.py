"""What is looked for in an article's text: its words, and its likeness to others.  Pure.

    findable    headline and Markdown → Findable

How words are found stands in `archive.text`, how alike two texts are in `archive.near`; `archive.index` keeps what they
say.  Made apart from the rows, so that it can be made where there is a processor to spare (`archive.upkeep.ahead`).
"""

from dataclasses import dataclass

from archive.near import signature
from archive.text import indexed, line, visible, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """One text.

    title, body: as a reader reads them, one block a line.  title_tokens, body_tokens: what the index finds them by.
    mark: the text's signature; None for one too short to be told from others.
    """

    title: str
    body: str
    title_tokens: str
    body_tokens: str
    mark: bytes | None


def findable(title: str, markdown: str) -> Findable:
    """What is to be found of an article with this headline and text."""
    said = words(markdown)
    title, body = visible(line(title)), visible(said)
    return Findable(
        title=title,
        body=body,
        title_tokens=indexed(title),
        body_tokens=indexed(body),
        mark=signature(said),
    )
