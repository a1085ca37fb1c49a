"""A change of the schema happens whole or not at all, and leaves a copy of what was."""

import sqlite3
from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.index import connection, migrations
from archive.upkeep.repair import repair
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, open_archive


def m002_color(db: sqlite3.Connection) -> None:
    db.execute("alter table articles add column color text not null default ''")


def m003_fails(db: sqlite3.Connection) -> None:
    db.execute("drop table runs")
    raise RuntimeError("the power went")


def cut(made: Path, path: Path) -> None:
    """The power goes when half of the copy is on the disk."""
    with made.open("r+b") as file:
        file.truncate(made.stat().st_size // 2)
    raise RuntimeError("cut")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with open_archive(tmp_path / "archive") as archive:
        archive.keep(article(1), capture=capture(article(1)))
    return tmp_path / "archive"


def next_version(monkeypatch: pytest.MonkeyPatch, *steps: migrations.Step) -> None:
    every = (*migrations._STEPS, *steps)
    monkeypatch.setattr(migrations, "_STEPS", every)
    monkeypatch.setattr(migrations, "LATEST", len(every))
    monkeypatch.setattr(connection, "LATEST", len(every))


def columns(path: Path) -> set[str]:
    db = sqlite3.connect(path)
    try:
        return {row[1] for row in db.execute("pragma table_info(articles)")}
    finally:
        db.close()


def test_an_older_archive_is_brought_up_to_date_when_it_is_opened(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(migrations._STEPS)
    next_version(monkeypatch, m002_color)

    with open_archive(root) as archive:
        assert archive.kept(article(1).id) is not None

    assert "color" in columns(root / "qqnews.db")
    assert "color" not in columns(root / f"qqnews.db.before-v{before + 1}")


@pytest.mark.parametrize("version", range(1, migrations.LATEST))
def test_an_archive_of_every_earlier_version_is_sound_and_is_opened_with_all_that_stands_in_it(
    version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Wanted(id="20260207A0000100", url="https://news.qq.com/rain/a/20260207A0000100")
    with monkeypatch.context() as then:
        then.setattr(migrations, "_STEPS", migrations._STEPS[:version])
        then.setattr(migrations, "LATEST", version)
        then.setattr(connection, "LATEST", version)
        with open_archive(tmp_path / "archive") as archive:
            archive.queue.add([waiting])
            archive.keep(article(2), capture=capture(article(2)))

    assert list(verify(tmp_path / "archive", read_data=1.0)) == []
    assert list(repair(tmp_path / "archive")) == []
    with open_archive(tmp_path / "archive") as archive:
        assert [row["id"] for row in archive.queue.rows()] == [waiting.id]
        assert [one.id for one in archive.queue.lease(1)] == [waiting.id]
        assert archive.kept(article(2).id) is not None
    assert list(verify(tmp_path / "archive", read_data=1.0)) == []


def test_a_copy_that_a_crash_cut_short_is_not_taken_for_the_copy(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = len(migrations._STEPS) + 1
    next_version(monkeypatch, m002_color)
    with monkeypatch.context() as crash:
        crash.setattr(migrations, "publish", cut)
        with pytest.raises(RuntimeError, match="cut"):
            open_archive(root)
    assert not (root / f"qqnews.db.before-v{version}").exists()

    with open_archive(root) as archive:
        assert archive.kept(article(1).id) is not None

    assert "color" not in columns(root / f"qqnews.db.before-v{version}")
    assert list(root.glob("qqnews.db.before-*.part")) == []


def test_a_migration_that_fails_leaves_the_last_whole_version(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(migrations._STEPS)
    next_version(monkeypatch, m002_color, m003_fails)

    with pytest.raises(RuntimeError, match="power"):
        open_archive(root)

    monkeypatch.undo()
    next_version(monkeypatch, m002_color)
    with open_archive(root) as archive:
        assert archive.kept(article(1).id) is not None
        assert archive.runs.last(1) == []
        assert archive.database.execute("pragma user_version").fetchone() == (before + 1,)


def test_a_new_archive_and_a_migrated_one_have_the_same_schema(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(monkeypatch, m002_color)
    with open_archive(root) as old, open_archive(tmp_path / "new") as new:
        select = "select name, sql from sqlite_master where name not like '%sqlite%' order by name"
        assert old.database.execute(select).fetchall() == new.database.execute(select).fetchall()
