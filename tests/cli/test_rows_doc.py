"""docs/commands.md names the keys of what each command answers in JSON, for those who write scripts."""

import re
from pathlib import Path

import pytest

from archive.state import State
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE
from tests.archive.newsroom import article, capture, eventful, open_archive
from tests.cli.conftest import ROOT, Run, objects
from tests.cli.little_qq import LittleQQ

PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([a-z]+(?: --of)?)` \| (.*) \|$", PAGE, re.MULTILINE))


def keys(command: str) -> list[str]:
    told = ROWS[command]
    more = re.findall(r"`([^`]+)`", told)[-1].split()
    return keys("list") + more if told.startswith("those of `list`") else more


@pytest.fixture
def asked(folder: Path) -> dict[str, list[str]]:
    """Command → the words with which it has something to answer."""
    eventful(folder / "news")
    gone = article(3)
    with open_archive(folder / "news") as archive:
        answer = capture(gone, minutes=400, status=302, body=b"")
        archive.note(
            id=gone.id, address=gone.url, state=State.GONE, rule="redirect", capture=answer
        )
        ((picture,),) = archive.database.execute("select sha256 from images limit 1")
    (folder / "page.html").write_bytes(rain(BRIDGE))
    first = article(1).id
    return {
        "import": ["import", "page.html"],
        "list": ["list"],
        "search": ["search", "湖城"],
        "gone": ["gone"],
        "clusters": ["clusters"],
        "clusters --of": ["clusters", "--of", first],
        "log": ["log", first],
        "picture": ["picture", picture],
        "sources": ["sources"],
    }


def test_the_keys_of_what_reads_are_told(asked: dict[str, list[str]], qqnews: Run) -> None:
    told = {command: keys(command) for command in asked}

    given = {
        command: list(objects(qqnews("--archive", "news", *words).out)[0])
        for command, words in asked.items()
    }
    assert given == told


def test_the_keys_of_what_was_fetched_waits_and_is_damaged_are_told(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    kept, summary = objects(qqnews("add", BRIDGE.id, "--archive=news", *little_qq.options).out)
    (waiting,) = objects(qqnews("queue", "--state=done", "--archive=news").out)
    (folder / "news" / f"articles/2026/11/{BRIDGE.id}.md").unlink()
    damage = objects(qqnews("verify", "--archive=news").out)[0]

    assert summary["type"] == "summary"
    assert [list(kept), list(waiting), list(damage)] == [keys("add"), keys("queue"), keys("verify")]


def test_every_command_of_the_table_is_looked_at(asked: dict[str, list[str]]) -> None:
    assert set(ROWS) == {*asked, "add", "queue", "verify"}
