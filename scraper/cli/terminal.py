"""What a terminal may be sent: text of a page without what it could obey, and colours where they are wanted.

clean       text without control and direction characters
one_line    the same, on one line
as_json     JSON in which such characters are escaped
colour      whether a stream wants colours: NO_COLOR, FORCE_COLOR, TERM=dumb, and whether it is a terminal
to_nowhere  a stream that takes nothing any more, from then on thrown away
"""

import json
import os
import re
from typing import IO, Any, Final

_CONTROLS: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1: they command terminals
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they reorder what is shown
    "\ud800-\udfff"  # halves of characters, which no stream can write
)
_UNSAFE = re.compile(f"[{_CONTROLS}]")
_UNSAFE_IN_JSON = re.compile(f"[{_CONTROLS}\u2028\u2029]")


def clean(text: str) -> str:
    """Text from outside, fit for a terminal: no control and no direction characters, tabs and newlines stay.

    >>> clean("a\\x1b[31mb\\u202ec")
    'a[31mbc'
    """
    return _UNSAFE.sub("", text)


def one_line(text: str) -> str:
    """Clean, and on one line."""
    return " ".join(clean(text).split())


def as_json(row: object, *, indent: int | None = None) -> str:
    """JSON in which every character that a terminal could obey is escaped; nothing is lost."""
    written = json.dumps(row, ensure_ascii=False, indent=indent, default=str)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def colour(stream: IO[Any]) -> bool:
    """Whether to send colours to a stream.  NO_COLOR and FORCE_COLOR count when they are not empty."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM", "") not in ("dumb", "")


def to_nowhere(stream: IO[Any]) -> None:
    """Throw away what waits in a stream and what is written to it, so that Python's flush at exit has no complaint."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
