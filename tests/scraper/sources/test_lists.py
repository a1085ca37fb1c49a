"""The lists of qq.com that can be polled: what is asked, and what an answer brings."""

import gzip
import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture
from scraper.errors import Limited, Unreachable
from scraper.sources.addresses import listed
from scraper.sources.author import Author
from scraper.sources.channel import CHANNELS, Channel
from scraper.sources.found import MOST, Finds, Source
from scraper.sources.hot import HotList
from scraper.sources.page import ListPage
from scraper.sources.search import SiteSearch
from scraper.sources.sitemap import Sitemap
from scraper.sources.tag import Tag
from tests.corpus import CORPUS, needs_corpus, page_bytes
from tests.scraper.sources.answers import answered, feed, hot, ids, row

CHANNEL = Channel(name="finance", channel="finance")
HOT = HotList(name="hot")
AUTHOR = Author(name="author", author="8QMabc12deAdvz3Z")
SEARCH = SiteSearch(name="search", query="石桥")
TAG = Tag(name="digest", tag="aEWqxLtdgmQ=")
PAGE = ListPage(name="list", url="https://news.qq.com/ch/tech")


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


# Rows that changed their shape.


def of_rows(rows: list[Any]) -> dict[str, tuple[Source, Capture]]:
    """The same rows as the answer of each list."""
    newslist = {"ret": 0, "newslist": rows, "hasNext": 1, "offsetInfo": "x"}
    return {
        "channel": (CHANNEL, answered({"code": 0, "data": rows})),
        "hot": (HOT, answered({"ret": 0, "idlist": [{"newslist": rows}]})),
        "author": (AUTHOR, answered(newslist, url=AUTHOR.requests()[0].url)),
        "search": (SEARCH, answered({"ret": 0, "secList": [{"newsList": rows}]})),
        "tag": (TAG, answered({"ret": 0, "data": {"tabs": [{"articleList": rows}]}})),
    }


@pytest.mark.parametrize("kind", of_rows([]))
@pytest.mark.parametrize(
    "strange",
    [
        {"title": "x", "articleId": "20260801A01AAA00"},
        {"title": "x", "id": "article:20260801A01AAA00"},
        {"title": "x", "id": "1", "link_info": {"url": "https://news.qq.com/rain/a/hello"}},
        {"title": "x", "id": "1", "url": "https://news.example/rain/a/20260801A01AAA00"},
        "https://news.qq.com/rain/a/20260801A01AAA00",
        ["20260801A01AAA00", "x"],
    ],
    ids=["no id", "another id", "another address", "another host", "a text", "a list"],
)
def test_rows_of_none_of_which_an_article_can_be_told_are_no_list(kind: str, strange: Any) -> None:
    head = row("TIP2026080100", "560")
    source, told = of_rows([head, *[strange] * 5])[kind]

    with pytest.raises(Unreachable, match="rows of an unknown shape") as error:
        source.finds(told)

    assert error.value.kind == "answer"


@pytest.mark.parametrize("kind", of_rows([]))
def test_rows_that_are_all_left_out_on_purpose_are_nothing_new(kind: str) -> None:
    videos = [row(f"20260801V01AA{n}00", "56") for n in range(4)]
    topics = [row("UTR2026080100116500"), row("x", "100"), row("RLV2026080100116500")]
    linked = row("x", link_info={"url": "https://v.qq.com/x/page/a0000000000.html"})
    source, told = of_rows([*videos, *topics, linked, {"title": "an advert"}])[kind]

    finds = source.finds(told)

    assert (ids(finds), sum(finds.skipped.values())) == ([], 9)


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


# Errors that come with status 200, and others.

LISTS: list[Source] = [CHANNEL, HOT, AUTHOR, SEARCH, TAG]
NAMES = [source.name for source in LISTS]


@pytest.mark.parametrize("source", LISTS, ids=NAMES)
@pytest.mark.parametrize(
    "told",
    [
        {"ret": 404, "msg": "参数错误"},
        {"code": 10001, "message": "系统繁忙"},
        {"code": 99998},
        {"code": 1, "message": "busy"},
        {"ret": "-1", "msg": "x"},
    ],
)
def test_an_error_told_in_json_is_no_empty_list_and_may_pass(source: Source, told: object) -> None:
    with pytest.raises(Unreachable, match="the list answered") as error:
        source.finds(answered(told))
    assert error.value.kind == "busy"


SITEMAP = Sitemap(name="sitemap")


@pytest.mark.parametrize("source", [*LISTS, PAGE, SITEMAP], ids=[*NAMES, "page", "sitemap"])
@pytest.mark.parametrize(
    "page",
    [
        b"<html><script>location.href='https://waf.tencent.com/501page.html?u=x&id=y'</script>",
        "<!DOCTYPE html><title>验证码</title><div id=tcaptcha>".encode(),
        b"<html><center>EdgeOne</center></html>",
    ],
)
def test_a_firewall_in_place_of_the_json_asks_us_to_stop(source: Source, page: bytes) -> None:
    with pytest.raises(Limited, match="firewall"):
        source.finds(answered(page))


@pytest.mark.parametrize("source", [*LISTS, PAGE], ids=[*NAMES, "page"])
@pytest.mark.parametrize("status", [403, 429, 501, 566, 567])
def test_a_block_asks_us_to_stop(source: Source, status: int) -> None:
    with pytest.raises(Limited) as error:
        source.finds(answered(b"<html>", status=status))
    assert error.value.status == status


@pytest.mark.parametrize("source", LISTS, ids=NAMES)
@pytest.mark.parametrize(
    "body",
    [b"", b"<html><p>hello", b"null", b"[]", b'{"code":0', b'{"code":0}', b"{}", b"[" * 100_000,
     b'{"code":0,"data":7,"idlist":{}}', b'{"ret":0,"idlist":[]}', b'\xff\xfe{"code":0}',
     b'{"code":0,"data":[' + b"9" * 5000 + b"]}"],
)  # fmt: skip
def test_an_answer_of_another_shape_is_an_error_and_never_nothing_new(
    source: Source, body: bytes
) -> None:
    with pytest.raises(Unreachable) as error:
        source.finds(answered(body))
    assert error.value.kind == "answer"


@pytest.mark.parametrize(
    "body",
    [b"", b"<a href='/ch/tech'>", gzip.compress(b"<a href='/rain/a/20260801A01AAA00'>")],
    ids=["nothing", "other links", "still packed"],
)
def test_a_page_that_links_to_no_article_is_never_nothing_new(body: bytes) -> None:
    with pytest.raises(Unreachable, match="links to no article"):
        PAGE.finds(answered(body, url=PAGE.url))


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


@pytest.mark.parametrize(
    "flaw",
    [b"\\ud83d", "字".encode()[:2], b"\xff", b"\\u0000"],
    ids=["half an emoji", "half a character", "no UTF-8", "a zero"],
)
def test_a_title_that_is_damaged_costs_no_list(flaw: bytes) -> None:
    told = feed(row("20260801A01AAA00", title="FLAW"), row("20260801A01BBB00"))
    body = b"\xef\xbb\xbf" + told.body.replace(b"FLAW", b"half a title " + flaw)

    finds = CHANNEL.finds(answered(body))

    assert ids(finds) == ["20260801A01AAA00", "20260801A01BBB00"]
    assert finds.articles[0].title.startswith("half a title")
    finds.articles[0].title.encode()  # fit to be written down


@pytest.mark.parametrize("source", [*LISTS, PAGE], ids=[*NAMES, "page"])
@pytest.mark.parametrize(
    "place",
    ["https://waf.tencent.com/501page.html?u=x", "https://www.qq.com/captcha?词".encode().decode("latin-1")],
)  # fmt: skip
def test_who_is_sent_to_the_firewall_is_asked_to_stop(source: Source, place: str) -> None:
    told = Capture(
        url="https://i.news.qq.com/x", at=datetime.now(UTC), body=b"", status=302, headers=(("Location", place),)
    )  # fmt: skip
    with pytest.raises(Limited, match="firewall"):
        source.finds(told)


def test_a_list_without_end_brings_no_more_than_a_list_may_have() -> None:
    rows = [row(f"20260801A{n:05}00") for n in range(7_000)]
    links = "".join(f"<a href='{one['link_info']['url']}'>" for one in rows)

    of_feed = CHANNEL.finds(feed(*rows))
    of_page = PAGE.finds(answered(links.encode(), url=PAGE.url))

    assert len(of_feed.articles) == len(of_page.articles) == MOST
    assert of_feed.skipped == {f"beyond the first {MOST}": 2_000}


def test_a_server_error_may_pass_and_a_missing_list_will_not() -> None:
    with pytest.raises(Unreachable) as busy:
        CHANNEL.finds(answered(b"", status=503))
    with pytest.raises(Unreachable) as gone:
        CHANNEL.finds(answered(b"", status=404))
    assert (busy.value.kind, gone.value.kind) == ("busy", "answer")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "articletype", "title", "link_info", "url", "sub_item", "data", "newslist", "idlist",
                         "publish_time", "code", "ret"]), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_whatever_stands_in_the_json_it_is_finds_or_an_error_we_know(told: object) -> None:
    shapes: list[object] = [
        told,
        {"code": 0, "data": told},
        {"ret": 0, "idlist": [{"newslist": told}]},
        {"ret": 0, "newslist": told, "hasNext": told, "offsetInfo": told},
        {"ret": 0, "userinfo": told},
        {"ret": 0, "secList": [{"newsList": told}, told]},
        {"ret": 0, "data": {"tabs": [{"articleList": told}, told]}},
    ]
    for source in LISTS:
        for body in shapes:
            with suppress(Unreachable):
                assert isinstance(source.finds(answered(body)), Finds)


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
        "https://view.inews.qq.com/a/20260801A01AAA00\n",
        "https://example.com/\n",
        "hello\n",
    ]
    finds = listed(lines)
    assert ids(finds) == ["20260801A01AAA00", "20260801A01BBB00"]
    assert [str(error).partition(":")[0] for error in finds.refused] == ["line 6", "line 7"]
    assert "does not belong to qq.com" in str(finds.refused[0])
