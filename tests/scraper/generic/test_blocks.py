"""The blocks of a page and what they weigh; pages as nobody should write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.layouts.generic.blocks import Block, inside, survey, weight
from scraper.layouts.generic.chrome import chrome_in
from scraper.layouts.generic.container import article_block
from tests.scraper.generic.reading import SENTENCE, read


def test_a_chinese_character_weighs_one_and_a_latin_letter_a_third() -> None:
    assert weight("渡口") == 2
    assert weight("ferry!") == 2


def blocks_of(html: str) -> tuple[LexborHTMLParser, list[Block]]:
    tree = LexborHTMLParser(html)
    assert tree.body
    return tree, survey(tree.body)


def test_a_run_is_prose_a_label_or_links() -> None:
    _tree, blocks = blocks_of(
        f"<body><p>{SENTENCE}</p><p>图一</p><p><a>首页</a> <a>新闻</a></p></body>"
    )

    assert [(block.prose > 0, block.plain > 0, block.links) for block in blocks[1:4]] == [
        (True, False, 0), (False, True, 0), (False, False, 1),
    ]  # fmt: skip


FRAGMENTS = st.recursive(
    st.sampled_from(
        [
            SENTENCE,
            "图一",
            "<a>首页</a>",
            "<br>",
            "<img src=x>",
            "<script>var a;</script>",
            "<!-- c -->",
            " ",
        ]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["div", "p", "span", "ul", "li", "a", "table", "td", "h1", "b", "nav"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@given(FRAGMENTS)
@settings(max_examples=150, deadline=None)
def test_every_block_weighs_what_is_in_it_and_the_article_is_one_of_them(fragment: str) -> None:
    _tree, blocks = blocks_of(f"<body>{fragment}</body>")

    for block in blocks:
        assert block.prose + 0.01 >= sum(entry.prose for entry in inside(blocks, block))
        assert block.linked + 0.01 >= sum(entry.linked for entry in inside(blocks, block))
    article = article_block(blocks, None, "")
    assert article in blocks
    assert not article.left_out
    assert article not in chrome_in(blocks, article, "")


HOSTILE = {
    "deep": "<div>" * 3000 + SENTENCE,
    "deep and named": "<div class=content>" * 2000 + SENTENCE,
    "wide": f"<p>{SENTENCE}</p>" * 20_000,
    "links": f"<a href=/x>{SENTENCE}</a>" * 20_000,
    "unclosed": "<a><b><i><p>" * 2000,
    "one long run": SENTENCE * 20_000,
    "long names": f'<div class="{"share-" * 20_000}">{SENTENCE}</div>',
    "many dates": "<p>" + "2025-06-01 " * 50_000,
    "bad data": '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
    "strange data": '<script type="application/ld+json">'
    '{"@type": [{}], "author": [1, {"name": []}], "@graph": "x"}</script>',
    "nothing": "",
    "frames": "<frameset><frame src=x></frameset>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_to_its_end(name: str) -> None:
    found = read(f"<title>渡口</title>{HOSTILE[name]}")

    assert found.title in ("渡口", "")
    assert found.author == ""
