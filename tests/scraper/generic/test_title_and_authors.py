"""Headline, medium and author of a page whose layout nobody has written."""

from datetime import datetime

import pytest

from tests.scraper.generic.reading import SENTENCE, read


@pytest.mark.parametrize("title", ["渡口重开", "渡口停航三十年，又开了？", "“船”来了：渡口重开"])
def test_a_headline_is_found_whatever_marks_it_has_and_left_out_as_often_as_it_is_shown(
    title: str,
) -> None:
    bar = f"<div><div>{title}</div><span>分享</span></div>"
    news = f"<div><h1>{title}</h1><div>{title}</div>{f'<p>{SENTENCE}</p>' * 2}</div>"

    found = read(f"<title>{title}_河谷网</title><body>{bar}{news}")

    assert found.title == title
    assert found.body
    assert found.body.markdown == f"{SENTENCE}\n\n{SENTENCE}"


def test_a_title_shorter_than_the_names_behind_it_is_found_and_the_time_below_it() -> None:
    found = read(
        "<title>渡口昨天重开_国内新闻_新闻_河谷网</title><body><table><tr><td><b>渡口昨天重开</b></td></tr>"
        f"<tr><td>2005年04月20日10:12　河谷报</td></tr><tr><td><p>{SENTENCE}</p><p>{SENTENCE}</p></td></tr></table>"
    )

    assert found.title == "渡口昨天重开"
    assert found.published
    assert found.published.isoformat() == "2005-04-20T10:12:00+08:00"


def test_a_page_for_phones_whose_title_only_names_the_site_shows_its_own_in_large_letters() -> None:
    page = f"<title>天天快报</title><body><h1>渡口重开</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>"

    assert read(page).title == "渡口重开"


def test_a_page_that_is_its_title_alone_is_read() -> None:
    assert read("<title>渡口重开</title><body>渡口重开").title == "渡口重开"


def test_on_qq_com_the_author_that_the_head_names_is_the_medium() -> None:
    page = (
        '<head><meta property="article:author" content="青石观察">'
        f'<meta property="og:site_name" content="腾讯网"></head><body><p>{SENTENCE}</p></body>'
    )

    at_qq, elsewhere = read(page, "https://news.qq.com/rain/a/20260305A01ABC00"), read(page)

    assert (at_qq.outlet, at_qq.author) == ("青石观察", "")
    assert (elsewhere.outlet, elsewhere.author) == ("腾讯网", "青石观察")


def test_headline_and_byline_are_facts_and_no_text() -> None:
    page = (
        "<title>渡口重开 三十年来第一次_要闻_河谷网</title>"
        "<body><div class='content'><h1>渡口重开 三十年来第一次</h1>"
        "<div>2025-06-01 08:30 来源：<a href='/s'>河谷晚报</a> 作者：何小川</div>"
        f"{f'<p>{SENTENCE}</p>' * 3}</div></body>"
    )

    found = read(page)

    assert found.title == "渡口重开 三十年来第一次"
    assert found.published == datetime.fromisoformat("2025-06-01T08:30:00+08:00")
    assert (found.outlet, found.author) == ("河谷晚报", "何小川")
    assert found.body
    assert found.body.markdown == "\n\n".join([SENTENCE] * 3)


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("桥下的灯_要闻_河谷网", "桥下的灯"),
        ("桥下的灯-河谷网", "桥下的灯"),
        ("桥下的灯——一个人的三十年", "桥下的灯——一个人的三十年"),
        ("A lamp under the bridge | Valley News", "A lamp under the bridge"),
        ("2-1！山前村队晋级", "2-1！山前村队晋级"),
        ("", ""),
    ],
)
def test_a_title_loses_the_name_of_the_site_and_nothing_else(stated: str, title: str) -> None:
    assert read(f"<title>{stated}</title><body><p>{SENTENCE}</p></body>").title == title


def test_an_author_that_is_the_site_or_a_number_is_nobody() -> None:
    page = '<meta name="author" content="105464"><meta property="og:site_name" content="河谷网">'
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "河谷网"}}</script>'

    assert read(f"<head>{page}{data}</head><body><p>{SENTENCE}</p></body>").author == ""


PERSON = '<script type="application/ld+json">{"@graph": [{"@type": "Person", "name": "Ada Bell"}]}</script>'


@pytest.mark.parametrize(
    "stated",
    [
        f'{PERSON}<meta name="author" content="Ada Bell">',
        '<meta name="author" content="Ada Bell"><h1>The ferry is back</h1><p>By Ada Bell</p>',
        '<meta property="author" content="Ada Bell">',
        '<meta property="author" content="By Ada Bell, Valley News">',
        '<p class="author-name">By <a href="/ada">Ada Bell</a></p>',
        '<p><span itemprop="author" itemscope><i itemprop="name">Ada Bell</i>, reporter</span></p>',
        '<p itemprop="author">Ada Bell</p><div class="comment"><p itemprop="author">Mary Poe</p></div>',
    ],
)
def test_an_author_is_found_where_places_agree_or_none_disagrees(stated: str) -> None:
    head = '<title>The ferry is back</title><meta property="og:site_name" content="Valley News">'

    assert read(f"{head}{stated}<p>{SENTENCE * 3}</p>").author == "Ada Bell"


@pytest.mark.parametrize(
    "stated",
    [
        '<meta name="author" content="Ada Bell">',
        f'{PERSON}<meta name="author" content="Valley News">',
        '<meta name="author" content="何小川"><h1>渡口重开</h1><p>责任编辑：何小川</p>',
        '<p class="author-name">河谷必读</p>',
        f'{PERSON}<meta name="author" content="Ada Bell"><h1>渡口重开</h1><p>By Mary Poe</p>',
        '<meta itemprop="author" content="Ada Bell"><p class="top-byline">By <a href="/m">Mary Poe</a></p>',
        '<p itemprop="author">Guest</p>',
        '<p itemprop="author">The Ferry Team</p>',
        '<p itemprop="author">Valley Sport</p>',
        '<p itemprop="author">Boats Ferry.org</p>',
        '<p class="author-name">Updated June 1, 2025</p>',
        '<p itemprop="author">Ada Bell</p><p itemprop="author">Mary Poe</p>',
        '<div id="comments"><p itemprop="author">Ada Bell</p></div>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"@type": "Organization", "name": '
        '"Ferry Friends"}}</script>',
    ],
)
def test_who_may_be_a_site_a_guest_or_an_editor_is_nobody(stated: str) -> None:
    head = '<title>渡口重开</title><meta property="og:site_name" content="Valley News">'

    assert read(f"{head}{stated}<p>{SENTENCE * 3}</p>").author == ""


@pytest.mark.parametrize(
    ("byline", "outlet", "author"),
    [
        ("来源：证券日报作者：李在山", "证券日报", "李在山"),
        ("2019-08-13 14:07来源：澎湃号·政务", "澎湃号·政务", ""),
        ("来源：河谷经济报道(云溪)", "河谷经济报道", ""),
        ("来源：本站原创", "", ""),
        ("【文/河谷网专栏作者 王文】", "", "王文"),
        ("作者：《河谷企业家》记者 林涛", "", "林涛"),
        ("作者：网络整理", "", ""),
        ("作者：河谷", "", ""),
    ],
)
def test_a_byline_is_read_word_by_word(byline: str, outlet: str, author: str) -> None:
    head = "<title>渡口重开_河谷新闻</title>"
    found = read(f"{head}<body><h1>渡口重开</h1><p>{byline}</p><p>{SENTENCE * 3}</p></body>")

    assert (found.outlet, found.author) == (outlet, author)
