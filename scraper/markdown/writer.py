"""Write blocks as Markdown.  Pure."""

import re
from collections.abc import Sequence

from archive.article import Image
from scraper.markdown import escape
from scraper.markdown.blocks import (
    BOLD,
    ITALIC,
    RAW,
    STRIKE,
    Block,
    Bullets,
    Code,
    Heading,
    Line,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Table,
)
from scraper.markdown.inline import unbraced, write_line, write_lines
from scraper.markdown.tables import write_table

_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,20}")
_BACKTICKS = re.compile("`{3,}")


def write_blocks(blocks: Sequence[Block], images: Sequence[Image]) -> str:
    """The blocks as Markdown, without a newline at the end."""
    pictures = {number: escape.picture(image.alt, image.url) for number, image in enumerate(images)}
    return escape.document(_Writer(pictures).blocks(blocks))


class _Writer:
    def __init__(self, pictures: dict[int, str]) -> None:
        self._pictures = pictures

    def blocks(self, blocks: Sequence[Block], between: str = "\n\n") -> str:
        written: list[str] = []
        marker = 0  # lists that follow each other need markers that differ, or they become one
        last: Block | None = None
        for block in blocks:
            if isinstance(block, Bullets):
                follows = isinstance(last, Bullets) and (last.start is None) == (
                    block.start is None
                )
                marker = 1 - marker if follows else 0
                written.append(self._list(block, marker))
            else:
                written.append(self._block(block))
            last = block
        return between.join(written)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(lines=lines):
                return escape.paragraph(write_lines(lines))
            case Heading(level=level, lines=lines):
                words = " ".join(write_lines(_parted_from_struck(lines)))
                return f"{'#' * level} {escape.heading(words)}"
            case Picture(number=number, href=href):
                return write_line([(self._pictures[number], RAW, href)])
            case Code(text=text, language=language):
                return _fenced(text, language)
            case Quote(blocks=blocks):
                lines_ = self.blocks(blocks).split("\n")
                return "\n".join(f"> {line}" if line else ">" for line in lines_)
            case Table():
                return write_table(block, self._pictures)
            case Rule():
                return "***"
            case Bullets():
                return self._list(block, 0)

    def _list(self, bullets: Bullets, marker: int) -> str:
        between = "\n" if _is_tight(bullets) else "\n\n"
        items = []
        for number, blocks in enumerate(bullets.items, bullets.start or 0):
            mark = "-*"[marker] if bullets.start is None else f"{number}{'.)'[marker]}"
            indent = "\n" + " " * (len(mark) + 1)
            said = self.blocks(blocks, between).replace("\n", indent)
            if blocks and isinstance(blocks[0], Rule):
                said = said.replace("***", "___", 1)  # `* ***` would be a rule, and no list
            items.append(f"{mark} {said}".rstrip().replace(indent + "\n", "\n\n"))
        return between.join(items)


def _parted_from_struck(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a heading, nothing around their struck text: Hugo 0.121 and before would end its whole build there.

    https://github.com/gohugoio/hugo/issues/11783
    """
    if not any(marks & STRIKE for line in lines for _, marks, _ in line):
        return lines
    return [
        [(text, marks & ~(STRIKE if href else BOLD | ITALIC), href) for text, marks, href in line]
        for line in lines
    ]


def _is_tight(bullets: Bullets) -> bool:
    """Whether every item is a line or two, with at most lists under it that may follow without a blank line."""
    for blocks in filter(None, bullets.items):
        if not isinstance(blocks[0], Paragraph):
            return False
        for block in blocks[1:]:
            if not (isinstance(block, Bullets) and block.start in (None, 1) and _is_tight(block)):
                return False
        if len(blocks) > 2:
            return False
    return True


def _fenced(text: str, language: str) -> str:
    longest = max((len(found) for found in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    named = language if _LANGUAGE.fullmatch(language) else ""
    return f"{fence}{named}\n{unbraced(text)}\n{fence}"
