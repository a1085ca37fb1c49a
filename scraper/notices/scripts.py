"""What a page's own scripts tell beyond doubt: a firewall's page, a withdrawn path, a deleted article.  Pure."""

import re

from archive.state import State
from scraper.notices.notice import Notice
from scraper.page import Page

_WAF = re.compile(r"location[^<>]{0,80}(waf\.tencent\.com/501page\.html[^\"'<>\s]{0,200})")
_LOOKED_AT = re.compile(r"(?:location\.(?:href|pathname)|document\.URL)[^;{}]{0,60}$")
_SENT_HOME = re.compile(
    r"[^;{}]{0,20}[\"'/][^{};]{0,40}\{?\s{0,9}(?:window\.|top\.)?location(?:\.href|\.replace)?\s{0,3}[=(]\s{0,3}"
    r"[\"']https?://www\.qq\.com/?[\"']"
)
"""A script that compares the address with a listed one, and sends those who asked for that to www.qq.com."""
_SHORT = 20_000
"""Characters up to which a page may be the firewall's."""
_OURS = 1_000_000
"""Characters of script up to which a page may be one of qq.com's templates; WeChat's hold megabytes."""


def of_page(page: Page) -> Notice | None:
    """What the page's own scripts tell beyond doubt; None when they tell of nothing unusual."""
    whole = page.beginning
    if len(whole) < _SHORT and "waf.tencent.com" in whole and (found := _WAF.search(whole)):
        rule = "Tencent's firewall (WAF) at status 200"
        return Notice(state=State.BLOCKED, rule=rule, evidence=found[1])
    if sum(map(len, page.scripts)) > _OURS:
        return None
    if withdrawn := _sent_home(page):
        rule = "a script of the page sends this address to www.qq.com"
        return Notice(state=State.GONE, rule=rule, evidence=withdrawn)
    if page.window_data.get("is_deleted") in (1, "1", True):
        return Notice(state=State.GONE, rule="window.DATA.is_deleted is 1")
    return None


def _sent_home(page: Page) -> str:
    """The page's own path, if a script of the template lists it as withdrawn; the template lists it on every page."""
    path = re.sub(r"^\w+://[^/]*|[?#].*|\.html?$", "", page.url)
    if len(path) < 9:
        return ""
    name = path.rpartition("/")[2]  # the same in either way to write the path
    for script in page.scripts:
        if name not in script or "www.qq.com" not in script:  # the longer is found faster
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
