"""Real pages of qq.com, where they stand beside the checkout: their states, ids, pictures and headings.

`expected_facts.tsv` holds ids and counts only: printed by the program, then checked against the pages.  States are
those of the folders' names.  What was read by eye, before the program was asked, stands in `test_read_by_eye.py`.
"""

import csv
import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.capture import Capture
from archive.state import State
from scraper.extract import extract
from scraper.reading import Reading
from scraper.urls import identify
from tests.corpus import CORPUS, needs_corpus, page_bytes

AT = datetime(2026, 11, 23, tzinfo=UTC)
TABLE = Path(__file__).with_name("expected_facts.tsv")
ROWS = list(
    csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
)
PAGES = list(dict.fromkeys(row["page"] for row in ROWS))


@cache
def reading_of(page: str) -> Reading:
    return extract(Capture(url=f"file:///{page}", at=AT, body=page_bytes(page), origin="file"))


def fact(reading: Reading, field: str) -> str:
    article = reading.article
    if field in ("state", "layout", "charset"):
        return str(getattr(reading, field))
    assert article
    match field:
        case "images":
            return str(len(article.images))
        case "first image":
            return article.images[0].key
        case "captions":
            return str(sum(bool(image.caption) for image in article.images))
        case "headings":
            return str(len(re.findall(r"^#+ ", article.markdown, re.MULTILINE)))
        case "videos":
            return " ".join(video.key for video in article.videos)
        case _:
            return str(getattr(article, field))


@needs_corpus
@pytest.mark.parametrize("page", PAGES)
def test_a_real_page_has_the_state_ids_and_counts_of_the_table(page: str) -> None:
    reading = reading_of(page)

    told = {row["field"]: fact(reading, row["field"]) for row in ROWS if row["page"] == page}

    assert told == {row["field"]: row["value"] for row in ROWS if row["page"] == page}


def agreement(ours: str, truth: str) -> float:
    """F1 over pairs of neighbouring letters and digits: 1.0 when both texts say the same, in whatever markup."""

    def pairs(text: str) -> Counter[str]:
        bare = [char for char in text if char.isalnum()]
        return Counter(map("".join, pairwise(bare)))

    found, wanted = pairs(ours), pairs(truth)
    common = (found & wanted).total()
    return 2 * common / (found.total() + wanted.total()) if common else 0.0


LINKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)")


def words_of(reading: Reading) -> str:
    assert reading.article
    return LINKS.sub("]", reading.article.markdown)


@needs_corpus
def test_the_text_is_the_one_that_a_person_marked() -> None:
    for truth in CORPUS.glob("qq/rain-2024/*.truth.txt"):
        page = f"qq/rain-2024/{truth.name.removesuffix('.truth.txt')}.html"

        assert agreement(words_of(reading_of(page)), truth.read_text("utf-8")) >= 0.99


@needs_corpus
def test_the_text_agrees_with_what_a_reader_view_was_expected_to_show() -> None:
    """That expectation holds the byline and two buttons as well, which are no text of the article."""
    expected = LexborHTMLParser(page_bytes("qq/a-htm-2016/tech_deepmind.expected.html"))
    body = expected.css_first("#Cnt-Main-Article-QQ")
    assert body

    truth = body.text().replace("转播到腾讯微博", "")

    assert agreement(words_of(reading_of("qq/a-htm-2016/tech_deepmind.html")), truth) >= 0.99


@needs_corpus
def test_every_article_of_the_finance_channel_is_read_whole_or_refused() -> None:
    with gzip.open(
        CORPUS / "api" / "finance-2026" / "articles.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        rows = [json.loads(line) for line in lines]
    assert rows

    for row in rows:
        source = LexborHTMLParser(row["description"])
        for node in source.css(".ac-ask-ai"):
            node.decompose()
        assert source.body
        capture = Capture(url=row["link"], at=AT, body=row["description"].encode())

        reading = extract(capture, identify(row["link"]))

        if not source.body.text(strip=True):
            assert reading.state is State.THIN, row["id"]
            continue
        assert reading.state is State.OK, row["id"]
        assert reading.article
        assert reading.article.id == row["id"]
        shown = {node.attributes.get("src") for node in source.css("img")}
        assert len(reading.article.images) == len(shown), row["id"]
        assert agreement(words_of(reading), source.body.text()) >= 0.99, row["id"]
