"""Groups of near copies: stable as articles arrive, right after they change, checkable."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.findable import findable
from archive.index import clusters, search
from archive.index.migrations import migrate

START = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path("memory"))
    connection.execute("pragma foreign_keys = on")
    yield connection
    connection.close()


def story(seed: int, sentences: int = 30) -> list[str]:
    chance = random.Random(seed)
    return [
        "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(20)) + "。"
        for _ in range(sentences)
    ]


def keep(db: sqlite3.Connection, id: str, text: list[str], *, first: int = 0) -> None:
    """Put an article into the index as the archive does.  first: the minute it was first captured."""
    when = START + timedelta(minutes=first)
    values = dict.fromkeys(
        (
            name
            for _, name, kind, required, *_ in db.execute("pragma table_info(articles)")
            if required and kind.lower() == "text"
        ),
        "",
    )
    values |= {
        "id": id,
        "url": id,
        "outlet": id[0],
        "first_captured": when.isoformat(),
        "captured": when.isoformat(),
    }
    numbers = {"length": 0, "revision": 1, "videos": 0}
    row = {**values, **numbers}
    db.execute(
        f"insert into articles ({', '.join(row)}) values ({', '.join('?' * len(row))}) on conflict(id) do nothing",
        list(row.values()),
    )
    body = "".join(text)
    found = findable(id, body)
    search.put(db, id, found, when=when)
    clusters.put(db, id, found.mark)


def groups(db: sqlite3.Connection) -> dict[str, set[str]]:
    return {
        cluster.id: set(clusters.members(db, cluster.id))
        for cluster in clusters.listed(db, limit=None)
    }


def test_a_reprint_joins_what_it_was_taken_from(db: sqlite3.Connection) -> None:
    keep(db, "a", story(1), first=1)
    keep(db, "b", story(2), first=2)
    keep(db, "c", ["新的标题。", *story(1)], first=3)

    assert groups(db) == {"a": {"a", "c"}}
    assert clusters.cluster_of(db, "b") is None


def test_a_group_keeps_its_name_as_others_join(db: sqlite3.Connection) -> None:
    keep(db, "m", story(1), first=1)
    names: list[str] = []
    for number, id in enumerate("zabc", 2):
        keep(db, id, [*story(1), f"第{number}家报纸。"], first=number)
        names += groups(db)

    assert names == ["m"] * 4
    assert groups(db) == {"m": set("mzabc")}


def test_an_article_between_two_groups_makes_them_one_under_the_older_name(
    db: sqlite3.Connection,
) -> None:
    one, other = story(1), story(2)
    keep(db, "a", one, first=1)
    keep(db, "b", one, first=2)
    keep(db, "c", [*one[10:], *other[:30]], first=3)
    keep(db, "d", [*one[10:], *other[:30]], first=4)
    before = groups(db)

    keep(db, "e", [*one, *other[:18]], first=5)

    assert before == {"a": {"a", "b"}, "c": {"c", "d"}}
    assert groups(db) == {"a": set("abcde")}


def test_an_article_that_was_rewritten_leaves_its_group(db: sqlite3.Connection) -> None:
    keep(db, "a", story(1), first=1)
    keep(db, "b", story(1), first=2)
    keep(db, "c", story(1), first=3)

    keep(db, "a", story(9), first=1)

    assert groups(db) == {"b": {"b", "c"}}
    assert clusters.neighbours(db, "a") == []


def test_forgetting_an_article_leaves_no_trace_of_it(db: sqlite3.Connection) -> None:
    keep(db, "a", story(1), first=1)
    keep(db, "b", story(1), first=2)

    clusters.remove(db, "a")
    search.remove(db, "a")
    db.execute("delete from articles where id = 'a'")

    assert groups(db) == {}
    assert list(clusters.check(db)) == []


def test_the_groups_are_the_same_whatever_came_first(db: sqlite3.Connection) -> None:
    """So an index made again from the files has the same groups."""
    texts = {id: [*story(number % 3), f"{id}报。"] for number, id in enumerate("abcdefgh")}
    for number, id in enumerate(texts):
        keep(db, id, texts[id], first=number)
    expected = groups(db)
    for id in texts:
        clusters.remove(db, id)

    for number, id in reversed(list(enumerate(texts))):
        keep(db, id, texts[id], first=number)

    assert groups(db) == expected
    assert sorted(expected) == ["a", "b", "c"]


def test_a_text_that_hundreds_share_slows_nothing_down(db: sqlite3.Connection) -> None:
    for number in range(250):
        keep(db, f"n{number:03}", story(1), first=number)

    (group,) = groups(db).values()
    assert len(group) == 250
    assert (
        db.execute(
            "select max(n) from (select count(*) as n from near_pairs group by article)"
        ).fetchone()[0]
        < 250
    )


def test_pairs_passed_over_in_a_crowd_are_no_damage(db: sqlite3.Connection) -> None:
    formula = story(1, 40)
    for number in range(160):
        # Every second one shares less than half of the formula: looked at, and not alike.
        shared = formula[: 32 if number % 2 else 18]
        keep(db, f"a{number}", [*shared, *story(1000 + number, 12)], first=number)
    assert list(clusters.check(db)) == []

    for number in range(80):
        clusters.remove(db, f"a{number}")
        search.remove(db, f"a{number}")
    assert list(clusters.check(db)) == []


def test_the_times_of_a_group_stand_in_one_zone(db: sqlite3.Connection) -> None:
    keep(db, "a", story(1))
    keep(
        db, "b", story(1), first=240
    )  # captured at 04:00 in London, noon in Beijing, and without a time of its own
    db.execute("update articles set published = '2030-01-01T11:30:00+08:00' where id = 'a'")

    (group,) = clusters.listed(db, limit=None)

    assert (group.first, group.last) == ("2030-01-01T11:30:00+08:00", "2030-01-01T12:00:00+08:00")


DAMAGE = [
    "update near_marks set signature = zeroblob(256) where key = 1",
    "delete from near_marks where key = 1",
    "update near_bands set band = band + 1 where key = 1",
    "delete from near_bands where key = 2",
    "insert into near_bands values (7, 3)",
    "update near_pairs set similarity = 0.7 where article = 'a'",
    "delete from near_pairs where article = 'a'",
    "update near_groups set grouping = 'b'",
    "delete from near_groups",
    "insert into near_groups values ('c', 'a')",
    "insert into near_pairs values ('a', 'c', 0.9)",
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_is_wrong_in_the_tables_is_noticed(db: sqlite3.Connection, damage: str) -> None:
    keep(db, "a", story(1), first=1)
    keep(db, "b", story(1), first=2)
    keep(db, "c", story(2), first=3)
    assert list(clusters.check(db)) == []

    db.execute("pragma foreign_keys = off")
    db.execute(damage)

    assert list(clusters.check(db))
