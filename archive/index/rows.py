"""Rows of the index as values.  Pure."""

from collections.abc import Sequence
from typing import Any, TypeVar

Kind = TypeVar("Kind")


def valued(kind: type[Kind], row: Sequence[Any]) -> Kind:
    """A row as a value.  kind: a dataclass with slots, whose fields are the columns in this order."""
    return kind(**dict(zip(kind.__slots__, row, strict=True)))  # type: ignore[attr-defined]
