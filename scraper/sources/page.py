"""Any page that links to articles: a channel's page, an author's, somebody's list.  Pure.

Addresses are found in the text of the page, in links and in the data of its scripts alike, by one linear pass; the page
is not parsed, and no more of them are looked at than a list may have, so that a hostile one costs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from archive.capture import Capture
from scraper.errors import NotAnArticle, Unreachable
from scraper.sources.answer import unless_firewall, unless_kept_out
from scraper.sources.found import MOST, Finds, Gathering
from scraper.sources.given import must_be_web_address
from scraper.sources.request import Request
from scraper.urls import identify

_IN_TEXT: Final = "[!#-&*-;=?-Z_a-z~]"
"""What an address in a text is made of: no quotes, no brackets, and nothing that is not ASCII, for a text may go on."""

_ADDRESS: Final = re.compile(
    r"""(?:\bhref\s{0,9}=\s{0,9}["']?(?P<link>[^"'\s<>]{1,2048}))"""
    r"""|(?P<text>(?:https?:)?(?:\\?/){2}[a-z0-9.-]{1,80}\.(?:qq|tenpay)\.com(?:\\?/)"""
    rf"""{_IN_TEXT}*(?:\\/{_IN_TEXT}*)*)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page that links to articles.  url: its address, on a host the network settings let us ask."""

    name: str
    url: str

    def __post_init__(self) -> None:
        must_be_web_address(self.url)

    @property
    def most(self) -> int:
        return 1

    def requests(self) -> tuple[Request, ...]:
        """The page itself."""
        return (Request(url=self.url),)

    def finds(self, told: Capture) -> Finds:
        """The articles it links to, in the page's order; whatever else it links to is not counted.

        A page that links to none is no list: its addresses may only come with scripts, or it is in the place of one.
        """
        unless_kept_out(told)
        if told.status != 200:
            raise Unreachable(told.url, f"HTTP {told.status} instead of a list", kind="answer")
        gathering = Gathering(told.url)
        # Addresses are ASCII, and every charset of these pages agrees with Latin-1 about ASCII.
        page = told.body.decode("latin-1").replace(r"\u002F", "/")
        for address in islice(dict.fromkeys(addresses_in(page)), MOST):
            try:
                whole = urljoin(told.url, address)
                identify(whole)
            except (NotAnArticle, ValueError):
                continue
            gathering.add(whole)
        finds = gathering.done()
        if not finds.articles:
            unless_firewall(told)
            raise Unreachable(told.url, "a page that links to no article", kind="answer")
        return finds


def addresses_in(markup: str) -> Iterator[str]:
    """What some markup links to and the addresses of qq.com in its text, in order; relative ones as they stand."""
    return (_bare(found["link"] or found["text"]) for found in _ADDRESS.finditer(markup))


def _bare(address: str) -> str:
    """An address without the marks that a script, an escaped text or a sentence puts in it and around it."""
    plain = unescape(address).replace("\\/", "/").lstrip("\"'")
    return re.split("[\"'<>]", plain, maxsplit=1)[0].rstrip(".,;:!?")
