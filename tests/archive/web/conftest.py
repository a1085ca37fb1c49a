"""An archive to which everything has happened, and one article of it withdrawn for good, in a browser."""

from pathlib import Path

import pytest

from archive.state import State
from tests.archive.newsroom import article, capture, eventful, open_archive
from tests.archive.web.browser import Browser


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("web") / "news"
    eventful(place)
    gone = article(3)
    with open_archive(place) as archive:
        for minute in (400, 500):
            answer = capture(gone, minutes=minute, status=302, body=b"")
            told = {"id": gone.id, "address": gone.url, "rule": "redirect to babygohome"}
            archive.note(state=State.GONE, capture=answer, **told)
    return place


@pytest.fixture
def browser(root: Path) -> Browser:
    return Browser(root)
