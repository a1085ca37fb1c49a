"""What was withdrawn, how much came when, the runs, and the feed."""

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from archive.index import browsing
from archive.index.browsing import Day
from archive.reader import Reader
from archive.web.chart import HEAD, HEIGHT, WIDTH, Column, bars
from tests.archive.newsroom import START, article, capture, open_archive, text
from tests.archive.test_export_atom import ATOM
from tests.archive.web.browser import Browser

ONE, TWO, THREE = (article(number).id for number in (1, 2, 3))


def test_what_was_withdrawn_is_listed_as_gone_lists_it(browser: Browser) -> None:
    page = browser.get("/gone")

    assert page.links("td a") == [f"/a/{THREE}"]
    assert "1 article kept here is no longer there." in page.main


def test_a_day_has_what_was_published_changed_and_withdrawn_on_it(root: Path) -> None:
    with Reader.open(root) as reader:
        days = browsing.days(reader.database)
        changed = [entry for one in reader.list() for entry in reader.log(one.id)]
    edits = [
        entry
        for entry in changed
        if entry.change and not entry.again and not entry.revision.suspect
    ]

    assert days == [Day("2026-02-07", 4, len(edits), 1)]


def test_the_days_are_those_of_beijing(tmp_path: Path) -> None:
    root, one = tmp_path / "news", article(1)
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        for number, minutes in enumerate((11 * 60 + 59, 12 * 60), 2):
            assert (START + timedelta(minutes=minutes)).hour in (15, 16)
            edited = article(1, body=text(90 + number))
            archive.keep(edited, capture=capture(edited, minutes=minutes))

    with Reader.open(root) as reader:
        assert browsing.days(reader.database) == [
            Day("2026-02-07", 1, 1, 0),
            Day("2026-02-08", 0, 1, 0),
        ]


def test_the_timeline_shows_the_latest_month_and_leads_to_the_articles_of_a_day(
    browser: Browser,
) -> None:
    page = browser.get("/timeline")

    days, months = page.html.css("svg")
    assert [len(chart.css("a")) for chart in (days, months)] == [28, 12]
    (link,) = [
        node
        for node in days.css("a")
        if str(node.attributes["aria-label"]).startswith("2026-02-07: 4 ")
    ]
    assert link.css(".edited")
    assert link.css(".gone")
    found = browser.get(str(link.attributes["href"]))
    assert len(found.links(".cards h2 a")) == 4
    assert browser.get("/timeline?month=1999-01").status == 200


def test_the_timeline_of_an_empty_archive_is_a_page(tmp_path: Path) -> None:
    open_archive(tmp_path / "news").close()
    browser = Browser(tmp_path / "news")

    for address in ("/", "/timeline", "/gone", "/runs", "/feed.xml"):
        assert browser.get(address).status == 200


def test_bars_stand_side_by_side_and_the_highest_fills_the_room() -> None:
    counts = (0, 1, 1000)
    columns = [Column(label="", name="", link="", articles=n, edited=0, gone=0) for n in counts]

    none, one, most = bars(columns)

    assert (none.height, most.height, most.y) == (0, HEIGHT - HEAD, HEAD)
    assert one.height >= 2
    assert [bar.x for bar in (none, one, most)] == [0, WIDTH / 3, WIDTH * 2 / 3]


def test_runs_are_told_in_the_words_that_were_given(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        archive.runs.finish(archive.runs.start("run"), code=8, summary={"new": 2})
        archive.runs.start("add")

    rows = Browser(root).get("/runs").html.css("tbody tr")

    assert [" ".join(row.text(separator=" ").split()[2:]) for row in rows] == [
        "add ended with None",
        "run ended with 8",
    ]


def test_the_feed_has_the_texts_that_came_in_last_new_and_changed(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in (1, 2, 3):
            archive.keep(article(number), capture=capture(article(number), minutes=number))
        browser = Browser(root)
        before = browser.get("/feed.xml", host="localhost:8765")
        same = browser.get("/feed.xml", host="localhost:8765", if_none_match=before.headers["ETag"])
        edited = article(1, body=text(91))
        archive.keep(edited, capture=capture(edited, minutes=60))
        after = browser.get(
            "/feed.xml", host="localhost:8765", if_none_match=before.headers["ETag"]
        )

    def ids(body: bytes) -> list[str]:
        read = ElementTree.fromstring(body)
        assert read.findtext(f"{ATOM}id") == "http://localhost:8765/feed.xml"
        return [str(entry.findtext(f"{ATOM}id")) for entry in read.iter(f"{ATOM}entry")]

    assert before.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert ids(before.body) == [f"urn:qqnews:{one}" for one in (THREE, TWO, ONE)]
    assert (same.status, same.body) == (304, b"")
    assert after.status == 200
    assert ids(after.body) == [f"urn:qqnews:{one}" for one in (ONE, THREE, TWO)]
