"""What a page of unknown making says about its article: title and medium.  Pure.

    headline_of(page, blocks)          the block that carries the title on the page, and the title
    stated(page)                       what JSON-LD (schema.org) and `<meta>` say
    outlet(says, near)                 the medium, from the most reliable place that has it

Machine-readable statements come first, what stands between headline and text second; nothing is guessed.  Times are
left to `scraper.layouts.generic.times`, people to `scraper.layouts.generic.authors`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scraper.layouts.facts import first, line, mapping, names_the_site
from scraper.layouts.generic.blocks import Block, weight
from scraper.page import Page
from scraper.script import value_at

_LONGEST_DATA = 300_000
_MOST_NODES = 500
_ARTICLES = re.compile(r"[A-Za-z]{0,30}Article|(?:Live)?BlogPosting|Report")
"""The types of schema.org for articles: `NewsArticle`, `ReportageNewsArticle`, `TechArticle` …"""
_AROUND_ARTICLES = re.compile(r"(?:Medical)?WebPage|ClaimReview")
"""Types of what may stand around an article, believed where nothing better is said."""
SITE = re.compile(
    r"(?P<title>.+?)(?:\s*[_|｜]+\s*|\s+[-–—]+\s+|-{1,2}|(?<!—)—(?!—))(?P<site>[^_|｜—–-]{1,24})$"
)
LONGEST_TITLE = 500
"""Characters; what is longer is no title, and looking for a site at its end takes time that grows with its square."""
_LONGEST_SITE = 10.0
"""The weight a site's or channel's name at the end of a title may have."""
_OUTLETS = ("mediaid", "source", "article:publisher_name", "og:site_name", "application-name")
_QQ = re.compile(r"https?://(?:[\w-]+\.)*qq\.com(?:[:/]|$)", re.IGNORECASE)
"""Where the site is no medium but shows those of others, and names them as `article:author`."""
SPACE = r"[ \t\u3000]*"
_SHOWN_OUTLET = re.compile(
    rf"(?:^|[\s|\d])(?:文章|新闻|稿件|信息)?来源{SPACE}[:：]{SPACE}"
    r"([^\s，,。|:：]{2,20}?)(?=$|[\s，,。|]|(?:作者|责编|责任编辑|编辑|记者)[:：])"
)
_PLACE = re.compile(r"[(（][\u4e00-\u9fff]{2,4}[)）]$")
"""What some sites write after an outlet's name: where it is at home."""
_NOT_AN_OUTLET = re.compile(r"字号|分享|编辑|选稿|责编|原创稿|点击|^(?:本站|原创|网络|互联网|转载)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the page's machine-readable statements say.

    data: the members of its JSON-LD article.  people: whom its JSON-LD names beside it.  title: that of the window.
    by_qq: whether qq.com states it.
    """

    data: dict[str, Any] = field(default_factory=dict)
    metas: dict[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    title: str = ""
    by_qq: bool = False

    def meta(self, *names: str) -> str:
        """The first of these `<meta>` names that says something."""
        return first(*(line(self.metas.get(name, "")) for name in names))


def stated(page: Page) -> Stated:
    """What the page states for machines."""
    best: dict[str, Any] = {}
    most = (False, 0)
    people = set()
    for script in page.scripts:
        if '"@type"' not in script:
            continue
        for found in _members(value_at(script[:_LONGEST_DATA])):
            kinds = found.get("@type")
            named = [
                kind
                for kind in (kinds if isinstance(kinds, list) else [kinds])
                if isinstance(kind, str)
            ]
            if "Person" in named:
                people.add(line(found.get("name")))
            is_article = any(map(_ARTICLES.fullmatch, named))
            if (is_article or any(map(_AROUND_ARTICLES.fullmatch, named))) and (
                is_article,
                len(found),
            ) > most:
                best, most = found, (is_article, len(found))
    return Stated(
        data=best,
        metas=page.metas,
        people=frozenset(people),
        title=page.title,
        by_qq=_QQ.match(page.url) is not None,
    )


def _members(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD script, however they are packed; at most a few hundred."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_NODES:
        seen += 1
        found = waiting.pop()
        if isinstance(found, list):
            waiting += found[:_MOST_NODES]
        elif isinstance(found, dict):
            yield found
            waiting.append(found.get("@graph"))


def headline_of(page: Page, blocks: list[Block], says: Stated) -> tuple[Block | None, str]:
    """The block that shows the title, None when none does; and the title, without the name of the site.

    What the page shows in large letters is the title, if the page's `<title>` agrees; for some sites shorten theirs.
    """
    whole = first(
        says.meta("og:title", "twitter:title"), line(says.data.get("headline")), page.title
    )
    bare = _without_site(whole, says)
    keys = [
        key
        for words in (whole, bare, page.title, line(says.data.get("headline")))
        if (key := _key(words))
    ]
    shown: tuple[Block, str] | None = None
    for block in blocks:
        if shown and block.tag != "h1":
            continue
        title = next((run for run in block.runs if _is_title(run, block.tag, keys)), "")
        if title:
            shown = (block, line(title))
        if title and block.tag == "h1":
            break  # what stands before it repeats it: a bar that appears when one scrolls
    if shown:
        return shown
    heading = next((block for block in blocks if block.tag == "h1" and block.runs), None)
    if heading and (not bare or names_the_site(bare)):
        return heading, line(heading.runs[0])
    return heading, bare


def _is_title(run: str, tag: str, keys: list[str]) -> bool:
    """Whether a run is the title.  keys: what the page states as its title, in letters and digits."""
    shown = _key(run)
    return len(shown) >= _SHORTEST_TITLE[tag == "h1"] and any(
        _agree(shown, key, tag) for key in keys
    )


_SHORTEST_TITLE = {True: 2, False: 4}
"""Letters from which a heading, and any other line, can be the title: a poem may be called 夜雨."""


def _key(words: str) -> str:
    """Letters and digits alone, to compare titles by."""
    return re.sub(r"\W+", "", words).lower()


def _agree(shown: str, stated_title: str, tag: str) -> bool:
    """Whether what a block shows is the title: it begins the stated one, or is a heading within it."""
    if stated_title.startswith(shown):
        return 2 * len(shown) >= len(stated_title) or tag in ("h1", "h2")
    return tag == "h1" and 2 * len(shown) >= len(stated_title) and shown in stated_title


def _without_site(title: str, says: Stated) -> str:
    """A title without what the site adds at its end: `标题_频道_网站`, `Title | Site`."""
    site = _key(says.meta("og:site_name"))
    while len(title) < LONGEST_TITLE and (found := SITE.fullmatch(title)):
        last = found["site"]
        if _key(last) != site and (
            weight(last) > _LONGEST_SITE or len(last) >= len(found["title"])
        ):
            break
        title = found["title"]
    return title.strip()


def outlet(says: Stated, near: str) -> str:
    """The medium: the one it names as its source before the one that shows it."""
    found = _SHOWN_OUTLET.search(near)
    if found and not _NOT_AN_OUTLET.search(found[1]):
        return _PLACE.sub("", line(found[1]))
    if says.by_qq:
        return says.meta("article:author")
    return first(line(mapping(says.data.get("publisher")).get("name")), says.meta(*_OUTLETS))
