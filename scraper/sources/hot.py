"""The hot list of qq.com.  Pure."""

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from archive.capture import Capture
from scraper.errors import Unreachable
from scraper.sources import answer, rows
from scraper.sources.found import Finds, Gathering
from scraper.sources.given import must_be_within
from scraper.sources.request import AS_ITS_PAGES, Request

_ENDPOINT: Final = "https://i.news.qq.com/gw/event/pc_hot_ranking_list"
_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class HotList:
    """The hot list.  rank: `hot`, or `ent` for entertainment.  count: how many rows, 50 at most."""

    name: str
    rank: Literal["hot", "ent"] = "hot"
    count: int = _MOST
    videos: bool = False

    def __post_init__(self) -> None:
        must_be_within("count", self.count, most=_MOST)

    @property
    def most(self) -> int:
        return 1

    def requests(self) -> tuple[Request, ...]:
        """One GET; the first row of the answer is its head, so one more is asked for."""
        query = {
            "ids_hash": "",
            "offset": 0,
            "page_size": self.count + 1,
            "appver": "15.5_qqnews_7.1.60",
            "rank_id": self.rank,
        }
        return (Request(url=f"{_ENDPOINT}?{urlencode(query)}", headers=AS_ITS_PAGES),)

    def finds(self, told: Capture) -> Finds:
        """The articles of the list, hottest first."""
        lists = answer.rows(answer.read(told).get("idlist"))
        if not any(isinstance(each.get("newslist"), list) for each in lists):
            raise Unreachable(told.url, "a hot list without its list", kind="answer")
        gathering = Gathering(told.url)
        for each in lists:
            rows.take_all(gathering, each.get("newslist"), videos=self.videos)
        return gathering.done()
