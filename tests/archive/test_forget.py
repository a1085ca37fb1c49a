"""Forgetting an article leaves nothing of it but the fact."""

import gzip
from pathlib import Path

from archive.archive import Wanted
from archive.rebuild import rebuild
from archive.verify import verify
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


def test_pictures_that_others_show_stay(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    with open_archive(root) as archive:
        archive.forget(FIRST)

        assert archive.pictures([picture(3).url])
        assert not archive.pictures([picture(1).url])
