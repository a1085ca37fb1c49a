"""Which article an address means, for every family of addresses that qq.com has had."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotAnArticle
from scraper.urls import ArticleUrl, clean, identify

CMS = "20250207A095R800"
CODED = "TEC2016022603402900"
LONG = "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=2650490392&idx=2&sn=0123456789abcdef0123456789abcdef"

SAME_ARTICLE = [
    f"https://news.qq.com/rain/a/{CMS}",
    f"http://news.qq.com/rain/a/{CMS}",
    f"https://new.qq.com/rain/a/{CMS}",
    f"new.qq.com/rain/a/{CMS}",
    f"//new.qq.com/rain/a/{CMS}",
    f"HTTPS://NEWS.QQ.COM/rain/a/{CMS}",
    f"https://news.qq.com:443/rain/a/{CMS}",
    f"https://news.qq.com./rain/a/{CMS}",
    f"https://news.qq.com//rain//a/{CMS}/",
    f"https://news.qq.com/rain/a/{CMS.lower()}",
    "https://news.qq.com/rain/a/20250207A095R8",
    f"https://news.qq.com/rain/a/%32{CMS[1:]}",
    f"https://news.qq.com/rain/a/{CMS}?from=wx&uid=1&openApp=false&web_channel=wap",
    f"https://news.qq.com/rain/a/{CMS}?pgv_ref=aio2015&ptlang=2052#detail",
    f"https://new.qq.com/rain/a/{CMS}&article_type=&dt_element_path=em",
    f"https://view.inews.qq.com/a/{CMS}?#",
    f"https://view.inews.qq.com/a/{CMS}?devid=a&qimei=b&shareto=wx&scene=1",
    f"https://view.inews.qq.com/k/{CMS}?web_channel=wap&openApp=false",
    f"https://view.inews.qq.com/w2/{CMS}",
    f"https://view.inews.qq.com/wxn/{CMS}?refer=nwx&cur_pos=0",
    f"https://inews.qq.com/a/{CMS}",
    f"https://new.qq.com/omn/20250207/{CMS}.html",
    f"https://new.qq.com/omn/20250208/{CMS}.html",
    f"https://new.qq.com/omn/20250207/{CMS}",
    f"https://new.qq.com/omn/{CMS}",
    f"https://new.qq.com/omn/{CMS}.html",
    "https://new.qq.com/omn/20250207/20250207A095R8.html",
    f"https://xw.qq.com/cmsid/{CMS}",
    "https://xw.qq.com/cmsid/20250207A095R8",
    f"https://xw.qq.com/cmsid/20250207A095R8/{CMS}",
    f"https://xw.qq.com/iphone/m/detail/{CMS}",
    f"https://xw.qq.com/amphtml/{CMS}",
    f"https://xw.qq.com/partner/hwbrowser/20250207A095R8/{CMS}?ADTAG=hwb&appid=hwbrowser",
    f"https://xw.qq.com/partner/gdtadf/{CMS}",
    f"https://new.qq.com/cmsn/20250207/{CMS}.html",
    f"https://kuaibao.qq.com/s/{CMS}?refer=spider",
    f"https%3A%2F%2Fnews.qq.com%2Frain%2Fa%2F{CMS}%3Ffrom%3Dwx",
    f"http://kb.qq.com/article.htm?id={CMS}&amp;from=x",
    f"https:\\/\\/news.qq.com\\/rain\\/a\\/{CMS}",
    f"  <https://news.qq.com/rain/a/{CMS}>  ",
    f"\ufeffhttps://news.qq.com/rain/a/{CMS}\n",
    f"https://news.qq.com/rain/a/{CMS}）。",
    f"“https://news.qq.com/rain/a/{CMS}”，",
    f"https://new.qq.com/notfound.htm?uri=http://new.qq.com/omn/20250207/{CMS}.html",
    f"https://c.pc.qq.com/middlem.html?pfurl=https%3A%2F%2Fnews.qq.com%2Frain%2Fa%2F{CMS}&pfuin=1",
    f"https://c.pc.qq.com/middleb.html?pfurl=news.qq.com/rain/a/{CMS}",
    CMS,
    CMS.lower(),
    "20250207A095R8",
]


@pytest.mark.parametrize("address", SAME_ARTICLE)
def test_every_address_of_an_article_means_that_article(address: str) -> None:
    article = identify(address)
    assert (article.id, article.canonical) == (CMS, f"https://news.qq.com/rain/a/{CMS}")
    assert article.addresses[0] == article.canonical
    assert article.given == address


@pytest.mark.parametrize(
    "address",
    [
        "http://tech.qq.com/a/20160226/034029.htm",
        "https://tech.qq.com/a/20160226/034029.html",
        "https://tech.qq.com/a/20160226/034029_1.htm",
        "https://tech.qq.com/a/20160226/034029_all.htm",
        "https://tech.qq.com/a/20160226/034029.htm#p=5",
        "https://tech.qq.com/a/20160226/034029.htm?pgv_ref=aio&pc",
        f"https://xw.qq.com/tech/20160226034029/{CODED}",
        "https://xw.qq.com/c/tech/20160226034029",
        "https://xw.qq.com/a/tech/20160226034029",
        f"https://xw.qq.com/amphtml/20160226034029/{CODED}",
        f"https://new.qq.com/cmsn/TEC20160/{CODED}.html",
        f"https://view.inews.qq.com/a/{CODED}",
        f"https://new.qq.com/rain/a/{CODED}",
        f"https://kuaibao.qq.com/s/{CODED}",
        CODED,
        CODED.lower(),
    ],
)
def test_a_static_page_its_other_pages_and_its_mobile_page_are_one_article(address: str) -> None:
    article = identify(address)
    assert (article.id, article.canonical) == (CODED, "https://tech.qq.com/a/20160226/034029.htm")


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("news", "NEW"), ("finance", "FIN"), ("tech", "TEC"), ("sports", "SPO"), ("ent", "ENT"), ("auto", "AUT"),
        ("edu", "EDU"), ("games", "GAM"), ("digi", "DIG"), ("mil", "MIL"), ("cul", "CUL"), ("fashion", "FAS"),
        ("lady", "LAD"), ("baby", "BAB"), ("astro", "AST"), ("house", "HOU"), ("stock", "STO"), ("money", "MON"),
        ("comic", "COM"), ("society", "SOC"), ("view", "VIE"), ("ly", "LY"), ("foxue", "FOX"),
        ("cd", "CDC"), ("fj", "FJC"), ("cq", "CQC"), ("hb", "HBC"), ("gd", "GDC"), ("zj", "ZJC"), ("ln", "LNC"),
        ("js", "JSC"), ("henan", "HNC"), ("xian", "XAC"), ("hn", "HNN"),
        ("cd.house", "HOU"), ("newhouse", "HOU"), ("sh.auto", "AUT"), ("2016.sports", "BCP"), ("fashion.ent", "FAS"),
    ],
)  # fmt: skip
def test_the_code_of_a_channel_follows_the_rule_of_the_sites_own_script(
    host: str, code: str
) -> None:
    page = f"https://{host}.qq.com/a/20160226/034029.htm"
    mobile = f"https://xw.qq.com/{host.replace('.', '_')}/20160226034029/{code}2016022603402900"
    assert identify(page).id == identify(mobile).id == f"{code}2016022603402900"
    assert identify(page).canonical == page


@pytest.mark.parametrize("host", ["hb.jjj", "tj.jjj", "bj.jjj"])
def test_channels_without_a_code_keep_their_name_in_the_id(host: str) -> None:
    channel = host.replace(".", "_")
    article = identify(f"https://{host}.qq.com/a/20160226/034029.htm")
    assert article.id == f"{channel}-20160226034029"
    mobile = identify(f"https://xw.qq.com/{channel}/20160226034029/2016022603402900")
    assert (mobile.id, mobile.canonical) == (article.id, article.canonical)


@pytest.mark.parametrize(
    ("address", "known", "canonical"),
    [
        ("https://new.qq.com/cmsn/20180405/20180405012345.html", "20180405012345", None),
        ("https://new.qq.com/cmsn/20180405/20180405012345", "20180405012345", None),
        ("20180405012345", "20180405012345", None),
        ("https://view.inews.qq.com/a/SPO20170216036094KE", "SPO20170216036094KE", None),
        ("https://new.qq.com/cmsn/NEW20180/NEW2018062600277603.html", "NEW2018062600277603",
         "https://view.inews.qq.com/a/NEW2018062600277603"),
        ("https://view.inews.qq.com/w/WXN20190611002025020?refer=nwx&bat_id=1&openid=x", "WXN20190611002025020",
         "https://view.inews.qq.com/w/WXN20190611002025020"),
        ("https://view.inews.qq.com/wxn/WXN201710260336600G1", "WXN201710260336600G1",
         "https://view.inews.qq.com/w/WXN201710260336600G1"),
        ("wxn201710260336600g1", "WXN201710260336600G1", None),
        ("https://xw.qq.com/twentyf/20190127000599/TWF2019012700059900", "TWF2019012700059900", None),
        ("https://news.qq.com/rain/a/20200111AZOTQ200", "20200111AZOTQ200", None),
        ("https://news.qq.com/rain/a/20230912V0AEYL00", "20230912V0AEYL00", None),
        ("https://news.qq.com/rain/a/20230913Q06P9U00", "20230913Q06P9U00", None),
        ("https://kuaibao.qq.com/s/0123456789ABCDEF?refer=x", "kb-0123456789abcdef", "https://kuaibao.qq.com/s/0123456789abcdef"),
        ("https://page.om.qq.com/page/OAbcdefghij-0123456789_w0?source=omapp&appbar=omapp",
         "om-OAbcdefghij-0123456789_w0",
         "https://page.om.qq.com/page/OAbcdefghij-0123456789_w0"),
        ("https://gu.qq.com/resources/shy/news/detail-v2/index.html?t=1#/index?type=2&id=SN2018111916412183A8EE40",
         "SN2018111916412183a8ee40",
         "https://gu.qq.com/resources/shy/news/detail-v2/index.html#/index?id=SN2018111916412183a8ee40"),
        ("https://wzq.tenpay.com/mp/v1/information/detail.shtml?id=nesSN2025&x=1", "wzq-nesSN2025",
         "https://wzq.tenpay.com/mp/v1/information/detail.shtml?id=nesSN2025"),
        ("https://post.mp.qq.com/kan/article/123456789-12345.html?sig=x", "mp-123456789-12345", None),
        ("https://mp.weixin.qq.com/s/AbCdEf-123_456789xyzAB?scene=1#rd", "wx-AbCdEf-123_456789xyzAB",
         "https://mp.weixin.qq.com/s/AbCdEf-123_456789xyzAB"),
    ],
)  # fmt: skip
def test_the_smaller_families_are_known(address: str, known: str, canonical: str | None) -> None:
    article = identify(address)
    assert article.id == known
    if canonical:
        assert article.canonical == canonical


@pytest.mark.parametrize(
    "address",
    [
        LONG,
        LONG + "&chksm=f3&scene=21&from=timeline#wechat_redirect",
        LONG.replace("&", "&amp;"),
        LONG.replace("&", "&amp;amp;"),
        LONG.replace("&", "\\x26amp;"),
        LONG.replace("&", "\\x26"),
        LONG.replace("==", "%3D%3D"),
        LONG.replace("==", ""),
        LONG.replace("idx=2&", "").replace("sn=", "idx=2&sn="),
        LONG.replace("/s?", "/mp/appmsg/show?").replace("mid=", "appmsgid=").replace("idx=", "itemidx=")
        .replace("sn=", "sign="),
        LONG.replace("https://", "http://"),
        LONG.replace("/s?", "/mp/rumor?action=info&"),
        f"https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=H&target_url={quote(LONG, safe='')}",
    ],
)  # fmt: skip
def test_every_spelling_of_a_long_wechat_address_is_one_article(address: str) -> None:
    article = identify(address)
    assert (article.id, article.canonical) == ("wx-3000000001-2650490392-2", LONG)


def test_a_temporary_wechat_address_keeps_what_makes_it_work_and_nothing_else() -> None:
    address = (
        "https://mp.weixin.qq.com/s?src=11&timestamp=1700000000&ver=5000&signature=ab*c-d=&new=1"
    )
    article = identify(address)
    assert re.fullmatch(r"wx-tmp-[0-9a-f]{20}", article.id)
    assert article.canonical == (
        "https://mp.weixin.qq.com/s?src=11&timestamp=1700000000&ver=5000&signature=ab*c-d%3D"
    )
    assert identify(article.canonical).id == article.id


NO_ARTICLES = [
    ("https://news.qq.com/", "a home page"),
    ("https://www.qq.com", "a home page"),
    ("https://news.qq.com/index.html", "a home page"),
    ("https://news.qq.com/ch/finance/", "a channel list"),
    ("https://new.qq.com/ch2/ent", "a channel list"),
    ("https://new.qq.com/tag/123", "a list"),
    ("https://news.qq.com/search?query=x", "a list"),
    ("https://new.qq.com/rolls/?ext=news", "a list"),
    ("https://new.qq.com/download/", "a download page"),
    ("https://new.qq.com/omn/author/8QMc1n%2Fa?tab=om_video", "an author's page"),
    ("https://xw.qq.com/c/dy/5000/info", "an author's page"),
    ("https://new.qq.com/zt/template/?id=FIN2020070400288400", "a special topic"),
    ("https://new.qq.com/zt2020/page/feiyan.htm", "a special topic"),
    ("https://xw.qq.com/zt/20160226034029/NEW2016022603402900", "a special topic"),
    ("https://news.qq.com/rain/a/UTR2023122500116500", "a special topic"),
    ("UTR2023122500116500", "a special topic"),
    ("https://news.qq.com/rain/a/RLV2023120800271600", "a live broadcast"),
    ("https://new.qq.com/omn/rose.htm?id=SPO2020070400302200", "a live report"),
    ("https://view.inews.qq.com/a/HOT2025020700116500", "a hot event"),
    ("https://view.inews.qq.com/a/TIP2025020700", "the hot list"),
    ("https://gu.qq.com/x#/index?id=LV2023120800271600", "a live broadcast"),
    ("https://v.qq.com/x/page/a0012345678.html", "a video"),
    ("https://v.qq.com/x/cover/mzc/a0012345678.html", "a video"),
    ("https://v.qq.com/txp/iframe/player.html?vid=a0012345678", "a video"),
    ("https://om.qq.com/article/preview?articleId=20250207A095R800", "needs a login"),
    ("https://xw.qq.com/404.html", "gone"),
    ("https://xw.qq.com/c/coral/123", "comments"),
    ("https://www.qq.com/babygohome/?pgv_ref=404", "gone"),
    ("https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz=MzAwMDAwMDAwMQ==", "a WeChat account"),
    ("https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAwMDAwMDAwMQ==&album_id=1", "an album"),
    ("https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==", "no message"),
    ("https://mp.weixin.qq.com/s?__biz=%00%01&mid=1&idx=1", "__biz"),
    ("https://mp.weixin.qq.com/s", "does not say which"),
    (f"https://c.pc.qq.com/middlem.html?pfurl=https://evil.example/rain/a/{CMS}", "evil.example"),
    (f"https://new.qq.com/notfound.htm?uri=https://new.qq.com/notfound.htm?uri=https://new.qq.com/omn/{CMS}",
     "no article of qq.com"),
    (f"https://new.qq.com.evil.example/notfound.htm?uri=https://new.qq.com/omn/{CMS}", "only looks like"),
    ("https://i.news.qq.com/web_feed/getPCList", "under sources"),
    ("https://news.qq.com/rain/a/hello", "is no id"),
    ("https://news.qq.com/rain/a/20251345A095R800", "is no id"),
    ("https://news.qq.com/rain/a/20250207A095R8AA", "is no id"),
    ("https://news.qq.com/a/20169999/034029.htm", "is no id"),
    ("https://news.qq.com/original/essay", "no article of qq.com"),
    ("wx-3000000001-2650490392-2", "give the address"),
    ("hello", "neither an address nor an id"),
    ("", "empty"),
    ("   ", "empty"),
    ("https://example.com/a/20160226/034029.htm", "does not belong to qq.com"),
    # look-alikes and attacks
    (f"https://news.qq.com.evil.example/rain/a/{CMS}", "only looks like"),
    (f"https://newsqq.com/rain/a/{CMS}", "newsqq.com only looks like"),
    (f"https://news-qq.com/rain/a/{CMS}", "only looks like"),
    (f"https://qq.com@evil.example/rain/a/{CMS}", "its host is evil.example"),
    (f"https://user:pass@news.qq.com/rain/a/{CMS}", "a user name"),
    (f"https://qq.com\\@evil.example/rain/a/{CMS}", "a backslash"),
    (f"https://evil.example\\.news.qq.com/rain/a/{CMS}", "a backslash"),
    (f"https://evil.example#@news.qq.com/rain/a/{CMS}", "does not belong"),
    (f"https://evil.example/?https://news.qq.com/rain/a/{CMS}", "does not belong"),
    (f"https://news.qq.com。evil.example/rain/a/{CMS}", "not an article"),
    (f"https://news。qq。com/rain/a/{CMS}", "not an article"),
    (f"https://ｎｅｗｓ.qq.com/rain/a/{CMS}", "not an article"),
    (f"https://news.ԛԛ.com/rain/a/{CMS}", "plain letters"),
    (f"https://xn--q-xbba.com/rain/a/{CMS}", "does not belong"),
    ("https://news.qq.com/rain/a/２０２５０２０７A095R800", "is no id"),
    ("https://news.qq.com/rain/a/20250207ſ095R800", "is no id"),
    (f"https://news.qq.com%2eevil.example/rain/a/{CMS}", "no host"),
    (f"https://news.qq.com/rain/a/{CMS}\x00", "invisible"),
    (f"https://news.qq.com/rain\r\n/a/{CMS}", "a space"),
    (f"https://news.qq.com/rain/a/\x1b[31m{CMS}", "invisible"),
    (f"https://news.qq.com/\u202erain/a/{CMS}", "invisible"),
    (f"https://news.qq.com/rain/\ud800a/{CMS}", "invisible"),
    (f"https://news.qq.com/rain/a/ {CMS}", "a space"),
    (f"https://[::1]/rain/a/{CMS}", "not an article"),
    (f"https://[::1/rain/a/{CMS}", "no web address"),
    (f"https://news.qq.com:99999999/rain/a/{CMS}", "no web address"),
    (f"https://127.0.0.1/rain/a/{CMS}", "does not belong"),
    (f"https:///rain/a/{CMS}", "no host"),
    (f"https:news.qq.com/rain/a/{CMS}", "no web address"),
    ("file:///etc/passwd", "file: is no web address"),
    ("javascript:alert(1)", "javascript: is no web address"),
    ("data:text/html,x", "data: is no web address"),
    (f"ftp://news.qq.com/rain/a/{CMS}", "ftp: is no web address"),
    (f"https://news.qq.com/rain/a/{CMS}?{'x' * 2048}", "longer than 2048"),
    ("https://" + "a" * 64 + ".qq.com/rain/a/" + CMS, "no host"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "because"), NO_ARTICLES)
def test_what_is_no_article_is_told_by_name(address: str, because: str) -> None:
    with pytest.raises(NotAnArticle) as told:
        identify(address)
    assert because in str(told.value)
    assert told.value.reason.startswith("not an article, because ")


@pytest.mark.parametrize(("address", "_because"), NO_ARTICLES)
def test_a_refused_address_is_safe_to_print(address: str, _because: str) -> None:
    with pytest.raises(NotAnArticle) as told:
        identify(address)
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 600


def test_gone_at_one_address_is_not_gone_at_another_only_where_stores_differ() -> None:
    assert identify(CMS).one_source
    assert not identify(CODED).one_source
    assert identify(f"https://new.qq.com/omn/20250207/{CMS}.html").addresses == (
        f"https://news.qq.com/rain/a/{CMS}",
        f"https://new.qq.com/omn/20250207/{CMS}.html",
        f"https://view.inews.qq.com/a/{CMS}",
    )


def test_only_hosts_of_the_site_are_ever_asked() -> None:
    article = identify(f"https://anything.qq.com/rain/a/{CMS}")
    assert all("anything" not in address for address in article.addresses)


@pytest.mark.parametrize(
    ("address", "remembered"),
    [
        (f"http://View.inews.qq.com/a/{CMS}?from=x#y", f"https://view.inews.qq.com/a/{CMS}"),
        (f"https://new.qq.com/rain/a/{CMS}&article_type=", f"https://new.qq.com/rain/a/{CMS}"),
        ("http://tech.qq.com/a/20160226/034029_1.htm", "https://tech.qq.com/a/20160226/034029.htm"),
        ("http://News.qq.com/ch/tech?page=2&utm_source=x#top", "https://news.qq.com/ch/tech?page=2"),
        ("https://mp.weixin.qq.com/s/AbCdEf-123_456789xyzAB?scene=1", "https://mp.weixin.qq.com/s/AbCdEf-123_456789xyzAB"),
        ("no address at all", "no address at all"),
    ],
)  # fmt: skip
def test_an_address_is_remembered_without_what_only_says_who_shared_it(
    address: str, remembered: str
) -> None:
    assert clean(address) == remembered
    assert clean(remembered) == remembered


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
