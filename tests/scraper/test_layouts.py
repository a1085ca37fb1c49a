"""Every page era, by made-up pages in the true structure: `tests/fixtures/pages/<layout>--<what it shows>.html`.

Beside each page stand what it says (`.json`) and its Markdown (`.md`), for people to read in a diff.
"""

import dataclasses
import json
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from archive.capture import Capture
from archive.state import State
from scraper.extract import extract, layout_of, name_of
from scraper.layouts import LAYOUTS
from scraper.page import Page
from scraper.reading import Reading

PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
NAMES = sorted(path.name for path in PAGES.iterdir() if path.suffix in (".html", ".js"))


def capture_of(name: str) -> Capture:
    """A fixture page, as a saved file of which nothing is known but its bytes."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Capture(url=f"file:///{name}", at=at, body=(PAGES / name).read_bytes(), origin="file")


def told(reading: Reading) -> dict[str, Any]:
    """Everything a reading says but the Markdown; what it does not say is left out."""

    def plain(value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, dict):
            return {
                key: plain(inner) for key, inner in value.items() if inner and key != "markdown"
            }
        if isinstance(value, list | tuple):
            return [plain(inner) for inner in value]
        return value

    says: dict[str, Any] = plain(dataclasses.asdict(reading))
    return says


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_its_expected_reading(name: str, accept: bool) -> None:
    reading = extract(capture_of(name))
    facts = json.dumps(told(reading), ensure_ascii=False, indent=1) + "\n"
    markdown = reading.article.markdown + "\n" if reading.article else ""
    expected = {PAGES / f"{name}.json": facts, PAGES / f"{name}.md": markdown}

    if accept:
        for path, text in expected.items():
            path.write_text(text, "utf-8")
    missing = [path.name for path in expected if not path.exists()]
    assert missing == [], "read the page, then run pytest --accept and read what it wrote"

    for path, text in expected.items():
        assert text == path.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_exactly_one_layout_claims_each_page(name: str) -> None:
    """So the order of LAYOUTS never matters."""
    page = Page(capture_of(name))
    era = name.partition("--")[0]

    claimants = [name_of(layout) for layout in LAYOUTS if layout.claims(page)]

    assert claimants == ([] if era in ("generic", "notice") else [era])
    if era != "notice":
        assert name_of(layout_of(page)) == era


BAR = '<header><h1>腾讯新闻</h1><a href="/">热点</a> <i class="time">2026-10-31 08:00</i></header>'


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("kuaibao--2018-content-box.html", "published"),
        ("om--2021-header-and-article.html", "title"),
        ("xw--2021-paragraphs-as-elements.html", "title"),
    ],
)
def test_a_bar_above_the_article_does_not_speak_for_it(name: str, fact: str) -> None:
    capture = capture_of(name)
    begin = capture.body.index(b">", capture.body.index(b"<body")) + 1
    below_a_bar = capture.body[:begin] + BAR.encode() + capture.body[begin:]

    found = extract(dataclasses.replace(capture, body=below_a_bar)).article

    assert getattr(found, fact) == getattr(extract(capture).article, fact)


def test_every_layout_has_a_page() -> None:
    eras = {name.partition("--")[0] for name in NAMES}

    assert {*map(name_of, LAYOUTS), "generic"} <= eras


def test_every_state_of_a_page_has_a_page() -> None:
    """`gone` by redirect and `blocked` by status have no page; test_notices has those.

    That a page is only a part of an article shows beside the others; tests/scraper/pipeline/test_paged.py has that.
    """
    states = {json.loads((PAGES / f"{name}.json").read_text("utf-8"))["state"] for name in NAMES}

    assert states == {state.value for state in State if state is not State.PART}


def test_no_expectation_is_left_without_its_page() -> None:
    strays = [
        path.name
        for path in PAGES.iterdir()
        if path.suffix in (".json", ".md") and path.name.removesuffix(path.suffix) not in NAMES
    ]

    assert strays == []


def test_the_documentation_names_every_layout_and_every_state() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "pages.md").read_text("utf-8")
    rows = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}

    assert rows == {*map(name_of, LAYOUTS), "generic"} | {state.value for state in State}
