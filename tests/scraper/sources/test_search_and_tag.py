"""The site's own search, and the articles under a tag."""

from urllib.parse import parse_qs

import pytest

from scraper.sources.search import SiteSearch
from scraper.sources.tag import Tag
from tests.scraper.sources.answers import answered, ids, row

SEARCH = SiteSearch(name="bridges", query=" 石桥 修复 ", pages=2)
TAG = Tag(name="digest", tag="aEWqxLtdgmQ%3D")


def test_a_search_asks_page_by_page_for_the_words() -> None:
    first, second = SEARCH.requests()

    assert (first.method, first.url) == ("POST", "https://i.news.qq.com/gw/pc_search/result")
    assert dict(first.headers)["Content-Type"].startswith("application/x-www-form-urlencoded")
    said = [parse_qs(one.content.decode()) for one in (first, second)]
    assert [one["query"] for one in said] == [["石桥 修复"]] * 2
    assert [one["page"] for one in said] == [["0"], ["1"]]
    assert SEARCH.most == 2


def test_results_stand_in_sections_of_which_some_hold_no_news() -> None:
    told = {
        "ret": 0,
        "total_num": 3,
        "secList": [
            {"secType": "om", "omList": [{"chlname": "青屿晚报"}]},
            {"newsList": [row("20260801A01AAA00")]},
            {"newsList": [row("20260801V01BBB00", "56"), row("20260801A01CCC00")]},
        ],
    }

    finds = SEARCH.finds(answered(told))

    assert ids(finds) == ["20260801A01AAA00", "20260801A01CCC00"]
    assert finds.skipped == {"a video": 1}


def test_nothing_found_is_no_error() -> None:
    assert ids(SEARCH.finds(answered({"ret": 0, "total_num": 0}))) == []
    assert ids(SEARCH.finds(answered({"ret": 0, "secList": []}))) == []


@pytest.mark.parametrize("query", ["", "  ", "桥" * 101])
def test_a_search_for_nothing_or_for_a_book_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match="query must be some words"):
        SiteSearch(name="x", query=query)


def test_a_tag_is_asked_as_its_page_asks_and_gives_the_articles_of_all_tabs() -> None:
    (request,) = TAG.requests()
    assert request.url == "https://i.news.qq.com/web_backend/v2/getTagInfo?tagId=aEWqxLtdgmQ%3D"
    tabs = [{"articleList": [row("20260801A01AAA00")]}, {"articleList": [row("20260801A01BBB00")]}]

    finds = TAG.finds(answered({"ret": 0, "data": {"tabs": tabs}}))

    assert ids(finds) == ["20260801A01AAA00", "20260801A01BBB00"]


@pytest.mark.parametrize("tag", ["", "早报", "a b c d"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="is no tag"):
        Tag(name="x", tag=tag)
