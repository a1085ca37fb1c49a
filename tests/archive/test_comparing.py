"""Comparing what was kept: the texts of one article, two articles, the articles of a group."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.changes import Grade
from archive.errors import QueryError
from archive.reader import Reader
from tests.archive.lanterns import CUT, FERRY, LANTERNS, NOW, REPRINT, lanterns


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lanterns(tmp_path_factory.mktemp("reader") / "archive")


@pytest.fixture
def reader(root: Path) -> Iterator[Reader]:
    with Reader.open(root, clock=lambda: NOW) as reader:
        yield reader


def test_the_history_says_what_each_text_changed(reader: Reader) -> None:
    first, second = reader.log(LANTERNS.id)
    assert reader.log(f"{LANTERNS.id}@1") == (first, second)

    assert first.change is None
    assert second.change is not None
    assert second.change.grades == (Grade.NUMBERS,)


@pytest.mark.parametrize(
    "words", [(LANTERNS.id,), (f"{LANTERNS.id}@1",), (f"{LANTERNS.id}@1", f"{LANTERNS.id}@2")]
)
def test_two_texts_are_compared(reader: Reader, words: tuple[str, ...]) -> None:
    change = reader.diff(*words)

    assert change.grades == (Grade.NUMBERS,)
    assert change.counts() == {"added": 0, "removed": 0, "changed": 1}


def test_two_articles_are_compared_even_when_one_only_links_to_its_text(reader: Reader) -> None:
    change = reader.diff(f"{LANTERNS.id}@1", REPRINT.id)

    assert change.grades == (Grade.HEADLINE,)


def test_one_text_has_nothing_to_compare(reader: Reader) -> None:
    with pytest.raises(QueryError, match="only one text"):
        reader.diff(FERRY.id)


def test_near_copies_stand_in_one_group(reader: Reader) -> None:
    (cluster,) = reader.clusters()

    assert (cluster.articles, cluster.outlets, cluster.headlines) == (3, 3, 3)
    assert cluster.id == LANTERNS.id
    assert reader.clusters("渡口") == ()
    assert reader.clusters("title:人山人海") == (cluster,)


def test_a_group_tells_who_was_first_and_what_the_others_left_out(reader: Reader) -> None:
    first, reprint, cut = reader.cluster(CUT.id)

    assert [twin.article.outlet for twin in (first, reprint, cut)] == [
        "滨江日报",
        "下游晚报",
        "山城新闻",
    ]
    assert first.change is None
    assert reprint.change and reprint.change.headline
    assert reprint.change.headline.new == "灯会人山人海"
    assert cut.change
    lost = [edit.old for edit in cut.change.sentences if edit.kind == "removed" and edit.paragraph]
    assert lost == ["市民赵女士说，她从小看灯会长大，最喜欢的是走马灯，今年带着外孙一起来。"]
    assert cut.similarity and cut.similarity >= 0.5


def test_an_article_alone_is_its_own_group(reader: Reader) -> None:
    assert [twin.article.id for twin in reader.cluster(FERRY.id)] == [FERRY.id]
