"""The lines of a static page that name who wrote and who edited it, in the forms they were printed in."""

from datetime import UTC, datetime

import pytest

from archive.article import Article
from archive.capture import Capture
from scraper.extract import extract
from scraper.urls import identify

ADDRESS = "http://news.qq.com/a/20130420/000038.htm"
WORDS = "<p>雨停了三天，河水仍旧漫过石阶，渡口的木牌换成了新的。</p>"


def article(*, above: str = "", body: str = WORDS, below: str = "") -> Article:
    """A page of 2013 with these lines above and below its body."""
    page = (
        "<html><head><title>渡口换了新木牌_新闻_腾讯网</title></head><body><div id='C-Main-Article-QQ'>"
        f"<div class='hd'><h1>渡口换了新木牌</h1>{above}</div>"
        f"<div class='bd'><div id='Cnt-Main-Article-QQ'>{body}</div></div>{below}</div></body></html>"
    )
    at = datetime(2026, 11, 26, tzinfo=UTC)
    found = extract(Capture(url=ADDRESS, at=at, body=page.encode("gb18030")), identify(ADDRESS))
    assert found.article
    return found.article


@pytest.mark.parametrize(
    "line",
    [
        "<div class='tit-bar'><span class='color-a-1'>云溪报</span><span class='color-a-3'>沈渡</span></div>",
        "<p><span class='where color-a-1'>云溪报</span><span class='auth color-a-3'>沈渡</span></p>",
        "<p class='titBar'><span class='where'>云溪报</span><span class='auth'>沈渡</span></p>",
        "<div class='a_Info'><span class='a_source'>来源：云溪报</span><span class='a_author'>作者：沈渡</span></div>",
        "<p class='titBar'><span class='where'>来源：云溪报　作者：沈渡 我要评论</span></p>",
    ],
)
def test_outlet_and_author_are_the_names_on_the_line_below_the_title(line: str) -> None:
    found = article(above=line)

    assert (found.outlet, found.author) == ("云溪报", "沈渡")


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("[责任编辑：lanyu]", "lanyu"),
        ("责任编辑：方远 lanyu", "方远 lanyu"),
        ("（责编：方远）", "方远"),
        ("（责任编辑：方远 校对：沈渡）", "方远"),
        ("编辑部来信", ""),
    ],
)
def test_the_editor_is_named_below_the_body_or_at_its_end(line: str, editor: str) -> None:
    below = article(below=f"<div class='QQeditor'>{line}</div>")
    inside = article(body=f"{WORDS}<p align='right'>{line}</p>")

    assert (below.editor, inside.editor) == (editor, editor)


def test_an_editors_line_is_taken_out_of_the_body_unless_it_names_others_too() -> None:
    alone = article(body=f"{WORDS}<p>（责任编辑：方远）</p>")
    shared = article(body=f"{WORDS}<p>（责任编辑：方远 校对：沈渡）</p>")

    assert "方远" not in alone.markdown
    assert shared.markdown.endswith("（责任编辑：方远 校对：沈渡）")
