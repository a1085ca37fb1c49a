"""`backup`, `merge`, `forget`, from the command line."""

import json
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.stories import BRIDGE, HARVEST, REPRINT
from tests.cli.conftest import Kept, Run


def test_a_backup_is_an_archive_and_forgetting_is_for_good(
    qqnews: Run, news: Path, folder: Path
) -> None:
    assert qqnews("--archive", "news", "backup", "copy").code == 0
    listed = qqnews("--archive", "copy", "list", "-o", "url").out
    assert listed == qqnews("--archive", "news", "list", "-o", "url").out

    asked = qqnews("--archive", "news", "forget", BRIDGE.id)
    looked = qqnews("--archive", "news", "forget", BRIDGE.id, "-n")
    assert (asked.code, "--yes" in asked.err) == (Exit.USAGE, True)
    assert "would forget" in looked.err
    assert BRIDGE.id in qqnews("--archive", "news", "list", "-o", "url").out

    assert qqnews("--archive", "news", "forget", BRIDGE.id, "--yes").code == 0
    assert not list((folder / "news").rglob(f"{BRIDGE.id}*"))
    reprint = json.loads(qqnews("--archive", "news", "show", REPRINT.id, "-o", "json").out)
    assert "望潮桥" in reprint["markdown"]
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


@pytest.mark.parametrize("word", ["", BRIDGE.id[:4], BRIDGE.id[:-1], f"{BRIDGE.id}@1"])
def test_only_an_article_named_in_full_is_forgotten(word: str, qqnews: Run, news: Path) -> None:
    """`forget "$id"` with nothing in `id`, or half of one, must not take what happens to fit."""
    ended = qqnews("--archive", "news", "forget", word, "--yes")

    assert ended.code == Exit.USAGE
    assert len(qqnews("--archive", "news", "list").out.splitlines()) == 4


def test_forgetting_one_text_of_an_article_is_refused_for_what_it_is(
    qqnews: Run, news: Path
) -> None:
    ended = qqnews("--archive", "news", "forget", f"{BRIDGE.id}@1", "--yes")

    assert f"articles are forgotten whole, by their full id: {BRIDGE.id}" in ended.err


def test_merging_brings_what_the_other_saw(qqnews: Run, news: Path) -> None:
    qqnews("init", "mine")

    ended = qqnews("--archive", "mine/data", "merge", "news")

    assert ended.code == 0, ended.err
    assert "4 articles, 4 of them new" in ended.err
    ours = qqnews("--archive", "mine/data", "list", "-o", "url").out
    assert ours == qqnews("--archive", "news", "list", "-o", "url").out


def test_merging_says_what_the_other_forgot(qqnews: Run, news: Path, folder: Path) -> None:
    shutil.copytree(news, folder / "mine")
    qqnews("--archive", "news", "forget", HARVEST.id, "--yes")

    ended = qqnews("--archive", "mine", "merge", "news")

    assert ended.code == 0
    assert ended.err.startswith("3 articles, 0 of them new, 1 forgotten there; ")


def test_whoever_answers_no_has_forgotten_nothing_and_interrupted_nothing(
    news: Path, folder: Path, environment: dict[str, str]
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scraper", "--archive", "news", "forget", BRIDGE.id]
    child = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(ours, 1000)
    os.write(ours, b"n\n")
    with suppress(OSError):  # the other end is closed
        while more := os.read(ours, 1000):
            said += more
    os.close(ours)

    assert child.wait(60) == 0
    assert said.endswith(b"nothing was forgotten\r\n")
    assert BRIDGE.id in Kept(news).ids()
