"""When a page was published whose layout nobody has written."""

from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from scraper.layouts import generic
from scraper.page import Page
from tests.scraper.generic.reading import SENTENCE, read


@pytest.mark.parametrize(
    ("stated", "over", "under", "when"),
    [
        ("2025-06-01", "", "2025年06月01日08:18", "2025-06-01T08:18:00+08:00"),
        ("2025-06-01", "", "2025年06月02日08:18", "2025-06-01T00:00:00+08:00"),
        ("2025-06-01 07:00:00", "", "2025年06月01日08:18", "2025-06-01T07:00:00+08:00"),
        ("", "2025年06月01日13:56", "", "2025-06-01T13:56:00+08:00"),
        ("", "2026年11月23日 星期一", "", None),
    ],
)
def test_the_time_is_the_most_exact_that_stands_where_times_stand(
    stated: str, over: str, under: str, when: str | None
) -> None:
    head = f"<head><meta name='publishdate' content='{stated}'></head>"
    page = f"{head}<body><div>{over}</div><h1>渡口重开</h1><div>{under}</div><p>{SENTENCE * 3}</p>"

    published = read(page).published

    assert (published.isoformat() if published else None) == when


@pytest.mark.parametrize(
    ("spelling", "when"),
    [
        ("2025-06-01T08:18:00+02:00", "2025-06-01T14:18:00+08:00"),
        ("2025-06-01 08:18:00 GMT", "2025-06-01T16:18:00+08:00"),
        ("Sun, 01 Jun 2025 08:18:38 -0600", "2025-06-01T22:18:38+08:00"),
        ("1 Jun 2025 08:18 GMT", "2025-06-01T16:18:00+08:00"),
        (
            "Sun Jun 01 2025 08:18:46 GMT+0000 (Coordinated Universal Time)",
            "2025-06-01T16:18:46+08:00",
        ),
        ("Sun, 01 Jun 2025 08:18:38 EST", "2025-06-01T21:18:38+08:00"),
        ("1 Jun 2025 08:18", None),
        ("41 Jun 2025 08:18 GMT", None),
        ("08:18:07 AM IST Jun 1, 2025", None),
        ("0001-01-01T00:00:00Z", None),
        ("2027-01-01T00:00:00Z", None),
        ("Sun, 01 Jun 2087 08:18:38 -0600", None),
    ],
)
def test_a_time_for_machines_is_read_in_its_spellings_and_none_that_cannot_be(
    spelling: str, when: str | None
) -> None:
    data = f'{{"@type": "NewsArticle", "headline": "渡口重开", "datePublished": "{spelling}"}}'
    page = (
        f"<script type='application/ld+json'>{data}</script><h1>渡口重开</h1><p>{SENTENCE * 3}</p>"
    )

    published = read(page).published

    assert (published.isoformat() if published else None) == when


NOON = "2025-06-01T04:00:00Z"


@pytest.mark.parametrize(
    "stated",
    [
        f'<script type="application/ld+json">{{"@type": "ReportageNewsArticle", "datePublished": "{NOON}"}}</script>',
        f'<script type="application/ld+json">{{"@type": "MedicalWebPage", "datePublished": "{NOON}"}}</script>',
        f'<meta property="article:published" content="{NOON}">',
        f'<meta itemprop="datePublished dateCreated" content="{NOON}">',
        f'<time itemprop="datePublished" datetime="{NOON}">today</time>',
        f'<div><span itemprop="datePublished" content="{NOON}">today</span></div>',
        f'<span>Posted <time datetime="{NOON}">June 1</time></span>',
        f'<time class="entry-date published updated" datetime="{NOON}">June 1</time>',
        f'<p>Updated <time datetime="2025-06-02T04:00:00Z">June 2</time></p><time datetime="{NOON}">June 1</time>',
    ],
)
def test_the_time_is_found_wherever_a_page_states_it_for_machines(stated: str) -> None:
    page = (
        f"<title>The ferry is back</title><h1>The ferry is back</h1>{stated}<p>{SENTENCE * 3}</p>"
    )

    assert read(page).published == datetime.fromisoformat(NOON)


@pytest.mark.parametrize(
    "stated",
    [
        f'<time class="updated" datetime="{NOON}">June 1</time><p>{SENTENCE * 3}</p>',
        f'<p>Last modified: <time datetime="{NOON}">June 1</time></p><p>{SENTENCE * 3}</p>',
        f'<p>{SENTENCE * 3}</p><time datetime="{NOON}">another story</time>',
        f'<p>{SENTENCE * 3}</p><i itemprop="datePublished" content="{NOON}"></i>'
        '<i itemprop="datePublished" content="2025-06-03T04:00:00Z"></i>',
    ],
)
def test_a_time_that_may_be_that_of_something_else_is_none(stated: str) -> None:
    assert read(f"<title>渡口重开</title><h1>渡口重开</h1>{stated}").published is None


def test_a_page_whose_file_lost_its_own_time_may_state_any() -> None:
    body = f'<meta property="article:published" content="{NOON}"><p>{SENTENCE}</p>'.encode()
    capture = Capture(url="file:///a.html", at=datetime(1980, 1, 1, tzinfo=UTC), body=body)

    assert generic.parts(Page(capture)).published == datetime.fromisoformat(NOON)
