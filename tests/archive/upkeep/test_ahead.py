"""Texts read by other processes: the same as read here, whatever becomes of the processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import StorageError
from archive.files import Tree
from archive.filing import on_disk
from archive.upkeep import ahead as reading
from archive.upkeep.ahead import Ahead
from archive.upkeep.rebuild import ids_on_disk, rebuild
from tests.archive.newsroom import article, capture, dump, eventful, open_archive

ARTICLES = 40


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An archive with every kind of event in it, and some more articles."""
    root = tmp_path / "archive"
    eventful(root)
    with open_archive(root) as archive:
        for number in range(50, 50 + ARTICLES):
            archive.keep(article(number), capture=capture(article(number), minutes=900 + number))
    return Tree(root)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two processes read, however few articles there are; gives them as they are started."""
    monkeypatch.setattr(reading, "WORTH", 1)
    monkeypatch.setattr(reading, "AT_ONCE", 4)
    monkeypatch.setattr(reading, "_processors", lambda: 3)
    found: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*words: Any, **how: Any) -> "subprocess.Popen[bytes]":
        found.append(start(*words, **how))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    yield found
    assert all(process.poll() is not None for process in found), "a process was left behind"


def test_what_the_processes_read_is_what_stands_there(
    tree: Tree, started: list[subprocess.Popen[bytes]]
) -> None:
    ids = ids_on_disk(tree)

    with Ahead(tree, ids) as texts:
        read = list(texts.of({}))

    assert read == [on_disk(tree, id, {}) for id in ids]
    assert len(started) == 2 and len(read) > ARTICLES


def test_an_index_made_with_their_help_is_the_same(
    tree: Tree, started: list[subprocess.Popen[bytes]]
) -> None:
    before = dump(tree.root)

    rebuild(tree.root)

    assert started
    assert dump(tree.root) == before


def test_a_process_that_is_killed_costs_nothing_but_time(
    tree: Tree, started: list[subprocess.Popen[bytes]]
) -> None:
    ids = ids_on_disk(tree)
    with Ahead(tree, ids) as texts:
        reading_now = texts.of({})
        read = [next(reading_now)]

        os.kill(started[0].pid, signal.SIGKILL)
        read += reading_now

    assert read == [on_disk(tree, id, {}) for id in ids]


def test_where_no_process_can_be_started_the_texts_are_read_here(
    tree: Tree, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    ids = ids_on_disk(tree)

    with Ahead(tree, ids) as texts:
        assert list(texts.of({})) == [on_disk(tree, id, {}) for id in ids]
    assert started == []


def test_a_text_that_the_disk_does_not_give_is_named_by_whoever_asked(
    tree: Tree, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        reading, "_BOOT", "import archive.upkeep.ahead"
    )  # each ends before it has read anything

    def refused(*_: object) -> None:
        raise StorageError("the disk failed", hint="check it")

    monkeypatch.setattr(reading, "on_disk", refused)
    with (
        pytest.raises(StorageError, match="the disk failed"),
        Ahead(tree, ids_on_disk(tree)) as texts,
    ):
        list(texts.of({}))
    assert len(started) == 2


def test_one_that_dies_before_it_is_asked_costs_nothing_either(
    tree: Tree, started: list[subprocess.Popen[bytes]]
) -> None:
    ids = ids_on_disk(tree)
    with Ahead(tree, ids) as texts:
        for process in started:
            process.kill()
            process.wait()
        assert list(texts.of({})) == [on_disk(tree, id, {}) for id in ids]


def test_whoever_reads_no_further_leaves_no_process_behind(
    tree: Tree, started: list[subprocess.Popen[bytes]]
) -> None:
    with Ahead(tree, ids_on_disk(tree)) as texts:
        next(texts.of({}))

    assert len(started) == 2
