"""Every real page that stands beside the checkout, through the layout that reads it, as every renderer shows it."""

import gzip
import json
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

import scraper.layouts
from archive.capture import Capture
from scraper.extract import extract
from scraper.markdown import Body, Dialect, write
from tests.bodies import PLAIN
from tests.corpus import CORPUS, needs_corpus
from tests.roundtrip import complaints

AT = datetime(2026, 11, 23, tzinfo=UTC)

Judged = list[tuple[Body, list[str]]]


def pages_under(folder: str) -> list[Path]:
    return [
        path
        for path in sorted((CORPUS / folder).rglob("*"))
        if path.name.endswith((".html", ".html.gz")) and "expected" not in path.name
    ]


def folders() -> list[str]:
    """The folders that hold pages, by their paths in the corpus."""
    pages = [*pages_under("qq"), *pages_under("wechat")]
    return sorted({path.parent.relative_to(CORPUS).as_posix() for path in pages})


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """Every body that a layout writes, with what is wrong with it; looked at before the layout goes on."""
    seen: Judged = []

    def write_and_look(root: LexborNode, dialect: Dialect) -> Body:
        body = write(root, dialect)
        seen.append((body, complaints(root, dialect, body)))
        return body

    for module in pkgutil.walk_packages(scraper.layouts.__path__, "scraper.layouts."):
        layout = import_module(module.name)
        if hasattr(layout, "write"):
            monkeypatch.setattr(layout, "write", write_and_look)
    return seen


@needs_corpus
@pytest.mark.parametrize("folder", folders())
def test_every_renderer_shows_what_the_page_showed(folder: str, judged: Judged) -> None:
    for path in pages_under(folder):
        if path.parent != CORPUS / folder:
            continue
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        before = len(judged)

        reading = extract(Capture(url=f"file:///{path.name}", at=AT, body=content, origin="file"))

        if reading.article and reading.article.markdown:
            assert len(judged) > before, path.name
        assert [line for _, lines in judged[before:] for line in lines] == [], path.name


def channel_bodies() -> Iterator[tuple[str, str]]:
    """Ids and bodies of the finance channel's articles, as its list API gave them in August 2026."""
    with gzip.open(
        CORPUS / "api" / "finance-2026" / "articles.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for line in lines:
            article = json.loads(line)
            yield article["id"], article["description"]


@needs_corpus
def test_every_renderer_shows_what_the_channel_published() -> None:
    written = 0
    # One in three; `python -m tests.benchmarks.markdown --judge` looks at all of them.
    for name, html in list(channel_bodies())[::3]:
        root = LexborHTMLParser(html).body
        assert root is not None
        body = write(root, PLAIN)
        written += bool(body.markdown)

        assert complaints(root, PLAIN, body) == [], name
    assert written > 90
