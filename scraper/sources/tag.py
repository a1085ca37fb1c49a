"""The articles under one tag of news.qq.com; the morning digest is one.  Pure."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlencode

from archive.capture import Capture
from scraper.errors import Unreachable
from scraper.sources import answer, rows
from scraper.sources.found import Finds, Gathering
from scraper.sources.request import AS_ITS_PAGES, Request

_ENDPOINT: Final = "https://i.news.qq.com/web_backend/v2/getTagInfo"
_TAG = re.compile(r"[A-Za-z0-9+/_-]{4,64}={0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag.  tag: as its address names it; `aEWqxLtdgmQ=` is the morning digest.  videos: whether they are wanted."""

    name: str
    tag: str
    videos: bool = False

    def __post_init__(self) -> None:
        if not _TAG.fullmatch(unquote(self.tag)):
            raise ValueError(f"{self.tag!r} is no tag; the morning digest is aEWqxLtdgmQ=")

    @property
    def most(self) -> int:
        return 1

    def requests(self) -> tuple[Request, ...]:
        """One GET."""
        query = urlencode({"tagId": unquote(self.tag)})
        return (Request(url=f"{_ENDPOINT}?{query}", headers=AS_ITS_PAGES),)

    def finds(self, told: Capture) -> Finds:
        """The articles of all its tabs."""
        data = answer.read(told).get("data")
        tabs = answer.rows(data.get("tabs")) if isinstance(data, dict) else []
        if not any(isinstance(tab.get("articleList"), list) for tab in tabs):
            raise Unreachable(told.url, "a tag without its list", kind="answer")
        gathering = Gathering(told.url)
        for tab in tabs:
            rows.take_all(gathering, tab.get("articleList"), videos=self.videos)
        return gathering.done()
