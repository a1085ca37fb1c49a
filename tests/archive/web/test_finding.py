"""The search page: words, filters, cards, and one page after the other."""

from pathlib import Path

import pytest

from archive.errors import QueryError
from archive.files import digest, image_path
from archive.reader import Reader
from tests.archive.newsroom import article, capture, open_archive, picture
from tests.archive.web.browser import Browser, Page

ONE, TWO, THREE, FIVE = (article(number).id for number in (1, 2, 3, 5))


def found(page: Page) -> list[str]:
    assert page.status == 200
    return [link.removeprefix("/a/") for link in page.links(".cards h2 a")]


def test_without_words_the_newest_come_first(browser: Browser, root: Path) -> None:
    with Reader.open(root) as reader:
        assert found(browser.get("/")) == [one.id for one in reader.list()] != []


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ("q=渡轮", "渡轮"),
        ("q=-渡轮", "-渡轮"),
        ("q=渡轮&order=relevance", "渡轮"),
        ("outlet=晚报", "outlet:晚报"),
        ("tag=春天", "tag:春天"),
        ("changed=1", "is:revised"),
        ("withdrawn=1", "is:gone"),
        ("from=2026-02-08", "after:2026-02-08"),
        ("to=2026-02-07", "on:2026"),
        ("from=2026-02-07&to=2026-02-07&q=渡轮&outlet=湖城", "渡轮 outlet:湖城"),
        (f"q={ONE}", f"id:{ONE}"),
        (f"q=https://news.qq.com/rain/a/{ONE}&withdrawn=1", f"id:{ONE} is:gone"),
    ],
)
def test_words_and_filters_find_what_the_search_language_finds(
    browser: Browser, root: Path, fields: str, query: str
) -> None:
    with Reader.open(root) as reader:
        wanted = [one.id for one in reader.list(query)]

    assert sorted(found(browser.get(f"/?{fields}"))) == sorted(wanted)


def test_the_last_day_of_a_filter_belongs_to_it(browser: Browser) -> None:
    assert found(browser.get("/?to=2026-02-06")) == []
    assert len(found(browser.get("/?to=2026-02-07"))) == 4


@pytest.mark.parametrize("query", ["foo:bar", '"open', "(", "a OR", "-"])
def test_a_mistake_in_the_words_is_one_line_on_the_page(
    browser: Browser, root: Path, query: str
) -> None:
    with Reader.open(root) as reader, pytest.raises(QueryError) as mistake:
        reader.query(query)

    page = browser.get(f"/?q={query}")

    assert page.status == 400
    assert page.html.css_first("[role=alert]").text() == str(mistake.value)
    assert page.html.css_first("#q").attributes["value"] == query


def test_a_date_that_is_none_is_told_too(browser: Browser) -> None:
    page = browser.get("/?from=soon")

    assert page.status == 400
    assert "'soon' is no date" in page.main


def test_a_card_shows_what_was_found_and_a_picture_of_the_archive(browser: Browser) -> None:
    page = browser.get("/?q=第3号消息")

    (card,) = page.html.css(".cards li")
    assert card.css_first("mark").text() == "第3号消息"
    assert card.css_first("img").attributes["src"] == "/" + image_path(
        digest(picture(3).content), "jpg"
    )
    said = " ".join(card.text().split())
    assert "湖城日报 2026-02-07 08:03 withdrawn" in said


def test_filters_that_are_set_stay_set(browser: Browser) -> None:
    page = browser.get("/?q=渡轮&outlet=日报&withdrawn=1&from=2026-02-01&order=relevance")

    assert page.html.css("details[open]")
    assert page.html.css_first("[name=outlet]").attributes["value"] == "日报"
    assert page.html.css_first("[name=from]").attributes["value"] == "2026-02-01"
    assert page.html.css("[name=withdrawn][checked]")
    assert page.html.css("option[value=relevance][selected]")
    assert all(
        field.parent.tag == "label" or page.html.css(f"label[for={field.attributes.get('id')}]")
        for field in page.html.css("input, select")
    )


def test_long_answers_come_page_by_page_and_each_article_once(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in range(45):
            one = article(number)
            archive.keep(one, capture=capture(one, minutes=number))
    browser = Browser(root)

    ids, address, pages = [], "/?q=消息&outlet=湖城", 0
    while address:
        page = browser.get(address)
        ids += found(page)
        pages += 1
        address = next(iter(page.links("a[rel=next]")), "")

    assert pages == 3
    assert ids == [article(number).id for number in reversed(range(45))]
    assert page.links("a[rel=prev]") == ["/?q=%E6%B6%88%E6%81%AF&outlet=%E6%B9%96%E5%9F%8E&page=2"]
