"""`qqnews queue` and `qqnews retry`: what waits and why, and taking it up again."""

import pytest

from scraper.cli.exits import Exit
from tests.cli.conftest import objects
from tests.hostile.newspaper import FRESH, KEPT, OTHER
from tests.matrix.bench import Bench, Waiting

PENDING = Waiting("pending", 0, "")


@pytest.fixture
def failing(bench: Bench) -> Bench:
    """A queue of which one article waits for a server's trouble to pass, and one is given up."""
    bench.finds(FRESH.id, OTHER.id)
    bench.spoil("/500", FRESH)
    bench.spoil("/video", OTHER)
    bench("run", "-q")
    return bench


def shown(bench: Bench, *words: str) -> list[str]:
    ended = bench("queue", *words, "-o", "jsonl")
    assert ended.code == Exit.DONE, ended.err
    return sorted(row["id"] for row in objects(ended.out))


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ([], {FRESH.id, OTHER.id}),
        (["--state", "failed"], {FRESH.id}),
        (["--state", "dead"], {OTHER.id}),
        (["--kind", "server"], {FRESH.id}),
        (["--kind", "refused:type"], {OTHER.id}),
        (["--host", "news.qq.com"], {FRESH.id, OTHER.id}),
        (["--host", "nowhere.qq.com"], set()),
        (["--source", "list"], {FRESH.id, OTHER.id}),
        (["--where", "error like '%HTTP 5%'"], {FRESH.id}),
        (["--where", "attempts = 1 -- and a remark"], {FRESH.id, OTHER.id}),
        (["--where", "kind = 'server'", "--state", "dead"], set()),
    ],
)
def test_the_queue_is_listed_by_what_one_asks_for(
    words: list[str], ids: set[str], failing: Bench
) -> None:
    assert set(shown(failing, *words)) == ids


def test_a_limit_counts_what_waits_and_not_what_is_done(failing: Bench) -> None:
    failing("add", "--again", KEPT.id)

    assert len(shown(failing, "--limit", "2")) == 2


def test_a_waiting_article_says_why_and_until_when(failing: Bench) -> None:
    (row,) = objects(failing("queue", "--state", "failed", "-o", "jsonl").out)

    assert (row["attempts"], row["kind"], row["error"]) == (1, "server", "HTTP 500 (4 tries)")
    assert row["retry_at"] > row["changed"]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ([], {FRESH.id, OTHER.id}),
        (["--state", "dead"], {OTHER.id}),
        (["--kind", "server"], {FRESH.id}),
        (["--where", "error like '%HTTP 5%'"], {FRESH.id}),
        (["--where", "attempts > 5"], set()),
    ],
)
def test_what_failed_is_taken_up_again_by_what_one_asks_for(
    words: list[str], ids: set[str], failing: Bench
) -> None:
    before = failing.queue()

    said = failing("retry", "-n", *words)
    assert said.err == f"{len(ids)} would be tried again\n"
    assert failing.queue() == before

    done = failing("retry", *words)

    assert done.err == f"{len(ids)} will be tried again by the next run\n"
    assert {id for id, waiting in failing.queue().items() if waiting.state == "pending"} == ids


@pytest.mark.parametrize(
    "where",
    [
        "attempts >",
        "nothing = 1",
        "1); delete from queue; --",
        "1) union select load_extension('x'",
    ],
)
@pytest.mark.parametrize("command", ["queue", "retry"])
def test_a_condition_that_cannot_be_read_or_would_do_more_is_a_mistake_in_the_call(
    command: str, where: str, failing: Bench
) -> None:
    before = failing.queue()

    ended = failing(command, "--where", where)

    assert ended.code == Exit.USAGE
    assert ended.err.count("\n") == 1
    assert failing.queue() == before
