"""A little site for each test, and a worker for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.scraper.site import Bench, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().serving() as site:
        yield site


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()
