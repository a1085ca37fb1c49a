"""What the two packages offer to programs that import them."""

import asyncio
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import archive
import scraper
from archive import Archive, Reader, State
from scraper import Collector, Fetcher, NetworkSettings, Outcome, Workers
from scraper.demo.server import Backend, serving
from scraper.demo.site import MOBILE_ADDRESS
from scraper.fetch.settings import Pace

HEAVY = {"httpx", "selectolax", "rich", "PIL", "fastwarc", "sqlite3", "yaml", "click", "asyncio"}


@pytest.mark.parametrize("package", [archive, scraper])
def test_a_package_offers_a_dozen_names_at_most_and_tells_of_each(package: ModuleType) -> None:
    offered = package.__all__

    assert len(offered) <= 12
    assert [name for name in offered if name not in (package.__doc__ or "")] == []
    assert [name for name in offered if getattr(package, name).__name__ != name] == []


@pytest.mark.parametrize("package", [archive, scraper])
def test_a_package_loads_nothing_before_it_is_asked_for(package: ModuleType) -> None:
    code = f"import {package.__name__}, sys; print(sorted({HEAVY!r} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[1]

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    ).stdout

    assert said.strip() == "[]"


@pytest.mark.parametrize("package", [archive, scraper])
def test_what_a_package_does_not_offer_it_does_not_have(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = package.nonsense


def test_what_they_offer_is_enough_to_keep_an_article_and_find_it(tmp_path: Path) -> None:
    async def keep(archive: Archive, settings: NetworkSettings) -> Outcome:
        async with Workers() as workers, Fetcher(settings, backend=Backend()) as fetcher:
            return await Collector(archive, fetcher, workers).collect(MOBILE_ADDRESS)

    Archive.create(tmp_path)
    with serving() as port, Archive.open(tmp_path) as archive:
        quick = Pace(page=0.01, picture=0.01)
        settings = NetworkSettings(connect_to=(f"::127.0.0.1:{port}",), pace=quick)
        outcome = asyncio.run(keep(archive, settings))

    assert (outcome.state, outcome.images) == (State.OK, 2)
    with Reader.open(tmp_path) as reader:
        assert [hit.article.id for hit in reader.search("石桥").hits] == [outcome.id]
