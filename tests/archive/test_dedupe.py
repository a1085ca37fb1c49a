"""What an article is to the archive."""

from dataclasses import replace

import pytest

from archive.article import Article, Image
from archive.dedupe import Copy, New, Revised, Same, judge, print_of

TEXT = "滨江的灯会每年正月开办，今年已是第十届。主办方说，灯都由本地匠人扎成。" * 6
ARTICLE = Article(
    id="a",
    url="https://news.qq.com/rain/a/a",
    title="滨江灯会",
    markdown=f"{TEXT}\n\n![灯](https://web/1/641)\n\n[别处](https://x/1)",
    images=(Image(url="https://web/1/641", renditions=("https://web/1/641",), key="1"),),
)
PRINT = print_of(ARTICLE)


def test_an_unknown_article_is_new() -> None:
    assert judge(PRINT) == New()


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, markdown=ARTICLE.markdown.replace("https://web/1/641", "../images/1.jpg")),
        replace(ARTICLE, markdown=ARTICLE.markdown.replace("https://x/1", "https://x/2")),
        replace(
            ARTICLE, markdown=ARTICLE.markdown.replace("，", "， ").replace("灯会", "灯\u200b会")
        ),
        replace(ARTICLE, markdown=f"**{TEXT}**\n\n![](https://web/1/0)\n\n别处"),
        replace(ARTICLE, title="滨江 灯会", outlet="别的报纸", category="culture"),
        replace(ARTICLE, images=(replace(ARTICLE.images[0], url="https://web/1/0"),)),
    ],
    ids=["local pictures", "another link", "spacing", "markup", "other facts", "rendition"],
)
def test_what_a_reader_cannot_see_is_no_change(other: Article) -> None:
    assert judge(print_of(other), kept=PRINT) == Same()


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, title="滨江灯会停办"),
        replace(ARTICLE, markdown=ARTICLE.markdown.replace("第十届", "第九届")),
        replace(ARTICLE, images=()),
        replace(ARTICLE, images=(replace(ARTICLE.images[0], key="2"),)),
    ],
    ids=["headline", "text", "picture gone", "other picture"],
)
def test_what_a_reader_can_see_is_a_revision(other: Article) -> None:
    assert judge(print_of(other), kept=PRINT) == Revised(suspect=False)


def test_the_same_text_under_another_id_is_a_copy_even_with_another_headline() -> None:
    other = print_of(replace(ARTICLE, id="b", title="别的标题", images=()))

    assert other.twin == PRINT.twin
    assert judge(other, twin="a") == Copy(of="a")


def test_what_is_known_under_its_own_id_is_never_a_copy() -> None:
    assert judge(PRINT, kept=PRINT, twin="b") == Same()


def test_a_text_that_lost_most_of_its_words_is_suspect() -> None:
    short = print_of(replace(ARTICLE, markdown=TEXT[:60]))

    assert judge(short, kept=PRINT) == Revised(suspect=True)
    assert judge(short, kept=PRINT, suspect=short) == Same()


def test_a_text_that_only_lost_a_part_is_not_suspect() -> None:
    shorter = print_of(replace(ARTICLE, markdown=TEXT[: len(TEXT) // 2]))

    assert judge(shorter, kept=PRINT) == Revised(suspect=False)


@pytest.mark.parametrize("markdown", ["", "![](https://web/1)", "组图。"])
def test_articles_of_hardly_a_word_are_copies_only_with_the_same_pictures(markdown: str) -> None:
    one = replace(ARTICLE, markdown=markdown)
    other = replace(one, images=(replace(ARTICLE.images[0], key="2"),))

    assert print_of(one).twin != print_of(other).twin or not print_of(one).twin


def test_an_article_without_words_and_pictures_has_no_twin() -> None:
    assert print_of(replace(ARTICLE, markdown="", images=())).twin == ""
