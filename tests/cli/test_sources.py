"""`qqnews sources`: what is polled, what came of it, and what it would bring."""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.index.runs import Runs
from scraper.cli.commands.polling import cut_short
from scraper.cli.exits import Exit
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST, PAID, REPRINT, WITHDRAWN
from scraper.pipeline.polling import BUSY_TRIES
from tests.cli.conftest import Run, objects
from tests.cli.little_qq import LittleQQ

CONFIG = """
sources:
  top: {kind: channel, channel: top}
  paper: {kind: author, author: "https://news.qq.com/omn/author/8QMabc12deAdvz3Z"}
  mine: {kind: file, path: addresses.txt}
"""
LIST = "i.news.qq.com/getSubNewsMixedList"


@pytest.fixture
def way(little_qq: LittleQQ, folder: Path) -> list[str]:
    """Three sources, of which the author names one article, and the way to the little qq.com."""
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "config.yaml").chmod(0o644)
    (folder / "addresses.txt").write_text(f"{HARVEST.id}\nhttps://v.qq.com/x/page/a.html\n")
    row = {
        "id": BRIDGE.id,
        "articletype": "0",
        "title": "桥",
        "url": f"https://view.inews.qq.com/a/{BRIDGE.id}",
    }
    told = json.dumps({"ret": 0, "newslist": [row, row | {"articletype": "56"}]})
    little_qq.faults[LIST] = Answer(body=told.encode(), kind="application/json")
    return little_qq.options


def by_name(out: str) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in objects(out)}


def test_each_source_is_told_with_what_it_brought(qqnews: Run, way: list[str]) -> None:
    before = by_name(qqnews("sources").out)
    qqnews("run", "top", *way)
    after = by_name(qqnews("sources").out)

    assert [(one["kind"], one["about"]) for one in before.values()][:2] == [
        ("channel", "top"),
        ("author", "https://news.qq.com/omn/author/8QMabc12deAdvz3Z"),
    ]
    assert before["mine"]["about"].endswith("/addresses.txt")
    assert {one["asked"] for one in before.values()} == {None}
    assert (after["top"]["named"], after["top"]["new"]) == (5, 5)
    assert after["top"]["newest"] == after["top"]["asked"] is not None
    assert after["paper"] == before["paper"]

    qqnews("run", "top", *way)
    again = by_name(qqnews("sources").out)["top"]
    assert (again["named"], again["new"]) == (5, 0)
    assert again["newest"] == after["top"]["newest"] <= again["asked"]


def test_what_sources_name_now_is_listed_and_nothing_is_stored(
    qqnews: Run, way: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    asked = qqnews("sources", "--ask", *way)

    assert asked.code == Exit.INCOMPLETE, "one line of the file is no article"
    rows = [(row["source"], row["state"], row["id"]) for row in objects(asked.out)]
    in_the_feed = {BRIDGE.id, REPRINT.id, HARVEST.id, PAID.id, WITHDRAWN}
    assert {one for one in rows if one[0] == "top"} == {("top", "new", id) for id in in_the_feed}
    assert rows[-2:] == [("paper", "new", BRIDGE.id), ("mine", "new", HARVEST.id)]
    assert "paper: 1 article, 1 new; passed over: a video (1)" in asked.err
    assert not (folder / "data").exists()
    assert not any("/rain/a/" in one for one in little_qq.pages())


def test_what_is_kept_or_settled_already_is_told_apart(qqnews: Run, way: list[str]) -> None:
    qqnews("run", "top", *way)
    qqnews("forget", REPRINT.id, "--yes")

    rows = objects(qqnews("sources", "top", "--ask", *way).out)

    assert {row["id"]: row["state"] for row in rows} == {
        BRIDGE.id: "kept",
        HARVEST.id: "kept",
        REPRINT.id: "forgotten",
        PAID.id: "done",
        WITHDRAWN: "done",
    }


def test_a_source_that_cannot_be_asked_is_told_and_the_others_are_asked(
    qqnews: Run, way: list[str], little_qq: LittleQQ, folder: Path
) -> None:
    little_qq.faults[LIST] = Answer(body=b'{"ret": 404, "msg": "x"}', kind="application/json")
    (folder / "addresses.txt").unlink()

    asked = qqnews("sources", "--ask", "-q", *way)

    assert asked.code == Exit.USAGE, "a file that is not there is a mistake in the settings"
    assert {row["source"] for row in objects(asked.out)} == {"top"}
    paper, mine = asked.err.splitlines()
    assert paper.startswith("warning: source paper: https://i.news.qq.com/getSubNewsMixedList?")
    assert "the list answered ret 404: x" in paper
    assert mine.startswith("warning: source mine: ")


def test_a_line_of_a_file_that_is_no_article_is_told_and_the_others_are_listed(
    qqnews: Run, way: list[str]
) -> None:
    asked, ran = qqnews("sources", "mine", "--ask", *way), qqnews("run", "mine", *way)

    assert (asked.code, ran.code) == (Exit.INCOMPLETE, Exit.INCOMPLETE)
    assert {row["source"] for row in objects(asked.out)} == {"mine"}
    for ended in (asked, ran):
        assert "warning: source mine: line 2: https://v.qq.com/" in ended.err


def test_a_list_whose_rows_changed_their_shape_is_told_by_the_run(
    qqnews: Run, way: list[str], little_qq: LittleQQ
) -> None:
    told = json.dumps({"ret": 0, "newslist": [{"articleId": BRIDGE.id, "headline": "桥"}] * 3})
    little_qq.faults[LIST] = Answer(body=told.encode(), kind="application/json")

    ended = qqnews("run", "paper", *way)

    assert ended.code == Exit.INCOMPLETE
    assert "rows of an unknown shape: a row without an address (3)" in ended.err


def test_a_source_can_be_tried_before_it_stands_in_the_settings(
    qqnews: Run, way: list[str]
) -> None:
    tried = "sources={x: {kind: author, author: 8QMabc12deAdvz3Z}}"

    rows = objects(qqnews("sources", "--ask", "--set", tried, *way).out)

    assert [row["id"] for row in rows] == [BRIDGE.id]


def test_a_name_that_no_source_has_is_a_mistake(qqnews: Run, way: list[str]) -> None:
    ended = qqnews("sources", "tpo", *way)

    assert (ended.code, ended.err) == (
        Exit.USAGE,
        "error: no source is called tpo — config.yaml has: top, paper, mine\n",
    )


def test_a_list_that_says_the_same_on_every_page_is_shown_once_and_followed_no_further(
    qqnews: Run, way: list[str], little_qq: LittleQQ
) -> None:
    pages = iter(range(100))
    row = {"id": BRIDGE.id, "articletype": "0", "title": "桥", "url": BRIDGE.id}

    def same_again(handler: BaseHTTPRequestHandler) -> None:
        told = {"ret": 0, "newslist": [row], "hasNext": 1, "offsetInfo": str(next(pages))}
        body = json.dumps(told).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    little_qq.faults[LIST] = same_again
    many = "sources={x: {kind: author, author: 8QMabc12deAdvz3Z, pages: 100}}"

    asked = qqnews("sources", "--ask", "--set", many, *way)

    assert [row["id"] for row in objects(asked.out)] == [BRIDGE.id]
    assert asked.err == "x: 1 article, 1 new\n"
    assert next(pages) == 2, "the second page brought nothing that the first had not"


def test_a_poll_that_was_cut_short_is_made_up_for_by_the_next_run(
    qqnews: Run, way: list[str], little_qq: LittleQQ
) -> None:
    """Else what stood on its later pages would never be found, for the first brings nothing new any more."""
    stories = [BRIDGE, HARVEST, REPRINT]

    def page(handler: BaseHTTPRequestHandler) -> None:
        at = int(handler.path.partition("offset_info=")[2] or 0)
        row = {"id": stories[at].id, "articletype": "0", "title": "桥", "url": stories[at].id}
        told = {"ret": 0, "newslist": [row], "hasNext": int(at < 2), "offsetInfo": str(at + 1)}
        body = json.dumps({"ret": 10001} if at == 1 and busy else told).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def lists() -> int:
        before = little_qq.asked.count(f"GET {LIST}")
        ended = qqnews("run", "x", "--set", paged, *way)
        assert ended.code == (Exit.INCOMPLETE if busy else Exit.DONE), ended
        return little_qq.asked.count(f"GET {LIST}") - before

    paged = "sources={x: {kind: author, author: 8QMabc12deAdvz3Z, pages: 5}}"
    little_qq.faults[LIST] = page
    busy = True
    assert lists() == 1 + BUSY_TRIES
    busy = False

    assert lists() == 3, "to the end, although the first page is known"
    assert {row["id"] for row in objects(qqnews("list").out)} == {one.id for one in stories}
    assert lists() == 1, "and from then on as usual"


def test_what_a_run_polled_that_died_or_was_stopped_counts_as_cut_short(tmp_path: Path) -> None:
    def polled(runs: Runs, *, stopped: bool = False, **cut: bool) -> None:
        sources = [{"name": name, "fresh": 0, "error": "", "cut": it} for name, it in cut.items()]
        runs.finish(runs.start("run"), code=0, summary={"stopped": stopped, "sources": sources})

    Archive.create(tmp_path / "data")
    with Archive.open(tmp_path / "data") as archive:
        runs = archive.runs
        polled(runs, a=False, b=True, c=False)
        polled(runs, c=True, stopped=True)
        runs.start("add")
        runs.start("run")
        assert cut_short(runs, "abcd") == {"a", "b", "c", "d"}, "the run in between was stopped"

        polled(runs, a=False)
        runs.start("run")
        assert cut_short(runs, "ab") == {"b"}
        polled(runs, a=False)
        polled(runs, a=False, b=False)
        runs.start("run")
        assert cut_short(runs, "ab") == set()
