"""The index can be made again from the files alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.archive import Archive, Wanted
from archive.dedupe import Copy, Same
from archive.document import summary
from archive.errors import DamagedArchive
from archive.files import article_path
from archive.reader import Reader
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


def test_a_rebuilt_index_says_what_the_old_one_said(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    before, on_disk = dump(root), files(root)
    (root / "qqnews.db").unlink()

    rebuilt = rebuild(root)

    after = dump(root)
    for table in before:
        assert after[table] == before[table], table
    assert (rebuilt.articles, rebuilt.captures) == (len(after["articles"]), len(after["captures"]))
    assert rebuilt.passed_over == ()
    assert files(root) == on_disk


def test_after_a_rebuild_every_page_gets_the_verdict_it_had(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    rebuild(root)

    with open_archive(root) as archive:
        assert archive.judge(article(1, body=text(92), title="湖城第1号消息（更正）")) == Same()
        assert archive.judge(article(3, pictures=(picture(3),))) == Same()
        assert (
            archive.judge(article(2, body=text(92), outlet="山城晚报", title="湖城要闻")) == Same()
        )
        assert archive.judge(article(7, body=text(91))) == Copy(of="20260207A0000100")


def test_a_rebuild_carries_queue_and_runs_over(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    with open_archive(root) as archive:
        archive.queue.add(
            [Wanted(id="20260207A0000900", url="https://news.qq.com/rain/a/20260207A0000900")]
        )
        archive.runs.finish(archive.runs.start("run"), code=0, summary={"new": 3})

    assert rebuild(root).carried

    with open_archive(root) as archive:
        assert archive.queue.counts() == {"pending": 1}
        assert archive.runs.last(1)[0]["summary"] == {"new": 3}


def test_an_index_that_is_rubbish_is_set_aside_and_made_again(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    before = dump(root)
    content = (root / "qqnews.db").read_bytes()
    rubbish = content[:100] + b"\xff" * (len(content) - 100)
    (root / "qqnews.db").write_bytes(rubbish)

    rebuild(root)

    assert dump(root) == before
    assert [path.read_bytes() for path in (root / "lost+found").rglob("qqnews.db")] == [rubbish]


def test_a_rebuild_of_what_was_rebuilt_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    first = article(1)
    with open_archive(root) as archive:
        archive.keep(first, capture=capture(first))
    rebuild(root)
    before = dump(root)

    rebuild(root)

    assert dump(root) == before


def test_without_captures_only_what_pages_looked_like_is_lost(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    Archive.create(root)
    first = article(1, pictures=(picture(1),))
    with open_archive(root, captures=False) as archive:
        archive.keep(first, capture=capture(first), pictures={picture(1).url: picture(1)})
    before = dump(root)

    rebuild(root)

    assert dump(root) == before
    assert [row["type"] for row in before["captures"]] == ["metadata"]


def test_a_summary_that_is_only_the_beginning_of_the_text_is_none(tmp_path: Path) -> None:
    """Whichever the page gave, the file reads the same."""
    root = tmp_path / "archive"
    one = article(1)
    with open_archive(root) as archive:
        told = replace(one, summary=summary(one))
        archive.keep(told, capture=capture(told))
    before = dump(root)

    assert list(verify(root, read_data=1.0)) == []
    rebuild(root)
    assert dump(root) == before


@pytest.mark.parametrize(
    ("word", "instead"),
    [("藕粉", "咖啡"), ('title: "湖城', 'title: "咖啡城')],
    ids=["a word", "the headline"],
)
def test_a_text_edited_by_hand_is_not_taken_for_what_was_kept(
    tmp_path: Path, word: str, instead: str
) -> None:
    """Not even by an index that is made from it, of which it could say no hash is wrong."""
    root = tmp_path / "archive"
    first = article(1)
    with open_archive(root) as archive:
        path = archive.keep(first, capture=capture(first)).path
    edited = (root / path).read_text().replace(word, instead)
    assert edited != (root / path).read_text()
    (root / path).write_text(edited)

    rebuilt = rebuild(root)

    assert [line.partition(":")[0] for line in rebuilt.passed_over] == [path]
    assert {finding.code for finding in verify(root)} == {"text-changed"}
    assert {finding.code for finding in verify(root, read_data=1.0)} == {"text-changed"}
    with Reader.open(root) as reader:
        assert reader.search("咖啡").hits == ()
        with pytest.raises(DamagedArchive, match="not what was written"):
            reader.show(first.id)
    assert (root / path).read_text() == edited


def test_a_text_of_pictures_alone_vouches_for_itself(tmp_path: Path) -> None:
    root, shown = tmp_path / "archive", picture(1)
    silent = article(1, body="", pictures=(shown,))
    with open_archive(root) as archive:
        archive.keep(silent, capture=capture(silent), pictures={shown.url: shown})
    before = dump(root)

    rebuilt = rebuild(root)

    assert (rebuilt.passed_over, dump(root)) == ((), before)


def test_files_that_are_no_texts_of_ours_are_passed_over(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)
    before = dump(root)
    folder = (root / article_path(article(1).id)).parent
    (folder / f"._{article(1).id}.md").write_text("what macOS leaves on a stick")
    (folder / "笔记.md").write_text("what a person leaves")
    (root / "revisions" / "my notes").mkdir()
    (root / "revisions" / "my notes" / "1.md").write_text("also")

    rebuild(root)

    assert dump(root) == before
    assert {one.code for one in verify(root)} == {"text-stray"}
    for _ in repair(root, apply=True):
        pass
    assert list(verify(root)) == []
