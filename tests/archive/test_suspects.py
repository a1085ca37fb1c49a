"""Texts that suddenly are much shorter: kept aside until a person says whether the page or the article was cut."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.dedupe import Same
from archive.errors import ArchiveError, DamagedArchive
from archive.reader import Reader
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, dump, files, open_archive, picture, text

ID = article(1).id
WHOLE = article(1, pictures=(picture(1),))
CUT = article(1, body="第一号消息：已删减。", pictures=(picture(1),))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with one article, and a suspect text of it."""
    return suspicious(tmp_path / "archive")


def suspicious(root: Path) -> Path:
    with open_archive(root) as archive:
        see(archive, WHOLE, 0)
        see(archive, CUT, 10)
    return root


def see(archive: Archive, one: object, minutes: float) -> None:
    archive.keep(
        one,  # type: ignore[arg-type]
        capture=capture(one, minutes=minutes),  # type: ignore[arg-type]
        pictures={picture(1).url: picture(1)},
    )


def waiting(root: Path) -> list[tuple[str, int]]:
    with Reader.open(root) as reader:
        return [(one.id, one.number) for one in reader.suspects()]


def history(root: Path) -> list[tuple[int, bool, int, bool]]:
    with Reader.open(root) as reader:
        return [
            (one.revision.number, one.revision.suspect, one.accepted, one.dismissed)
            for one in reader.log(ID)
        ]


def test_accepted_it_is_the_current_text_and_what_was_there_stays(root: Path) -> None:
    before = files(root)
    assert waiting(root) == [(ID, 2)]

    with open_archive(root) as archive:
        assert archive.suspects.accept(ID, 2) == 3
        kept = archive.kept(ID)
        assert kept is not None
        assert kept.revision == 3
        assert archive.judge(CUT) == Same()

    assert waiting(root) == []
    assert history(root) == [(1, False, 0, False), (2, True, 0, False), (3, False, 2, False)]
    after = files(root)
    suspect = next(path for path in before if path.endswith("/2.md"))
    assert after[suspect] == before[suspect]
    with Reader.open(root) as reader:
        assert reader.show(ID).document.article.markdown == CUT.markdown
        assert not reader.show(ID).document.suspect
        assert reader.show(f"{ID}@1").document.article.markdown == WHOLE.markdown
        assert reader.capture(ID).body == capture(CUT).body
        assert reader.count("is:suspect") == 0
        assert reader.count("is:revised") == 1


def test_dismissed_it_waits_no_more_and_the_same_page_brings_it_not_back(root: Path) -> None:
    with open_archive(root) as archive:
        archive.suspects.dismiss(ID, 2)
        see(archive, CUT, 20)
        kept = archive.kept(ID)
        assert kept is not None
        assert kept.revision == 1

    assert waiting(root) == []
    assert history(root) == [(1, False, 0, False), (2, True, 0, True)]
    with open_archive(root) as archive:
        see(archive, article(1, body="第一号消息：又不一样。", pictures=(picture(1),)), 30)
    assert waiting(root) == [(ID, 3)]
    with open_archive(root) as archive:
        assert archive.suspects.accept(ID, 2) == 4, "a person may think again"
    assert waiting(root) == []


@pytest.mark.parametrize("word", ["accept", "dismiss"])
def test_after_a_rebuild_it_is_as_it_was_said_to_be(word: str, root: Path) -> None:
    with open_archive(root) as archive:
        getattr(archive.suspects, word)(ID, 2)
    before, on_disk = dump(root), files(root)
    assert list(verify(root, read_data=1.0)) == []
    (root / "qqnews.db").unlink()

    rebuild(root)

    assert dump(root) == before
    assert files(root) == on_disk
    assert waiting(root) == []


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_not_suspect_is_refused(number: int, root: Path) -> None:
    before = files(root)
    with open_archive(root) as archive:
        for say in (archive.suspects.accept, archive.suspects.dismiss):
            with pytest.raises(ArchiveError, match=f"{ID}@{number} is no suspect text"):
                say(ID, number)

    assert files(root) == before


def test_a_newer_text_leaves_nothing_to_be_said_of_an_older_suspect(root: Path) -> None:
    with open_archive(root) as archive:
        see(archive, article(1, body=text(71)), 20)
        assert waiting(root) == []
        with pytest.raises(ArchiveError):
            archive.suspects.accept(ID, 2)


def test_a_file_that_is_not_what_was_written_is_not_made_current(root: Path) -> None:
    path = next(root.glob("revisions/*/*/*/2.md"))
    path.write_bytes(path.read_bytes() + b" ")

    with open_archive(root) as archive, pytest.raises(DamagedArchive, match="not what was written"):
        archive.suspects.accept(ID, 2)


@pytest.mark.parametrize("word", ["accept", "dismiss"])
def test_a_merge_brings_what_was_said(word: str, root: Path, tmp_path: Path) -> None:
    with open_archive(root) as archive:
        getattr(archive.suspects, word)(ID, 2)
        see(archive, CUT, 40)
    other = tmp_path / "other"
    with open_archive(other) as archive:
        see(archive, WHOLE, 5)

    merge(other, root)

    assert waiting(other) == []
    assert history(other) == history(root)
    assert list(verify(other, read_data=1.0)) == []


def test_what_is_forgotten_leaves_nothing_behind(root: Path) -> None:
    with open_archive(root) as archive:
        archive.suspects.dismiss(ID, 2)
        archive.forget(ID)

    assert dump(root)["dismissed"] == []
    assert list(verify(root, read_data=1.0)) == []
    rebuild(root)
    assert dump(root)["dismissed"] == []


def test_it_waits_on_when_the_page_before_it_is_read_again(root: Path) -> None:
    """A later extractor reads the earlier page otherwise: a greater number, and no later page."""
    with open_archive(root) as archive:
        with Reader.open(root) as reader:
            (page, *_) = (one for one in reader.log(ID) if not one.revision.suspect)
        archive.rereading.keep(
            replace(WHOLE, author="白露"),
            captured=capture(WHOLE).at,
            capture=page.revision.capture,
        )
        see(archive, CUT, 20)  # the same broken page once more

    assert waiting(root) == [(ID, 2)]
    assert [number for number, *_ in history(root)] == [1, 2, 3]
    with Reader.open(root) as reader:
        assert reader.suspect(ID)[1].number == 2
        assert reader.count("is:suspect") == 1
    with open_archive(root) as archive:
        assert archive.suspects.accept(ID, 2) == 4
    assert waiting(root) == []
    assert list(verify(root, read_data=1.0)) == []
