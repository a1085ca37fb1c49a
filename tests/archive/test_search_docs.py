"""docs/search.md says what the language is: its queries are understood, and nothing of it is left out."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.query import FIELDS, parse
from archive.query.nodes import HAS, IS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "search.md").read_text("utf-8")
NOW = datetime(2030, 1, 1, tzinfo=UTC)
QUERIES = [
    found for found in re.findall(r"^\| `([^`]+)` \| \w", PAGE, re.MULTILINE) if found not in FIELDS
]


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_shown_is_understood(query: str) -> None:
    assert parse(query, now=NOW).root is not None


def test_every_field_and_its_other_names_are_listed() -> None:
    listed = {
        cells[0].strip(" `"): set(re.findall(r"`([^`]+)`", cells[1]))
        for cells in re.findall(r"^\| (`\w+`) \|([^|]*)\|$", PAGE, re.MULTILINE)
        if cells[0].strip(" `") in FIELDS
    }

    assert listed == {field: set(others) for field, others in FIELDS.items()}


@pytest.mark.parametrize("word", [f"has:{word}" for word in HAS] + [f"is:{word}" for word in IS])
def test_everything_that_has_and_is_can_ask_for_is_named(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("word", re.findall(r"`((?:has|is):\w+)`", PAGE))
def test_nothing_is_named_that_cannot_be_asked_for(word: str) -> None:
    parse(word, now=NOW)
