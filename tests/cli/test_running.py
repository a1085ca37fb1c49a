"""`qqnews run`: what cron calls, against a channel feed over real TLS."""

import json
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, PAID, REPRINT, WITHDRAWN
from tests.cli.conftest import Kept, Run, objects, on_a_terminal
from tests.cli.little_qq import LittleQQ, hanging

JSON = "application/json; charset=utf-8"
IN_THE_FEED = {BRIDGE.id, REPRINT.id, HARVEST.id, PAID.id, WITHDRAWN}


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
