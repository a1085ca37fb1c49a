"""Every fault of the hostile server, and what becomes of it: the error, its class, the tries, the user's line."""

import pytest

from archive.capture import Capture
from scraper.errors import Limited, Refused, Unreachable
from tests.hostile import FAULTS, Hostile
from tests.hostile.ends import ENDLESS, LIMITED, REFUSED, UNASKED_304, UNREACHABLE, End
from tests.hostile.faults import PAGE
from tests.scraper.fetch.conftest import HURRIED, IMPATIENT, fetched, towards

TAKEN: dict[str, tuple[int, int]] = {
    # What only looks wrong.
    **dict.fromkeys(("/ok", "/gzip", "/http10", "/no-type", "/no-reason", "/early-hints"), (200, 1)),
    **dict.fromkeys(("/many-headers", "/length-and-chunks", "/long", "/chunk-trailers"), (200, 1)),
    **dict.fromkeys(("/identity", "/list", "/gzip-members", "/gzip-padded", "/closes-after"), (200, 1)),
    # What passes.
    **dict.fromkeys(("/reset-once", "/403-once", "/503-once"), (200, 2)),
    "/500-twice": (200, 3),
    # What says something, and nothing good.
    **{f"/{n}": (n, 1) for n in (400, 404, 405, 406, 410, 414, 505, 999)},
    **{f"/{n}": (n, 2) for n in (401, 403, 418, 423, 451)},
    # Redirects.
    **dict.fromkeys(("/to-ok", "/to-ok-301", "/to-other-host", "/to-chinese", "/hop-ok"), (200, 1)),
    **dict.fromkeys(("/to-gbk", "/to-ok-at-last"), (200, 1)),
    **dict.fromkeys(("/to-ok-303", "/to-ok-307", "/to-endless-body", "/to-bomb-body"), (200, 1)),
    **dict.fromkeys(("/withdrawn", "/withdrawn-mobile", "/firewall", "/captcha"), (302, 1)),
}  # fmt: skip
"""Fault → the status that is taken for an answer, and how often it was asked for."""

ENDED = [*UNREACHABLE, UNASKED_304, *REFUSED, *LIMITED]


@pytest.mark.parametrize("fault", TAKEN)
def test_a_fault_that_tells_something_is_an_answer(server: Hostile, fault: str) -> None:
    (capture,) = fetched(towards(server, robots="ignore"), f"http://news.qq.com{fault}")

    assert isinstance(capture, Capture), capture
    assert (capture.status, server.asked[fault]) == TAKEN[fault]


@pytest.mark.parametrize("end", ENDED, ids=lambda end: end.fault)
def test_a_fault_ends_as_it_should(server: Hostile, end: End) -> None:
    limits = IMPATIENT if end.kind in ENDLESS else HURRIED.limits
    settings = towards(server, robots="ignore", limits=limits)

    (error,) = fetched(settings, f"http://news.qq.com{end.fault}")

    assert isinstance(error, Unreachable | Refused | Limited), error
    assert getattr(error, "kind", "limited") == end.kind
    assert server.asked[end.fault] == end.tries
    assert end.words in str(error)
    assert "\n" not in str(error)


def test_there_are_faults_enough_and_each_is_one_the_server_knows() -> None:
    paths = {*TAKEN, *(end.fault for end in ENDED)}

    assert len(paths) >= 70
    assert paths <= FAULTS.keys()


@pytest.mark.parametrize(
    "path", ["/ok", "/gzip", "/http10", "/gzip-members", "/gzip-padded", "/long"]
)
def test_what_only_looks_wrong_comes_whole(server: Hostile, path: str) -> None:
    (capture,) = fetched(towards(server), f"http://news.qq.com{path}")

    assert isinstance(capture, Capture)
    assert capture.body == PAGE


def test_of_thousands_of_headers_a_hundred_are_kept(server: Hostile) -> None:
    (capture,) = fetched(towards(server), "http://news.qq.com/many-headers")

    assert isinstance(capture, Capture)
    assert len(capture.headers) == 100
