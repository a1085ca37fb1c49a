"""Rows as a Parquet file: typed columns, zstd, one row group after the other."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from archive.errors import QueryError
from archive.export.rows import COLUMNS, Kind, Row

if TYPE_CHECKING:
    import pyarrow

ROWS: Final = 2048
"""Rows of a group, at most."""

CHARACTERS: Final = 4 << 20
"""Characters of Markdown of a group, about: what is held in memory before it is written."""


def written(rows: Iterable[Row]) -> Iterator[bytes]:
    """One Parquet file.  Raises `QueryError` where pyarrow, the extra `parquet`, is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise QueryError("Parquet needs pyarrow", hint="pip install 'qqnews[parquet]'") from error
    schema = pyarrow.schema([(name, _type(kind)) for name, kind in COLUMNS.items()])
    sink = _Sink()
    with ParquetWriter(sink, schema, compression="zstd") as writer:
        for group in _groups(rows):
            made = [
                {name: _value(kind, row[name]) for name, kind in COLUMNS.items()} for row in group
            ]
            writer.write_table(pyarrow.Table.from_pylist(made, schema=schema))
            yield from sink.drained()
    yield from sink.drained()


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(str(row["markdown"]))
        if len(group) >= ROWS or size >= CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _type(kind: Kind | Mapping[str, Kind]) -> "pyarrow.DataType":
    import pyarrow

    match kind:
        case "text":
            return pyarrow.string()
        case "number":
            return pyarrow.int64()
        case "truth":
            return pyarrow.bool_()
        case "time":
            return pyarrow.timestamp("ms", tz="UTC")
        case "time of the page":
            return pyarrow.timestamp("ms", tz="Asia/Shanghai")
        case "texts":
            return pyarrow.list_(pyarrow.string())
        case columns:
            fields = [(name, _type(inner)) for name, inner in columns.items()]
            return pyarrow.list_(pyarrow.struct(fields))


def _value(kind: Kind | Mapping[str, Kind], value: object) -> object:
    if kind in ("time", "time of the page") and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


class _Sink:
    """A file that gives away what was written to it."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True

    def drained(self) -> Iterator[bytes]:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        yield from pieces
