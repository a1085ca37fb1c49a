"""Which article an address means.  Pure.

    identify    any spelling of an address, or a bare id → ArticleUrl; NotAnArticle says what it is instead
    article_at  the same, and None for any other text
    clean       the spelling under which an address is remembered

One article has one id and one canonical address, whatever address we were given: the share link of an app, the mobile
page, the old static page.  `address` reads an address with suspicion, `ids` knows the ids, `families` the addresses,
`other_pages` what is no article, `pages` the pages of one that stands on several.
"""

from dataclasses import dataclass

from scraper.errors import NotAnArticle
from scraper.urls import ids
from scraper.urls.address import plain, refusal, respelled, shown, split
from scraper.urls.families import FAMILIES, Found
from scraper.urls.ids import OtherKind
from scraper.urls.other_pages import carried, other_kind

__all__ = ["ArticleUrl", "NotAnArticle", "article_at", "clean", "identify", "shown"]


_STILL_ANSWER = tuple(
    f"https://{host}.qq.com/" for host in ("news", "new", "view.inews", "inews", "r.inews")
)
"""The hosts that may know more than the canonical address; xw.qq.com and kuaibao.qq.com closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleUrl:
    """Which article.

    id: the canonical id, which is also a file name.
    family: how it was addressed: `rain`, `omn`, `inews`, `xw`, `kuaibao`, `cmsn`, `static`, `om`, `wechat`, `gu`,
    `wzq`, `post`, `html5`, or `id` for a bare one.
    canonical: the https address stored and asked first.
    given: what we were given, untouched.
    aliases: addresses by which the article is known from now on: the canonical one and last, in plain spelling, the
    given one.
    addresses: what to ask, in order, until one of them shows the article.
    """

    id: str
    family: str
    canonical: str
    given: str
    aliases: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def one_source(self) -> bool:
        """Whether all its addresses are windows on the same store, so that gone at one is gone at all."""
        return ids.same_page(self.id)


def identify(address: str) -> ArticleUrl:
    """The article that an address or a bare id means.  Raises NotAnArticle, and nothing else, for any other text.

    >>> identify("http://view.inews.qq.com/a/20250207A095R8?from=share").canonical
    'https://news.qq.com/rain/a/20250207A095R800'
    >>> identify("tech.qq.com/a/20160226/034029_1.htm").id
    'TEC2016022603402900'
    """
    found = _found(address)
    canonical = found.known.canonical
    aliases = tuple(dict.fromkeys((canonical, found.spelled)))
    asked = [canonical]
    if found.spelled.startswith(_STILL_ANSWER) and _place(found.spelled) != _place(canonical):
        asked.append(found.spelled)
    return ArticleUrl(
        id=found.known.id,
        family=found.family,
        canonical=canonical,
        given=address,
        aliases=aliases,
        addresses=tuple(dict.fromkeys((*asked, *ids.second_look(found.known.id)))),
    )


def article_at(address: str) -> ArticleUrl | None:
    """The article that an address or a bare id means; None for any other text.

    >>> article_at("https://news.qq.com/") is None
    True
    """
    try:
        return identify(address)
    except NotAnArticle:
        return None


def clean(address: str) -> str:
    """The spelling under which an address is remembered: https, plain host, nothing that only says who shared it.

    Addresses that are no article's are respelled as far as that is safe; what is no address at all stays as it is.

    >>> clean("http://new.qq.com/omn/20190801/20190731A0027L00.html?pgv_ref=x#p=2")
    'https://new.qq.com/omn/20190801/20190731A0027L00.html'
    """
    try:
        return _found(address).spelled
    except NotAnArticle:
        try:
            return respelled(address)
        except NotAnArticle:
            return plain(address)


def _found(address: str) -> Found:
    text = plain(address)
    try:
        if known := ids.named(text):
            return Found(family="id", known=known, spelled=known.canonical)
        where = split(address)
        if inside := carried(where):
            where = split(inside)
        for family in FAMILIES:
            if found := family(where):
                return found
        because = other_kind(where)
    except OtherKind as kind:
        raise refusal(address, str(kind), known=True) from None
    raise refusal(address, because)


def _place(address: str) -> str:
    """The address up to what does not matter for who answers: news. and new. show the same."""
    return address.replace("https://new.qq.com/rain/", "https://news.qq.com/rain/", 1)
