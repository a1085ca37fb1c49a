"""Where the article stands on a page whose layout nobody has written, and what beside it is none of it.

`expected_containers.tsv` tells for real Chinese news pages of 2010 to 2023 in which element their article stands;
pages with lists of other articles inside that element are not in it.
"""

import pytest

from archive.capture import Capture
from scraper.layouts import generic
from scraper.layouts.generic.names import Name, name_of
from scraper.page import Page
from tests.benchmarks.extraction_quality import Sample, chinese_news, magic_html
from tests.corpus import needs_corpus
from tests.likeness import shingle_f1, token_f1
from tests.scraper.generic.reading import AT, SENTENCE, read, text_of


@needs_corpus
def test_chinese_pages_are_read_better_than_by_the_best_general_tool() -> None:
    """newspaper4k 0.9.6 reaches 0.973 and 0.969 on these pages, the others less (the benchmark prints the table)."""
    samples: list[Sample] = list(magic_html(chinese=True))
    texts = [(text_of(sample.body), sample.truth) for sample in samples]

    assert sum(token_f1(found, truth) for found, truth in texts) / len(texts) >= 0.98
    assert sum(shingle_f1(found, truth) for found, truth in texts) / len(texts) >= 0.97


@needs_corpus
def test_pages_in_other_languages_are_read_as_well_as_by_general_tools() -> None:
    """readability-lxml reaches 0.834, trafilatura 2.3.1 0.816."""
    samples = list(magic_html(chinese=False))

    assert (
        sum(token_f1(text_of(sample.body), sample.truth) for sample in samples) / len(samples)
        >= 0.87
    )


@needs_corpus
def test_the_article_is_found_where_it_stands() -> None:
    """Nearly all of it and hardly anything else: bylines and lists of links inside the element may go."""
    found = {sample.name: token_f1(text_of(sample.body), sample.truth) for sample in chinese_news()}

    assert len(found) > 60
    assert {page: score for page, score in found.items() if score < 0.9} == {}
    assert sum(found.values()) / len(found) >= 0.985


@pytest.mark.parametrize(
    ("tag", "classes", "identifier", "named"),
    [
        ("div", "article-content", None, Name.MAIN),
        ("article", None, None, Name.MAIN),
        ("div", "TRS_Editor", None, Name.MAIN),
        ("div", None, "artibody", Name.MAIN),
        ("div", "comment-list", None, Name.CHROME),
        ("div", "relatedNews", None, Name.CHROME),
        ("div", "entry-content has-sidebar", None, Name.MAIN),
        ("div", "content-with-sidebar-wrap", None, Name.NOTHING),
        ("div", "share_bar", None, Name.SIDE),
        ("div", "topNav", None, Name.SIDE),
        ("div", "header", None, Name.NOTHING),
        ("div", "shareholders", None, Name.NOTHING),
        ("div", "social-media-embed", None, Name.NOTHING),
        ("h2", None, "why-we-share-more", Name.NOTHING),
        ("div", "relative", None, Name.NOTHING),
        ("div", None, None, Name.NOTHING),
    ],
)
def test_a_name_is_understood_by_its_words(
    tag: str, classes: str | None, identifier: str | None, named: Name
) -> None:
    assert name_of(tag, {"class": classes, "id": identifier}) is named


def test_a_name_is_not_believed_when_the_article_itself_stands_there() -> None:
    article = f"<p>{SENTENCE}</p>" * 8

    assert "第一班船" in text_of(
        f'<body><div class="share-nav">{article}</div><p>返回首页。</p></body>'
    )


def test_comments_may_be_longer_than_the_news() -> None:
    comments = "<div><p>小时候跟着外婆坐过这条船，船上有鸡有鸭，还有会唱歌的人。</p></div>" * 8
    news = f'<div class="news">{f"<p>{SENTENCE}</p>" * 3}</div>'
    page = f'<body><h1>渡口重开</h1>{news}<div class="comments">{comments}</div>'

    found = text_of(page)

    assert "第一班船" in found
    assert "外婆" not in found


def test_a_list_of_teasers_is_no_article() -> None:
    teasers = f"<li><a href='/1'>客栈重新开张了</a><p>{SENTENCE}</p></li>" * 9
    page = f"<body><div><p>{SENTENCE}</p><p>{SENTENCE[::-1]}</p></div><ul>{teasers}</ul></body>"

    body = read(page).body

    assert body
    assert "客栈" not in body.markdown
    assert body.markdown.count("渡口停航三十年") == 1


def test_pieces_of_an_article_are_put_together_and_what_stands_between_them_is_kept() -> None:
    piece = f"<div class='cell'><div><p>{SENTENCE}</p><p>{SENTENCE}</p></div></div>"
    links = "<div>" + "".join(f"<a href='/{n}'>栏目{n}</a><br>" for n in range(9)) + "</div>"
    page = f"<body><div>{piece}<h3>第二班</h3>{piece}{links}{piece}</div>{links}"

    found = text_of(page)

    assert found.count(SENTENCE) == 6
    assert "第二班" in found
    assert "栏目" not in found


def test_the_article_around_the_headline_is_the_one_however_long_the_others() -> None:
    other = f"<article><h2>别的</h2>{'<p>客栈的主人说，生意不好做，总要有人做。</p>' * 9}</article>"
    page = f"<body><article><h1>渡口重开</h1><p>{SENTENCE * 3}</p></article>{other}{other}"

    assert text_of(page).strip() == SENTENCE * 3


def test_a_row_of_a_table_is_no_chrome_for_its_name_and_a_number_in_it_no_button() -> None:
    rows = "".join(f"<tr class='player-{n}'><td>第{n}名</td><td>3{n}</td></tr>" for n in range(3))
    page = f"<body><div><p>{SENTENCE}</p><table>{rows}</table><p>{SENTENCE}</p></div>"

    assert text_of(page).split()[1:-1] == ["第0名", "30", "第1名", "31", "第2名", "32"]


SHARER = "https://social.example/sharer/sharer.php?u=x"


@pytest.mark.parametrize(
    "chrome",
    [
        "<div><a href='#'>Facebook</a> <a href='#'>Twitter</a> <a href='#'>Google+</a></div>",
        "<div>Share this on WhatsApp</div>",
        "<div><a href='whatsapp://send?text=x'>Zap</a></div>",
        f"<center><a href='whatsapp://send?text=x'>Zap</a> <a href='{SHARER}'>Cara-livro</a></center>",
        "<p><a href='/'>Valley</a> » <a href='/c'>Culture</a> » <b>A lamp under the bridge</b></p>",
        "<p><a href='/'>Valley</a> » <a href='/c'>Culture</a> » <b>A lamp, and who lit it…</b></p>",
        "<div><a href='/'>首页</a> &gt; <a href='/c'>文化</a> &gt; 正文</div>",
    ],
)
def test_links_that_share_a_page_or_lead_to_it_are_none_of_its_text(chrome: str) -> None:
    page = f"<body><div>{chrome}<p>{SENTENCE}</p><p>{SENTENCE}</p></div>"

    assert text_of(page).split() == [SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    "kept",
    [
        "<p><a href='/menu'>View</a> &gt; Columns</p>",
        "<p><a href='https://social.example/ada'>Ada Bell</a></p>",
        "<table><tr><td><a href='#'>Facebook</a> <a href='#'>Twitter</a></td><td>7</td></tr></table>",
    ],
)
def test_links_that_only_look_like_those_are_kept(kept: str) -> None:
    page = f"<body><div>{kept}<p>{SENTENCE}</p><p>{SENTENCE}</p></div>"

    assert text_of(page).split()[:-2] != []


def test_a_chapter_may_be_headed_by_a_number() -> None:
    page = f"<body><div><p>01</p><p>{SENTENCE}</p><p>02</p><p>{SENTENCE}</p><p>分享</p></div>"

    assert text_of(page).split() == ["01", SENTENCE, "02", SENTENCE]


def test_a_block_that_holds_headline_and_text_is_the_article() -> None:
    page = f"<title>渡口重开</title><body><table><tr><td><b>渡口重开</b><br>{SENTENCE}<br>{SENTENCE}</td></tr></table>"

    assert text_of(page).count(SENTENCE) == 2


def test_a_sentence_about_rights_is_no_sign_of_an_article() -> None:
    legal = "<div>" + "<p>本站内容未经书面授权，不得转载、摘编，违者必究。</p>" * 9 + "</div>"
    page = f"<body><div><p>{SENTENCE}</p><p>{SENTENCE}</p></div>{legal}"

    assert "违者" not in text_of(page)


def test_hidden_text_does_not_draw_the_article_to_itself() -> None:
    hidden = f'<div style="display: none">{f"<p>{SENTENCE}</p>" * 30}</div>'
    page = f"<body><div><p>票价两块，和三十年前比，涨了一块八。</p></div>{hidden}</body>"

    assert "票价" in text_of(page)
    assert "第一班船" not in text_of(page)


def test_navigation_in_the_same_box_is_left_out_and_a_paragraph_of_links_kept() -> None:
    menu = "<ul>" + "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(12)) + "</ul>"
    page = f'<body><div class="content">{menu}{f"<p>{SENTENCE}</p>" * 4}<p><a href="/x">原文链接</a></p></div></body>'

    body = read(page).body

    assert body
    assert "栏目" not in body.markdown
    assert "[原文链接](https://news.hegu.example/x)" in body.markdown


def test_a_picture_that_loads_late_is_found_and_an_icon_is_not() -> None:
    page = (
        f"<body><div class='content'><p>{SENTENCE}</p>"
        "<p><img data-original='/boat.jpg' src='data:image/gif;base64,AA'></p>"
        f"<p><img src='/icon.png' width='16' height='16'></p><p>{SENTENCE}</p></div></body>"
    )

    body = read(page).body

    assert body
    assert [image.url for image in body.images] == ["https://news.hegu.example/boat.jpg"]


def test_to_read_a_page_twice_gives_the_same() -> None:
    page = Page(
        Capture(
            url="https://a.example/", at=AT, body=f"<body><h1>渡口</h1><p>{SENTENCE}</p>".encode()
        )
    )

    assert generic.parts(page) == generic.parts(page)
