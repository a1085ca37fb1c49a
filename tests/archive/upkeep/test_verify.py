"""What `verify` finds, and what it does not complain of."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.files import article_path, deeper, revision_path
from archive.reader import Reader
from archive.upkeep.backup import backup
from archive.upkeep.rebuild import rebuild
from archive.upkeep.repair import repair
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, dump, eventful, open_archive, picture, text


def test_an_archive_to_which_everything_happened_is_found_sound(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    assert list(verify(root)) == []
    assert list(verify(root, read_data=1.0)) == []


def kept(root: Path) -> None:
    one = article(6, pictures=(picture(6),))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one, minutes=400), pictures={picture(6).url: picture(6)})


def revised(root: Path) -> None:
    one = article(1, body=text(61), addresses=("https://new.qq.com/omn/20260207A0000100",))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one, minutes=400))


def illustrated(root: Path) -> None:
    with open_archive(root) as archive:
        archive.keep(article(7, pictures=(picture(7),)), capture=capture(article(7)))
        archive.add_pictures(article(7).id, pictures={picture(7).url: picture(7)})


def forgotten(root: Path) -> None:
    with open_archive(root) as archive:
        archive.forget(article(3).id)


@pytest.mark.parametrize("work", [kept, revised, illustrated, forgotten])
def test_files_ahead_of_the_index_are_work_to_finish_and_no_damage(
    work: Callable[[Path], None], tmp_path: Path
) -> None:
    """As a writer leaves them that was killed, or whose disk was full, before the index was told."""
    root = tmp_path / "archive"
    eventful(root)
    before = (root / "qqnews.db").read_bytes()
    work(root)
    (root / "qqnews.db").write_bytes(before)

    if work is not forgotten:
        with Reader.open(root) as reader:
            assert reader.show(article(1).id).document.article.title == "湖城第1号消息（更正）"
    for share in (0.0, 1.0):
        found = list(verify(root, read_data=share))
        assert {one.severity for one in found} == {"note"}, found
        assert "unfinished" in {one.code for one in found}

    with open_archive(root):
        pass
    assert list(verify(root, read_data=1.0)) == []


def test_a_text_set_by_for_a_newer_one_that_never_came_is_gone_after_a_rebuild(
    tmp_path: Path,
) -> None:
    root = tmp_path / "archive"
    eventful(root)
    current = root / article_path(article(3).id)
    aside = root / revision_path(article(3).id, 1)
    aside.parent.mkdir(parents=True)
    aside.write_bytes(deeper(current.read_bytes()))

    rebuild(root)

    assert list(verify(root, read_data=1.0)) == []


def test_work_finished_at_the_next_opening_leaves_the_queue(tmp_path: Path) -> None:
    """And what never came stays in it."""
    root = tmp_path / "archive"
    there, lost = article(6), article(7)
    with open_archive(root) as archive:
        archive.queue.add(Wanted(id=one.id, url=one.url) for one in (there, lost))
    before = (root / "qqnews.db").read_bytes()
    with open_archive(root) as archive:
        for one in (there, lost):
            archive.keep(one, capture=capture(one))
    (root / "qqnews.db").write_bytes(before)
    (root / article_path(lost.id)).unlink()

    with open_archive(root) as archive:
        assert archive.kept(there.id) is not None
        assert [row["id"] for row in archive.queue.rows(state="pending")] == [lost.id]
        assert archive.queue.counts() == {"pending": 1, "done": 1}


def test_an_interrupt_is_one_also_while_the_words_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_term: str, _column: str, _place: int) -> int:
        raise KeyboardInterrupt

    eventful(tmp_path / "archive")
    monkeypatch.setattr("archive.index.audit._token_weight", interrupted)

    with pytest.raises(KeyboardInterrupt):
        list(verify(tmp_path / "archive", read_data=1.0))


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"cut")])
@pytest.mark.parametrize("found", ["articles/*/*/*0100.md", "revisions/*/*/*/1.md", "images/*/*"])
def test_a_damaged_file_does_not_speak_against_the_index_which_knows_what_it_was(
    found: str, harm: Callable[[Path], object], tmp_path: Path
) -> None:
    eventful(tmp_path / "archive")
    path = sorted((tmp_path / "archive").glob(found))[0]
    harm(path)

    fixes = {(one.path, one.fix) for one in verify(tmp_path / "archive", read_data=1.0)}

    assert fixes == {(path.relative_to(tmp_path / "archive").as_posix(), "qqnews repair")}


PLACES = (
    f"articles/2026/02/{article(9).id}.md",
    f"revisions/2026/02/{article(1).id}/9.md",
    "captures/other.warc.gz",
    "images/ab/other.jpg",
    "lost+found/other",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_file_is_neither_waited_for_nor_read(
    tmp_path: Path, place: str, kind: str
) -> None:
    root = tmp_path / "archive"
    eventful(root)
    before = dump(root)
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(root / place)
    else:
        (root / place).symlink_to(tmp_path / "nowhere")

    assert rebuild(root).passed_over == ()
    assert dump(root) == before
    backup(root, tmp_path / "backup")
    list(repair(root, apply=True))
    found = [one for one in verify(root, read_data=1.0) if one.code != "picture-unused"]
    assert found == list(verify(tmp_path / "backup", read_data=1.0)) == []
