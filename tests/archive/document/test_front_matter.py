"""Front matter that titles, people and other programs would break, read and written all the same, or refused."""

import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import Image
from archive.document import Document, read, settled, write
from archive.document.frontmatter import LARGEST_FOREIGN, load, ours
from archive.errors import DamagedArchive
from tests.archive.document.example import (
    ARTICLE,
    DOCUMENT,
    NASTY,
    block_of,
    keys_of,
)


@pytest.mark.parametrize("title", NASTY)
def test_no_title_breaks_the_front_matter(title: str) -> None:
    document = replace(DOCUMENT, article=replace(ARTICLE, title=f"题{title}", tags=(f"题{title}",)))

    text = write(document)

    assert keys_of(text) == keys_of(write(DOCUMENT))
    assert read(text) == settled(document)
    assert write(read(text)) == text
    text.encode("utf-8")


texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x85\u2028\u2029\x00\x1b\ud800\udfff\u202e\u2066\u00a0\ufeff\u200b\n\r\t:-#\"'\\`*[](){}<>&"
        ),
    ),
    max_size=40,
)


names = texts.map(lambda text: "名" + text)


@settings(max_examples=120, deadline=None)
@given(
    title=names,
    markdown=texts.map(lambda text: "文\n\n" + text),
    outlet=texts,
    statement=texts,
    tags=st.lists(texts, max_size=3),
    caption=texts,
    address=texts.map(lambda text: "https://a.b/" + text),
    reason=names,
)
def test_what_is_written_reads_back_and_writes_the_same(
    title: str,
    markdown: str,
    outlet: str,
    statement: str,
    tags: list[str],
    caption: str,
    address: str,
    reason: str,
) -> None:
    image = Image(url=address, renditions=(address,), key=address, caption=caption)
    article = replace(
        ARTICLE,
        title=title,
        markdown=markdown,
        outlet=outlet,
        statement=statement,
        tags=tuple(tags),
        images=(image,),
    )
    document = Document(article=article, captured=DOCUMENT.captured, missing={address: reason})

    text = write(document)

    assert read(text) == settled(document)
    assert write(read(text)) == text
    assert settled(settled(document)) == settled(document)
    assert keys_of(text)[0] == "title"


def test_our_own_spelling_is_read_as_yaml_reads_it() -> None:
    block = block_of(write(DOCUMENT))

    assert ours(block) == yaml.safe_load(block)


rows = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "  ", "    ", "      "]),
    st.sampled_from(["", "- "]),
    st.sampled_from(["", "a:", "b: ", "c: "]),
    st.sampled_from(
        [
            "",
            '"x"',
            '"\\n"',
            '"\\u001b"',
            '"\\x41"',
            '"\u2028"',
            "0",
            "-7",
            "007",
            "true",
            "[]",
            "null",
            "x",
        ]
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(rows, min_size=1, max_size=6), st.integers(0, 30))
def test_a_block_is_only_taken_for_ours_when_yaml_agrees(changed: list[str], place: int) -> None:
    written = block_of(write(DOCUMENT)).splitlines()
    for block in (changed, [*written[:place], *changed, *written[place + 1 :]]):
        text = "".join(f"{row}\n" for row in block)

        if (value := ours(text)) is not None:
            assert value == yaml.safe_load(text)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=300) | st.text(max_size=100).map(lambda text: f"---\n{text}\n---\n\nx")
)
def test_any_other_file_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(DamagedArchive):
        read(text)


@pytest.mark.parametrize(
    "block",
    [
        "a: " + "[" * 20_000,
        "a:\n" + "".join(" " * depth + "- \n" for depth in range(400)),
        "a: &x [1]\nb: *x",
        "a: !!python/object/apply:os.system [x]",
        "a: {<<: {b: c}}",
        "a: &a [x]\n" + "".join(f"{c}: &{c} [*a, *a]\n" for c in "bcdefgh"),
        "? - - - -\n: x\n" * 30 + "a: [",
        "x" * (LARGEST_FOREIGN + 10),
        "%YAML 1.1\n---\na: b",
    ],
    ids=["deep flow", "deep block", "alias", "tag", "merge", "bomb", "odd", "large", "directive"],
)
def test_yaml_that_could_hurt_is_refused_before_it_does(block: str) -> None:
    with pytest.raises(DamagedArchive):
        load(block)


def test_front_matter_edited_by_hand_is_still_read() -> None:
    text = write(DOCUMENT)
    edited = text.replace('outlet: "滨江日报"', "outlet: 滨江日报   # 手改").replace(
        'author: "某甲"', "author: 2030-01-02"
    )

    article = read(edited).article

    assert (article.outlet, article.author) == ("滨江日报", "2030-01-02")


@pytest.mark.parametrize("key", ["id", "canonical", "title", "captured"])
def test_a_file_without_what_every_article_has_is_refused(key: str) -> None:
    text = re.sub(rf"\n{key}: .*", "", write(DOCUMENT).replace("---\ntitle", "---\nx: 1\ntitle"))

    with pytest.raises(DamagedArchive, match=key):
        read(text)
