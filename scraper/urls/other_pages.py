"""What addresses of qq.com mean that are no article's.  Pure.

carried       the address that one carries which only stands before an article
other_kind    what an address is instead of an article's
"""

import re

from scraper.urls.address import Address
from scraper.urls.ids import OtherKind


def carried(address: Address) -> str:
    """The address inside that of a page which only stands before an article; empty for any other.

    People copy them from the address bar: what QQ shows before it opens a link, what WeChat asks whether one is human,
    and where new.qq.com leads for an article that it does not have.
    """
    for host, path, name in _STANDING_BEFORE:
        if address.host == host and re.fullmatch(path, address.path):
            return address.query.get(name, "")
    return ""


_STANDING_BEFORE = (
    ("c.pc.qq.com", r"/middle[bm]\.html", "pfurl"),
    ("mp.weixin.qq.com", r"/mp/wappoc_appmsgcaptcha", "target_url"),
    ("new.qq.com", r"/notfound\.htm", "uri"),
)


def other_kind(address: Address) -> str:
    """What is wrong with an address that belongs to no family, as the end of a sentence that begins "because".

    Raises OtherKind for that of a page which the site has.
    """
    if "." not in address.host:
        return "it is neither an address nor an id of qq.com"
    if not address.at("qq.com"):
        if "qq.com" in address.host or "qq.com" in address.host.replace("-", "."):
            return f"{address.host} only looks like a host of qq.com"
        return f"{address.host} does not belong to qq.com"
    for host, path, because in _OTHER_PAGES:
        if (not host or address.at(*host.split())) and re.match(path, address.path):
            raise OtherKind(because)
    if re.match(_WITH_ID, address.path):
        return "what stands where the id belongs is no id"
    if address.path == "/" or re.fullmatch(r"/(?:index|default)\.\w+", address.path):
        raise OtherKind("it is a home page")
    return "the address has the form of no article of qq.com"


_WITH_ID = r"/rain/a/|/(?:omn|a|k|w|w2|wxn|s|cmsid|cmsn|amphtml)/."

_OTHER_PAGES = (
    ("v.qq.com", r"/(?:x|txp|detail|cover|page|live)/", "it is a video"),
    ("v.qq.com", r"/", "it is a page of the video site"),
    ("om.qq.com", r"/article/preview", "it is an author's preview, which needs a login"),
    ("om.qq.com", r"/userAuth|/$", "it is the authors' back office"),
    ("mp.weixin.qq.com", r"/mp/appmsgalbum", "it is an album that lists WeChat articles"),
    ("mp.weixin.qq.com", r"/mp/(?:profile_ext|homepage)", "it is the page of a WeChat account"),
    ("mp.weixin.qq.com", r"/(?:s|mp/appmsg/show)$", "it does not say which WeChat article it is"),
    ("mp.weixin.qq.com", r"/", "it is a service page of WeChat"),
    ("i.news.qq.com r.inews.qq.com", r"/", "it is a list for programs; put it under sources"),
    ("xw.qq.com", r"/404\.html", "it is the page for articles that are gone"),
    ("xw.qq.com", r"/c/coral/", "it is a page of comments"),
    ("xw.qq.com", r"/c/dy/", "it is an author's page"),
    ("xw.qq.com", r"/m/rose", "it is a live report"),
    ("xw.qq.com", r"/(?:m|zt)(?:/|$)", "it is a list of the mobile site"),
    ("coral.qq.com", r"/", "it is a page of comments"),
    ("", r"/omn/author/", "it is an author's page, which lists articles; put it under sources"),
    ("", r"/omn/rose", "it is a live report"),
    ("", r"/zt(?:\d*)?(?:/|$)", "it is a special topic"),
    ("", r"/ch2?(?:/|$)", "it is a channel list"),
    ("", r"/(?:tag|search|rolls|articleList|newsgn|newssh)(?:/|$)", "it is a list of articles"),
    ("", r"/download(?:/|$)", "it is a download page"),
    ("", r"/babygohome", "it is the page that stands in for articles that are gone"),
    ("", r"/(?:robots\.txt|sitemap)", "it is made for programs; put it under sources"),
)  # fmt: skip
