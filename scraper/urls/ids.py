"""The ids by which qq.com knows its articles, and the canonical address of each.  Pure.

    20250207A095R800        an article of the content system: day, letter, five characters, 00
    TEC2016022603402900     an article of {channel}.qq.com/a/20160226/034029.htm, as its mobile page calls it
    20180405012345          an article of new.qq.com/cmsn, whose channel the address does not tell
    WXN20190611002025020    what WeChat's news plugin pushed: only its page tells which article it is
    wx-3012345678-2650-1    a WeChat article: account, message, position   (wx-TOKEN when only its short form is known)
    om-O3yau…               an article of a Penguin account; kb-, SN…, mp-, qb-, wzq-: smaller families

An id is a file name: `[A-Za-z0-9_-]`, at most 80 characters.
"""

import re
from dataclasses import dataclass

_CMS = re.compile(r"([0-9]{8}[A-Z][0-9A-Z]{5})(?:00)?", re.ASCII | re.IGNORECASE)
_CODED = re.compile(r"([A-Z]{2,3})([0-9]{8})([0-9]{6})([0-9A-Z]{2})", re.ASCII | re.IGNORECASE)
_CODELESS = re.compile(r"((?:hb|tj|bj)_jjj)-([0-9]{8})([0-9]{6})", re.ASCII)
_PUSHED = re.compile(r"WXN([0-9]{8})[0-9A-Z]{9}", re.ASCII | re.IGNORECASE)
_NUMBERED = re.compile(r"([0-9]{8})([0-9]{6})", re.ASCII)
_HEX = re.compile(r"(?:kb-)?([0-9a-f]{16})", re.ASCII | re.IGNORECASE)
_OM = re.compile(r"(?:om-)?(O[A-Za-z0-9_-]{20,40})", re.ASCII)
_STOCK = re.compile(r"(SN)([0-9]{14}[0-9a-f]{0,32})", re.ASCII | re.IGNORECASE)
_WECHAT = re.compile(r"wx-([A-Za-z0-9_-]{10,64})", re.ASCII)
_WECHAT_LONG = re.compile(r"wx-[0-9]+-[0-9]+-[0-9]+|wx-tmp-[0-9a-f]+", re.ASCII)

_OTHER_KINDS = {
    "UTR": "it is a special topic",
    "ZT": "it is a special topic",
    "RLV": "it is a live broadcast",
    "LV": "it is a live broadcast",
    "TIP": "it is the explanatory head of the hot list",
    "HOT": "it is the page of a hot event, which lists articles",
}
_OTHER = re.compile(rf"({'|'.join(_OTHER_KINDS)})[0-9][0-9A-Z]{{5,31}}", re.ASCII | re.IGNORECASE)

_CITIES = frozenset({"cd", "fj", "cq", "hb", "gd", "zj", "ln", "js"})
_CODELESS_HOSTS = frozenset({"hb_jjj", "tj_jjj", "bj_jjj"})
_CHANNELS = (
    "news", "finance", "tech", "sports", "ent", "auto", "edu", "games", "digi", "mil", "cul", "fashion", "lady", "baby",
    "astro", "house", "stock", "money", "comic", "society", "view", "ly", "foxue",
    "cd", "fj", "cq", "hb", "gd", "zj", "ln", "js", "henan", "xian", "hn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """An id and the address by which its article is asked for first."""

    id: str
    canonical: str


class OtherKind(Exception):
    """The id is that of something else than an article; the message says of what."""


def channel_code(channel: str) -> str:
    """The letters that stand for a channel in the ids of its articles; empty for the three that have none.

    The rule is the redirect to the mobile page in the inline script of pages of 2016 to 2019.  channel: the labels of
    the host before `qq.com`, joined by `_`.

    >>> channel_code("tech"), channel_code("hn"), channel_code("cd_house"), channel_code("hb_jjj")
    ('TEC', 'HNN', 'HOU', '')
    """
    if channel in _CODELESS_HOSTS:
        return ""
    if "2016" in channel:
        return "BCP"
    if "house" in channel:
        return "HOU"
    if "auto" in channel:
        return "AUT"
    if channel in _CITIES:
        return channel.upper() + "C"
    if "henan" in channel:
        return "HNC"
    if "xian" in channel:
        return "XAC"
    if channel == "hn":
        return "HNN"
    if channel == "twentyf":
        return "TWF"  # xw.qq.com/twentyf/20190127000599/TWF2019012700059900, linked from a page of 2019
    first, _, second = channel.partition("_")
    return (first + second if len(first) < 3 else first)[:3].upper()


_HOSTS = {channel_code(channel): channel for channel in _CHANNELS}


def static(channel: str, day: str, number: str) -> Known | None:
    """The article of `{channel}.qq.com/a/{day}/{number}.htm`; None for a day that is none or a host without a code."""
    code = channel_code(channel)
    if not _is_day(day) or not (code.isalpha() or not code) or not 0 < len(channel) <= 60:
        return None
    if not code and channel not in _CODELESS_HOSTS:
        return None
    known = f"{code}{day}{number}00" if code else f"{channel}-{day}{number}"
    return Known(known, _static_page(channel, day, number))


def known(text: str) -> Known | None:
    """What an id, in any of its forms, stands for; None when it is no id.  Raises OtherKind.

    >>> known("20250207a095r8")
    Known(id='20250207A095R800', canonical='https://news.qq.com/rain/a/20250207A095R800')
    """
    if found := _CMS.fullmatch(text):
        article = found[1].upper() + "00"
        if not _is_day(article[:8]):
            return None
        return Known(article, f"https://news.qq.com/rain/a/{article}")
    if found := _OTHER.fullmatch(text):
        raise OtherKind(_OTHER_KINDS[found[1].upper()])
    if found := _CODED.fullmatch(text):
        return _coded(found[1].upper(), found[2], found[3], found[4].upper())
    if (found := _PUSHED.fullmatch(text)) and _is_day(found[1]):
        return Known(text.upper(), f"https://view.inews.qq.com/w/{text.upper()}")
    if found := _STOCK.fullmatch(text):
        stock = "SN" + found[2].lower()
        page = "https://gu.qq.com/resources/shy/news/detail-v2/index.html"
        return Known(stock, f"{page}#/index?id={stock}")
    return None


def named(text: str) -> Known | None:
    """As `known`, for a bare id handed in instead of an address, with the families whose ids carry a prefix.

    Raises OtherKind also for WeChat ids, which do not tell their address.
    """
    if found := _NUMBERED.fullmatch(text):
        return numbered(found[1], found[2])
    if found := _CODELESS.fullmatch(text):
        return static(found[1], found[2], found[3])
    if _WECHAT_LONG.fullmatch(text):
        raise OtherKind("a WeChat id does not tell its address; give the address")
    if found := _WECHAT.fullmatch(text):
        return wechat_short(found[1])
    if found := _OM.fullmatch(text):
        return penguin(found[1])
    return known(text) or hexadecimal(text)


def numbered(day: str, number: str) -> Known | None:
    """The in-house article of 2018 and 2019 whose address tells no channel."""
    if not _is_day(day):
        return None
    return Known(f"{day}{number}", f"https://new.qq.com/cmsn/{day}/{day}{number}.html")


def hexadecimal(text: str) -> Known | None:
    """The sixteen hexadecimal digits of an old Kuaibao share."""
    if not (found := _HEX.fullmatch(text)):
        return None
    return Known(f"kb-{found[1].lower()}", f"https://kuaibao.qq.com/s/{found[1].lower()}")


def penguin(token: str) -> Known | None:
    """The article of a Penguin account; its token (`O3yauEIx2l-9WrUkHgQgRUBw0`) cannot be turned into another id."""
    if not (found := _OM.fullmatch(token)):
        return None
    return Known(f"om-{found[1]}", f"https://page.om.qq.com/page/{found[1]}")


def wechat_short(token: str) -> Known | None:
    """The WeChat article behind a short address; only its page tells account and message."""
    if not _WECHAT.fullmatch(f"wx-{token}"):
        return None
    return Known(f"wx-{token}", f"https://mp.weixin.qq.com/s/{token}")


def second_look(article: str) -> tuple[str, ...]:
    """Where the content system may still show an article that its canonical address does not."""
    if _CMS.fullmatch(article) or _CODED.fullmatch(article):
        return (f"https://view.inews.qq.com/a/{article}",)
    return ()


def same_page(article: str) -> bool:
    """Whether every address of this article shows what the content system holds, so that gone is gone everywhere."""
    return bool(_CMS.fullmatch(article))


def _coded(code: str, day: str, number: str, tail: str) -> Known | None:
    if not _is_day(day):
        return None
    article = f"{code}{day}{number}{tail}"
    if tail == "00" and code in _HOSTS:
        return Known(article, _static_page(_HOSTS[code], day, number))
    return Known(article, f"https://view.inews.qq.com/a/{article}")


def _static_page(channel: str, day: str, number: str) -> str:
    return f"https://{channel.replace('_', '.')}.qq.com/a/{day}/{number}.htm"


def _is_day(digits: str) -> bool:
    return (
        "1998" <= digits[:4] <= "2099"
        and "01" <= digits[4:6] <= "12"
        and "01" <= digits[6:8] <= "31"
    )
