"""Pages that list articles, or hold none: home pages, channels, feeds, topics, live broadcasts, terms.  Pure."""

import re

from archive.state import State
from scraper.errors import NotAnArticle
from scraper.notices.notice import Notice
from scraper.page import Page
from scraper.urls import identify

_HOME_TITLE = re.compile(
    r"^(?:腾讯首页|腾讯网|QQ\.COM|腾讯网首页|手机腾讯网|腾讯新闻(?:[-_|]\S{1,12})?)$", re.IGNORECASE
)
_SHELF_TITLE = re.compile(
    r"^(?:[^\W\d_]{1,8}(?:中心|频道|首页|滚动新闻|要闻))?[_\-—](?:腾讯网|腾讯新闻|腾讯\w{2})$|^[^\W\d_]{2,4}_腾讯网$"
)
_TERMS_TITLE = re.compile(
    r"^(?:腾讯|QQ|微信).{0,12}(?:服务条款|服务协议|隐私政策|隐私保护指引|版权声明|许可协议)"
)
_TOPIC_TITLE = re.compile(r"_专题_|[_\-]专题(?:[_\-]|$)|^专题[：:]")

_FEED = re.compile(
    r"\ufeff?(?:\s++|<\?[^>]*>|<!--.*?-->|<!doctype\s[^>]*>)*+<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
"""How a feed or a sitemap begins, after whatever XML may stand before its root."""

_ACCOUNT_TITLE = re.compile(r"^关于(?:公众号|服务号|订阅号|视频号)$")


def home(page: Page) -> bool:
    """Whether the page is a home page of the site, by its title."""
    return bool(_HOME_TITLE.match(page.title))


def is_feed(beginning: str) -> bool:
    """Whether a text that begins so is a feed or a sitemap, a list of articles for programs.

    >>> is_feed("<?xml version='1.0'?><!-- by hand --><rss>"), is_feed("<!-- <rss> --><p>about feeds</p>")
    (True, False)
    """
    return _FEED.match(beginning) is not None


def feed(page: Page) -> Notice | None:
    """A feed or a sitemap, told by its root."""
    if is_feed(page.beginning):
        said = page.beginning[:80].strip()
        return Notice(state=State.NOT_ARTICLE, rule="a feed or a sitemap", evidence=said)
    return None


def own_kind(page: Page) -> Notice | None:
    """What the page is by the address that it, or its server, gives it: a topic, a live broadcast, a list."""
    for address in dict.fromkeys((page.url, *page.named)):
        host = re.match(r"https?://([\w.-]{1,253})(?:[/?#:]|$)", address)
        if not host or not host[1].endswith("qq.com"):
            continue
        try:
            identify(address)
        except NotAnArticle as error:
            kind = _kind_of(error.because)
            return Notice(state=kind, rule=error.because, evidence=address[:200])
    return None


def of_id(name: str) -> Notice | None:
    """What the id that a page gives itself tells: a special topic or a live broadcast; None for an article's id."""
    if not name or name[0].isdigit():  # an article's, by far the most
        return None
    try:
        identify(name)
    except NotAnArticle as error:
        state = _kind_of(error.because)
        if state in (State.TOPIC, State.LIVE):
            return Notice(state=state, rule=error.because, evidence=name[:80])
    return None


def _kind_of(reason: str) -> State:
    for word, state in (
        ("special topic", State.TOPIC),
        ("hot event", State.TOPIC),
        ("live", State.LIVE),
        ("articles that are gone", State.GONE),
        ("a video", State.VIDEO),
    ):
        if word in reason:
            return state
    return State.NOT_ARTICLE


def shelf(page: Page) -> Notice | None:
    """A home page, a channel, a topic or terms, told by the title."""
    title = page.title
    for state, rule, pattern in (
        (State.NOT_ARTICLE, "a home page", _HOME_TITLE),
        (State.NOT_ARTICLE, "a channel page", _SHELF_TITLE),
        (State.NOT_ARTICLE, "terms of the site", _TERMS_TITLE),
        (State.NOT_ARTICLE, "WeChat: what an account says of itself", _ACCOUNT_TITLE),
        (State.TOPIC, "a special topic", _TOPIC_TITLE),
    ):
        if pattern.search(title):
            return Notice(state=state, rule=rule, evidence=title[:80])
    return None


def links_alone(page: Page) -> Notice | None:
    """A list, told by how much of the whole page is links; asked only when hardly a body was found on it."""
    body = page.tree.body
    if not body:
        return None
    links = [len("".join(node.text().split())) for node in body.css("a")]
    code = sum(len("".join(node.text().split())) for node in body.css("script, style, noscript"))
    everything = len("".join(body.text().split())) - code
    return _mostly_links(links, everything, fewest=20)


_LINK = re.compile(r"(?<!!)\[([^\[\]]{1,400})\]\([^()\s]{1,2000}\)")


def listed(markdown: str) -> Notice | None:
    """A list, told by how much of a supposed body is links; None for a body that mostly speaks for itself."""
    links = [len(words) for words in _LINK.findall(markdown)]
    everything = len(_LINK.sub(r"\1", markdown))
    return _mostly_links(links, everything, fewest=10)


def _mostly_links(links: list[int], everything: int, *, fewest: int) -> Notice | None:
    """A list, where more than half of the characters stand in links.  links: the characters of each.

    fewest: with fewer links it is none.
    """
    if len(links) >= fewest and sum(links) > everything / 2:
        return Notice(
            state=State.NOT_ARTICLE,
            rule="a list: most of its words are links",
            evidence=f"{len(links)} links",
        )
    return None
