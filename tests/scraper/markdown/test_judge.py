"""The judge sees what is wrong: each of these is the Markdown of some converter, or could be."""

import pytest

from scraper.markdown import Body
from tests.bodies import PLAIN, root_of
from tests.roundtrip import complaints

WRONG = [
    ("<p><b>“硬核”</b>崛起</p>", "**“硬核”**崛起", "text"),
    ("<p>甲乙</p>", "甲", "text"),
    ("<p>甲</p><p>乙</p>", "乙\n\n甲", "text"),
    ("<p>3*4*5</p>", "3*4*5", "text"),
    ("<p>&lt;b&gt;</p>", "<b>", "text"),
    ("<p>甲<b>乙</b></p>", "甲乙", "marks"),
    ("<p>甲乙</p>", "甲**乙**", "marks"),
    ("<p>，甲</p>", "**，** 甲", "gap"),
    ("<p>， 甲</p>", "**，** 甲", "marks"),
    ("<p><i>甲</i></p>", "**甲**", "marks"),
    ("<p><code>甲</code></p>", "甲", "marks"),
    ("<p><a href='/x'>甲</a></p>", "甲", "href"),
    ("<p><a href='/x'>甲</a></p>", "[甲](https://news.example/y)", "href"),
    ("<p>https://x.example</p>", "https://x.example", "href"),
    ("<p>a b</p>", "ab", "gap"),
    ("<p>甲<b>乙</b></p>", "甲 **乙**", "gap"),
    ("<p>甲<br>乙</p>", "甲 乙", "gap"),
    ("<p>甲<br>乙</p>", "甲\n\n乙", "blocks"),
    ("<p>甲</p><p>乙</p>", "甲\\\n乙", "blocks"),
    ("<h2>甲</h2>", "### 甲", "blocks"),
    ("<h2>甲</h2>", "**甲**", "marks"),
    ("<p><b>甲</b></p>", "## **甲**", "blocks"),
    ("<ul><li>甲</li><li>乙</li></ul>", "- 甲\\\n  乙", "blocks"),
    ("<ul><li>甲</li></ul>", "1. 甲", "blocks"),
    ("<ol start=3><li>甲</li></ol>", "1. 甲", "blocks"),
    ("<ul><li>甲<ul><li>乙</li></ul></li></ul>", "- 甲\n- 乙", "blocks"),
    ("<blockquote>甲</blockquote>", "甲", "blocks"),
    ("<table><tr><th>甲<th>乙<tr><td>1<td>2</table>", "| 甲 乙 |\n| --- |\n| 1 2 |", "blocks"),
    ("<img src='https://i.example/1'>", "", "text"),
    ("<img src='https://i.example/1'>", "![](https://i.example/2)", "text"),
    ("<p>甲</p><img src='https://i.example/1'>", "甲 ![](https://i.example/1)", "blocks"),
    ("<pre>a\n b</pre>", "a b", "text"),
    ("<p>甲</p><hr>", "甲", "text"),
    ("<p style='display:none'>甲</p><p>乙</p>", "甲\n\n乙", "text"),
    ("<p>{{&lt; x &gt;}}</p>", "{{< x >}}", "a shortcode survives"),
]


@pytest.mark.parametrize(("html", "markdown", "kind"), WRONG, ids=range(len(WRONG)))
def test_the_judge_sees_what_is_wrong(html: str, markdown: str, kind: str) -> None:
    found = complaints(root_of(html), PLAIN, Body(markdown=markdown))

    assert any(f": {kind}" in line for line in found), found
