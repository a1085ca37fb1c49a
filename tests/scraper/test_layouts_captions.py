"""Which paragraph after a picture is its caption."""

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.layouts.captions import MARKED, mark

PICTURE = '<p><img src="https://inews.gtimg.com/newsapp_bt/0/1/641"></p>'


def marked(html: str) -> list[str]:
    tree = LexborHTMLParser(html)
    assert tree.body
    mark(tree.body)
    return [node.text() for node in tree.css(MARKED)]


@pytest.mark.parametrize(
    "caption",
    [
        "<p>图片来源：云溪日报</p>", "<p>图源：网络</p>", "<p>（图 / 青石科技）</p>", "<p>△码头的清晨</p>",
        "<p>来源：云溪港务</p>",
        "<p>渡船离岸。本报记者 方远 摄</p>", "<p>渡船离岸（受访者供图）</p>",
        '<p style="text-align: center">码头的清晨</p>',
        '<p align="center">码头的清晨</p>', "<section>图/林望</section>", "<p><br></p><p>图片来源：云溪日报</p>",
        "\n<p><br></p>\n<!-- --><p>图片来源：云溪日报</p>",
    ],
)  # fmt: skip
def test_a_short_line_after_a_picture_that_names_a_source_or_stands_centred_is_its_caption(
    caption: str,
) -> None:
    words = LexborHTMLParser(caption).body.text()  # type: ignore[union-attr]

    assert marked(f"<div>{PICTURE}{caption}<p>渡船从东岸码头出发。</p></div>") == [words.strip()]


@pytest.mark.parametrize(
    "follower",
    [
        "<p>渡船从东岸码头出发。</p>", '<p style="text-align:center"><strong>水上的二十分钟</strong></p>',
        "<h2>图源：网络</h2>", '<p style="text-align:center">02</p>', '<p style="text-align:center">作者｜林望</p>',
        "<p>【来源：云溪日报】</p>",
        f"<p>图源：{'长' * 80}</p>", PICTURE, "<ul><li>图源：网络</li></ul>", "码头<p>图源：网络</p>", "<p></p>", "",
        '<p></p><p style="text-align:center">摆渡四十年</p>', '<p><br></p> <p style="text-align:center">摆渡四十年</p>',
    ],
)  # fmt: skip
def test_other_lines_after_a_picture_are_text(follower: str) -> None:
    assert marked(f"<div>{PICTURE}{follower}</div>") == []


@pytest.mark.parametrize(
    ("line", "captions"),
    [
        ("<br><span>▲渡船离岸，方远摄</span>", ["▲渡船离岸，方远摄"]),
        ("<br><span>渡船从东岸码头出发。</span>", []),
        ("<br><br><span>▲渡船离岸</span>", []),
        ("<br>▲渡船离岸", []),
    ],
)
def test_a_line_below_a_picture_in_its_own_paragraph_is_its_caption_if_it_says_so(
    line: str, captions: list[str]
) -> None:
    assert (
        marked(f'<p><img src="https://inews.gtimg.com/newsapp_bt/0/1/641">{line}</p>') == captions
    )


@pytest.mark.parametrize(
    ("around", "captions"),
    [
        ("<center>{}</center>", ["渡船离岸 <1>"]),
        ('<p align="center">{}</p>', ["渡船离岸 <1>"]),
        ('<p style="text-align: center">{}</p>', ["渡船离岸 <1>"]),
        ("<p>{}</p>", []),
        ("<center>{}<br>渡船从东岸码头出发。</center>", []),
    ],
)
def test_bare_words_below_a_picture_in_its_centred_paragraph_are_its_caption(
    around: str, captions: list[str]
) -> None:
    picture = '<img src="https://inews.gtimg.com/newsapp_bt/0/1/641">'

    assert marked(around.format(f"{picture}<br>\n渡船离岸 &lt;1&gt;")) == captions


def test_a_line_before_a_picture_is_none_of_its_captions() -> None:
    assert marked(f"<p>图源：网络</p>{PICTURE}<p>渡船从东岸码头出发。</p>") == []


def test_a_thousand_pictures_in_one_element_take_no_time() -> None:
    start = time.process_time()

    marked("<div>" + "<b>" * 200 + "<img src=x>" * 1_000 + "</div>" + "<p>图源：网络</p>" * 1_000)

    assert time.process_time() - start < 1
