"""Bodies that nobody wrote to be read: they are written without a crash, in linear time, and nothing in them runs."""

import math
import re
import string
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.markdown import write
from tests.bodies import PLAIN, body, complaints_of, root_of
from tests.roundtrip import RENDERERS

# Random trees, nested as browsers leave them (`<p>` holds no blocks, `<a>` no `<a>`); text with every sign of Markdown.

WORDS = st.text(
    st.sampled_from("甲乙丙ab12“”‘’《》（），。！—…￥％° 　\u200b" + string.punctuation),
    min_size=1,
    max_size=6,
)
TEXT = WORDS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
INLINE = st.recursive(
    TEXT | st.sampled_from(["<br>", "<!-- -->", "<code>x*y</code>", "<sup>2</sup>"]),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "s", "span", "strong", "font"]),
        st.lists(inner, min_size=1, max_size=4),
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"),
    max_leaves=12,
)
LINE = st.lists(
    INLINE
    | st.tuples(st.sampled_from("xy"), INLINE).map(
        lambda made: f'<a href="https://x.example/{made[0]}">{made[1]}</a>'
    ),
    min_size=1,
    max_size=4,
).map("".join)
LEAF = (
    st.tuples(st.sampled_from(["p", "h2", "h3", "center"]), LINE).map(
        lambda made: f"<{made[0]}>{made[1]}</{made[0]}>"
    )
    | st.tuples(TEXT, TEXT).map(lambda made: f"<pre>{made[0]}\n{made[1]}</pre>")
    | st.integers(1, 30).map(lambda number: f'<img src="https://i.example/{number}">')
    | st.just("<hr>")
)
BLOCKS = st.recursive(
    LEAF,
    lambda inner: (
        st.tuples(
            st.sampled_from(["div", "section", "blockquote"]), st.lists(inner, max_size=3)
        ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>")
        | st.tuples(
            st.sampled_from(["ul", "ol"]), st.lists(inner | LINE, min_size=1, max_size=3)
        ).map(
            lambda made: f"<{made[0]}>{''.join(f'<li>{item}</li>' for item in made[1])}</{made[0]}>"
        )
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BLOCKS | LINE, min_size=1, max_size=3).map("".join))
def test_whatever_a_page_holds_its_words_links_and_blocks_are_shown(html: str) -> None:
    """Marks are left to the fragments: between letters, some that meet cannot all be shown (`docs/markdown.md`)."""
    assert [line for line in complaints_of(html) if ": marks: " not in line] == []


@settings(max_examples=200, deadline=None)
@given(LINE)
def test_bold_alone_is_always_shown(line: str) -> None:
    html = f"<p>{re.sub('</?(i|s|code|sup)>', '', line)}</p>"

    assert complaints_of(html) == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_bytes_make_it_raise(junk: str | bytes) -> None:
    html = junk.encode("utf-8", "replace") if isinstance(junk, str) else junk
    root = LexborHTMLParser(b"<div>" + html).body
    assert root is not None

    assert write(root, PLAIN) == write(root, PLAIN)


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x]: javascript:alert(1)",
    "![x](x 'onerror=alert(1)')",
    "<javascript:alert(1)>",
    "<https://x.example/'onmouseover='alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<!--<script>alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<style>@import 'x'</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "{{< x >}}{{% y %}}{{ .Site }}",
    "---\ntitle: x\n---",
    "</textarea><script>alert(1)</script>",
    "`<script>`",
    "```\n</code><script>alert(1)</script>",
    "| <script> | <b> |\n| --- | --- |",
    "**<script>**",
    "\\<script>alert(1)</script>",
    "\\\\<script>alert(1)</script>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "place", ["<p>%s</p>", "<h2>%s</h2>", "<pre>%s</pre>", "<li>%s</li>", "<p><code>%s</code></p>"]
)
def test_text_stays_text(payload: str, place: str) -> None:
    """Written out on a page, the attack is text; every renderer has to show it as just that."""
    said = payload.replace("&", "&amp;").replace("<", "&lt;")
    html = place % said

    markdown = body(html).markdown

    assert complaints_of(html) == []
    for render in RENDERERS.values():
        tags = re.findall(r"<\w+", render(markdown))
        assert not {*tags} & {"<script", "<img", "<iframe", "<svg", "<style", "<math", "<form"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_runs_on_a_page_runs_nowhere_else(payload: str) -> None:
    markdown = body(f"<div>甲{payload}乙</div>").markdown

    for render in RENDERERS.values():
        html = LexborHTMLParser(render(markdown))
        assert html.css("script,iframe,svg,style,math,form,object,embed") == []
        for node in html.css("*"):
            assert not [name for name in node.attributes if name.startswith("on")]
            for name in ("href", "src"):
                address = node.attributes.get(name) or "https:"
                assert address.startswith(("https:", "http:", "mailto:")), address


DEEP = 3_000
"""Lexbor needs time that grows with the square of the depth; what it has parsed must not cost as much again."""


TAGS = [
    "div",
    "b",
    "a href='/x'",
    "ul",
    "li",
    "blockquote",
    "table",
    "span style='color:red'",
    "sup",
]


@pytest.mark.parametrize("tag", TAGS)
def test_any_depth_is_read(tag: str) -> None:
    name = tag.split()[0]
    opening = f"<{tag}><tr><td>" if name == "table" else "<ul><li>" if name == "ul" else f"<{tag}>"

    markdown = body(opening * DEEP + "终").markdown

    assert markdown.count("终") == 1
    assert len(markdown) < 200


def wide(kind: str, size: int) -> str:
    match kind:
        case "runs":
            return "<p>" + "<b>甲</b>，<i>乙</i>“" * size
        case "crossing":
            return "<p>" + "<b>甲<i>乙</b>丙</i>" * size
        case "struck":
            return "<p>" + "<s>甲</s><b>乙<s>丙</s></b>" * size
        case "spans":
            return "<p>" + "<span>甲</span>" * size
        case "breaks":
            return "<p>" + "甲<br>" * size
        case "paragraphs":
            return "<p>x</p>" * size
        case "links":
            return "<p>" + "<b><a href='https://x.example/a'>甲</a></b>" * size
        case "cells":
            return "<table>" + "<tr><td rowspan=900 colspan=1000>甲</td><td>乙</td></tr>" * size
        case "signs":
            return "<p>" + "*_~`[&<" * size
        case "brackets":
            return "<p>" + "[" * size
        case "captions":
            return "<img src='https://i.example/1'><p class='caption'>甲</p>" * size
        case "ticked":
            return "<p><code>" + "`" * size
        case "entities":
            return "<p>" + "&amp;a" * size + "<h2>" + "#" * size + " x</h2>"
        case "styles":
            return "<p>" + f"<span style='{'; ' * 50}color:#{'0' * 50}'>甲</span>" * size
        case _:
            return "<pre>" + "`" * size


KINDS = "runs crossing struck spans breaks paragraphs links cells signs brackets captions ticks ticked entities styles"

ROUNDS = 3


def power(work: Callable[[int], Callable[[], object]], small: int) -> float:
    """The power of its size with which work's time grows: 1 when twice the size takes twice as long, 2 with its square.

    work: makes ready what is measured, at a size.  It is set against a hundred times that size, in processor time, and
    the best of the rounds counts: to move the answer by a half, noise has to make every one of them ten times slower.
    """
    sizes = (work(small), work(100 * small))
    best = [math.inf, math.inf]
    found = math.inf
    for _ in range(ROUNDS):
        for at, measured in enumerate(sizes):
            start = time.process_time_ns()
            measured()
            best[at] = min(best[at], max(time.process_time_ns() - start, 1))
        found = math.log(best[1] / best[0], 100)
        if found < 1.5:
            break
    return found


@pytest.mark.parametrize("kind", KINDS.split())
def test_time_grows_with_the_page(kind: str) -> None:
    """A hundred times the page may take a thousand times as long, not ten thousand times."""

    def written(size: int) -> Callable[[], object]:
        root = root_of(wide(kind, size))
        return lambda: write(root, PLAIN)

    assert power(written, 200) < 1.5


def test_time_that_grows_with_the_square_of_the_page_is_told() -> None:
    def squared(size: int) -> Callable[[], object]:
        return lambda: sum(range(size * size))

    assert power(squared, 30) > 1.5
