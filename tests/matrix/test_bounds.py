"""Runs that end before the work does: on a bound, outside of their hours, with the hour's requests spent."""

import time
from datetime import datetime, timedelta

import pytest

from archive.article import BEIJING
from scraper.cli.exits import Exit
from tests.hostile.newspaper import FRESH, KEPT, OTHER
from tests.matrix.bench import Bench, Waiting

UNTRIED = Waiting("pending", 0, "")


def other_hours() -> str:
    """A night that does not begin for two hours."""
    now = datetime.now(BEIJING)
    return f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (["--limit", "1"], {}),
        (["--max-bytes", "1KB"], {}),
        ([], {"run__limit": "1"}),
        ([], {"run__max_bytes": "1KB"}),
    ],
)
def test_a_run_that_reaches_a_bound_says_what_is_left_and_the_next_one_goes_on(
    words: list[str], settings: dict[str, str], bench: Bench
) -> None:
    ids = [FRESH.id, OTHER.id, *(f"202611{day}A04XYZ00" for day in range(10, 20))]
    bench.finds(*ids)

    ended = bench("run", *words, network__pace__page_connections="1", **settings)

    left = len(bench.queue())
    assert ended.code == Exit.BOUND
    assert 0 < left < len(ids)
    assert set(bench.queue().values()) == {UNTRIED}
    (line,) = ended.err.splitlines()
    assert f"{left} left in the queue" in line
    assert "stopped on --" in line
    assert "(code 10)" in line

    again = bench("run")

    assert (again.code, again.err) == (Exit.DONE, "")
    assert bench.queue() == {}
    assert max(bench.server.asked.values()) == 1, "nothing is asked for twice"


def test_a_run_whose_time_is_up_begins_nothing(bench: Bench) -> None:
    bench.finds(FRESH.id)

    ended = bench("run", "--max-time", "1ms")

    assert ended.code == Exit.BOUND
    assert "1 left in the queue; stopped on --max-time (code 10)" in ended.err
    assert bench.server.log == []
    assert bench.queue() == {FRESH.id: UNTRIED}


@pytest.mark.parametrize("words", [["--max-bytes", "1KB"], ["--limit", "1"], ["--max-time", "1ms"]])
def test_a_bound_that_leaves_nothing_undone_is_none(words: list[str], bench: Bench) -> None:
    bench.finds(*[FRESH.id] * ("--max-time" not in words), KEPT.id)

    ended = bench("run", *words)

    assert (ended.code, ended.err) == (Exit.DONE, "")


@pytest.mark.parametrize(
    "source", ["{kind: file, path: addresses.txt}", "{kind: channel, channel: top}"]
)
def test_outside_of_its_hours_a_run_asks_nothing_and_the_queue_stays_as_it_is(
    source: str, bench: Bench
) -> None:
    bench.finds(FRESH.id, OTHER.id)

    ended = bench("run", network__night=other_hours(), sources=f"{{one: {source}}}")

    (line,) = ended.err.splitlines()
    assert ended.code == Exit.BOUND
    assert "stopped on network.night (code 10)" in line
    assert bench.server.log == []
    assert set(bench.queue().values()) <= {UNTRIED}


def test_within_its_hours_a_run_asks_and_who_asks_by_hand_need_not_wait_for_them(
    bench: Bench,
) -> None:
    bench.finds(FRESH.id)
    now = datetime.now(BEIJING)
    night = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"

    ran = bench("run", network__night=night)
    added = bench("add", OTHER.id, network__night=other_hours())

    assert (ran.code, added.code) == (Exit.DONE, Exit.DONE)
    assert (bench.asked(FRESH), bench.asked(OTHER)) == (1, 1)


def test_an_hour_whose_requests_are_spent_is_not_waited_for_longer_than_the_run_may_last(
    bench: Bench,
) -> None:
    bench.finds(FRESH.id, OTHER.id)
    began = time.monotonic()

    ended = bench("run", "--max-time", "60s", network__pace__per_hour="1")

    assert time.monotonic() - began < 60
    assert ended.code == Exit.BOUND
    assert "1 left in the queue; stopped on " in ended.err
    assert sorted(bench.queue().values(), key=str) == [UNTRIED]
    assert bench.asked(FRESH) + bench.asked(OTHER) == 1


def test_a_host_that_wants_to_rest_for_longer_than_the_run_may_last_is_left_to_the_next(
    bench: Bench,
) -> None:
    bench.finds(FRESH.id)
    bench.spoil("/503-seconds", FRESH)

    ended = bench("run", "--max-time", "25s", network__retry__longest_rest="1h")

    assert ended.code == Exit.LIMITED
    assert bench.asked(FRESH) == 1
