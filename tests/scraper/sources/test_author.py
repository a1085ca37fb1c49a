"""The list of one author: who it is, how it is asked page by page, what it brings."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.capture import Capture
from scraper.errors import Unreachable
from scraper.sources.author import Author
from scraper.sources.request import Request
from tests.scraper.sources.answers import answered, ids

SUID = "8QMabc12deAdvz3/eQ="
LIST = "https://i.news.qq.com/getSubNewsMixedList"


def author(**more: Any) -> Author:
    return Author(**{"name": "outlet", "author": SUID} | more)


def listed(*known: str, asked: Request | None = None, **more: object) -> Capture:
    """A page of the list, as the interface answers."""
    rows = [
        {
            "id": one,
            "articletype": "56" if one[8] == "V" else "0",
            "title": "短题",
            "longtitle": "长题",
            "url": f"https://view.inews.qq.com/a/{one}",
            "time": "3小时前",
            "timestamp": 1785542400,
        }
        for one in known
    ]
    url = (asked or author().requests()[0]).url
    return answered({"ret": 0, "newslist": rows} | more, url=url)


def query(request: Request) -> dict[str, str]:
    assert request.url.startswith(f"{LIST}?")
    return {name: one for name, (one,) in parse_qs(urlsplit(request.url).query).items()}


@pytest.mark.parametrize(
    "written",
    [
        SUID,
        "8QMabc12deAdvz3%2FeQ%3D",
        "https://news.qq.com/omn/author/8QMabc12deAdvz3%2FeQ%3D",
        "https://new.qq.com/omn/author/8QMabc12deAdvz3%2FeQ%3D?tab=om_article",
        "news.qq.com/omn/author/8QMabc12deAdvz3%2FeQ=#top",
    ],
)
def test_an_author_is_known_by_the_end_of_the_address_of_their_page(written: str) -> None:
    (request,) = author(author=written).requests()

    assert query(request)["guestSuid"] == SUID
    assert query(request)["tabId"] == "om_index"
    assert ("Referer", "https://news.qq.com/") in request.headers


def test_of_an_author_known_by_number_the_card_is_asked_first() -> None:
    numbered = author(author="https://new.qq.com/omn/author/5054321")
    (card,) = numbered.requests()
    assert card.url == "https://i.news.qq.com/i/getUserHomepageInfo?chlid=5054321"

    (lead,) = numbered.finds(
        answered({"ret": 0, "userinfo": {"nick": "青屿晚报", "suid": SUID}})
    ).leads

    assert query(lead)["guestSuid"] == SUID
    assert numbered.most == 2, "the card, and a page of the list"


def test_a_number_that_is_nobodys_is_told() -> None:
    with pytest.raises(Unreachable, match="there is no such author"):
        author(author="5054321").finds(answered({"ret": 0, "userinfo": {}}))


@pytest.mark.parametrize("written", ["", "谷雨", "a b", "https://news.qq.com/omn/author/", "../x"])
def test_what_names_no_author_is_refused_with_what_would(written: str) -> None:
    with pytest.raises(ValueError, match="is no author; give the address of a page"):
        author(author=written)


def test_rows_are_articles_with_title_and_moment_and_videos_are_left_out() -> None:
    finds = author().finds(listed("20260801A01AAA00", "20260801V01BBB00"))

    (find,) = finds.articles
    assert (find.article.id, find.title) == ("20260801A01AAA00", "长题")
    assert find.published is not None
    assert find.published.isoformat() == "2026-08-01T08:00:00+08:00"
    assert finds.skipped == {"a video": 1}
    assert len(author(videos=True).finds(listed("20260801V01BBB00")).articles) == 1


def test_the_list_says_how_to_ask_for_its_next_page() -> None:
    first = listed("20260801A01AAA00", hasNext=1, offsetInfo='{"o":"1&2"}')

    (lead,) = author().finds(first).leads

    assert query(lead) == query(author().requests()[0]) | {"offset_info": '{"o":"1&2"}'}
    (again,) = (
        author().finds(listed("20260731A01AAA00", asked=lead, hasNext=1, offsetInfo="b")).leads
    )
    assert query(again)["offset_info"] == "b"


@pytest.mark.parametrize(
    "end", [{}, {"hasNext": 0, "offsetInfo": "x"}, {"hasNext": 1, "offsetInfo": ""}]
)
def test_the_last_page_leads_nowhere(end: dict[str, object]) -> None:
    assert author().finds(listed("20260801A01AAA00", **end)).leads == ()


def test_an_author_without_articles_is_no_error() -> None:
    assert ids(author().finds(listed())) == []
