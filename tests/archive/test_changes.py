"""What differs between two texts, graded."""

import time
from dataclasses import replace

import pytest

from archive.article import Article, Image
from archive.changes import Grade, Part, compare, sentences

OLD = Article(
    id="a",
    url="https://news.qq.com/rain/a/a",
    title="滨江灯会开幕",
    markdown=(
        "滨江灯会昨晚开幕，共有1200盏灯。王小明表示，灯都由本地匠人扎成。\n\n"
        "第二段说的是交通：沿江路封闭到22时。\n\n第三段写往年的事，没有什么新意。"
    ),
    images=(
        Image(url="https://p/1", renditions=("https://p/1",), key="1"),
        Image(url="https://p/2", renditions=("https://p/2",), key="2"),
    ),
)


def changed(old: str, new: str) -> Article:
    assert old in OLD.markdown
    return replace(OLD, markdown=OLD.markdown.replace(old, new))


def test_an_article_does_not_differ_from_itself() -> None:
    change = compare(OLD, OLD)

    assert change.grades == ()
    assert change.grade is None
    assert {edit.kind for edit in change.sentences} == {"same"}


@pytest.mark.parametrize(
    ("new", "grades"),
    [
        (changed("，共有", "， 共有"), {Grade.TRIVIAL}),
        (changed("第二段说的是交通：", "第二段说的是交通，"), {Grade.TRIVIAL}),
        (changed("匠人", "将人"), {Grade.TYPO}),
        (changed("1200盏", "1500盏"), {Grade.NUMBERS}),
        (changed("22时", "二十三时"), {Grade.NUMBERS}),
        (changed("王小明", "王晓明"), {Grade.NAMES}),
        (changed("没有什么新意", "读来仍然有趣得很"), {Grade.WORDING}),
        (changed("\n\n第三段写往年的事，没有什么新意。", ""), {Grade.REMOVED}),
        (changed("第三段", "新写的一段话。\n\n第三段"), {Grade.ADDED}),
        (replace(OLD, title="滨江灯会，开幕"), {Grade.TRIVIAL}),
        (replace(OLD, title="滨江灯会停办"), {Grade.HEADLINE}),
        (replace(OLD, images=OLD.images[:1]), {Grade.PICTURES}),
        (replace(OLD, images=OLD.images[::-1]), {Grade.PICTURES}),
    ],
    ids=lambda value: "+".join(map(str, value)) if isinstance(value, set) else "",
)
def test_edits_are_graded(new: Article, grades: set[Grade]) -> None:
    assert set(compare(OLD, new).grades) == grades


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("一共两千零三十七块，一块没少。", "一共两千零三十八块，一块没少。"),
        ("事故致三死两伤。", "事故致四死两伤。"),
        ("占百分之三十七。", "占百分之三十九。"),
        ("他排在第十二。", "他排在第十三。"),
    ],
)
def test_other_figures_in_words_are_no_slip_of_the_pen(old: str, new: str) -> None:
    grades = compare(replace(OLD, markdown=old), replace(OLD, markdown=new)).grades

    assert grades == (Grade.NUMBERS,)


def test_words_that_only_hold_a_numeral_are_no_figures() -> None:
    old, new = (
        replace(OLD, markdown="百姓十分高兴，一定别忘。"),
        replace(OLD, markdown="市民很高兴，务必别忘。"),
    )

    assert Grade.NUMBERS not in compare(old, new).grades


def test_the_gravest_grade_comes_first() -> None:
    new = replace(changed("1200盏", "900盏"), title="滨江灯会停办", images=())

    change = compare(OLD, new)

    assert change.grades == (Grade.HEADLINE, Grade.NUMBERS, Grade.PICTURES)
    assert str(change.grade) == "headline"


def test_words_are_marked_inside_a_sentence() -> None:
    change = compare(OLD, changed("1200盏", "1500盏"))

    (edit,) = [edit for edit in change.sentences if edit.kind == "changed"]
    assert edit.parts == (
        Part("=", "滨江灯会昨晚开幕，共有"),
        Part("-", "1200"),
        Part("+", "1500"),
        Part("=", "盏灯。"),
    )


def test_the_pieces_of_a_change_make_up_both_texts() -> None:
    new = replace(
        OLD,
        markdown="滨江的灯会前天开幕，有900多盏灯。\n\n交通：沿江路全天封闭。\n\n王小明说灯是匠人扎的。",
    )

    change = compare(OLD, new)

    for edit in change.sentences:
        if edit.kind == "changed":
            assert "".join(part.text for part in edit.parts if part.kind != "+") == edit.old
            assert "".join(part.text for part in edit.parts if part.kind != "-") == edit.new
    said = [edit.new for edit in change.sentences if edit.new]
    assert "".join(said) == new.markdown.replace("\n", "")


def test_a_paragraph_that_went_is_told_from_a_sentence_that_went() -> None:
    paragraph = compare(OLD, changed("第三段写往年的事，没有什么新意。", ""))
    sentence = compare(OLD, changed("王小明表示，灯都由本地匠人扎成。", ""))

    assert [edit.paragraph for edit in paragraph.sentences if edit.kind == "removed"] == [True]
    assert [edit.paragraph for edit in sentence.sentences if edit.kind == "removed"] == [False]


def test_pictures_that_came_and_went_are_named() -> None:
    other = Image(url="https://p/3", renditions=("https://p/3",), key="3")

    change = compare(OLD, replace(OLD, images=(OLD.images[0], other)))

    assert change.pictures_added == ("https://p/3",)
    assert change.pictures_removed == ("https://p/2",)


def test_other_facts_have_a_grade_of_their_own_when_nothing_graver_changed() -> None:
    first = replace(OLD, outlet="甲报", tags=("桥",))
    change = compare(first, replace(OLD, outlet="乙报", tags=("桥", "河")))

    assert change.grades == (Grade.FACTS,)
    assert [(fact.name, fact.old, fact.new) for fact in change.facts] == [
        ("outlet", "甲报", "乙报"),
        ("tags", "桥", "桥, 河"),
    ]
    assert compare(first, replace(OLD, outlet="乙报", id="20260207A0000900")).grades == ()
    assert Grade.FACTS not in compare(first, replace(OLD, markdown="别的话。")).grades


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“来。”她没来！", ["他说：“来。”", "她没来！"]),
        ("真的吗？！是……的", ["真的吗？！", "是……", "的"]),
        ("没有句号", ["没有句号"]),
        ("", []),
    ],
)
def test_sentences_keep_their_stops_and_quotes(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_long_texts_with_nothing_in_common_are_compared_quickly() -> None:
    one = replace(OLD, markdown="\n\n".join(f"第{n}句话甲乙丙丁。" * 3 for n in range(300)))
    other = replace(OLD, markdown="\n\n".join(f"完全不同的{n}号内容。" * 3 for n in range(300)))

    change = compare(one, other)

    assert change.counts()["added"] + change.counts()["changed"] >= 300


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("字" * 100_000, "字" * 99_000 + "词" * 1_000),
        ("甲乙" * 50_000, "乙甲" * 50_000),
        ("字。" * 50_000, "字。" * 49_000 + "词。" * 2_000),
        (
            "\n\n".join(f"第{n}段。" for n in range(9_000)),
            "\n\n".join(f"第{n}段！" for n in range(1, 9_000)),
        ),
    ],
    ids=["one sentence", "turned round", "the same sentence", "every paragraph"],
)
def test_even_absurd_texts_are_compared_in_seconds(one: str, other: str) -> None:
    started = time.process_time()

    change = compare(replace(OLD, markdown=one), replace(OLD, markdown=other))

    assert change.grades
    assert time.process_time() - started < 5
