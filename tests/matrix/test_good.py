"""What only looks wrong, or passes by itself, is kept as if nothing had been."""

import pytest

from scraper.cli.exits import Exit
from tests.cli.conftest import Kept, objects
from tests.hostile.newspaper import FRESH, KEPT, OTHER
from tests.matrix.bench import Bench

TAKEN = {
    **dict.fromkeys(("/ok", "/gzip", "/identity", "/http10", "/no-type", "/no-reason"), 1),
    **dict.fromkeys(("/early-hints", "/many-headers", "/long", "/closes-after"), 1),
    **dict.fromkeys(("/gzip-members", "/gzip-padded"), 1),
    **dict.fromkeys(("/reset-once", "/403-once", "/503-once", "/429-once"), 2),
    "/500-twice": 3,
}
"""Fault → how often it is asked for."""


@pytest.mark.parametrize("fault", TAKEN)
def test_an_answer_that_only_looks_wrong_is_kept_without_a_word(fault: str, bench: Bench) -> None:
    bench.spoil(fault, FRESH)

    ended = bench("add", FRESH.id)

    assert (ended.code, ended.err) == (Exit.DONE, "")
    assert bench.asked(FRESH) == TAKEN[fault]
    assert "字" * 400 in Kept(bench.root).text(FRESH.id)
    assert bench.states(FRESH) == ["ok"]
    assert bench.queue() == {}
    assert bench.findings() == []


@pytest.mark.parametrize("fault", ["/page-gbk", "/page-called-gbk", "/page-utf16", "/page-bom"])
def test_a_page_that_lies_about_its_charset_is_the_same_article(fault: str, bench: Bench) -> None:
    bench.spoil(fault, FRESH, KEPT)
    before = bench.texts()

    ended = bench("add", "--again", FRESH.id, KEPT.id)

    verdicts = {row["id"]: row["verdict"] for row in objects(ended.out) if row["type"] == "page"}
    assert verdicts == {FRESH.id: "new", KEPT.id: "same"}
    assert before.items() <= bench.texts().items()
    text = Kept(bench.root).text(FRESH.id)
    assert FRESH.title in text
    assert FRESH.lines[0] in text


def test_a_text_that_lost_most_of_its_words_does_not_take_the_place_of_the_whole_one(
    bench: Bench,
) -> None:
    bench.spoil("/page-shorter", KEPT)
    before = bench.texts()

    ended = bench("add", "--again", KEPT.id)

    assert ended.code == Exit.DONE
    assert objects(ended.out)[0]["result"] == "suspect"
    assert bench.rows("select id, number from suspect") == [{"id": KEPT.id, "number": 2}]
    assert before.items() <= bench.texts().items()
    assert bench.findings() == []


def test_an_article_that_did_not_change_costs_its_headers(bench: Bench) -> None:
    before = bench.texts()

    ended = bench("add", "--again", KEPT.id)

    row, summary = objects(ended.out)
    assert (ended.code, row["verdict"], row["reason"]) == (Exit.DONE, "same", "not modified")
    assert (summary["unchanged"], summary["requests"]) == (1, 1)
    assert summary["bytes"] < 200
    assert bench.texts() == before


def test_nothing_to_compare_with_makes_304_no_answer(bench: Bench) -> None:
    bench.spoil("/304", FRESH)

    ended = bench("add", FRESH.id)

    assert ended.code == Exit.INCOMPLETE
    assert "HTTP 304 though we showed it nothing to compare with (4 tries)" in ended.err
    assert bench.asked(FRESH) == 4


def test_a_redirect_to_the_articles_other_address_is_the_article(bench: Bench) -> None:
    bench.server.instead[f"/rain/a/{FRESH.id}"] = "/to-mobile"

    ended = bench("add", FRESH.id)

    assert (ended.code, ended.err) == (Exit.DONE, "")
    assert FRESH.lines[0] in Kept(bench.root).text(FRESH.id)


def test_a_redirect_to_another_article_is_that_article_and_both_addresses_lead_to_it(
    bench: Bench,
) -> None:
    bench.spoil("/to-other-article", FRESH, KEPT)
    before = bench.texts()

    ended = bench("add", "--again", FRESH.id, KEPT.id)

    assert ended.code == Exit.DONE
    assert bench.rows("select id from articles order by id") == [{"id": OTHER.id}, {"id": KEPT.id}]
    assert bench.rows(f"select id from aliases where url like '%{FRESH.id}'") == [{"id": OTHER.id}]
    assert before.items() <= bench.texts().items()
    assert bench.findings() == []
    again = bench("add", FRESH.id)
    assert objects(again.out)[0]["id"] == OTHER.id
    assert bench.asked(FRESH) == 1


def test_a_connection_that_was_closed_while_idle_costs_no_try(bench: Bench) -> None:
    """`/closes-on-second` hangs up on whoever asks a second thing on one connection."""
    bench.spoil("/closes-on-second", FRESH, OTHER)

    ended = bench("add", FRESH.id, OTHER.id, network__pace__page_connections="1")

    assert ended.code == Exit.DONE, ended.err
    assert bench.asked(FRESH) + bench.asked(OTHER) == 3
    assert len(bench.server.log) == 3
