"""Any text means one article, always the same, or is told to mean none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotAnArticle
from scraper.urls import ArticleUrl, clean, identify
from tests.scraper.addresses import CMS, CODED, LONG, NO_ARTICLES, SAME_ARTICLE

HOSTS = [
    "news.qq.com", "new.qq.com", "view.inews.qq.com", "xw.qq.com", "tech.qq.com", "kuaibao.qq.com", "gu.qq.com",
    "mp.weixin.qq.com", "page.om.qq.com", "hb.jjj.qq.com", "post.mp.qq.com", "so.html5.qq.com", "wzq.tenpay.com",
    "qq.com", "a.b.c.qq.com",
]  # fmt: skip


ADDRESS_LIKE = st.one_of(
    st.text(),
    st.sampled_from(SAME_ARTICLE + [address for address, _ in NO_ARTICLES] + [LONG, CODED]),
    st.builds(
        lambda host, path, query, fragment: f"https://{host}/{path}?{query}#{fragment}",
        st.sampled_from(HOSTS),
        st.one_of(
            st.text(),
            st.from_regex(r"(rain/a|omn/[0-9]{8}|a|k|cmsid|s|c/[a-z]+|page|cmsn/[0-9]{8})/.{0,40}"),
            st.from_regex(r"a/(19|20)[0-9]{6}/[0-9]{6}(_[0-9])?\.htm"),
            st.from_regex(r"(rain/a|omn|s|a|cmsid)/20[0-2][0-9]0[1-9]1[0-9][A-Z][0-9A-Z]{5}(00)?"),
        ),
        st.one_of(st.text(), st.from_regex(r"__biz=[A-Za-z0-9=]{4,20}&mid=[0-9]{1,12}&idx=[0-9]&sn=.*")),
        st.one_of(st.just(""), st.text(), st.from_regex(r"/index\?id=SN[0-9]{14}[0-9a-f]*")),
    ),
)  # fmt: skip


def identified(address: str) -> ArticleUrl | None:
    try:
        return identify(address)
    except NotAnArticle as told:
        assert str(told).isprintable()
        return None


@given(ADDRESS_LIKE)
def test_any_text_means_one_article_or_is_told_to_mean_none(address: str) -> None:
    article = identified(address)
    if article is None:
        return
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", article.id)
    assert article.canonical.startswith("https://") and article.canonical.isascii()
    again = identify(article.canonical)
    assert (again.id, again.canonical) == (article.id, article.canonical)
    assert {identify(known).id for known in (*article.aliases, *article.addresses)} == {article.id}


@pytest.mark.parametrize("tail", [",", ",?", ",?f=newdc", ";#p=2", "。?"])
def test_what_a_sentence_puts_after_an_address_is_no_part_of_it(tail: str) -> None:
    address = f"https://news.qq.com/rain/a/{CMS}"

    assert identify(address + tail).id == CMS
    assert clean(clean(f"https://hegu.example/a{tail}")) == clean(f"https://hegu.example/a{tail}")


@given(ADDRESS_LIKE)
def test_an_address_and_the_spelling_it_is_remembered_by_mean_the_same(address: str) -> None:
    remembered = clean(address)
    before, after = identified(address), identified(remembered)
    assert (before and before.id) == (after and after.id)
    assert clean(remembered) == remembered
