"""A fault in the place of a list that a run polls: the other sources bring their articles, and a line says so."""

from dataclasses import dataclass

import pytest

from scraper.cli.exits import Exit
from tests.hostile.newspaper import FRESH, OTHER
from tests.matrix.bench import Bench

FEED = "/web_feed/getPCList"
SOURCES = (
    "{list: {kind: file, path: addresses.txt}, one: {kind: channel, channel: top},"
    " two: {kind: channel, channel: tech}}"
)


@dataclass(frozen=True)
class Row:
    """A fault.  asked: how often the two channels ask together.  words: of the line."""

    fault: str
    code: Exit
    asked: int
    words: str


ROWS = [
    Row("/ok", Exit.INCOMPLETE, 2, "HTML instead of a list"),
    Row("/empty", Exit.INCOMPLETE, 4, "an empty answer"),
    Row("/500", Exit.INCOMPLETE, 8, "HTTP 500 (4 tries)"),
    Row("/large", Exit.INCOMPLETE, 2, "larger than 5 MiB"),
    Row("/list-nested", Exit.INCOMPLETE, 2, "a damaged list"),
    Row("/list-busy", Exit.INCOMPLETE, 6, "the list answered code 10001"),
    # The site wants to be left alone, whatever it says it with.
    Row("/429", Exit.LIMITED, 3, "is limiting us (HTTP 429)"),
    Row("/403", Exit.LIMITED, 4, "HTTP 403"),
    Row("/firewall", Exit.LIMITED, 2, "sent to the firewall instead of a list"),
    Row("/captcha", Exit.LIMITED, 2, "sent to the firewall instead of a list"),
    Row("/page-firewall", Exit.LIMITED, 2, "the firewall answered instead of the list"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_list_that_is_none_is_told_and_the_other_sources_bring_theirs(
    row: Row, bench: Bench
) -> None:
    bench.server.instead[FEED] = row.fault
    bench.finds(OTHER.id)

    ended = bench("run", sources=SOURCES)

    assert ended.code == row.code, ended.err
    assert f"source one: https://i.news.qq.com{FEED}: " in ended.err
    assert row.words in ended.err
    assert bench.server.asked[FEED] == row.asked
    assert {"id": OTHER.id} in bench.rows("select id from articles")


def test_a_list_with_half_a_character_in_a_title_brings_its_articles(bench: Bench) -> None:
    bench.server.instead[FEED] = "/list-half"

    ended = bench("run", sources=SOURCES)

    assert (ended.code, ended.err) == (Exit.DONE, "")
    assert {"id": FRESH.id} in bench.rows("select id from articles")


def test_three_firewalls_in_place_of_lists_end_all_requests_to_their_host(bench: Bench) -> None:
    bench.server.instead[FEED] = "/firewall"
    names = ("top", "tech", "finance", "ent", "world")
    sources = ", ".join(f"{name}: {{kind: channel, channel: {name}}}" for name in names)

    ended = bench("run", sources=f"{{{sources}}}")

    assert ended.code == Exit.LIMITED
    assert bench.server.asked[FEED] == 3
