"""`qqnews accept`, `dismiss`: an article whose page suddenly says much less."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive.files import Lock
from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST
from tests.cli.conftest import Kept, Run, objects, on_a_terminal
from tests.cli.little_qq import LittleQQ

SHORT = replace(BRIDGE, lines=(BRIDGE.lines[0], "详情稍后更新，本报记者仍在桥头。"), pictures=())


@pytest.fixture
def suspect(qqnews: Run, little_qq: LittleQQ) -> str:
    """The article, kept whole and seen short since."""
    qqnews("add", BRIDGE.id, HARVEST.id, *little_qq.options)
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = Answer(body=rain(SHORT))
    page, _ = objects(qqnews("add", "--again", BRIDGE.id, *little_qq.options).out)
    assert page["verdict"] == "suspect"
    return BRIDGE.id


def grades(qqnews: Run, id: str) -> list[str]:
    return [row["grade"] for row in objects(qqnews("log", id).out)]


def test_status_log_and_list_name_it(
    qqnews: Run, suspect: str, folder: Path, environment: dict[str, str]
) -> None:
    told = json.loads(qqnews("status").out)
    seen = on_a_terminal(folder, environment | {"TERM": "dumb"}, "status")

    (one,) = told["suspect"]
    assert (one["id"], one["number"], one["title"]) == (suspect, 2, BRIDGE.title)
    assert one["length"] < one["current_length"]
    assert "suspect: 1 much shorter than before; `qqnews accept` or `dismiss` says which" in seen
    assert f"{suspect}@2: {one['current_length']} → {one['length']} characters" in seen
    assert next(line for line in seen.splitlines() if " add " in line).endswith("1 suspect")
    assert grades(qqnews, suspect) == ["first", "removed, added, pictures, suspect"]
    assert [row["id"] for row in objects(qqnews("list", "is:suspect").out)] == [suspect]


def test_accepted_it_is_the_newest_text(qqnews: Run, suspect: str, kept: Kept) -> None:
    looked = qqnews("accept", suspect, "-n")
    assert (looked.code, looked.err[:12]) == (0, "would accept")
    assert "稍后更新" not in kept.text(suspect)

    ended = qqnews("accept", suspect)

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith(f"accepted {suspect}@2 “{BRIDGE.title}”, ")
    assert ended.err.endswith(": text 3 now\n")
    assert "稍后更新" in kept.text(suspect)
    assert "两千零三十七块" in kept.text(f"{suspect}@1")
    assert grades(qqnews, suspect)[1:] == [
        "removed, added, pictures, suspect",
        "removed, added, pictures, accepted from 2",
    ]
    assert json.loads(qqnews("status").out)["suspect"] == []
    assert qqnews("verify", "--read-data").code == 0
    before = qqnews("log", suspect).out
    assert qqnews("rebuild").code == 0
    assert qqnews("log", suspect).out == before
    assert kept.rows("select id, revisions from edited") == [{"id": suspect, "revisions": 2}]


def test_dismissed_it_is_named_no_more_also_when_it_is_seen_again(
    qqnews: Run, suspect: str, kept: Kept, little_qq: LittleQQ
) -> None:
    assert qqnews("dismiss", f"{suspect}@2", "-n").err.startswith("would dismiss ")

    ended = qqnews("dismiss", f"{suspect}@2", "-q")
    again = qqnews("add", "--again", suspect, *little_qq.options)

    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert objects(again.out)[0]["verdict"] == "same"
    assert "两千零三十七块" in kept.text(suspect)
    assert grades(qqnews, suspect)[1] == "removed, added, pictures, suspect, dismissed"
    assert json.loads(qqnews("status").out)["suspect"] == []
    assert objects(qqnews("list", "is:suspect").out) == []
    assert qqnews("verify", "--read-data").code == 0


@pytest.mark.parametrize("word", ["accept", "dismiss"])
def test_a_text_that_does_not_wait_is_a_mistake_in_the_call(
    word: str, qqnews: Run, suspect: str, kept: Kept
) -> None:
    for text, why in (
        (f"{suspect}@1", f"{suspect}@1 is no suspect text newer than the current one"),
        (HARVEST.id, f"{HARVEST.id} is no suspect text"),
        ("20200101A0000000", "the archive has no article"),
    ):
        ended = qqnews(word, suspect, text)

        assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
        assert why in ended.err
    assert json.loads(qqnews("status").out)["suspect"] != [], "nor was the other one touched"


def test_while_another_writes_it_waits_or_says_so(qqnews: Run, suspect: str, kept: Kept) -> None:
    with Lock(kept.root) as lock:
        lock.acquire(wait=0)
        ended = qqnews("accept", suspect)

    assert (ended.code, ended.err.count("\n")) == (Exit.IN_USE, 1)
    assert qqnews("accept", suspect).code == 0
