"""A fault in the place of an article: of one that is new, and of one that is kept already."""

from dataclasses import dataclass, field, replace

import pytest

from scraper.cli.exits import Exit
from tests.hostile.ends import ENDLESS, REFUSED, UNREACHABLE
from tests.hostile.newspaper import FRESH, KEPT
from tests.matrix.bench import Bench, Waiting, lines_about

IMPATIENT = {
    "network__limits__page_time": "700ms",
    "network__limits__read_time": "300ms",
}
"""For servers that never come to an end."""

HURRIED_READER = {"worker__page_time": "300ms"}


@dataclass(frozen=True)
class Row:
    """A fault, and what it comes to.

    tries: how often the article's address is asked.  words: of the line a person reads.  waits: how it stands in the
    queue.  state: of the answer that is stored, empty when none is.
    """

    fault: str
    code: Exit
    tries: int
    words: str
    waits: Waiting | None
    state: str = ""
    settings: dict[str, str] = field(default_factory=dict)


def failed(kind: str) -> Waiting:
    return Waiting("failed", 1, kind, minutes=15)


def gone(fault: str, words: str, *, state: str = "gone", tries: int = 1) -> Row:
    return Row(fault, Exit.DONE, tries, words, None, state)


def unread(fault: str, state: str, words: str, *, tries: int = 1) -> Row:
    return Row(fault, Exit.INCOMPLETE, tries, words, failed(state), state)


ROWS = [
    # No answer worth having: nothing is stored, a later run tries again.
    *[
        Row(
            end.fault, Exit.INCOMPLETE, end.tries, end.words, failed(end.kind),
            settings=IMPATIENT if end.kind in ENDLESS else {},
        )
        for end in UNREACHABLE
    ],
    # Declined: nothing is stored, and the same again would give the same.
    *[Row(end.fault, Exit.INCOMPLETE, end.tries, end.words, None) for end in REFUSED],
    Row("/to-http", Exit.INCOMPLETE, 1, "without encryption", None),
    # Withdrawn: the answer is the evidence, and the article is known to be gone.
    gone("/404", "status 404"),
    gone("/410", "status 410"),
    gone("/451", "unavailable for legal reasons", state="violation", tries=2),
    gone("/withdrawn", "babygohome"),
    gone("/withdrawn-mobile", "xw.qq.com/404.html"),
    gone("/to-missing-page", "status 404"),
    gone("/to-home", "the home page"),
    gone("/to-channel", "a channel's list"),
    gone("/page-home", "the home page instead of the article"),
    gone("/page-deleted", "deleted by its author"),
    gone("/page-not-there", "soft 404"),
    gone("/page-children", "the page for missing children"),
    gone("/page-violation", "taken down", state="violation"),
    # Kept from us: once more after a while, then by later runs.
    *[unread(f"/{n}", "blocked", f"status {n}", tries=2) for n in (401, 403, 418, 423)],
    unread("/page-denied", "blocked", "access denied"),
    unread("/to-login", "blocked", "a login"),
    # An answer, but no article.
    *[unread(f"/{n}", "error", f"status {n}") for n in (400, 405, 406, 414, 505, 999)],
    unread("/page-busy", "error", "the site is busy"),
    unread("/page-spaces", "error", "an empty answer"),
    unread("/page-cut", "error", "cut short"),
    unread("/page-of-another", "error", "the page is that of another article"),
    unread("/page-misread", "error", "UTF-8 that was read as Latin-1"),
    unread("/page-lost-characters", "error", "of the characters are lost"),
    unread("/page-api", "error", "the API answers 404"),
    unread("/page-shell", "thin", "no text and no picture"),
    unread("/page-nothing", "thin", "no text and no picture"),
    unread("/page-title-alone", "thin", "the body is only the title"),
    unread("/page-words", "not_article", "no HTML page"),
    unread("/page-binary", "not_article", "binary data"),
    unread("/bomb-nested", "not_article", "binary data"),
    unread("/list", "not_article", "no HTML page"),
    unread("/to-ok", "not_article", "the form of no article"),
    unread("/to-static", "not_article", "the form of no article"),
    unread("/to-endless-body", "not_article", "the form of no article"),
    unread("/to-bomb-body", "not_article", "the form of no article"),
    # More than a reader may cost.
    *[
        replace(unread(fault, "error", "took longer than 300ms"), settings=HURRIED_READER)
        for fault in ("/page-deep", "/page-attributes")
    ],
    # Never an article for us.
    Row("/page-paid", Exit.INCOMPLETE, 1, "article_is_pay", None, "paywalled"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_a_fault_stores_no_article_touches_no_good_one_and_says_so_in_a_line(
    row: Row, bench: Bench
) -> None:
    bench.spoil(row.fault, FRESH, KEPT)
    before = bench.texts()

    ended = bench("add", "--again", FRESH.id, KEPT.id, **row.settings)

    assert ended.code == row.code, ended.err
    for story in (FRESH, KEPT):
        (line,) = lines_about(ended, story)
        assert row.words in line
        assert bench.asked(story) == row.tries
        assert bench.queue().get(story.id) == row.waits
    assert len(ended.err.splitlines()) == 3, "and a summary"
    assert bench.states(FRESH) == [row.state] * bool(row.state)
    assert bench.rows("select id, revision, gone is null as there from articles") == [
        {"id": KEPT.id, "revision": 1, "there": row.code != Exit.DONE}
    ]
    assert bench.texts() == before
    assert bench.findings() == []
