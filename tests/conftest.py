"""Options of the whole suite.

`--accept` rewrites what the fixture pages are expected to give; read the diff as you would read code.
"""

import pytest

from tests.one_door import one_door  # noqa: F401  watches every test of the suite


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite the expectations of the fixture pages"
    )


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))
