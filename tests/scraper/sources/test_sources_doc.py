"""docs/sources.md tells what each kind of source may have, with the defaults and bounds of the program."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from scraper.config.settings import kinds

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "sources.md").read_text("utf-8")
KINDS = {
    kind: (needs, may)
    for kind, needs, may in re.findall(r"^\| `(?!kind)(\w+)` \|(.*?)\|(.*?)\|", PAGE, re.MULTILINE)
}
GIVEN = {
    "channel": "finance",
    "author": "8QMf335U6oYdvT",
    "query": "石桥",
    "tag": "aEWqxLtdgmQ=",
    "url": "https://news.qq.com/ch/society",
    "path": Path("addresses.txt"),
}


def made(kind: str, **more: Any) -> Any:
    needed = re.findall(r"`([a-z]+)`", KINDS[kind][0].partition(":")[0])
    return kinds()[kind](name="x", **{name: GIVEN[name] for name in needed} | more)


def test_every_kind_is_told_and_no_other() -> None:
    assert list(KINDS) == list(kinds())


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_needs_and_may_have_is_told(kind: str) -> None:
    needs, may = KINDS[kind]
    told = set(re.findall(r"`([a-z]+)`", f"{needs.partition(':')[0]}{may}"))

    known = {field.name for field in fields(kinds()[kind])}

    assert made(kind)
    assert known - {"name"} <= told


@pytest.mark.parametrize(
    ("kind", "name", "default", "most"),
    [
        (kind, *found)
        for kind, (_, may) in KINDS.items()
        for found in re.findall(r"`(\w+)` \(([\d,]+)(?:, at most ([\d,]+))?\)", may)
    ],
)
def test_defaults_and_bounds_are_told(kind: str, name: str, default: str, most: str) -> None:
    assert getattr(made(kind), name) == int(default)
    if most:
        bound = int(most.replace(",", ""))
        made(kind, **{name: bound})
        with pytest.raises(ValueError, match=f"{name} must be between 1 and {bound}"):
            made(kind, **{name: bound + 1})
