"""docs/files.md names every key that is written, and its template runs."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from archive.document import PictureFile, write
from archive.profiles import PROFILES, templated
from tests.archive.document.example import ARTICLE, DOCUMENT, PICTURE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "files.md").read_text("utf-8")
MOVING = PictureFile(path=f"images/cd/{'cd' * 32}.gif", width=3, height=4, frames=12, hash="0f" * 8)
FULL = replace(
    DOCUMENT,
    copy_of="20300101A0000000",
    suspect=True,
    older=True,
    pictures={PICTURE + "/0": MOVING},
    article=replace(
        ARTICLE, videos=(replace(ARTICLE.videos[0], kind="audio", cover="https://c/1"),)
    ),
)


def named(part: str) -> set[str]:
    return {
        key
        for row in re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", row)
    }


def test_every_key_is_explained_and_no_other() -> None:
    article, rest = PAGE.split("Each of `pictures` has")
    picture = rest.partition("\n## ")[0]
    head = yaml.safe_load(write(FULL).split("---\n")[1])

    assert named(article) == set(head)
    assert named(picture) == {key for entry in head["pictures"] for key in entry}


@pytest.mark.parametrize("name", PROFILES)
def test_what_other_profiles_add_is_named(name: str) -> None:
    head = yaml.safe_load(write(FULL, PROFILES[name]).split("---\n")[1])

    assert [key for key in head if f"`{key}`" not in PAGE] == []


def test_the_template_shown_runs() -> None:
    (template,) = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)

    text = templated(DOCUMENT, template)

    assert yaml.safe_load(text.split("---\n")[1])["title"] == ARTICLE.title


def test_the_template_shown_dates_an_article_whose_page_names_no_time() -> None:
    (template,) = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)
    undated = replace(DOCUMENT, article=replace(ARTICLE, published=None))

    text = templated(undated, template)

    head = yaml.safe_load(text.split("---\n")[1])
    assert head["date"] == DOCUMENT.captured.isoformat()
