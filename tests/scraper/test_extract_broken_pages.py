"""Broken pages: cut, mutilated, mixed.  None is a reason to fail; each gets a state.

`MUTATIONS` seeded ones in every run; set QQNEWS_MUTATIONS for more.  A seed that ever failed stands in `FAILED`.
"""

import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.capture import Capture
from archive.state import State
from scraper.extract import extract
from scraper.markdown.addresses import written
from scraper.reading import Reading
from scraper.urls import ArticleUrl, identify

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
SOURCES = sorted(path for path in PAGES.iterdir() if path.suffix in (".html", ".js"))
MUTATIONS = int(os.environ.get("QQNEWS_MUTATIONS", "500"))
FAILED: tuple[int, ...] = ()
ASKED = identify("https://news.qq.com/rain/a/20260305A01ABC00")
SLOWEST = 5.0
"""Seconds a page may take; the worker would end it then."""

SHARDS = (
    *(bytes([code]) for code in b"<>\"'\\{}[]\0\xff\x81"), b"\\u0000", b"\\ud800", b"null", b"1e999", b"data:,",
    b"<!--IMG_0-->", b"<!--", b"-->", b"</script>", b"<script>", b"<table><td>", b"</div>" * 5, b"<div>" * 50,
    b"<b>" * 60, b'"originContent":', b"window.DATA = ", b"ARTICLE_INFO = window.ARTICLE_INFO || ", b"//[",
    b"http://[x", b'<meta charset="gbk">', b"<!--LIST_0-->", b"&#x110000;", b"&#0;",
    "访问的页面不存在".encode(), "\u202e\u2028".encode(),
)  # fmt: skip


def mutilated(seed: int) -> tuple[str, bytes]:
    """A made-up page after a few accidents: cut, doubled, turned over, with shards of other pages in it."""
    chance = random.Random(seed)
    source = chance.choice(SOURCES)
    page = bytearray(source.read_bytes())
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(page) + 1)
        width = chance.randint(1, max(len(page) // 3, 2))
        match chance.randrange(6):
            case 0:
                del page[place:]
            case 1:
                del page[place : place + width]
            case 2:
                page[place:place] = page[place : place + width]
            case 3:
                page[place:place] = chance.choice(SHARDS) * chance.randint(1, 3)
            case 4:
                other = chance.choice(SOURCES).read_bytes()
                start = chance.randrange(len(other) + 1)
                page[place:place] = other[start : start + width]
            case _:
                for spot in range(place, min(place + 3, len(page))):
                    page[spot] = chance.randrange(256)
    return source.name, bytes(page)


def read(body: bytes, asked: ArticleUrl | None = None) -> Reading:
    origin, url = ("http", asked.canonical) if asked else ("file", "file:///broken.html")
    start = time.process_time()

    reading = extract(Capture(url=url, at=AT, body=body, origin=origin), asked)

    assert time.process_time() - start < SLOWEST
    assert reading.state in State
    assert reading.rule
    if reading.state is State.OK:
        assert reading.article
        assert reading.article.title
        assert reading.article.markdown
        reading.article.markdown.encode()
        assert len(reading.article.images) == len({image.key for image in reading.article.images})
        assert all(
            written(image.url) in reading.article.markdown for image in reading.article.images
        )
        if asked:
            assert reading.article.id == asked.id
    return reading


@pytest.mark.parametrize("part", range(4))
def test_no_mutilated_page_makes_reading_fail(part: int) -> None:
    for seed in (*FAILED, *range(part, MUTATIONS, 4)):
        name, body = mutilated(seed)
        try:
            read(body)
            read(body, ASKED)
        except Exception as error:
            error.add_note(f"seed {seed}, a mutilated {name}")
            raise


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_page_cut_anywhere_still_says_what_it_is(source: Path) -> None:
    page = source.read_bytes()

    for tenth in range(10):
        read(page[: len(page) * tenth // 10])


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_page_of_some_kind(body: bytes) -> None:
    read(body)


@given(st.text(alphabet="<>/!-=\"' abdivpscrtmgqx中&;#0123456789{}[]:,\\", max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_in_the_place_of_a_body_is_a_body_or_none(text: str) -> None:
    read(f'<div id="article-content"><div class="rich_media_content">{text}</div></div>'.encode())


@pytest.mark.parametrize(
    "inside",
    ["<div>" * 3_000, "<b>" * 3_000, "<ul><li>" * 1_500, "<blockquote>" * 3_000, "<table><tr><td>" * 800,
     "<span style='color:red'>" * 3_000, "<p>渡船</p>" * 60_000, "<!--IMG_0-->" * 30_000, "<!--H1-->" * 10_000,
     "<a href='//x.y/z'>" * 3_000 + "渡船"],
    ids=lambda inside: inside[:12],
)  # fmt: skip
def test_deep_and_wide_bodies_are_read_in_time(inside: str) -> None:
    """The worst nesting is the worker's to end (`scraper.worker`); what a page could hold by accident is read."""
    read(
        f'<html><title>渡船_腾讯新闻</title><div id="article-content">{inside}</div></html>'.encode()
    )


WORDS = "渡船今天停航，船工把缆绳挂在墙上，明天再来。"
BODY = f'<div id="article-content"><div class="rich_media_content"><p>{WORDS}</p></div></div>'


def page_of(title: str = "渡船", head: str = "", script: str = "", body: str = BODY) -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><script>{script}</script>{body}</body></html>"


HOSTILE = {
    "a title of dashes": page_of(title="-" * 200_000),
    "keywords without end": page_of(head=f'<meta name="keywords" content="{"a," * 200_000}">'),
    "twenty thousand metas": page_of(head='<meta name="a" content="b">' * 20_000),
    "comments that never end, in the data": page_of(
        script='window.DATA = {"a": x ? ' + "/*a" * 50_000
    ),
    "comments that never end, in the facts": page_of(
        script="ARTICLE_INFO = window.ARTICLE_INFO || {a:" + "/*a" * 50_000
    ),
    "data begun twenty thousand times": page_of(
        body='<script>window.DATA = {"a":</script>' * 20_000 + BODY
    ),
    "videos that never end": page_of(
        script="videoArr.push({a:" * 50_000, body=f'<div class="content-article">{BODY}</div>'
    ),
    "one picture sixty thousand times": page_of(
        script='window.DATA = {"originContent": {"text": "' + "<!--IMG_0-->" * 60_000 + '"},'
        ' "originAttribute": {"IMG_0": {"url": "https://inews.gtimg.com/newsapp_bt/0/13900112233/641"}}}'
    ),
    "a link of many words thirty thousand times": page_of(
        script='window.DATA = {"originContent": {"text": "'
        + "<!--LINK_0--><!--LIST_0-->" * 30_000
        + '"},'
        f' "originAttribute": {{"LINK_0": {{"title": "{"船" * 9_000}"}}, "LIST_0": ["{"船" * 9_000}"]}}}}'
    ),
    "bold within bold within bold": page_of(
        body='<div id="article-content">'
        + '<span class="qnt-strong">' * 2_500
        + "渡船停航" * 9
        + "</div>"
    ),
    "an address without end": "<!-- saved from url=(" + "1" * 200_000 + ")" + page_of(),
    "a path listed as withdrawn ten thousand times": page_of(
        script="location.href '/rain/a/20260305A01ABC00' www.qq.com" * 10_000
    ),
    "a gallery without end": "{'Children':[{" * 50_000 + "groupimg bigimgurl",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_made_to_waste_time_wastes_little(name: str) -> None:
    body = HOSTILE[name].encode()
    start = time.process_time()

    read(body)
    read(body, ASKED)

    assert time.process_time() - start < 3
