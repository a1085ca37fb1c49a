"""Pages that somebody had, brought over newer ones: earlier texts, and never the current one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.article import Article
from archive.capture import Capture
from archive.dedupe import Revised, Same
from archive.pages import Pages
from archive.reader import Reader
from archive.state import State
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.repair import repair
from archive.upkeep.restoring import Reread
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, dump, open_archive, picture, text

NOW = article(1, body=text(93), title="湖城第1号消息（二）")
THEN = article(1, body=text(91), title="湖城第1号消息")


def bring(archive: Archive, page: Article, *, minutes: float) -> object:
    """Keep a page as `qqnews import` does, captured so many minutes after the start."""
    return archive.keep(
        page, capture=replace(capture(page, minutes=minutes), origin="warc")
    ).verdict


def reader(root: Path) -> Reader:
    return Reader.open(root)


def history(root: Path) -> list[tuple[int, bool]]:
    """Number of each text in the order of `log`, and whether it was brought later."""
    with reader(root) as shown:
        return [(one.revision.number, one.revision.older) for one in shown.log(NOW.id)]


def current(root: Path) -> tuple[int, str]:
    with reader(root) as shown:
        found = shown.show(NOW.id)
    return found.article.revision, found.document.article.title


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def brought(root: Path) -> Path:
    """An archive that keeps the page of minute 100, to which that of minute 10 was brought."""
    with open_archive(root) as archive:
        archive.keep(NOW, capture=capture(NOW, minutes=100))
        before = (root / archive.kept(NOW.id).path).read_bytes()  # type: ignore[union-attr]
        assert bring(archive, THEN, minutes=10) == Revised(older=True)
        assert (root / archive.kept(NOW.id).path).read_bytes() == before  # type: ignore[union-attr]
    return root


def test_an_older_page_is_an_earlier_text_and_leaves_the_current_one_as_it_is(
    brought: Path,
) -> None:
    assert current(brought) == (1, NOW.title)
    assert history(brought) == [(2, True), (1, False)]
    with reader(brought) as shown:
        change = shown.diff(NOW.id)
        assert [shown.count(query) for query in ("第93号消息", "第91号消息")] == [1, 0]
        assert [one.id for one in shown.list("is:revised")] == [NOW.id]
        assert shown.suspects() == ()
    assert change.headline is not None
    assert (change.headline.old, change.headline.new) == (THEN.title, NOW.title)
    assert list(verify(brought, read_data=1.0)) == []


def test_the_question_in_the_docs_for_headlines_that_changed_tells_them_in_their_time(
    brought: Path,
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "sql.md").read_text("utf-8")
    _, _, rest = page.partition("-- headlines that changed\n")
    statement, _, _ = rest.partition(";")

    with reader(brought) as shown:
        answer = shown.sql(statement)
        told = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    assert [(one["before"], one["after"]) for one in told] == [(THEN.title, NOW.title)]


def test_the_index_made_anew_knows_it_as_well(brought: Path) -> None:
    before = dump(brought)
    rebuild(brought)
    assert dump(brought) == before
    assert current(brought) == (1, NOW.title)


def test_what_is_told_of_it_is_its_own_file_and_its_own_pictures(root: Path) -> None:
    shown = picture(1)
    with open_archive(root) as archive:
        pictured = article(1, body=text(93), pictures=(shown,))
        archive.keep(pictured, capture=capture(pictured, minutes=100), pictures={shown.url: shown})
        page = replace(capture(THEN, minutes=10), origin="warc")
        saved = archive.keep(THEN, capture=page)
    assert (saved.images, saved.missing) == (0, 0)
    assert text(91).splitlines()[0] in (root / saved.path).read_text("utf-8")


def test_when_it_is_lost_its_page_gives_it_back(brought: Path) -> None:
    (path,) = (brought / "revisions").rglob("2.md")
    before = path.read_bytes()
    path.unlink()

    def read(page: Capture, _address: str, _pages: Pages) -> Reread:
        return Reread(article=THEN, rule="")

    list(repair(brought, apply=True, read=read))

    assert path.read_bytes() == before
    assert list(verify(brought, read_data=1.0)) == []


def test_brought_again_it_is_the_same(brought: Path) -> None:
    with open_archive(brought) as archive:
        assert bring(archive, THEN, minutes=10) == Same()
        assert bring(archive, THEN, minutes=20) == Same()
    assert len(history(brought)) == 2


def test_what_the_site_shows_afterwards_is_a_new_text_even_where_it_goes_back_to_the_old_words(
    brought: Path,
) -> None:
    with open_archive(brought) as archive:
        archive.keep(THEN, capture=capture(THEN, minutes=200))
    assert current(brought) == (3, THEN.title)
    assert history(brought) == [(2, True), (1, False), (3, False)]
    assert list(verify(brought, read_data=1.0)) == []


def test_a_page_that_is_newer_than_the_current_text_is_a_new_text(brought: Path) -> None:
    with open_archive(brought) as archive:
        newer = article(1, body=text(95))
        assert bring(archive, newer, minutes=101) == Revised()
    assert current(brought)[0] == 3


def test_for_what_is_fetched_the_order_counts_and_not_the_clock(root: Path) -> None:
    """A clock that was years ahead for a night may not hold up every later text."""
    with open_archive(root) as archive:
        archive.keep(NOW, capture=capture(NOW, minutes=10_000_000))
        assert archive.keep(THEN, capture=capture(THEN, minutes=10)).verdict == Revised()
    assert current(root) == (2, THEN.title)


def test_what_was_taken_down_stays_so(root: Path) -> None:
    with open_archive(root) as archive:
        archive.keep(NOW, capture=capture(NOW, minutes=100))
        answer = capture(NOW, minutes=150, status=404, body=b"")
        archive.note(id=NOW.id, address=NOW.url, state=State.GONE, rule="404", capture=answer)
        bring(archive, THEN, minutes=10)
    before = dump(root)
    with reader(root) as shown:
        (gone,) = shown.gone()
        assert datetime.fromisoformat(gone.gone) == answer.at
    rebuild(root)
    assert dump(root) == before


def test_a_page_brought_after_its_article_was_forgotten_is_not_forgotten_by_merging(
    brought: Path, tmp_path: Path
) -> None:
    with open_archive(brought) as archive:
        archive.forget(NOW.id)
        bring(archive, THEN, minutes=10)
    other = tmp_path / "other"
    with open_archive(other) as archive:
        archive.keep(NOW, capture=capture(NOW, minutes=100))

    merge(other, brought)

    assert current(other) == (1, THEN.title)
    assert history(other) == [(1, False)]
    assert list(verify(other, read_data=1.0)) == []


def test_merging_puts_it_where_it_belongs(brought: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    open_archive(other).close()

    merge(other, brought)

    assert current(other) == (2, NOW.title)
    assert history(other) == [(1, False), (2, False)]
    assert list(verify(other, read_data=1.0)) == []
