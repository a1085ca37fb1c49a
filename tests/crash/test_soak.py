"""The long run over a bad line, made short; `python -m tests.crash.soak` is the long one."""

import random
from pathlib import Path

import pytest

from tests.crash.soak import Site, Soak, soak


@pytest.mark.timeout(300)
def test_killed_again_and_again_every_page_ends_in_its_right_state(tmp_path: Path) -> None:
    said = soak(pages=30, kills=2, faults=0.05, seed=4, folder=tmp_path)

    print(said)
    assert "29 kept whole" in said


def test_a_run_in_a_hurry_would_be_noticed() -> None:
    """The judge of the pace is judged: twice as fast is too fast, and one request beside the pace is not."""

    def judged(times: list[float]) -> list[str]:
        log = [(at, "news.qq.com", "/") for at in times]
        return Soak(
            Site({}, random.Random(1), 0.0, log), Path(), 0, random.Random(1), begun=[0.0]
        ).hurried()

    assert judged([n * 0.02 for n in range(60)]) == []
    assert judged([0.0, 0.0, *(n * 0.02 for n in range(1, 60))]) == []
    assert judged([n * 0.01 for n in range(60)]) != []
