"""`qqnews import`: saved pages, MHTML, WARC, folders; what is no page is said to be what it is."""

import gzip
import json
import os
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.drawings import drawing
from scraper.demo.pages import rain, static
from scraper.demo.stories import BRIDGE, BRIDGE_PHOTO, HARVEST, LAMP, PAID, REPRINT
from tests.cli.conftest import Kept, Run, objects
from tests.cli.little_qq import LittleQQ
from tests.corpus import CORPUS, needs_corpus

EARLIER = replace(BRIDGE, title="青屿百年石桥快修好了", lines=BRIDGE.lines[:-1])


def test_saved_pages_become_articles_in_the_order_of_their_names(qqnews: Run, folder: Path) -> None:
    pages = folder / "pages"
    (pages / "old").mkdir(parents=True)
    (pages / "b.html").write_bytes(rain(BRIDGE))
    (pages / "a.html.gz").write_bytes(gzip.compress(rain(HARVEST)))
    (pages / "old" / "c.htm").write_bytes(static(LAMP))
    (pages / "b_files").mkdir()
    (pages / "b_files" / "1.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (pages / "notes.txt").write_text("nothing")

    ended = qqnews("import", "pages")

    *found, summary = objects(ended.out)
    assert [page["id"] for page in found] == [HARVEST.id, BRIDGE.id, LAMP.id]
    assert [Path(page["file"]).name for page in found] == ["a.html.gz", "b.html", "c.htm"]
    assert found[1]["url"] == f"https://news.qq.com/rain/a/{BRIDGE.id}"
    assert (ended.code, summary["new"], summary["skipped"]) == (0, 3, 2)
    assert "2 files passed over" in ended.err
    again = qqnews("import", "pages")
    assert objects(again.out)[-1]["same"] == 3


def test_two_pages_of_an_article_that_were_saved_in_one_second_are_two_texts(
    qqnews: Run, folder: Path, kept: Kept
) -> None:
    """As files are that came out of a ZIP archive or a repository: none is the other read again."""
    for name, lines in (("a", BRIDGE.lines), ("b", BRIDGE.lines[:2]), ("c", BRIDGE.lines[:-1])):
        page = folder / f"{name}.html"
        page.write_bytes(rain(replace(BRIDGE, lines=lines)))
        os.utime(page, (1_900_000_000, 1_900_000_000))

    brought = qqnews("import", "a.html", "b.html", "c.html")

    log = objects(qqnews("log", BRIDGE.id).out)
    assert [page["result"] for page in objects(brought.out)[:3]] == ["new", "suspect", "revised"]
    assert [(one["revision"], one["read_again"]) for one in log] == [
        (1, False),
        (2, False),
        (3, False),
    ]
    assert qqnews("list", "is:revised", "-o", "url").out.count(BRIDGE.id) == 1
    assert kept.rows("select revisions from edited") == [{"revisions": 2}]
    assert kept.rows("select number from suspect") == []


def test_a_page_older_than_the_current_text_is_told_as_an_earlier_one(
    qqnews: Run, folder: Path
) -> None:
    for name, story, at in (("now", BRIDGE, 1_900_000_000), ("then", EARLIER, 1_800_000_000)):
        page = folder / f"{name}.html"
        page.write_bytes(rain(story))
        os.utime(page, (at, at))

    now = qqnews("import", "now.html", "-o", "table")
    then = qqnews("import", "then.html", "-o", "table")

    assert ["an earlier text" in ended.out for ended in (now, then)] == [False, True]
    assert objects(qqnews("list").out)[0]["title"] == BRIDGE.title


@pytest.mark.parametrize("shape", ["table", "jsonl"])
def test_an_article_that_was_forgotten_does_not_come_back_unnoticed(
    qqnews: Run, folder: Path, shape: str
) -> None:
    (folder / "page.html").write_bytes(rain(BRIDGE))
    first = qqnews("import", "page.html", "-o", shape)
    qqnews("forget", BRIDGE.id, "--yes")

    back = qqnews("import", "page.html", "-o", shape)
    again = qqnews("import", "page.html", "-o", shape)

    word = f"{BRIDGE.id} was forgotten on purpose and is back"
    assert (back.code, back.err.count(word)) == (0, 1)
    assert word not in first.err + again.err


def test_nothing_is_fetched_unless_asked_for(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    (folder / "page.html").write_bytes(rain(BRIDGE))

    alone, _ = objects(qqnews("import", "page.html", *little_qq.options).out)
    assert (alone["images"], alone["missing"], little_qq.asked) == (0, 2, [])

    other = ["--archive", "other"]
    whole, _ = objects(qqnews("import", "--pictures", "page.html", *little_qq.options, *other).out)
    assert (whole["images"], whole["missing"]) == (2, 0)
    assert little_qq.pages() == []


def test_a_reprint_with_pictures_keeps_them_though_its_words_are_known(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    """The agency sent the words; the paper that printed them had photographs."""
    told = tuple(line for line in BRIDGE.lines if not line.startswith("["))
    bare = replace(BRIDGE, lines=told, pictures=())
    pictured = replace(REPRINT, lines=("[0|]", *told, "[1|]"))
    (folder / "1.html").write_bytes(rain(bare))
    (folder / "2.html").write_bytes(rain(pictured))

    ended = qqnews("import", "--pictures", "1.html", "2.html", *little_qq.options)

    first, second, _ = objects(ended.out)
    assert (first["verdict"], first["images"]) == ("new", 0)
    assert (second["verdict"], second["copy_of"], second["images"]) == ("copy", BRIDGE.id, 2)
    assert "石匠师傅周大川" in Path(second["path"]).read_text("utf-8")
    assert qqnews("import", "2.html").code == 0
    assert objects(qqnews("reextract", "--all").out)[0]["judged"] == "same"
    assert qqnews("verify", "--read-data").code == 0


def test_a_page_that_tells_no_address_is_kept_under_a_name_of_its_own(
    qqnews: Run, folder: Path
) -> None:
    anonymous = rain(HARVEST).replace(HARVEST.id.encode(), b"")
    (folder / "page.html").write_bytes(anonymous)
    (folder / "again.html").write_bytes(anonymous)

    came = qqnews("import", "page.html", "again.html")

    page, again, _ = objects(came.out)
    assert came.code == 0
    assert (page["id"][:6], page["verdict"], again["verdict"]) == ("saved-", "new", "same")
    assert "does not say which article it is" in page["reason"]
    assert Path(page["path"]).read_text("utf-8").rstrip().endswith(")") is False


def test_an_address_can_be_given_for_a_page_that_tells_none(qqnews: Run, folder: Path) -> None:
    anonymous = rain(HARVEST).replace(HARVEST.id.encode(), b"")
    (folder / "page.html").write_bytes(anonymous)
    address = f"https://new.qq.com/rain/a/{HARVEST.id}"

    qqnews("import", "page.html")
    told = qqnews("import", "page.html", "--url", address)

    page, _ = objects(told.out)
    assert (told.code, page["id"], page["verdict"]) == (0, HARVEST.id, "new")


@pytest.mark.parametrize(
    ("url", "files", "said"),
    [
        ("https://news.qq.com/ch/tech", ["page.html"], "not an article"),
        (f"https://news.qq.com/rain/a/{HARVEST.id}", ["page.html", "page.html"], "give one FILE"),
    ],
)
def test_a_wrong_address_is_a_mistake_in_the_call(
    url: str, files: list[str], said: str, qqnews: Run, folder: Path
) -> None:
    (folder / "page.html").write_bytes(rain(HARVEST))

    ended = qqnews("import", *files, "--url", url)

    assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1)
    assert said in ended.err
    assert not (folder / "home").exists()


def test_a_file_that_is_no_web_page_is_told_for_what_it_is(
    qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "photo.html").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (folder / "words.html").write_bytes(b"just words")

    alone = qqnews("import", "photo.html")
    several = qqnews("import", "photo.html", "words.html")

    assert (alone.code, alone.out, alone.err.count("\n")) == (Exit.USAGE, "", 1)
    assert "photo.html: not a web page, because it is a JPEG picture — import takes" in alone.err
    assert several.code == Exit.INCOMPLETE
    assert "words.html: not a web page, because it is plain text" in several.err
    assert kept.ids() == set()


def test_a_page_without_its_body_is_told_and_not_stored(
    qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "paid.html").write_bytes(rain(PAID))

    ended = qqnews("import", "paid.html")

    page, _ = objects(ended.out)
    assert (ended.code, page["state"], page["verdict"]) == (Exit.INCOMPLETE, "paywalled", "")
    assert ended.err.count("\n") == 1
    assert kept.ids() == set()


@pytest.mark.parametrize(
    "saved_as",
    [f"https://inews.gtimg.com/om_bt/{BRIDGE_PHOTO}/641", f"http://inews.gtimg.com/om_bt/{BRIDGE_PHOTO}/1000"],
    ids=["the size the page names", "the size the browser showed"],
)  # fmt: skip
def test_a_page_saved_as_mhtml_brings_its_pictures(
    saved_as: str, qqnews: Run, folder: Path, kept: Kept
) -> None:
    address = f"https://news.qq.com/rain/a/{BRIDGE.id}"
    drawn = drawing(BRIDGE_PHOTO, "641")
    assert drawn is not None
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = address
    message["Date"] = "Fri, 20 Nov 2026 12:00:00 -0000"
    message.set_content(rain(BRIDGE).decode(), subtype="html", cte="base64")
    message["Content-Location"] = address
    message.make_related()
    message.add_related(
        drawn[1],
        "image",
        "jpeg",
        headers=[f"Content-Location: {saved_as}"],
    )
    (folder / "page.mhtml").write_bytes(message.as_bytes())

    page, _ = objects(qqnews("import", "page.mhtml").out)

    assert (page["id"], page["verdict"]) == (BRIDGE.id, "new")
    assert (page["images"], page["missing"]) == (1, 1)
    (row,) = kept.rows("select captured from articles")
    assert row["captured"].startswith("2026-11-20T12:00:00")


def test_an_archives_own_captures_can_be_imported_elsewhere(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    qqnews("add", BRIDGE.id, LAMP.id, PAID.id, *little_qq.options, "--archive", "first")

    ended = qqnews("import", "first/captures", "--archive", "second")

    found = {page["id"]: page for page in objects(ended.out)[:-1]}
    assert found[BRIDGE.id]["verdict"] == found[LAMP.id]["verdict"] == "new"
    assert found[PAID.id]["state"] == "paywalled"
    first, second = (Kept(folder / name).text(BRIDGE.id) for name in ("first", "second"))
    assert first.partition("\n---\n")[2].count("](") == second.partition("\n---\n")[2].count("](")


def test_captures_of_saved_pages_can_be_imported_elsewhere(qqnews: Run, folder: Path) -> None:
    """They lie there under the address of the file, which may be all that tells which article it was."""
    pages = {
        "a.html": static(LAMP),
        "b.html": rain(BRIDGE).replace(BRIDGE.id.encode(), b""),
        f"{HARVEST.id}.html": rain(HARVEST).replace(HARVEST.id.encode(), b""),
    }
    for name, page in pages.items():
        (folder / name).write_bytes(page)
    here = qqnews("import", *pages, "--archive", "first")

    there = qqnews("import", "first/captures", "--archive", "second")

    facts = ("id", "url", "verdict", "title")
    first, second = (
        [{name: page[name] for name in facts} for page in objects(ended.out)[:-1]]
        for ended in (here, there)
    )
    assert [page["id"][:6] for page in first] == [LAMP.id[:6], "saved-", HARVEST.id[:6]]
    assert second == first


@pytest.mark.parametrize("named", ["crawl/torn.warc.gz", "crawl"])
def test_a_warc_cut_short_gives_its_pages_and_says_that_it_is(
    qqnews: Run, folder: Path, named: str
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + rain(BRIDGE)
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.qq.com/rain/a/{BRIDGE.id}\r\n"
        "WARC-Date: 2026-11-20T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    record = gzip.compress(head.encode() + answer + b"\r\n\r\n")
    (folder / "crawl").mkdir()
    (folder / "crawl" / "torn.warc.gz").write_bytes(record + record[: len(record) // 2])

    ended = qqnews("import", named)

    *_, torn, summary = objects(ended.out)
    assert (ended.code, summary["new"], summary["refused"]) == (Exit.INCOMPLETE, 1, 1)
    assert "cut short" in torn["reason"]


def test_a_dry_run_reads_and_stores_nothing(qqnews: Run, folder: Path) -> None:
    (folder / "page.html").write_bytes(rain(BRIDGE))

    ended = qqnews("import", "-n", "page.html", "--archive", "news")

    page, summary = objects(ended.out)
    assert (ended.code, page["state"], page["id"]) == (0, "ok", BRIDGE.id)
    assert (summary["type"], summary["new"], summary["exit"]) == ("summary", 1, 0)
    assert "nothing was stored" in ended.err
    assert not (folder / "news").exists()


def test_a_dry_run_ends_as_the_import_would(qqnews: Run, folder: Path) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "good.html").write_bytes(rain(BRIDGE))
    (folder / "pages" / "empty.html").write_bytes(b"<html><title>x</title><p>hello</p></html>")
    whole = gzip.compress(rain(HARVEST))
    (folder / "pages" / "torn.html.gz").write_bytes(whole[: len(whole) // 2])

    for named in (["pages"], ["pages/empty.html"], ["pages/good.html", "pages/empty.html"]):
        looked = qqnews("import", "-n", *named)
        done = qqnews("import", *named)

        assert looked.code == done.code, named
        assert ("error: " in looked.err) == (looked.code != 0), looked.err
        assert objects(looked.out)[-1]["exit"] == done.code


def test_explain_reads_a_file_too(qqnews: Run, folder: Path) -> None:
    (folder / "page.htm").write_bytes(static(LAMP))

    told = json.loads(qqnews("explain", "page.htm", "-o", "json").out)
    said = qqnews("explain", "page.htm").out

    assert (told["state"], told["layout"], told["charset"]) == ("ok", "static", "gb18030")
    assert told["images"][0]["caption"] == "守灯人何长顺在灯塔上。"
    assert f"title         {LAMP.title}\n" in said


@pytest.mark.parametrize("word", ["no/such.html", "nothing", ""])
def test_explain_says_that_there_is_no_such_file(word: str, qqnews: Run) -> None:
    ended = qqnews("explain", word)

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert f"“{word}” is no file, and not an article, because " in ended.err


@needs_corpus
def test_every_real_page_that_holds_an_article_becomes_markdown(qqnews: Run) -> None:
    folders = ["rain-2024", "a-htm-2010", "a-htm-2016", "omn-2019", "omn-2020", "not-article"]

    ended = qqnews("import", *(CORPUS / "qq" / name for name in folders))

    kept = {Path(page["file"]).name for page in objects(ended.out)[:-1] if page["verdict"]}
    assert kept >= {
        "20240513A00GCM00.html",
        "tech_deepmind.html",
        "erge_penny.html",
        "20201130A0G1JJ00_piyao.html",
    }
    for page in objects(ended.out)[:-1]:
        assert bool(page["verdict"]) == bool(page["path"])
        assert page["reason"]
