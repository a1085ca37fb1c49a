"""An invented page, read as `generic` reads it."""

from datetime import UTC, datetime

from archive.capture import Capture
from scraper.layouts import generic
from scraper.layouts.parts import Parts
from scraper.page import Page
from tests.likeness import seen

AT = datetime(2026, 11, 23, tzinfo=UTC)
SENTENCE = "渡口停航三十年，昨天上午又开了，第一班船坐了十一个人。"


def read(html: str | bytes, url: str = "https://news.hegu.example/a/1.html") -> Parts:
    body = html.encode() if isinstance(html, str) else html
    return generic.parts(Page(Capture(url=url, at=AT, body=body)))


def text_of(html: str | bytes) -> str:
    body = read(html).body
    return seen(body.markdown) if body else ""
