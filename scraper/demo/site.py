"""The little qq.com: which address gives which answer.  Pure, but that it remembers what it was asked.

Answer     what one request gets
answer     host, path and headers → Answer
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from scraper.demo import pages
from scraper.demo.drawings import drawing
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, PAID, REPRINT, WITHDRAWN

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer."""

    status: int = HTTPStatus.OK
    kind: str = HTML
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


STORIES = {story.id: story for story in (BRIDGE, REPRINT, HARVEST, PAID)}
PAGE_HOSTS = {"news.qq.com", "new.qq.com", "view.inews.qq.com"}
STATIC_PATH = f"/a/{LAMP.id[3:11]}/{LAMP.id[11:17]}.htm"
STATIC_ADDRESS = f"https://news.qq.com{STATIC_PATH}"
MOBILE_ADDRESS = f"https://view.inews.qq.com/a/{BRIDGE.id}"


def answer(host: str, path: str, headers: Mapping[str, str]) -> Answer:
    """What the site says.  headers: of the request, names in lower case."""
    if path == "/robots.txt":
        return Answer(kind="text/plain", body=b"User-agent: *\nAllow: /\n")
    if host == "i.news.qq.com" and path == "/web_feed/getPCList":
        body = pages.feed([BRIDGE, REPRINT, HARVEST, PAID], withdrawn=WITHDRAWN)
        return Answer(kind="application/json; charset=utf-8", body=body)
    if host == "inews.gtimg.com":
        return _picture(path)
    if host in PAGE_HOSTS:
        return _page(path, headers)
    return Answer(status=HTTPStatus.NOT_FOUND)


def _page(path: str, headers: Mapping[str, str]) -> Answer:
    name = path.rstrip("/").rpartition("/")[2]
    if name == WITHDRAWN:
        # As the real site does: an article that is gone leads to the page about missing children.
        home = "https://www.qq.com/babygohome/?pgv_ref=404"
        return Answer(status=HTTPStatus.FOUND, headers={"Location": home})
    if path == STATIC_PATH:
        return _validated(pages.static(LAMP), "text/html; charset=GB2312", headers)
    if name in STORIES:
        return _validated(pages.rain(STORIES[name]), HTML, headers)
    return Answer(status=HTTPStatus.NOT_FOUND)


def _validated(body: bytes, kind: str, headers: Mapping[str, str]) -> Answer:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if headers.get("if-none-match") == tag:
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    return Answer(kind=kind, body=body, headers={"ETag": tag})


def _picture(path: str) -> Answer:
    parts = path.strip("/").split("/")
    drawn = drawing(parts[1], parts[2]) if len(parts) == 3 else None
    if drawn is None:
        return Answer(status=HTTPStatus.NOT_FOUND)
    kind, body = drawn
    return Answer(kind=kind, body=body)
