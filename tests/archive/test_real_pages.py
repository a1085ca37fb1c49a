"""Real pages and texts: files lose nothing of them, search finds in them what a scan finds."""

import random
import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from archive.capture import Capture
from archive.dedupe import print_of
from archive.document import Document, PictureFile, read, settled, write
from archive.findable import findable
from archive.index import search
from archive.index.migrations import migrate
from archive.query import words
from archive.text import bare, folded
from archive.text import words as read_words
from scraper.extract import extract
from tests.corpus import CORPUS, needs_corpus, page_bytes

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PAGES = sorted(
    path.relative_to(CORPUS).as_posix()
    for folder in ("qq", "wechat")
    for path in (CORPUS / folder).rglob("*")
    if re.search(r"\.html?(\.gz)?$", path.name)
)


@needs_corpus
@pytest.mark.parametrize("name", PAGES[::6])
def test_a_real_article_comes_back_from_its_file_with_every_picture_local(name: str) -> None:
    capture = Capture(url=(CORPUS / name).as_uri(), at=NOW, body=page_bytes(name), origin="file")
    found = extract(capture, None).article
    if found is None:
        pytest.skip("no article stands on this page")
    article = replace(
        found, id=found.id or "x", url=found.url or "https://x/", title=found.title or "x"
    )
    pictures = {
        image.url: PictureFile(path=f"images/{mark[:2]}/{mark}.jpg", width=1, height=1)
        for image in article.images
        for mark in [sha256(image.url.encode()).hexdigest()]
    }
    document = Document(article=article, captured=NOW, pictures=pictures)

    text = write(document)

    assert read(text) == settled(document)
    assert write(read(text)) == text
    assert print_of(read(text).article) == print_of(article)
    body = text.split("\n---\n", 1)[1]
    assert [image.url for image in article.images if f"]({image.url})" in body] == []


@needs_corpus
@pytest.mark.parametrize("name", PAGES[3::6])
def test_the_words_of_a_real_article_are_those_of_the_rendered_page(name: str) -> None:
    capture = Capture(url=(CORPUS / name).as_uri(), at=NOW, body=page_bytes(name), origin="file")
    article = extract(capture, None).article
    if article is None or not article.markdown:
        pytest.skip("no article stands on this page")
    renderer = MarkdownIt("commonmark").enable("table").enable("strikethrough")

    rendered = LexborHTMLParser(renderer.render(article.markdown)).body

    assert rendered is not None
    assert bare(read_words(article.markdown)) == bare(rendered.text())


@needs_corpus
def test_search_finds_in_real_texts_what_a_scan_finds(tmp_path: Path) -> None:
    texts = [
        folded(path.read_text("utf-8", "replace"))
        for path in sorted((CORPUS / "seedlike").rglob("*.md"))[::5]
    ]
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, Path("memory"))
    bodies = []
    for number, text in enumerate(texts):
        search.put(db, str(number), findable("", text), when=NOW + timedelta(seconds=number))
        ((body,),) = db.execute("select body from texts where id = ?", (str(number),))
        bodies.append(body)
    chance = random.Random(2)
    asked: list[str] = []
    while len(asked) < 120:
        run = chance.choice(re.split("[^\u4e00-\u9fff]+", chance.choice(bodies)))
        if run:
            start = chance.randrange(len(run))
            asked.append(run[start : start + chance.randint(1, 7)])

    for piece in asked:
        keys = search.keys(db, words(piece), limit=None, ranked=False)
        expected = [number for number, body in enumerate(bodies) if piece in body]
        assert [key - int(NOW.timestamp()) for key in reversed(keys)] == expected, piece
    db.close()
