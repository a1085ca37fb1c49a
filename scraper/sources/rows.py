"""What the rows of qq.com's lists mean, by their `articletype`.  Pure.

Seen in answers of `getPCList`, `hot_ranking_list` and `getSubNewsMixedList`, 2022 to 2026: 0 is an article, 1 a
gallery, 4, 56 and 118 are videos, 100 is a topic, 102 and 103 are live broadcasts, 123 is a tag, 525 a wrapper whose
`sub_item` holds the articles, and 560 the explanatory first row of the hot list.
"""

from typing import Any, Final

from scraper.sources import answer
from scraper.sources.found import Gathering

_OTHERS: Final = {
    "4": "a video",
    "56": "a video",
    "118": "a video",
    "100": "a special topic",
    "102": "a live broadcast",
    "103": "a live broadcast",
    "123": "a tag",
    "560": "the head of the list",
}
_WRAPPER: Final = "525"
_DEEPEST: Final = 3


def take_all(gathering: Gathering, listed: object, *, videos: bool) -> None:
    """Every row of a list, whatever the answer holds there.  videos: as for `take`."""
    for row in answer.rows(listed):
        take(gathering, row, videos=videos)
    for _ in range(answer.others(listed)):
        gathering.wonder("no object")


def take(gathering: Gathering, row: dict[str, Any], *, videos: bool, depth: int = 0) -> None:
    """Add the article of a row, or the articles it wraps, or count what it is instead.

    videos: whether videos are wanted; their pages say little more than a title.
    """
    kind = answer.text(row.get("articletype"))
    inner = answer.rows(row.get("sub_item")) if depth < _DEEPEST else []
    for each in inner:
        take(gathering, each, videos=videos, depth=depth + 1)
    if kind == _WRAPPER:  # which has no page of its own
        if not inner:
            gathering.skip("an empty wrapper")
        return
    known = answer.text(row.get("id"))
    other = _OTHERS.get(kind) or ("a video" if known[8:9] == "V" else "")
    if other and not (videos and other == "a video"):
        gathering.skip(other)
        return
    address = _address(row, known)
    if not address:
        gathering.wonder("a row without an address")
        return
    gathering.add(
        address,
        title=answer.text(row.get("longtitle")) or answer.text(row.get("title")),
        published=answer.beijing(row.get("publish_time"))
        or answer.beijing(row.get("time"))
        or answer.moment(row.get("timestamp")),
    )


def _address(row: dict[str, Any], known: str) -> str:
    """The row's own address; feeds name one host or another for the same article."""
    link = row.get("link_info")
    told = answer.text(link.get("url")) if isinstance(link, dict) else ""
    return told or answer.text(row.get("url")) or answer.text(row.get("surl")) or known
