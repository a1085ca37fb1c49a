"""The sitemap of news.qq.com, which names more than its lists: an index of files, and addresses in each.  Pure.

The index is `news.qq.com/sitemap/index.xml`, as robots.txt says; `<lastmod>` stands in some of it.  A file holds old
articles and new ones, so that what is too old is told by the day in its id.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Final
from zlib import crc32

from archive.article import BEIJING
from archive.capture import Capture
from scraper.decoding import Cut, Garbled, Gunzip, TooLarge
from scraper.errors import Unreachable
from scraper.sources.answer import unless_firewall, unless_kept_out
from scraper.sources.found import Finds, Gathering
from scraper.sources.given import must_be_web_address, must_be_within
from scraper.sources.request import Request
from scraper.urls.address import host_of

MOST_TEXT: Final = 16 * 2**20
"""Bytes of a packed file that are read; the 50,000 addresses that sitemaps.org allows take a third of them."""

_PACKED: Final = b"\x1f\x8b"
_PART = re.compile(
    rb"<(?P<kind>sitemap|url)[\s>]"
    rb"|<loc>\s{0,99}(?:<!\[CDATA\[)?\s{0,99}(?P<place>[!-;=?-~]{1,2048})"
    rb"|<lastmod>\s{0,99}(?P<day>\d{4}-\d{2}-\d{2})"
)
_DAY = re.compile(r"/(?:[A-Z]{2,3})?((?:19|20)\d{6})[A-Z0-9]{6,10}(?:\.html?)?$")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of an index (`sitemap`) or an address of a file (`url`).  day: of its last change; may be absent."""

    kind: str = ""
    place: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A sitemap.

    url: its index, or one file.  days: articles whose id is older are left alone.  files: so many of the index at one
    poll, those changed last; where the index does not say, some of them, and others the next time.
    """

    name: str
    url: str = "https://news.qq.com/sitemap/index.xml"
    days: int = 3
    files: int = 20

    def __post_init__(self) -> None:
        must_be_web_address(self.url)
        if self.days < 1:
            raise ValueError("days must be at least 1")
        must_be_within("files", self.files, most=1000)

    @property
    def most(self) -> int:
        return 1 + self.files

    def requests(self) -> tuple[Request, ...]:
        """The index."""
        return (Request(url=self.url),)

    def finds(self, told: Capture) -> Finds:
        """The files that an index names, to be asked next, or the articles of a file."""
        unless_kept_out(told)
        if told.status != 200:
            raise Unreachable(told.url, f"HTTP {told.status} instead of a sitemap", kind="answer")
        page = _unpacked(told)
        if not re.search(rb"<(?:sitemapindex|urlset)\b", page[:4096]):
            unless_firewall(told)
            raise Unreachable(told.url, "something else instead of a sitemap", kind="answer")
        since = told.at.astimezone(BEIJING) - timedelta(days=self.days)
        gathering = Gathering(told.url)
        files: list[_Entry] = []
        for entry in _entries(page):
            named = _DAY.search(entry.place)
            if not entry.place:
                if entry.kind:
                    gathering.wonder("an entry without an address")
                continue
            if entry.day and entry.day < f"{since:%Y-%m-%d}":
                gathering.skip("older")
            elif entry.kind == "sitemap":
                files.append(entry)
            elif named and named[1] < f"{since:%Y%m%d}":
                gathering.skip("older")
            else:
                gathering.add(entry.place)
        for place in self._chosen(files, told):
            gathering.lead(Request(url=place, alone=True))
        return gathering.done()

    def _chosen(self, files: list[_Entry], told: Capture) -> list[str]:
        """Which files to ask: on the host of the index, the last changed first, the others as chance has it."""
        here, second = host_of(told.url), told.at.timestamp()
        mine = [one for one in files if host_of(one.place) == here and one.place != told.url]
        mine.sort(key=lambda one: crc32(f"{one.place} {second}".encode()))
        mine.sort(key=lambda one: one.day, reverse=True)
        return list(dict.fromkeys(one.place for one in mine))[: self.files]


def _unpacked(told: Capture) -> bytes:
    """What a file says, also of one that lies on the site as gzip (`sitemap_1.xml.gz`).

    Raises Unreachable for one that is damaged, cut short, or unpacks to more than `MOST_TEXT`.
    """
    if not told.body.startswith(_PACKED):
        return told.body
    gunzip = Gunzip(MOST_TEXT)
    try:
        gunzip.feed(told.body)
        gunzip.finish()
    except Garbled as error:
        raise Unreachable(told.url, f"a damaged sitemap: {error}", kind="answer") from error
    except Cut as error:
        raise Unreachable(told.url, "a sitemap that is cut short", kind="answer") from error
    except TooLarge as error:
        raise Unreachable(told.url, "a sitemap too large to unpack", kind="answer") from error
    return bytes(gunzip.body)


def _entries(page: bytes) -> Iterator[_Entry]:
    """The entries in their order, by one linear pass."""
    entry = _Entry()
    for part in _PART.finditer(page):
        if kind := part["kind"]:
            yield entry
            entry = _Entry(kind.decode())
        elif (place := part["place"]) and not entry.place:
            entry = replace(entry, place=unescape(place.decode().removesuffix("]]")))
        elif day := part["day"]:
            entry = replace(entry, day=day.decode())
    yield entry
