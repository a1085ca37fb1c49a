"""Signals, and two writers at once."""

import contextlib
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.stories import BRIDGE, HARVEST
from tests.cli.conftest import Kept, Run
from tests.cli.little_qq import LittleQQ


def slow(handler: BaseHTTPRequestHandler) -> None:
    """Send half a page, and the rest never."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    handler.wfile.flush()
    handler.connection.settimeout(20)
    with contextlib.suppress(OSError):
        handler.connection.recv(1)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_the_second_signal_stops_at_once_and_nothing_is_lost(
    number: int,
    code: int,
    little_qq: LittleQQ,
    folder: Path,
    environment: dict[str, str],
    qqnews: Run,
    kept: Kept,
) -> None:
    qqnews("add", HARVEST.id, *little_qq.options)
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = slow
    child = subprocess.Popen(
        [sys.executable, "-m", "scraper", "add", BRIDGE.id, *little_qq.options],
        cwd=folder,
        env=environment | {"PYTHONWARNINGS": ""},  # a socket that is dropped half-open is no news
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    while not any(BRIDGE.id in one for one in little_qq.asked):
        assert child.poll() is None
    child.send_signal(number)
    assert "open articles are finished first" in child.stderr.readline()
    child.send_signal(number)

    _, err = child.communicate(timeout=20)
    assert child.returncode == code
    assert "stopping at once" in err
    assert "Traceback" not in err
    assert kept.ids() == {HARVEST.id}


def test_a_second_writer_is_told_who_holds_the_archive(
    little_qq: LittleQQ, folder: Path, environment: dict[str, str], qqnews: Run
) -> None:
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = slow
    child = subprocess.Popen(
        [sys.executable, "-m", "scraper", "add", BRIDGE.id, *little_qq.options],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not any(BRIDGE.id in one for one in little_qq.asked):
        assert child.poll() is None

    ended = qqnews("add", HARVEST.id, *little_qq.options)
    reading = qqnews("list")
    child.kill()
    child.wait()

    assert ended.code == Exit.IN_USE
    assert f"process {child.pid} " in ended.err
    assert reading.code == 0
    assert qqnews("add", HARVEST.id, *little_qq.options).code == 0
