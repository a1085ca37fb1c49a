"""Keeping articles: verdicts, revisions, takedowns, pictures, addresses."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.dedupe import Copy, New, Revised, Same
from archive.document import read
from archive.reader import Reader
from archive.state import State
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from archive.warc import Event
from tests.archive.newsroom import START, article, capture, dump, files, open_archive, picture, text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def test_a_new_article_is_a_file_a_capture_pictures_and_a_row(root: Path) -> None:
    shown = picture(1)
    one = article(1, pictures=(shown,))

    with open_archive(root) as archive:
        saved = archive.keep(one, capture=capture(one), pictures={shown.url: shown})

    assert (saved.verdict, saved.images, saved.missing) == (New(), 1, 0)
    written = (root / saved.path).read_text()
    assert read(written).article == one
    assert "](../../../images/" in written and shown.url not in written.partition("\n---\n")[2]
    (image,) = (path for path in files(root) if path.startswith("images/"))
    assert files(root)[image] == shown.content
    assert sorted({row["type"] for row in dump(root)["captures"]}) == ["response"]


def test_the_same_page_twice_is_one_article(root: Path) -> None:
    one = article(1)
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        before = files(root)

        saved = archive.keep(one, capture=capture(one, minutes=60))

        assert saved.verdict == Same()
        kept = archive.kept(one.id)
        assert kept is not None and kept.checked == "2026-02-07T05:00:00+00:00"
    assert {p: c for p, c in files(root).items() if p.endswith(".md")} == {
        p: c for p, c in before.items() if p.endswith(".md")
    }


def test_a_changed_text_is_a_revision_and_the_old_one_stays(root: Path) -> None:
    shown = picture(1)
    one, other = article(1, pictures=(shown,)), article(1, body=text(7), pictures=(shown,))
    with open_archive(root) as archive:
        first = archive.keep(one, capture=capture(one), pictures={shown.url: shown})
        before = read((root / first.path).read_text())

        saved = archive.keep(other, capture=capture(other, minutes=9), pictures={shown.url: shown})

    assert saved.verdict == Revised()
    old = root / f"revisions/2026/02/{one.id}/1.md"
    assert read(old.read_text()) == before
    link = old.read_text().partition("](")[2].partition(")")[0]
    assert (old.parent / link).resolve().is_file()
    assert [row["number"] for row in dump(root)["revisions"]] == [1, 2]


def test_a_text_that_suddenly_shrank_is_kept_aside_as_suspect(root: Path) -> None:
    one = article(1)
    short = article(1, body="第1号消息第0段：页面出错了。")
    with open_archive(root) as archive:
        first = archive.keep(one, capture=capture(one))

        saved = archive.keep(short, capture=capture(short, minutes=9))
        again = archive.keep(short, capture=capture(short, minutes=19))
        back = archive.keep(one, capture=capture(one, minutes=29))

    assert saved.verdict == Revised(suspect=True)
    assert (again.verdict, back.verdict) == (Same(), Same())
    assert text(1) in (root / first.path).read_text() and again.path == first.path
    assert "页面出错了" in (root / saved.path).read_text()
    assert [(row["number"], row["suspect"]) for row in dump(root)["revisions"]] == [(1, 0), (2, 1)]


def test_a_reprint_keeps_its_own_facts_and_links_to_the_text(root: Path) -> None:
    one = article(1)
    reprint = article(2, body=text(1), outlet="山城晚报", title="转载：湖城消息")
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))

        saved = archive.keep(reprint, capture=capture(reprint, minutes=5))

    assert saved.verdict == Copy(of=one.id)
    written = (root / saved.path).read_text()
    assert "山城晚报" in written and "转载：湖城消息" in written
    assert text(1) not in written
    link = written.rpartition("[qq]")[0].rpartition("](")[2].partition(")")[0]
    assert ((root / saved.path).parent / link).resolve() == root / f"articles/2026/02/{one.id}.md"


def test_a_reprint_holds_the_text_again_when_that_is_wanted(root: Path) -> None:
    one, reprint = article(1), article(2, body=text(1), outlet="山城晚报")
    with open_archive(root, duplicates="keep") as archive:
        archive.keep(one, capture=capture(one))

        saved = archive.keep(reprint, capture=capture(reprint, minutes=5))

    assert saved.verdict == Copy(of=one.id)
    assert text(1) in (root / saved.path).read_text()


def test_a_reprint_with_pictures_keeps_them_when_the_original_has_none(root: Path) -> None:
    one, shown = article(1), picture(1)
    reprint = article(2, body=text(1), pictures=(shown,), outlet="山城晚报")
    given = {shown.url: shown}
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        saved = archive.keep(reprint, capture=capture(reprint, minutes=5), pictures=given)
        again = archive.keep(reprint, capture=capture(reprint, minutes=6), pictures=given)
        third = article(3, body=text(1))
        bare = archive.keep(third, capture=capture(third, minutes=7))

    assert (saved.verdict, saved.images) == (Copy(of=one.id, whole=True), 1)
    assert (again.verdict, bare.verdict) == (Same(), Copy(of=one.id))
    written = (root / saved.path).read_text()
    assert text(1) in written and f'copy_of: "{one.id}"' in written
    with Reader.open(root) as reader:
        assert reader.whole(reader.show(reprint.id)) == reprint
    before = dump(root)
    rebuild(root)
    assert dump(root) == before
    assert list(verify(root, read_data=1.0)) == []

    with open_archive(root) as archive:
        archive.forget(one.id)
        kept = archive.kept(reprint.id)

    assert kept is not None and kept.copy_of == ""
    assert [path for path in files(root) if path.startswith("images/")]
    assert list(verify(root, read_data=1.0)) == []


def test_a_reprint_whose_pictures_were_uploaded_anew_still_only_links(root: Path) -> None:
    one = article(1, pictures=(picture(1),))
    reprint = article(2, body=text(1), pictures=(picture(2),))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one), pictures={picture(1).url: picture(1)})

        saved = archive.keep(reprint, capture=capture(reprint, minutes=5))

    assert saved.verdict == Copy(of=one.id)
    assert text(1) not in (root / saved.path).read_text()


def test_a_takedown_is_first_seen_then_confirmed_then_over(root: Path) -> None:
    one = article(1)

    def look(minutes: float, state: State) -> tuple[object, ...]:
        answer = capture(one, minutes=minutes, status=302, body=b"")
        archive.note(id=one.id, address=one.url, state=state, rule="redirect", capture=answer)
        (row,) = dump(root)["articles"]
        return row["state"], row["gone"], row["confirmed"], row["back"]

    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))

        assert look(10, State.GONE) == ("gone", "2026-02-07T04:10:00+00:00", None, None)
        assert look(20, State.GONE)[2] is None, "a site has bad minutes"
        assert look(90, State.BLOCKED)[0] == "gone", "a firewall's page says nothing of the article"
        assert look(100, State.VIOLATION)[2] == "2026-02-07T05:40:00+00:00"
        archive.keep(one, capture=capture(one, minutes=200))
        (row,) = dump(root)["articles"]
        assert (row["state"], row["back"]) == ("ok", "2026-02-07T07:20:00+00:00")
        assert look(300, State.GONE)[1:] == ("2026-02-07T09:00:00+00:00", None, None)
    assert text(1) in (root / f"articles/2026/02/{one.id}.md").read_text()


def test_a_page_that_is_no_article_never_touches_a_good_copy(root: Path) -> None:
    one = article(1)
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        before = {p: c for p, c in files(root).items() if p.endswith(".md")}

        for minutes, state in enumerate(State, start=1):
            answer = capture(one, minutes=minutes, body=b"whatever")
            archive.note(id=one.id, address=one.url, state=state, rule="x", capture=answer)

    assert {p: c for p, c in files(root).items() if p.endswith(".md")} == before


def test_every_address_leads_to_the_article_and_none_can_be_taken_away(root: Path) -> None:
    one = article(1, addresses=("https://new.qq.com/omn/1.html",))
    thief = article(2, addresses=("https://new.qq.com/omn/1.html", one.url))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one), addresses=("https://view.inews.qq.com/a/1",))
        archive.keep(thief, capture=capture(thief, minutes=5))
        archive.remember("wx-2-3-1", ["https://mp.weixin.qq.com/s/short"])

        for address in (one.url, "https://new.qq.com/omn/1.html", "https://view.inews.qq.com/a/1"):
            assert archive.id_of(address) == one.id
        assert archive.id_of("https://mp.weixin.qq.com/s/short") == "wx-2-3-1"
        assert archive.id_of("https://news.qq.com/rain/a/20200101A0000000") is None


def test_a_missing_picture_comes_later_without_a_new_revision(root: Path) -> None:
    shown = picture(1)
    one = article(1, pictures=(shown,))
    with open_archive(root) as archive:
        saved = archive.keep(one, capture=capture(one), missing={shown.url: "timeout"})
        assert (saved.images, saved.missing) == (0, 1)
        assert archive.wanting(9) == [(one.id, shown.url, 1)]

        archive.add_pictures(one.id, missing={shown.url: "timeout"})
        assert archive.wanting(9) == [(one.id, shown.url, 2)]
        assert archive.wanting(9, tries=2) == []
        archive.add_pictures(one.id, pictures={shown.url: shown})

        assert archive.wanting(9) == []
        assert archive.judge(one) == Same()
    assert "](../../../images/" in (root / saved.path).read_text()
    assert [row["number"] for row in dump(root)["revisions"]] == [1]


def test_a_picture_that_is_kept_is_known_by_its_address_and_stored_once(root: Path) -> None:
    shown = picture(1)
    one, other = article(1, pictures=(shown,)), article(2, pictures=(shown,))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one), pictures={shown.url: shown})
        unknown = picture(2).url
        found = archive.pictures([unknown, shown.url])
        assert list(found) == [shown.url]

        saved = archive.keep(other, capture=capture(other, minutes=3), pictures=found)

    assert saved.images == 1
    assert sum(path.startswith("images/") for path in files(root)) == 1


def test_keeping_ends_the_item_in_the_queue_in_one_step(root: Path) -> None:
    one, two = article(1), article(2)
    with open_archive(root) as archive:
        archive.queue.add(Wanted(id=a.id, url=a.url) for a in (one, two))
        archive.queue.lease(2)

        archive.keep(one, capture=capture(one))
        archive.note(
            id=two.id,
            address=two.url,
            state=State.CAPTCHA,
            rule="x",
            capture=capture(two, body=b"?"),
        )

        rows = {row["id"]: (row["state"], row["outcome"]) for row in archive.queue.rows()}
    assert rows == {one.id: ("done", "new"), two.id: ("fetching", "")}


def test_pictures_that_come_late_do_not_make_an_edit_by_hand_a_kept_text(root: Path) -> None:
    shown = picture(1)
    one = article(1, pictures=(shown,))
    with open_archive(root) as archive:
        saved = archive.keep(one, capture=capture(one), missing={shown.url: "404"})
        edited = (root / saved.path).read_text().replace("藕粉", "咖啡")
        (root / saved.path).write_text(edited)

        assert archive.add_pictures(one.id, pictures={shown.url: shown}) == 0

    assert (root / saved.path).read_text() == edited
    assert "text-changed" in {finding.code for finding in verify(root, read_data=1.0)}


@pytest.mark.parametrize("left", [None, b"\xff no text of ours"], ids=["deleted", "written over"])
def test_pictures_that_come_late_for_a_text_that_is_lost_stop_nothing(
    left: bytes | None, root: Path
) -> None:
    shown = picture(1)
    one = article(1, pictures=(shown,))
    with open_archive(root) as archive:
        saved = archive.keep(one, capture=capture(one), missing={shown.url: "404"})
        (root / saved.path).unlink()
        if left is not None:
            (root / saved.path).write_bytes(left)

        assert archive.add_pictures(one.id, pictures={shown.url: shown}) == 0

    assert {finding.path for finding in verify(root)} == {saved.path}


def test_a_file_edited_by_hand_is_replaced_by_the_next_text_and_kept_beside_it(root: Path) -> None:
    one, other = article(1), article(1, body=text(5))
    with open_archive(root) as archive:
        saved = archive.keep(one, capture=capture(one))
        (root / saved.path).write_text("my own words")

        archive.keep(other, capture=capture(other, minutes=5))

    assert text(5) in (root / saved.path).read_text()
    assert (root / f"revisions/2026/02/{one.id}/1.md").read_text() == "my own words"


def test_without_captures_the_event_is_kept_and_the_page_is_not(root: Path) -> None:
    one = article(1)
    with open_archive(root, captures=False) as archive:
        archive.keep(one, capture=capture(one))

    (row,) = dump(root)["captures"]
    assert (row["type"], row["state"], row["verdict"], row["status"]) == (
        "metadata",
        "ok",
        "new",
        200,
    )


def test_an_event_reads_back_as_it_was_written() -> None:
    event = Event(id="a", at=START + timedelta(microseconds=7), addresses=("x", "y"), revision=3)

    assert Event.from_json(event.to_json()) == event


def test_a_page_that_is_brought_again_after_a_newer_one_is_no_new_text(tmp_path: Path) -> None:
    """A WARC with two texts of one article may be imported as often as one likes."""
    one, two = article(1), article(1, body=text(91))
    pages = ((one, capture(one)), (two, capture(two, minutes=5)))

    with open_archive(tmp_path / "archive") as archive:
        told = [
            archive.keep(which, capture=replace(page, origin="warc")).verdict
            for _ in range(2)
            for which, page in pages
        ]

        assert told == [New(), Revised(), Same(), Same()]
        assert archive.judge(one, at=pages[0][1].at) == Same()
        back = capture(one, minutes=9)
        assert archive.keep(one, capture=back).verdict == Revised(), "the newsroom took it back"
    before = dump(tmp_path / "archive")
    rebuild(tmp_path / "archive")
    assert dump(tmp_path / "archive") == before
