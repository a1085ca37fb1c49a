"""The history of an article, and two of its texts side by side."""

from pathlib import Path

from archive.files import digest, image_path
from archive.reader import Reader
from tests.archive.newsroom import article, picture
from tests.archive.web.browser import Browser

ONE, TWO, FIVE = (article(number).id for number in (1, 2, 5))


def test_every_text_is_told_as_log_tells_it(browser: Browser, root: Path) -> None:
    with Reader.open(root) as reader:
        for id in (ONE, FIVE):
            entries = reader.log(id)
            rows = browser.get(f"/a/{id}/history").html.css("tbody tr")

            assert len(rows) == len(entries) > 2
            for row, entry in zip(rows, entries, strict=True):
                assert ", ".join(entry.marks) in row.text()
                assert entry.revision.title in row.text()


def test_the_last_two_texts_are_compared_until_others_are_chosen(browser: Browser) -> None:
    page = browser.get(f"/a/{ONE}/history")
    chosen = browser.get(f"/a/{ONE}/history?old=1&new=2")

    assert page.main.count("Text 2 to 4: headline") == 1
    assert chosen.main.count("Text 1 to 2:") == 1
    assert [str(n.attributes["value"]) for n in chosen.html.css("input[checked]")] == ["1", "2"]


def test_what_was_cut_and_put_in_is_marked_word_by_word(browser: Browser, root: Path) -> None:
    page = browser.get(f"/a/{ONE}/history")
    with Reader.open(root) as reader:
        change = reader.diff(ONE)

    (headline,) = page.html.css(".headline")
    assert headline.css_first("ins").text() == "（更正）"
    cut = [
        part.text for edit in change.sentences for part in (edit.parts or ()) if part.kind == "-"
    ]
    gone = [edit.old for edit in change.sentences if edit.kind == "removed"]
    marked = [node.text() for node in page.html.css(".compared del")]
    assert sorted(marked) == sorted(cut + gone)
    assert marked


def test_pictures_that_came_and_went_are_shown(browser: Browser) -> None:
    page = browser.get(f"/a/{ONE}/history?old=1&new=2")

    assert "Picture cut: https://inews.gtimg.com/om_bt/picture2/641" in page.main
    (shown,) = page.html.css("figure img")
    assert shown.attributes["src"] == "/" + image_path(digest(picture(3).content), "jpg")
    assert "Picture put in: https://inews.gtimg.com/om_bt/picture3/641" in page.main


def test_an_article_with_one_text_has_nothing_to_compare(browser: Browser) -> None:
    page = browser.get(f"/a/{TWO}/history")

    assert page.status == 200
    assert "there is nothing to compare" in page.main
    assert page.html.css("button") == []
