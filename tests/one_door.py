"""Watches every test for a connection that did not go through the door.

The interpreter itself reports each `connect` (`sys.addaudithook`), whichever library makes it.  One is well when what
asked for it is `scraper.fetch`, the demo's own site, or a test; and no test may leave this machine.
"""

import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOORS = ("scraper/fetch/", "scraper/demo/", "tests/")

strays: list[str] = []
"""Connections that went elsewhere, in words."""

_watching = False


def watch() -> None:
    """Begin to watch this process.  A hook cannot be taken away again, so there is one."""
    global _watching
    if not _watching:
        _watching = True
        sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return  # a local socket
    asker = _asker(sys._getframe(1))
    if not ip_address(str(address[0]).partition("%")[0]).is_loopback:
        strays.append(f"{asker or 'a library'} left this machine for {address[0]}:{address[1]}")
    elif asker is not None and not asker.startswith(DOORS):
        strays.append(f"{asker} connected to {address[0]}:{address[1]} past scraper/fetch")


def _asker(frame: FrameType | None) -> str | None:
    """The innermost module of ours on the way to this connection."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.parts[len(ROOT.parts)] in (
            "archive",
            "scraper",
            "tests",
        ):
            return path.relative_to(ROOT).as_posix()
        frame = frame.f_back
    return None


@pytest.fixture(autouse=True)
def one_door() -> Iterator[None]:
    """Fails the test during which the program connected past its one door."""
    watch()
    before = len(strays)
    yield
    assert strays[before:] == []
