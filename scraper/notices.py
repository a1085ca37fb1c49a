"""What kind of page a capture is, when it is not the article it was asked for.  Pure.

    Notice        a state, the rule that decided it, and the words on the page that matched

    of_answer     from status, redirect and address alone: deleted articles, firewalls, error pages
    of_page       from scripts that no article has: the firewall's page at status 200, a withdrawn path
    instead       from what a page says that has no article on it: deleted, captcha, home page, list

The site withdraws articles by a redirect to its page for missing children, serves its firewall's page with status 200,
and says "gone" in a dozen wordings.  Rules about wording are asked only when no article stands on the page: an article
may quote every one of these sentences.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from archive.capture import Capture
from archive.state import State
from scraper.errors import NotAnArticle
from scraper.page import LARGEST, Page
from scraper.script import value_at
from scraper.urls import ArticleUrl, identify


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a page is instead of an article.  evidence: the words that matched, shortened."""

    state: State
    rule: str
    evidence: str = ""


# --- the answer -------------------------------------------------------------------------------------------------------

_BY_STATUS = {
    401: (State.BLOCKED, "status 401: the site wants a login"),
    403: (State.BLOCKED, "status 403: the site refuses"),
    404: (State.GONE, "status 404"),
    410: (State.GONE, "status 410"),
    418: (State.BLOCKED, "status 418: EdgeOne has no such site"),
    423: (State.BLOCKED, "status 423: EdgeOne met a loop"),
    429: (State.BLOCKED, "status 429: too many requests"),
    451: (State.VIOLATION, "status 451: unavailable for legal reasons"),
    501: (State.BLOCKED, "status 501: Tencent's firewall (WAF)"),
    566: (State.BLOCKED, "status 566: EdgeOne blocked it by a managed rule"),
    567: (State.BLOCKED, "status 567: EdgeOne blocked it by a rate limit or a rule against robots"),
}
_PLACES = (
    (re.compile(r"/babygohome"), State.GONE, "babygohome, the page for missing children"),
    (re.compile(r"^https?://xw\.qq\.com/404\.html"), State.GONE, "xw.qq.com/404.html"),
    (re.compile(r"//waf\.tencent\.com/"), State.BLOCKED, "waf.tencent.com, Tencent's firewall"),
    (re.compile(r"//[^/?#]{1,80}/[^?#]{0,200}captcha|/mp/wappoc", re.I), State.CAPTCHA, "a captcha"),
    (re.compile(r"^https?://(?:www|xw|m|3g)?\.?qq\.com/?(?:[?#]|$)"), State.GONE, "the home page"),
    (re.compile(r"/(?:404|error|notfound)(?:\.s?html?)?(?:[?#]|$)"), State.GONE, "a page for missing pages"),
)  # fmt: skip
"""Where the site sends those who ask for what is not to be had."""


def of_answer(capture: Capture, asked: ArticleUrl | None = None) -> Notice | None:
    """What status, redirect and address tell before the page is opened; None when they tell of nothing unusual.

    asked: the article that was asked for; an address that is fine in itself (the home page) is not what was asked.
    """
    if 300 <= capture.status < 400:
        target = _target(capture)
        for pattern, state, place in _PLACES:
            if pattern.search(target):
                return Notice(state=state, rule=f"redirect to {place}", evidence=target[:200])
        return Notice(
            state=State.ERROR, rule=f"status {capture.status}: no page", evidence=target[:200]
        )
    if known := _BY_STATUS.get(capture.status):
        return Notice(state=known[0], rule=known[1])
    if capture.status >= 400 or capture.status < 200:
        return Notice(state=State.ERROR, rule=f"status {capture.status}")
    if asked or (capture.asked and capture.asked != capture.url):
        for pattern, state, place in _PLACES:
            if pattern.search(capture.url):
                return Notice(
                    state=state, rule=f"the answer came from {place}", evidence=capture.url[:200]
                )
    if len(capture.body) > LARGEST:
        return Notice(state=State.ERROR, rule=f"larger than {LARGEST >> 20} MiB")
    if b"\0" in capture.body[:1024].strip(b"\0") and not capture.body.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        return Notice(state=State.NOT_ARTICLE, rule="no page but binary data")
    if len(capture.body) < 4096 and not capture.body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return Notice(state=State.ERROR, rule="an empty answer")
    return None


def _target(capture: Capture) -> str:
    """Where a redirect points; what the header says when that is no address."""
    location = capture.header("location") or ""
    try:
        return urljoin(capture.url, location)
    except ValueError:
        return location


# --- scripts that no article has --------------------------------------------------------------------------------------

_WAF = re.compile(r"location[^<>]{0,80}(waf\.tencent\.com/501page\.html[^\"'<>\s]{0,200})")
_LOOKED_AT = re.compile(r"(?:location\.(?:href|pathname)|document\.URL)[^;{}]{0,60}$")
_SENT_HOME = re.compile(
    r"[^;{}]{0,20}[\"'/][^{};]{0,40}\{?\s{0,9}(?:window\.|top\.)?location(?:\.href|\.replace)?\s{0,3}[=(]\s{0,3}"
    r"[\"']https?://www\.qq\.com/?[\"']"
)
"""A script that compares the address with a listed one, and sends those who asked for that to www.qq.com."""
_DATA = re.compile(r"window\.DATA\s{0,9}=\s{0,9}")


def of_page(page: Page) -> Notice | None:
    """What the page's own scripts tell beyond doubt; None when they tell of nothing unusual."""
    if (found := _WAF.search(page.script_with("501page"))) and len(page.text) < 20_000:
        return Notice(
            state=State.BLOCKED, rule="Tencent's firewall (WAF) at status 200", evidence=found[1]
        )
    if withdrawn := _sent_home(page):
        rule = "a script of the page sends this address to www.qq.com"
        return Notice(state=State.GONE, rule=rule, evidence=withdrawn)
    if page.script_with("is_deleted"):
        says = page.json_after(_DATA)
        if isinstance(says, dict) and says.get("is_deleted") in (1, "1", True):
            return Notice(state=State.GONE, rule="window.DATA.is_deleted is 1")
    return None


def _sent_home(page: Page) -> str:
    """The page's own path, if a script of the template lists it as withdrawn; the template lists it on every page."""
    path = re.sub(r"^\w+://[^/]*|[?#].*|\.html?$", "", page.url)
    if len(path) < 9:
        return ""
    for script in page.scripts:
        if "www.qq.com" not in script:
            continue
        for written in (path, path.replace("/", "\\/")):  # in a string, or in a pattern
            at = script.find(written)
            while at >= 0:
                end = at + len(written)
                looked_at = _LOOKED_AT.search(script, max(at - 90, 0), at)
                if looked_at and _SENT_HOME.match(script, end, end + 200):
                    return path
                at = script.find(written, end)
    return ""


# --- a page without an article ----------------------------------------------------------------------------------------

_WORDINGS = (
    # WeChat: status 200, and one sentence instead of the article.
    (State.GONE, "WeChat: deleted by its author",
     r"该内容已被(?:发布者|发送人|作者)删除|已被作者删除|该文章已被删除"),
    (State.VIOLATION, "WeChat: taken down",
     r"此内容(?:因违规|发送失败)无法查看|该内容被投诉且经审核涉嫌|该内容暂时无法查看|此内容被投诉且经审核"
     r"|涉嫌违反相关法律法规和政策|此内容违规|由于用户投诉并经平台审核"),
    (State.VIOLATION, "WeChat: the account was closed",
     r"该公众号已被封禁|此[帐账]号已被屏蔽|[帐账]号已被停止使用"),
    (State.GONE, "WeChat: the account moved or was cancelled",
     r"该公众号已迁移|此[帐账]号已自主注销|[帐账]号已注销"),
    (State.PRIVATE, "WeChat: hidden by its author",
     r"根据作者隐私设置，无法查看该内容|该内容仅.{0,8}可见"),
    (State.ERROR, "WeChat: a temporary link that has run out", r"链接已过期"),
    (State.CAPTCHA, "WeChat: are you human?",
     r"环境异常|访问过于频繁|操作频繁|完成验证后即可继续访问"),
    (State.ERROR, "WeChat: bad parameters", r"参数错误|系统出错|系统错误"),
    # qq.com, old and new.
    (State.GONE, "soft 404",
     r"访问的页面(?:不存在|找不到了|已被删除)|当前页面不存在或已(?:被)?删除|页面不存在|页面没有找到"
     r"|抱歉，您(?:要)?访问的页面|(?:文章|内容)(?:不存在|已删除|已下线)|404,? ?Not Found"),
    (State.CAPTCHA, "a captcha",
     r"请(?:完成|进行)?(?:安全)?验证|拖动滑块|输入验证码|TencentCaptcha|TCaptcha\.js"),
    (State.BLOCKED, "access denied",
     r"[Aa]ccess [Dd]enied|访问被拒绝|EdgeOne|您的访问(?:请求)?(?:可能)?(?:被|已被)(?:拦截|阻断)"
     r"|[Rr]equest (?:has been )?blocked|安全拦截"),
    (State.ERROR, "the site is busy",
     r"系统繁忙|服务器(?:繁忙|错误)|Service Unavailable|Bad Gateway|Internal Server Error"),
)  # fmt: skip
_COMPILED = tuple((state, rule, re.compile(pattern)) for state, rule, pattern in _WORDINGS)
_MISSING_CHILDREN = re.compile(r"/404/search_children\.js|qzone\.qq\.com/gy/404/|babygohome")
_HOME_TITLE = re.compile(
    r"^(?:腾讯首页|腾讯网|QQ\.COM|腾讯网首页|手机腾讯网|腾讯新闻(?:[-_|]\S{1,12})?)$", re.IGNORECASE
)
_SHELF_TITLE = re.compile(
    r"^(?:[\u4e00-\u9fffA-Za-z]{1,8}(?:中心|频道|首页|滚动新闻|要闻))?[_\-—](?:腾讯网|腾讯新闻|腾讯\w{2})$|^[\u4e00-\u9fff]{2,4}_腾讯网$"
)
_TERMS_TITLE = re.compile(
    r"^(?:腾讯|QQ|微信).{0,12}(?:服务条款|服务协议|隐私政策|隐私保护指引|版权声明|许可协议)"
)
_TOPIC_TITLE = re.compile(r"_专题_|[_\-]专题(?:[_\-]|$)|^专题[：:]")

_ACCOUNT_TITLE = re.compile(r"^关于(?:公众号|服务号|订阅号|视频号)$")

_SHORT = 3_000
"""Characters of visible text up to which a page may be nothing but a message."""
_SENTENCES = 300
"""Characters of body from which a page is no mere message, whatever it quotes."""


def instead(page: Page, asked: ArticleUrl | None = None, *, said: int = 0) -> Notice | None:
    """What a page is that has no article on it; None when nothing on it says.

    said: how many characters `generic` took for a body; a longer one is no mere message.
    """
    if own := _own_kind(page) or _refused_by_api(page) or _no_html(page):
        return own
    if (found := _MISSING_CHILDREN.search(page.text)) is not None:
        return Notice(state=State.GONE, rule="the page for missing children", evidence=found[0])

    seen = _seen(page)
    if asked and _HOME_TITLE.match(page.title):
        return Notice(
            state=State.GONE, rule="the home page instead of the article", evidence=page.title
        )
    if len(seen) <= _SHORT and said < _SENTENCES:
        for state, rule, pattern in _COMPILED:
            if found := pattern.search(page.title) or pattern.search(seen):
                around = (
                    seen[max(found.start() - 20, 0) : found.end() + 40]
                    if found.string is seen
                    else page.title
                )
                return Notice(state=state, rule=rule, evidence=around.strip())
        if page.title == "微信公众平台":
            return Notice(
                state=State.ERROR,
                rule="WeChat: a message instead of an article",
                evidence=seen[:80],
            )
    return _shelf(page) or (_links_alone(page) if said < _SENTENCES else None)


def _seen(page: Page) -> str:
    """The text a reader sees, as far as it matters whether it is short; a message's page may hold 35 kB of scripts."""
    words: list[str] = []
    length = 0
    body = page.tree.body
    for node in body.traverse(include_text=True) if body else ():
        if node.tag == "-text" and (text := (node.text_content or "").strip()):
            if node.parent and node.parent.tag in ("script", "style", "noscript", "template"):
                continue
            words.append(text)
            length += len(text)
            if length > _SHORT:
                break
    return " ".join(" ".join(words).split())


def _own_kind(page: Page) -> Notice | None:
    """What the page is by the address that it, or its server, gives it: a topic, a live broadcast, a list."""
    for address in dict.fromkeys((page.url, *page.named)):
        host = re.match(r"https?://([\w.-]{1,253})(?:[/?#:]|$)", address)
        if not host or not host[1].endswith("qq.com"):
            continue
        try:
            identify(address)
        except NotAnArticle as error:
            because = error.reason.removeprefix("not an article, because ")
            return Notice(state=_kind_of(because), rule=because, evidence=address[:200])
    return None


def _refused_by_api(page: Page) -> Notice | None:
    """An answer to a program that brings an error and nothing else: `{"ret": 404, "msg": "参数错误"}` at status 200."""
    start = page.text.find("{", 0, 200)
    said = (
        value_at(page.text, start) if page.bare and start >= 0 and len(page.text) < _SHORT else None
    )
    if not isinstance(said, dict):
        return None
    code = next((said[name] for name in ("ret", "code") if name in said), 0)
    words = str(said.get("msg") or said.get("message") or "")[:80]
    if code in (0, "0", None):
        return None
    return Notice(state=State.ERROR, rule=f"the API answers {code!s:.20}", evidence=words)


_ELEMENTS = re.compile(
    r"<(?:!doctype|html|head|body|div|p|section|article|span|table|h\d|br|a|img)\b", re.IGNORECASE
)


def _no_html(page: Page) -> Notice | None:
    """A list for programs, a text file, a document of another kind."""
    if page.bare and not _ELEMENTS.search(page.text, 0, 20_000):
        return Notice(state=State.NOT_ARTICLE, rule="no HTML page", evidence=page.text[:80].strip())
    return None


def of_id(name: str) -> Notice | None:
    """What the id that a page gives itself tells: a special topic or a live broadcast; None for an article's id."""
    try:
        if name:
            identify(name)
    except NotAnArticle as error:
        because = error.reason.removeprefix("not an article, because ")
        state = _kind_of(because)
        if state in (State.TOPIC, State.LIVE):
            return Notice(state=state, rule=because, evidence=name[:80])
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


def _shelf(page: Page) -> Notice | None:
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


def _links_alone(page: Page) -> Notice | None:
    """A list, told by how much of the whole page is links; asked only when hardly a body was found on it."""
    body = page.tree.body
    if not body:
        return None
    links = [len("".join(node.text().split())) for node in body.css("a")]
    code = sum(len("".join(node.text().split())) for node in body.css("script, style, noscript"))
    everything = len("".join(body.text().split())) - code
    if len(links) >= 20 and sum(links) > everything / 2:
        return Notice(
            state=State.NOT_ARTICLE,
            rule="a list: most of its words are links",
            evidence=f"{len(links)} links",
        )
    return None


_LINK = re.compile(r"(?<!!)\[([^\[\]]{1,400})\]\([^()\s]{1,2000}\)")


def listed(markdown: str) -> Notice | None:
    """A list, told by how much of a supposed body is links; None for a body that mostly speaks for itself."""
    links = _LINK.findall(markdown)
    inside = sum(len(words) for words in links)
    everything = len(_LINK.sub(r"\1", markdown))
    if len(links) >= 10 and inside > everything / 2:
        return Notice(
            state=State.NOT_ARTICLE,
            rule="a list: most of its words are links",
            evidence=f"{len(links)} links",
        )
    return None
