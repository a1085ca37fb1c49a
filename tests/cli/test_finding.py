"""Asking the archive: search, list, show, sql, history; what each shape gives, and what is not loaded for it."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, REPRINT
from tests.cli.conftest import Run, objects


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The archive that `qqnews demo` makes."""
    import subprocess
    import sys

    root = tmp_path_factory.mktemp("demo") / "demo"
    from tests.cli.conftest import ROOT

    subprocess.run(
        [sys.executable, "-m", "scraper", "demo", str(root)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=60,
    )
    yield root


def test_chinese_words_are_found_also_short_ones(qqnews: Run, demo: Path) -> None:
    for words, found in (
        (["石桥"], {BRIDGE.id}),
        (["桥"], {BRIDGE.id, HARVEST.id}),
        (["煤油航标灯"], {LAMP.id}),
        (["望潮桥", "柿饼"], {HARVEST.id}),
        (["望潮桥", "-柿饼"], {BRIDGE.id}),
    ):
        ids = {row["id"] for row in objects(qqnews("--archive", demo, "search", "--", *words).out)}
        assert found <= ids | {REPRINT.id}
        assert ids <= found | {REPRINT.id}


@pytest.mark.parametrize("command", ["search", "list"])
@pytest.mark.parametrize(
    "pasted",
    [
        HARVEST.id,
        f"https://news.qq.com/rain/a/{HARVEST.id}",
        f"http://new.qq.com/rain/a/{HARVEST.id}?pgv_ref=share",
        f"new.qq.com/omn/20261121/{HARVEST.id}.html",
        f"https://view.inews.qq.com/a/{HARVEST.id}",
    ],
)
def test_an_id_or_address_that_is_pasted_finds_its_article(
    command: str, pasted: str, qqnews: Run, demo: Path
) -> None:
    ended = qqnews("--archive", demo, command, pasted, "-o", "jsonl")

    assert [row["id"] for row in objects(ended.out)] == [HARVEST.id]


def test_a_page_that_names_no_time_is_not_said_to_be_of_the_day_it_was_fetched(
    qqnews: Run, folder: Path
) -> None:
    timeless = rain(BRIDGE).replace(BRIDGE.published.encode(), b"")
    (folder / "page.html").write_bytes(timeless)
    qqnews("import", "page.html", "--archive", "news")

    found = qqnews("--archive", "news", "search", "石桥", "-o", "table").out
    (listed,) = objects(qqnews("--archive", "news", "list", "-o", "jsonl").out)

    assert listed["published"] == ""
    assert found.startswith(f"undated     {BRIDGE.title}\n")
    assert f"{BRIDGE.id} · captured 20" in found.splitlines()[1]


def test_colours_are_there_when_they_are_wished_for(qqnews: Run, demo: Path) -> None:
    words = ["--archive", demo, "search", "石桥", "-o", "table"]

    assert "\x1b[" in qqnews(*words, FORCE_COLOR="1").out
    assert "\x1b[" not in qqnews(*words).out


def test_search_and_list_load_no_network_no_parser_no_table(
    loaded_modules: Callable[..., set[str]], demo: Path
) -> None:
    for words in (["search", "石桥"], ["list"], ["sql", "select 1"]):
        loaded = loaded_modules("--archive", demo, *words)
        assert (
            loaded & {"httpx", "httpcore", "selectolax", "rich", "PIL", "asyncio", "fastwarc"}
            == set()
        )


def test_every_shape_gives_the_same_articles(qqnews: Run, demo: Path) -> None:
    def out(shape: str) -> str:
        return str(qqnews("--archive", demo, "list", "-o", shape).out)

    rows = objects(out("jsonl"))
    assert json.loads(out("json")) == rows
    assert out("url").split() == [row["url"] for row in rows]
    paths = [Path(line) for line in out("path").splitlines()]
    assert [path.stem for path in paths] == [row["id"] for row in rows]
    assert all(path.is_file() for path in paths)
    for shape, mark in (("csv", ","), ("tsv", "\t")):
        header, *lines = out(shape).splitlines()
        assert header.split(mark) == ["published", "outlet", "title", "state", "id"]
        assert [line.split(mark)[-1] for line in lines] == [row["id"] for row in rows]
    table = out("table")
    assert all(row["title"] in table and row["id"] in table for row in rows)


def test_list_picks_by_the_language_of_search(qqnews: Run, demo: Path) -> None:
    def ids(*query: str) -> set[str]:
        return {row["id"] for row in objects(qqnews("--archive", demo, "list", *query).out)}

    assert ids("is:copy") == {REPRINT.id}
    assert ids("outlet:晚报", "before:2020") == {LAMP.id}
    assert len(ids("--limit", "1")) == 1


def test_show_gives_the_file_as_it_stands(qqnews: Run, demo: Path) -> None:
    path = Path(qqnews("--archive", demo, "show", LAMP.id, "-o", "path").out.strip())

    assert qqnews("--archive", demo, "show", LAMP.id).out == path.read_text("utf-8")
    told = json.loads(qqnews("--archive", demo, "show", LAMP.id, "-o", "json").out)
    assert told["images"][0]["width"] == 960
    assert Path(told["images"][0]["path"]).is_file()
    assert [one["verdict"] for one in told["seen"]] == ["new"]


def test_an_article_answers_to_any_address_of_it(qqnews: Run, demo: Path) -> None:
    path = qqnews("--archive", demo, "show", HARVEST.id, "-o", "path").out

    for address in ("https://xw.qq.com/cmsid/{}", "http://new.qq.com/omn/20261121/{}.html"):
        ended = qqnews("--archive", demo, "show", address.format(HARVEST.id), "-o", "path")
        assert (ended.code, ended.out) == (0, path), ended.err


def test_show_raw_gives_the_bytes_of_the_server(
    demo: Path, folder: Path, environment: dict[str, str]
) -> None:
    import subprocess
    import sys

    from scraper.demo.pages import static

    ended = subprocess.run(
        [sys.executable, "-m", "scraper", "--archive", str(demo), "show", LAMP.id, "--raw"],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout == static(LAMP)


def test_sql_takes_parameters_and_stdin_and_changes_nothing(qqnews: Run, demo: Path) -> None:
    named = qqnews(
        "--archive", demo, "sql", "select id from articles where outlet = :o order by id",
        "-p", "o", "青屿晚报", "-o", "csv",
    )  # fmt: skip
    typed = qqnews("--archive", demo, "sql", "-", stdin="select count(*) as n from articles")
    writing = qqnews("--archive", demo, "sql", "delete from articles")

    assert named.out.split() == ["id", BRIDGE.id, LAMP.id]
    assert objects(typed.out) == [{"n": 4}]
    assert (writing.code, writing.out, writing.err.count("\n")) == (Exit.USAGE, "", 1)
    assert objects(qqnews("--archive", demo, "sql", "select count(*) as n from articles").out) == [
        {"n": 4}
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "20200101A0000000"], "no article"),
        (["show", f"{LAMP.id}@7"], "no text 7"),
        (["diff", LAMP.id], "only one text"),
        (["search", "after:yesterdayish"], "no date"),
        (["sql", "selekt 1"], "selekt"),
        (["log", "nonsense"], "no article"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_line_and_code_2(
    words: list[str], said: str, qqnews: Run, demo: Path
) -> None:
    ended = qqnews("--archive", demo, *words)

    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
    assert said in ended.err


def test_nothing_found_is_said_and_is_no_error(qqnews: Run, demo: Path) -> None:
    ended = qqnews("--archive", demo, "search", "月球背面")

    assert (ended.code, ended.out, ended.err) == (0, "", "nothing found\n")


def test_where_there_is_no_archive_the_line_says_what_to_do(qqnews: Run, folder: Path) -> None:
    for words in (
        ["list"], ["search", "x"], ["status"], ["verify"], ["queue"], ["retry"],
    ):  # fmt: skip
        ended = qqnews("--archive", "nowhere", *words)
        assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1), words
        assert "nowhere" in ended.err
    assert not (folder / "nowhere").exists()


def test_two_texts_are_compared_with_words_marked(qqnews: Run, demo: Path) -> None:
    ended = qqnews("--archive", demo, "diff", BRIDGE.id, REPRINT.id)

    assert ended.out.splitlines()[0] == "headline"
    assert "~ outlet: 青屿晚报 → 海东新闻网" in ended.out
    told = json.loads(qqnews("--archive", demo, "diff", BRIDGE.id, REPRINT.id, "-o", "json").out)
    assert told["grade"] == "headline"
    assert {one["kind"] for one in told["sentences"]} == {"same"}


def test_a_group_of_reprints_names_who_was_first(qqnews: Run, demo: Path) -> None:
    (group,) = objects(qqnews("--archive", demo, "clusters").out)
    members = objects(qqnews("--archive", demo, "clusters", "--of", REPRINT.id).out)

    assert (group["id"], group["articles"], group["headlines"]) == (BRIDGE.id, 2, 2)
    assert [one["id"] for one in members] == [BRIDGE.id, REPRINT.id]
    assert [one["outlet"] for one in members] == [BRIDGE.outlet, REPRINT.outlet]
    shown = objects(qqnews("--archive", demo, "show", REPRINT.id, "--cluster").out)
    assert shown == members


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["-石桥"], {HARVEST.id, LAMP.id, REPRINT.id}),
        (["-title:石桥 桥"], {HARVEST.id, REPRINT.id}),
        (["桥", "-is:copy"], {BRIDGE.id, HARVEST.id}),
        (["-outlet:青屿", "-(柿子 OR GBK)"], {REPRINT.id}),
        (["-GPT", "-“石桥”", "-柿子"], {LAMP.id, REPRINT.id}),
    ],
)
def test_a_minus_needs_no_care_in_a_shell(
    qqnews: Run, demo: Path, words: list[str], found: set[str]
) -> None:
    assert {row["id"] for row in objects(qqnews("--archive", demo, "list", *words).out)} == found
    assert {row["id"] for row in objects(qqnews("--archive", demo, "search", *words).out)} == found


@pytest.mark.parametrize("comment", ["-- how many", "--how many"])
def test_a_statement_may_begin_with_a_comment(qqnews: Run, demo: Path, comment: str) -> None:
    """As those in docs/sql.md do."""
    ended = qqnews("--archive", demo, "sql", f"{comment}\nselect count(*) as n from articles")

    assert objects(ended.out) == [{"n": 4}]


def test_what_may_be_a_mistyped_option_is_no_word(qqnews: Run, demo: Path) -> None:
    for word in ("-x", "-limit", "--outlet:青屿"):
        ended = qqnews("--archive", demo, "list", word)

        assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)


def test_what_an_option_takes_may_begin_with_a_minus(qqnews: Run) -> None:
    missing = qqnews("search", "--archive", "-Älter", "桥")

    assert "/-Älter — run `qqnews init` there" in missing.err


def test_a_group_is_shown_in_the_shape_asked_for(qqnews: Run, demo: Path) -> None:
    addresses = qqnews("--archive", demo, "show", REPRINT.id, "--cluster", "-o", "url").out
    paths = qqnews("--archive", demo, "show", REPRINT.id, "--cluster", "-o", "path").out

    assert [line.rpartition("/")[2] for line in addresses.splitlines()] == [BRIDGE.id, REPRINT.id]
    assert [Path(line).stem for line in paths.splitlines()] == [BRIDGE.id, REPRINT.id]


def test_a_page_as_it_came_has_no_other_shape(qqnews: Run, demo: Path) -> None:
    ended = qqnews("--archive", demo, "show", BRIDGE.id, "--raw", "-o", "json")

    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
    assert "--raw" in ended.err


def test_a_picture_names_every_article_that_shows_it(qqnews: Run, demo: Path) -> None:
    file = next(demo.glob("images/*/*.jpg"))
    by_file = objects(qqnews("--archive", demo, "picture", file).out)
    by_hash = objects(qqnews("--archive", demo, "picture", file.stem[:12]).out)
    unknown = qqnews("--archive", demo, "picture", "ffffffffffff")

    assert by_file == by_hash
    assert BRIDGE.id in {row["id"] for row in by_file}
    assert by_file[0]["caption"] == "修复后的望潮桥。青屿晚报记者 林小禾 摄"
    assert Path(by_file[0]["path"]) == file
    assert (unknown.code, unknown.err.count("\n")) == (Exit.USAGE, 1)


def test_status_tells_what_is_there(qqnews: Run, demo: Path) -> None:
    told = json.loads(qqnews("--archive", demo, "status").out)

    assert (told["articles"], told["copies"], told["due"]) == (4, 1, 0)
    assert told["queue"] == {"done": 5}


def test_chinese_words_and_paths_are_understood_where_the_locale_is_plain_ascii(
    qqnews: Run, demo: Path, folder: Path
) -> None:
    (folder / "归档 二").symlink_to(demo)
    ended = qqnews("--archive", "归档 二", "search", "煤油航标灯", LC_ALL="C", PYTHONUTF8="0")
    assert [row["id"] for row in objects(ended.out)] == [LAMP.id], ended.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_statement_without_an_end_can_be_stopped(
    started: Callable[..., subprocess.Popen[str]], demo: Path, number: signal.Signals
) -> None:
    endless = (
        "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"
    )
    child = started("--archive", demo, "sql", endless)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(2)
    child.send_signal(number)
    assert child.wait(10) == -number


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_seen_enough_is_no_error(
    demo: Path, environment: dict[str, str], unbuffered: str
) -> None:
    everything = "select * from texts, images, aliases, revisions"
    with subprocess.Popen(
        [sys.executable, "-m", "scraper", "--archive", demo, "sql", everything],
        env=environment | {"PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout and child.stderr
        assert child.stdout.readline().startswith(b"{")
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(30) == Exit.DONE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_answer_that_finds_no_room_is_told_as_that(
    demo: Path, environment: dict[str, str], unbuffered: str
) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "scraper", "--archive", demo, "list"],
            env=environment | {"PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=30,
            check=False,
        )
    assert (ended.returncode, b"is the disk full?" in ended.stderr) == (Exit.STORAGE, True)


@pytest.mark.parametrize("shape", ["jsonl", "csv"])
def test_sql_keeps_columns_of_one_name_apart(shape: str, qqnews: Run, demo: Path) -> None:
    """`select *` over a table joined with itself has every name twice."""
    ended = qqnews("--archive", demo, "sql", "select 1 as a, 2 as a, 3 as b, 4 as a", "-o", shape)

    if shape == "jsonl":
        assert objects(ended.out) == [{"a": 1, "a:2": 2, "b": 3, "a:3": 4}]
    else:
        assert ended.out == "a,a:2,b,a:3\n1,2,3,4\n"


def test_what_sql_answers_is_json_whatever_sqlite_can_hold(qqnews: Run, demo: Path) -> None:
    values = "select 1e999 as a, -1e999 as b, x'00ff' as c, null as d"
    ended = qqnews("--archive", demo, "sql", values)
    assert ended.out == '{"a": "inf", "b": "-inf", "c": "00ff", "d": null}\n'


def test_a_text_of_an_article_lists_that_article(qqnews: Run, demo: Path) -> None:
    listed = qqnews("--archive", demo, "list", f"{BRIDGE.id}@1", "-o", "jsonl")

    assert [one["id"] for one in objects(listed.out)] == [BRIDGE.id]
