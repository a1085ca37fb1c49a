"""Which article an address means, for every family of addresses that qq.com has had."""

import re
from urllib.parse import quote

import pytest

from scraper.errors import NotAnArticle
from scraper.urls import clean, identify
from tests.scraper.addresses import CMS, CODED, LONG, NO_ARTICLES, SAME_ARTICLE


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
