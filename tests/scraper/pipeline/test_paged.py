"""An old article on several pages: all of them are one text, however they came."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.reader import Reader
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.repair import repair
from archive.upkeep.verify import verify
from scraper import saved as files
from scraper.pipeline.lost import reading
from scraper.pipeline.outcome import Result
from scraper.pipeline.reextract import Judged, again
from scraper.pipeline.saved import keep_saved
from scraper.worker.settings import WorkerSettings
from tests.archive.test_export_warc import pages_of
from tests.scraper.pipeline import bridge
from tests.scraper.pipeline.bridge import ADDRESS, GBK, ID, SAID, at, body_of, dump, html, imported
from tests.scraper.pipeline.test_saved import offline
from tests.scraper.site import Answer, Asked, Bench, Site, tools


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().serving() as site:
        for page in range(len(SAID)):
            site[at(page)] = Answer(body=html(page), kind=GBK)
        yield site


def states(root: Path) -> list[str]:
    with Reader.open(root) as reader:
        rows = reader.sql("select state from captures order by at, record").rows
    return sorted(str(state) for (state,) in rows)


def collected(bench: Bench, site: Site, root: Path) -> tuple[Result, str]:
    """The article asked for once more: what came of it, and by which rule."""

    async def story() -> None:
        async with tools(site, root, workers=bench.workers) as t:
            outcome = await t.collector.collect(ADDRESS, again=True)
            found.append((outcome.result, outcome.reason))

    found: list[tuple[Result, str]] = []
    bench.run(story)
    return found[0]


def test_all_pages_are_asked_for_and_are_one_text(bench: Bench, site: Site, tmp_path: Path) -> None:
    result, rule = collected(bench, site, tmp_path)
    assert (result, rule) == (Result.NEW, "static: #ArticleCnt; page 1 of 3, and all others")
    assert site.asked("001492") == [at(0), at(1), at(2)]
    assert body_of(tmp_path).split("\n\n") == list(SAID)
    assert states(tmp_path) == ["ok", "part", "part"]
    assert collected(bench, site, tmp_path)[0] is Result.SAME
    assert not [*verify(tmp_path, read_data=1.0)]


@pytest.mark.parametrize("make", ["fetched", "saved", "saved, the second first"])
def test_two_pages_are_one_text_though_the_second_leads_to_no_page_with_a_number(
    bench: Bench, site: Site, tmp_path: Path, make: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "SAID", SAID[:2])
    root = tmp_path / "archive"
    if make == "fetched":
        for page in range(2):
            site[at(page)] = Answer(body=html(page), kind=GBK)
        collected(bench, site, root)
    else:
        imported(bench, root, tmp_path / "saved", (0, 1) if make == "saved" else (1, 0))
    assert body_of(root).split("\n\n") == list(SAID[:2])


def test_a_page_of_another_article_to_which_the_site_leads_is_not_taken(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    other = at(1).replace("001492", "000007")
    site[at(1)] = Answer(status=302, headers={"Location": other})
    said = html(1, "另一篇文章的第二页，说的是集市上卖的鱼，和卖鱼的人从哪里来。").replace(
        b"001492", b"000007"
    )
    site[other] = Answer(body=said, kind=GBK)
    assert collected(bench, site, tmp_path)[1].endswith("page 1 of 3, without 2")
    assert body_of(tmp_path).split("\n\n") == [SAID[0], SAID[2]]
    assert states(tmp_path) == ["ok", "part"]


def test_a_first_page_that_did_not_change_says_nothing_of_the_others(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    def first(asked: Asked) -> Answer:
        known = asked.headers.get("if-none-match") == '"1"'
        answer = Answer(status=304) if known else Answer(body=html(0), kind=GBK)
        return replace(answer, headers={"ETag": '"1"'})

    site[at(0)] = first
    site[at(2)] = Answer(status=404)
    collected(bench, site, tmp_path)
    site[at(2)] = Answer(body=html(2), kind=GBK)
    assert collected(bench, site, tmp_path)[0] is Result.REVISED
    assert body_of(tmp_path).split("\n\n") == list(SAID)


def test_an_old_article_on_one_page_is_asked_for_with_its_validators(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    alone = html(0).replace(b"ArticlePageLinkB", b"nothing").replace(b"ArtPLink", b"nothing")
    site[at(0)] = [
        Answer(body=alone, kind=GBK, headers={"ETag": '"1"'}),
        Answer(status=304, headers={"ETag": '"1"'}),
    ]
    collected(bench, site, tmp_path)
    assert collected(bench, site, tmp_path) == (Result.SAME, "not modified")
    assert [asked.headers.get("if-none-match") for asked in site.log if asked.url == at(0)] == [
        None,
        '"1"',
    ]


def test_an_address_of_a_later_page_leads_to_all_of_it(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(at(2))
            assert (outcome.result, outcome.id) == (Result.NEW, ID)

    bench.run(story)
    assert body_of(tmp_path).split("\n\n") == list(SAID)


def test_what_is_not_there_is_told_and_costs_no_other_page(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[at(1)] = Answer(status=404)
    result, rule = collected(bench, site, tmp_path)
    assert (result, rule) == (Result.NEW, "static: #ArticleCnt; page 1 of 3, without 2")
    assert body_of(tmp_path).split("\n\n") == [SAID[0], SAID[2]]
    assert states(tmp_path) == ["ok", "part"]
    site[at(1)] = Answer(body=html(1), kind=GBK)
    assert collected(bench, site, tmp_path)[0] is Result.REVISED
    assert body_of(tmp_path).split("\n\n") == list(SAID)


def test_a_site_that_shows_the_first_page_again_is_not_told_twice(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[at(1)] = Answer(body=html(0), kind=GBK)
    site[at(2)] = Answer(status=302, headers={"Location": ADDRESS})
    result, rule = collected(bench, site, tmp_path)
    assert (result, rule) == (Result.NEW, "static: #ArticleCnt; page 1 of 3, without 2, 3")
    assert body_of(tmp_path) == SAID[0]


def test_a_site_that_wants_to_be_left_alone_is_asked_for_all_of_it_later(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[at(1)] = Answer(status=567)
    assert collected(bench, site, tmp_path)[0] is Result.LIMITED
    assert states(tmp_path) == []


def test_a_page_that_the_site_lost_is_told_as_it_was_kept(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    collected(bench, site, tmp_path)
    changed = SAID[0].replace("八十年", "八十一年")
    site[at(0)] = Answer(body=html(0, changed), kind=GBK)
    site[at(2)] = Answer(status=404)
    assert collected(bench, site, tmp_path)[0] is Result.REVISED
    assert body_of(tmp_path).split("\n\n") == [changed, *SAID[1:]]


def test_where_the_page_leads_to_all_of_it_on_one_page_that_is_asked_for(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    whole = ADDRESS.replace(".htm", "_all.htm")
    site[at(0)] = Answer(body=html(0, more=f'<a href="{whole}">全文</a>'), kind=GBK)
    site[whole] = Answer(body=html(0, "</p><p>".join(SAID)), kind=GBK)
    assert collected(bench, site, tmp_path)[0] is Result.NEW
    assert site.asked("001492") == [at(0), whole]
    assert body_of(tmp_path).split("\n\n") == list(SAID)
    assert states(tmp_path) == ["ok", "part"]
    site[whole] = Answer(status=404)
    assert collected(bench, site, tmp_path)[0] is Result.SAME
    assert site.asked("001492")[2:] == [at(0), whole, at(1), at(2)]


def test_the_validators_of_all_of_it_on_one_page_are_not_shown_to_the_first(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    whole = ADDRESS.replace(".htm", "_all.htm")
    alone = (
        html(0, "</p><p>".join(SAID)).replace(b"ArtPLink", b"x").replace(b"ArticlePageLinkB", b"x")
    )
    site[at(0)] = Answer(body=html(0, more=f'<a href="{whole}">全文</a>'), kind=GBK)
    site[whole] = Answer(body=alone, kind=GBK, headers={"ETag": '"1"'})
    collected(bench, site, tmp_path)
    assert collected(bench, site, tmp_path)[0] is Result.SAME
    assert not [asked.url for asked in site.log if "if-none-match" in asked.headers]


def test_read_again_it_is_what_it_was_and_a_lost_text_comes_back_to_the_byte(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    collected(bench, site, tmp_path)

    async def story() -> None:
        with Reader.open(tmp_path) as reader:
            (one,) = [one async for one in again(reader, bench.workers, [ID])]
            assert one.judged is Judged.SAME, one.reasons

    bench.run(story)
    (path,) = (tmp_path / "articles").rglob("*.md")
    before = path.read_bytes()
    path.unlink()
    with reading(WorkerSettings()) as read:
        actions = [(action.what, action.path) for action in repair(tmp_path, apply=True, read=read)]
    assert actions[0] == ("restored", str(path.relative_to(tmp_path)))
    assert path.read_bytes() == before


def test_a_lost_earlier_text_is_read_from_the_pages_as_they_were_then(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    collected(bench, site, tmp_path)
    site[at(1)] = Answer(body=html(1, SAID[1].replace("两个", "三个")), kind=GBK)
    assert collected(bench, site, tmp_path)[0] is Result.REVISED
    (path,) = (tmp_path / "revisions").rglob("1.md")
    before = path.read_bytes()
    path.unlink()
    with reading(WorkerSettings()) as read:
        actions = [(action.what, action.path) for action in repair(tmp_path, apply=True, read=read)]
    assert actions[0] == ("restored", str(path.relative_to(tmp_path)))
    assert path.read_bytes() == before


@pytest.mark.parametrize("make", ["fetched", "saved"])
def test_a_rebuilt_index_tells_the_same(
    bench: Bench, site: Site, tmp_path: Path, make: str
) -> None:
    root = tmp_path / "archive"
    if make == "fetched":
        collected(bench, site, root)
    else:
        imported(bench, root, tmp_path / "saved", (0, 1, 2))
    before = dump(root)
    assert before[0] == "ok"
    rebuild(root)
    assert dump(root) == before
    assert body_of(root).split("\n\n") == list(SAID)


def test_what_one_archive_fetched_and_another_was_brought_is_one_text_when_they_are_merged(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    imported(bench, ours, tmp_path / "saved", (0, 1))
    site[at(0)] = Answer(body=html(0, SAID[0].replace("大水", "洪水")), kind=GBK)
    collected(bench, site, other)
    merge(ours, other)
    assert body_of(ours).split("\n\n") == [SAID[0].replace("大水", "洪水"), *SAID[1:]]
    assert not [*verify(ours, read_data=1.0)]


def test_its_pages_taken_elsewhere_are_one_text_there(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    collected(bench, site, tmp_path / "here")
    file = tmp_path / "all.warc.gz"
    file.write_bytes(pages_of(tmp_path / "here", newest=True))

    async def story() -> None:
        async with offline(bench, tmp_path / "there") as collector:
            for one in files.pages(file):
                await keep_saved(collector, one)

    bench.run(story)
    assert body_of(tmp_path / "there").split("\n\n") == list(SAID)


def test_links_to_pages_of_other_articles_are_none_of_its_own(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    other = '<a href="000007_9.htm">也看看这篇</a>'
    site[at(0)] = Answer(body=html(0, more=other), kind=GBK)
    assert collected(bench, site, tmp_path)[1].endswith("page 1 of 3, and all others")
    assert site.asked("_9") == []
