"""The demo's archive, to be harmed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "demo"
    command = [sys.executable, "-m", "scraper", "demo", str(root)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return root


@pytest.fixture
def news(made: Path, folder: Path) -> Path:
    """A copy of the demo's archive that a test may harm."""
    return shutil.copytree(made, folder / "news")
