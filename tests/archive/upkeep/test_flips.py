"""One changed byte anywhere: `verify` finds it, or it can be shown to change nothing that anybody is told."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.captures import Captures
from archive.errors import ArchiveError
from archive.files import Tree
from archive.stored import Stored
from archive.upkeep.verify import verify
from tests.archive.newsroom import dump, eventful

COUNTS = {"qqnews.db": 100, "captures": 50, "articles": 25, "revisions": 10, "images": 15}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole") / "archive"
    eventful(root)
    return root


def told(root: Path) -> tuple[Any, ...]:
    """Everything that anybody could be told: rows, captures, what is found by searching."""
    captures = Captures(Tree(root))
    db = sqlite3.connect(f"file:{root / 'qqnews.db'}?mode=ro", uri=True)
    try:
        found = [
            db.execute(
                "select rowid from articles_fts where articles_fts match ?", (words,)
            ).fetchall()
            for words in ('"湖城"', '"湖边 边的 的早 早市"', '"藕粉"', '"夏季"')
        ]
        views = [
            db.execute(f"select * from {view}").fetchall() for view in ("gone", "copies", "edited")
        ]
    finally:
        db.close()
    stored = [
        (entry.record, entry.event, captures.group(entry))
        for path in captures.files()
        for entry in captures.walk(path)
        if isinstance(entry, Stored)
    ]
    return dump(root), stored, found, views


def places(root: Path) -> Iterator[tuple[str, int]]:
    """Where to change a byte: (path, place), 200 of them, the same each time."""
    chance = random.Random(20260207)
    for part, count in COUNTS.items():
        start = root / part
        files = [start] if start.is_file() else sorted(p for p in start.rglob("*") if p.is_file())
        for _ in range(count):
            path = chance.choice(files)
            yield path.relative_to(root).as_posix(), chance.randrange(path.stat().st_size)


def test_every_changed_byte_is_found_or_harmless(whole: Path, tmp_path: Path) -> None:
    before = told(whole)
    silent, found = [], 0
    root = tmp_path / "archive"
    shutil.copytree(whole, root)
    for path, place in places(whole):
        content = bytearray((whole / path).read_bytes())
        content[place] ^= 1 << (place % 8)
        (root / path).write_bytes(content)
        try:
            damaged = any(one.severity == "damage" for one in verify(root, read_data=1.0))
        except ArchiveError:
            damaged = True  # refused, which nobody can take for truth
        if damaged:
            found += 1
        elif path.startswith(("articles", "revisions", "images")) or told(root) != before:
            silent.append((path, place))
        for name in ("qqnews.db", "qqnews.db-wal", "qqnews.db-shm"):
            (root / name).unlink(missing_ok=True)
        shutil.copy(whole / "qqnews.db", root / "qqnews.db")
        shutil.copy(whole / path, root / path)

    assert silent == []
    assert found >= 110
