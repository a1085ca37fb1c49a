"""Where files stand, and that they are written whole or not at all."""

import os
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.captures import Captures
from archive.errors import ArchiveInUse, StorageError
from archive.files import Lock, Tree, article_path, revision_path, root_from, write
from archive.filing import filed_of
from tests.archive.newsroom import article, capture, open_archive

IDS = st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True)


@pytest.mark.parametrize(
    ("id", "folder"),
    [
        ("20250207A095R800", "2025/02"),
        ("20250207A095R8", "2025/02"),
        ("TEC2016022603402900", "2016/02"),
        ("SN2023112300112233", "2023/11"),
        ("hb_jjj-20160226034029", "2016/02"),
        ("99999999A095R800", r"other/[0-9a-f]{2}"),
        ("wx-3NzY1LTIwMTYwMjI2", r"wx/[0-9a-f]{2}"),
        ("om-Onk4fVjk2RRBRKzsvkvsOpMA0", r"om/[0-9a-f]{2}"),
        ("-x", r"other/[0-9a-f]{2}"),
    ],
)
def test_an_id_with_a_day_stands_under_its_month(id: str, folder: str) -> None:
    assert re.fullmatch(f"articles/{folder}/{id}.md", article_path(id))
    assert re.fullmatch(f"revisions/{folder}/{id}/7.md", revision_path(id, 7))


@given(IDS)
def test_no_id_leads_out_of_its_folder(id: str) -> None:
    path = article_path(id)

    assert path.count("/") == 3 and ".." not in path and path.startswith("articles/")
    assert (
        Path("/archive", path).parent / root_from(path)
        == Path("/archive", path).parent / "../../../"
    )


@pytest.mark.parametrize("id", ["", "..", "a/b", "a\0b", "新闻", "a" * 81, "a b", "a.md"])
def test_what_is_no_id_gets_no_path(id: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        article_path(id)


@given(st.one_of(IDS, st.just("A"), st.just("a")), st.integers(1, 9))
def test_two_texts_never_share_a_file(id: str, number: int) -> None:
    assert len({article_path(id), revision_path(id, number), revision_path(id, number + 1)}) == 3


def test_a_write_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "a/b/page.md", b"long before")

    write(tmp_path / "a/b/page.md", b"new")

    assert [(p.name, p.read_bytes()) for p in (tmp_path / "a/b").iterdir()] == [("page.md", b"new")]


def test_what_a_killed_process_of_the_same_number_left_is_not_in_the_way(tmp_path: Path) -> None:
    """In a container every process may have that number."""
    (tmp_path / f".page.md.{os.getpid()}.tmp").write_bytes(b"half of")

    write(tmp_path / "page.md", b"text")

    assert (tmp_path / "page.md").read_bytes() == b"text"


def test_a_planted_link_is_not_written_through(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "archive")
    tree.create()
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "archive/articles/2026").mkdir()
    (tmp_path / "archive/articles/2026/x.md").symlink_to(tmp_path / "secret")

    tree.write("articles/2026/x.md", b"text")

    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert (tmp_path / "archive/articles/2026/x.md").read_bytes() == b"text"
    tree.close()


def test_a_planted_link_is_not_read_through(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "x.md").symlink_to(tmp_path / "secret")

    assert tree.size("x.md") is None
    with pytest.raises(OSError):
        tree.read("x.md")


def test_files_that_were_given_up_leave_nothing(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.create()

    tree.stage({"articles/2026/02/a.md": b"a", "articles/2026/02/b.md": b"b"}).drop()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    tree.close()


def test_the_next_writer_sweeps_what_the_last_one_left(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.create()
    (tmp_path / ".tmp/123-1").write_bytes(b"half")
    (tmp_path / ".tmp/index").mkdir()
    (tmp_path / ".tmp/index/qqnews.db").write_bytes(b"half")

    assert tree.sweep() == 2
    assert list((tmp_path / ".tmp").iterdir()) == []


def test_what_is_set_aside_twice_is_there_twice(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    at = datetime(2026, 2, 7, tzinfo=UTC)
    places = []
    for content in (b"one", b"two"):
        (tmp_path / "x.md").write_bytes(content)
        places.append(tree.set_aside("x.md", at=at))

    assert [(tmp_path / place).read_bytes() for place in places] == [b"one", b"two"]


def test_a_name_that_is_a_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "page.md").mkdir()
    tree = Tree(tmp_path)
    tree.create()

    with pytest.raises(
        StorageError, match=r"cannot write .*/page\.md: a folder stands in its place"
    ):
        write(tmp_path / "page.md", b"text")
    with pytest.raises(
        StorageError, match=r"cannot write .*/page\.md: a folder stands in its place"
    ):
        tree.write("page.md", b"text")
    tree.close()


def test_a_lock_that_only_readers_share_names_no_writer_of_yesterday(tmp_path: Path) -> None:
    with Lock(tmp_path) as writer:
        writer.acquire(wait=0)

    with Lock(tmp_path) as reader:
        reader.share()
        with pytest.raises(ArchiveInUse, match="in use by another process, such as a backup"):
            Lock(tmp_path).acquire(wait=0)


def test_a_lock_names_its_holder_however_it_was_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of old files are not always UTF-8, a shell's `*` names thousands, and a proxy may have a password."""
    words = ["import", "--set", "network.proxy=http://lin:secret@localhost:1", "\udcff.html"]
    monkeypatch.setattr("sys.argv", ["/usr/bin/qqnews", *words, *["page.html"] * 5000])

    with Lock(tmp_path) as lock:
        lock.acquire(wait=0)
        with pytest.raises(ArchiveInUse) as caught:
            Lock(tmp_path).acquire(wait=0)

    message = str(caught.value)
    assert f"process {os.getpid()} " in message
    assert "(qqnews import --set network.proxy=http://localhost:1 " in message
    assert "secret" not in (tmp_path / ".lock").read_text()
    assert len(message) < 500


@contextmanager
def no_more_files() -> Iterator[None]:
    """A block in which this process may open no file."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_what_cannot_be_opened_now_is_not_taken_for_lost(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    one = article(1)
    with open_archive(root) as archive:
        archive.keep(one, capture=capture(one))
    tree = Tree(root)

    with no_more_files():
        for look in (
            lambda: list(tree.walk("articles")),
            lambda: tree.read(article_path(one.id)),
            lambda: filed_of(tree, one.id, {}),
            lambda: list(Captures(tree).files()),
        ):
            with pytest.raises(StorageError, match=r"[Tt]oo many"):
                look()

    assert [filed.document.article.id for filed in filed_of(tree, one.id, {})] == [one.id]


def test_one_walk_tells_every_file_and_its_size_and_follows_no_link(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "archive")
    tree.create()
    contents = {"articles/2026/02/a.md": b"a", "articles/2026/b.md": b"", "images/ab/c.jpg": b"ccc"}
    for path, content in contents.items():
        tree.write(path, content)
    (tree.root / "articles/2026/link.md").symlink_to(tree.root / "images/ab/c.jpg")
    (tree.root / "articles/elsewhere").symlink_to(tree.root / "images")

    assert dict(tree.sizes("articles")) == {
        "articles/2026/02/a.md": 1,
        "articles/2026/b.md": 0,
        "articles/2026/link.md": None,
    }
    assert list(tree.sizes("revisions")) == []
