"""A robots.txt by RFC 9309: obeyed, missing, broken, huge, moved, late."""

from dataclasses import dataclass, field

import pytest

from scraper.cli.exits import Exit
from tests.cli.conftest import Kept
from tests.hostile.newspaper import FRESH, KEPT
from tests.matrix.bench import Bench, Waiting

FAILED = Exit.INCOMPLETE
IMPATIENT = {"network__limits__read_time": "300ms"}

ALLOWING = [
    "/no-robots", "/403", "/410", "/empty", "/robots-private", "/robots-others", "/robots-bom", "/robots-moved",
    "/robots-cut", "/binary-robots", "/endless-robots", "/bomb-gzip", "/circle-a", "/hop-0", "/to-stranger",
    "/to-nowhere",
]  # fmt: skip
"""None (400 to 499), none that can be found, or one that does not speak of us."""


@pytest.mark.parametrize("fault", ALLOWING)
def test_a_robots_txt_that_forbids_nothing_lets_the_article_be_kept(
    fault: str, bench: Bench
) -> None:
    bench.server.robots["news.qq.com"] = fault

    ended = bench("add", FRESH.id, network__robots="obey")

    assert (ended.code, ended.err) == (Exit.DONE, "")
    assert bench.asked(FRESH) == 1


@dataclass(frozen=True)
class Row:
    """A robots.txt because of which nothing is asked.  waits: how the article then stands in the queue of a run."""

    fault: str
    code: Exit
    asked: int
    words: str
    waits: Waiting
    settings: dict[str, str] = field(default_factory=dict)


def failed(kind: str) -> Waiting:
    return Waiting("failed", 1, kind, minutes=15)


TOMORROW = Waiting("failed", 1, "refused:robots", minutes=24 * 60)
UNREAD = "robots.txt of news.qq.com could not be read"
ROWS = [
    Row("/robots-articles", FAILED, 1, "asks robots not to fetch this", TOMORROW),
    Row("/robots-us", FAILED, 1, "asks robots not to fetch this", TOMORROW),
    Row("/500", FAILED, 4, f"{UNREAD} (HTTP 500 (4 tries))", failed("server")),
    Row("/short", FAILED, 4, f"{UNREAD} (the answer stops before its end", failed("truncated")),
    Row("/encoding-unknown", FAILED, 1, f"{UNREAD} (sent as rot13", failed("garbage")),
    Row("/hang", FAILED, 4, "no answer in time (4 tries)", failed("timeout"), IMPATIENT),
    Row("/429", Exit.LIMITED, 3, "is limiting us (HTTP 429)", Waiting("pending", 0, "")),
    Row("/567", Exit.LIMITED, 3, "is limiting us (HTTP 567)", Waiting("pending", 0, "")),
    Row("/503-seconds", Exit.LIMITED, 1, "asked us to wait 30s", Waiting("pending", 0, "")),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_where_robots_txt_forbids_or_cannot_be_read_nothing_is_asked(
    row: Row, bench: Bench
) -> None:
    bench.server.robots["news.qq.com"] = row.fault
    before = bench.texts()

    ended = bench("add", "--again", KEPT.id, network__robots="obey", **row.settings)

    (line,) = ended.err.splitlines()
    assert ended.code == row.code
    assert row.words in line
    assert bench.server.asked["/robots.txt"] == row.asked
    assert bench.asked(KEPT) == 0
    assert bench.texts() == before

    bench.finds(FRESH.id)
    ran = bench("run", "-q", network__robots="obey", **row.settings)

    assert ran.code == row.code
    assert bench.asked(FRESH) == 0
    assert bench.queue()[FRESH.id] == row.waits


@pytest.mark.parametrize("where", ["nowhere.invalid:443", "127.0.0.1:1"])
def test_a_host_that_cannot_be_asked_for_its_robots_txt_is_soon_left_alone(
    where: str, bench: Bench
) -> None:
    """Another host answers, so that it is not the network that is missing."""
    ids = [f"202611{day}A04XYZ00" for day in range(10, 30)]
    bench.finds(*ids)
    there = f'["news.qq.com:443:{where}", "::127.0.0.1:{bench.server.tls_port}"]'
    sources = "{list: {kind: file, path: addresses.txt}, top: {kind: channel, channel: top}}"

    ended = bench("run", "-q", network__robots="obey", network__connect_to=there, sources=sources)

    assert ended.code == FAILED
    failed = [waiting for waiting in bench.queue().values() if waiting.attempts]
    assert 0 < len(failed) <= 8, "five, and three that were open as well"
    assert len(bench.queue()) == len(ids)


def test_a_crawl_delay_begins_with_the_robots_txt_that_asks_for_it(bench: Bench) -> None:
    bench.server.robots["news.qq.com"] = "/robots-second"

    ended = bench("add", FRESH.id, network__robots="obey", pictures__download="false")

    assert ended.code == Exit.DONE, ended.err
    first, second = (seen.at for seen in bench.server.log)
    assert second - first >= 1.0 - bench.server.stalls.between(first, second)


def test_what_a_person_imports_may_be_asked_for_all_the_same(bench: Bench) -> None:
    bench.server.robots["news.qq.com"] = "/robots-articles"

    refused = bench("add", FRESH.id, network__robots="obey")
    ended = bench("add", "--ignore-robots", FRESH.id, network__robots="obey")

    assert "`qqnews add --ignore-robots` asks all the same" in refused.err
    assert (ended.code, bench.asked(FRESH)) == (Exit.DONE, 1)


def test_pictures_that_robots_txt_forbids_are_missing_and_the_article_is_kept(
    bench: Bench,
) -> None:
    bench.server.robots["inews.gtimg.com"] = "/robots-us"

    ended = bench("add", FRESH.id, network__robots="obey")

    assert ended.code == FAILED
    assert "a picture is missing (robots.txt of inews.gtimg.com asks" in ended.err
    assert FRESH.lines[0] in Kept(bench.root).text(FRESH.id)
