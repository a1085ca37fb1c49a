"""The articles of one author or outlet, as their page on news.qq.com lists them.  Pure.

`news.qq.com/omn/author/8QMf335U6oYdvT%2Fe` names the author by a text in base64, older addresses by a number, which the
list does not take: the author's card tells the text.  The list says itself how to ask for its next page.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from archive.capture import Capture
from scraper.errors import Unreachable
from scraper.sources import answer, rows
from scraper.sources.found import Finds, Gathering
from scraper.sources.given import must_be_within
from scraper.sources.request import AS_ITS_PAGES, Request

_CARD: Final = "https://i.news.qq.com/i/getUserHomepageInfo"
_LIST: Final = "https://i.news.qq.com/getSubNewsMixedList"
_PAGE = re.compile(r"(?:https?://)?(?:news|new)\.qq\.com/omn/author/([^/?#]+)", re.ASCII)
_AUTHOR = re.compile(r"[A-Za-z0-9+/_-]{4,64}={0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author.

    author: the address of the author's page, or what stands at its end.  pages: how many pages of the list to ask.
    videos: whether videos are wanted too.
    """

    name: str
    author: str
    pages: int = 1
    videos: bool = False

    def __post_init__(self) -> None:
        if not _AUTHOR.fullmatch(self._known):
            raise ValueError(
                f"{self.author!r} is no author; give the address of a page news.qq.com/omn/author/…"
            )
        must_be_within("pages", self.pages, most=100)

    @property
    def _known(self) -> str:
        """The author as the site knows them: digits, or text in base64."""
        found = _PAGE.match(self.author)
        return unquote(found[1] if found else self.author)

    @property
    def most(self) -> int:
        """So many pages, and the author's card."""
        return self.pages + self._known.isdigit()

    def requests(self) -> tuple[Request, ...]:
        """The first page of the list, or where only a number is known, the author's card."""
        if self._known.isdigit():
            url = f"{_CARD}?{urlencode({'chlid': self._known})}"
            return (Request(url=url, headers=AS_ITS_PAGES),)
        return (_page(self._known),)

    def finds(self, told: Capture) -> Finds:
        """The articles of one page of the list, the newest first, and how to ask for the next."""
        data = answer.read(told)
        card = data.get("userinfo")
        if isinstance(card, dict):
            known = answer.text(card.get("suid"))
            if not _AUTHOR.fullmatch(known):
                raise Unreachable(told.url, "there is no such author", kind="answer")
            return Finds(articles=(), leads=(_page(known),))
        if not isinstance(data.get("newslist"), list):
            raise Unreachable(told.url, "an author's list without its list", kind="answer")
        gathering = Gathering(told.url)
        rows.take_all(gathering, data["newslist"], videos=self.videos)
        after = answer.text(data.get("offsetInfo"))
        if after and data.get("hasNext") and (known := _asked_for(told.url)):
            gathering.lead(_page(known, after))
        return gathering.done()


def _page(known: str, after: str = "") -> Request:
    query = {"guestSuid": known, "tabId": "om_index", "caller": "1", "from_scene": "103"}
    if after:
        query["offset_info"] = after
    return Request(url=f"{_LIST}?{urlencode(query)}", headers=AS_ITS_PAGES)


def _asked_for(url: str) -> str:
    """Whose list an address asks for."""
    return parse_qs(urlsplit(url).query).get("guestSuid", [""])[0]
