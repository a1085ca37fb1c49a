"""Real pages, read by eye: what stands on each of them, beside what the program says of it.

`read_by_eye.tsv` says above its rows how each column came about.  Its rows were written before the program was asked;
where the two differed, the page was looked at again, and the program mended or the reading corrected.

Pages of qq.com and WeChat must agree in every fact.  Pages of other sites are there for `generic`, which promises
less: of them it may leave a fact out, and may hardly ever say a wrong one.
"""

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from archive.capture import Capture
from scraper import saved
from scraper.extract import extract
from scraper.reading import Reading
from tests.corpus import CORPUS, needs_corpus, page_bytes

AT = datetime(2026, 11, 23, tzinfo=UTC)
TABLE = Path(__file__).with_name("read_by_eye.tsv")
LINES = [row for row in TABLE.read_text("utf-8").splitlines() if not row.startswith("#")]
ROWS = {row["page"]: row for row in csv.DictReader(LINES, delimiter="\t", quoting=csv.QUOTE_NONE)}
NOT_JUDGED = "-"
OURS = [page for page in ROWS if not page.startswith("bench/")]
OTHERS = [page for page in ROWS if page.startswith("bench/")]


def wanted(page: str) -> dict[str, str]:
    """What was read on a page; what was not judged there is left out."""
    row = ROWS[page].items()
    return {field: value for field, value in row if field != "page" and value != NOT_JUDGED}


@cache
def reading_of(page: str) -> Reading:
    if page.endswith(".mhtml"):
        return extract(next(saved.pages(CORPUS / f"{page}.gz")).page)
    return extract(Capture(url=f"file:///{page}", at=AT, body=page_bytes(page), origin="file"))


def fact(page: str, field: str) -> str:
    """What the program says, in the words of the table."""
    reading = reading_of(page)
    if field == "state":
        return reading.state
    if reading.article is None:
        return ""
    value = getattr(reading.article, field)
    match field:
        case "published" | "updated":
            return value.isoformat() if value else ""
        case "tags" | "declarations":
            return ",".join(value)
        case "images" | "videos":
            return str(len(value))
        case "summary" | "cover":
            return "yes" if value else ""
        case "statement":  # the table has the words that matter in it
            return next((part for part in [wanted(page)[field]] if part in value), value)
    return str(value)


def test_the_table_has_what_was_asked_for() -> None:
    folders = {page.rsplit("/", 1)[0] for page in OURS}
    years = {row["published"][:4] for page, row in ROWS.items() if page in OURS}

    assert len(OURS) >= 70
    assert len(OTHERS) >= 15
    assert {str(year) for year in range(2016, 2027) if year != 2022} <= years
    assert len([folder for folder in folders if folder.startswith("wechat/")]) >= 18


@needs_corpus
@pytest.mark.parametrize("page", OURS)
def test_a_page_says_what_was_read_on_it(page: str) -> None:
    read = wanted(page)

    assert {field: fact(page, field) for field in read} == read


@needs_corpus
def test_of_pages_nobody_has_seen_hardly_anything_wrong_is_said() -> None:
    read = {(page, field): value for page in OTHERS for field, value in wanted(page).items()}
    told = {key: fact(*key) for key in read}

    wrong = {key: said for key, said in told.items() if said and said != read[key]}
    found = [key for key, value in read.items() if value and told[key] == value]

    assert len(wrong) <= 10, wrong
    assert len(found) >= 90
