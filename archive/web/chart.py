"""Numbers as bars side by side, for a drawing of `WIDTH` by `HEIGHT`.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 150
HEAD: Final = 30
"""What is left above the highest bar, for the marks of what changed and what was withdrawn."""
_LOWEST: Final = 2.0
"""Of a bar that stands for anything at all, so that it is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a bar stands for.  label: what is written below; name: what it is called; link: where it leads."""

    label: str
    name: str
    link: str
    articles: int
    edited: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A column and its place: `slot` wide with the gap beside it, `width` without."""

    column: Column
    x: float
    y: float
    slot: float
    width: float
    height: float


def bars(columns: Sequence[Column]) -> list[Bar]:
    """The bars of some columns, the highest of them as high as there is room."""
    most = max((column.articles for column in columns), default=0)
    slot = WIDTH / max(1, len(columns))
    return [
        Bar(
            column=column,
            x=round(place * slot, 2),
            y=round(HEIGHT - height, 2),
            slot=round(slot, 2),
            width=round(slot * 0.8, 2),
            height=height,
        )
        for place, column in enumerate(columns)
        for height in (_height(column.articles, most),)
    ]


def _height(articles: int, most: int) -> float:
    """How high a bar is beside the highest, of `most`."""
    return max(_LOWEST, round((HEIGHT - HEAD) * articles / most, 2)) if articles else 0.0
