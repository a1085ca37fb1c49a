"""`qqnews run` meets a fault: one line in cron's mail, a telling code, and a queue from which the next run goes on."""

from dataclasses import dataclass, field

import pytest

from scraper.cli.exits import Exit
from tests.hostile.newspaper import FRESH, KEPT, OTHER
from tests.matrix.bench import Bench, Waiting
from tests.matrix.test_pages import HURRIED_READER, IMPATIENT


@dataclass(frozen=True)
class Row:
    """A fault in the place of one of two articles.

    words: of the summary.  waits: how that article stands in the queue; None when it is done.
    """

    fault: str
    code: Exit
    words: str
    waits: Waiting | None
    settings: dict[str, str] = field(default_factory=dict)


def failed(kind: str, words: str, fault: str, **settings: str) -> Row:
    return Row(fault, Exit.INCOMPLETE, words, Waiting("failed", 1, kind, minutes=15), settings)


def refused(kind: str, fault: str) -> Row:
    return Row(fault, Exit.INCOMPLETE, "1 refused", Waiting("dead", 1, f"refused:{kind}"))


ROWS = [
    failed("timeout", "1 failed", "/hang", **IMPATIENT),
    failed("reset", "1 failed", "/reset"),
    failed("truncated", "1 failed", "/short"),
    failed("server", "1 failed", "/500"),
    failed("headers", "1 failed", "/endless-header"),
    failed("error", "1 failed", "/page-deep", **HURRIED_READER),
    failed("blocked", "1 blocked", "/403"),
    failed("thin", "1 unreadable", "/page-shell"),
    failed("error", "1 unreadable", "/page-of-another"),
    failed("error", "1 unreadable", "/page-lost-characters"),
    refused("too_large", "/bomb-gzip"),
    refused("encoding", "/bomb-stacked"),
    refused("type", "/video"),
    Row("/to-stranger", Exit.INCOMPLETE, "1 refused", Waiting("failed", 1, "refused:redirect_host", minutes=24 * 60)),
    Row("/404", Exit.DONE, "1 gone", None),
    Row("/withdrawn", Exit.DONE, "1 gone", None),
    Row("/page-paid", Exit.DONE, "1 no article", None),
    Row("/page-captcha", Exit.LIMITED, "1 put off by the site", Waiting("failed", 1, "captcha", 15)),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_one_article_fails_and_the_other_is_kept(row: Row, bench: Bench) -> None:
    bench.finds(FRESH.id, OTHER.id, KEPT.id)
    bench.spoil(row.fault, FRESH)
    before = bench.texts()

    ended = bench("run", **row.settings)

    assert ended.code == row.code, ended.err
    if row.code == Exit.DONE:
        assert ended.err == "", "cron's mail is empty when all is well"
    else:
        (summary, *_) = [line for line in ended.err.splitlines() if "1 new" in line]
        assert row.words in summary
        assert f"(code {int(row.code)})" in summary
    assert "Traceback" not in ended.err
    assert bench.queue().get(FRESH.id) == row.waits
    assert bench.rows("select id from articles order by id") == [{"id": OTHER.id}, {"id": KEPT.id}]
    assert before.items() <= bench.texts().items()
    assert bench.asked(KEPT) == 0, "it was looked at lately"
    (run,) = bench.rows("select code from runs where command = 'run'")
    assert run["code"] == row.code
    assert bench.findings() == []


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        ("/567", Waiting("pending", 0, "")),
        ("/429", Waiting("pending", 0, "")),
        ("/429-absurd", Waiting("failed", 1, "limited", minutes=7 * 24 * 60)),
    ],
)
def test_a_host_that_limits_us_ends_the_run_and_the_next_one_goes_on(
    fault: str, waits: Waiting, bench: Bench
) -> None:
    bench.finds(FRESH.id, OTHER.id)
    bench.spoil(fault, FRESH, OTHER)

    ended = bench("run", "-q")

    assert ended.code == Exit.LIMITED
    assert "2 left in the queue" in ended.err
    assert "news.qq.com asked us to stop; what is left of it waits for the next run" in ended.err
    assert bench.asked(FRESH) + bench.asked(OTHER) <= 4, "three, and one in flight"
    assert set(bench.queue().values()) <= {waits, Waiting("pending", 0, "")}

    bench.mend()
    bench("retry")
    again = bench("run")

    assert (again.code, again.err) == (Exit.DONE, "")
    assert bench.queue() == {}


@pytest.mark.parametrize(
    ("where", "code", "words", "waits"),
    [
        ("nowhere.invalid:443", Exit.NO_NETWORK, "no network", Waiting("pending", 0, "")),
        ("127.0.0.1:1", Exit.INCOMPLETE, "2 failed", Waiting("failed", 1, "refused", 15)),
    ],
)
def test_without_a_connection_nothing_is_lost(
    where: str, code: Exit, words: str, waits: Waiting, bench: Bench
) -> None:
    bench.finds(FRESH.id, OTHER.id)

    ended = bench("run", "-q", network__connect_to=f"::{where}")

    assert ended.code == code
    assert words in ended.err
    assert bench.queue() == {FRESH.id: waits, OTHER.id: waits}


def test_what_keeps_failing_is_given_up_after_eight_runs_and_can_be_taken_up_again(
    bench: Bench,
) -> None:
    bench.finds(FRESH.id)
    bench.spoil("/500", FRESH)
    minutes = []
    for _ in range(8):
        bench("run", "-q", network__retry__tries="1")
        waiting = bench.queue()[FRESH.id]
        minutes.append(waiting.minutes)
        bench.due()

    assert minutes == [15, 30, 60, 120, 240, 360, 360, None]
    assert (waiting.state, waiting.attempts) == ("dead", 8)
    assert bench("run").code == Exit.DONE, "it is not asked for again"
    assert bench.asked(FRESH) == 8

    bench.mend()
    assert bench("retry", "--state", "dead").err == "1 will be tried again by the next run\n"
    assert bench("run").code == Exit.DONE
    assert bench.queue() == {}
