"""What a WeChat page tells its scripts: whole, cut down by another program, in other charsets, hostile."""

import json
from datetime import UTC, datetime

import pytest

from archive.article import BEIJING
from archive.capture import Capture
from archive.state import State
from scraper.extract import extract
from scraper.layouts import wechat
from scraper.page import Page

AT = datetime(2026, 11, 23, tzinfo=UTC)


def saved(body: bytes) -> Capture:
    return Capture(url="file:///page.html", at=AT, body=body, origin="file")


def test_a_post_of_pictures_is_read_also_where_only_its_older_variables_stand() -> None:
    picture = "https://mmbiz.qpic.cn/mmbiz_jpg/BridgeTokenMadeUpForTests000{}/0?wx_fmt=jpeg"
    listed = ", ".join(
        f"{{cdn_url: '{picture.format(number)}', width: '1080' * 1}}" for number in (3, 4)
    )
    script = rf"""window.item_show_type = '8' || '';
window.msg_title = window.title = '桥上的灯' || '';
window.cgiData = {{nick_name: '云溪日报', picture_page_info_list: [{listed}]}};
window.content_noencode = '灯亮了\x0a\x0a看灯的人很多';"""
    page = f'<div id="js_article"></div><script src="https://res.wx.qq.com/x.js"></script><script>{script}</script>'

    found = wechat.parts(Page(saved(page.encode())))

    assert (found.title, found.outlet) == ("桥上的灯", "云溪日报")
    assert found.body
    assert found.body.markdown.endswith("\n\n灯亮了\n\n看灯的人很多")
    assert [image.url for image in found.body.images] == [picture.format(3), picture.format(4)]


def test_what_the_newest_object_leaves_out_is_read_from_the_lines_beside_it() -> None:
    """So programs keep such pages that cut them down to what they read: a title, and the rest beside it."""
    picture = "https://mmbiz.qpic.cn/sz_mmbiz_jpg/GullTokenMadeUpForTests00{}/0?wx_fmt=jpeg"
    script = rf"""window.ct = '1781276767' || '';
d.nick_name = (xml ? getXmlValue('nick_name.DATA') : '渡口来信').html(false);
window.cgiDataNew = {{title: '海鸥跟了一路', page_info: {{cdn_url: ''}},
    content_noencode: '海鸥跟了一路\x0a\x0a船开得太快'}};
window.picture_page_info_list = [
  {{width: '1080' * 1, cdn_url: '{picture.format(1)}', disable_theme_color: 'true' === 'true' ? 1 : 0,
    live_photo: {{vid: '', type: '' * 1, format_info: []}}, share_cover: {{cdn_url: '{picture.format(7)}'}}}},
  {{width: '1440' * 1, cdn_url: '{picture.format(2)}', share_cover: {{cdn_url: ''}}}}
];"""
    page = f'<div id="js_article"></div><script src="https://res.wx.qq.com/x.js"></script><script>{script}</script>'

    found = wechat.parts(Page(saved(page.encode())))

    assert (found.title, found.outlet) == ("海鸥跟了一路", "渡口来信")
    assert found.published == datetime(2026, 6, 12, 23, 6, 7, tzinfo=BEIJING)
    assert found.body
    assert [image.url for image in found.body.images] == [picture.format(1), picture.format(2)]
    assert found.body.markdown.endswith("\n\n海鸥跟了一路\n\n船开得太快")


def test_the_newest_object_is_read_as_json_without_spaces_too() -> None:
    said = {"title": "渡口来信", "nick_name": "云溪日报", "content_noencode": "<p>船开得太快</p>"}
    script = (
        f"if (window.cgiDataNew) {{}} window.cgiDataNew={json.dumps(said, ensure_ascii=False)};"
    )
    page = f'<div id="js_article"></div><script src="https://res.wx.qq.com/x.js"></script><script>{script}</script>'

    found = wechat.parts(Page(saved(page.encode())))

    assert found.body
    assert (found.title, found.outlet, found.body.markdown) == (
        "渡口来信",
        "云溪日报",
        "船开得太快",
    )


def test_a_page_of_which_only_the_words_were_saved_is_known_by_its_template() -> None:
    page = """<h1 id="activity-name">渡口来信</h1><span id="js_name">云溪日报</span>
<em id="publish_time">2026-09-03</em><div id="js_content"><p>看灯的人很多，船开得太快。</p></div>"""
    elsewhere = '<link rel="canonical" href="https://hegu.example/1.html">'

    found = extract(saved(f"<html><body>{page}</body></html>".encode()))
    other = extract(saved(f"<html><head>{elsewhere}</head><body>{page}</body></html>".encode()))

    assert found.article
    assert (found.layout, found.article.title, found.article.outlet) == (
        "wechat",
        "渡口来信",
        "云溪日报",
    )
    assert found.article.published == datetime(2026, 9, 3, tzinfo=BEIJING)
    assert other.layout != "wechat"  # other sites copied the template


def test_the_name_of_an_attribute_is_no_account() -> None:
    scripts = (
        "var nickname = 'data-miniprogram-nickname', author = 'data-miniprogram-author';",
        "var nickname = htmlDecode(\"渡口来信\"); var msg_title = '灯亮了';",
    )
    page = '<div id="js_content"><p>看灯的人很多</p></div><script src="https://res.wx.qq.com/x.js"></script>'
    page += "".join(f"<script>{script}</script>" for script in scripts)

    found = wechat.parts(Page(saved(page.encode())))

    assert (found.outlet, found.author) == ("渡口来信", "")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_page_is_wechats_in_whatever_charset_it_was_saved(charset: str) -> None:
    """What PowerShell redirects into a file is UTF-16."""
    data = "window.cgiDataNew={title:JsDecode('桥上的灯'),nick_name:JsDecode('云溪日报')};"
    page = (
        "<html><body><div id='js_content'><p>灯亮了，看灯的人很多，都在桥上站到很晚，不肯回家。</p></div>"
        f"<script src='https://res.wx.qq.com/x.js'></script><script>{data}</script></body></html>"
    )

    found = extract(saved(page.encode(charset)))

    assert (found.state, found.layout) == (State.OK, "wechat")
    assert found.article
    assert (found.article.title, found.article.outlet) == ("桥上的灯", "云溪日报")


TEMPLATE = b'<div id="js_content">%b</div><script src="https://res.wx.qq.com/x.js"></script><script>%b</script>'
HOSTILE = {
    "an unclosed literal": b"window.cgiDataNew = {title: JsDecode('x",
    "deep nesting": b"window.cgiDataNew = " + b"[" * 100_000,
    "deep calls": b"window.cgiDataNew = " + b"a(" * 100_000,
    "wrong types": b"window.cgiDataNew = {title: [1], desc: {}, link: 7, bizuin: '%', mid: [], ip_wording: 'x', "
    b"claim_source: '', copyright_info: 3, picture_page_info_list: [1, {cdn_url: 7}], text_page_info: '', "
    b"item_show_type: 'x', create_timestamp: '99999999999999999999', content_noencode: 5};",
    "a video that is a number": b"window.cgiDataNew = {item_show_type: 5, video_page_info: {video_id: 5}};",
    "numbers without end": b"var ct = \"" + b"9" * 5000 + b"\";var mid = " + b"1" * 5000 + b";",
    "a lone surrogate": b"window.cgiDataNew = {title: JsDecode('\\ud800'), nick_name: '\\udc00'};",
    "many assignments": b"var msg_title = \"x\" || " * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("content", [b"", b"<p>text</p>"])
def test_a_hostile_script_spoils_nothing_but_its_facts(name: str, content: bytes) -> None:
    found = wechat.parts(Page(saved(TEMPLATE % (content, HOSTILE[name]))))

    assert found.published is None
    assert (found.body.markdown if found.body else "") in ("text", "")
    assert "\ud800" not in found.title
