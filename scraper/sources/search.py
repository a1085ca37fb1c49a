"""What the site's own search finds for some words.  Pure.

Its answers are sections (`secList`), some of news, some of accounts and topics.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from archive.capture import Capture
from scraper.errors import Unreachable
from scraper.sources import answer, rows
from scraper.sources.found import Finds, Gathering
from scraper.sources.given import must_be_within
from scraper.sources.request import AS_ITS_PAGES, Request

_ENDPOINT: Final = "https://i.news.qq.com/gw/pc_search/result"
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSearch:
    """A search.  query: the words.  pages: how many pages of results to ask, some 10 each.

    videos: whether videos are wanted too.
    """

    name: str
    query: str
    pages: int = 1
    videos: bool = False

    def __post_init__(self) -> None:
        if not self.query.strip() or len(self.query) > _LONGEST:
            raise ValueError(f"query must be some words, {_LONGEST} characters at most")
        must_be_within("pages", self.pages, most=50)

    @property
    def most(self) -> int:
        return self.pages

    def requests(self) -> tuple[Request, ...]:
        """One POST a page."""
        form = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        return tuple(
            Request(
                url=_ENDPOINT,
                method="POST",
                headers=(*AS_ITS_PAGES, form),
                content=urlencode(
                    {
                        "page": page,
                        "query": self.query.strip(),
                        "is_pc": 1,
                        "hippy_custom_version": 25,
                        "search_type": "all",
                        "search_count_limit": 10,
                        "appver": "15.5_qqnews_7.1.80",
                    }
                ).encode(),
            )
            for page in range(self.pages)
        )

    def finds(self, told: Capture) -> Finds:
        """The articles of one page of results, in the site's order.

        Where nothing is found there may be no sections, but their number, `total_num`.
        """
        data = answer.read(told)
        if not isinstance(data.get("secList"), list) and "total_num" not in data:
            raise Unreachable(told.url, "results without their list", kind="answer")
        gathering = Gathering(told.url)
        for section in answer.rows(data.get("secList")):
            rows.take_all(gathering, section.get("newsList"), videos=self.videos)
        return gathering.done()
