"""WeChat pages of 2017 to 2026, as the corpus of real pages holds them, and hostile ones.

`expected_facts_wechat.tsv` holds what nobody reads on a page: ids and the name of the first picture, printed by the
program and then looked for in the pages.  What people read stands in `test_read_by_eye.py`.
"""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.capture import Capture
from archive.state import State
from scraper.extract import extract
from scraper.layouts import wechat
from scraper.layouts.parts import Parts
from scraper.layouts.wechat import pictures, players, posts
from scraper.page import Page
from scraper.reading import Reading
from tests.corpus import CORPUS, needs_corpus, page_bytes
from tests.likeness import seen, shingle_f1, shown, token_f1

AT = datetime(2026, 11, 23, tzinfo=UTC)
TABLE = Path(__file__).with_name("expected_facts_wechat.tsv")
ROWS = list(
    csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
)
PAGES = list(dict.fromkeys(row["page"] for row in ROWS))


def saved(body: bytes) -> Capture:
    return Capture(url="file:///page.html", at=AT, body=body, origin="file")


@cache
def parts_of(page: str) -> Parts:
    return wechat.parts(Page(saved(page_bytes(page))))


def text_of(page: str) -> str:
    body = parts_of(page).body
    assert body
    return seen(body.markdown)


def fact(parts: Parts, field: str) -> str:
    if field == "first image":
        assert parts.body
        return parts.body.images[0].key
    return str(getattr(parts, field))


@needs_corpus
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_known_by_the_ids_in_it(page: str) -> None:
    wanted = {row["field"]: row["value"] for row in ROWS if row["page"] == page}

    assert {field: fact(parts_of(page), field) for field in wanted} == wanted


def test_the_table_covers_enough_pages() -> None:
    assert len(PAGES) >= 25


# --- states ---------------------------------------------------------------------------------------

STATES = {
    "2017-dutfangxiang": State.OK,
    "2018-savetruth": State.OK,
    "2018-wechatsogou": State.OK,
    "2019-audiodsp": State.OK,
    "2020-gne": State.OK,
    "2020-no_telegraph": State.OK,
    "2022-omnivore": State.OK,
    "2024-llmwebkit": State.OK,
    "2025-exporter/aboutbiz": State.NOT_ARTICLE,
    "2025-exporter/article_share": State.OK,
    "2025-exporter/author": State.OK,
    "2025-exporter/deleted_by_author": State.GONE,
    "2025-exporter/image_share": State.OK,
    "2025-exporter/normal": State.OK,
    "2025-exporter/removed_violation": State.VIOLATION,
    "2025-exporter/text_share": State.OK,
    "2025-exporter/unavailable": State.VIOLATION,
    "2025-newscrawler": State.OK,
    "2026-mufeng": State.OK,
}
OTHER_TOOLS = ("normalize-", "expected", "distiller")


def pages_in(folder: str) -> Iterator[str]:
    for path in sorted((CORPUS / "wechat" / folder).iterdir()):
        if path.name.removesuffix(".gz").endswith(".html") and not path.name.startswith(
            OTHER_TOOLS
        ):
            yield f"wechat/{folder}/{path.name}"


@needs_corpus
@pytest.mark.parametrize("folder", STATES)
def test_a_page_is_what_its_folder_says(folder: str) -> None:
    found: dict[str, Reading] = {
        page: extract(saved(page_bytes(page))) for page in pages_in(folder)
    }

    assert found
    assert {page: reading.state for page, reading in found.items()} == dict.fromkeys(
        found, STATES[folder]
    )


# --- text -----------------------------------------------------------------------------------------


@needs_corpus
@pytest.mark.parametrize("number", [157, 188, 344, 375, 406, 63])
def test_the_text_is_that_of_the_markdown_another_tool_made(number: int) -> None:
    """Its Markdown begins with title, source and address, and ends with the time of its making: these are its own."""
    made = page_bytes(f"wechat/2026-mufeng/{number}.md").decode("utf-8")
    body = made.split("---", 1)[1].rsplit("---", 1)[0] if made.count("\n---") >= 2 else made
    ours = text_of(f"wechat/2026-mufeng/{number}.html")

    assert token_f1(ours, seen(body)) >= 0.99
    assert shingle_f1(ours, seen(body)) >= 0.99


@needs_corpus
@pytest.mark.parametrize(
    "name", ["normal/01", "normal/03", "normal/04", "article_share/01", "article_share/03"]
)
def test_the_text_of_an_article_is_that_of_its_script_as_the_exporter_read_it(name: str) -> None:
    folder, number = name.split("/")
    parsed = json.loads(page_bytes(f"wechat/2025-exporter/{folder}/parse-{number}.json"))
    wanted = shown(parsed["content_noencode"], but="mp-common-profile, script, style")
    ours = text_of(f"wechat/2025-exporter/{name}.html")

    assert token_f1(ours, wanted) >= 0.99
    assert shingle_f1(ours, wanted) >= 0.99


@needs_corpus
@pytest.mark.parametrize("name", [f"{kind}/0{n}" for kind, n in
    [("image_share", 1), ("image_share", 2), ("image_share", 3), ("image_share", 4), ("image_share", 5),
     ("text_share", 1), ("text_share", 2), ("text_share", 3), ("text_share", 4)]])  # fmt: skip
def test_a_post_drawn_by_a_script_is_read_whole(name: str) -> None:
    """The exporter's own `normalize-*.html` of these posts lacks their text; its `parse-*.json` has it."""
    folder, number = name.split("/")
    parsed = json.loads(page_bytes(f"wechat/2025-exporter/{folder}/parse-{number}.json"))
    text_page = parsed.get("text_page_info") or {}
    wanted = shown(parsed["content_noencode"] or text_page["content_noencode"])
    found = parts_of(f"wechat/2025-exporter/{name}.html")
    assert found.body

    assert token_f1(seen(found.body.markdown), wanted) >= 0.99
    assert [image.key in picture["cdn_url"] for image, picture in
            zip(found.body.images, [p for p in parsed["picture_page_info_list"] if p], strict=True)
            ] == [True] * len(found.body.images)  # fmt: skip


@needs_corpus
def test_the_text_is_that_of_a_reader_view() -> None:
    """The reader view adds links to the author's previous and next post, and drops the last line of the article."""
    wanted = shown(page_bytes("wechat/2022-omnivore/expected.html"))

    assert token_f1(text_of("wechat/2022-omnivore/source.html"), wanted) >= 0.97


@needs_corpus
def test_the_text_is_that_of_a_news_crawler() -> None:
    """The crawler writes the numbers of lists as text; Markdown renders them without."""
    wanted = json.loads(page_bytes("wechat/2025-newscrawler/wechat.expected.json"))["texts"]
    said = "\n".join(line.lstrip("0123456789. ") for line in wanted)

    assert token_f1(text_of("wechat/2025-newscrawler/wechat.html"), said) >= 0.98


@needs_corpus
def test_code_keeps_its_lines_and_loses_their_numbers() -> None:
    body = parts_of("wechat/fragments/wechatmp2markdown_test1.html").body
    assert body

    assert body.markdown.count("```cs\n") == 1
    assert "abstract static class Sync extends AbstractQueuedSynchronizer {\n" in body.markdown


# --- what the pages are made of -------------------------------------------------------------------


def element(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<body>{html}</body>")


@pytest.mark.parametrize(
    ("html", "key", "url", "kind"),
    [
        ('<iframe data-src="https://v.qq.com/iframe/preview.html?vid=m0000madeup&amp;width=500"></iframe>',
         "m0000madeup", "https://v.qq.com/x/page/m0000madeup.html", "video"),
        ('<iframe data-src="//v.qq.com/x/page/m0000madeup.html"></iframe>',
         "m0000madeup", "https://v.qq.com/x/page/m0000madeup.html", "video"),
        ('<mpvideosnap data-id="export/MadeUp" data-url="http://finder.video.qq.com/1" data-desc="河"></mpvideosnap>',
         "export/MadeUp", "https://channels.weixin.qq.com/web/pages/feed?eid=export/MadeUp", "video"),
        ('<mp-common-mpaudio voice_encode_fileid="MadeUp" name="河" play_length="1000"></mp-common-mpaudio>',
         "MadeUp", "https://res.wx.qq.com/voice/getvoice?mediaid=MadeUp", "audio"),
        ('<mp-common-qqmusic musicid="7" otherid="http://music.example/7.m4a"></mp-common-qqmusic>',
         "7", "http://music.example/7.m4a", "audio"),
    ],
)  # fmt: skip
def test_a_player_is_named_by_what_it_plays(html: str, key: str, url: str, kind: str) -> None:
    tree = element(html)
    played = players.media(tree.css_first("body > *"))

    assert played
    assert (played.key, played.url, played.kind) == (key, url, kind)


@pytest.mark.parametrize(
    "html",
    ["<iframe></iframe>", '<iframe data-src="https://[x"></iframe>', "<mpvoice></mpvoice>", "<qqmusic></qqmusic>",
     '<qqmusic musicid="1" otherid="javascript:alert(1)"></qqmusic>', '<iframe class="card_iframe" data-cardid="1">'],
)  # fmt: skip
def test_a_player_that_plays_nothing_is_left_out(html: str) -> None:
    tree = element(html)

    assert players.media(tree.css_first("body > *")) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("桥封了。绕路要走四公里。", "桥封了。"),
        ("“桥封了！”他说。\n\n没有人信。", "“桥封了！”"),
        ("桥封了", "桥封了"),
        ("今天" * 60, "今天" * 10 + "…"),
        (f"{'今天' * 60}\n\n明天", "今天" * 31 + "今…"),
        ("", ""),
    ],
)
def test_a_post_without_a_title_is_named_by_its_first_sentence(text: str, title: str) -> None:
    assert posts.title_from(text) == title


@pytest.mark.parametrize(
    ("script", "meant"),
    [
        ("var createTime = '2023-11-15 06:13';", "2023-11-15T06:13:00+08:00"),
        (
            "var oriCreateTime = '1700000000';var createTime = '2024-01-02 03:04';",
            "2023-11-15T06:13:20+08:00",
        ),
        ("var createTime = '2024-01-02 03:04';var ct = '1700000000';", "2023-11-15T06:13:20+08:00"),
    ],
)
def test_an_article_was_published_when_its_script_says_first(script: str, meant: str) -> None:
    page = f'<div id="js_content"></div><script src="https://res.wx.qq.com/x.js"></script><script>{script}</script>'
    published = wechat.parts(Page(saved(page.encode()))).published

    assert published
    assert published.isoformat() == meant


@pytest.mark.parametrize(
    "formula",
    [
        '<span data-formula="a_1 &lt; b^2"><svg viewBox="0 0 9 9"><path d="M0"></path></svg></span>',
        '<span data-formula="a_1 &lt; b^2"><embed src="https://mmbiz.qlogo.cn/mmbiz_svg/x/0"></span>',
        '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>a</mi></mrow>'
        '<annotation encoding="application/x-tex">a_1 &lt; b^2</annotation></semantics></math></span>'
        '<span class="katex-html" aria-hidden="true">a1</span></span>',
        '<span data-formula="a_1 &lt; b^2"><span class="katex"><annotation>a</annotation>'
        '<i data-formula="b">b</i></span></span>',
    ],
)
def test_a_formula_that_is_drawn_is_shown_as_it_was_written(formula: str) -> None:
    tree = LexborHTMLParser(f"<p>设 {formula} 为桥的跨度。</p>")
    assert tree.body

    assert wechat.written(tree.body).markdown == "设 `a_1 < b^2` 为桥的跨度。"


@pytest.mark.parametrize(
    ("words", "title"), [("<p>桥封了。绕路要走四公里。</p>", "桥封了。"), ("", "分享图片")]
)
def test_a_picture_above_the_words_is_no_title(words: str, title: str) -> None:
    shown = (
        '<p><img data-src="https://mmbiz.qpic.cn/mmbiz_jpg/BridgeTokenMadeUpForTests0002/640"></p>'
    )
    page = f'<div id="js_content">{shown}{words}</div><script src="https://res.wx.qq.com/x.js"></script>'

    assert wechat.parts(Page(saved(page.encode()))).title == title


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?wx_fmt=jpeg&tp=webp&wxfrom=5&wx_lazy=1", "?wx_fmt=jpeg"),
        ("?wx_fmt=png&amp;from=appmsg", "?wx_fmt=png"),
        ("?from=appmsg&wx_fmt=other", "?wx_fmt=other"),
        ("?wx_fmt=jpegwebp", "?wx_fmt=jpeg"),
        ("?", ""),
        ("", ""),
    ],
)
def test_a_picture_is_asked_for_in_the_type_it_was_uploaded_in(query: str, kept: str) -> None:
    address = "https://mmbiz.qpic.cn/sz_mmbiz_png/BridgeTokenMadeUpForTests0001"
    tree = element(f'<img data-src="{address}/640{query}" src="data:image/svg+xml,%3Csvg">')

    shown_picture = pictures.picture(tree.css_first("img"))

    assert shown_picture
    assert shown_picture.renditions == (f"{address}/0{kept}", f"{address}/640{kept}")
    assert shown_picture.key == "BridgeTokenMadeUpForTests0001"


@pytest.mark.parametrize(
    "html",
    ['<img src="./file_files/640.jpg">', '<img src="data:image/png;base64,AA">', "<img>",
     '<img data-src="//res.wx.qq.com/mmbizwap/icon.png">', '<img src="https://wx.qlogo.cn/mmhead/x/0">'],
)  # fmt: skip
def test_the_templates_own_icons_are_no_pictures(html: str) -> None:
    tree = element(html)

    assert pictures.picture(tree.css_first("img")) is None


@pytest.mark.parametrize(
    ("box", "shown"), [("0 0 1080 1440", True), ("0 0 1080 40", False), ("", False)]
)
def test_a_picture_that_a_drawing_has_for_a_background_is_shown_and_an_ornament_is_not(
    box: str, shown: bool
) -> None:
    address = "https://mmbiz.qpic.cn/sz_mmbiz_jpg/DrawnTokenMadeUpForTest001/640?wx_fmt=jpeg"
    style = f"background-repeat: no-repeat;background-image: url(&quot;{address}&quot;);background-size: 100%;"
    inside = f'<foreignObject><svg style="{style}" viewBox="{box}"></svg></foreignObject>'
    tree = LexborHTMLParser(f'<section><svg viewBox="0 0 10 10">{inside}</svg></section>')
    assert tree.body

    body = wechat.written(tree.body)

    assert [image.url for image in body.images] == ([address] if shown else [])
