"""Numbers as bars side by side, for a drawing of `WIDTH` by `HEIGHT`.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 150
HEAD: Final = 30
"""What is left above the highest bar, for the marks of what changed and what was withdrawn."""


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
    """The bars of some columns, the highest of them as high as there is room; what there is, is seen."""
    most = max((column.articles for column in columns), default=0) or 1
    slot = WIDTH / max(1, len(columns))
    room = HEIGHT - HEAD
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
        for height in [
            max(2.0, round(room * column.articles / most, 2)) if column.articles else 0.0
        ]
    ]
