"""`qqnews add` when the address, the site or the disk says no: one line, the right code, nothing lost."""

import stat
import sys
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, PAID, WITHDRAWN
from tests.cli.conftest import Kept, Run, bound_by_permissions, objects
from tests.cli.little_qq import LittleQQ


def address(id: str) -> str:
    return f"https://news.qq.com/rain/a/{id}"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("https://news.qq.com/ch/finance", "not an article"),
        ("https://news.qq.com.evil.example/rain/a/20261120A05LKQ00", "not an article"),
        ("https://example.com/", "not an article"),
        ("file:///etc/passwd", "not an article"),
        ("http://127.0.0.1/rain/a/20261120A05LKQ00", "not an article"),
        ("nonsense", "not an article"),
        ("https://mp.weixin.qq.com/s?__biz=MzA3MjA0NjU5NA==", "put it in quotes"),
        ("https://mp.weixin.qq.com/s?src=11", "put it in quotes"),
        ("https://news.qq.com/\x1b[2J", "not an article"),
    ],
)
def test_one_address_that_is_no_article_is_a_mistake_in_the_call(
    word: str, why: str, qqnews: Run, folder: Path
) -> None:
    ended = qqnews("add", word, "--archive", "news")

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1
    assert why in ended.err
    assert "\x1b" not in ended.err
    assert not (folder / "news").exists()


def test_among_others_it_is_told_and_the_others_are_kept(qqnews: Run, little_qq: LittleQQ) -> None:
    ended = qqnews("add", "https://news.qq.com/ch/tech", BRIDGE.id, *little_qq.options)

    pages = {page["result"]: page for page in objects(ended.out)[:-1]}
    assert ended.code == Exit.INCOMPLETE
    assert set(pages) == {"refused", "new"}
    assert "not an article" in pages["refused"]["reason"]


@pytest.mark.parametrize(
    ("links", "count"), [((), "0 links"), (("https://example.org/", "https://www.qq.com/"), "2 links")]
)  # fmt: skip
def test_bookmarks_without_an_article_are_one_refusal_that_says_what_is_in_them(
    links: tuple[str, ...], count: str, qqnews: Run, folder: Path
) -> None:
    """As a list of plain addresses, none of an article, refuses each; hundreds of bookmarks would be hundreds."""
    rows = "".join(f'<DT><A HREF="{url}">书签</A>\n' for url in links)
    (folder / "bookmarks.html").write_text(f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL>\n{rows}")

    ended = qqnews("add", "@bookmarks.html")

    refused, summary = objects(ended.out)
    assert (ended.code, summary["refused"]) == (Exit.INCOMPLETE, 1)
    assert (refused["url"], refused["reason"]) == (
        "bookmarks.html",
        f"no article among its {count}",
    )
    assert f"error: bookmarks.html: no article among its {count}\n" in ended.err
    would = qqnews("add", "-n", "-", stdin=(folder / "bookmarks.html").read_bytes())
    assert (would.code, objects(would.out)[0]["would"]) == (Exit.INCOMPLETE, "refuse")


@pytest.mark.parametrize("content", ["", "\n# none today\n"], ids=["empty", "remarks alone"])
def test_a_list_that_names_nothing_is_nothing_to_do(content: str, qqnews: Run) -> None:
    """So `qqnews list is:gone -o url | qqnews add --again -` fails on no day on which nothing is gone."""
    assert qqnews("add", "-", stdin=content).code == 0


def test_a_withdrawn_article_is_gone_and_nothing_is_stored_as_its_text(
    qqnews: Run, little_qq: LittleQQ, kept: Kept
) -> None:
    ended = qqnews("add", WITHDRAWN, *little_qq.options)
    page, _ = objects(ended.out)

    assert (ended.code, page["state"], page["verdict"], page["path"]) == (0, "gone", "", "")
    assert "babygohome" in page["reason"]
    assert kept.ids() == set()
    assert not any("babygohome" in one for one in little_qq.asked)


def test_a_page_without_its_body_is_told_with_its_state_and_code_3(
    qqnews: Run, little_qq: LittleQQ, kept: Kept
) -> None:
    ended = qqnews("add", PAID.id, *little_qq.options)
    page, _ = objects(ended.out)

    assert (ended.code, page["state"], page["verdict"]) == (Exit.INCOMPLETE, "paywalled", "")
    assert page["reason"]
    assert kept.ids() == set()


def test_a_good_copy_survives_what_the_site_shows_later(
    qqnews: Run, little_qq: LittleQQ, kept: Kept
) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)
    before = kept.text(BRIDGE.id)
    for fault in (
        Answer(status=302, headers={"Location": "https://www.qq.com/babygohome/?pgv_ref=404"}),
        Answer(body=b"<html><title>x</title></html>"),
        Answer(status=500),
        Answer(status=567),
    ):
        little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = fault
        little_qq.faults[f"view.inews.qq.com/a/{BRIDGE.id}"] = fault
        qqnews("add", "--again", BRIDGE.id, *little_qq.options)

    assert kept.text(BRIDGE.id) == before


def test_a_site_that_cannot_be_reached_is_one_line(qqnews: Run, kept: Kept) -> None:
    ended = qqnews(
        "add", BRIDGE.id,
        "--set", "network.connect_to=::127.0.0.1:1",
        "--set", "network.pace.page=1ms",
        "--set", "network.retry.first=1ms",
        "--set", "network.retry.longest=1ms",
    )  # fmt: skip

    assert ended.code in (Exit.NO_NETWORK, Exit.INCOMPLETE)
    assert ended.err.count("\n") == 1
    assert BRIDGE.id in ended.err
    assert "refused" in ended.err
    assert "`qqnews run` tries it again" in ended.err
    assert [(row["id"], row["source"]) for row in kept.waiting()] == [(BRIDGE.id, "add")]


def test_a_certificate_nobody_vouches_for_is_refused(qqnews: Run, little_qq: LittleQQ) -> None:
    words = [*little_qq.options, "--set", "network.ca_file=null"]
    ended = qqnews("add", BRIDGE.id, *words)

    assert ended.code == Exit.INCOMPLETE
    assert "certificate" in ended.err
    assert little_qq.asked == []


def test_a_site_that_wants_us_to_stop_gives_code_8(qqnews: Run, little_qq: LittleQQ) -> None:
    little_qq.faults["news.qq.com"] = Answer(status=429, headers={"Retry-After": "7200"})

    ended = qqnews("add", BRIDGE.id, *little_qq.options)

    assert ended.code == Exit.LIMITED
    assert objects(ended.out)[0]["result"] == "limited"


def test_a_picture_that_is_missing_never_costs_the_article(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    little_qq.faults["inews.gtimg.com"] = Answer(status=404)

    ended = qqnews("add", BRIDGE.id, *little_qq.options)
    page, _ = objects(ended.out)

    assert (page["verdict"], page["images"], page["missing"]) == ("new", 0, 2)
    assert ended.code == Exit.INCOMPLETE
    assert "](https://inews.gtimg.com/" in Path(page["path"]).read_text("utf-8")


def test_an_unwritable_folder_is_told_before_anything_is_asked(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    place = folder / "news"
    place.write_text("a file where the archive should be")

    ended = qqnews("add", BRIDGE.id, *little_qq.options, "--archive", "news")

    assert ended.code in (Exit.STORAGE, Exit.USAGE)
    assert ended.err.count("\n") == 1
    assert "news" in ended.err
    assert little_qq.asked == []
    assert place.read_text() == "a file where the archive should be"


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_a_read_only_folder_gives_code_6(qqnews: Run, little_qq: LittleQQ, folder: Path) -> None:
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)

    words = ("add", BRIDGE.id, *little_qq.options, "--archive", "news")
    ended = qqnews(*words, first=bound_by_permissions)
    folder.chmod(0o755)

    assert ended.code == Exit.STORAGE, ended.err
    assert "no permission" in ended.err
    assert ended.err.count("\n") == 1
    assert little_qq.asked == []
