"""Articles whose address does not tell which they are: filed, found again, and forgotten by any of their names."""

from pathlib import Path

import pytest

from archive.archive import Wanted
from archive.state import State
from scraper.pipeline.outcome import Result
from scraper.pipeline.run import Run
from scraper.pipeline.waiting import end_named
from tests.scraper.site import (
    WORDS,
    Answer,
    Asked,
    Bench,
    Site,
    address,
    article,
    told,
    tools,
)

ONE = "20261120A01AAA00"
TWO = "20261120A01BBB00"

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


OLD = "https://mp.weixin.qq.com/s/ZyXwVu-123_456789xyzAB"


def moved(to: str) -> bytes:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>微信公众平台</title></head><body>
<div class="weui-msg"><h2 class="weui-msg__title">该公众号已迁移</h2><p>该公众号已迁移至新的账号，原账号已回收。</p>
<a id="js_access" class="weui-btn">访问文章</a></div>
<script>var transferTargetLink = '{to.replace("&amp;", chr(92) + "x26amp;")}';
var transferTargetNickName = '青屿晚报';</script>
</body></html>""".encode()


def test_an_article_whose_account_moved_is_kept_from_where_its_page_leads(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[OLD] = moved(SHORT)
    site[SHORT] = post()

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(OLD)
            assert (outcome.result, outcome.id) == (Result.NEW, POST), outcome.reason
            assert t.archive.id_of(OLD) == t.archive.id_of(SHORT) == POST
            again = await t.collector.collect(OLD)
            assert (again.result, again.id, again.asked) == (Result.SAME, POST, False)
            assert t.rows("select count(*) from articles where gone is not null") == [(0,)]

    bench.run(story)


@pytest.mark.parametrize(
    "to", [OLD, f"{SHORT}?from=1", "https://news.example/1", "javascript:alert(1)", ""]
)
def test_an_account_that_moved_to_nowhere_is_gone(
    bench: Bench, site: Site, tmp_path: Path, to: str
) -> None:
    site[OLD] = moved(to)
    site[SHORT] = moved(OLD)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(OLD)
            assert (outcome.result, outcome.state) == (Result.GONE, State.GONE)
            assert "moved" in outcome.reason and to in outcome.reason
            assert len(site.asked("/s/")) <= 2

    bench.run(story)


def test_where_an_account_moved_to_is_asked_again_when_it_does_not_answer(
    bench: Bench, site: Site, tmp_path: Path
) -> None:
    site[OLD] = moved(SHORT)
    site[SHORT] = Answer(status=500)

    async def story() -> None:
        async with tools(site, tmp_path, workers=bench.workers) as t:
            outcome = await t.collector.collect(OLD)
            assert outcome.result is Result.FAILED
            assert t.rows("select count(*) from captures") == [(0,)]

    bench.run(story)
