"""A page that was saved from the Wayback Machine is read as the page it shows."""

from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from scraper.extract import extract
from scraper.replayed import as_sent

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAGE = """<html><head>{head}<title>渡口的钟_新闻_腾讯网</title></head><body>{toolbar}
<div id="C-Main-Article-QQ"><div class="hd"><h1>渡口的钟</h1><span class="article-time">2014-03-08 09:12</span></div>
<div id="Cnt-Main-Article-QQ"><p>渡口的钟每天慢四分钟，摆渡人照着它开船，岸上的人照着<a href="{to}http://news.qq.com/a/20140301/000007.htm">船</a>对表。</p>
<p><img src="{shows}http://img1.gtimg.com/news/pics/hv1/1/2/3/4.jpg"></p></div></div>
<script>ARTICLE_INFO = window.ARTICLE_INFO || {{
article_url: '{escaped}http:\\/\\/news.qq.com\\/a\\/20140308\\/004512.htm' }}</script>
{below}</body></html>"""
TOOLBAR = (
    '<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id="wm-ipp-base"><img src="//web-static.archive.org/_static/logo.png">'
    '<a href="/web/">12 captures</a></div>'
    "<!-- END WAYBACK TOOLBAR INSERT -->"
)
SENT = PAGE.format(head="", toolbar="", to="", shows="", escaped="", below="")


def capture(body: str, url: str = "file:///page.html") -> Capture:
    return Capture(url=url, at=AT, body=body.encode(), origin="file")


@pytest.mark.parametrize("host", ["https://web.archive.org", "//web.archive.org", ""])
@pytest.mark.parametrize(
    ("head", "toolbar", "below"),
    [
        ("<!-- End Wayback Rewrite JS Include -->", TOOLBAR, ""),
        ('<script src="//archive.org/includes/analytics.js"></script>', "", "<!--\n FILE ARCHIVED ON 3:04:05 -->"),
    ],
    ids=["shown in a browser", "without its toolbar"],
)  # fmt: skip
def test_what_the_wayback_machine_shows_is_read_as_the_site_sent_it(
    host: str, head: str, toolbar: str, below: str
) -> None:
    shown = PAGE.format(
        head=head,
        toolbar=toolbar,
        to=f"{host}/web/20140309010203/",
        shows=f"{host}/web/20140309010203im_/",
        escaped=f"{host}/web/20140309010203/".replace("/", "\\/"),
        below=below,
    )

    found, wanted = extract(capture(shown)), extract(capture(SENT))

    assert found == wanted
    assert found.article
    assert found.article.id == "NEW2014030800451200"


def test_a_page_that_leads_to_the_archive_in_its_text_leads_there_still() -> None:
    address = "https://web.archive.org/web/20140309010203/http://news.qq.com/"
    page = capture(SENT.replace("http://news.qq.com/a/20140301/000007.htm", address))

    assert as_sent(page) is page


def test_a_toolbar_without_an_end_takes_nothing_with_it() -> None:
    begun = "<!-- End Wayback Rewrite JS Include --><!-- BEGIN WAYBACK TOOLBAR INSERT -->"
    page = capture(SENT.replace("<head>", f"<head>{begun}"))

    assert extract(page) == extract(capture(SENT))
