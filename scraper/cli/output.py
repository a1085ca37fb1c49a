"""What a command answers, on stdout: a table for eyes, JSON lines for pipes, and the other shapes of `-o`.

    Output    rows in one shape

Data only; what the program has to say to a person goes to stderr (`scraper.cli.talk`).
"""

import csv
import sys
from collections.abc import Container, Mapping, Sequence
from io import StringIO
from types import TracebackType
from typing import IO, Final, Self

from click import UsageError

from scraper.cli.terminal import as_json, clean, colour, one_line, to_nowhere

SHAPES: Final = ("table", "jsonl", "json", "csv", "tsv", "url", "path")


class Output:
    """Rows on stdout in one shape.  A context manager: what a shape holds back is written at the end.

    Raises UsageError at the end of rows none of which has what the shape prints of them.

    columns: for table, csv and tsv, in this order; None takes the keys of the first row.
    shape: None chooses table on a terminal, jsonl elsewhere; `none` writes nothing.
    times: the columns that hold times in ISO 8601, which a table shows to the minute.
    csv_safe: make cells harmless to spreadsheets, which run what begins with `=`, `+`, `-` or `@`.
    outlives: whether the command goes on in silence when whoever read the answer has left (`… | head`), because its
    work is more than the answer.
    """

    def __init__(
        self,
        shape: str | None,
        columns: Sequence[str] | None = None,
        *,
        times: Container[str] = (),
        csv_safe: bool = False,
        outlives: bool = False,
        stream: IO[str] | None = None,
    ) -> None:
        self.stream = stream or sys.stdout
        self.shape = shape or ("table" if self.stream.isatty() else "jsonl")
        self.columns = columns
        self._times = times
        self._csv_safe = csv_safe
        self._outlives = outlives
        self._held: list[Mapping[str, object]] = []
        self._started = False
        self._lacking: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or not issubclass(kind, BrokenPipeError):
            self.close()
        if kind is None and self._lacking:
            # An answer of nothing would be taken for one.
            raise UsageError(f"none of these rows has a {self.shape} — choose another -o")

    def write(self, row: Mapping[str, object]) -> None:
        """Give one row; in a shape that can, it is on stdout before this returns."""
        if self.shape == "jsonl":
            self._print(as_json(row))
        elif self.shape in ("url", "path"):
            self._lacking = self._lacking is not False and self.shape not in row
            if row.get(self.shape):
                self._print(one_line(str(row[self.shape])))
        elif self.shape in ("csv", "tsv"):
            self._write_cells(row)
        elif self.shape != "none":
            self._held.append(self._for_eyes(row) if self.shape == "table" else row)

    def _for_eyes(self, row: Mapping[str, object]) -> Mapping[str, object]:
        return {
            name: to_the_minute(value) if name in self._times and isinstance(value, str) else value
            for name, value in row.items()
        }

    def line(self, text: str) -> None:
        """A line for eyes, as it is; for a command that prints its own kind of table."""
        self._print(text)

    def close(self) -> None:
        """Write what was held back."""
        if self.shape == "json":
            self._print(as_json(self._held, indent=2))
        elif self.shape == "table" and self._held:
            self._print(_table(self._held, self.columns or list(self._held[0])))
        elif self.shape in ("csv", "tsv") and not self._started and self.columns:
            self._write_header()
        self._held = []

    def _print(self, line: str) -> None:
        try:
            self.stream.write(line + "\n")
            if not self._held:
                self.stream.flush()
        except BrokenPipeError:
            if not self._outlives:
                raise
            to_nowhere(self.stream)

    def _write_header(self) -> None:
        assert self.columns is not None
        self._started = True
        self._cells(self.columns)

    def _write_cells(self, row: Mapping[str, object]) -> None:
        if not self._started:
            self.columns = self.columns or list(row)
            self._write_header()
        assert self.columns is not None
        values = [row.get(column) for column in self.columns]
        self._cells([_disarmed(value) if self._csv_safe else _cell(value) for value in values])

    def _cells(self, cells: Sequence[str]) -> None:
        if self.shape == "tsv":
            self._print("\t".join(" ".join(cell.split()) for cell in cells))
        else:
            line = StringIO()
            # Only what ends a line is put in quotes: without this one, no line's end in a cell would be.
            csv.writer(line, lineterminator="\n").writerow(cells)
            self._print(line.getvalue()[:-1])


def to_the_minute(time: str) -> str:
    """A time in ISO 8601 as a table shows it: the page's own, which are Beijing's, as they are; `Z` after ours.

    >>> to_the_minute("2030-02-07T08:15:20+08:00"), to_the_minute("2030-02-07T00:15:20.250+00:00")
    ('2030-02-07 08:15', '2030-02-07 00:15Z')
    """
    return time[:16].replace("T", " ") + "Z" * time.endswith("+00:00")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | dict):
        return as_json(value)
    return clean(str(value))


def _disarmed(value: object) -> str:
    """A cell that no spreadsheet takes for a formula; a number is none.

    >>> _disarmed("=1+1"), _disarmed(-5)
    ("'=1+1", '-5')
    """
    cell = _cell(value)
    if isinstance(value, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """The rows under their column names, no wider than the terminal; the last column runs on in further lines."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(
        file=sys.stdout,
        width=None if sys.stdout.isatty() else 160,
        no_color=not colour(sys.stdout),
        force_terminal=colour(sys.stdout),
        highlight=False,
    )
    # Text is not markup: a title like `[/foo]` is a title.
    shown = [[Text(one_line(_cell(row.get(column)))) for column in columns] for row in rows]
    widest = [
        max(Text(column).cell_len, *(cells[n].cell_len for cells in shown))
        for n, column in enumerate(columns)
    ]
    whole = sum(width for column, width in zip(columns, widest, strict=True) if column in _WHOLE)
    most = _cap(
        [width for column, width in zip(columns, widest, strict=True) if column not in _WHOLE],
        console.width - whole - _BETWEEN * (len(columns) - 1),
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for n, column in enumerate(columns):
        numbers = all(isinstance(row.get(column), int | float) for row in rows)
        table.add_column(
            column,
            justify="right" if numbers else "left",
            width=widest[n] if column in _WHOLE else min(widest[n], most),
            no_wrap=n < len(columns) - 1,
            overflow="ellipsis",
        )
    for cells in shown:
        table.add_row(*cells)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")


_WHOLE: Final = {"id"}
"""Columns that are never cut: what is in them is typed again."""

_BETWEEN: Final = 3
"""Cells between two columns of a table."""


def _cap(widths: Sequence[int], room: int) -> int:
    """The width to which the widest columns are cut, so that all fit: a long title gives way first.

    >>> _cap([16, 40, 90], 80)
    32
    """
    most = max(widths, default=1)
    while most > 1 and sum(min(width, most) for width in widths) > room:
        most -= 1
    return most
