"""Articles as files: the reference's front matter to the byte, ours after it, and back without loss."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import document as documents
from archive.article import BEIJING, Article, Image, Video
from archive.document import MAINROAD, Document, PictureFile, read, settled, summary, write
from archive.document.frontmatter import LARGEST_FOREIGN, load, ours
from archive.errors import DamagedArchive
from archive.profiles import PROFILES
from archive.text import fingerprint, words

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "article.md"

PICTURE = "https://inews.gtimg.com/om_bt/Oabc-1_x/641"
OTHER = "https://inews.gtimg.com/om_bt/Oabc-2_x/641"
FILE = PictureFile(
    path=f"images/ab/{'ab' * 32}.jpg", width=640, height=480, hash="00ff00ff12345678"
)

ARTICLE = Article(
    id="20300102A01B2C00",
    url="https://news.qq.com/rain/a/20300102A01B2C00",
    title="滨江的灯会为什么办得成",
    markdown=f"开头一段，**有力**。\n\n![灯]({PICTURE})\n\n灯会一角\n\n![]({OTHER})\n\n结尾。",
    images=(
        Image(url=PICTURE, renditions=(PICTURE, PICTURE + "/0"), key="Oabc-1_x", alt="灯"),
        Image(
            url=OTHER,
            renditions=(OTHER.replace("641", "0"), OTHER),
            key=OTHER,
            caption="灯会一角",
        ),
    ),
    videos=(Video(key="v1", url="https://v.qq.com/x/page/v1.html", title="片", duration=65),),
    addresses=("https://new.qq.com/rain/a/20300102A01B2C00",),
    published=datetime(2030, 1, 2, 7, 22, 15, tzinfo=BEIJING),
    updated=datetime(2030, 1, 2, 9, 0, 0, tzinfo=BEIJING),
    outlet="滨江日报",
    outlet_id="5006",
    author="某甲",
    editor="某乙",
    place="浙江",
    category="culture",
    tags=("灯会", "滨江"),
    cover="https://inews.gtimg.com/om_ls/O9_640360/0",
    comment_id="123456789012",
    statement="本文仅代表作者观点。\n转载请注明。",
    declarations=("内容由AI生成",),
    layout="rain",
)
DOCUMENT = Document(
    article=ARTICLE,
    revision=3,
    captured=datetime(2030, 1, 3, 1, 2, 3, tzinfo=UTC),
    pictures={PICTURE: FILE},
    missing={OTHER: "HTTP 404"},
    capture="<urn:uuid:1>",
    rule="rain: originContent.text",
    charset="utf-8",
    version="0.1.0",
)

GOLDEN = """\
---
title: "滨江的灯会为什么办得成"
date: "2030-01-02 07:22:15"
summary: "开头一段，有力。灯会一角结尾。"
categories:
  - "qq"
lang:
  - "zh-CN"
translations:
  - "zh-CN"
tags:
  - "qq"
menu: ""
thumbnail: "https://inews.gtimg.com/om_ls/O9_640360/0"
lead: ""
comments: false
authorbox: false
pager: true
toc: false
mathjax: false
sidebar: "right"
widgets:
  - "search"
  - "recent"
  - "taglist"
id: "20300102A01B2C00"
canonical: "https://news.qq.com/rain/a/20300102A01B2C00"
addresses:
  - "https://new.qq.com/rain/a/20300102A01B2C00"
outlet: "滨江日报"
outlet_id: "5006"
author: "某甲"
editor: "某乙"
place: "浙江"
category: "culture"
keywords:
  - "灯会"
  - "滨江"
published: "2030-01-02T07:22:15+08:00"
updated: "2030-01-02T09:00:00+08:00"
captured: "2030-01-03T01:02:03+00:00"
revision: 3
pictures:
  - address: "https://inews.gtimg.com/om_bt/Oabc-1_x/641"
    file: "images/ab/abababababababababababababababababababababababababababababababab.jpg"
    width: 640
    height: 480
    dhash: "00ff00ff12345678"
    alt: "灯"
    key: "Oabc-1_x"
  - address: "https://inews.gtimg.com/om_bt/Oabc-2_x/641"
    missing: "HTTP 404"
    caption: "灯会一角"
    renditions:
      - "https://inews.gtimg.com/om_bt/Oabc-2_x/0"
      - "https://inews.gtimg.com/om_bt/Oabc-2_x/641"
clips:
  - key: "v1"
    address: "https://v.qq.com/x/page/v1.html"
    title: "片"
    duration: 65
declarations:
  - "内容由AI生成"
statement: "本文仅代表作者观点。\\n转载请注明。"
comment_id: "123456789012"
capture: "<urn:uuid:1>"
read_by: "rain"
rule: "rain: originContent.text"
charset: "utf-8"
version: "0.1.0"
text_sha256: "TEXT"
profile: "mainroad"
---

开头一段，**有力**。

![灯](../../../images/ab/abababababababababababababababababababababababababababababababab.jpg)

灯会一角

![](https://inews.gtimg.com/om_bt/Oabc-2_x/641)

结尾。

[qq](https://new.qq.com/rain/a/20300102A01B2C00)
"""

# fmt: off
HUGO_ACTS_ON = {
    "aliases", "archetype", "audio", "build", "cascade", "draft", "expiryDate", "headless",
    "images", "isCJKLanguage", "lastmod", "layout", "linkTitle", "markup", "menus", "modified",
    "outputs", "params", "publishDate", "pubdate", "resources", "series", "sitemap", "slug",
    "translationKey", "type", "unpublishdate", "url", "videos", "weight",
}
# fmt: on


def block_of(text: str) -> str:
    return text.split("---\n")[1]


def keys_of(text: str) -> list[str]:
    return list(yaml.safe_load(block_of(text)))


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference is not beside this checkout")
def test_the_reference_front_matter_and_last_line_come_out_to_the_byte() -> None:
    reference = REFERENCE.read_text("utf-8")
    head, body = reference[4:].split("\n---\n", 1)
    said = yaml.safe_load(head)
    markdown, footer = body.strip("\n").rsplit("\n\n", 1)
    article = Article(
        id="20250207A095R800",
        url="https://news.qq.com/rain/a/20250207A095R800",
        title=said["title"],
        markdown=markdown,
        published=datetime.strptime(said["date"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING),
        cover=said["thumbnail"],
    )

    text = write(Document(article=article, captured=datetime(2025, 2, 9, tzinfo=UTC)))

    assert text.startswith(f"---\n{head}\nid: ")
    assert text.endswith(f"\n\n{footer}\n")


def test_a_file_is_written_to_the_byte() -> None:
    golden = GOLDEN.replace("TEXT", fingerprint(words(ARTICLE.markdown)))

    assert write(DOCUMENT) == golden


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_every_fact_comes_back_from_the_file(profile: documents.Profile) -> None:
    text = write(DOCUMENT, profile)

    assert read(text) == settled(DOCUMENT)
    assert write(read(text), profile) == text


def test_every_field_of_article_and_document_is_covered_by_the_example() -> None:
    """So a field that is added and not written is noticed here."""
    for value in (ARTICLE, replace(DOCUMENT, copy_of="x", suspect=True)):
        for name in value.__dataclass_fields__:
            assert getattr(value, name) or name in ("summary", "language"), name


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_no_key_makes_hugo_do_anything(profile: documents.Profile) -> None:
    text = write(replace(DOCUMENT, copy_of="20300101A0000000", suspect=True), profile)

    assert not HUGO_ACTS_ON & set(keys_of(text))
    assert all(re.fullmatch("[a-z][a-z0-9_]*", key) for key in keys_of(text))


def test_pictures_are_linked_from_wherever_the_file_stands() -> None:
    text = write(DOCUMENT, root="../../../../")

    assert f"![灯](../../../../{FILE.path})" in text
    assert read(text) == settled(DOCUMENT)


def test_a_picture_that_is_missing_keeps_its_web_address() -> None:
    assert f"![]({OTHER})" in write(DOCUMENT)


def test_two_pictures_with_the_same_bytes_find_their_own_addresses_again() -> None:
    document = replace(DOCUMENT, pictures={PICTURE: FILE, OTHER: FILE}, missing={})

    assert read(write(document)).article.markdown == ARTICLE.markdown


def test_a_picture_kept_from_another_rendition_is_linked_and_found_again() -> None:
    document = replace(DOCUMENT, pictures={PICTURE + "/0": FILE})

    text = write(document)

    assert f"![灯](../../../{FILE.path})" in text
    assert read(text) == settled(document)
    assert read(text).pictures == {PICTURE + "/0": FILE}
    assert read(text).article.markdown == ARTICLE.markdown


def test_a_picture_that_came_after_all_is_no_longer_missing() -> None:
    document = replace(DOCUMENT, missing={OTHER: "HTTP 404", PICTURE: "timeout"})

    assert read(write(document)).missing == settled(document).missing == {OTHER: "HTTP 404"}


def test_an_article_of_hundreds_of_lost_pictures_is_written_and_read() -> None:
    images = tuple(
        Image(
            url=f"https://inews.gtimg.com/om_bt/O{number}-{'x' * 60}/641",
            renditions=tuple(
                f"https://inews.gtimg.com/om_bt/O{number}-{'x' * 60}/{size}" for size in range(10)
            ),
            key=f"O{number}-{'x' * 60}",
            caption="字" * 200,
        )
        for number in range(500)
    )
    article = replace(
        ARTICLE, images=images, markdown="\n\n".join(f"![]({image.url})" for image in images)
    )
    document = replace(
        DOCUMENT,
        article=article,
        pictures={},
        missing={image.url: "HTTP 404" for image in images},
    )

    assert read(write(document)) == settled(document)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("字" * 60, "字" * 50 + "..."),
        ("字" * 50, "字" * 50),
        ("![图片](https://a/b)\n\n**一**\n\n二", "一二"),
        ("", ""),
    ],
)
def test_the_summary_is_the_first_fifty_characters(markdown: str, expected: str) -> None:
    assert summary(replace(ARTICLE, markdown=markdown)) == expected


def test_the_pages_own_summary_is_kept() -> None:
    document = replace(DOCUMENT, article=replace(ARTICLE, summary="自己的摘要"))

    text = write(document)

    assert '\nsummary: "自己的摘要"\n' in text
    assert read(text).article.summary == "自己的摘要"


def test_without_a_time_on_the_page_the_date_is_when_it_was_captured() -> None:
    text = write(replace(DOCUMENT, article=replace(ARTICLE, published=None)))

    assert '\ndate: "2030-01-03 09:02:03"\n' in text
    assert read(text).article.published is None


NASTY = [
    "---",
    "\n---\nurl: /evil/\n---\n",
    "a: b\n- c",
    "尾\u00a0",
    "行\u0085分\u2028段\u2029落",
    "\x00\x1b[31m红\x9b",
    "\ud800半",
    "\u202e反\u2066写",
    "\ufeff头",
    '"引号" \\ 反斜',
    "字" * 300,
    "😀𠮷👨‍👩‍👧",
    "{{< youtube >}}",
    "! !!python/object:os.system &a *a <<: {x: y}",
    "null",
    "2015-03-04",
    "0123",
    "~",
]


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


def test_the_footer_cites_what_is_not_on_rain_by_its_own_address() -> None:
    address = "https://mp.weixin.qq.com/s/abc"
    document = replace(DOCUMENT, article=replace(ARTICLE, url=address))

    assert MAINROAD.footer(document) == f"[qq]({address})"
