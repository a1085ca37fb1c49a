"""An archive with one story in it, as some extractor read it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.archive import Archive
from archive.article import Article
from scraper.demo.pages import rain
from scraper.demo.stories import Story
from scraper.extract import extract
from scraper.saved import Saved, pages
from scraper.urls import identify


def kept_in(root: Path, story: Story, **facts: Any) -> Article:
    """An archive with this story, as an extractor read it that took these for its facts."""
    page = root.with_name("page.html")
    page.write_bytes(rain(story))
    (saved,) = pages(page)
    reading = extract(saved.page, identify(story.id))
    assert reading.article is not None
    article = replace(reading.article, **facts)
    Archive.create(root)
    with Archive.open(root) as archive:
        archive.keep(article, capture=saved.page, rule=reading.rule, charset=reading.charset)
    return article


def pages_of(root: Path) -> list[Saved]:
    """The pages that an archive has kept."""
    return [one for path in sorted(root.glob("captures/*")) for one in pages(path)]
