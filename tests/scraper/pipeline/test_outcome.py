"""What came of one address, and of many."""

from dataclasses import replace

import pytest

from archive.state import State
from scraper.errors import Limited, NoNetwork, NotAnArticle, Refused, Unreachable
from scraper.pipeline.outcome import KEPT, Outcome, Result, Summary, failure, result_of

URL = "https://news.qq.com/rain/a/20261120A01AAA00"


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (NotAnArticle(URL, "not an article, because …"), Result.REFUSED),
        (Refused(URL, "robots.txt says no", kind="robots"), Result.REFUSED),
        (Limited(URL, "HTTP 567", wait=None, status=567), Result.LIMITED),
        (Unreachable(URL, "timed out", kind="timeout"), Result.FAILED),
        (NoNetwork(URL, "no such name"), Result.FAILED),
    ],
)
def test_every_error_on_the_way_is_an_outcome_with_its_reason(
    error: Limited | Unreachable | Refused | NotAnArticle, result: Result
) -> None:
    outcome = failure(URL, error, id="x")
    assert (outcome.result, outcome.reason, outcome.error) == (result, error.reason, error)
    assert not outcome.kept and not outcome.settled


def test_every_state_but_ok_means_something_for_its_address() -> None:
    meant = {state: result_of(state) for state in State if state is not State.OK}
    assert not set(meant.values()) & KEPT
    assert {state for state, result in meant.items() if result is Result.GONE} == {
        State.GONE, State.VIOLATION, State.PRIVATE,
    }  # fmt: skip
    assert meant[State.CAPTCHA] is Result.LIMITED
    assert meant[State.THIN] is Result.UNREADABLE
    assert meant[State.VIDEO] is Result.OTHER


def summed(*outcomes: Outcome) -> Summary:
    summary = Summary()
    for outcome in outcomes:
        summary.count(outcome)
    return summary


def page(
    result: Result,
    state: State = State.OK,
    *,
    host: str = "news.qq.com",
    images: int = 0,
    missing: int = 0,
) -> Outcome:
    return Outcome(url=URL, result=result, state=state, host=host, images=images, missing=missing)


@pytest.mark.parametrize(
    ("outcomes", "signs"),
    [
        ([], set()),
        ([page(Result.NEW), page(Result.SAME), page(Result.COPY), page(Result.GONE, State.GONE)], set()),
        ([page(Result.OTHER, State.VIDEO), page(Result.OTHER, State.PAYWALLED)], set()),
        ([page(Result.NEW, images=2, missing=1)], {"INCOMPLETE"}),
        ([page(Result.FAILED)], {"INCOMPLETE"}),
        ([page(Result.BLOCKED, State.BLOCKED)], {"INCOMPLETE"}),
        ([page(Result.LIMITED, State.CAPTCHA)], {"LIMITED"}),
        ([page(Result.BUG, State.ERROR)], {"BUG"}),
        ([page(Result.UNREADABLE, State.THIN)] * 2, {"INCOMPLETE"}),
        ([page(Result.UNREADABLE, State.THIN)] * 3, {"INCOMPLETE", "DRIFT"}),
        ([page(Result.UNREADABLE, State.THIN)] * 3 + [page(Result.NEW)] * 4, {"INCOMPLETE"}),
    ],
)  # fmt: skip
def test_a_summary_bears_the_signs_of_what_happened(
    outcomes: list[Outcome], signs: set[str]
) -> None:
    assert set(summed(*outcomes).signs) == signs


def test_drift_is_told_host_by_host() -> None:
    bad = [page(Result.UNREADABLE, State.THIN, host="mp.weixin.qq.com")] * 4
    assert summed(*bad, *[page(Result.NEW)] * 20).drifting == ("mp.weixin.qq.com",)


def text(number: int, text: str) -> Outcome:
    return replace(page(Result.NEW), title=f"第{number}座桥", text=text)


def test_many_headlines_over_one_text_are_a_sign_of_drift() -> None:
    walls = [text(number, "a wall") for number in range(5)]
    others = [text(number, f"text {number}") for number in range(5)]

    assert summed(*walls, *others).alike == {"news.qq.com": 5}
    assert "DRIFT" in summed(*walls, *others).signs
    for fine in ([*walls[1:], *others], [*walls, *others, text(6, "text 6")], [walls[0]] * 9):
        assert summed(*fine).alike == {}, "few, the smaller part, or one text that goes around"
    assert summed(*(replace(one, text="") for one in walls)).alike == {}, "pictures alone"


def test_pictures_of_an_unchanged_article_are_not_counted_as_brought() -> None:
    summary = summed(page(Result.SAME, images=5), page(Result.NEW, images=2))
    assert (summary.images, summary.total) == (2, 2)


def test_a_summary_says_the_same_things_always() -> None:
    empty, full = Summary().as_dict(), summed(page(Result.NEW)).as_dict()
    assert list(empty) == list(full)
    assert {result.value for result in Result} <= set(full)
    assert (full["new"], full["limited_hosts"]) == (1, [])
