"""The queue: what is still to fetch, in an order that survives anything."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive, Wanted
from archive.index.connection import open_reader
from archive.index.queue import Queue
from tests.archive.newsroom import START, open_archive


class Clock:
    """A clock that goes when it is told to."""

    now = START

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    with open_archive(tmp_path / "archive", clock=clock) as archive:
        yield archive


def wanted(number: int, *, host: str = "news.qq.com", **facts: object) -> Wanted:
    id = f"20260207A{number:05}00"
    return Wanted(id=id, url=f"https://{host}/rain/a/{id}", **facts)  # type: ignore[arg-type]


def leased(archive: Archive, limit: int = 9, **options: object) -> list[str]:
    return [item.id[-4:-2] for item in archive.queue.lease(limit, **options)]  # type: ignore[arg-type]


def test_what_is_queued_already_is_not_new(archive: Archive) -> None:
    assert archive.queue.add([wanted(1), wanted(2), wanted(1)]) == 2
    assert archive.queue.add([wanted(2), wanted(3)]) == 1
    assert archive.queue.counts() == {"pending": 3}


def test_what_matters_more_goes_first_and_then_what_waited_longer(
    archive: Archive, clock: Clock
) -> None:
    archive.queue.add([wanted(1)])
    clock.later(minutes=1)
    archive.queue.add([wanted(2), wanted(3, priority=5)])

    assert leased(archive) == ["03", "01", "02"]


def test_an_item_is_handed_out_once_until_its_lease_ends(archive: Archive, clock: Clock) -> None:
    archive.queue.add([wanted(1), wanted(2)])

    assert leased(archive, 1, seconds=60) == ["01"]
    assert leased(archive) == ["02"]
    assert leased(archive) == []
    clock.later(seconds=61)
    assert leased(archive) == ["01"]


def test_hosts_that_rest_are_left_alone(archive: Archive) -> None:
    archive.queue.add([wanted(1), wanted(2, host="new.qq.com")])

    assert leased(archive, resting=["news.qq.com"]) == ["02"]


def test_a_failed_item_comes_back_when_its_time_has_come(archive: Archive, clock: Clock) -> None:
    archive.queue.add([wanted(1)])
    (item,) = archive.queue.lease(1)
    archive.queue.later(
        item.id, retry_at=clock.now + timedelta(minutes=15), error="timed out", kind="timeout"
    )

    assert leased(archive) == []
    clock.later(minutes=16)
    (again,) = archive.queue.lease(1)
    assert (again.id, again.attempts) == (item.id, 1)


def test_a_retry_in_the_far_future_comes_from_a_broken_clock_and_is_due(
    archive: Archive, clock: Clock
) -> None:
    archive.queue.add([wanted(1)])
    (item,) = archive.queue.lease(1)

    archive.queue.later(item.id, retry_at=clock.now + timedelta(days=3650), error="x", kind="x")

    assert leased(archive) == ["01"]


def test_what_failed_for_good_is_dead_until_somebody_retries_it(archive: Archive) -> None:
    archive.queue.add([wanted(1), wanted(2, host="new.qq.com")])
    for item in archive.queue.lease(2):
        archive.queue.later(item.id, retry_at=None, error="refused", kind="robots")
    assert archive.queue.counts() == {"dead": 2}
    assert archive.queue.add([wanted(1)]) == 0

    assert archive.queue.retry(host="new.qq.com") == 1

    assert leased(archive) == ["02"]
    (row,) = archive.queue.rows(state="dead", kind="robots")
    assert (row["id"][-4:-2], row["error"], row["attempts"]) == ("01", "refused", 1)


def test_what_is_released_was_not_tried(archive: Archive) -> None:
    archive.queue.add([wanted(1)])
    (item,) = archive.queue.lease(1)

    archive.queue.release([item.id])

    (again,) = archive.queue.lease(1)
    assert again.attempts == 0


def test_what_is_done_is_wanted_again_only_when_asked(archive: Archive) -> None:
    archive.queue.add([wanted(1)])
    (item,) = archive.queue.lease(1)
    archive.queue.done(item.id, "same")

    assert archive.queue.add([wanted(1)]) == 0
    assert archive.queue.add([wanted(1)], again=True) == 1
    assert leased(archive) == ["01"]


def test_a_run_is_a_row_that_says_what_it_did(archive: Archive, clock: Clock) -> None:
    first = archive.runs.start("run")
    clock.later(minutes=3)
    archive.runs.finish(first, code=3, summary={"new": 4, "cost": {"requests": 12}})
    archive.runs.start("add")

    running, done = archive.runs.last(5)

    assert (running["command"], running["finished"], running["code"]) == ("add", None, None)
    assert (done["code"], done["summary"]) == (3, {"new": 4, "cost": {"requests": 12}})
    assert done["finished"] == "2026-02-07T04:03:00+00:00"


def test_what_is_asked_for_by_name_is_in_the_queue_until_it_is_settled(archive: Archive) -> None:
    archive.queue.add([wanted(1, source="top"), wanted(2), wanted(3)])
    archive.queue.done(wanted(2).id, "same")
    for item in (wanted(1), wanted(2, source="add"), wanted(4, source="add")):
        archive.queue.take(item)

    assert leased(archive) == ["03"], "what is taken is nobody else's"
    assert {row["id"][-4:-2]: row["source"] for row in archive.queue.rows(state="fetching")} == {
        "01": "top", "02": "add", "03": "", "04": "add"
    }  # fmt: skip
    archive.queue.done(wanted(4).id, "new")
    assert archive.queue.recover() == 3
    assert archive.queue.counts() == {"pending": 3, "done": 1}


def test_what_is_open_when_the_archive_is_closed_waits_again(tmp_path: Path, clock: Clock) -> None:
    root = tmp_path / "another"
    with open_archive(root, clock=clock) as archive:
        archive.queue.take(wanted(1))

    db = open_reader(root)
    try:
        assert Queue(lambda: db, clock).counts() == {"pending": 1}
    finally:
        db.close()
