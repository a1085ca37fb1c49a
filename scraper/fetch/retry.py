"""When one request is tried again, and after what wait.

    persist    repeat one try as its class of failure deserves (tenacity keeps the count)

Around one request only: a page is not asked again because one of its pictures failed.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from tenacity import AsyncRetrying, RetryCallState

from scraper.errors import Limited, OwnLimit, ScraperError, Unreachable
from scraper.fetch.answers import Answer, Standing, standing
from scraper.fetch.settings import Retry

ONCE_MORE: Final = frozenset({"tls", "empty", "proxy"})
"""Kinds of failure that seldom pass, and are given one more chance."""

NEVER: Final = frozenset({"headers"})


async def persist(
    attempt: Callable[[], Awaitable[Answer]],
    settings: Retry,
    *,
    patient: bool,
    halted: Callable[[], bool],
    sleep: Callable[[float], Awaitable[None]],
    random: Callable[[], float],
    waiting: Callable[[float], None],
) -> Answer:
    """The answer of the last try.  Raises what the last try raised, with the number of tries in its words.

    patient: whether an address that is kept from us is asked once more after `settings.blocked` seconds.
    halted: whether the host is not to be asked again at all.
    waiting: told the seconds of each wait before it begins.
    A host that asks for time gets it from `scraper.fetch.pace`, so after a Limited there is no wait here.
    """

    def again(state: RetryCallState) -> bool:
        return not halted() and state.attempt_number < _tries(state, settings, patient=patient)

    def wait(state: RetryCallState) -> float:
        match _outcome(state):
            case Limited():
                return 0.0
            case ScraperError():
                doubled = settings.first * 2.0 ** (state.attempt_number - 1)
                return random() * min(settings.longest, doubled)
        return settings.blocked

    def before_sleep(state: RetryCallState) -> None:
        if state.upcoming_sleep:
            waiting(state.upcoming_sleep)

    number = 0

    async def counted() -> Answer:
        nonlocal number
        number += 1
        return await attempt()

    try:
        return await AsyncRetrying(retry=again, wait=wait, before_sleep=before_sleep, sleep=sleep)(
            counted
        )
    except Unreachable as error:
        if number == 1:
            raise
        raise type(error)(
            error.url, f"{error.reason} ({number} tries)", kind=error.kind, hint=error.hint
        ) from error


def _tries(state: RetryCallState, settings: Retry, *, patient: bool) -> int:
    """How many tries what has just happened is worth, those made before counted in."""
    match _outcome(state):
        case OwnLimit():
            return 1
        case Limited():
            return settings.limits_in_a_row
        case Unreachable(kind=kind) if kind in NEVER:
            return 1
        case Unreachable(kind=kind) if kind in ONCE_MORE:
            return min(2, settings.tries)
        case Unreachable():
            return settings.tries
        case Answer(status=status) if patient and standing(status) is Standing.BLOCKED:
            return 2
    return 1


def _outcome(state: RetryCallState) -> Answer | BaseException | None:
    assert state.outcome is not None
    error = state.outcome.exception()
    return error if error is not None else state.outcome.result()
