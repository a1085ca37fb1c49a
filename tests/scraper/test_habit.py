"""When a source that brings nothing new is silent, and when it only sleeps."""

from datetime import UTC, datetime, timedelta

from scraper.pipeline.habit import silent

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hourly(fresh: list[int]) -> list[datetime]:
    """When a source brought something new that was asked each hour, the last time now."""
    return [NOON - HOUR * n for n, count in enumerate(reversed(fresh)) if count]


def is_silent(came: list[datetime]) -> bool:
    return bool(silent({"top": came}, NOON))


def test_a_lively_source_is_silent_after_half_a_day() -> None:
    assert not is_silent(hourly([3] * 10 + [0] * 11))
    assert is_silent(hourly([3] * 10 + [0] * 14))


def test_a_source_that_sleeps_at_night_is_not_silent() -> None:
    day = [2] * 14 + [0] * 10
    assert not is_silent(hourly(day * 3))


def test_a_slow_source_is_given_its_own_time() -> None:
    weekly = [1, *[0] * 167] * 6
    assert not is_silent(hourly(weekly + [0] * 24 * 14))
    assert is_silent(hourly(weekly + [0] * 24 * 30))


def test_a_young_source_has_no_habit_yet() -> None:
    assert not is_silent(hourly([5, 5, 5, 5] + [0] * 100))


def test_it_tells_since_when_and_what_was_usual() -> None:
    (one,) = silent({"top": hourly([3] * 10 + [0] * 20), "new": []}, NOON)

    assert (one.name, one.since, one.habit) == ("top", NOON - 20 * HOUR, HOUR)


def test_what_came_by_a_clock_that_was_ahead_hides_no_silence() -> None:
    assert is_silent([*hourly([3] * 10 + [0] * 14), NOON + HOUR * 24 * 365])


def test_no_sources_no_silence() -> None:
    assert silent({}, NOON) == []
