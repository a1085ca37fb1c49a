"""Keeping one more article costs the same however many there are: no question looks through a whole table."""

from pathlib import Path

from archive.archive import Wanted
from archive.index.connection import Database
from tests.archive.newsroom import article, capture, eventful, open_archive, picture, text

GROWING = ("articles", "revisions", "captures", "article_images", "images", "aliases", "texts")
"""Tables with a row or more an article."""


def scanned(db: Database, statement: str) -> list[str]:
    """What SQLite would look through from one end to the other to answer a statement."""
    aliases = {
        f"SCAN {word}" for word in (*GROWING, "a", "i", "r", "t", "near_bands", "near_marks")
    }
    plan = [row[3] for row in db.execute(f"explain query plan {statement}")]
    return [step for step in plan if step in aliases]


def test_nothing_that_is_asked_to_keep_an_article_looks_through_all_of_them(tmp_path: Path) -> None:
    eventful(tmp_path / "archive")
    asked: list[str] = []
    shown = picture(7)
    with open_archive(tmp_path / "archive") as archive:
        db = archive.database
        db.set_trace_callback(asked.append)

        for one in (
            article(7, pictures=(shown,)),
            article(8, body=text(7)),
            article(7, body=text(8), pictures=(shown,)),
        ):
            archive.queue.add([Wanted(id=one.id, url=one.url)])
            archive.id_of(one.url)
            archive.kept(one.id)
            archive.judge(one)
            archive.pictures([shown.url])
            archive.keep(one, capture=capture(one), pictures={shown.url: shown})
            archive.keep(one, capture=capture(one, minutes=9))

        db.set_trace_callback(None)
        verbs = ("select", "with", "insert", "update", "delete")
        asked = [one for one in asked if one.split()[0] in verbs]
        assert len(asked) > 100
        assert {one: found for one in asked if (found := scanned(db, one))} == {}


def test_what_is_handed_out_next_is_found_without_sorting_all_that_waits(tmp_path: Path) -> None:
    asked: list[str] = []
    with open_archive(tmp_path / "archive") as archive:
        archive.queue.add(Wanted(id=f"id{n}", url=f"https://news.qq.com/{n}") for n in range(50))
        db = archive.database
        db.set_trace_callback(asked.append)

        handed = archive.queue.lease(3, resting=["new.qq.com"])

        db.set_trace_callback(None)
        (lease,) = [one for one in asked if one.split()[0] == "select"]
        plan = [row[3] for row in db.execute(f"explain query plan {lease}")]
        looks = [step for step in plan if "queue" in step]
        assert [one.id for one in handed] == ["id0", "id1", "id2"]
        assert looks
        assert all("USING INDEX queue_next (state=?)" in step for step in looks)
        assert sum("TEMP B-TREE FOR ORDER BY" in step for step in plan) <= 1, "of what was found"
