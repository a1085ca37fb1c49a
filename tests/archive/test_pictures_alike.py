"""A picture is found by any name, with who shows it and where else the same photo is."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.index import pictures
from archive.index.migrations import migrate

FERRY, SMALL, OTHER, FLAT = ("aa" * 32, "ab" * 32, "cc" * 32, "dd" * 32)
HASHES = {FERRY: "00ff00ff00ff00ff", SMALL: "00ff00ff00ff00fc", OTHER: "5555aaaa5555aaaa", FLAT: ""}


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """Two articles show a photo in two sizes, each under its own caption."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path("memory"))
    for sha256, mark in HASHES.items():
        add(
            connection,
            "images",
            sha256=sha256,
            path=f"images/{sha256[:2]}/{sha256}.jpg",
            extension="jpg",
            size=9,
            width=6,
            height=4,
            frames=1,
            hash=mark,
        )
    for id, sha256, caption in (
        ("a", FERRY, "渡口"),
        ("b", SMALL, "停航的渡口"),
        ("b", OTHER, "大桥"),
    ):
        add(
            connection,
            "articles",
            id=id,
            title=f"题{id}",
            outlet="日报",
            published="2030-01-01T00:00:00+08:00",
        )
        url = f"https://p/{sha256[:2]}/641"
        add(
            connection,
            "article_images",
            article=id,
            sha256=sha256,
            url=url,
            origin=url + "?0",
            caption=caption,
        )
    yield connection
    connection.close()


def add(db: sqlite3.Connection, table: str, **values: object) -> None:
    """A row with empty texts and zeros where nothing is said; of article_images, the first text's next picture."""
    row: dict[str, object] = {}
    for _, name, kind, required, default, key in db.execute(f"pragma table_info({table})"):
        if (
            required
            and default is None
            and not (key and kind.lower() == "integer" and table == "articles")
        ):
            row[name] = "" if kind.lower() == "text" else 1 if name == "revision" else 0
    if table == "article_images":
        (row["position"],) = db.execute("select count(*) from article_images").fetchone()
        row["revision"] = 1
    row |= values
    marks = ", ".join("?" * len(row))
    db.execute(
        f"insert or ignore into {table} ({', '.join(row)}) values ({marks})", list(row.values())
    )


@pytest.mark.parametrize(
    "word",
    [
        FERRY,
        FERRY[:8],
        FERRY.upper(),
        f"images/aa/{FERRY}.jpg",
        f"../../../images/aa/{FERRY}.jpg",
        "https://p/aa/641",
        "https://p/aa/641?0",
    ],
)
def test_a_picture_is_found_by_hash_file_and_address(db: sqlite3.Connection, word: str) -> None:
    assert pictures.named(db, word) == [FERRY]


@pytest.mark.parametrize("word", ["", "aaaaa", "ee" * 32, "https://p/zz/641", "渡口"])
def test_what_is_no_picture_is_not_found(db: sqlite3.Connection, word: str) -> None:
    assert pictures.named(db, word) == []


def test_a_picture_tells_who_shows_it_and_how_they_call_it(db: sqlite3.Connection) -> None:
    picture = pictures.known(db, FERRY)

    assert (picture.path, picture.width, picture.height) == (f"images/aa/{FERRY}.jpg", 6, 4)
    assert [(use.article, use.caption) for use in picture.uses] == [("a", "渡口")]


def test_the_same_photo_in_another_size_is_found_and_another_photo_is_not(
    db: sqlite3.Connection,
) -> None:
    (like,) = pictures.like(db, HASHES[FERRY], bits=6, but=FERRY)

    assert like.picture.sha256 == SMALL
    assert like.distance == 2
    assert [use.caption for use in like.picture.uses] == ["停航的渡口"]
    assert pictures.like(db, HASHES[FERRY], bits=1, but=FERRY) == []


def test_a_picture_whose_hash_says_nothing_is_like_none(db: sqlite3.Connection) -> None:
    assert pictures.like(db, HASHES[FLAT], bits=64, but=FLAT) == []
    assert len(pictures.like(db, HASHES[FERRY], bits=64, but=FERRY)) == 2
