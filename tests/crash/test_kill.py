"""A writer killed at any instant loses nothing it had acknowledged."""

import sys
from pathlib import Path

from tests.archive.newsroom import run


def test_sixty_killed_writers_lose_nothing_that_was_promised(tmp_path: Path) -> None:
    """For ten thousand: `python -m tests.crash.trials FOLDER 10000`."""
    command = (sys.executable, "-m", "tests.crash.trials", str(tmp_path / "archive"), "60")

    done = run(*command, cwd=Path(__file__).resolve().parents[2])

    assert (done.stdout.decode(), done.returncode) == (
        "60 trials from 0: no promises broken\n",
        0,
    ), done.stderr.decode()
