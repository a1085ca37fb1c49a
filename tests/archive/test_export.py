"""Exports of an archive that was really written: JSON lines, Parquet and the rows that both are made of."""

import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from archive.errors import DamagedArchive, QueryError
from archive.export import jsonl, parquet
from archive.export.rows import COLUMNS, PICTURE, VIDEO, Row
from archive.export.source import Source
from archive.index.connection import open_reader
from archive.reader import Reader
from tests.archive.newsroom import article, capture, eventful, open_archive, picture, text


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export") / "news"
    eventful(place)
    return place


def unharmed(damage: DamagedArchive) -> None:
    raise AssertionError(str(damage))


def exported(root: Path, query: str = "", *, all_texts: bool = False) -> list[dict[str, Any]]:
    """The rows as JSON lines tell them."""
    with Reader.open(root) as reader:
        source = Source(reader, query, lost=unharmed)
        return [json.loads(line) for line in jsonl.written(source.rows(all_texts=all_texts))]


def test_a_row_tells_every_fact_that_the_index_has_of_an_article(root: Path) -> None:
    db = open_reader(root)
    facts = db.execute("select * from articles")
    names = [column[0] for column in facts.description]
    known = {row["id"]: row for row in exported(root)}

    for values in facts:
        told = dict(zip(names, values, strict=True))
        row = known[told["id"]]
        del told["key"]
        row["videos"] = len(row["videos"])
        assert {name: row[name] for name in told} == told
    db.close()
    assert len(known) == 4


def test_the_page_on_exporting_tells_every_column_in_order() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "export.md").read_text("utf-8")
    table, _, below = page.partition("| column | meaning |")[2].partition("\n\n")
    told = [
        name
        for line in table.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    ]

    assert told == list(COLUMNS)
    pictures = below.partition("\n\n")[0]
    assert {name for name in PICTURE if f"`{name}`" not in pictures} == set()
    assert {name for name in VIDEO if f"`{name}`" not in table} == set()


def test_every_text_of_an_article_is_a_row_of_its_own(root: Path) -> None:
    rows = exported(root, all_texts=True)

    with Reader.open(root) as reader:
        for row in rows:
            shown = reader.show(f"{row['id']}@{row['number']}")
            whole = reader.whole(shown)
            assert (row["title"], row["markdown"]) == (whole.title, whole.markdown)
            assert row["revisions"] == len(shown.revisions)
            assert row["path"] == shown.path.relative_to(root).as_posix()
        texts = reader.sql("select article, number, suspect from revisions").rows
        assert sorted((r["id"], r["number"], int(r["suspect"])) for r in rows) == sorted(texts)
    current = [row for row in rows if row["number"] == row["revision"]]
    assert current == exported(root)


def test_pictures_stand_in_reading_order_with_their_file_or_the_reason_why_there_is_none(
    root: Path,
) -> None:
    one, two = picture(1), picture(2)
    first = next(row for row in exported(root, article(1).id, all_texts=True) if row["number"] == 1)

    assert [shown["url"] for shown in first["pictures"]] == [one.url, two.url]
    kept, missing = first["pictures"]
    assert (root / kept["path"]).read_bytes() == one.content
    assert kept["path"].partition(".")[0].endswith(kept["sha256"])
    assert (kept["width"], kept["height"], kept["missing"]) == (640, 480, "")
    assert (missing["path"], missing["sha256"], missing["missing"]) == (None, None, "404")


def test_a_copy_tells_its_own_facts_and_whose_text_it_gives(root: Path) -> None:
    copy = next(row for row in exported(root) if row["id"] == article(2).id)
    own = next(row for row in exported(root) if row["id"] == article(1).id)

    assert copy["copy_of"] == own["id"]
    assert copy["text_of"] == f"{own['id']}@{own['number']}"
    assert copy["text"] == own["text"]
    assert (copy["title"], copy["outlet"]) == ("湖城要闻", "山城晚报")
    assert own["text_of"] is None
    assert "第92号消息" in copy["text"]


def test_the_text_is_that_which_is_searched(root: Path) -> None:
    db = open_reader(root)
    bodies = dict(db.execute("select id, body from texts"))
    db.close()

    assert {row["id"]: row["text"] for row in exported(root)} == bodies


def test_the_newest_come_first_and_a_query_picks(root: Path) -> None:
    published = [row["published"] for row in exported(root)]

    assert published == sorted(published, reverse=True)
    assert [row["id"] for row in exported(root, "is:back")] == [article(3).id]
    assert exported(root, "蜃楼") == []


def test_json_holds_nothing_that_a_terminal_or_a_reader_of_lines_would_act_on() -> None:
    row: Row = {"etag": "a\x9b31m\u2028\u202eb\x1b", "title": "湖“城”"}

    (line,) = jsonl.written([row])

    assert json.loads(line) == row
    assert line == '{"etag":"a\\u009b31m\\u2028\\u202eb\\u001b","title":"湖“城”"}\n'.encode()


# -- Parquet -------------------------------------------------------------------------------------------------


def table(rows: Iterator[Row]) -> pyarrow.Table:
    return pyarrow.parquet.read_table(io.BytesIO(b"".join(parquet.written(rows))))


def test_parquet_says_what_json_lines_say(root: Path) -> None:
    with Reader.open(root) as reader:
        rows = list(Source(reader, lost=unharmed).rows(all_texts=True))

    read = table(iter(rows)).to_pylist()

    times = {name for name, kind in COLUMNS.items() if str(kind).startswith("time")}
    assert [list(row) for row in read] == [list(COLUMNS)] * len(rows)
    for row, line in zip(read, rows, strict=True):
        told = {
            name: datetime.fromisoformat(str(value)) if name in times and value else value
            for name, value in line.items()
        }
        assert row == told
        assert str(row["published"].utcoffset()) == "8:00:00"


def test_parquet_types_times_with_their_zone_and_pictures_as_structs() -> None:
    schema = table(iter(())).schema

    assert schema.field("captured").type == pyarrow.timestamp("ms", tz="UTC")
    assert schema.field("published").type == pyarrow.timestamp("ms", tz="Asia/Shanghai")
    assert schema.field("tags").type == pyarrow.list_(pyarrow.string())
    assert schema.field("pictures").type.value_type.field("width").type == pyarrow.int64()
    assert table(iter(())).num_rows == 0


def test_parquet_is_written_group_by_group(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what it holds in memory does not grow with the archive."""
    monkeypatch.setattr(parquet, "ROWS", 2)
    given: list[int] = []

    def rows() -> Iterator[Row]:
        with Reader.open(root) as reader:
            for number, row in enumerate(Source(reader, lost=unharmed).rows()):
                given.append(number)
                yield row

    pieces = parquet.written(rows())
    first = next(pieces)

    assert given == [0, 1]
    whole = pyarrow.parquet.ParquetFile(io.BytesIO(first + b"".join(pieces)))
    assert [whole.metadata.row_group(n).num_rows for n in range(2)] == [2, 2]
    assert whole.metadata.row_group(0).column(0).compression == "ZSTD"


def test_without_pyarrow_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(QueryError, match=r"pip install 'qqnews\[parquet\]'"):
        list(parquet.written([]))


# -- beside a writer -----------------------------------------------------------------------------------------


def test_what_is_written_meanwhile_is_not_in_it(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in range(1, 4):
            one = article(number)
            archive.keep(one, capture=capture(one, minutes=number))
        before = exported(root)

        with Reader.open(root) as reader, reader.one_state():
            rows = Source(reader, lost=unharmed).rows()
            first = next(rows)
            edited, new = article(1, body=text(77)), article(9)
            archive.keep(edited, capture=capture(edited, minutes=50))
            archive.keep(new, capture=capture(new, minutes=60))
            read = [json.loads(line) for line in jsonl.written([first, *rows])]

        # An earlier text stands one folder deeper once a newer one has its place; its words are the same.
        assert [row["title"] for row in read] == [row["title"] for row in before]
        assert [row["markdown"] for row in read] == [row["markdown"] for row in before]
        assert [row["revision"] for row in read] == [1, 1, 1]
    assert len(exported(root)) == 4


def test_what_is_forgotten_meanwhile_is_passed_over(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in range(1, 4):
            one = article(number)
            archive.keep(one, capture=capture(one, minutes=number))

        with Reader.open(root) as reader, reader.one_state():
            rows = Source(reader, lost=unharmed).rows()
            first = next(rows)
            archive.forget(article(2).id)
            read = [row["id"] for row in (first, *rows)]

    assert read == [article(3).id, article(1).id]
    assert [row["id"] for row in exported(root)] == read


def test_a_picture_that_arrives_meanwhile_makes_no_damage(tmp_path: Path) -> None:
    """The text is written anew where it stands, and is no more what the state of before tells."""
    root, shown = tmp_path / "news", picture(1)
    with open_archive(root) as archive:
        two, one = article(2), article(1, pictures=(shown,))
        archive.keep(one, capture=capture(one), missing={shown.url: "timeout"})
        archive.keep(two, capture=capture(two, minutes=1))

        with Reader.open(root) as reader, reader.one_state():
            rows = Source(reader, lost=unharmed).rows()
            first = next(rows)
            archive.add_pictures(one.id, pictures={shown.url: shown})
            read = [row["id"] for row in (first, *rows)]

    assert read == [two.id, one.id]


def test_a_damaged_text_is_told_and_the_rest_is_exported(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in range(1, 4):
            one = article(number)
            archive.keep(one, capture=capture(one, minutes=number))
    harmed = next(root.glob(f"articles/**/{article(2).id}.md"))
    harmed.write_text(harmed.read_text("utf-8") + "。", "utf-8")
    lost: list[str] = []

    with Reader.open(root) as reader:
        source = Source(reader, lost=lambda damage: lost.append(str(damage)))
        read = [row["id"] for row in source.rows()]

    assert read == [article(3).id, article(1).id]
    assert len(lost) == 1
    assert article(2).id in lost[0]


@pytest.mark.parametrize("limit", [0, 2])
def test_a_limit_counts_articles_not_texts(root: Path, limit: int) -> None:
    with Reader.open(root) as reader:
        source = Source(reader, limit=limit, lost=unharmed)
        ids = {row["id"] for row in source.rows(all_texts=True)}

        newest = [found.id for found in islice(reader.list(), limit)]
    assert ids == set(newest)
    assert source.taken == limit
