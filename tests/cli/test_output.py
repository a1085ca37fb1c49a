"""Answers in their shapes: what a title may do to a terminal, a table or a spreadsheet, and what of it is kept."""

import csv
import json
from io import StringIO

import pytest
from click import UsageError
from rich.cells import cell_len

from scraper.cli.output import Output
from scraper.cli.terminal import as_json, clean

TITLES = [
    ("\x1b[31mred\x1b[0m", "[31mred[0m"),
    ("a\x07b\x9bc", "abc"),
    ("\u202eevil\u2066", "evil"),
    ("[/foo] [bold]x[/bold]", "[/foo] [bold]x[/bold]"),
    ("two\nlines\tand tab", "two lines and tab"),
    ("\ud800", ""),
]


@pytest.mark.parametrize(("title", "shown"), TITLES)
@pytest.mark.parametrize("shape", ["table", "csv", "tsv", "jsonl", "json", "url", "path"])
def test_no_shape_lets_a_title_command_the_terminal(
    title: str, shown: str, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Output(shape, ["title"]) as output:
        output.write({"title": title, "url": title, "path": title})

    printed = capsys.readouterr().out
    assert not set(printed) & set("\x1b\x07\x9b\u202e\u2066")
    if shape == "table":
        assert shown in printed


def test_in_a_table_the_widest_column_gives_way_and_the_id_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = {
        "published": "2026-11-20 09:30",
        "outlet": "一家名字很长很长的报纸" * 3,
        "title": "很长的标题" * 40,
        "id": "wx-3261447018-2247491763-12345678901234567890123456789012345678",
    }
    with Output("table", list(row)) as output:
        output.write(row)
        output.write(row | {"outlet": "晚报", "title": "短"})

    head, _, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["published", "outlet", "title", "id"]
    for line in (first, second):
        assert line.startswith("2026-11-20 09:30 ")
        assert line.rstrip().endswith(f" {row['id']}")
        assert cell_len(line) <= 160
    assert "很长的标题很长的标题" in first


def test_a_table_shows_times_to_the_minute_and_other_shapes_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = {"gone": "2026-11-20T01:30:12+00:00", "confirmed": None, "title": "2026-11-20T01:30:12"}
    for shape in ("table", "csv"):
        with Output(shape, list(row), times={"gone", "confirmed"}) as output:
            output.write(row)

    *_, in_table, _, in_csv = capsys.readouterr().out.splitlines()
    assert in_table.split("  ")[0] == "2026-11-20 01:30Z"
    assert in_table.endswith("2026-11-20T01:30:12")
    assert in_csv == "2026-11-20T01:30:12+00:00,,2026-11-20T01:30:12"


def test_what_no_row_has_is_a_mistake_and_what_some_have_not_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(UsageError, match="none of these rows has a url"), Output("url") as output:
        output.write({"id": "a"})
    with Output("path") as output:
        for row in ({"path": None}, {"id": "a"}, {"path": "b"}, {"type": "summary"}):
            output.write(row)
    with Output("url"):
        pass

    assert capsys.readouterr().out == "b\n"


def test_json_loses_nothing_by_being_harmless() -> None:
    for title, _ in TITLES:
        assert json.loads(as_json({"title": title})) == {"title": title}
    assert clean("标题\n正文") == "标题\n正文"


def test_csv_can_be_made_harmless_to_spreadsheets(capsys: pytest.CaptureFixture[str]) -> None:
    for safe in (False, True):
        with Output("csv", ["title"], csv_safe=safe) as output:
            output.write({"title": "=1+1"})
            output.write({"title": -5})

    assert capsys.readouterr().out == "title\n=1+1\n-5\ntitle\n'=1+1\n-5\n"


def test_what_csv_gives_is_what_its_readers_read(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["a", "b"], ["一行\n又一行", ""], ['他说,"好"', "x"]]
    with Output("csv", rows[0]) as output:
        for a, b in rows[1:]:
            output.write({"a": a, "b": b})

    assert list(csv.reader(StringIO(capsys.readouterr().out, newline=""))) == rows


def test_an_empty_answer_is_still_well_formed(capsys: pytest.CaptureFixture[str]) -> None:
    for shape in ("json", "jsonl", "csv", "table"):
        with Output(shape, ["id", "title"]):
            pass

    assert capsys.readouterr().out == "[]\nid,title\n"
