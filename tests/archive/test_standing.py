"""Where an article stands after all that was seen of it: by the order of seeing, whatever the clock said then."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.state import State
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from tests.archive.newsroom import START, article, capture, dump, open_archive, text

DAY = 24 * 60
ONE = article(1)

Seen = tuple[str, float]
"""What was seen (`there`, `gone`, or `brought`: a page of old that somebody had), and the day that the clock told."""


def tell(archive: Archive, *seen: Seen) -> None:
    """Tells an archive what was seen, one after the other."""
    for what, day in seen:
        told = capture(ONE, minutes=day * DAY)
        if what == "gone":
            answer = replace(told, status=404, body=b"")
            archive.note(id=ONE.id, address=ONE.url, state=State.GONE, rule="404", capture=answer)
        elif what == "brought":
            archive.keep(ONE, capture=replace(told, origin="warc"))
        else:
            archive.keep(ONE, capture=told)


def row_of(archive: Archive) -> dict[str, str | None]:
    """Where the article stands."""
    row = archive.database.execute(
        "select state, checked, gone, confirmed, back from articles"
    ).fetchone()
    return dict(zip(("state", "checked", "gone", "confirmed", "back"), row, strict=True))


def kept(root: Path, *seen: Seen) -> dict[str, str | None]:
    """Where an article stands of which this was seen; the index made anew says the same."""
    with open_archive(root) as archive:
        tell(archive, *seen)
    before = dump(root)
    rebuild(root)
    assert dump(root) == before
    assert list(verify(root, read_data=1.0)) == []
    with open_archive(root) as archive:
        return row_of(archive)


def same_time(told: str | None, day: float) -> bool:
    return told is not None and datetime.fromisoformat(told) == START + timedelta(days=day)


def test_after_a_clock_that_was_ahead_a_takedown_is_seen_and_confirmed(tmp_path: Path) -> None:
    row = kept(tmp_path / "a", ("there", 0), ("there", 100), ("gone", 1), ("gone", 2))

    assert row["state"] == "gone"
    assert same_time(row["checked"], 2) and same_time(row["gone"], 1)
    assert same_time(row["confirmed"], 2)


def test_a_takedown_that_was_seen_by_a_clock_that_was_ahead_is_confirmed_by_a_right_one(
    tmp_path: Path,
) -> None:
    row = kept(tmp_path / "a", ("there", 0), ("gone", 100), ("gone", 1), ("gone", 2))

    assert same_time(row["gone"], 1) and same_time(row["confirmed"], 2)


def test_an_article_that_is_back_is_back_also_after_a_clock_that_was_ahead(tmp_path: Path) -> None:
    row = kept(tmp_path / "a", ("there", 0), ("gone", 100), ("there", 1))

    assert (row["state"], same_time(row["back"], 1)) == ("ok", True)


@pytest.mark.parametrize("wrong", [-20_000, -30, -0.1])
def test_a_clock_that_was_behind_for_one_look_changes_nothing_of_the_others(
    wrong: float, tmp_path: Path
) -> None:
    row = kept(
        tmp_path / "a", ("there", 0), ("gone", 1), ("gone", 2), ("there", wrong), ("there", 3)
    )

    assert row["state"] == "ok"
    assert same_time(row["gone"], 1) and same_time(row["confirmed"], 2)
    assert same_time(row["checked"], 3)


@pytest.mark.parametrize("wrong", [-20_000, 100])
def test_what_somebody_brought_stands_at_its_own_time_whatever_the_clock_did(
    wrong: float, tmp_path: Path
) -> None:
    row = kept(tmp_path / "a", ("there", 0), ("there", wrong), ("gone", 5), ("brought", -400))

    assert row["state"] == "gone"
    assert same_time(row["gone"], 5) and row["back"] is None


def test_an_index_of_before_has_what_was_brought_at_its_time(tmp_path: Path) -> None:
    """It does not know what was brought, and takes everything by its time until it is made anew."""
    root = tmp_path / "a"
    kept(root, ("there", 0), ("gone", 5), ("brought", -400))
    with closing(sqlite3.connect(root / "qqnews.db", isolation_level=None)) as db:
        db.execute("alter table captures drop column brought")
        db.execute("delete from _sqlite_migrations where name = 'm007_brought'")
        db.execute("pragma user_version = 6")
    assert list(verify(root, read_data=1.0)) == []

    with open_archive(root) as archive:
        tell(archive, ("gone", 6))
        row = row_of(archive)

    assert (row["state"], row["back"]) == ("gone", None)
    assert same_time(row["gone"], 5) and same_time(row["confirmed"], 6)
    assert list(verify(root, read_data=1.0)) == []


def test_the_newest_page_is_the_one_that_was_fetched_last_and_no_older_one_that_was_brought(
    tmp_path: Path,
) -> None:
    """Of it is read what an article says today: else an edit would be undone."""
    edited = article(1, body=text(1, 9))
    with open_archive(tmp_path / "a") as archive:
        archive.keep(ONE, capture=capture(ONE, minutes=100 * DAY))
        archive.keep(edited, capture=capture(edited, minutes=DAY))
        tell(archive, ("brought", -400))

        (record,) = archive.pages(ONE.id).newest().values()
        page = archive.pages(ONE.id).read(record)

    assert page is not None and page.body == capture(edited).body
