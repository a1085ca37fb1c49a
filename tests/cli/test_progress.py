"""Progress where there is no terminal: a line a minute, and nothing when quiet."""

import pytest

from scraper.cli.progress import Progress
from scraper.cli.talk import Talk
from scraper.pipeline.outcome import Outcome, Result


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def outcomes(progress: Progress, clock: Clock, count: int, *, every: float) -> None:
    for _ in range(count):
        clock.now += every
        progress.on_outcome(Outcome(url="u", result=Result.NEW))


def test_a_line_comes_each_minute_and_no_oftener(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Progress(Talk(), total=100, monotonic=clock) as progress:
        outcomes(progress, clock, 50, every=5)

    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"{n} of 100 done: {n} new" for n in (12, 24, 36, 48)]


def test_a_long_wait_is_told_with_its_host(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Progress(Talk(), monotonic=clock) as progress:
        outcomes(progress, clock, 1, every=1)
        progress.on_wait("news.qq.com", 2.0)
        clock.now = 61
        progress.on_wait("news.qq.com", 42.0)

    assert capsys.readouterr().err == "1 done: 1 new   news.qq.com: asked to wait 42 s\n"


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Progress(Talk(quiet=True), monotonic=clock) as progress:
        outcomes(progress, clock, 10, every=100)

    assert capsys.readouterr().err == ""


def test_every_answer_is_told_to_who_asked_for_more(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(Talk(verbose=True)) as progress:
        progress.on_answer("https://news.qq.com/\x1b[2J", 200, 1234, 0.26)

    assert capsys.readouterr().err == "200 https://news.qq.com/[2J (1234 bytes, 0.3 s)\n"
