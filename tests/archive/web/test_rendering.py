"""Text of a page as HTML: it shows what the Markdown says, and can do nothing."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.web.rendering import rendered

KEPT = f"/images/ab/{'ab' * 32}.jpg"

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onmouseover=alert(1)>b</b>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=https://evil.example></iframe>",
    "<style>*{background:url(https://evil.example)}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/gone)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://evil.example/x.png)",
    "![x](//evil.example/x.png)",
    "![x](data:image/png;base64,iVBORw0KGgo=)",
    '![x](https://evil.example/x.png"onerror="alert(1))',
    '![" onerror="alert(1)](https://evil.example/x.png)',
    f'![" onerror="alert(1)]({KEPT})',
    f"![x]({KEPT}/../../../../qqnews.db)",
    f"![x](https://evil.example{KEPT})",
    f"[![x](https://evil.example/x.png)]({KEPT})",
    '[x](https://evil.example "\\" onclick=\\"alert(1)")',
    "```html\n<script>alert(1)</script>\n```",
    "| <img src=x onerror=alert(1)> | [x](javascript:1) |\n| --- | --- |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_in_a_text_can_act(markdown: str) -> None:
    read = LexborHTMLParser(rendered(markdown))

    assert read.body is not None
    for node in read.body.css("*"):
        assert node.tag not in (
            "script",
            "style",
            "iframe",
            "svg",
            "object",
            "math",
            "base",
            "form",
        )
        for name, value in node.attributes.items():
            assert name in ("href", "rel", "src", "alt", "loading", "class", "start")
            if name == "href":
                assert str(value).startswith(("https://", "http://", "mailto:"))
            if name == "src":
                assert value == KEPT


def test_a_picture_that_is_not_kept_is_its_words_and_a_link() -> None:
    said = rendered("![桥](https://inews.gtimg.com/x/641)")

    assert said == (
        '<p><a class="elsewhere" href="https://inews.gtimg.com/x/641" rel="noopener noreferrer">'
        "Picture, not kept: 桥</a></p>\n"
    )


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("“**硬核**”崛起", "<p>“<strong>硬核</strong>”崛起</p>\n"),
        ("~~删~~", "<p><s>删</s></p>\n"),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>\n'),
        (f"![桥]({KEPT})", f'<p><img src="{KEPT}" alt="桥" loading="lazy"></p>\n'),
        (
            "[看](https://news.qq.com/)",
            '<p><a href="https://news.qq.com/" rel="noopener noreferrer">看</a></p>\n',
        ),
        (
            "| 桥 |\n| --- |\n| 三 |",
            "<table>\n<thead>\n<tr>\n<th>桥</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>三</td>\n</tr>\n</tbody>\n</table>\n",
        ),
        ("<b>甲</b> &amp; 乙", "<p>&lt;b&gt;甲&lt;/b&gt; &amp; 乙</p>\n"),
    ],
)
def test_what_the_archive_writes_is_shown_as_it_is_meant(markdown: str, html: str) -> None:
    assert rendered(markdown) == html
