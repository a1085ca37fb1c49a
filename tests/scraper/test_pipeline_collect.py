"""One article, from its address to the archive: over real sockets, into real files."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.state import State
from scraper.pictures import PictureSettings
from scraper.pipeline.outcome import Result
from scraper.pipeline.run import Run
from scraper.pipeline.waiting import end_named
from scraper.worker.pool import Workers
from scraper.worker.settings import WorkerSettings
from tests.scraper.site import (
    BABYGOHOME,
    WORDS,
    Answer,
    Asked,
    Bench,
    Clock,
    Site,
    address,
    article,
    held,
    jpeg,
    network,
    picture,
    picture_address,
    token,
    told,
    tools,
    validated,
)

ONE = "20261120A01AAA00"
TWO = "20261120A01BBB00"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().serving() as site:
        yield site


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def illustrate(site: Site, *names: str) -> tuple[str, ...]:
    for name in names:
        for size in ("0", "1000", "641"):
            site[picture_address(name, size)] = picture(name)
    return tuple(token(name) for name in names)


# A good page.


def test_an_article_goes_in_and_markdown_with_its_pictures_comes_out(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=illustrate(site, "a", "b"))

    async def story() -> None:
        async with tools(site, tmp_path / "archive", workers=bench.workers) as t:
            outcome = await t.collector.collect(f"https://view.inews.qq.com/a/{ONE}?from=wx")
            assert (outcome.result, outcome.id, outcome.state) == (Result.NEW, ONE, State.OK)
            assert (outcome.images, outcome.missing) == (2, 0)
            assert outcome.path is not None
            text = (t.archive.root / outcome.path).read_text("utf-8")
            assert all(line in text for line in WORDS)
            assert text.count("](../../../images/") == 2
            assert len(list(t.archive.root.glob("images/*/*.jpg"))) == 2
            known = f"https://view.inews.qq.com/a/{ONE}"
            assert t.archive.id_of(known) == t.archive.id_of(address(ONE)) == ONE

    bench.run(story)
    assert site.asked("/rain/a/") == [address(ONE)]


def test_an_article_looked_at_lately_is_not_asked_for_again_by_any_address(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            before = len(site.log)
            for other in (address(ONE), f"https://new.qq.com/omn/20261120/{ONE}.html", ONE[:14]):
                outcome = await t.collector.collect(other)
                assert (outcome.result, outcome.id, outcome.asked) == (Result.SAME, ONE, False)
            assert len(site.log) == before
            assert t.archive.id_of(f"https://new.qq.com/omn/20261120/{ONE}.html") == ONE

    bench.run(story)


def test_an_unchanged_article_costs_one_conditional_request(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = validated(article(ONE))

    async def story() -> None:
        clock = Clock()
        async with tools(site, tmp_path, workers=bench.workers, clock=clock) as t:
            await t.collector.collect(address(ONE))
            clock.pass_by(hours=2)
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.result, outcome.reason) == (Result.SAME, "not modified")
            assert site.log[-1].headers["if-none-match"] == '"one"'
            assert t.fetcher.cost.total.unchanged == 1
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.revision == 1
            # Looked at now: fresh again.
            assert not (await t.collector.collect(address(ONE))).asked

    bench.run(story)


def test_a_changed_article_is_revised_and_the_earlier_text_is_kept(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    changed = (*WORDS, "后记：第二天，雾更大了，渡船停开一天。")
    site[address(ONE)] = [Answer(body=article(ONE)), Answer(body=article(ONE, lines=changed))]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(ONE), again=True)
            assert outcome.result is Result.REVISED
            assert outcome.path is not None
            assert "后记" in (tmp_path / outcome.path).read_text("utf-8")
            (earlier,) = tmp_path.glob(f"revisions/**/{ONE}/*.md")
            assert "后记" not in earlier.read_text("utf-8")

    bench.run(story)


def test_the_same_words_under_another_id_are_a_copy_and_cost_no_pictures(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    tokens = illustrate(site, "a")
    site[address(ONE)] = article(ONE, tokens=tokens)
    site[address(TWO)] = article(TWO, tokens=illustrate(site, "b"), title="另一家的题目")

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(TWO))
            assert (outcome.result, outcome.copy_of) == (Result.COPY, ONE)
            assert outcome.title == "另一家的题目"

    bench.run(story)
    assert not site.asked(token("b"))


def test_two_addresses_of_one_article_at_once_are_one_request(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = held(Answer(body=article(ONE)), 0.1)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            given = (address(ONE), f"https://view.inews.qq.com/a/{ONE}", ONE)
            outcomes = await asyncio.gather(*(t.collector.collect(one) for one in given))
            assert sorted(outcome.result for outcome in outcomes) == ["new", "same", "same"]

    bench.run(story)
    assert len(site.asked("/a/")) == 1


# Pages that are no article.

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


# Pictures.


def test_a_rendition_that_is_not_there_is_taken_in_the_next_size(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("a"),))
    site[picture_address("a", "641")] = picture()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.images, outcome.missing) == (1, 0)

    bench.run(story)
    assert site.asked(token("a"))[0] == picture_address("a", "0")
    assert site.asked(token("a"))[-1] == picture_address("a", "641")


def test_a_picture_that_came_damaged_is_asked_for_once_more(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    whole = jpeg()
    site[address(ONE)] = article(ONE, tokens=(token("a"),))
    half = Answer(body=whole[: len(whole) // 2], kind="image/jpeg")
    site[picture_address("a", "0")] = [half, Answer(body=whole, kind="image/jpeg")]

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await t.collector.collect(address(ONE))).images == 1

    bench.run(story)
    assert site.asked(token("a")) == [picture_address("a", "0")] * 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=404), "HTTP 404"),
        (Answer(body=b"<html>403", kind="image/jpeg"), "an HTML page"),
        (Answer(body=jpeg()[:500], kind="image/jpeg"), "damaged JPG"),
        (Answer(status=500), "HTTP 500"),
    ],
)
def test_a_picture_that_cannot_be_had_keeps_its_web_address_and_costs_nothing_else(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, why: str
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("bad"), *illustrate(site, "good")))
    for size in ("0", "1000", "641"):
        site[picture_address("bad", size)] = answer

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.result, outcome.images, outcome.missing) == (Result.NEW, 1, 1)
            assert outcome.path is not None
            text = (tmp_path / outcome.path).read_text("utf-8")
            assert f"](https://inews.gtimg.com/om_bt/{token('bad')}/" in text
            assert why in text  # the front matter says why
            ((lacking, url, _),) = t.archive.wanting(10)
            assert lacking == ONE and token("bad") in url
            # Later it is there: it comes without the page being asked again.
            for size in ("0", "1000", "641"):
                site[picture_address("bad", size)] = picture("late")
            pages_before = len(site.asked("/rain/a/"))
            assert await t.collector.pictures.again(ONE, [url]) == 1
            assert not t.archive.wanting(10)
            assert len(site.asked("/rain/a/")) == pages_before
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.revision == 1
            assert "https://inews.gtimg.com/om_bt/" not in _body(tmp_path / outcome.path)

    bench.run(story)


def _body(path: Path) -> str:
    return path.read_text("utf-8").split("\n---\n", 1)[1]


def test_an_unchanged_article_gets_the_pictures_it_lacked(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("a"),))

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            assert (await t.collector.collect(address(ONE))).missing == 1
            illustrate(site, "a")
            outcome = await t.collector.collect(address(ONE), again=True)
            assert (outcome.result, outcome.images, outcome.missing) == (Result.SAME, 1, 0)

    bench.run(story)


def test_a_picture_the_archive_has_is_not_asked_for_again(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    tokens = illustrate(site, "a")
    site[address(ONE)] = article(ONE, tokens=tokens)
    site[address(TWO)] = article(TWO, tokens=tokens, lines=told(TWO, 2))

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(TWO))
            assert (outcome.result, outcome.images) == (Result.NEW, 1)

    bench.run(story)
    assert len(site.asked(token("a"))) == 1


def test_an_article_does_not_wait_for_a_picture_longer_than_it_is_told(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=(token("slow"), *illustrate(site, "good")))
    for size in ("0", "1000", "641"):
        site[picture_address("slow", size)] = held(picture(), 5)

    async def story() -> None:
        async with tools(
            site, tmp_path, workers=bench.workers, pictures=PictureSettings(time=0.6)
        ) as t:
            outcome = await asyncio.wait_for(t.collector.collect(address(ONE)), 3)
            assert (outcome.images, outcome.missing) == (1, 1)
            assert outcome.path is not None
            assert "not there after 600ms" in (tmp_path / outcome.path).read_text("utf-8")

    bench.run(story)


def test_a_page_full_of_pictures_asks_for_as_many_as_an_article_may_have(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    names = tuple(f"p{n}" for n in range(60))
    site[address(ONE)] = article(ONE, tokens=illustrate(site, *names))

    async def story() -> None:
        settings = PictureSettings(per_article=25, time=30)
        async with tools(site, tmp_path, workers=bench.workers, pictures=settings) as t:
            outcome = await t.collector.collect(address(ONE))
            assert (outcome.images, outcome.missing) == (25, 35)

    bench.run(story)
    assert len(site.asked("om_bt")) == 25


def test_an_article_may_not_bring_more_bytes_of_pictures_than_it_is_told(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    names = tuple(f"p{n}" for n in range(12))
    site[address(ONE)] = article(ONE, tokens=illustrate(site, *names))
    largest = 3 * max(len(jpeg(name)) for name in names) + 100

    async def story() -> None:
        settings = PictureSettings(article_size=largest, time=30)
        async with tools(site, tmp_path, workers=bench.workers, pictures=settings) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.images + outcome.missing == 12
            assert 3 <= outcome.images <= 4
            kept = sum(path.stat().st_size for path in tmp_path.glob("images/*/*"))
            assert kept <= largest

    bench.run(story)


def test_pictures_stay_on_the_web_when_they_are_not_wanted(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[address(ONE)] = article(ONE, tokens=illustrate(site, "a"))

    async def story() -> None:
        async with tools(
            site, tmp_path, workers=bench.workers, pictures=PictureSettings(download=False)
        ) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.result is Result.NEW

    bench.run(story)
    assert not site.asked("om_bt")


# The network.


def test_a_host_that_does_not_answer_is_a_failure_with_a_reason(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    async def story() -> None:
        nowhere = replace(network(1), connect_to=("::127.0.0.1:1",))
        async with tools(site, tmp_path, workers=bench.workers, settings=nowhere) as t:
            outcome = await t.collector.collect(address(ONE))
            assert outcome.result is Result.FAILED
            assert "refused" in outcome.reason
            assert t.archive.kept(ONE) is None

    bench.run(story)


@pytest.mark.parametrize(
    ("answer", "queued"),
    [
        (Answer(status=500), {"failed": 1}),
        (Answer(status=567), {"pending": 1}),
        (Answer(status=429, headers={"Retry-After": "7200"}), {"failed": 1}),
        (Answer(body=b"<!DOCTYPE html><title>x</title><p>hello"), {"failed": 1}),
        (Answer(status=404), {"done": 1}),
        (Answer(body=article(ONE)), {"done": 1}),
    ],
)
def test_what_failed_by_hand_waits_in_the_queue_for_a_run(
    bench: Bench, site: Site, tmp_path: Path, answer: Answer, queued: dict[str, int]
) -> None:
    for url in (address(ONE), f"https://view.inews.qq.com/a/{ONE}"):
        site[url] = answer

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(ONE, source="add")
            assert outcome.canonical == address(ONE)
            stays = end_named(t.archive, outcome, now=t.clock())
            assert bool(stays) is (queued != {"done": 1})
            assert t.archive.queue.counts() == queued
            refused = await t.collector.collect("https://news.qq.com/ch/tech")
            assert not end_named(t.archive, refused, now=t.clock())

    bench.run(story)


SHORT = "https://mp.weixin.qq.com/s/AbCdEf-123_456789xyzAB"
LONG = "http://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&amp;mid=2650490392&amp;idx=2&amp;sn=0123456789abcdef0123456789abcdef"
POST = "wx-3000000001-2650490392-2"
"""A post of WeChat: its short address, the lasting one that only its page tells, and its id."""


def post() -> bytes:
    body = "".join(f"<p>{line}</p>" for line in WORDS)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title></title>
<meta property="og:title" content="渡船晚点">
<meta property="og:url" content="{LONG}">
<link rel="stylesheet" href="//res.wx.qq.com/mmbizappmsg/zh_CN/style.css"></head>
<body id="activity-detail"><h1 id="activity-name">渡船晚点</h1><a id="js_name">青屿晚报</a>
<div class="rich_media_content" id="js_content" style="visibility: hidden;">{body}</div>
<script>var msg_title = '渡船晚点'; var ct = "1763600000"; var nickname = "青屿晚报";
var msg_link = "{LONG.replace("&amp;", chr(92) + "x26amp;")}";</script></body></html>""".encode()


def test_a_wechat_article_is_filed_under_its_account_and_its_short_address_is_remembered(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[SHORT] = post()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(SHORT)
            assert (outcome.result, outcome.id) == (Result.NEW, POST), outcome.reason
            assert t.archive.id_of(SHORT) == POST
            for other in (SHORT, LONG):
                again = await t.collector.collect(other)
                assert (again.result, again.id, again.asked) == (Result.SAME, POST, False)

    bench.run(story)


def test_an_add_that_was_killed_leaves_nothing_waiting_once_it_is_repeated(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    """Killed after the article was kept, and before its short address had left the queue."""
    site[SHORT] = post()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(SHORT, source="add")
            t.archive.queue.recover()
            assert t.archive.queue.counts() == {"pending": 1}

            again = await t.collector.collect(SHORT, source="add")
            end_named(t.archive, again, now=t.clock())

            assert again.asked is False
            assert t.archive.queue.counts() == {"done": 1}

    bench.run(story)


def test_what_was_forgotten_comes_back_by_no_other_address_unless_a_person_names_it(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[SHORT] = post()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            await t.collector.collect(SHORT)
            t.archive.forget(POST)

            t.archive.queue.add(
                [Wanted(id="wx-AbCdEf-123_456789xyzAB", url=SHORT, source="a list")]
            )
            summary = await Run(t.archive, t.fetcher, t.collector, clock=t.clock).run([])

            assert summary.results == {Result.OTHER: 1}
            assert t.archive.kept(POST) is None
            assert t.archive.queue.counts() == {"done": 1}

            named = await t.collector.collect(SHORT, source="add")
            assert (named.result, named.id) == (Result.NEW, POST)
            assert (await t.collector.collect(SHORT, unless_forgotten=True)).result is Result.SAME

    bench.run(story)


def test_an_answer_is_asked_for_by_name_and_not_by_what_the_page_claims(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    """A page that calls itself another article leaves that other article alone."""
    site[address(ONE)] = article(ONE)
    imitation = article(ONE, lines=told(ONE, 1))

    def pretend(_: Asked) -> Answer:
        return Answer(body=imitation)

    site[address(TWO)] = pretend
    site[f"https://view.inews.qq.com/a/{TWO}"] = pretend

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            first = await t.collector.collect(address(ONE))
            outcome = await t.collector.collect(address(TWO))
            assert (outcome.result, outcome.state) == (Result.UNREADABLE, State.ERROR)
            kept = t.archive.kept(ONE)
            assert kept is not None and kept.revision == 1
            assert first.path is not None
            assert WORDS[0] in (tmp_path / first.path).read_text("utf-8")

    bench.run(story)
