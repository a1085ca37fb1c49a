"""Pages that are no article: what is kept of them, and where the article is looked for next."""

from pathlib import Path

import pytest

from archive.state import State
from scraper.pipeline.outcome import Result
from scraper.worker.pool import Workers
from scraper.worker.settings import WorkerSettings
from tests.scraper.site import (
    BABYGOHOME,
    Answer,
    Bench,
    Site,
    address,
    article,
    tools,
)

ONE = "20261120A01AAA00"
TWO = "20261120A01BBB00"

CAPTCHA = "<!DOCTYPE html><title>验证</title><div id='TCaptcha'>环境异常，完成验证后即可继续访问。去验证</div>".encode()
NOT_THE_ARTICLE = [
    (Answer(status=404), Result.GONE, State.GONE),
    (Answer(status=302, headers={"Location": BABYGOHOME}), Result.GONE, State.GONE),
    (Answer(body=CAPTCHA), Result.LIMITED, State.CAPTCHA),
    (Answer(status=403, body=b"denied"), Result.BLOCKED, State.BLOCKED),
    (Answer(body=b"<!DOCTYPE html><title>x</title><p>access denied"), Result.BLOCKED, State.BLOCKED),
    (Answer(body=b"<!DOCTYPE html><title>x</title><p>hello"), Result.UNREADABLE, State.THIN),
    (Answer(body=article(TWO)), Result.UNREADABLE, State.ERROR),
    (Answer(status=567, body=b"blocked"), Result.LIMITED, None),
    (Answer(status=500, body=b"oops"), Result.FAILED, None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "result", "state"), NOT_THE_ARTICLE)
def test_a_bad_answer_never_touches_a_good_copy(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, result: Result, state: State | None
) -> None:
    site[address(ONE)] = [Answer(body=article(ONE)), answer]
    site[f"https://view.inews.qq.com/a/{ONE}"] = answer

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            good = await t.collector.collect(address(ONE))
            assert good.path is not None
            before = (tmp_path / good.path).read_bytes()
            outcome = await t.collector.collect(address(ONE), again=True)
            assert (outcome.result, outcome.state) == (result, state), outcome.reason
            assert not outcome.kept
            assert outcome.reason
            assert (tmp_path / good.path).read_bytes() == before
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.revision == 1
            assert t.archive.kept(TWO) is None

    bench.run(story)


def test_a_withdrawn_article_is_recorded_with_the_answer_as_evidence(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    gone = Answer(status=302, headers={"Location": BABYGOHOME})
    site[address(ONE)] = [Answer(body=article(ONE)), gone]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(ONE), again=True)
            assert "babygohome" in outcome.reason
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.state == "gone"
            (evidence,) = t.rows("select status from captures where state = 'gone'")
            assert evidence[0] == 302
            again = await t.collector.collect(address(ONE))
            assert (again.result, again.asked) == (Result.GONE, False)

    bench.run(story)
    assert not site.asked("babygohome")


def test_a_thin_page_is_looked_for_at_the_articles_next_address(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = b"<!DOCTYPE html><title>x</title><p>access denied"
    site[f"https://view.inews.qq.com/a/{ONE}"] = article(ONE)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.result, outcome.id) == (Result.NEW, ONE)

    bench.run(story)


def test_an_article_of_a_closed_channel_is_looked_for_where_apps_show_it(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    known = "TEC2016022603402900"
    site["https://tech.qq.com/a/20160226/034029.htm"] = Answer(status=502)
    site[f"https://view.inews.qq.com/a/{known}"] = article(known)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect("http://tech.qq.com/a/20160226/034029_2.htm")
            assert (outcome.result, outcome.id) == (Result.NEW, known), outcome.reason

    bench.run(story)


@pytest.mark.parametrize("elsewhere", [Answer(status=404), Answer(body=b"<html><title>x</title>")])
def test_an_article_whose_own_host_does_not_answer_is_not_gone_because_another_knows_nothing_of_it(
    bench: Bench, site: Site, tmp_path: Path, elsewhere: Answer
) -> None:
    known = "TEC2016022603402900"
    site["https://tech.qq.com/a/20160226/034029.htm"] = Answer(status=502)
    site[f"https://view.inews.qq.com/a/{known}"] = elsewhere

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect("http://tech.qq.com/a/20160226/034029.htm")
            assert (outcome.result, outcome.id) == (Result.FAILED, known)
            assert "HTTP 502" in outcome.reason
            assert t.archive.kept(known) is None

    bench.run(story)


def test_gone_is_gone_at_every_window_of_the_same_store(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(f"https://view.inews.qq.com/a/{ONE}")
            assert outcome.result is Result.GONE

    bench.run(story)
    assert len(site.asked(ONE)) == 1


def test_a_redirect_to_another_address_of_the_article_is_the_article(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    old = "https://tech.qq.com/a/20160226/034029.htm"
    site[old] = Answer(status=301, headers={"Location": address(ONE)})
    site[address(ONE)] = article(ONE)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(old)
            assert (outcome.result, outcome.id) == (Result.NEW, ONE), outcome.reason
            assert t.archive.id_of(old) == ONE
            again = await t.collector.collect(old)
            assert (again.result, again.id, again.asked) == (Result.SAME, ONE, False)

    bench.run(story)


def test_a_page_that_kills_its_reader_is_kept_as_evidence_and_the_next_is_read(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">"
    site[address(TWO)] = article(TWO)

    async def story() -> None:
        async with (
            Workers(WorkerSettings(page_time=0.4)) as hasty,
            tools(site, tmp_path, workers=hasty) as t,
        ):
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.result, outcome.state) == (Result.FAILED, State.ERROR)
            assert "took longer than 400ms" in outcome.reason
            assert len(t.rows(f"select 1 from captures where id = '{ONE}'")) == 1
            assert (await t.collector.collect(address(TWO))).result is Result.NEW

    bench.run(story)


@pytest.mark.parametrize(
    "given",
    ["https://news.qq.com/ch/tech", "https://news.qq.com.evil.example/rain/a/" + ONE, "file:///etc/passwd", ""],
)  # fmt: skip
def test_what_is_no_article_is_not_asked(
    bench: Bench, site: Site, tmp_path: Path, given: str
) -> None:
    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(given)
            assert (outcome.result, outcome.asked) == (Result.REFUSED, False)
            assert outcome.reason.startswith("not an article, because")

    bench.run(story)
    assert site.log == []
