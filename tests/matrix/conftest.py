"""The server, the settings with their waits scaled down, and an archive that holds one good article."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile import Hostile
from tests.hostile.newspaper import KEPT
from tests.matrix.bench import Bench, called
from tests.scraper.fetch.conftest import one_server, server  # noqa: F401  fixtures

CONFIG = """
sources:
  list: {{kind: file, path: addresses.txt}}
network:
  connect_to: ["::127.0.0.1:{server.tls_port}"]
  ca_file: {server.ca_file}
  robots: ignore                # it has tests of its own
  pace: {{page: 0ms, picture: 0ms, jitter: 0, per_hour: 0}}
  limits: {{page_time: 30s, picture_time: 30s, slow_time: 250ms}}
  retry: {{first: 10ms, longest: 40ms, blocked: 20ms, longest_rest: 20s}}
pictures: {{time: 20s}}
worker: {{page_time: 1s}}
"""


@pytest.fixture(autouse=True)
def nothing_of_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("QQNEWS_CONFIG", "QQNEWS_ARCHIVE", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def seed(one_server: Hostile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:  # noqa: F811
    """A folder with settings, a list of addresses, and an archive that holds one article."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / "config.yaml").write_text(CONFIG.format(server=one_server))
    (folder / "addresses.txt").write_text("")
    ended = called(
        "add", KEPT.id, "--config", f"{folder}/config.yaml", "--archive", f"{folder}/data"
    )
    assert (ended.code, ended.err) == (0, ""), ended
    yield folder


@pytest.fixture
def bench(seed: Path, server: Hostile, tmp_path: Path) -> Bench:  # noqa: F811
    """A copy of that archive."""
    place = tmp_path / "news"
    shutil.copytree(seed, place)
    return Bench(place / "data", place / "config.yaml", server)
