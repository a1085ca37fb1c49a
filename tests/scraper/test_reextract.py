"""Today's reading of a kept page against the kept one: which has more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.article import Article, Image
from archive.state import State
from scraper.pipeline.reextract import Judged, compare
from scraper.reading import Reading

KEPT = Article(
    id="20261120A05LKQ00",
    url="https://news.qq.com/rain/a/20261120A05LKQ00",
    title="石桥修好了",
    markdown="望潮桥重新通行。" * 20 + "\n\n![](https://inews.gtimg.com/om_bt/x/0)",
    images=(
        Image(
            url="https://inews.gtimg.com/om_bt/x/0",
            renditions=("https://inews.gtimg.com/om_bt/x/0",),
            key="x",
        ),
    ),
    outlet="青屿晚报",
    published=datetime(2026, 11, 20, tzinfo=UTC),
)


def judged(today: Article | None, state: State = State.OK) -> tuple[Judged, str]:
    found = compare(KEPT.id, KEPT, Reading(state=state, rule="a rule", article=today))
    return found.judged, "; ".join(found.reasons)


def test_the_same_reading_is_the_same() -> None:
    assert judged(KEPT) == (Judged.SAME, "")


@pytest.mark.parametrize(
    ("today", "reason"),
    [
        (
            replace(KEPT, markdown=KEPT.markdown.replace("望潮桥重新通行。", "", 5)),
            "text 160 → 120 characters",
        ),
        (replace(KEPT, images=()), "pictures 1 → 0"),
        (replace(KEPT, outlet=""), "outlet lost"),
        (replace(KEPT, outlet="", tags=("桥",)), "outlet lost"),
    ],
)
def test_less_of_anything_is_worse_even_with_more_of_something_else(
    today: Article, reason: str
) -> None:
    assert judged(today) == (Judged.WORSE, reason)


@pytest.mark.parametrize(
    ("today", "reason"),
    [
        (replace(KEPT, tags=("桥",)), "tags found"),
        (replace(KEPT, outlet="青屿日报"), "outlet differs"),
        (replace(KEPT, markdown="一句新的话。\n\n" + KEPT.markdown), "text 160 → 167 characters"),
        (
            replace(KEPT, markdown=KEPT.markdown.replace("望潮桥", "**望潮桥**")),
            "written otherwise",
        ),
    ],
)
def test_more_or_other_is_better(today: Article, reason: str) -> None:
    assert judged(today) == (Judged.BETTER, reason)


def test_an_article_that_no_longer_reads_as_one_is_worse() -> None:
    assert judged(None, State.THIN) == (Judged.WORSE, "reads as thin: a rule")
