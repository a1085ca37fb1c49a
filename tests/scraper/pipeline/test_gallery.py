"""An old gallery, whose page leaves its pictures to a script file: both are asked, and are one article."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.state import State
from scraper.pipeline.outcome import Result
from tests.scraper.site import Answer, Bench, Site, picture, tools

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "pages"
PAGE = (FIXTURES / "static--gallery-page.html").read_bytes()
PICTURES = (FIXTURES / "gallery--pictures-and-captions.js").read_bytes()

ADDRESS = "https://news.qq.com/a/20141005/004363.htm"
ELSEWHERE = "https://news.qq.com/a/20141005/004363.hdBigPic.js"
ID = "NEW2014100500436300"
LARGE = "https://news.qq.com/a/20151224/060317.htm"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().serving() as site:
        site[ADDRESS] = PAGE
        site[ELSEWHERE] = Answer(body=PICTURES, kind="application/x-javascript")
        for name in ("100200001", "100200002"):
            site[f"https://img1.gtimg.com/news/pics/hv1/1/1/1/{name}.jpg"] = picture(name)
        yield site


def test_a_gallery_is_kept_with_the_facts_of_its_page_and_all_its_pictures(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(ADDRESS)

            assert (outcome.result, outcome.id, outcome.images) == (Result.NEW, ID, 2)
            assert outcome.path is not None
            text = (tmp_path / outcome.path).read_text("utf-8")
            assert 'title: "十张照片看云溪"' in text
            assert "云溪科技报" in text and "2016-10-14" in text
            assert "天刚亮，第一班渡船离岸。" in text and "夜里，灯笼照着最后一班。" in text
            assert "渡口今年修了**三次**" in text
            assert "点击看图" not in text
            states = t.archive.database.execute("select state from captures where id = ?", (ID,))
            assert sorted(state for (state,) in states) == ["gallery", "ok"]

            again = await t.collector.collect(ADDRESS, again=True)
            assert again.result is Result.SAME

    bench.run(story)
    assert site.asked("004363")[:2] == [ADDRESS, ELSEWHERE]


def test_a_gallery_whose_page_has_no_body_is_kept_with_all_its_pictures_too(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[LARGE] = (FIXTURES / "static--gallery-in-large-pictures.html").read_bytes()
    site[LARGE.replace(".htm", ".hdBigPic.js")] = Answer(
        body=PICTURES, kind="application/x-javascript"
    )

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(LARGE)

            assert (outcome.result, outcome.images) == (Result.NEW, 2)
            assert outcome.path is not None
            text = (tmp_path / outcome.path).read_text("utf-8")
            assert 'title: "高清：云溪渡口的最后一年"' in text
            assert "云溪报" in text and "沈渡" in text and "2015-12-24" in text
            assert "天刚亮，第一班渡船离岸。" in text

    bench.run(story)


def test_the_pictures_are_found_under_their_older_name_too(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    older = ELSEWHERE.replace(".hdBigPic.js", ".hdPic.js")
    site[ELSEWHERE] = Answer(status=404)
    site[older] = Answer(body=PICTURES, kind="application/x-javascript")

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(ADDRESS)

            assert (outcome.result, outcome.images) == (Result.NEW, 2)

    bench.run(story)
    assert site.asked("004363")[:3] == [ADDRESS, ELSEWHERE, older]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(status=404), Result.OTHER),
        (Answer(body=b"var nothing = 1;", kind="application/x-javascript"), Result.OTHER),
        (Answer(body=b"\x89PNG", kind="image/png"), Result.OTHER),
        (Answer(status=502), Result.FAILED),
    ],
    ids=["not there", "no gallery", "a picture", "may come back"],
)
def test_a_gallery_whose_pictures_are_not_to_be_had_is_noted_as_one_unless_they_may_come_back(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, result: Result
) -> None:
    site[ELSEWHERE] = answer

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(ADDRESS)

            assert outcome.result is result
            noted = t.archive.database.execute(
                "select state, rule from captures where id = ?", (ID,)
            )
            if result is Result.OTHER:
                ((state, rule),) = noted.fetchall()
                assert State(state) is State.GALLERY and ELSEWHERE in rule
            else:
                assert noted.fetchall() == []

    bench.run(story)
