"""What a capture becomes: the contract of an article, and whose word counts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.capture import Capture
from archive.state import State
from scraper.extract import extract
from scraper.urls import identify

AT = datetime(2026, 11, 23, tzinfo=UTC)
ASKED = identify("https://news.qq.com/rain/a/20260305A01ABC00")
BODY = "<p>清晨六点，渡船从东岸码头出发，工程师说它比人更守时，随后是掌声。</p>"


def rain(text: str = BODY, head: str = "", **facts: Any) -> bytes:
    """A page of today with these facts."""
    data = {
        "article_id": "20260305A01ABC00",
        "title": "无人渡船首航",
        "originContent": {"text": text},
    } | facts
    said = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f"<html><head><title>t_腾讯新闻</title>{head}</head><script>window.DATA = {said};\n</script>".encode()


def fetched(body: bytes, url: str = ASKED.canonical) -> Capture:
    return Capture(url=url, asked=url, at=AT, body=body)


def saved(body: bytes) -> Capture:
    return Capture(url="file:///page.html", at=AT, body=body, origin="file")


def test_the_address_asked_for_gives_the_id_whatever_the_page_claims() -> None:
    head = '<meta property="og:url" content="https://news.qq.com/rain/a/20200101A0OTHR00">'

    reading = extract(fetched(rain(head=head, article_id="")), ASKED)

    assert reading.state is State.OK
    assert reading.article
    assert reading.article.id == ASKED.id
    assert reading.article.addresses == ()


def test_a_page_of_another_article_is_an_error_and_no_article() -> None:
    reading = extract(fetched(rain(article_id="20200101A0OTHR00")), ASKED)

    assert reading.state is State.ERROR
    assert reading.rule == "the page is that of another article"
    assert "20200101A0OTHR00" in reading.evidence


WECHAT = "https://mp.weixin.qq.com/s?__biz=MzAxMjM0NTY3OA==&mid={mid}&idx=1&sn=00112233445566778899aabbccddeeff"
POST = """<h1 id="activity-name">会记路的机器</h1><div id="js_content">
<p>青石科技造出一台会记路的机器，它走过一次就不会迷路。</p></div><script>
var biz = "MzAxMjM0NTY3OA=="; var mid = "2650000005"; var idx = "1";</script>"""


@pytest.mark.parametrize(
    ("asked", "came_from", "state"),
    [
        (2650000005, 2650000005, State.OK),
        (2650000006, 2650000006, State.ERROR),
        (2650000006, 2650000005, State.OK),
    ],
    ids=["the post asked for", "another", "one that moved with its account"],
)
def test_a_wechat_post_is_held_to_the_one_asked_for(
    asked: int, came_from: int, state: State
) -> None:
    which = identify(WECHAT.format(mid=asked))

    reading = extract(fetched(POST.encode(), WECHAT.format(mid=came_from)), which)

    assert reading.state is state, reading.rule


def test_a_page_with_two_ids_is_the_article_if_one_of_them_was_asked_for() -> None:
    """A question's answer carries the id of its question as well."""
    assert extract(fetched(rain(cms_id="20200101Q0OTHR00")), ASKED).state is State.OK


@pytest.mark.parametrize("own", ["20260305A01ABC", "20260305A01ABC00", "", "0"])
def test_short_and_long_forms_of_an_id_are_the_same_article(own: str) -> None:
    assert extract(fetched(rain(article_id=own)), ASKED).state is State.OK


def test_an_article_of_a_channel_is_not_taken_for_another_by_its_number() -> None:
    static = """<html><head><title>会记路的机器_科技_腾讯网</title></head><script>
    ARTICLE_INFO = window.ARTICLE_INFO || { id: '20161014006270', title: '会记路的机器' }</script>
    <div id="Cnt-Main-Article-QQ"><p>青石科技造出一台会记路的机器，它走过一次就不会迷路。</p></div>"""
    address = "http://tech.qq.com/a/20161014/006270.htm"

    assert extract(fetched(static.encode("gb18030"), address), identify(address)).state is State.OK


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (
            '<meta property="og:url" content="https://news.qq.com/rain/a/20260305A01ABC00">',
            "20260305A01ABC00",
        ),
        (
            '<link rel="canonical" href="//new.qq.com/omn/20190907/20190907A081B000.html">',
            "20190907A081B000",
        ),
        ("", "20260305A01ABC00"),
    ],
)
def test_a_saved_page_tells_itself_which_article_it_is(head: str, found: str) -> None:
    article_id = "" if head else "20260305A01ABC"
    capture = saved(rain(head=head, article_id=article_id))

    reading = extract(capture)

    assert reading.article
    assert reading.article.id == found


def test_a_saved_page_that_does_not_tell_has_an_article_without_an_id() -> None:
    reading = extract(saved(rain(article_id="")))

    assert reading.state is State.OK
    assert reading.article
    assert (reading.article.id, reading.article.url) == ("", "")


PICTURE = "<p><!--IMG_0--></p>"
MEDIA = {
    "IMG_0": {"url": "https://inews.gtimg.com/newsapp_bt/0/13900112233/641"},
    "VIDEO_0": {
        "vid": "q0099abcxyz",
        "title": "一段很长的视频标题，比四十个字还要长，因此不能算作文章的正文，也不能让人误以为这里有一篇文章",
    },
}


@pytest.mark.parametrize(
    ("page", "state", "rule"),
    [
        (lambda: rain(), State.OK, "rain: originContent.text"),
        (lambda: rain(PICTURE, originAttribute=MEDIA), State.OK, "rain: originContent.text"),
        (lambda: rain("<p>停航。</p>"), State.THIN, "only 2 characters"),
        (lambda: rain("<p>无人渡船首航！</p>"), State.THIN, "the body is only the title"),
        (lambda: rain("<p><!--VIDEO_0--></p>", originAttribute=MEDIA), State.VIDEO, "a video and 0 characters"),
        (lambda: rain(BODY * 2 + "<p><!--VIDEO_0--></p>", originAttribute=MEDIA), State.OK, "originContent"),
        (lambda: rain("", article_is_pay=True), State.PAYWALLED, "article_is_pay is set, and there is no body"),
        (lambda: rain(payment_column_info_v1={"is_column_pay": True}), State.PAYWALLED, "is_column_pay is set"),
        (lambda: rain(""), State.THIN, "no text and no picture"),
        (lambda: rain(is_deleted=1), State.GONE, "is_deleted"),
        (lambda: rain("<p>" + "渡船\ufffd停航。" * 20 + "</p>"), State.ERROR, "of the characters are lost"),
        (lambda: rain(BODY.encode().decode("latin-1")), State.ERROR, "read as Latin-1"),
        (lambda: rain("<p>无人渡船首航</p>" + PICTURE, originAttribute=MEDIA), State.OK, "originContent"),
        (lambda: rain(title="渡\ufffd首航"), State.ERROR, "of the characters are lost"),
        (lambda: rain(title="").replace("t_腾讯新闻".encode(), b""), State.THIN, "no title"),
    ],
)  # fmt: skip
def test_only_what_keeps_the_contract_is_an_article(
    page: Callable[[], bytes], state: State, rule: str
) -> None:
    reading = extract(fetched(page()), ASKED)

    assert reading.state is state, reading.rule
    assert rule in reading.rule


def test_values_of_the_wrong_type_read_as_nothing() -> None:
    facts = {
        "title": ["a"], "pubtime": {"x": 1}, "media": 7, "media_id": None, "tags": {"a": "b"}, "catalog1": [[]],
        "card": "x",
        "originAttribute": [], "selfDeclare": [], "final_declarations": "个人观点", "videoArr": {"a": 1},
        "comment_id": 88,
        "payment_column_info_v1": [], "userAddress": False, "url": ["x"], "cms_orig_info": 3,
    }  # fmt: skip

    reading = extract(fetched(rain(**facts)), ASKED)

    article = reading.article
    assert reading.state is State.OK
    assert article
    assert (article.title, article.outlet, article.comment_id, article.tags) == (
        "t",
        "7",
        "88",
        ("b",),
    )
    assert article.published is None
    assert article.declarations == ("个人观点",)


def test_an_article_taken_over_from_a_saved_page_keeps_links_that_lead_somewhere() -> None:
    body = '<p>清晨六点，渡船从东岸码头出发，工程师说它守时。详见<a href="/rain/a/20260304A00ZZZ00">前文</a>。</p>'

    reading = extract(saved(rain(body)), ASKED)

    assert reading.article
    assert "[前文](https://news.qq.com/rain/a/20260304A00ZZZ00)" in reading.article.markdown


def test_the_same_capture_always_gives_the_same_reading() -> None:
    capture = fetched(rain(PICTURE + BODY, originAttribute=MEDIA))

    assert extract(capture, ASKED) == extract(capture, ASKED)


OMN = """<!DOCTYPE html><html><head><title>早市搬家_腾讯新闻</title></head><body><div class="LEFT"><h1>早市搬家</h1>
<div class="content-article"><p class="one-p">河边的早市搬到了桥西，摊位从八十个变成一百二十个。</p>
<p class="one-p">豆浆仍是三元一碗，老主顾们沿着河堤找了过来。</p></div></div><div id="Foot"></div></body></html>"""


def test_a_page_of_new_qq_com_without_its_data_tells_its_time_in_its_head() -> None:
    head = '<head><meta name="_pubtime" content="2018-03-04 05:06:07">'
    head += '<meta name="apub:time" content="2018/3/9 下午1:02:03">'

    found = extract(saved(OMN.replace("<head>", head).encode())).article

    assert found and found.published
    assert found.published.isoformat() == "2018-03-04T05:06:07+08:00"


def test_half_a_page_is_no_article() -> None:
    whole = extract(saved(OMN.encode()))
    half = extract(saved(OMN[: OMN.index("一百二十")].encode()))

    assert whole.state is State.OK
    assert half.state is State.ERROR
    assert half.rule == "omn: .content-article: the page is cut short"


def test_a_body_that_came_whole_as_data_may_be_followed_by_half_a_page() -> None:
    page = rain() + "<body><div>页脚到这里就断".encode()

    assert extract(fetched(page), ASKED).state is State.OK
    assert extract(fetched(page[: page.index("随后".encode())]), ASKED).state is State.ERROR


def test_a_body_element_without_its_page_is_not_half_a_page() -> None:
    words = '<p class="one-p">河边的早市昨天搬到了桥西，摊位多了四十个。</p>'
    body = f'<div class="content-article">{words * 2}</div> 尾'

    assert extract(saved(body.encode())).state is State.OK


def test_half_a_picture_post_is_not_its_words() -> None:
    """They stand in the head, its pictures in a script further down."""
    page = (
        '<html><head><link rel="icon" href="//res.wx.qq.com/a/icon.ico"><meta property="og:title" content="渡口的雾">'
        '<meta name="description" content="雾散了，船开了。渡口的人说，明天还有雾，船照开，票价和昨天一样。">'
        '</head><body><div id="js_article"><div id="js_content"></div></div>'
        "<script>window.item_show_type = '8' || '';\nwindow.picture_page_info_list = ["
        "{cdn_url: 'https://mmbiz.qpic.cn/sz_mmbiz_jpg/FerryTokenMadeUp00001/0?wx_fmt=jpeg'}];</script></body></html>"
    )
    half = page[: page.index("cdn_url") + 9]

    assert extract(saved(page.encode())).state is State.OK
    assert extract(saved(half.encode())).state is State.ERROR
