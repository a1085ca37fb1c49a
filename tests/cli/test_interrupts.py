"""Signals, and two writers at once."""

import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.archive import Archive
from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST
from tests.cli.conftest import Kept, Run
from tests.cli.little_qq import LittleQQ, hanging, held

Start = Callable[..., subprocess.Popen[str]]
SOON = 60
"""Seconds a started program may take to ask for its first page, on a machine with better things to do."""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_the_second_signal_stops_at_once_and_nothing_is_lost(
    number: int, code: int, little_qq: LittleQQ, started: Start, qqnews: Run, kept: Kept
) -> None:
    qqnews("add", HARVEST.id, *little_qq.options)
    begun = threading.Event()
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = hanging(begun)
    child = started("add", BRIDGE.id, *little_qq.options)
    assert child.stderr is not None
    assert begun.wait(SOON)

    child.send_signal(number)
    assert "open articles are finished first" in child.stderr.readline()
    child.send_signal(number)

    err = child.stderr.read()
    assert child.wait(20) == code
    assert "stopping at once" in err
    assert "Traceback" not in err
    assert kept.ids() == {HARVEST.id}
    assert [(row["id"], row["state"]) for row in kept.waiting()] == [(BRIDGE.id, "pending")]
    assert kept.rows("select code from runs where command = 'add'")[-1] == {"code": code}


def test_the_second_signal_ends_the_asking_of_a_source_that_does_not_answer(
    little_qq: LittleQQ, started: Start, folder: Path
) -> None:
    begun = threading.Event()
    little_qq.faults["i.news.qq.com/web_feed/getPCList"] = hanging(begun)
    tried = "sources={x: {kind: channel, channel: top}, y: {kind: channel, channel: finance}}"
    child = started("sources", "--ask", "--set", tried, *little_qq.options)
    assert child.stderr is not None
    assert begun.wait(SOON)

    child.send_signal(signal.SIGINT)
    assert "once more stops at once" in child.stderr.readline()
    child.send_signal(signal.SIGINT)

    assert child.wait(10) == Exit.INTERRUPTED
    assert child.stderr.read() == "stopping at once\n"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_the_first_signal_finishes_the_open_articles_and_leaves_the_rest_in_the_queue(
    number: int, code: int, little_qq: LittleQQ, started: Start, folder: Path, qqnews: Run
) -> None:
    ids = [BRIDGE.id, *(f"202611{day}A04XYZ00" for day in range(10, 20))]
    (folder / "list.txt").write_text("\n".join(ids))
    (folder / "config.yaml").write_text("sources: {mine: {kind: file, path: list.txt}}\n")
    (folder / "config.yaml").chmod(0o644)
    Archive.create(folder / "data")
    begun, release = threading.Event(), threading.Event()
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = held(
        begun, release, Answer(body=rain(BRIDGE))
    )
    # One connection: the others that are open wait for the page that is held.
    child = started("run", *little_qq.options, "--set", "network.pace.page_connections=1")
    assert child.stderr is not None
    assert begun.wait(SOON)

    child.send_signal(number)
    assert "open articles are finished first" in child.stderr.readline()
    release.set()

    err = child.stderr.read()
    assert child.wait(SOON) == code
    assert "Traceback" not in err
    archive = Kept(folder / "data")
    left = archive.waiting()
    assert archive.ids() == {BRIDGE.id}
    assert f"{len(left)} left in the queue" in err
    assert len(ids) - 4 <= len(left) < len(ids)
    assert {(row["state"], row["attempts"]) for row in left} == {("pending", 0)}
    assert archive.rows("select code from runs where command = 'run'") == [{"code": code}]
    ended = qqnews("run", *little_qq.options)
    assert (ended.code, ended.err, archive.waiting()) == (0, "", [])


def test_one_signal_is_enough_where_an_answer_does_not_come(
    little_qq: LittleQQ, started: Start, kept: Kept
) -> None:
    """Whoever shuts a machine down, or a service, asks once and then kills."""
    begun = threading.Event()
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = hanging(begun)
    child = started("add", BRIDGE.id, *little_qq.options, "--set", "network.limits.read_time=1h")
    assert begun.wait(SOON)

    child.send_signal(signal.SIGTERM)

    assert child.wait(SOON) == Exit.TERMINATED
    assert [(row["id"], row["state"]) for row in kept.waiting()] == [(BRIDGE.id, "pending")]
    assert kept.rows("select code from runs") == [{"code": Exit.TERMINATED}]


def test_a_dry_run_over_many_pages_stops_when_asked_to(started: Start, folder: Path) -> None:
    (folder / "pages").mkdir()
    for number in range(500):
        (folder / "pages" / f"{number:03}.html").write_bytes(rain(BRIDGE))
    child = started("import", "-n", "pages", "-o", "jsonl")
    assert child.stdout is not None
    assert BRIDGE.id in child.stdout.readline()

    child.send_signal(signal.SIGINT)

    rows = child.stdout.read().splitlines()
    assert child.wait(20) == Exit.INTERRUPTED
    assert len(rows) < 499


def test_a_second_writer_is_told_who_holds_the_archive(
    little_qq: LittleQQ, started: Start, qqnews: Run
) -> None:
    begun = threading.Event()
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = hanging(begun)
    child = started("add", BRIDGE.id, *little_qq.options)
    assert begun.wait(SOON)

    ended = qqnews("add", HARVEST.id, *little_qq.options)
    reading = qqnews("list")
    child.kill()
    child.wait()

    assert ended.code == Exit.IN_USE
    assert f"process {child.pid} " in ended.err
    assert reading.code == 0
    assert qqnews("add", HARVEST.id, *little_qq.options).code == 0
