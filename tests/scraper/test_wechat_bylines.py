"""Who signed a WeChat article, whose it was first, what it is filed under: as the templates of nine years say it."""

from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from scraper.layouts import wechat
from scraper.layouts.parts import Parts
from scraper.page import Page

PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><title>桥边</title></head><body><div id="js_article">'
    '<h2 id="activity-name">桥边</h2>%s<div id="js_content"><p>桥修了三年，灯只亮过一个晚上。</p></div>%s</div>'
    '<script>var hints = "//res.wx.qq.com/"; %s</script></body></html>'
)


def parts_of(header: str = "", below: str = "", script: str = "") -> Parts:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    body = (PAGE % (header, below, script)).encode()
    return wechat.parts(Page(Capture(url="file:///page.html", at=at, body=body, origin="file")))


NICKNAME = (
    '<span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);">河岸</a>'
    '<div id="js_profile_qrcode" style="display:none;"><strong class="profile_nickname">河岸</strong></div></span>'
)
DATE = '<em id="publish_time" class="rich_media_meta rich_media_meta_text">1周前</em>'
LOGO = '<span id="copyright_logo" class="rich_media_meta rich_media_meta_text meta_tag_text">原创：</span>'
HEADERS = {
    "2017, without an id": '<div class="rich_media_meta_list"><em id="post-date" '
    'class="rich_media_meta rich_media_meta_text">2017-03-03</em> '
    '<em class="rich_media_meta rich_media_meta_text">何小桥</em> '
    '<a class="rich_media_meta rich_media_meta_link rich_media_meta_nickname" id="post-user">河岸</a> '
    '<span class="rich_media_meta rich_media_meta_text rich_media_meta_nickname">河岸</span></div>',
    "early May 2018, below": f'<div id="meta_content" class="rich_media_meta_list">{NICKNAME}{DATE}'
    '<p class="rich_media_meta_primary rich_media_meta_text">作者&nbsp;何小桥</p></div>',
    "2018, in a span": f'<div id="meta_content" class="rich_media_meta_list">{LOGO} <span class="rich_media_meta '
    f'rich_media_meta_text"> 何小桥 </span> {NICKNAME}{DATE}</div>',
    "2018 on, with an id": f'<div id="meta_content" class="rich_media_meta_list">{LOGO} <span class="rich_media_meta '
    f'rich_media_meta_text"><span id="js_author_name">何小桥</span></span> {NICKNAME}{DATE}</div>',
}  # fmt: skip


@pytest.mark.parametrize("year", HEADERS)
def test_the_author_stands_beside_the_date_in_every_years_template(year: str) -> None:
    found = parts_of(HEADERS[year])

    assert (found.author, found.outlet) == ("何小桥", "河岸")


def test_a_name_that_stands_twice_beside_the_date_is_said_once() -> None:
    """As a page saved without its scripts has it: whole, and shortened for a narrow screen."""
    header = (
        f'<div id="meta_content" class="rich_media_meta_list">{LOGO} <span class="rich_media_meta '
        'rich_media_meta_text"><span id="js_author_name">何小桥</span> <span style="display: none;" '
        f'id="js_author_name_text">何小桥</span></span> {NICKNAME}{DATE}</div>'
    )

    assert parts_of(header).author == "何小桥"


def test_a_page_saved_without_its_scripts_has_its_cover_in_the_head() -> None:
    head = '<meta property="og:image" content="http://mmbiz.qpic.cn/mmbiz_jpg/LampTokenMadeUpForTest/0">'

    assert parts_of(head).cover == "https://mmbiz.qpic.cn/mmbiz_jpg/LampTokenMadeUpForTest/0"


def test_an_article_that_nobody_signed_has_no_author() -> None:
    header = f'<div id="meta_content" class="rich_media_meta_list">{LOGO}{NICKNAME}{DATE}</div>'

    assert parts_of(header).author == ""


@pytest.mark.parametrize(
    "below",
    ['<a class="original_tool_area" id="copyright_info" href="##"><p class="tips_global">Forwarded from Official '
     'Account</p><div class="flex_cell original_cell"><div class="flex_cell_hd"><img class="avatar" alt="对岸"></div>'
     '<div class="flex_cell_bd flex_cell_primary"> 对岸 </div><div class="flex_cell_ft">Learn More</div></div></a>',
     '<a class="original_tool_area" id="copyright_info" href="##"><div class="flex_cell original_cell"><div '
     'class="flex_cell_bd flex_cell_primary"><p class="tips_global_primary">转载自公众号</p></div><div '
     'class="flex_cell_ft icon_access"><strong class="original_cell_nickname"> 对岸 </strong></div></div></a>'],
    ids=["May 2018", "October 2018"],
)  # fmt: skip
def test_a_reprint_of_2018_says_below_itself_whose_it_was_first(below: str) -> None:
    assert parts_of(below=below).statement == "以下文章来源于对岸"


TAGS = {
    "elements": (
        '<div id="js_tags" class="article-tag__list"><div class="article-tag-card__title">收录于合集</div>'
        '<div class="article-tags"><div class="article-tag__item-wrp js_tag"><span class="article-tag__item">#桥</span>'
        '<span class="article-tag__item-num">38个</span></div><div class="article-tag__item-wrp js_tag">'
        '<span class="article-tag__item">#灯火</span></div></div></div>', ""),
    "the list for scripts": (
        "", "var album_info_list = [ { title: '桥', size: '38' * 1, link: 'https://mp.weixin.qq.com/mp/album', id: "
        "'https://a/12345678' ? (('https://a/12345678'.match(/[0-9]{8,}/)) ? ('x'.match(/[0-9]/))[0] : '') : '', }, "
        "{ title: '灯火', size: '2' * 1, }, ]; var target = (function () { return album_info_list[0]; })();"),
    "the data": (
        "", "window.cgiDataNew = { title: JsDecode('桥边'), public_tag_info: { tags: [ { tag_name: JsDecode('桥'), "
        "tag_content_num: '27' * 1, album_info: { title: JsDecode('桥') } }, { tag_name: JsDecode('灯火') } ] } };"),
}  # fmt: skip


@pytest.mark.parametrize("place", TAGS)
def test_the_collections_that_an_article_is_filed_under_are_its_tags(place: str) -> None:
    header, script = TAGS[place]

    assert parts_of(header, script=script).tags == ("桥", "灯火")


@pytest.mark.parametrize(
    "script",
    [
        "window.cgiDataNew = {title: JsDecode('桥边'), public_tag_info: {tags: [7, {tag_name: []}]}};",
        "window.cgiDataNew = {title: JsDecode('桥边'), public_tag_info: 'x'};",
        "var album_info_list = [];",
    ],
)
def test_collections_of_the_wrong_kind_are_none(script: str) -> None:
    assert parts_of(script=script).tags == ()


def test_the_summary_of_a_post_with_links_is_its_words() -> None:
    link = '<a href="https://mp.weixin.qq.com/s/x" class="wx_text_link">三班船</a>'
    told = f"var msg_desc = '渡口{link}，1 < 2<br>停了。';"

    assert parts_of(script=told).summary == "渡口三班船，1 < 2停了。"
