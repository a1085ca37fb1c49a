"""The lists of qq.com that can be polled: what is asked, and what an answer brings."""

import json
import time
from contextlib import suppress

import pytest

from scraper.errors import Limited, Unreachable
from scraper.sources.addresses import listed
from scraper.sources.channel import CHANNELS, Channel
from scraper.sources.found import MOST
from scraper.sources.hot import HotList
from tests.corpus import CORPUS, needs_corpus, page_bytes
from tests.scraper.sources.answers import (
    CHANNEL,
    HOT,
    PAGE,
    answered,
    feed,
    hot,
    ids,
    row,
)

# The channel feed.


def test_a_channel_is_asked_page_by_page_as_its_own_pages_ask() -> None:
    first, second = Channel(name="t", channel="tech", pages=2).requests()
    assert (first.method, first.url) == ("POST", "https://i.news.qq.com/web_feed/getPCList")
    assert ("Content-Type", "application/json;charset=UTF-8") in first.headers
    assert ("Referer", "https://news.qq.com/") in first.headers
    said, later = json.loads(first.content), json.loads(second.content)
    assert said["channel_id"] == "news_news_tech"
    assert (said["forward"], said["flush_num"]) == ("2", 1)
    assert (later["forward"], later["flush_num"]) == ("1", 2)
    assert said["qimei36"] == said["device_id"]


def test_a_channel_may_be_named_in_full() -> None:
    (request,) = Channel(name="x", channel="news_news_fx").requests()
    assert json.loads(request.content)["channel_id"] == "news_news_fx"


@pytest.mark.parametrize("channel", ["", "Tech", "财经", 'x"y', "a" * 61])
def test_a_channel_that_cannot_be_is_refused_with_the_known_ones(channel: str) -> None:
    with pytest.raises(ValueError, match="known ones: home, top"):
        Channel(name="x", channel=channel)


def test_every_known_channel_can_be_asked() -> None:
    assert all(Channel(name=name, channel=name).requests() for name in CHANNELS)


def test_a_feed_brings_articles_with_title_and_time_of_beijing() -> None:
    (find,) = CHANNEL.finds(feed(row("20260801A01ABC00"))).articles
    assert find.article.id == "20260801A01ABC00"
    assert find.article.given == "https://new.qq.com/rain/a/20260801A01ABC00"
    assert find.title == "第20260801A01ABC00号"
    assert find.published is not None
    assert find.published.isoformat() == "2026-08-01T08:00:00+08:00"


def test_a_wrapper_gives_the_articles_in_it_and_has_no_page_itself() -> None:
    wrapper = row(
        "20260801A01AAA00", "525", sub_item=[row("20260801A01BBB00"), row("20260801V01CCC00", "56")]
    )
    finds = CHANNEL.finds(feed(wrapper, row("20260801A01DDD00")))
    assert ids(finds) == ["20260801A01BBB00", "20260801A01DDD00"]
    assert finds.skipped == {"a video": 1}


def test_an_article_named_twice_is_brought_once() -> None:
    finds = CHANNEL.finds(feed(row("20260801A01BBB00"), row("20260801A01BBB00")))
    assert ids(finds) == ["20260801A01BBB00"]


@pytest.mark.parametrize(
    ("kind", "known", "what"),
    [
        ("56", "20260801V01AAA00", "a video"),
        ("4", "20260801A01AAA00", "a video"),
        ("118", "20260801A01AAA00", "a video"),
        ("0", "20260801V01AAA00", "a video"),
        ("102", "20260801A01AAA00", "a live broadcast"),
        ("100", "20260801A01AAA00", "a special topic"),
        ("560", "TIP2026080100", "the head of the list"),
        ("525", "20260801A01AAA00", "an empty wrapper"),
        ("0", "UTR2026080100116500", "a special topic"),
        ("0", "RLV2026080100116500", "a live broadcast"),
    ],
)
def test_what_is_no_article_is_counted_by_its_name(kind: str, known: str, what: str) -> None:
    finds = CHANNEL.finds(feed(row(known, kind)))
    assert (ids(finds), finds.skipped) == ([], {what: 1})


def test_videos_come_when_they_are_wanted() -> None:
    wanting = Channel(name="v", channel="video", videos=True)
    assert ids(wanting.finds(feed(row("20260801V01AAA00", "56")))) == ["20260801V01AAA00"]


def test_a_row_without_its_own_address_is_known_by_its_id() -> None:
    assert ids(CHANNEL.finds(feed(row("20260801A01BBB00", link_info=None)))) == ["20260801A01BBB00"]
    finds = CHANNEL.finds(feed({"title": "x"}, row("20260801A01BBB00")))
    assert finds.skipped == {"a row without an address": 1}


def test_an_address_that_leads_elsewhere_is_no_find() -> None:
    evil = row("20260801A01BBB00", link_info={"url": "https://news.qq.com.evil.example/rain/a/x"})
    assert ids(CHANNEL.finds(feed(evil, row("20260801A01CCC00")))) == ["20260801A01CCC00"]


def test_an_empty_feed_is_nothing_new_and_no_error() -> None:
    assert CHANNEL.finds(feed()).articles == ()


# The hot list.


def test_the_hot_list_is_asked_for_its_head_too_and_gives_the_rest() -> None:
    (request,) = HotList(name="hot", count=20).requests()
    assert "page_size=21" in request.url
    assert "rank_id=hot" in request.url
    (head, article) = (
        row("TIP2026080100", "560"),
        row("20260801A01BBB00", time="2026-08-01 09:00:00"),
    )
    finds = HOT.finds(hot(head, article))
    assert ids(finds) == ["20260801A01BBB00"]
    assert finds.skipped == {"the head of the list": 1}


def test_a_hot_row_has_its_address_and_time_under_other_names() -> None:
    plain = {
        "id": "20260801A01BBB00",
        "articletype": 0,
        "title": "短题",
        "longtitle": "长题",
        "url": "https://view.inews.qq.com/a/20260801A01BBB00?#",
        "time": "2026-08-01 09:00:00",
    }
    (find,) = HOT.finds(hot(plain)).articles
    assert (find.title, find.article.id) == ("长题", "20260801A01BBB00")
    assert find.published is not None and find.published.hour == 9


@needs_corpus
def test_a_real_hot_row_is_an_article() -> None:
    real = json.loads((CORPUS / "api/hot-list-2022/hot_ranking_entry.json").read_text("utf-8"))
    (find,) = HOT.finds(hot(real)).articles
    assert (find.article.id, find.title) == (real["id"], real["longtitle"])


@pytest.mark.parametrize(
    "written",
    ["<link><![CDATA[{}]]></link>", "见{}，谢谢", "({})", "[桥]({}).", "{}.", "&lt;a href=&quot;{}&quot;&gt;", "`{}`",
     "见{}…", "{{{}}}"],
)  # fmt: skip
def test_an_address_in_a_text_ends_where_the_text_goes_on(written: str) -> None:
    address = "https://news.qq.com/rain/a/20260801A01AAA00"
    told = answered(written.format(address).encode(), url=PAGE.url)
    assert ids(PAGE.finds(told)) == ["20260801A01AAA00"]


def test_an_address_in_a_script_may_have_its_slashes_escaped() -> None:
    for slash in ("\\/", "\\u002F"):
        script = '{"url":"https://news.qq.com/rain/a/20260801A01AAA00"}'.replace("/", slash)
        told = answered(script.encode(), url=PAGE.url)
        assert ids(PAGE.finds(told)) == ["20260801A01AAA00"]


def test_a_list_without_end_brings_no_more_than_a_list_may_have() -> None:
    rows = [row(f"20260801A{n:05}00") for n in range(7_000)]
    links = "".join(f"<a href='{one['link_info']['url']}'>" for one in rows)

    of_feed = CHANNEL.finds(feed(*rows))
    of_page = PAGE.finds(answered(links.encode(), url=PAGE.url))

    assert len(of_feed.articles) == len(of_page.articles) == MOST
    assert of_feed.skipped == {f"beyond the first {MOST}": 2_000}


# A page that links to articles.

LINKS = """<!DOCTYPE html><html><body>
<a href="https://news.qq.com/rain/a/20260801A01AAA00?from=list">一</a>
<a href='//new.qq.com/omn/20260801/20260801A01BBB00.html'>二</a>
<a href=/rain/a/20260801A01CCC00>三</a>
<a href="https://news.qq.com/rain/a/20260801A01AAA00">一，再一次</a>
<a href="/ch/tech/">频道</a> <a href="https://evil.example/rain/a/20260801A01ZZZ00">远方</a>
<a href="javascript:go('20260801A01YYY00')">x</a>
<script>window.list = [{"url":"https:\\/\\/view.inews.qq.com\\/a\\/20260801A01DDD00?x=1",
"vurl":"//new.qq.com/rain/a/20260801A01EEE00"}]</script>
<a href="https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&amp;mid=5&amp;idx=1&amp;sn=0123456789abcdef">六</a>
<a href="http://tech.qq.com/a/20160226/034029.htm">七</a>
"""


def test_a_page_gives_the_articles_it_links_to_in_its_order() -> None:
    finds = PAGE.finds(answered(LINKS.encode(), url="https://news.qq.com/ch/tech"))
    assert ids(finds) == [
        "20260801A01AAA00", "20260801A01BBB00", "20260801A01CCC00", "20260801A01DDD00", "20260801A01EEE00",
        "wx-3000000001-5-1", "TEC2016022603402900",
    ]  # fmt: skip


def test_a_page_in_gbk_gives_its_links_too() -> None:
    body = LINKS.encode("gb18030")
    assert len(PAGE.finds(answered(body, url=PAGE.url)).articles) == 7


def test_a_missing_page_is_an_error() -> None:
    with pytest.raises(Unreachable, match="HTTP 404"):
        PAGE.finds(answered(b"", status=404))


@pytest.mark.parametrize(
    "hostile",
    [b"href=" * 200_000, b"https://" + b"a" * 500_000, b'href="' + b"/" * 500_000, b"\\/\\/qq.com\\/" * 60_000,
     b"https://qq.com/" + b"\\/a" * 300_000, b"href =" * 200_000,
     b"".join(b"<a href=/%d>" % n for n in range(200_000)), b"https://news.qq.com/" + b".," * 500_000 + b"x"],
)  # fmt: skip
def test_a_hostile_page_costs_no_time(hostile: bytes) -> None:
    began = time.process_time()
    with suppress(Unreachable):
        PAGE.finds(answered(hostile, url=PAGE.url))
    assert time.process_time() - began < 3


@needs_corpus
def test_a_real_list_page_links_to_articles() -> None:
    found = []
    for path in (CORPUS / "qq/not-article").iterdir():
        with suppress(Unreachable, Limited):
            told = answered(page_bytes(f"qq/not-article/{path.name}"), url=PAGE.url)
            found.append(len(PAGE.finds(told).articles))
    assert max(found) >= 5


# Addresses that a person wrote down.


def test_a_list_of_addresses_may_hold_remarks_and_says_which_lines_it_could_not_read() -> None:
    lines = [
        "\ufeff# my reading list\n",
        "\n",
        "https://news.qq.com/rain/a/20260801A01AAA00   read this\n",
        "  20260801A01BBB\r\n",
        "a bridge of 1926\thttps://news.qq.com/rain/a/20260801A01CCC00\n",
        "石桥 https://example.com/\n",
        "https://view.inews.qq.com/a/20260801A01AAA00\n",
        "https://example.com/\n",
        "hello\n",
    ]
    finds = listed(lines)
    assert ids(finds) == ["20260801A01AAA00", "20260801A01BBB00", "20260801A01CCC00"]
    refused = [str(error).split(": ")[0:2] for error in finds.refused]
    assert refused == [
        ["line 6", "https://example.com/"],
        ["line 8", "https://example.com/"],
        ["line 9", "hello"],
    ]
    assert "does not belong to qq.com" in str(finds.refused[1])


def test_bookmarks_none_of_which_is_an_article_are_no_list_of_articles() -> None:
    lines = ["<!DOCTYPE NETSCAPE-Bookmark-file-1>\n", '<DT><A HREF="https://example.org/">x</A>\n']
    (refused,) = listed(lines).refused
    assert str(refused) == "the file: no article among its 1 link"
    assert (
        listed([*lines, '<DT><A HREF="https://news.qq.com/rain/a/20260801A01AAA00">']).refused == ()
    )
