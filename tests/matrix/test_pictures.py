"""A fault in the place of an article's picture: the article is kept, and the picture can come later."""

from dataclasses import dataclass, field

import pytest

from scraper.cli.exits import Exit
from tests.cli.conftest import Kept, objects
from tests.hostile.newspaper import FRESH, SIZES, picture_of
from tests.matrix.bench import Bench, lines_about

ALL = (1, 1, 1)
TWICE = (2, 2, 2)
ENOUGH = (4, 0, 0)
"""What the host does not give in one size it will not give in another."""

IMPATIENT = {
    "network__limits__picture_time": "1s",
    "network__limits__read_time": "300ms",
}


@dataclass(frozen=True)
class Row:
    """A fault.  asked: how often each size is asked for, the best first.  words: of the reason, told and kept."""

    fault: str
    asked: tuple[int, int, int]
    words: str
    settings: dict[str, str] = field(default_factory=dict)


ROWS = [
    # Not there.
    Row("/404", ALL, "HTTP 404"),
    Row("/410", ALL, "HTTP 410"),
    Row("/403", ALL, "HTTP 403"),
    # Not a picture that we keep, whatever the headers say.
    Row("/photo-page", ALL, "not a picture we keep: it is an HTML page"),
    Row("/ok", ALL, "not a picture we keep: it is an HTML page"),
    Row("/photo-svg", ALL, "it is an SVG drawing"),
    Row("/photo-tiff", ALL, "it is a TIFF picture"),
    Row("/photo-heic", ALL, "it is a HEIC picture"),
    Row("/photo-fits", ALL, "it is a FITS file"),
    Row("/video", ALL, "it is a video"),
    Row("/binary-robots", ALL, "of no kind we know"),
    # Damaged: once more.
    Row("/photo-cut", TWICE, "damaged JPG"),
    # Too much of it.
    Row("/photo-of-pixels", ALL, "more than 40 million pixels"),
    Row("/photo-of-frames", ALL, "an animation of more than 500 frames"),
    Row("/picture-large", ALL, "larger than 20 MiB after decompression"),
    Row("/bomb-gzip", ALL, "larger than 20 MiB after decompression"),
    Row("/bomb-endless", ALL, "larger than 20 MiB after decompression"),
    Row("/bomb-brotli", ALL, "sent as br, which we did not ask for"),
    # No place we go to.
    Row("/to-stranger", ALL, "not among the hosts"),
    Row("/to-self", ALL, "redirects in a circle"),
    Row("/to-no-name", ALL, "no host can have that name"),
    # No answer worth having.
    Row("/photo-nothing", (2, 0, 0), "an empty answer"),
    Row("/picture-short", ENOUGH, "the answer stops before its end (4 tries)"),
    Row("/reset-in-body", ENOUGH, "the connection broke (4 tries)"),
    Row("/500", ENOUGH, "HTTP 500 (4 tries)"),
    Row("/hang", ENOUGH, "no answer in time (4 tries)", IMPATIENT),
    Row("/drip-body", ENOUGH, "slower than 1.02 KB a second (4 tries)", IMPATIENT),
    # The host wants to be left alone.
    Row("/429", (3, 0, 0), "inews.gtimg.com is limiting us (HTTP 429)"),
    Row("/567", (3, 0, 0), "inews.gtimg.com is limiting us (HTTP 567)"),
    Row("/429-seconds", (1, 0, 0), "asked us to wait 2m"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_picture_that_cannot_be_had_costs_nothing_else_and_says_so_in_a_line(
    row: Row, bench: Bench
) -> None:
    bench.spoil_picture(row.fault, FRESH)
    before = bench.texts()

    ended = bench("add", FRESH.id, **row.settings)

    (line,) = ended.err.splitlines()
    assert ended.code == Exit.INCOMPLETE
    assert f"{FRESH.id}: a picture is missing" in line
    assert row.words in line
    assert tuple(bench.server.asked[picture_of(FRESH, size)] for size in SIZES) == row.asked
    (picture,) = bench.rows(
        f"select sha256, missing from article_images where article = '{FRESH.id}'"
    )
    assert picture["sha256"] is None
    assert row.words in picture["missing"]
    assert f"](https://inews.gtimg.com{picture_of(FRESH)[:-1]}" in Kept(bench.root).text(FRESH.id)
    assert {name for name in bench.texts().keys() - before.keys() if "images" in name} == set()
    assert bench.queue() == {}
    assert bench.findings() == []


@pytest.mark.parametrize("fault", ["/404", "/photo-cut", "/500", "/429"])
def test_a_later_run_brings_a_missing_picture_without_the_page(fault: str, bench: Bench) -> None:
    bench.spoil_picture(fault, FRESH)
    bench("add", FRESH.id)
    bench.mend()

    later = bench("run")

    assert (later.code, later.err) == (Exit.DONE, "")
    assert bench.asked(FRESH) == 0, "the page is not asked for again"
    assert bench.server.asked[picture_of(FRESH)] == 1
    assert "](../../../images/" in Kept(bench.root).text(FRESH.id)
    assert bench.rows("select * from missing_pictures") == []
    assert bench.findings() == []


@pytest.mark.parametrize(
    ("fault", "extension", "frames"),
    [
        ("/photo-typed-wrongly", "jpg", 1),
        ("/photo-gzip", "jpg", 1),
        ("/photo-with-tail", "jpg", 1),
        ("/photo-animated", "gif", 5),
        ("/picture-slow", None, None),
        ("/500-twice", None, None),
    ],
)
def test_a_picture_that_only_looks_wrong_is_kept_as_it_came(
    fault: str, extension: str | None, frames: int | None, bench: Bench
) -> None:
    bench.spoil_picture(fault, FRESH, "0")

    ended = bench("add", FRESH.id)

    assert (ended.code, ended.err) == (Exit.DONE, "")
    (picture,) = bench.rows(
        "select extension, frames, width from images join article_images using (sha256)"
        f" where article = '{FRESH.id}'"
    )
    if extension:
        assert (picture["extension"], picture["frames"]) == (extension, frames)
    else:
        assert picture["width"] == SIZES["1000"][0], "the next size, for these bytes are no picture"


def test_the_next_size_stands_in_for_one_that_is_damaged(bench: Bench) -> None:
    bench.spoil_picture("/photo-cut", FRESH, "0")

    ended = bench("add", FRESH.id)

    assert (ended.code, ended.err) == (Exit.DONE, "")
    (picture,) = bench.rows("select width from images order by width desc limit 1")
    assert picture["width"] == SIZES["1000"][0]


def test_no_article_waits_longer_for_its_pictures_than_it_is_told(bench: Bench) -> None:
    bench.spoil_picture("/hang", FRESH)

    ended = bench("add", FRESH.id, pictures__time="500ms")

    assert ended.code == Exit.INCOMPLETE
    assert lines_about(ended, FRESH) == [
        f"warning: {FRESH.id}: a picture is missing (not there after 500ms)"
    ]
    assert objects(ended.out)[0]["verdict"] == "new"


def test_of_thousands_of_pictures_an_article_may_have_a_hundred(bench: Bench) -> None:
    bench.server.instead[f"/rain/a/{FRESH.id}"] = "/page-of-pictures"

    ended = bench("add", FRESH.id, pictures__per_article="10", worker__page_time="5s")

    assert ended.code == Exit.INCOMPLETE
    assert "990 pictures are missing (more than 10 pictures in one article)" in ended.err
    assert sum(bench.server.asked.values()) == 1 + 10
