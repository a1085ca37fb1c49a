"""What status, redirect and address tell before a page is opened.  Pure.

The site withdraws articles by a redirect to its page for missing children, and its firewalls answer with statuses of
their own: 501 (WAF), 566 and 567 (EdgeOne).
"""

import re
from urllib.parse import urljoin

from archive.capture import Capture
from archive.state import State
from scraper.notices.notice import Notice
from scraper.page import LARGEST
from scraper.urls import ArticleUrl

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
    (re.compile(r"^https?://[\w.-]{1,253}/ch2?/[\w-]{0,60}/?(?:[?#]|$)"), State.GONE, "a channel's list"),
    (re.compile(r"//[\w.-]{0,60}ptlogin|/(?:login|signin)(?:\.\w{2,5})?(?:[/?#]|$)", re.I), State.BLOCKED, "a login"),
)  # fmt: skip
"""Where the site sends those who ask for what is not to be had."""


def of_answer(capture: Capture, asked: ArticleUrl | None = None) -> Notice | None:
    """What status, redirect and address tell before the page is opened; None when they tell of nothing unusual.

    asked: the article that was asked for; an address that is fine in itself (the home page) is not what was asked.
    """
    if 300 <= capture.status < 400:
        target = _target(capture)
        if told := _of_place(target, "redirect to"):
            return told
        return Notice(
            state=State.ERROR, rule=f"status {capture.status}: no page", evidence=target[:200]
        )
    if known := _BY_STATUS.get(capture.status):
        return Notice(state=known[0], rule=known[1])
    if capture.status >= 400 or capture.status < 200:
        return Notice(state=State.ERROR, rule=f"status {capture.status}")
    led_on = capture.asked and capture.asked != capture.url
    if (asked or led_on) and (told := _of_place(capture.url, "the answer came from")):
        return told
    if len(capture.body) > LARGEST:
        return Notice(state=State.ERROR, rule=f"larger than {LARGEST >> 20} MiB")
    if b"\0" in capture.body[:1024].strip(b"\0") and not capture.body.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        return Notice(state=State.NOT_ARTICLE, rule="no page but binary data")
    if len(capture.body) < 4096 and not capture.body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return Notice(state=State.ERROR, rule="an empty answer")
    return None


def _of_place(address: str, how: str) -> Notice | None:
    """What it means that the site sent us to an address; None for an ordinary one.  how: the words before its name."""
    for pattern, state, place in _PLACES:
        if pattern.search(address):
            return Notice(state=state, rule=f"{how} {place}", evidence=address[:200])
    return None


def _target(capture: Capture) -> str:
    """Where a redirect points; what the header says when that is no address."""
    location = capture.header("location") or ""
    try:
        return urljoin(capture.url, location)
    except ValueError:
        return location
