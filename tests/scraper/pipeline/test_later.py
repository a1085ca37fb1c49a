"""When what failed is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from scraper.pipeline.later import retry_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def pauses(runs: int, **how: float | bool) -> list[timedelta | None]:
    found = [retry_at(NOON, n, **how) for n in range(runs)]  # type: ignore[arg-type]
    return [one - NOON if one else None for one in found]


def test_failures_are_tried_again_ever_later_and_given_up_after_eight_runs() -> None:
    minutes = [15, 30, 60, 120, 240, 360, 360]
    assert pauses(8) == [*(timedelta(minutes=m) for m in minutes), None]


def test_a_page_that_is_refused_is_given_up_after_three_runs() -> None:
    assert pauses(3, blocked=True) == [timedelta(minutes=15), timedelta(minutes=30), None]


@pytest.mark.parametrize(
    ("wait", "pause"),
    [
        (-5.0, timedelta(minutes=15)),
        (60.0, timedelta(minutes=15)),
        (7200.0, timedelta(hours=2)),
        (1e30, timedelta(days=7)),
        (float("inf"), timedelta(days=7)),
    ],
)
def test_a_wait_asked_for_is_honoured_up_to_a_week(wait: float, pause: timedelta) -> None:
    assert retry_at(NOON, 0, wait=wait) == NOON + pause
