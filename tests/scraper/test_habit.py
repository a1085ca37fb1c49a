"""When a source that brings nothing new is silent, and when it only sleeps."""

from datetime import UTC, datetime, timedelta

from scraper.pipeline.habit import silent

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hourly(
    fresh: list[int], *, until: datetime = NOON, name: str = "top"
) -> list[tuple[datetime, dict[str, int]]]:
    """Runs an hour apart, the last of them now."""
    return [(until - HOUR * n, {name: count}) for n, count in enumerate(reversed(fresh))]


def names(runs: list[tuple[datetime, dict[str, int]]]) -> list[str]:
    return [one.name for one in silent(runs, NOON)]


def test_a_lively_source_is_silent_after_half_a_day() -> None:
    assert names(hourly([3] * 10 + [0] * 11)) == []
    assert names(hourly([3] * 10 + [0] * 14)) == ["top"]


def test_a_source_that_sleeps_at_night_is_not_silent() -> None:
    day = [2] * 14 + [0] * 10
    assert names(hourly(day * 3)) == []


def test_a_slow_source_is_given_its_own_time() -> None:
    weekly = [1, *[0] * 167] * 6
    assert names(hourly(weekly + [0] * 24 * 14)) == []
    assert names(hourly(weekly + [0] * 24 * 30)) == ["top"]


def test_a_young_source_has_no_habit_yet() -> None:
    assert names(hourly([5, 5, 5, 5] + [0] * 100)) == []


def test_a_source_that_is_no_longer_asked_says_nothing() -> None:
    old = hourly([3] * 10 + [0] * 20, until=NOON - HOUR, name="old")
    assert names([*old, (NOON, {"new": 1})]) == []


def test_it_tells_since_when_and_what_was_usual() -> None:
    (one,) = silent(hourly([3] * 10 + [0] * 20), NOON)

    assert (one.since, one.habit) == (NOON - 20 * HOUR, HOUR)


def test_no_runs_no_silence() -> None:
    assert silent([], NOON) == []
