"""Rows as JSON lines.  Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.export.rows import Row

_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""What JSON may hold as it is, and a terminal, a reader's eye or a reader of lines could trip over."""


def written(rows: Iterable[Row]) -> Iterator[bytes]:
    """One JSON object a line, UTF-8."""
    for row in rows:
        written = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        safe = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
        yield safe.encode("utf-8") + b"\n"
