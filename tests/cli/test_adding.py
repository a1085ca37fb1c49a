"""`qqnews add` over real TLS: what is kept, what is said, and what is asked of the site."""

import json
import re
from pathlib import Path

from scraper.demo.pages import rain
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, REPRINT
from tests.cli.conftest import Kept, Run, objects, on_a_terminal
from tests.cli.little_qq import LittleQQ


def address(id: str) -> str:
    return f"https://news.qq.com/rain/a/{id}"


def test_an_address_becomes_markdown_pictures_and_a_row(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    ended = qqnews("add", address(BRIDGE.id), *little_qq.options, "--archive", "news")

    assert (ended.code, ended.err) == (0, "")
    page, summary = objects(ended.out)
    assert list(page)[:9] == [
        "type", "url", "id", "state", "verdict", "title", "path", "images", "missing",
    ]  # fmt: skip
    assert page["type"] == "page"
    assert (page["id"], page["state"], page["verdict"]) == (BRIDGE.id, "ok", "new")
    assert (page["title"], page["images"], page["missing"]) == (BRIDGE.title, 2, 0)
    assert (summary["type"], summary["new"], summary["exit"]) == ("summary", 1, 0)
    text = Path(page["path"]).read_text("utf-8")
    assert text.startswith(f'---\ntitle: "{BRIDGE.title}"\ndate: "{BRIDGE.published}"\n')
    assert text.count("](../../../images/") == 2
    pictures = list((folder / "news" / "images").rglob("*.*"))
    assert sorted(path.suffix for path in pictures) == [".gif", ".jpg"]
    row = Kept(folder / "news").rows("select id, outlet from articles")
    assert row == [{"id": BRIDGE.id, "outlet": BRIDGE.outlet}]


def test_the_same_article_is_asked_for_once_whatever_its_address(
    qqnews: Run, little_qq: LittleQQ, kept: Kept
) -> None:
    first = qqnews("add", address(BRIDGE.id), *little_qq.options)
    again = qqnews("add", address(BRIDGE.id), *little_qq.options)
    mobile = qqnews("add", f"https://view.inews.qq.com/a/{BRIDGE.id}?from=x", *little_qq.options)
    by_id = qqnews("add", BRIDGE.id, *little_qq.options)

    verdicts = [objects(one.out)[0]["verdict"] for one in (first, again, mobile, by_id)]
    assert verdicts == ["new", "same", "same", "same"]
    assert little_qq.pages() == [f"GET news.qq.com/rain/a/{BRIDGE.id}"]
    assert kept.ids() == {BRIDGE.id}


def test_the_shape_url_gives_an_address_whatever_was_given(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    for given in (BRIDGE.id, f"view.inews.qq.com/a/{BRIDGE.id}"):
        assert (
            qqnews("add", given, "-o", "url", *little_qq.options).out == f"{address(BRIDGE.id)}\n"
        )
    spelled = f"https://new.qq.com/rain/a/{BRIDGE.id}"
    assert qqnews("add", spelled, "-o", "url", *little_qq.options).out == f"{spelled}\n"


def test_again_asks_with_the_validators_the_site_gave(qqnews: Run, little_qq: LittleQQ) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)
    page, summary = objects(qqnews("add", "--again", BRIDGE.id, *little_qq.options).out)

    assert (page["verdict"], page["reason"]) == ("same", "not modified")
    assert summary["unchanged"] == 1
    assert len(little_qq.pages()) == 2


def test_a_reprint_under_another_id_is_a_copy(qqnews: Run, little_qq: LittleQQ) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)
    page, _ = objects(qqnews("add", REPRINT.id, *little_qq.options).out)

    assert (page["verdict"], page["copy_of"]) == ("copy", BRIDGE.id)
    assert page["title"] == REPRINT.title


def test_a_text_that_changed_is_a_revision_and_the_old_one_stays(
    qqnews: Run, little_qq: LittleQQ, kept: Kept
) -> None:
    qqnews("add", HARVEST.id, *little_qq.options)
    changed = rain(HARVEST).replace("二十一度".encode(), "二十二度".encode())
    assert changed != rain(HARVEST)
    little_qq.faults[f"news.qq.com/rain/a/{HARVEST.id}"] = Answer(body=changed)
    page, _ = objects(qqnews("add", "--again", HARVEST.id, *little_qq.options).out)

    assert page["verdict"] == "revised"
    assert "二十二度" in kept.text(HARVEST.id)
    assert "二十一度" in kept.text(f"{HARVEST.id}@1")


def test_a_page_of_2016_in_gbk_reads_as_it_was_written(qqnews: Run, little_qq: LittleQQ) -> None:
    old = "http://news.qq.com/a/20160304/021589.htm"
    page, _ = objects(qqnews("add", old, *little_qq.options).out)

    assert (page["id"], page["title"]) == (LAMP.id, LAMP.title)
    assert "一百一十二级台阶" in Path(page["path"]).read_text("utf-8")


def test_every_command_that_keeps_articles_is_a_row_of_runs(
    qqnews: Run, little_qq: LittleQQ, folder: Path, kept: Kept
) -> None:
    (folder / "page.html").write_bytes(rain(HARVEST))
    (folder / "list.txt").write_text("nothing")
    little_qq.faults[f"news.qq.com/rain/a/{REPRINT.id}"] = Answer(status=500)
    little_qq.faults[f"view.inews.qq.com/a/{REPRINT.id}"] = Answer(status=500)
    qqnews("add", BRIDGE.id, *little_qq.options)
    qqnews("add", REPRINT.id, *little_qq.options)
    qqnews("import", "page.html")
    qqnews("import", "list.txt")

    rows = kept.rows(
        "select command, code, finished is not null as ended, json_extract(summary, '$.new') as new,"
        " json_extract(summary, '$.requests') > 0 as asked from runs order by key"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("add", 0, 1, 1, 1),
        ("add", 3, 1, 0, 1),
        ("import", 0, 1, 1, 0),
        ("import", 2, 1, 0, 0),
    ]
    status = json.loads(qqnews("status").out)
    assert [run["command"] for run in status["runs"]] == ["import", "import", "add", "add"]


def test_many_addresses_come_from_arguments_files_and_stdin(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    (folder / "list.txt").write_text(f"# mine\n{HARVEST.id} a note\n\n")

    ended = qqnews(
        "add", BRIDGE.id, "@list.txt", "-", *little_qq.options, stdin=f"{address(REPRINT.id)}\n"
    )

    *pages, summary = objects(ended.out)
    assert {page["id"] for page in pages} == {BRIDGE.id, HARVEST.id, REPRINT.id}
    assert ended.code == 0
    assert summary["new"] + summary["copy"] == 3
    assert "2 new" in ended.err
    assert f"{summary['requests']} requests" in ended.err


def test_a_browsers_bookmarks_are_a_list_of_the_articles_they_lead_to(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    kept = (address(BRIDGE.id), "https://example.org/", "https://news.qq.com/", address(HARVEST.id))
    lines = (f'    <DT><A HREF="{url}" ADD_DATE="1700000000">一个 书签</A>\n' for url in kept)
    (folder / "bookmarks.html").write_text(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<!-- This is an automatically generated file.\n"
        "     It will be read and overwritten.\n     DO NOT EDIT! -->\n<TITLE>Bookmarks</TITLE>\n"
        f"<DL><p>\n{''.join(lines)}<DD>一句话\n又一句\n</DL>\n",
        "utf-8",
    )

    ended = qqnews("add", "@bookmarks.html", *little_qq.options)

    *pages, summary = objects(ended.out)
    assert {page["id"] for page in pages} == {BRIDGE.id, HARVEST.id}
    assert (ended.code, summary["new"]) == (0, 2)


def test_a_dry_run_asks_nothing_and_stores_nothing(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    ended = qqnews("add", "-n", BRIDGE.id, *little_qq.options, "--archive", "news")

    assert (ended.code, objects(ended.out)[0]["would"]) == (0, "ask")
    assert little_qq.asked == []
    assert not (folder / "news").exists()


def test_a_dry_run_tells_what_is_fresh_from_what_would_be_asked_again(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)

    def would(*more: str) -> str:
        return str(objects(qqnews("add", "-n", BRIDGE.id, *more).out)[0]["would"])

    assert would() == "leave"
    assert would("--again") == would("--set", "freshness=0s") == "ask again"


def test_explain_asks_once_and_stores_nothing(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    ended = qqnews("explain", BRIDGE.id, "-o", "json", *little_qq.options, "--archive", "news")

    told = json.loads(ended.out)
    assert (told["state"], told["layout"], told["rule"]) == (
        "ok",
        "rain",
        "rain: originContent.text",
    )
    assert [image["alt"] for image in told["images"]] != []
    assert little_qq.pages() == [f"GET news.qq.com/rain/a/{BRIDGE.id}"]
    assert not (folder / "news").exists()


def test_explain_prints_the_markdown_that_add_would_keep(
    qqnews: Run, little_qq: LittleQQ, kept: Kept
) -> None:
    explained = qqnews("explain", HARVEST.id, "-o", "md", *little_qq.options).out
    qqnews("add", HARVEST.id, *little_qq.options)
    stored = kept.text(HARVEST.id)

    def body(text: str) -> str:
        return text.split("\n---\n", 1)[1]

    assert body(explained) == body(stored)


def test_on_a_terminal_a_bar_counts_and_steps_aside_for_the_rows(
    little_qq: LittleQQ, folder: Path, environment: dict[str, str]
) -> None:
    little_qq.faults[f"news.qq.com/rain/a/{HARVEST.id}"] = Answer(
        status=429, headers={"Retry-After": "7"}
    )
    said = on_a_terminal(
        folder, environment | {"TERM": "xterm"}, "add", BRIDGE.id, HARVEST.id, *little_qq.options,
        "--set", "network.retry.longest_rest=6s",
    )  # fmt: skip

    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert "1/2" in plain
    assert "1 new" in plain
    assert f"new        {BRIDGE.title}" in plain
    assert "\x1b[?25h" in said.rpartition("\x1b[?25l")[2], "the cursor is there again"

    quiet = on_a_terminal(
        folder, environment | {"TERM": "xterm"}, "-q", "add", BRIDGE.id, *little_qq.options
    )
    assert "\x1b[?25l" not in quiet
    assert "same       " in quiet
