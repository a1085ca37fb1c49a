"""Mending an archive: nothing is deleted, and a second repair finds nothing to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.pages import Pages
from archive.profiles import PROFILES, named
from archive.upkeep.repair import repair
from archive.upkeep.restoring import Reread
from archive.upkeep.verify import verify
from tests.archive.newsroom import (
    START,
    article,
    capture,
    dump,
    eventful,
    files,
    open_archive,
    picture,
    text,
)

FIRST = "20260207A0000100"
CURRENT = f"articles/2026/02/{FIRST}.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    eventful(tmp_path / "archive")
    return tmp_path / "archive"


def flip(path: Path, place: int) -> None:
    """Changes one byte of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 0x20
    path.write_bytes(content)


def image_of(number: int) -> str:
    from archive.files import digest, image_path

    return image_path(digest(picture(number).content), "jpg")


def only_capture_file(root: Path) -> Path:
    (path,) = (root / "captures").iterdir()
    return path


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a text is changed": lambda root: flip(root / CURRENT, -60),
    "a text is cut short": lambda root: (root / CURRENT).write_bytes(
        (root / CURRENT).read_bytes()[:700]
    ),
    "a text is deleted": lambda root: (root / CURRENT).unlink(),
    "an earlier text is deleted": lambda root: (root / f"revisions/2026/02/{FIRST}/1.md").unlink(),
    "a picture is changed": lambda root: flip(root / image_of(3), 100),
    "a picture is deleted": lambda root: (root / image_of(3)).unlink(),
    "a capture is changed": lambda root: flip(only_capture_file(root), 3000),
    "captures are cut short": lambda root: only_capture_file(root).write_bytes(
        only_capture_file(root).read_bytes()[:5000]
    ),
    "the captures are deleted": lambda root: only_capture_file(root).unlink(),
    "the index is deleted": lambda root: (root / "qqnews.db").unlink(),
    "the index is rubbish": lambda root: (root / "qqnews.db").write_bytes(b"rubbish" * 9999),
    "an interrupted write left something, and a text is changed": lambda root: (
        (root / ".tmp").mkdir(exist_ok=True),
        (root / ".tmp/half").write_text("x"),
        flip(root / CURRENT, -60),
    ),
    "a stranger lies among the texts": lambda root: (root / "articles/2026/notes.md").write_text(
        "x"
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_after_a_repair_the_archive_is_sound_and_repair_has_nothing_to_do(
    root: Path, damage: str
) -> None:
    DAMAGES[damage](root)
    assert any(one.severity == "damage" for one in verify(root, read_data=1.0))

    done = list(repair(root, apply=True))

    assert done
    assert [one for one in verify(root, read_data=1.0) if one.severity == "damage"] == []
    before = files(root)
    assert list(repair(root, apply=True)) == []
    assert files(root) == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_apply_nothing_is_changed_and_just_what_would_be_is_said(
    root: Path, damage: str
) -> None:
    DAMAGES[damage](root)
    before = files(root)

    planned = list(repair(root))

    assert planned
    assert files(root) == before
    # What is said of the plan is what is done.
    done = list(repair(root, apply=True))
    assert [(one.what, one.path, one.id) for one in planned] == [
        (one.what, one.path, one.id) for one in done
    ]


def test_a_damaged_text_is_moved_and_its_article_wanted_again(root: Path) -> None:
    flip(root / CURRENT, -60)
    damaged = (root / CURRENT).read_bytes()

    list(repair(root, apply=True))

    assert [path.read_bytes() for path in (root / "lost+found").rglob("*.md")] == [damaged]
    with open_archive(root) as archive:
        assert [row["id"] for row in archive.queue.rows(state="pending")] == [FIRST]
        kept = archive.kept(FIRST)
        assert kept is not None and kept.revision == 2  # the newest that is whole and not suspect


def test_a_text_that_lies_in_lost_and_found_comes_back(root: Path) -> None:
    before = dump(root)
    (root / "lost+found").mkdir()
    (root / CURRENT).rename(root / "lost+found/found-somewhere.md")

    done = list(repair(root, apply=True))

    assert [one.what for one in done] == ["restored", "reindexed"]
    assert dump(root) == before


def test_a_lost_picture_is_linked_to_the_web_again_and_wanted(root: Path) -> None:
    (root / image_of(3)).unlink()

    list(repair(root, apply=True))

    gone = article(3)
    with open_archive(root) as archive:
        kept = archive.kept(gone.id)
        assert kept is not None
        assert picture(3).url in (root / kept.path).read_text()
        assert not archive.pictures([picture(3).url])


def test_an_index_whose_hash_is_wrong_does_not_cost_a_good_text(root: Path) -> None:
    before = dump(root)
    with open_archive(root) as archive:
        archive.database.execute("update revisions set sha256 = 'x' where number = 1")

    list(repair(root, apply=True))

    assert dump(root) == before
    assert not (root / "lost+found").exists()


@pytest.mark.parametrize("profile", ["mainroad", "plain", "obsidian"])
def test_a_text_comes_back_to_the_byte_whichever_face_files_wear_now(
    tmp_path: Path, profile: str
) -> None:
    root = tmp_path / "archive"
    texts = [article(1, body=text(number)) for number in range(3)]
    for number, face in enumerate(PROFILES):
        with open_archive(root, profile=named(face)) as archive:
            archive.keep(texts[number], capture=capture(texts[number], minutes=number))
    before = files(root)
    earlier = sorted(root.glob("revisions/*/*/*/*.md"))
    for path in earlier:
        path.unlink()

    def read(page: Capture, _address: str, _pages: Pages) -> Reread:
        return Reread(article=texts[round((page.at - START).total_seconds() / 60)], rule="")

    list(repair(root, apply=True, read=read, profile=named(profile)))

    assert len(earlier) == 2
    assert files(root) == before


@pytest.mark.parametrize("name", ["notes.warc.gz", "qqnews-20290101000000-00009.warc.gz"])
def test_what_is_no_capture_is_moved_out_from_among_them_once(name: str, root: Path) -> None:
    (root / "captures" / name).write_bytes(b"a note by hand")

    found = [(one.code, one.path) for one in verify(root)]
    done = [one.what for one in repair(root, apply=True, clock=lambda: START)]

    assert found == [("capture-damaged", f"captures/{name}")]
    assert done == ["set aside", "reindexed"]
    aside = root / f"lost+found/20260207T040000Z/captures/{name}"
    assert aside.read_bytes() == b"a note by hand"
    assert list(repair(root, apply=True)) == []
    assert list(verify(root, read_data=1.0)) == []
