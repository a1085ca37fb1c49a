"""What stands between a page and its Markdown: an article as blocks of marked text.  Pure.

    Run         a stretch of text with its marks and the address it links to
    Line        runs side by side
    Block       Paragraph | Heading | Code | Rule | Picture | Bullets | Quote | Table

`reader` makes them of elements, `writer` makes Markdown of them.
"""

from dataclasses import dataclass, field

BOLD, ITALIC, STRIKE, CODE, RAW = 1, 2, 4, 8, 16
"""The marks of a run, as bits.  A RAW run is Markdown already (a small picture inside a sentence)."""

Run = tuple[str, int, str]
"""Text, marks, link address (empty for none)."""

Line = list[Run]

BREAK: Run = ("\n", 0, "")
"""A `<br>`; it never stands inside a finished line."""


@dataclass(slots=True)
class Paragraph:
    """Lines of one paragraph, none of them empty."""

    lines: list[Line]


@dataclass(slots=True)
class Heading:
    """level: 1 to 6, as the page says it."""

    level: int
    lines: list[Line]


@dataclass(slots=True)
class Code:
    """Program text, line by line as it stands; language as the page names it, or empty."""

    text: str
    language: str = ""


@dataclass(slots=True)
class Rule:
    """A line across the page (`<hr>`)."""


@dataclass(slots=True)
class Picture:
    """number: which of the article's images.  href: the address it links to, or empty."""

    number: int
    href: str = ""


@dataclass(slots=True)
class Bullets:
    """A list.

    start: the first number of an ordered one, None for bullets.  step: -1 where it counts down.
    own: the numbers that items have of their own, by place.
    lead: what stands in it before its first item.  implied: made for an `<li>` that stands in no list.
    """

    start: int | None
    step: int = 1
    own: dict[int, int] = field(default_factory=dict)
    items: "list[list[Block]]" = field(default_factory=list)
    lead: "list[Block]" = field(default_factory=list)
    implied: bool = False


@dataclass(slots=True)
class Quote:
    blocks: "list[Block]"


@dataclass(slots=True)
class Cell:
    blocks: "list[Block]"
    header: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Table:
    """rows of cells as the page has them; spans are filled by the writer."""

    rows: list[list[Cell]] = field(default_factory=list)
    headed: bool = False  # the first row stands in `<thead>`


Block = Paragraph | Heading | Code | Rule | Picture | Bullets | Quote | Table
