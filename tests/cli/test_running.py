"""`qqnews run`: what cron calls, against a channel feed over real TLS."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.files import Lock
from scraper.cli.exits import Exit
from scraper.demo import pages
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, PAID, REPRINT, WITHDRAWN
from tests.cli.conftest import Kept, Run, objects, on_a_terminal
from tests.cli.little_qq import LittleQQ, hanging

JSON = "application/json; charset=utf-8"
IN_THE_FEED = {BRIDGE.id, REPRINT.id, HARVEST.id, PAID.id, WITHDRAWN}


@pytest.fixture
def cron(little_qq: LittleQQ, folder: Path) -> list[str]:
    """What stands in the crontab: `run` with one channel as its source, and the way to the little qq.com."""
    (folder / "config.yaml").write_text("sources:\n  top: {kind: channel, channel: top}\n")
    (folder / "config.yaml").chmod(0o644)
    Archive.create(folder / "data")
    return ["run", *little_qq.options]


def test_a_run_that_finds_no_archive_says_that_it_begins_one(
    qqnews: Run, cron: list[str], folder: Path
) -> None:
    """The disk it lies on is not mounted, or this is not the folder of its config.yaml."""
    (folder / "data").rename(folder / "elsewhere")

    first, second = qqnews(*cron, "-q"), qqnews(*cron, "-q")

    assert (first.code, second.code) == (0, 0)
    line = f"warning: there was no archive at {folder / 'data'}: this run begins one\n"
    assert (first.err, second.err) == (line, "")


def test_a_run_keeps_what_a_channel_names_and_says_so_in_one_line(
    qqnews: Run, cron: list[str], little_qq: LittleQQ, folder: Path, environment: dict[str, str]
) -> None:
    watched = on_a_terminal(folder, environment | {"TERM": "dumb"}, *cron)

    assert watched.count("\n") == 1
    for said in ("2 new", "1 copy", "1 gone", "1 no article", "2 pictures", "requests"):
        assert said in watched
    asked = [one.rpartition("/")[2] for one in little_qq.pages() if "/rain/a/" in one]
    assert sorted(asked) == sorted(IN_THE_FEED)
    (run,) = Kept(folder / "data").rows(
        "select command, code, json_extract(summary, '$.new') as new from runs"
    )
    assert run == {"command": "run", "code": 0, "new": 2}


def test_when_all_is_well_a_run_that_nobody_watches_says_nothing_at_all(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    first = qqnews(*cron)
    pages = len(little_qq.pages())
    second = qqnews(*cron, "-q")

    assert (first.code, first.out, first.err) == (0, "", "")
    assert (second.code, second.out, second.err) == (0, "", "")
    assert len(little_qq.pages()) == pages + 1, "only the feed is asked again"


def test_rows_come_when_asked_for(qqnews: Run, cron: list[str]) -> None:
    *pages, summary = objects(qqnews(*cron, "-o", "jsonl").out)

    assert {page["id"] for page in pages} == IN_THE_FEED
    assert (summary["type"], summary["sources"][0]["fresh"]) == ("summary", 5)


def test_a_bound_stops_it_with_code_10_and_the_next_run_goes_on(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    first = qqnews(*cron, "--limit", "2")
    second = qqnews(*cron)

    assert first.code == Exit.BOUND
    assert "3 left in the queue" in first.err
    assert "stopped on --limit" in first.err
    assert second.code == 0
    asked = [one.rpartition("/")[2] for one in little_qq.pages() if "/rain/a/" in one]
    assert sorted(asked) == sorted(IN_THE_FEED), "each was asked for once"


def test_what_is_kept_is_asked_for_again_hours_later(
    qqnews: Run, cron: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    qqnews(*cron)
    pages = len(little_qq.pages())
    with closing(sqlite3.connect(folder / "data" / "qqnews.db")) as index, index:
        for table, column in (
            ("articles", "first_captured"),
            ("articles", "checked"),
            ("queue", "changed"),
        ):
            earlier = f"strftime('%Y-%m-%dT%H:%M:%S+00:00', {column}, '-7 hours')"
            index.execute(f"update {table} set {column} = {earlier}")
        index.execute(
            "update articles set first_captured = '2016-01-01T00:00:00+00:00' where id = ?",
            (HARVEST.id,),
        )

    def due(*words: str) -> int:
        return int(json.loads(qqnews(*words, "status", "-o", "json").out)["rechecks"])

    assert due("--set", "recheck.after=[]") == 0
    assert due() == 2

    never = qqnews(*cron, "--set", "recheck.after=[]", "-o", "jsonl")
    again = qqnews(*cron, "-o", "jsonl")
    at_once = qqnews(*cron, "-o", "jsonl")

    assert due() == 0
    assert [objects(one.out)[-1]["rechecked"] for one in (never, again, at_once)] == [0, 2, 0]
    rows = {row["id"]: row["result"] for row in objects(again.out)[:-1]}
    assert rows == {BRIDGE.id: "same", REPRINT.id: "same"}, "what is ten years old is left alone"
    assert len(little_qq.pages()) == pages + 2 + 3, "two articles, and the feed by each run"


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


def test_a_site_that_wants_us_to_stop_ends_it_with_code_8(
    qqnews: Run, cron: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    little_qq.faults["news.qq.com"] = Answer(status=567)

    ended = qqnews(*cron, "-q")

    assert ended.code == Exit.LIMITED
    assert "news.qq.com asked us to stop" in ended.err
    assert len([one for one in little_qq.pages() if "/rain/a/" in one]) <= 5
    assert all(row["state"] in ("pending", "failed") for row in Kept(folder / "data").waiting())


def test_a_source_that_does_not_answer_is_named(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    little_qq.faults["i.news.qq.com/web_feed/getPCList"] = Answer(
        body=b'{"code": 10001, "message": "busy"}', kind="application/json"
    )

    ended = qqnews(*cron, "-q")

    assert ended.code == Exit.INCOMPLETE
    assert "source top: " in ended.err
    assert "busy" in ended.err


def test_without_a_network_it_says_so_with_code_9_and_keeps_the_queue(
    qqnews: Run, folder: Path
) -> None:
    (folder / "list.txt").write_text("\n".join(sorted(IN_THE_FEED)) + f"\n{LAMP.id}\n")
    (folder / "config.yaml").write_text("sources: {mine: {kind: file, path: list.txt}}\n")
    (folder / "config.yaml").chmod(0o644)
    fast = [
        "--set",
        "network.retry.first=1ms",
        "--set",
        "network.retry.longest=2ms",
        "--set",
        "network.pace.page=1ms",
    ]

    ended = qqnews("run", "-q", *fast, "--set", "network.connect_to=::nowhere.invalid:443")

    assert ended.code == Exit.NO_NETWORK, ended.err
    assert "no network" in ended.err
    assert len(Kept(folder / "data").waiting()) == 6


def test_one_source_that_cannot_be_connected_to_is_no_network_either(
    qqnews: Run, cron: list[str]
) -> None:
    ended = qqnews(*cron, "--set", "network.connect_to=::nowhere.invalid:443")

    assert ended.code == Exit.NO_NETWORK, ended.err
    assert "no network: not one host could be reached" in ended.err
    assert "source top" not in ended.err


def test_a_file_of_addresses_is_a_source(qqnews: Run, little_qq: LittleQQ, folder: Path) -> None:
    (folder / "list.txt").write_text(f"# mine\n{BRIDGE.id}  the bridge\nnot an address\n")
    (folder / "config.yaml").write_text("sources: {mine: {kind: file, path: list.txt}}\n")
    (folder / "config.yaml").chmod(0o644)

    ended = qqnews("run", *little_qq.options)

    assert ended.code == Exit.INCOMPLETE
    assert "1 new" in ended.err
    assert "source mine: line 3: not: not an article" in ended.err


def test_every_line_of_a_file_that_names_no_article_is_counted(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    (folder / "list.txt").write_text("not an address\nnor this\nhttps://v.qq.com/x/page/a.html\n")
    (folder / "config.yaml").write_text("sources: {mine: {kind: file, path: list.txt}}\n")
    (folder / "config.yaml").chmod(0o644)

    qqnews("run", *little_qq.options)

    (run,) = json.loads(qqnews("status", "-o", "json").out)["runs"]
    (mine,) = run["summary"]["sources"]
    assert sorted(mine["skipped"].values()) == [1, 2]


def test_a_source_nobody_configured_is_a_mistake_in_the_call(qqnews: Run, cron: list[str]) -> None:
    ended = qqnews(*cron, "finance")

    assert (ended.code, ended.err) == (
        Exit.USAGE,
        "error: no source is called finance — config.yaml has: top\n",
    )


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


def test_what_a_robots_txt_forbids_by_mistake_is_kept_when_it_no_longer_does(
    qqnews: Run, cron: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    forbidding = Answer(kind="text/plain", body=b"User-agent: *\nDisallow: /\n")
    little_qq.faults["news.qq.com/robots.txt"] = forbidding
    forbidden = qqnews(*cron)
    little_qq.faults.clear()
    index = folder / "data" / "qqnews.db"
    with closing(sqlite3.connect(index)) as db, db:
        db.execute("update queue set retry_at = datetime(retry_at, '-1 day') || '+00:00'")

    next_day = qqnews(*cron)

    assert forbidden.code == Exit.INCOMPLETE
    assert "5 refused" in forbidden.err
    assert "robots.txt forbids 5 pages; what it forbids for two days is given up" in forbidden.err
    assert (next_day.code, next_day.err) == (0, "")
    assert Kept(folder / "data").ids() == {BRIDGE.id, REPRINT.id, HARVEST.id}


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
from datetime import UTC, datetime, timedelta
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


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (signal.SIGKILL, -signal.SIGKILL),
        (signal.SIGINT, Exit.INTERRUPTED),
        (signal.SIGTERM, Exit.TERMINATED),
    ],
)
def test_killed_or_stopped_the_next_run_goes_on_where_it_was(
    how: int,
    code: int,
    qqnews: Run,
    cron: list[str],
    little_qq: LittleQQ,
    folder: Path,
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    begun = threading.Event()
    stuck = f"news.qq.com/rain/a/{HARVEST.id}"
    little_qq.faults[stuck] = hanging(begun)
    child = started(*cron)
    assert child.stderr is not None
    assert begun.wait(60)
    child.send_signal(how)
    if how != signal.SIGKILL:
        child.stderr.readline()
        child.send_signal(how)
    err = child.stderr.read()

    assert child.wait(30) == code
    assert "Traceback" not in err
    (row,) = Kept(folder / "data").rows("select code from runs")
    assert row["code"] == (None if how == signal.SIGKILL else code)
    del little_qq.faults[stuck]
    ended = qqnews(*cron)
    assert ended.code == 0, ended.err
    assert Kept(folder / "data").ids() == {BRIDGE.id, REPRINT.id, HARVEST.id}
    asked = [one.rpartition("/")[2] for one in little_qq.pages() if "/rain/a/" in one]
    kept_first = [one for one in asked if one != HARVEST.id]
    assert len(kept_first) <= len(set(kept_first)) + 3, "at most what was open is asked again"
    assert "error" not in qqnews("verify").err


def test_a_host_that_asked_for_a_rest_is_left_alone_by_the_next_runs_too(
    qqnews: Run, cron: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    little_qq.faults["news.qq.com"] = Answer(status=429, headers={"Retry-After": "7200"})
    qqnews(*cron)
    asked = len([one for one in little_qq.asked if " news.qq.com/" in one])

    again = qqnews(*cron)

    assert len([one for one in little_qq.asked if " news.qq.com/" in one]) == asked
    assert again.code == Exit.LIMITED
    assert "news.qq.com asked us to stop" in again.err
    (rest,) = json.loads(qqnews("status", "-o", "json").out)["resting"]
    assert rest["host"] == "news.qq.com"
    assert "news.qq.com asked to be left alone until " in qqnews("status", "-o", "text").out
    little_qq.faults.clear()
    assert qqnews("add", HARVEST.id, *little_qq.options).code == 0, "a person names it"
    assert qqnews(*cron).code == Exit.LIMITED
    assert qqnews("retry").code == 0
    assert qqnews(*cron).code == 0, "a person who says `retry` knows what the site said"


def test_the_requests_of_an_hour_are_counted_over_all_runs(
    qqnews: Run, cron: list[str], little_qq: LittleQQ
) -> None:
    bound = ["--set", "network.pace.per_hour=3", "--max-time", "20s"]
    ended = [qqnews(*cron, *bound) for _ in range(3)]

    assert len([one for one in little_qq.asked if " news.qq.com/" in one]) == 3
    assert [one.code for one in ended] == [Exit.BOUND] * 3
