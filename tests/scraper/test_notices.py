"""What a page is that is no article, and what decided it."""

import time
from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from archive.state import State
from scraper import notices
from scraper.extract import extract
from scraper.notices import of_answer
from scraper.notices.messages import _COMPILED
from scraper.page import Page
from scraper.urls import identify

AT = datetime(2026, 11, 23, tzinfo=UTC)
ASKED = identify("https://news.qq.com/rain/a/20260305A01ABC00")


def answer(
    status: int = 200, body: str = "", url: str = ASKED.canonical, location: str = ""
) -> Capture:
    headers = (("Location", location),) if location else ()
    return Capture(
        url=url, asked=ASKED.canonical, at=AT, body=body.encode(), status=status, headers=headers
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [(404, State.GONE), (410, State.GONE), (451, State.VIOLATION), (401, State.BLOCKED), (403, State.BLOCKED),
     (418, State.BLOCKED), (423, State.BLOCKED), (429, State.BLOCKED), (501, State.BLOCKED), (566, State.BLOCKED),
     (567, State.BLOCKED), (500, State.ERROR), (502, State.ERROR), (503, State.ERROR), (524, State.ERROR),
     (304, State.ERROR)],
)  # fmt: skip
def test_a_status_tells_what_the_page_is(status: int, state: State) -> None:
    reading = extract(answer(status, "<p>anything</p>"), ASKED)

    assert reading.state is state
    assert str(status) in reading.rule
    assert reading.article is None


@pytest.mark.parametrize(
    ("location", "state"),
    [
        ("https://www.qq.com/babygohome/?pgv_ref=404", State.GONE),
        ("https://www.qq.com/babygohome/?pgv_ref=apub", State.GONE),
        ("https://xw.qq.com/404.html", State.GONE),
        ("https://www.qq.com/", State.GONE),
        ("/404.html", State.GONE),
        ("/ch/finance", State.GONE),
        ("https://ui.ptlogin2.qq.com/cgi-bin/login?s_url=x", State.BLOCKED),
        ("https://news.qq.com/login", State.BLOCKED),
        ("https://waf.tencent.com/501page.html?u=x&id=y", State.BLOCKED),
        ("https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x", State.CAPTCHA),
        ("https://somewhere.qq.com/else", State.ERROR),
        ("http://[broken", State.ERROR),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_tells_where_the_article_went(status: int, location: str, state: State) -> None:
    reading = extract(answer(status, location=location), ASKED)

    assert reading.state is state


@pytest.mark.parametrize(
    "url",
    [
        "https://www.qq.com/babygohome/?pgv_ref=404",
        "https://www.qq.com/",
        "https://xw.qq.com/404.html",
    ],
)
def test_an_answer_from_the_place_for_missing_pages_is_gone(url: str) -> None:
    reading = extract(answer(200, "<title>腾讯网</title>" + "<p>其他新闻</p>" * 50, url=url), ASKED)

    assert reading.state is State.GONE


def test_a_home_page_instead_of_the_article_means_it_is_gone() -> None:
    body = "<html><head><title>腾讯首页</title></head><body>" + "<a href='/a'>新闻</a>" * 40

    assert extract(answer(200, body), ASKED).state is State.GONE
    assert (
        extract(Capture(url="file:///home.html", at=AT, body=body.encode(), origin="file")).state
        is State.NOT_ARTICLE
    )


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ("系统繁忙，请稍后再试", State.ERROR),
        ("访问被拒绝", State.BLOCKED),
        ("请完成安全验证", State.CAPTCHA),
        ("您访问的页面不存在", State.GONE),
        ("", State.THIN),
        ("<script src='/app.js'></script>", State.THIN),
    ],
)
def test_a_message_or_a_shell_under_the_title_of_the_home_page_is_not_taken_for_it(
    says: str, state: State
) -> None:
    body = f"<html><head><title>腾讯新闻</title></head><body><div id=app>{says}</div></body></html>"

    assert extract(answer(200, body), ASKED).state is state


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ("此内容由用户投诉并经平台审核，涉嫌过度营销、骚扰用户，无法查看。", State.VIOLATION),
        ("此内容被多人投诉，相关的内容无法进行查看。", State.VIOLATION),
        ("此帐号被投诉且经审核涉嫌侵权。此帐号已注销，内容无法查看。", State.VIOLATION),
        ("投诉类型：冒名侵权", State.VIOLATION),
        ("此帐号处于帐号迁移流程中", State.ERROR),
        (
            "接相关投诉，此内容违反《即时通信工具公众信息服务发展管理暂行规定》，查看详细内容",
            State.VIOLATION,
        ),
        ("此文章被第三方评估为不实信息", State.VIOLATION),
        ("该文章已被第三方辟谣", State.VIOLATION),
        ("此帐号在冻结期,内容无法查看", State.VIOLATION),
        ("该账号已被封禁", State.VIOLATION),
        ("此账号已迁移", State.GONE),
        ("该内容已被删除", State.GONE),
        ("操作过于频繁，请稍后再试。", State.CAPTCHA),
        ("请在微信客户端打开链接", State.BLOCKED),
        ("请在微信中打开", State.BLOCKED),
        ("The content has been deleted by the author.", State.GONE),
        ("Unable to view this content because it violates regulation", State.VIOLATION),
        ("此内容因违规已删除", State.VIOLATION),
        ("内容审核中", State.ERROR),
    ],
)
def test_what_wechat_says_instead_of_an_article_is_understood(says: str, state: State) -> None:
    body = f'<html><head><title></title></head><body><div class="page_msg"><p>{says}</p></div></body></html>'

    assert extract(answer(200, body)).state is state


@pytest.mark.parametrize("title", ["微信公众平台", "Weixin Official Accounts Platform"])
def test_a_message_of_wechat_that_nobody_knows_is_no_article(title: str) -> None:
    body = f'<html><head><title>{title}</title></head><body><div class="weui-msg">Something else</div></body></html>'

    assert extract(answer(200, body)).state is State.ERROR


def test_the_mobile_site_names_a_missing_page_in_its_title() -> None:
    body = "<html><head><title>404 - 腾讯网</title></head><body><p>去看看别的</p></body></html>"

    assert extract(answer(200, body), ASKED).state is State.GONE


def test_the_page_for_missing_children_is_known_by_its_script_however_much_it_says() -> None:
    told = "她三岁时在渡口走失，穿一件红色的毛衣，左手有一道疤，说话带着外地口音。" * 20
    home = '<a href="https://www.qq.com/babygohome">回家</a>'
    script = '<script src="https://qzone.qq.com/gy/404/404/search_children.js"></script>'

    assert extract(answer(200, f"<p>{told}</p>{home}{script}"), ASKED).state is State.GONE
    assert extract(answer(200, f"<p>{told}</p>{home}"), ASKED).state is not State.GONE


@pytest.mark.parametrize("body", ["", "\n \r\n", "\ufeff", "\0\0\0"])
def test_an_empty_answer_is_an_error(body: str) -> None:
    assert extract(answer(200, body), ASKED).state is State.ERROR


@pytest.mark.parametrize(
    "body",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\0\0", b"%PDF-1.7\n1 0 obj", b'{"code":0,"data":[{"title":"x"}]}',
     "只是一段文字，没有任何标记，却足够长，也许有人把它当作网页存了下来。".encode()],
)  # fmt: skip
def test_what_is_no_html_page_is_no_article(body: bytes) -> None:
    reading = extract(Capture(url="file:///x", at=AT, body=body, origin="file"))

    assert reading.state is State.NOT_ARTICLE
    assert reading.article is None


@pytest.mark.parametrize("root", ["rss", "feed", "rdf:RDF", "urlset"])
@pytest.mark.parametrize(
    "before", ["", "<!--\nmade by hand\n-->", '<?xml-stylesheet href="a.css"?>', "<!DOCTYPE rss>"]
)
def test_a_feed_is_no_article_whatever_stands_before_its_root(before: str, root: str) -> None:
    story = "<title>渡口重开</title><description>渡口停航三十年，昨天上午又开了。</description>" * 3
    body = f"<?xml version='1.0'?>\n{before}\n<{root}><channel>{story}</channel></{root}>"

    reading = extract(answer(body=body, url="https://news.hegu.example/rss"))

    assert reading.state is State.NOT_ARTICLE
    assert reading.rule == "a feed or a sitemap"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"ret":404,"msg":"参数错误"}', "404"),
        ('{"code":99998}', "99998"),
        ('cb({"code":10001,"message":"系统繁忙"})', "10001"),
    ],
)
def test_an_error_of_the_api_at_status_200_is_an_error(body: str, code: str) -> None:
    reading = extract(answer(200, body), ASKED)

    assert (reading.state, reading.rule) == (State.ERROR, f"the API answers {code}")


@pytest.mark.parametrize(
    ("name", "state"), [("UTR2026030500116500", State.TOPIC), ("RLV2026030500271600", State.LIVE)]
)
def test_a_topic_and_a_live_broadcast_are_told_by_the_id_they_give_themselves(
    name: str, state: State
) -> None:
    body = article("清晨六点，渡船从东岸码头出发，随后是掌声。").replace("20260305A01ABC00", name)

    assert extract(answer(200, body), ASKED).state is state
    assert (
        extract(Capture(url="file:///x", at=AT, body=body.encode(), origin="file")).state is state
    )


def test_a_page_larger_than_a_page_may_be_is_not_opened() -> None:
    reading = extract(answer(200, "<div>" * 1_100_000), ASKED)

    assert (reading.state, reading.rule) == (State.ERROR, "larger than 5 MiB")


def test_only_the_path_that_a_script_lists_is_withdrawn() -> None:
    listed = "/omn/20190815/20190815A0BAN000"
    script = f"<script>if (location.href.indexOf('{listed}') > -1) {{ location.href = 'https://www.qq.com'; }}</script>"

    def notice(url: str) -> notices.Notice | None:
        return notices.of_page(Page(answer(200, script, url=url)))

    banned = notice(f"https://new.qq.com{listed}.html")
    assert banned
    assert banned.state is State.GONE
    assert notice("https://new.qq.com/omn/20190815/20190815A0OTHR00.html") is None


def article(text: str) -> str:
    said = f'{{"article_id":"20260305A01ABC00","title":"云溪","originContent":{{"text":"<p>{text}</p>"}}}}'
    script = f"<script>window.DATA = {said};\n</script>"
    return f"<html><head><title>云溪_腾讯新闻</title></head><body>{script}</body></html>"


@pytest.mark.parametrize(
    "sentence",
    ["该内容已被发布者删除", "此内容因违规无法查看", "环境异常", "访问的页面不存在", "Access Denied", "系统繁忙",
     "链接已过期", "https://www.qq.com/babygohome", "waf.tencent.com/501page.html?u=x"],
)  # fmt: skip
def test_an_article_may_quote_what_error_pages_say(sentence: str) -> None:
    reading = extract(
        answer(
            200, article(f"记者在页面上看到一行字：“{sentence}”。" + "他又试了一次，仍是如此。" * 4)
        ),
        ASKED,
    )

    assert reading.state is State.OK


def test_a_deleted_flag_of_a_related_article_says_nothing_about_this_one() -> None:
    body = article(
        "渡船今天停航，明天再来，船工把缆绳挂在墙上，等着风停下来，再把它取下，重新系在码头上。"
    )
    related = '<script>var related = [{"id": "x", "is_deleted": 1, "del_flag": "1"}];</script>'

    assert extract(answer(200, body + related), ASKED).state is State.OK
    assert (
        extract(answer(200, body.replace('"title"', '"is_deleted": 1, "title"')), ASKED).state
        is State.GONE
    )


def test_every_rule_reads_a_hundred_kilobytes_of_anything_in_no_time() -> None:
    """The patterns are linear: no page can make them hang."""
    pieces = (
        *"<a\\'\"{[( \t", "://", "location", "location.href='", "window.location=", "访问", "您访问的", "_腾讯网",
        "charset=", "<!-- saved from url=(", "waf.tencent.com/501page.html", "/babygohome", "indexOf('/omn/",
    )  # fmt: skip
    for piece in pieces:
        page = Page(
            answer(200, "www.qq.com location " + piece * (100_000 // len(piece)), url="file:///x")
        )
        start = time.process_time()

        notices.of_page(page)
        for _state, _rule, pattern in _COMPILED:
            pattern.search(page.text)
        assert page.named == ()

        assert time.process_time() - start < 0.6, piece


def test_the_answer_alone_tells_nothing_unusual_of_an_ordinary_page() -> None:
    assert of_answer(answer(200, "<p>x</p>"), ASKED) is None
