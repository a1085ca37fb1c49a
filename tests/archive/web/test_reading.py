"""The page of an article: its text, what is known of it, its files and pictures."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive.article import Image
from archive.errors import DamagedArchive
from archive.export import jsonl
from archive.export.source import Source
from archive.files import article_path, digest, image_path
from archive.reader import Reader
from tests.archive.newsroom import article, capture, open_archive, picture, text
from tests.archive.test_export import unharmed
from tests.archive.web.browser import Browser

ONE, TWO, THREE = (article(number).id for number in (1, 2, 3))


def test_the_text_is_shown_with_what_is_known_of_it(browser: Browser, root: Path) -> None:
    page = browser.get(f"/a/{ONE}")

    with Reader.open(root) as reader:
        shown = reader.show(ONE)
    assert page.status == 200
    (shown_text,) = page.html.css("article")
    assert shown_text.attributes["lang"] == "zh-CN"
    for paragraph in shown.document.article.markdown.split("\n\n"):
        assert paragraph in shown_text.text()
    said = page.main
    for fact in (
        *("湖城第1号消息（更正）", "湖城日报", "2026-02-07 08:01", "2026-02-07 12:30"),
        shown.revisions[-1].sha256,
        "4 of 4",
    ):
        assert fact in said
    assert page.links("dd a[rel~=noreferrer]") == [shown.article.url]
    assert page.links(".provenance dd a")[-4:] == [
        *(f"/a/{ONE}/history", f"/a/{ONE}.md", f"/a/{ONE}.json", f"/a/{ONE}/capture")
    ]


def test_pictures_come_from_the_archive_and_those_it_lacks_are_named(browser: Browser) -> None:
    page = browser.get(f"/a/{ONE}@1")

    (shown,) = page.html.css("article img")
    assert shown.attributes["src"] == "/" + image_path(digest(picture(1).content), "jpg")
    assert page.links("article a.elsewhere") == [picture(2).url]


def test_what_was_withdrawn_says_so_first(browser: Browser) -> None:
    page = browser.get(f"/a/{THREE}")

    assert page.main.startswith("Withdrawn from the site, first seen on 2026-02-07 18:40")
    assert "(gone: redirect to babygohome), first seen on 2026-02-07 18:40, again on" in page.main


def test_an_earlier_text_says_which_it_is(browser: Browser) -> None:
    assert "This is text 1. The current text is 4." in browser.get(f"/a/{ONE}@1").main
    assert (
        "This is text 3, so much shorter that it was kept aside" in browser.get(f"/a/{ONE}@3").main
    )


def test_a_copy_shows_the_text_it_shares_and_both_lead_to_each_other(browser: Browser) -> None:
    copy, original = browser.get(f"/a/{TWO}"), browser.get(f"/a/{ONE}")

    assert text(92).split("\n\n")[0] in copy.main
    assert f"/a/{ONE}" in copy.links(".provenance a")
    assert f"/a/{TWO}" in original.links(".provenance a")


def test_the_markdown_is_the_file_as_it_stands(browser: Browser, root: Path) -> None:
    page = browser.get(f"/a/{ONE}.md")

    assert page.body == (root / article_path(ONE)).read_bytes()
    assert page.headers["Content-Disposition"] == f'attachment; filename="{ONE}.md"'
    assert (
        browser.get(f"/a/{ONE}@1.md").body == (root / f"revisions/2026/02/{ONE}/1.md").read_bytes()
    )


def test_the_json_is_the_line_that_an_export_writes(browser: Browser, root: Path) -> None:
    with Reader.open(root) as reader:
        source = Source(reader, f"id:{ONE}", lost=unharmed)
        lines = list(jsonl.written(source.rows(all_texts=True)))

    assert browser.get(f"/a/{ONE}.json").body == lines[0]
    assert json.loads(browser.get(f"/a/{ONE}@2.json").body)["number"] == 2


def test_the_page_as_it_came_is_only_to_be_saved(browser: Browser) -> None:
    page = browser.get(f"/a/{ONE}@1/capture")

    assert page.body == capture(article(1, pictures=(picture(1), picture(2)))).body
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"] == f'attachment; filename="{ONE}@1.html"'


def test_a_page_that_was_not_kept_is_told(tmp_path: Path) -> None:
    with open_archive(tmp_path / "news", captures=False) as archive:
        archive.keep(article(1), capture=capture(article(1)))

    page = Browser(tmp_path / "news").get(f"/a/{ONE}/capture")

    assert page.status == 404
    assert f"the page of {ONE} was not kept" in page.main


def test_an_article_that_is_not_there_is_told_as_show_tells_it(browser: Browser) -> None:
    page = browser.get("/a/20260207A9999900")

    assert (page.status, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "the archive has no article 20260207A9999900" in page.main
    assert f"{ONE} has no text 9" in browser.get(f"/a/{ONE}@9").main


def test_a_text_that_somebody_changed_is_not_shown_as_the_kept_one(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        archive.keep(article(1), capture=capture(article(1)))
    file = root / article_path(ONE)
    file.write_text(file.read_text().replace("湖边", "海边"))
    with Reader.open(root) as reader, pytest.raises(DamagedArchive) as warned:
        reader.show(ONE)

    page = Browser(root).get(f"/a/{ONE}")

    assert page.status == 500
    assert str(warned.value) in page.main
    assert "海边" not in page.main


def test_a_picture_is_given_byte_for_byte_under_its_own_mark(browser: Browser) -> None:
    content = picture(1).content
    address = "/" + image_path(digest(content), "jpg")
    page = browser.get(address)

    assert (page.body, page.headers["Content-Type"]) == (content, "image/jpeg")
    assert page.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = browser.get(address, if_none_match=page.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_a_picture_that_is_not_what_was_written_is_not_given(tmp_path: Path) -> None:
    root, shown = tmp_path / "news", picture(1)
    one = article(1, pictures=(shown,))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one), pictures={shown.url: shown})
    path = image_path(digest(shown.content), "jpg")
    (root / path).write_bytes(b"<script>alert(1)</script>")

    page = Browser(root).get(f"/{path}")

    assert page.status == 500
    assert f"{path} is not what was written" in page.main
    (root / path).unlink()
    assert Browser(root).get(f"/{path}").status == 404


def test_a_hostile_article_is_shown_and_does_nothing(tmp_path: Path) -> None:
    evil = "https://evil.example/x.png"
    one = replace(
        article(
            1, title="</title><script>alert(1)</script>", outlet='"><img src=x onerror=alert(1)>'
        ),
        markdown=f"{text(1)}\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n\n![\"']({evil})",
        images=(Image(url=evil, renditions=(evil,), key=evil, caption="<b>"),),
        tags=("</dl><script>",),
        url="javascript:alert(1)",
        statement="<iframe>",
    )
    with open_archive(tmp_path / "news") as archive:
        archive.keep(one, capture=capture(article(1)))
        archive.keep(replace(one, images=(), title="<i>"), capture=capture(article(1), minutes=9))
    browser = Browser(tmp_path / "news")

    for address in ("/", f"/a/{ONE}", f"/a/{ONE}@1", f"/a/{ONE}/history", "/timeline", "/gone"):
        page = browser.get(address)
        assert page.status == 200
        assert page.html.css("script, iframe, i, img, [onerror]") == []
        links = page.links("a")
        assert [link for link in links if not link.startswith(("/", "#", "https://"))] == []


def test_what_a_run_keeps_meanwhile_is_on_the_next_page(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        archive.keep(article(1), capture=capture(article(1)))
        browser = Browser(root)
        assert browser.get("/").links(".cards h2 a") == [f"/a/{ONE}"]

        archive.keep(article(2), capture=capture(article(2), minutes=1))
        assert browser.get("/").links(".cards h2 a") == [f"/a/{TWO}", f"/a/{ONE}"]
        assert browser.get(f"/a/{TWO}").status == 200
