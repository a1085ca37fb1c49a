"""The sitemap: which files of an index are asked, and which of their addresses are new enough."""

import gzip
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from scraper.errors import Limited, Unreachable
from scraper.sources.found import MOST
from scraper.sources.sitemap import MOST_TEXT, Sitemap
from tests.scraper.sources.answers import ids

INDEX = "https://news.qq.com/sitemap/index.xml"
SITEMAP = Sitemap(name="all", days=3, files=3)
NOW = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)


def told(body: str, *, url: str = INDEX, status: int = 200, at: datetime = NOW) -> Capture:
    return Capture(url=url, at=at, body=body.encode(), status=status)


def index(*files: tuple[str, str]) -> str:
    entries = "".join(
        f"<sitemap>\n<loc>{place}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for place, day in files
    )
    return f'<?xml version="1.0"?><sitemapindex xmlns="http://x.example/s">{entries}</sitemapindex>'


def urls(*entries: str) -> str:
    return f"<urlset>{''.join(f'<url>{one}</url>' for one in entries)}</urlset>"


def file(number: int) -> str:
    return f"https://news.qq.com/sitemap/sitemap_{number}.xml"


def leads(body: str, *, at: datetime = NOW) -> list[str]:
    return [one.url for one in SITEMAP.finds(told(body, at=at)).leads]


def test_the_files_that_changed_last_are_asked_and_those_of_long_ago_are_not() -> None:
    listed = index(
        (file(1), "2026-08-08T10:00:00+08:00"),
        (file(2), "2026-08-10"),
        (file(3), "2026-07-01"),
        (file(4), "2026-08-09"),
        (file(5), "2026-08-07"),
    )

    assert leads(listed) == [file(2), file(4), file(1)]
    assert SITEMAP.finds(told(listed)).skipped == {"older": 1}
    assert all(one.alone for one in SITEMAP.finds(told(listed)).leads)
    assert SITEMAP.most == 4, "the index, and three files"


def test_where_the_index_tells_no_days_each_file_is_asked_some_time() -> None:
    listed = index(*((file(number), "") for number in range(12)))

    polls = [leads(listed, at=datetime(2026, 8, 10, hour, tzinfo=UTC)) for hour in range(24)]

    assert all(len(poll) == 3 for poll in polls)
    assert {one for poll in polls for one in poll} == {file(number) for number in range(12)}
    assert leads(listed) == leads(listed), "and the same answer always means the same"


def test_files_of_other_hosts_and_the_index_itself_are_not_asked() -> None:
    listed = index(
        ("https://evil.example/sitemap.xml", ""), (INDEX, ""), (file(1), ""), (file(1), "")
    )

    assert leads(listed) == [file(1)]


def test_a_file_brings_the_articles_whose_id_is_new_enough() -> None:
    page = urls(
        "<loc>https://news.qq.com/rain/a/20260810A01AAA00</loc>",
        "<loc> https://news.qq.com/rain/a/20260807A01BBB00 </loc><lastmod>2026-08-09</lastmod>",
        "<loc><![CDATA[https://news.qq.com/rain/a/20260808A01CCC00?a=1&amp;b=2]]></loc>",
        "<loc>https://news.qq.com/rain/a/20260806A01DDD00</loc>",
        "<loc>https://news.qq.com/rain/a/20260810A01EEE00</loc><lastmod>2026-08-01</lastmod>",
        "<loc>https://news.qq.com/rain/a/20260810V01FFF00</loc>",
        "<loc>https://news.qq.com/ch/tech</loc>",
    )

    finds = SITEMAP.finds(told(page, url=file(1)))

    assert ids(finds) == [
        "20260810A01AAA00", "20260807A01BBB00", "20260808A01CCC00", "20260810V01FFF00",
    ]  # fmt: skip
    assert finds.skipped == {"older": 2, "a channel list": 1}
    assert finds.leads == ()


def test_the_day_is_that_of_beijing() -> None:
    page = urls("<loc>https://news.qq.com/rain/a/20260806A01AAA00</loc>")

    assert ids(SITEMAP.finds(told(page, at=datetime(2026, 8, 9, 15, 59, tzinfo=UTC))))
    assert not ids(SITEMAP.finds(told(page, at=datetime(2026, 8, 9, 16, 1, tzinfo=UTC))))


@pytest.mark.parametrize("body", ["", "<html><p>x</p></html>", '{"code":0}', "<rss></rss>"])
def test_something_else_in_place_of_a_sitemap_is_an_error(body: str) -> None:
    with pytest.raises(Unreachable, match="something else instead of a sitemap"):
        SITEMAP.finds(told(body))
    with pytest.raises(Unreachable, match="HTTP 404"):
        SITEMAP.finds(told(urls(), status=404))
    with pytest.raises(Limited):
        SITEMAP.finds(told(urls(), status=501))


@pytest.mark.parametrize(
    "entries",
    [
        ["<link>https://news.qq.com/rain/a/20260810A01AAA00</link>"],
        ["<loc>https://news.qq.com/rain/b/20260810A01AAA00</loc>"],
        ["<loc>https://news.qq.com/rain/a/article-1</loc>", "<loc>https://news.example/x</loc>"],
    ],
    ids=["no address", "another address", "another id and another host"],
)
def test_entries_of_none_of_which_an_article_can_be_told_are_no_sitemap(entries: list[str]) -> None:
    with pytest.raises(Unreachable, match="rows of an unknown shape"):
        SITEMAP.finds(told(urls(*entries), url=file(1)))


def test_entries_that_are_all_old_or_known_to_be_no_articles_are_nothing_new() -> None:
    page = urls(
        "<loc>https://news.qq.com/rain/a/20160810A01AAA00</loc>",
        "<loc>https://news.qq.com/omn/author/8QMabc12deAdvz3Z</loc>",
        "<loc>https://news.qq.com/</loc>",
    )

    assert sum(SITEMAP.finds(told(page, url=file(1))).skipped.values()) == 3
    assert SITEMAP.finds(told(urls(), url=file(1))).articles == ()


def packed(page: str, *, to: int | None = None) -> Capture:
    """The answer for `sitemap_1.xml.gz`: its own bytes, which no header calls encoded."""
    body = gzip.compress(page.encode())[:to]
    return Capture(url=f"{file(1)}.gz", at=NOW, body=body, status=200)


def test_a_file_that_lies_on_the_site_as_gzip_is_read() -> None:
    page = urls("<loc>https://news.qq.com/rain/a/20260810A01AAA00</loc>")

    assert ids(SITEMAP.finds(packed(page))) == ["20260810A01AAA00"]
    assert leads(index((f"{file(1)}.gz", ""))) == [f"{file(1)}.gz"]


def test_a_packed_file_that_is_cut_damaged_or_a_bomb_is_an_error_and_not_nothing_new() -> None:
    page = urls("<loc>https://news.qq.com/rain/a/20260810A01AAA00</loc>")
    bomb = urls(" " * (MOST_TEXT + 1))

    with pytest.raises(Unreachable, match="cut short"):
        SITEMAP.finds(packed(page, to=-4))
    with pytest.raises(Unreachable, match="damaged sitemap"):
        SITEMAP.finds(Capture(url=file(1), at=NOW, body=b"\x1f\x8b<urlset>", status=200))
    with pytest.raises(Unreachable, match="too large to unpack"):
        SITEMAP.finds(packed(bomb))


@pytest.mark.parametrize(
    "part",
    ["<url>", "<loc>", "<url><loc>https://news.qq.com/", "<sitemap>" + " " * 90, "<lastmod>2026-01-0"],
)  # fmt: skip
def test_a_hostile_sitemap_costs_no_time(part: str) -> None:
    body = "<urlset>" + part * (4_000_000 // len(part))
    began = time.process_time()

    with suppress(Unreachable):
        SITEMAP.finds(told(body))

    assert time.process_time() - began < 20  # some seconds; what is not linear takes hours


def test_a_sitemap_without_end_brings_no_more_than_a_list_may_have() -> None:
    page = urls(*(f"<loc>https://news.qq.com/rain/a/20260810A{n:05}00</loc>" for n in range(6_000)))

    finds = SITEMAP.finds(told(page, url=file(1)))

    assert len(finds.articles) == MOST
    assert finds.skipped == {f"beyond the first {MOST}": 1_000}


@pytest.mark.parametrize("wrong", [{"url": "index.xml"}, {"days": 0}, {"files": 0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no web address|must be"):
        Sitemap(name="x", **wrong)  # type: ignore[arg-type]
