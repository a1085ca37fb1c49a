"""A page is opened once, whatever its bytes."""

from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from scraper.page import LARGEST, Page

AT = datetime(2026, 11, 23, tzinfo=UTC)


def page(body: str | bytes, url: str = "https://news.qq.com/rain/a/20260101A0ABCD00") -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(
        Capture(url=url, at=AT, body=content, origin="http" if url.startswith("http") else "file")
    )


def test_a_pixel_in_a_noscript_does_not_end_the_head() -> None:
    opened = page(
        '<head><noscript><img src="//x/p.gif"></noscript><meta property="og:url" content="u"></head>'
    )

    assert opened.head is not None
    assert opened.head.css_first("meta") is not None
    assert opened.metas == {"og:url": "u"}


def test_the_first_meta_of_a_name_that_says_something_counts() -> None:
    opened = page(
        '<meta name="Keywords" content=" "><meta name="keywords" content="a"><meta name="keywords" content="b">'
    )

    assert opened.metas["keywords"] == "a"


def test_a_gbk_page_becomes_a_tree_of_the_same_words() -> None:
    opened = page("<title>渡 船</title><p>停航㐂</p>".encode("gb18030"))

    assert opened.title == "渡 船"
    assert opened.tree.css_first("p").text() == "停航㐂"


def test_a_byte_order_mark_is_no_text() -> None:
    assert page(b"\xef\xbb\xbf<p>a</p>").tree.body.text() == "a"  # type: ignore[union-attr]


def test_a_saved_page_stands_where_its_head_says() -> None:
    saved = page(
        "<!-- saved from url=(0047)https://new.qq.com/rain/a/20240520A00STN00 -->\r\n<html><head><title>t</title>",
        url="file:///home/reader/page.html",
    )

    assert saved.named == ("https://new.qq.com/rain/a/20240520A00STN00",)
    assert saved.url == "https://new.qq.com/rain/a/20240520A00STN00"


@pytest.mark.parametrize("spelled", ["window.DATA", 'window["DATA"] ', "window['DATA'] "])
def test_the_facts_of_a_page_are_found_however_its_script_names_them(spelled: str) -> None:
    opened = page(f'<script>{spelled}= {{"title": "渡船"}};</script>')

    assert opened.window_data == {"title": "渡船"}


def test_a_script_that_only_makes_room_for_the_facts_does_not_hide_them() -> None:
    opened = page(
        '<script>window.DATA = {};</script><script>window.DATA = {title: "渡船"}</script>'
    )

    assert opened.window_data == {"title": "渡船"}


def test_a_fetched_page_stands_where_it_was_fetched() -> None:
    opened = page('<meta property="og:url" content="https://news.qq.com/rain/a/20200101A0OTHR00">')

    assert opened.url == "https://news.qq.com/rain/a/20260101A0ABCD00"


def test_only_the_beginning_of_an_immense_page_becomes_a_tree() -> None:
    immense = page(b"<p>" + b"x" * LARGEST + b"</p><b>far</b>")

    assert immense.tree.css_first("b") is None


def test_what_only_a_comment_ends_is_not_ended() -> None:
    """WeChat's pages of 2018 begin with such a comment."""
    trap = "<!DOCTYPE html>\n<!--headTrap<body></body><head></head><html></html>-->\n"
    whole = (
        f"{trap}<html><head><title>渡船</title></head><body><p>停航三日，随后复航</p></body></html>"
    )

    assert not page(whole).cut_short
    assert not page(f"{whole}\n尾").cut_short
    assert page(whole[: whole.index("随后")]).cut_short


@pytest.mark.parametrize(
    ("tail", "is_half"),
    [
        ("<p>停航</p><section>", True), ("<p>停航</p><p style='color:red'>\n ", True), ("<p>停航", True),
        ("<p>停航</p>", False), ("<p>停航<br>", False), ("<img src='//x.gtimg.com/p.gif'/>", False),
        ("<!-- 完 -->", False), ("<p>停航</p></body><div>", False),
    ],
)  # fmt: skip
def test_a_page_without_an_end_is_half_if_it_stops_amid_words_or_begins_an_element(
    tail: str, is_half: bool
) -> None:
    assert page(f"<html><head><title>渡船</title></head><body>{tail}").cut_short is is_half
