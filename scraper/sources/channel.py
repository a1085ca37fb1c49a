"""The feed of one channel of news.qq.com, as its own pages ask for it.  Pure."""

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from archive.capture import Capture
from scraper.errors import Unreachable
from scraper.sources import answer, rows
from scraper.sources.found import Finds, Gathering
from scraper.sources.given import must_be_within
from scraper.sources.request import AS_ITS_PAGES, Request

CHANNELS: Final = (
    "home", "top", "bj", "tech", "finance", "fx", "qa", "edu", "world", "mil", "ent", "sports", "nba", "auto", "house",
    "antip", "video", "game", "digi", "nchupin", "football", "kepu", "esport", "history", "baby", "lic", "istock",
    "weather",
)  # fmt: skip
"""What `window.channelInfo` of news.qq.com listed in 2026, without the `news_news_` before each."""

_ENDPOINT: Final = "https://i.news.qq.com/web_feed/getPCList"
_DEVICE: Final = "0_qqnews00000000"
"""The feed wants some name of a device; every installation gives the same one, so that nobody is followed."""

_JSON: Final = ("Content-Type", "application/json;charset=UTF-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel.

    channel: `finance`, or in full `news_news_finance`.  pages: how many pages of the feed to ask, 12 rows each.
    videos: whether videos are wanted too.
    """

    name: str
    channel: str
    pages: int = 1
    videos: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9_]{1,60}", self.channel, re.ASCII):
            raise ValueError(f"{self.channel!r} is no channel; known ones: {', '.join(CHANNELS)}")
        must_be_within("pages", self.pages, most=50)

    @property
    def most(self) -> int:
        return self.pages

    def requests(self) -> tuple[Request, ...]:
        """One POST a page; the first says "refresh", the others "go on"."""
        prefix = "" if self.channel.startswith("news_") else "news_news_"
        return tuple(
            Request(
                url=_ENDPOINT,
                method="POST",
                headers=(*AS_ITS_PAGES, _JSON),
                content=msgspec.json.encode(
                    {
                        "base_req": {"from": "pc"},
                        "forward": "2" if page == 1 else "1",
                        "qimei36": _DEVICE,
                        "device_id": _DEVICE,
                        "flush_num": page,
                        "channel_id": prefix + self.channel,
                        "item_count": 12,
                        "is_local_chlid": "0",
                    }
                ),
            )
            for page in range(1, self.pages + 1)
        )

    def finds(self, told: Capture) -> Finds:
        """The articles of one page of the feed."""
        data = answer.read(told).get("data")
        if isinstance(data, dict):  # seen on r.inews.qq.com
            data = data.get("list", data.get("newslist"))
        if not isinstance(data, list):
            raise Unreachable(told.url, "a feed without its list", kind="answer")
        gathering = Gathering(told.url)
        rows.take_all(gathering, data, videos=self.videos)
        return gathering.done()
