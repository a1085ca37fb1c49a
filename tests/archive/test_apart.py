"""Tokens indexed in a thread of their own: found as if they had been indexed where the rows are made."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.findable import findable
from archive.index import apart, search
from archive.index.apart import Apart
from archive.index.migrations import migrate

START = datetime(2030, 1, 1, tzinfo=UTC)
TEXTS = ("灯会开幕", "湖城六小龙", "地铁通车", "湖城灯会", "山城的雨", "湖城地铁 AI 时代", "雨")


@pytest.fixture(autouse=True)
def in_small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "AT_ONCE", 3)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(new(tmp_path / "new.db")) as made:
        yield made


def new(path: Path) -> sqlite3.Connection:
    """An index without a row, into which texts may be put alone."""
    made = sqlite3.connect(path, isolation_level=None)
    migrate(made, path)
    return made


def keep(db: sqlite3.Connection, tokens: search.Tokens | None, texts: tuple[str, ...]) -> None:
    """Index texts, each published before the one that came first."""
    for number, text in enumerate(texts):
        when = START - timedelta(minutes=number)
        search.put(db, text, findable(text, text * 3), when=when, tokens=tokens)


def postings(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Every token and where it stands; proved to be whole."""
    db.execute("insert into articles_fts (articles_fts) values ('integrity-check')")
    db.execute("create virtual table temp.words using fts5vocab(main, articles_fts, instance)")
    found = db.execute("select * from words").fetchall()
    db.execute("drop table temp.words")
    return sorted(found)


def test_what_is_indexed_apart_is_found_as_if_it_had_been_indexed_here(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    with closing(new(tmp_path / "here.db")) as here:
        keep(here, None, TEXTS)
        expected = postings(here)

    with Apart(db) as tokens:
        keep(db, tokens.add, TEXTS)
        tokens.bring()

    assert postings(db) == expected and len(expected) > 50


def test_texts_may_come_and_go_once_the_index_is_in_its_place(db: sqlite3.Connection) -> None:
    with Apart(db) as tokens:
        keep(db, tokens.add, TEXTS[:-2])
        tokens.bring()
    before = postings(db)

    keep(db, None, TEXTS)
    for text in TEXTS[-2:]:
        search.remove(db, text)

    assert postings(db) == before


def test_a_new_index_without_a_text_is_whole_and_empty(db: sqlite3.Connection) -> None:
    with Apart(db) as tokens:
        tokens.bring()

    assert postings(db) == []


def test_the_folder_may_have_a_name_that_is_no_text(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()

    with closing(new(folder / "new.db")) as db, Apart(db) as tokens:
        keep(db, tokens.add, TEXTS)
        tokens.bring()
        assert len(postings(db)) > 50


def test_whoever_gives_up_leaves_neither_a_thread_nor_a_file(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), Apart(db) as tokens:
        keep(db, tokens.add, TEXTS)
        raise KeyboardInterrupt

    assert [one.name for one in threading.enumerate() if one.name == "tokens"] == []
    assert [path.name for path in tmp_path.iterdir() if path.name == "tokens"] == []
    assert postings(db) == []


def test_what_the_disk_refuses_is_raised_where_the_texts_come_from(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    (tmp_path / "tokens").mkdir()

    with pytest.raises(sqlite3.OperationalError, match="unable to open"), Apart(db) as tokens:
        keep(db, tokens.add, TEXTS)
        tokens.bring()

    assert [one.name for one in threading.enumerate() if one.name == "tokens"] == []
