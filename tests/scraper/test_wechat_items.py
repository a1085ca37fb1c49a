"""Items of a WeChat article's lists whose editor printed their bullets and numbers."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.layouts import wechat


@pytest.mark.parametrize(
    ("page", "markdown"),
    [
        ('<ul><li style="display: block;"><section><span>• 看<b>钟</b></span></section></li>'
         '<li style="display:block">• 看船</li></ul>', "- 看**钟**\n- 看船"),
        ('<ol><li style="display: block">1. 看钟</li><li style="display: block">2. 看船</li></ol>', "1. 看钟\n2. 看船"),
        ('<ol><li style="display: block">3.5 米的钟</li></ol>', "1. 3.5 米的钟"),
        ("<ul><li>• 看钟</li></ul>", "- • 看钟"),
        ('<ul><li style="display: block">看 • 船</li></ul>', "- 看 • 船"),
    ],
    ids=["bullets", "numbers", "no number", "a reader sees both", "amid the words"],
)  # fmt: skip
def test_an_item_shows_one_bullet_where_its_editor_printed_it(page: str, markdown: str) -> None:
    tree = LexborHTMLParser(page)
    assert tree.body

    assert wechat.written(tree.body).markdown == markdown
