"""Forgetting an article leaves nothing of it but the fact."""

import gzip
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.captures import Captures
from archive.files import Tree
from archive.reader import Reader
from archive.stored import Stored
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.repair import repair
from archive.upkeep.verify import verify
from tests.archive.newsroom import (
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
COPY = "20260207A0000200"


def test_nothing_of_a_forgotten_article_is_left_anywhere(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    with open_archive(root) as archive:
        done = archive.forget(FIRST)

    assert (
        done.files == 5 and done.captures == 5
    )  # four texts and the one picture that nobody else shows
    for path, content in files(root).items():
        plain = gzip.decompress(content) if path.endswith(".gz") else content
        assert FIRST not in path
        if b"forgotten" not in plain and COPY not in path:
            assert b"rain/a/" + FIRST.encode() not in plain, path
    assert list(verify(root, read_data=1.0)) == []


def test_a_copy_of_a_forgotten_article_keeps_the_text(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    with open_archive(root) as archive:
        archive.forget(FIRST)
        copy = archive.kept(COPY)

    assert copy is not None and copy.copy_of == ""
    assert text(92) in (root / copy.path).read_text()


def test_an_earlier_text_that_was_a_copy_of_a_forgotten_article_keeps_its_words(
    tmp_path: Path,
) -> None:
    root = tmp_path / "archive"
    one, copy = article(1, body=text(1)), article(2, body=text(1))
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        archive.keep(copy, capture=capture(copy, minutes=1))
        edited = replace(copy, markdown=f"{copy.markdown}\n\n又添了一句。")
        archive.keep(edited, capture=capture(edited, minutes=2))

        archive.forget(one.id)

    with Reader.open(root) as reader:
        assert reader.show(f"{copy.id}@1").document.article.markdown == text(1)
    assert list(verify(root, read_data=1.0)) == []


def test_a_page_that_leaned_on_a_forgotten_one_keeps_its_bytes(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    one, other = article(1), article(2, body=text(5))
    page = capture(one).body
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        archive.keep(other, capture=capture(other, minutes=1, body=page))
        assert [row["type"] for row in dump(root)["captures"]].count("revisit") == 1

        archive.forget(one.id)

        (row,) = dump(root)["captures"]
        assert archive._captures.read(row["path"], row["offset"]).body == page


def test_a_page_in_a_later_file_that_leaned_on_a_forgotten_one_keeps_its_bytes(
    tmp_path: Path,
) -> None:
    root = tmp_path / "archive"
    one, other = article(1), article(2, body=text(5))
    page = capture(one).body
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        archive._captures.rotate()
        archive.keep(other, capture=capture(other, minutes=1, body=page))

        archive.forget(one.id)

        (row,) = dump(root)["captures"]
        assert archive._captures.read(row["path"], row["offset"]).body == page
    assert list(verify(root, read_data=1.0)) == []


def test_an_archive_rebuilt_after_forgetting_still_knows_that_it_forgot(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    with open_archive(root) as archive:
        archive.forget(FIRST)
    before = dump(root)

    rebuild(root)

    assert dump(root) == before
    assert [row["id"] for row in before["tombstones"]] == [FIRST]


def test_what_was_forgotten_is_not_queued_again_by_a_source(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    wanted = Wanted(id=FIRST, url=f"https://news.qq.com/rain/a/{FIRST}")

    with open_archive(root) as archive:
        archive.forget(FIRST)

        assert archive.queue.add([wanted]) == 0
        assert archive.queue.add([wanted], again=True) == 1


def test_an_address_that_another_article_goes_by_too_leads_there_afterwards(tmp_path: Path) -> None:
    root, shared = tmp_path / "archive", "https://new.qq.com/omn/20260207A0000900"
    first, second = (article(number, addresses=(shared,)) for number in (1, 2))
    for one in (second, first):  # each in a file of its own
        with open_archive(root) as archive:
            archive._captures.rotate()
            archive.keep(one, capture=capture(one, minutes=0.01 if one is first else 5))
    with open_archive(root) as archive:
        archive.forget(first.id)

        assert archive.id_of(shared) == second.id

    before = dump(root)
    assert list(verify(root, read_data=1.0)) == []
    rebuild(root)
    assert dump(root) == before


def test_pictures_that_others_show_stay(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    with open_archive(root) as archive:
        archive.forget(FIRST)

        assert archive.pictures([picture(3).url])
        assert not archive.pictures([picture(1).url])


def everywhere(root: Path, word: bytes) -> list[str]:
    """The files with this word in their name or in what they hold, those that tell of the forgetting left out."""
    return [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and word in path.name.encode() + plain(path)
        and b"forgotten" not in plain(path)
    ]


def plain(path: Path) -> bytes:
    """What a file holds, as far as it can be unpacked."""
    content = path.read_bytes()
    if ".gz" not in path.name:
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return b""


def test_nothing_of_it_is_left_among_what_a_merge_set_aside(tmp_path: Path) -> None:
    root, other = tmp_path / "archive", tmp_path / "other"
    eventful(root)
    with open_archive(other) as archive:
        archive.keep(article(50), capture=capture(article(50)))
    merge(root, other)
    assert everywhere(root / "lost+found", FIRST.encode())

    with open_archive(root) as archive:
        archive.forget(FIRST)

    aside = everywhere(root / "lost+found", FIRST.encode())
    assert [path for path in aside if COPY not in path and "captures" not in path] == []
    assert everywhere(root / "lost+found", b"rain/a/" + FIRST.encode()) == []
    assert everywhere(root / "lost+found", article(3).id.encode()), "the others stay"
    assert list(verify(root, read_data=1.0)) == []


@pytest.mark.parametrize("damaged", [["articles", "images"], ["articles"], ["images"]])
def test_nothing_of_it_is_left_among_what_repair_set_aside(
    damaged: list[str], tmp_path: Path
) -> None:
    root = tmp_path / "archive"
    one, shown = article(1, pictures=(picture(1),)), picture(1)
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one), pictures={shown.url: shown})
    for folder in damaged:
        (there,) = (path for path in (root / folder).rglob("*") if path.is_file())
        there.write_bytes(there.read_bytes()[:-40] + b"hand" * 10)
    (root / "lost+found").mkdir()
    stray = root / "lost+found" / "by hand.md"
    stray.write_text(f'---\ntitle: "x"\nid: "{one.id}"\n---\n')
    list(repair(root, apply=True))
    aside = [path for path in (root / "lost+found").rglob("*") if path.is_file()]
    assert len(aside) == len(damaged) + 1

    with open_archive(root) as archive:
        archive.forget(one.id)

    assert [path for path in (root / "lost+found").rglob("*") if path.is_file()] == []


def test_what_others_lean_on_in_a_capture_file_set_aside_stays_readable(tmp_path: Path) -> None:
    """The page of the other article was the same bytes, and was kept only once."""
    root = tmp_path / "archive"
    one, other = article(1), article(2, body=text(5))
    page = capture(one).body
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
        archive.keep(other, capture=capture(other, minutes=1, body=page))
    (captures,) = (root / "captures").iterdir()
    aside = root / "lost+found" / "20260301T000000Z" / "captures" / captures.name
    aside.parent.mkdir(parents=True)
    aside.write_bytes(captures.read_bytes())

    with open_archive(root) as archive:
        archive.forget(one.id)

    entries = list(Captures(Tree(root)).walk(aside.relative_to(root).as_posix()))
    (left,) = [entry for entry in entries if isinstance(entry, Stored)]
    assert (left.event.id, left.type) == (other.id, "response")


def test_an_index_kept_from_before_a_new_version_goes_with_it(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    (root / "qqnews.db.before-v2").write_bytes((root / "qqnews.db").read_bytes())

    with open_archive(root) as archive:
        archive.forget(FIRST)

    assert not (root / "qqnews.db.before-v2").exists()
