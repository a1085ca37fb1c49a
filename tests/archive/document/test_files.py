"""Articles as files: the reference's front matter to the byte, ours after it, and back without loss."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from archive import document as documents
from archive.article import BEIJING, Article, Image
from archive.document import MAINROAD, Document, read, settled, summary, write
from archive.profiles import PROFILES
from archive.text import fingerprint, words
from tests.archive.document.example import (
    ARTICLE,
    DOCUMENT,
    FILE,
    OTHER,
    PICTURE,
    keys_of,
)

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "article.md"


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
    for value in (ARTICLE, replace(DOCUMENT, copy_of="x", suspect=True, older=True)):
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


def test_the_footer_cites_what_is_not_on_rain_by_its_own_address() -> None:
    address = "https://mp.weixin.qq.com/s/abc"
    document = replace(DOCUMENT, article=replace(ARTICLE, url=address))

    assert MAINROAD.footer(document) == f"[qq]({address})"
