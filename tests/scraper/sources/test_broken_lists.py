"""Lists that are none: an error told as JSON, a firewall's page, another shape; never taken for "nothing new"."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture
from scraper.errors import Limited, Unreachable
from scraper.sources.found import Finds, Source
from scraper.sources.sitemap import Sitemap
from tests.scraper.sources.answers import (
    AUTHOR,
    CHANNEL,
    HOT,
    PAGE,
    SEARCH,
    TAG,
    answered,
    feed,
    ids,
    row,
)


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
