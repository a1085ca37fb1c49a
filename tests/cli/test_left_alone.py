"""Whoever reads an answer may leave (`… | head`): work that is not only an answer is done to its end all the same."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.demo.pages import rain, static
from scraper.demo.stories import BRIDGE, HARVEST, LAMP
from tests.cli.conftest import Kept, Run, objects

Unread = Callable[..., tuple[int, str]]


@pytest.fixture
def unread(folder: Path, environment: dict[str, str]) -> Iterator[Unread]:
    """`unread(*words)` runs the program there with nobody at the end of its pipe; its code and its talk."""
    reading, answer = os.pipe()
    os.close(reading)

    def run(*words: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "scraper", *words],
            cwd=folder,
            env=environment,
            stdout=answer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
        return ended.returncode, ended.stderr.decode("utf-8")

    yield run
    os.close(answer)


@pytest.fixture
def pages(folder: Path) -> tuple[str, ...]:
    """Three pages that somebody saved."""
    made = {"a.html": rain(HARVEST), "b.html": rain(BRIDGE), "c.html": static(LAMP)}
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return tuple(made)


@pytest.mark.parametrize("shape", ["jsonl", "csv", "json", "table", "path"])
def test_pages_are_kept_also_when_nobody_reads_about_them(
    shape: str, unread: Unread, pages: tuple[str, ...], kept: Kept
) -> None:
    code, said = unread("import", *pages, "-o", shape)

    assert (code, "3 new" in said) == (0, True)
    assert kept.rows("select count(*) as articles from articles") == [{"articles": 3}]
    assert kept.rows("select code from runs") == [{"code": 0}]


def test_files_are_rendered_also_when_nobody_reads_their_names(
    unread: Unread, pages: tuple[str, ...], qqnews: Run, folder: Path
) -> None:
    qqnews("import", *pages)

    code, said = unread("render", "--out", "site")

    assert (code, "3 files" in said) == (0, True)
    assert len(list((folder / "site").rglob("*.md"))) == 3


def test_an_answer_that_nobody_reads_ends_quietly(
    unread: Unread, pages: tuple[str, ...], qqnews: Run
) -> None:
    qqnews("import", *pages)

    assert len(objects(qqnews("list").out)) == 3
    assert unread("list") == (0, "")
