"""Answers of the site's list interfaces, made up in their true shape."""

import json
from datetime import UTC, datetime
from typing import Any

from archive.capture import Capture
from scraper.sources.author import Author
from scraper.sources.channel import Channel
from scraper.sources.found import Finds
from scraper.sources.hot import HotList
from scraper.sources.page import ListPage
from scraper.sources.search import SiteSearch
from scraper.sources.tag import Tag

CHANNEL = Channel(name="finance", channel="finance")
HOT = HotList(name="hot")
AUTHOR = Author(name="author", author="8QMabc12deAdvz3Z")
SEARCH = SiteSearch(name="search", query="石桥")
TAG = Tag(name="digest", tag="aEWqxLtdgmQ=")
PAGE = ListPage(name="list", url="https://news.qq.com/ch/tech")


def answered(body: object, *, status: int = 200, url: str = "https://i.news.qq.com/x") -> Capture:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Capture(url=url, at=datetime.now(UTC), body=content, status=status)


def feed(*rows: dict[str, Any]) -> Capture:
    return answered({"code": 0, "message": "success", "data": list(rows)})


def hot(*rows: dict[str, Any]) -> Capture:
    return answered(
        {"ret": 0, "idlist": [{"ids_hash": "h", "has_more": 1, "newslist": list(rows)}]}
    )


def row(known: str, kind: str = "0", **more: Any) -> dict[str, Any]:
    return {
        "id": known,
        "articletype": kind,
        "title": f"第{known}号",
        "publish_time": "2026-08-01 08:00:00",
        "link_info": {"url": f"https://new.qq.com/rain/a/{known}"},
    } | more


def ids(finds: Finds) -> list[str]:
    return [find.article.id for find in finds.articles]
