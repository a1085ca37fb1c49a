"""Runs over sources whose answers say what to ask next."""

import json
from pathlib import Path

from scraper.pipeline.outcome import Result
from scraper.sources.author import Author
from scraper.sources.sitemap import Sitemap
from tests.scraper.pipeline.feed import KNOWN, publish, run_over
from tests.scraper.site import Answer, Asked, Bench, Site, address, tools

SUID = "8QMabc12deAdvz3Z"
CARD = "https://i.news.qq.com/i/getUserHomepageInfo"
LIST = "https://i.news.qq.com/getSubNewsMixedList"
INDEX = "https://news.qq.com/sitemap/index.xml"


def lists(site: Site) -> list[str]:
    """What was asked of the interfaces, without the articles."""
    return [url for url in site.asked() if "/rain/a/" not in url]


def as_json(value: object) -> Answer:
    return Answer(body=json.dumps(value).encode(), kind="application/json")


def pages_of_two(asked: Asked) -> Answer:
    """An author's list of all that is published, two on a page, as `offset_info` asks."""
    _, _, after = asked.url.partition("offset_info=")
    start = int(after or 0)
    rows = [
        {"id": one, "articletype": "0", "title": one, "url": address(one)}
        for one in KNOWN[start : start + 2]
    ]
    more = {"hasNext": 1, "offsetInfo": str(start + 2)}
    return as_json({"ret": 0, "newslist": rows} | more)


def test_an_authors_list_is_followed_as_far_as_it_is_new_and_no_further_than_the_settings_say(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:8])
    site[CARD] = as_json({"ret": 0, "userinfo": {"suid": SUID}})
    site[LIST] = pages_of_two

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            first = await run_over(t).run([Author(name="a", author="5054321", pages=2)])
            assert first.results == {Result.NEW: 4}
            assert [url.partition("?")[0] for url in lists(site)] == [CARD, LIST, LIST]

            site.log.clear()
            again = await run_over(t).run([Author(name="a", author=SUID, pages=3)])
            assert again.total == 0
            assert len(lists(site)) == 1, "what is known already ends it"

    bench.run(story)


def test_a_file_of_the_sitemap_with_nothing_new_keeps_no_other_from_being_asked(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, *KNOWN[:3])
    files = {f"https://news.qq.com/sitemap/sitemap_{n}.xml": KNOWN[n : n + 1] for n in range(3)}
    entries = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>20{99 - n}-01-01</lastmod></sitemap>"
        for n, url in enumerate(files)
    )
    site[INDEX] = f"<sitemapindex>{entries}</sitemapindex>".encode()
    for url, known in files.items():
        page = "".join(f"<url><loc>{address(one)}</loc></url>" for one in known)
        site[url] = Answer(body=f"<urlset>{page}</urlset>".encode(), kind="application/xml")
    sitemap = Sitemap(name="all", days=36_500, files=2)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            first = await run_over(t).run([sitemap])
            assert first.results == {Result.NEW: 2}
            assert lists(site) == [INDEX, *list(files)[:2]]

            site.log.clear()
            second = await run_over(t).run([Sitemap(name="all", days=36_500, files=3)])
            assert second.results == {Result.NEW: 1}
            assert lists(site) == [INDEX, *files]

    bench.run(story)


def test_a_file_of_the_sitemap_that_cannot_be_read_keeps_no_other_from_being_asked(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    publish(site, KNOWN[0])
    one, two, three = files = [f"https://news.qq.com/sitemap/sitemap_{n}.xml" for n in range(3)]
    entries = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>20{99 - n}-01-01</lastmod></sitemap>"
        for n, url in enumerate(files)
    )
    site[INDEX] = f"<sitemapindex>{entries}</sitemapindex>".encode()
    site[one] = Answer(status=404)
    site[two] = Answer(status=302)
    site[three] = f"<urlset><url><loc>{address(KNOWN[0])}</loc></url></urlset>".encode()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([Sitemap(name="all", days=36_500)])
            assert summary.results == {Result.NEW: 1}
            assert str(summary.sources[0].error) == f"{one}: HTTP 404 instead of a sitemap"

    bench.run(story)


def test_a_host_that_asks_for_rest_is_not_asked_for_the_other_files_of_its_sitemap(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    files = [f"https://news.qq.com/sitemap/sitemap_{n}.xml" for n in range(3)]
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in files)
    site[INDEX] = f"<sitemapindex>{entries}</sitemapindex>".encode()
    for url in files:
        site[url] = Answer(status=567)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            summary = await run_over(t).run([Sitemap(name="all")])
            assert summary.limited == {"news.qq.com"}
            assert len(set(lists(site))) == 2, "the index, and one file"

    bench.run(story)


def test_indexes_that_name_each_other_are_asked_once(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    other = "https://news.qq.com/sitemap/other.xml"
    both = f"<sitemap><loc>{INDEX}</loc></sitemap><sitemap><loc>{other}</loc></sitemap>"
    site[INDEX] = site[other] = f"<sitemapindex>{both}</sitemapindex>".encode()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await run_over(t).run([Sitemap(name="all", files=20)])
            assert lists(site) == [INDEX, other]

    bench.run(story)
