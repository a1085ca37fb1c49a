"""What the addresses of qq.com mean, family by family.  Pure.

A family is a function from an `Address` to what it found, or None when the address is not of that family.  `FAMILIES`
is tried in order; what an address is that belongs to none stands in `other_pages`.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from scraper.urls import ids
from scraper.urls.address import Address
from scraper.urls.ids import Known, OtherKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article's id and canonical address, and the plain spelling of the address that told them."""

    family: str
    known: Known
    spelled: str


Family = Callable[[Address], Found | None]

_INEWS = ("view.inews.qq.com", "inews.qq.com", "r.inews.qq.com")
_ELSEWHERE = frozenset(
    ["v.qq.com", "mp.weixin.qq.com", "weixin.qq.com", "gu.qq.com", "xw.qq.com", "kuaibao.qq.com", "kb.qq.com",
     "page.om.qq.com", "om.qq.com", "view.inews.qq.com", "inews.qq.com", "r.inews.qq.com", "post.mp.qq.com",
     "blog.qq.com", "mail.qq.com", "qzone.qq.com", "user.qzone.qq.com", "i.news.qq.com", "coral.qq.com"]
)  # fmt: skip
"""Hosts of qq.com that are no news channel: a path like `/a/DAY/NUMBER.htm` there is something else."""


def cms(address: Address) -> Found | None:
    """`/rain/a/ID` and `/omn/[DAY/]ID[.html]`, on whatever host of qq.com; the day may differ from the id's."""
    if not address.at("qq.com"):
        return None
    path = _untailed(address.path)
    if found := re.fullmatch(r"/rain/a/([^/]+?)(?:\.html?)?", path):
        family, spelled = "rain", "https://{host}/rain/a/{id}"
    elif found := re.fullmatch(r"/omn/(?:[0-9]{8}/)?([^/]+?)(?:\.html?)?", path):
        family, spelled = "omn", "https://{host}" + path.replace(found[1], "{id}")
    else:
        return None
    if "{" in found[1] or "}" in found[1]:
        return None
    return _with_id(address, family, found[1], spelled)


def inews(address: Address) -> Found | None:
    """`view.inews.qq.com/{a,k,w,w2,wxn}/ID`: the page the apps share, `w` and `wxn` those of WeChat's news plugin."""
    if address.host not in _INEWS:
        return None
    if found := re.fullmatch(r"/(a|k|w|w2|wxn|s)/([^/]+?)(?:\.html?)?", _untailed(address.path)):
        return _with_id(address, "inews", found[2], f"https://{{host}}/{found[1]}/{{id}}")
    return None


def mobile(address: Address) -> Found | None:
    """`xw.qq.com`: the mobile site of 2013 to 2022, with its pages for search engines and for other makers' browsers.

    `xw.qq.com/amphtml/20181228007102/STO2018122800710200` is what a page of 2018 names in `<link rel="amphtml">`;
    `/partner/hwbrowser/20190731A0HV99/20190731A0HV9900` is how a phone's own browser shared one.
    """
    if address.host != "xw.qq.com":
        return None
    path = _untailed(address.path)
    found = re.fullmatch(r"/(cmsid|a)/([^/]+?)(?:\.html?)?(?:/[^/]+)?", path)
    if found and (
        simple := _with_id(address, "xw", found[2], f"https://{{host}}/{found[1]}/{{id}}")
    ):
        return simple
    found = re.fullmatch(r"/(?:amphtml|partner/[a-z0-9_]+)/(?:[^/]+/)?([^/]+?)(?:\.html?)?", path)
    if found and (known := ids.known(found[1])):
        return Found(family="xw", known=known, spelled=f"https://xw.qq.com{path}")
    if found := re.fullmatch(r"/([a-z]+)/m/detail/([^/]+?)(?:\.html?)?", path):
        return _with_id(address, "xw", found[2], f"https://{{host}}/{found[1]}/m/detail/{{id}}")
    if found := re.fullmatch(r"/(?:c/|a/)?([a-z0-9_]+)/([0-9]{8})([0-9]{6})(?:/([^/]+?))?", path):
        channel, day, number, article = found.groups()
        if channel == "zt":
            raise OtherKind("it is a special topic")
        if channel in ("coral", "dy"):
            return None
        guessed = ids.static(channel, day, number)
        told = ids.known(article) if article else None
        best = guessed if guessed and (not told or told.id == guessed.id) else told
        if best:
            return Found(family="xw", known=best, spelled=f"https://xw.qq.com{path}")
    return None


def kuaibao(address: Address) -> Found | None:
    """`kuaibao.qq.com/s/ID`: a reader app closed in 2020; its ids are the content system's, or 16 hex digits."""
    if address.host == "kuaibao.qq.com":
        found = re.fullmatch(r"/s/([^/]+?)(?:\.html?)?", _untailed(address.path))
        text = found[1] if found else ""
    elif address.host == "kb.qq.com":
        text = address.query.get("id", "") if address.path == "/article.htm" else ""
    else:
        return None
    if not text:
        return None
    if known := ids.known(text) or ids.hexadecimal(text):
        bare = known.id.removeprefix("kb-")
        return Found(family="kuaibao", known=known, spelled=f"https://kuaibao.qq.com/s/{bare}")
    return None


def numbered(address: Address) -> Found | None:
    """`new.qq.com/cmsn/DAY/DAYNUMBER[.html]`: in-house articles of 2018 and 2019.

    Those of a channel have its id there: `/cmsn/NEW20180/NEW2018062600277603.html`.
    """
    if not address.at("qq.com"):
        return None
    path = _untailed(address.path)
    if found := re.fullmatch(r"/cmsn/(?:[0-9]{8}/)?([0-9]{8})([0-9]{6})(?:00)?(?:\.html?)?", path):
        known = ids.numbered(found[1], found[2])
        return Found(family="cmsn", known=known, spelled=known.canonical) if known else None
    found = re.fullmatch(r"/cmsn/(?:[^/]+/)?([^/]+?)(?:\.html?)?", path)
    known = ids.known(found[1]) if found else None
    if not known:
        return None
    return Found(family="cmsn", known=known, spelled=f"https://{address.host}{path}")


def static(address: Address) -> Found | None:
    """`{channel}.qq.com/a/DAY/NUMBER[_PAGE].htm`: the pages of 2004 to 2019; all pages of one article are it."""
    if not address.host.endswith(".qq.com") or address.host in _ELSEWHERE:
        return None
    found = re.fullmatch(
        r"/a/([0-9]{8})/([0-9]{6})(?:_[0-9a-z]+)?\.s?html?", _untailed(address.path)
    )
    channel = address.host.removesuffix(".qq.com").replace(".", "_")
    known = ids.static(channel, found[1], found[2]) if found else None
    if not known:
        return None
    return Found(family="static", known=known, spelled=known.canonical)


def penguin(address: Address) -> Found | None:
    """`page.om.qq.com/page/TOKEN`: an article of a Penguin account."""
    if address.host != "page.om.qq.com":
        return None
    found = re.fullmatch(r"/page/([^/]+)", _untailed(address.path))
    known = ids.penguin(found[1]) if found else None
    return Found(family="om", known=known, spelled=known.canonical) if known else None


def wechat(address: Address) -> Found | None:
    """`mp.weixin.qq.com/s`: short, long and temporary addresses of WeChat articles.

    `/mp/rumor` is where the script of an article leads that WeChat calls untrue.
    """
    if address.host != "mp.weixin.qq.com":
        return None
    query = {name.removeprefix("amp;"): value for name, value in address.query.items()}
    if found := re.fullmatch(r"/s/([^/]+)", _untailed(address.path)):
        known = ids.wechat_short(found[1])
        return Found(family="wechat", known=known, spelled=known.canonical) if known else None
    if address.path not in ("/s", "/mp/appmsg/show", "/mp/rumor"):
        return None
    if len(query) == 1:
        raise OtherKind(
            "it ends where a shell cuts an address, before its first &: put it in quotes"
        )
    if query.get("__biz"):
        return _wechat_long(query)
    if query.get("signature") and query.get("timestamp"):
        kept = {name: query[name] for name in _TEMPORARY if query.get(name)}
        page = "https://mp.weixin.qq.com/s?" + urlencode(kept, safe="*")
        digest = hashlib.sha256(urlencode(kept).encode()).hexdigest()[:20]
        return Found(family="wechat", known=Known(f"wx-tmp-{digest}", page), spelled=page)
    return None


_TEMPORARY = ("src", "timestamp", "ver", "signature")


def _wechat_long(query: dict[str, str]) -> Found | None:
    biz = query["__biz"].replace(" ", "+")
    account = _account_of(biz)
    message = query.get("mid") or query.get("appmsgid") or ""
    position = query.get("idx") or query.get("itemidx") or "1"
    signature = query.get("sn") or query.get("sign") or ""
    if not account:
        raise OtherKind("its __biz is not that of a WeChat account")
    if not re.fullmatch(r"[0-9]{1,19}", message, re.ASCII):
        raise OtherKind("it names a WeChat account but no message of it")
    if not re.fullmatch(r"[0-9]{1,2}", position, re.ASCII):
        raise OtherKind("its idx is no position in a WeChat message")
    signed = f"&sn={signature.lower()}" if re.fullmatch(r"[0-9A-Fa-f]{8,64}", signature) else ""
    padded = base64.b64encode(account.encode()).decode()
    page = f"https://mp.weixin.qq.com/s?__biz={padded}&mid={message}&idx={position}{signed}"
    known = Known(f"wx-{account}-{message}-{int(position)}", page)
    return Found(family="wechat", known=known, spelled=page)


def _account_of(biz: str) -> str:
    """The account's number, which `__biz` is in base64; empty when it is not."""
    try:
        number = base64.b64decode(
            biz.rstrip("=") + "=" * (-len(biz.rstrip("=")) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        return ""
    text = number.decode("ascii", errors="replace")
    return text if re.fullmatch(r"[0-9]{5,20}", text, re.ASCII) else ""


def stock(address: Address) -> Found | None:
    """Tencent's stock news: `gu.qq.com/…#/index?…&id=SN…`, where the fragment carries the id, and the 7×24 flashes."""
    if address.host == "wzq.tenpay.com":
        text = address.query.get("id", "")
        if address.path.endswith("/information/detail.shtml") and _plain_token(text):
            page = f"https://wzq.tenpay.com/mp/v1/information/detail.shtml?id={text}"
            return Found(family="wzq", known=Known(f"wzq-{text}", page), spelled=page)
        return None
    if address.host != "gu.qq.com":
        return None
    inside = re.search(r"(?:^|[?&])id=([A-Za-z0-9]+)", address.fragment, re.ASCII)
    text = inside[1] if inside else address.query.get("id", "")
    known = ids.known(text) if text[:2].upper() in ("SN", "LV", "ZT") else None
    return Found(family="gu", known=known, spelled=known.canonical) if known else None


def elsewhere(address: Address) -> Found | None:
    """Posts of QQ public accounts, and the copies that the QQ browser serves."""
    if address.host == "post.mp.qq.com":
        found = re.fullmatch(r"/(?:kan|group)/article/([A-Za-z0-9_-]{4,70})\.html?", address.path)
        if found:
            page = f"https://post.mp.qq.com{address.path}"
            return Found(family="post", known=Known(f"mp-{found[1]}", page), spelled=page)
    if address.host == "so.html5.qq.com" and address.path == "/page/real/search_news":
        text = address.query.get("docid", "")
        if _plain_token(text):
            page = f"https://so.html5.qq.com/page/real/search_news?docid={text}"
            return Found(family="html5", known=Known(f"qb-{text}", page), spelled=page)
    return None


FAMILIES: tuple[Family, ...] = (
    cms, inews, mobile, kuaibao, numbered, static, penguin, wechat, stock, elsewhere,
)  # fmt: skip


def _with_id(address: Address, family: str, text: str, spelled: str) -> Found | None:
    known = ids.known(text)
    if not known or known.id.startswith("SN"):
        return None
    spelling = spelled.format(host=address.host, id=known.id)
    return Found(family=family, known=known, spelled=spelling)


def _untailed(path: str) -> str:
    """The path without parameters glued to it: `/rain/a/ID&article_type=` stands in real pages."""
    return re.split(r"[&;]", path, maxsplit=1)[0].rstrip("/")


def _plain_token(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{4,70}", text, re.ASCII))
