"""Chinese full-text search finds exactly what a reader would find."""

import random
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import BEIJING
from archive.findable import findable
from archive.index import search
from archive.index.migrations import migrate
from archive.query import parse, words

NOW = datetime(2030, 3, 5, tzinfo=UTC)
START = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = empty()
    yield connection
    connection.close()


@pytest.fixture
def root_db() -> Iterator[sqlite3.Connection]:
    """An index whose articles are only ids."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table articles (id text unique)")
    search.create(connection)
    yield connection
    connection.close()


def empty() -> sqlite3.Connection:
    """An index in memory; articles' own rows are left out, so only words can be asked for."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path("memory"))
    return connection


def put(
    db: sqlite3.Connection, id: str, text: str, *, title: str = "", when: datetime = START
) -> None:
    search.put(db, id, findable(title, text), when=when)


def found(
    db: sqlite3.Connection, query: str, *, ranked: bool = False, limit: int | None = None
) -> list[str]:
    keys = search.keys(db, parse(query, now=NOW), limit=limit, ranked=ranked)
    return [db.execute("select id from texts where key = ?", (key,)).fetchone()[0] for key in keys]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("州", True),
        ("杭", True),
        ("龙", True),
        ("杭州", True),
        ("小龙", True),
        ("六小龙", True),
        ("杭州六小龙", True),
        ('"杭州六小龙走红"', True),
        ("小龙 杭州", True),
        ("deepseek", True),
        ("ＤＥＥＰＳＥＥＫ", True),
        ("DeepSeek诞生", True),
        ('"DeepSeek 诞生于"', True),
        ("deep", False),
        ("deep*", True),
        ("seek", False),
        ("红它", False),  # 走红。它
        ("红。它", True),
        ('"红，它"', True),  # any punctuation stands for any other
        ("小州", False),
        ("州杭", False),
        ("走红DeepSeek", False),
        ("3.5", True),
        ("35", False),
        ("2025年", True),
        ("杭州 -上海", True),
        ("杭州 -小龙", False),
        ("上海 OR 小龙", True),
        ("title:灯会", True),
        ("title:杭州", False),
        ("灯会", True),
        ("灯会杭州", False),  # headline and text are two things
    ],
)
def test_a_query_finds_what_a_reader_would(
    db: sqlite3.Connection, query: str, matches: bool
) -> None:
    put(db, "a", "2025年，**杭州六小龙**走红。它是DeepSeek 诞生于杭州之后的3.5倍。", title="灯会")

    assert (found(db, query) == ["a"]) is matches
    assert (found(db, query, ranked=True) == ["a"]) is matches
    assert search.count(db, parse(query, now=NOW)) == matches


CHARACTERS = "天地人大小上下中国，。A"


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(CHARACTERS, max_size=14), min_size=1, max_size=8),
    asked=st.text(CHARACTERS[:9], min_size=1, max_size=5),
)
def test_every_chinese_word_is_found_exactly_where_it_stands(texts: list[str], asked: str) -> None:
    db = empty()
    for number, text in enumerate(texts):
        put(db, str(number), text)

    hits = search.keys(db, words(asked), limit=None, ranked=False)

    expected = {str(number) for number, text in enumerate(texts) if asked in text}
    assert {
        db.execute("select id from texts where key = ?", (key,)).fetchone()[0] for key in hits
    } == expected
    db.close()


def test_recall_and_precision_are_one_on_texts_of_news_length(db: sqlite3.Connection) -> None:
    """Against a scan of every text: terms of one to six characters, two terms, phrases."""
    chance = random.Random(7)
    syllables = [chr(0x4E00 + n) for n in chance.sample(range(3000), 300)]
    lexicon = [
        "".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 2, 3, 4)))) for _ in range(800)
    ]
    texts = {}
    for number in range(120):
        body = "".join(
            chance.choice(lexicon) + ("，" if chance.random() < 0.1 else "") for _ in range(250)
        )
        texts[str(number)] = body
        put(db, str(number), body, when=START + timedelta(minutes=number))
    asked = []
    for _ in range(150):
        run = chance.choice(re.split("，", chance.choice(list(texts.values()))))
        start = chance.randrange(max(1, len(run) - 6))
        if piece := run[start : start + chance.randint(1, 6)]:
            asked.append(piece)

    for piece in asked:
        expected = [id for id in reversed(texts) if piece in texts[id]]
        assert found(db, f'"{piece}"') == expected, piece
    for one, other in pairwise(asked):
        expected = [id for id in reversed(texts) if one in texts[id] and other in texts[id]]
        assert found(db, f"{one} {other}") == expected


def test_the_newest_comes_first_whatever_was_indexed_first(db: sqlite3.Connection) -> None:
    for day in (3, 1, 2):
        put(db, str(day), "杭州", when=START + timedelta(days=day))

    assert found(db, "杭州") == ["3", "2", "1"]
    assert found(db, "杭州", limit=2) == ["3", "2"]


def test_articles_of_the_same_second_all_are_found(db: sqlite3.Connection) -> None:
    for number in range(300):
        put(db, str(number), "杭州")

    assert len(found(db, "杭州")) == 300


def test_an_article_that_made_room_for_others_is_still_of_its_day(
    root_db: sqlite3.Connection,
) -> None:
    """Hundreds of articles carry only a day: their keys run into the hours after midnight, and over its end."""
    db = root_db
    last = datetime(2030, 1, 1, 23, 59, 59, tzinfo=BEIJING)
    for number in range(50):
        db.execute("insert into articles (id) values (?)", (str(number),))
        put(db, str(number), "杭州", when=last)

    assert len(found(db, "杭州 on:2030-01-01")) == len(found(db, "on:2030-01-01")) == 50
    assert found(db, "杭州 on:2030-01-02") == found(db, "on:2030-01-02") == []
    assert found(db, "杭州 before:2030-01-01") == found(db, "after:2030-01-02") == []
    assert search.count(db, parse("杭州 after:2030-01-01 before:2030-01-02", now=NOW)) == 50


def test_relevance_puts_the_headline_first(db: sqlite3.Connection) -> None:
    put(db, "text", "说到杭州。" + "别的。" * 50, when=START + timedelta(days=1))
    put(db, "headline", "别的。" * 50, title="杭州", when=START)

    assert found(db, "杭州", ranked=True) == ["headline", "text"]


def test_what_was_replaced_is_no_longer_found(db: sqlite3.Connection) -> None:
    put(db, "a", "杭州的灯会", title="旧题")
    put(db, "a", "上海的灯会", title="新题", when=START + timedelta(days=1))

    assert found(db, "杭州") == found(db, "旧题") == []
    assert found(db, "上海") == found(db, "灯会") == found(db, "新题") == ["a"]


def test_what_was_removed_leaves_nothing_behind(db: sqlite3.Connection) -> None:
    for number in range(200):
        put(db, str(number), f"杭州灯会第{number}号")
    for number in range(0, 200, 2):
        search.remove(db, str(number))

    assert len(found(db, "灯会")) == 100
    assert found(db, "8号") == []
    db.execute("insert into articles_fts (articles_fts) values ('integrity-check')")
    (rows,) = db.execute("select count(*) from articles_fts_docsize").fetchone()
    assert rows == 100


def test_the_text_is_there_for_plain_sql(db: sqlite3.Connection) -> None:
    put(db, "a", "**杭州**[灯会](https://x.y/上海)", title="题")

    assert db.execute("select id from texts where body like '%杭州灯会%'").fetchall() == [("a",)]
    assert db.execute("select id from texts where body like '%上海%'").fetchall() == []


def test_a_phrase_of_pairs_finds_it_from_any_sqlite_program(db: sqlite3.Connection) -> None:
    put(db, "a", "杭州六小龙")

    rows = db.execute(
        """
        select id from texts
        where key in (select rowid from articles_fts where articles_fts match '"六小 小龙"')
        """
    )

    assert rows.fetchall() == [("a",)]


@pytest.mark.parametrize("value", ["%", "_", "'", '"', "\\", "*", "a' or 1=1 --"])
def test_no_value_of_a_filter_is_taken_for_sql(db: sqlite3.Connection, value: str) -> None:
    db.execute("pragma foreign_keys = off")
    put(db, "a", "杭州")

    for field in ("outlet", "author", "category", "tag", "id", "url"):
        assert found(db, f"{field}:「{value}」") == []
