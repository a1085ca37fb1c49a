"""A site that asks us to slow down, or keeps us out: it is left alone, and nothing is lost."""

import json
from dataclasses import dataclass

import pytest

from scraper.cli.exits import Exit
from scraper.pipeline.many import AT_ONCE
from tests.hostile.ends import LIMITED, End
from tests.hostile.newspaper import FRESH, KEPT, page_of
from tests.matrix.bench import Bench, Waiting, lines_about

UNTRIED = Waiting("pending", 0, "")
LATER = {
    "/429-seconds": Waiting("failed", 1, "limited", minutes=15),
    "/429-date": Waiting("failed", 1, "limited", minutes=15),
    "/429-absurd": Waiting("failed", 1, "limited", minutes=7 * 24 * 60),
    "/429-far": Waiting("failed", 1, "limited", minutes=7 * 24 * 60),
}
"""A wait of more than a minute outlives the run; a shorter one is over by the next."""


@pytest.mark.parametrize("end", LIMITED, ids=lambda end: end.fault)
def test_a_refusal_ends_the_run_and_the_article_keeps_its_place(end: End, bench: Bench) -> None:
    before = bench.texts()
    for words, story in (["add"], FRESH), (["add", "--again"], KEPT):
        bench.spoil(end.fault, story)

        ended = bench(*words, story.id)

        assert ended.code == Exit.LIMITED
        (line,) = ended.err.splitlines()
        assert end.words in line
        assert "`qqnews run` tries it again" in line
        assert bench.asked(story) == end.tries
        assert bench.queue()[story.id] == LATER.get(end.fault, UNTRIED)
    assert bench.states(FRESH) == []
    assert bench.texts() == before
    assert bench.findings() == []


@dataclass(frozen=True)
class Shown:
    """An answer that means us and not the article.  state, words: what it is taken for."""

    fault: str
    state: str
    words: str


SHOWN = [
    Shown("/captcha", "captcha", "redirect to a captcha"),
    Shown("/page-captcha", "captcha", "are you human?"),
    Shown("/page-slider", "captcha", "a captcha"),
    Shown("/firewall", "blocked", "Tencent's firewall"),
    Shown("/page-firewall", "blocked", "Tencent's firewall (WAF) at status 200"),
]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.fault)
def test_a_captcha_or_the_firewall_is_evidence_and_no_article(shown: Shown, bench: Bench) -> None:
    bench.spoil(shown.fault, FRESH, KEPT)
    before = bench.texts()

    ended = bench("add", "--again", FRESH.id, KEPT.id)

    assert ended.code == Exit.LIMITED
    for story in (FRESH, KEPT):
        (line,) = lines_about(ended, story)
        assert shown.words in line
        assert bench.asked(story) == 1
        assert bench.queue()[story.id] == Waiting("failed", 1, shown.state, minutes=15)
    assert bench.states(FRESH) == [shown.state]
    assert bench.texts() == before
    assert bench.findings() == []


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.fault)
def test_three_of_them_in_a_row_end_all_requests_to_the_host(shown: Shown, bench: Bench) -> None:
    ids = [f"202611{day}A04XYZ00" for day in range(10, 22)]
    for id in ids:
        bench.server.instead |= {f"/rain/a/{id}": shown.fault, f"/a/{id}": shown.fault}
    bench.finds(*ids)

    ended = bench("run", "-q")

    asked = sum(bench.server.asked.values())
    assert ended.code == Exit.LIMITED
    assert 3 <= asked < 3 + AT_ONCE, "and at most those that were on their way"
    assert "news.qq.com asked us to stop" in ended.err
    assert f"{len(ids)} left in the queue" in ended.err
    untried = [id for id, waiting in bench.queue().items() if waiting == UNTRIED]
    assert len(untried) == len(ids) - asked


def test_a_wait_is_kept_on_the_servers_own_clock(bench: Bench) -> None:
    """`/429-once` asks for a second."""
    bench.spoil("/429-once", FRESH)

    ended = bench("add", FRESH.id)

    assert ended.code == Exit.DONE, ended.err
    first, second = (seen.at for seen in bench.server.log if seen.path == page_of(FRESH))
    assert second - first >= 1.0 - bench.server.stalls.between(first, second)


def test_a_run_tells_what_it_cost_the_site(bench: Bench) -> None:
    bench.finds(FRESH.id)
    bench.spoil("/429-once", FRESH)

    ended = bench("run", "-v")

    assert ended.code == Exit.DONE, ended.err
    summary = ended.err.splitlines()[-1]
    assert "1 new" in summary
    assert "1 refused" in summary
    (run,) = bench.rows("select summary from runs where command = 'run'")
    told = json.loads(run["summary"])
    assert (told["requests"], told["refusals"]) == (len(bench.server.log), 1)
    assert told["waited"] >= 0.9
