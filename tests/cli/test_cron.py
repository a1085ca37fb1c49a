"""What `run` tells the person whom cron mails, and what it may keep to itself."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archive.files import Lock
from scraper.cli.exits import Exit
from scraper.demo import pages
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST, REPRINT, WITHDRAWN
from tests.cli.conftest import Kept, Run, objects
from tests.cli.little_qq import LittleQQ

JSON = "application/json; charset=utf-8"


def test_a_run_that_finds_no_archive_says_that_it_begins_one(
    qqnews: Run, cron: list[str], folder: Path
) -> None:
    """The disk it lies on is not mounted, or this is not the folder of its config.yaml."""
    (folder / "data").rename(folder / "elsewhere")

    first, second = qqnews(*cron, "-q"), qqnews(*cron, "-q")

    assert (first.code, second.code) == (0, 0)
    line = f"warning: there was no archive at {folder / 'data'}: this run begins one\n"
    assert (first.err, second.err) == (line, "")


def test_when_all_is_well_a_run_that_nobody_watches_says_nothing_at_all(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    first = qqnews(*cron)
    pages = len(little_qq.pages())
    second = qqnews(*cron, "-q")

    assert (first.code, first.out, first.err) == (0, "", "")
    assert (second.code, second.out, second.err) == (0, "", "")
    assert len(little_qq.pages()) == pages + 1, "only the feed is asked again"


def test_codes_can_be_forgiven(qqnews: Run, cron: list[str]) -> None:
    ended = qqnews(*cron, "--limit", "1", "--ok-codes", "5,8,10")

    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("codes", ["five", "-5", "5,²"], ids=["word", "negative", "superscript"])
def test_only_numbers_can_be_forgiven(codes: str, qqnews: Run, cron: list[str]) -> None:
    ended = qqnews(*cron, f"--ok-codes={codes}")

    assert (ended.code, "--ok-codes takes numbers" in ended.err) == (Exit.USAGE, True)


def test_a_run_that_meets_another_is_forgiven_too(
    qqnews: Run, cron: list[str], folder: Path
) -> None:
    qqnews("init")
    with Lock(folder / "data") as lock:
        lock.acquire(wait=0)
        met = qqnews(*cron)
        forgiven = qqnews(*cron, "--ok-codes", "5")

    assert (met.code, met.err.count("\n")) == (Exit.IN_USE, 1)
    assert f"process {os.getpid()} " in met.err
    assert (forgiven.code, forgiven.out, forgiven.err) == (0, "", "")


def test_a_run_that_has_held_the_archive_for_days_is_told_whatever_is_forgiven(
    qqnews: Run, cron: list[str], folder: Path
) -> None:
    """It hangs, and every run after it would leave in silence for ever."""
    qqnews("init")
    with Lock(folder / "data") as lock:
        lock.acquire(wait=0)
        note = folder / "data" / ".lock"
        since = (datetime.now(UTC) - timedelta(hours=25)).isoformat(timespec="seconds")
        note.write_text(json.dumps(json.loads(note.read_text()) | {"since": since}))
        met = qqnews(*cron, *FORGIVING)

    assert (met.code, met.err.count("\n")) == (Exit.IN_USE, 1)
    assert f"process {os.getpid()} on " in met.err
    assert f" since {since} " in met.err


def test_what_fails_stays_queued_and_is_told_even_when_quiet(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    broken = f"news.qq.com/rain/a/{HARVEST.id}"
    little_qq.faults[broken] = Answer(status=500)

    ended = qqnews(*cron, "-q")
    waiting = objects(qqnews("queue").out)

    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.INCOMPLETE, "", 1)
    assert "1 failed" in ended.err
    assert [(one["id"], one["state"], one["attempts"]) for one in waiting] == [
        (HARVEST.id, "failed", 1)
    ]
    del little_qq.faults[broken]
    assert qqnews(*cron).code == 0, "not due yet"
    assert qqnews("retry", "-n").err == "1 would be tried again\n"
    assert qqnews("retry", "--host", "news.qq.com").err.startswith("1 will be tried again")
    assert objects(qqnews(*cron, "-o", "jsonl").out)[-1]["new"] == 1


def test_status_tells_by_the_clock_on_the_wall_when_what_failed_is_tried_again(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    little_qq.faults[f"news.qq.com/rain/a/{HARVEST.id}"] = Answer(status=500)
    qqnews(*cron)

    (waiting,) = objects(qqnews("queue").out)
    there = datetime.fromisoformat(waiting["retry_at"]).astimezone(timezone(timedelta(hours=8)))
    said = qqnews("status", "-o", "text", TZ="CST-8").out
    assert f"again {there:%Y-%m-%d %H:%M}\n" in said


def test_pages_that_no_longer_read_as_articles_are_an_alarm(
    qqnews: Run, cron: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    """The site has changed its pages: everything answers, nothing can be read."""
    for id in (BRIDGE.id, REPRINT.id, HARVEST.id):
        shell = f"<html><title>x_腾讯新闻</title><body id='dc-normal-body'><div id='article-content'></div>{id}"
        for host in ("news.qq.com/rain/a", "view.inews.qq.com/a", "new.qq.com/rain/a"):
            little_qq.faults[f"{host}/{id}"] = Answer(body=shell.encode())

    ended = qqnews(*cron, "-q")

    assert ended.code == Exit.DRIFT
    assert "news.qq.com: pages no longer read as articles" in ended.err
    assert Kept(folder / "data").ids() == set()


def test_one_text_in_the_place_of_many_articles_is_an_alarm(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    """A wall before all articles, which reads like one."""
    stories = [replace(BRIDGE, id=f"20261120A0{n}WAL00", title=f"第{n}座桥") for n in range(5)]
    listed = pages.feed(stories, withdrawn=WITHDRAWN)
    little_qq.faults["i.news.qq.com/web_feed/getPCList"] = Answer(kind=JSON, body=listed)
    for story in stories:
        wall = replace(story, lines=("请先进入客户端，再看这座桥的故事。" * 6,), pictures=())
        little_qq.faults[f"news.qq.com/rain/a/{story.id}"] = Answer(body=pages.rain(wall))

    ended = qqnews(*cron)

    assert ended.code == Exit.DRIFT
    assert "news.qq.com: 5 articles say one and the same; look whether it is the site" in ended.err


@pytest.fixture
def ran(folder: Path, environment: dict[str, str]) -> Callable[..., None]:
    """`ran(*hours, summary={…})` writes down runs that began so many hours ago."""

    def write(*hours: float, summary: dict[str, object]) -> None:
        script = f"""
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from archive.archive import Archive
now = datetime.now(UTC)
for hours in {hours!r}:
    with Archive.open(Path("data"), clock=lambda: now - timedelta(hours=hours)) as archive:
        archive.runs.finish(archive.runs.start("run"), code=0, summary={summary!r})
"""
        subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, check=True)

    return write


def polled(*, fresh: int) -> dict[str, object]:
    """The summary of a run to which the one source named five articles."""
    source = {"name": "top", "named": 5, "fresh": fresh, "error": ""}
    return {"came": fresh, "shut_out": False, "sources": [source]}


@pytest.mark.parametrize("empty", [0, 600], ids=["lately", "many-runs-ago"])
def test_a_source_that_fell_silent_is_an_alarm(
    empty: int,
    qqnews: Run,
    cron: list[str],
    little_qq: LittleQQ,
    ran: Callable[..., None],
) -> None:
    """For as long as it is silent: many a run that brings nothing does not become its habit."""
    little_qq.faults["i.news.qq.com"] = Answer(kind=JSON, body=b'{"code": 0, "data": []}')
    ran(*range(40, 30, -1), summary=polled(fresh=3))
    ran(*[30 - number / 60 for number in range(empty)], summary=polled(fresh=0))

    ended = qqnews(*cron, "-q")

    assert ended.code == Exit.STALE
    assert "source top has brought nothing new since" in ended.err
    assert "it used to every 1h" in ended.err
    (told,) = objects(qqnews("sources", "-o", "jsonl").out)
    assert told["newest"] is not None


FORGIVING = ["--ok-codes", "5,8,9,10"]
"""As the cron line of docs/unattended.md has it."""


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        (Answer(status=429), []),
        (Answer(body="<title>验证码</title>请完成安全验证 captcha".encode()), []),
        (None, ["--set", "network.connect_to=::nowhere.invalid:443"]),
    ],
    ids=["rate-limit", "captcha", "no-network"],
)
def test_what_keeps_every_run_out_for_more_than_a_day_is_told_whatever_is_forgiven(
    fault: Answer | None,
    more: list[str],
    qqnews: Run,
    cron: list[str],
    little_qq: LittleQQ,
    ran: Callable[..., None],
) -> None:
    if fault:
        little_qq.faults["news.qq.com"] = fault
    first = qqnews(*cron, *more, *FORGIVING)
    ran(30, summary=polled(fresh=2))
    ran(29, summary={"came": 0, "shut_out": True})
    ran(28, summary=polled(fresh=0))
    assert qqnews("retry").code == 0  # some wait for an hour

    later = qqnews(*cron, *more, *FORGIVING)

    assert (first.code, first.err) == (0, "")
    assert later.code == Exit.STALE
    assert "nothing has come since" in later.err
    little_qq.faults.clear()
    assert qqnews("retry").code == 0
    assert qqnews(*cron).code == 0
    assert qqnews(*cron, *more, *FORGIVING).code == 0, "what came meanwhile counts"


@pytest.mark.parametrize("status", [200, 403, 404], ids=["captcha", "forbidden", "not-there"])
def test_a_source_that_gives_no_list_for_long_is_silent_too_whatever_is_forgiven(
    status: int,
    qqnews: Run,
    cron: list[str],
    little_qq: LittleQQ,
    ran: Callable[..., None],
) -> None:
    page = "<title>验证码</title>请完成安全验证 captcha"
    little_qq.faults["i.news.qq.com"] = Answer(status=status, body=page.encode())
    ran(*range(40, 30, -1), summary=polled(fresh=3))

    ended = qqnews(*cron, *FORGIVING)

    assert ended.code == Exit.STALE
    assert "source top has brought nothing new since" in ended.err
    assert "source top: https://i.news.qq.com" in ended.err
