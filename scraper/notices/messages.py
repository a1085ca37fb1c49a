"""What a page says that is nothing but a message: deleted, taken down, captcha, refused, busy.  Pure.

Asked only when no article stands on the page: an article may quote every one of these sentences.
"""

import re
from html import unescape

from archive.state import State
from scraper.notices.notice import Notice
from scraper.page import Page
from scraper.script import value_at

_WORDINGS = (
    # WeChat: status 200, and one sentence instead of the article; in English for who asks from abroad.
    (State.GONE, "WeChat: deleted by its author",
     r"该内容已被(?:发布者|发送人|作者)删除|已被作者删除|该文章已被删除|(?:该|此)?内容已被删除"
     r"|The content has been deleted by the author"),
    (State.VIOLATION, "WeChat: taken down",
     r"此内容(?:因违规|发送失败)无法查看|被投诉且经审核|该内容暂时无法查看|此内容被(?:多人)?投诉"
     r"|接相关投诉，此(?:内容|[帐账]号)|涉嫌违反相关法律法规和政策|此内容违规|由于?用户投诉并经平台审核"
     r"|此内容因违规已删除|Unable to view this content because it violates"
     r"|投诉类型.{0,8}冒名侵权|(?:此|该)文章(?:已)?被第三方(?:评估为不实|辟谣)"),
    (State.VIOLATION, "WeChat: the account was closed",
     r"该(?:公众|[帐账])号已被封禁|此[帐账]号已被屏蔽|[帐账]号已被停止使用|此[帐账]号在冻结期"),
    (State.GONE, "WeChat: the account moved or was cancelled",
     r"该公众号已迁移|[帐账]号已(?:迁移|(?:自主|系统)?注销|被系统回收)"),
    (State.ERROR, "WeChat: the account is being moved", r"[帐账]号迁移流程中"),
    (State.PRIVATE, "WeChat: hidden by its author",
     r"根据作者隐私设置，无法查看该内容|该内容仅.{0,8}可见"),
    (State.ERROR, "WeChat: a temporary link that has run out", r"链接已过期"),
    (State.ERROR, "WeChat: not yet approved", r"内容审核中"),
    (State.CAPTCHA, "WeChat: are you human?",
     r"环境异常|访问过于频繁|操作(?:过于)?频繁|完成验证后即可继续访问"),
    (State.BLOCKED, "WeChat: only in its own app", r"请在微信(?:客户端)?(?:中)?打开"),
    (State.ERROR, "WeChat: bad parameters", r"参数错误|系统出错|系统错误"),
    # qq.com, old and new.
    (State.GONE, "soft 404",
     r"访问的页面(?:不存在|找不到了|已被删除)|当前页面不存在或已(?:被)?删除|页面不存在|页面没有找到"
     r"|抱歉，您(?:要)?访问的页面|(?:文章|内容)(?:不存在|已删除|已下线)|404,? ?Not Found|^404 ?- ?腾讯网"),
    (State.CAPTCHA, "a captcha",
     r"请(?:完成|进行)?(?:安全)?验证|拖动滑块|输入验证码|TencentCaptcha|TCaptcha\.js"),
    (State.BLOCKED, "access denied",
     r"[Aa]ccess [Dd]enied|访问被拒绝|EdgeOne|您的访问(?:请求)?(?:可能)?(?:被|已被)(?:拦截|阻断)"
     r"|[Rr]equest (?:has been )?blocked|安全拦截"),
    (State.ERROR, "the site is busy",
     r"系统繁忙|服务器(?:繁忙|错误)|Service Unavailable|Bad Gateway|Internal Server Error"),
)  # fmt: skip
_COMPILED = tuple((state, rule, re.compile(pattern)) for state, rule, pattern in _WORDINGS)
_MOVED = re.compile(r"\btransferTargetLink\s{0,9}=\s{0,9}(?=['\"])")
_MISSING_CHILDREN = ("/404/search_children.js", "qzone.qq.com/gy/404/", "babygohome")

_FOR_PROGRAMS = re.compile(
    r"\ufeff?\s{0,99}(?:(?:var\s)?[\w.$]{1,80}\s?[=(]\s?)?(?:\{\s{0,99}[\"']?\w{1,80}[\"']?\s?:|\[\s{0,99}[{\[\"])",
    re.ASCII,
)
"""How JSON, JSONP and an assignment in a script begin; what markup is quoted in them is no page."""
_ELEMENTS = re.compile(
    r"<(?:!doctype|html|head|body|div|p|section|article|span|table|h\d|br|a|img)\b", re.IGNORECASE
)
_SHORT = 3_000
"""Characters of visible text up to which a page may be nothing but a message."""


def missing_children(page: Page, *, long: bool) -> Notice | None:
    """Tencent's page for what does not exist shows missing children instead, in a text of any length.

    long: whether there is more on the page than a message has; an article may link to that page.
    """
    marks = _MISSING_CHILDREN[:1] if long else _MISSING_CHILDREN
    found = next((mark for mark in marks if mark in page.text), "")
    if found:
        return Notice(state=State.GONE, rule="the page for missing children", evidence=found)
    return None


def message(page: Page) -> Notice | None:
    """What a page says instead of an article, in the wordings of qq.com, its firewalls and WeChat."""
    text = seen(page)
    if len(text) > _SHORT:
        return None
    for state, rule, pattern in _COMPILED:
        if pattern.search(page.title):
            return Notice(state=state, rule=rule, evidence=page.title[:80])
        if found := pattern.search(text):
            around = text[max(found.start() - 20, 0) : found.end() + 40]
            to = _moved_to(page)
            said = " → ".join(filter(None, (around.strip(), to)))
            return Notice(state=state, rule=rule, evidence=said, moved_to=to)
    if page.title in ("微信公众平台", "Weixin Official Accounts Platform"):
        rule = "WeChat: a message instead of an article"
        return Notice(state=State.ERROR, rule=rule, evidence=text[:80])
    return None


def _moved_to(page: Page) -> str:
    """The article's new address, which the page of a WeChat account that moved has ready for its button."""
    told = page.json_after(_MOVED, "transferTargetLink")
    return unescape(told)[:2_000] if isinstance(told, str) else ""


def seen(page: Page) -> str:
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


def refused_by_api(page: Page) -> Notice | None:
    """An answer to a program that brings an error and nothing else: `{"ret": 404, "msg": "参数错误"}` at status 200."""
    start = page.beginning.find("{", 0, 200)
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


def no_html(page: Page) -> Notice | None:
    """A list for programs, a text file, a document of another kind."""
    if page.bare and (
        _FOR_PROGRAMS.match(page.beginning) or not _ELEMENTS.search(page.beginning, 0, 20_000)
    ):
        said = page.beginning[:80].strip()
        return Notice(state=State.NOT_ARTICLE, rule="no HTML page", evidence=said)
    return None
