"""When an article of unknown making was published and changed.  Pure.

    published(page, says, …)   from the most reliable place that has it
    updated(page, says)        what the page states
    time_of(value)             a time in the spellings that are written for machines

Statements for machines come first (JSON-LD, `<meta>`, microdata), then what is shown between headline and text, then a
`<time>` there.  A time may be absent, never wrong: one that is later than the page itself is none.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from selectolax.lexbor import LexborNode

from scraper.layouts.facts import beijing, first, text
from scraper.layouts.generic.blocks import Block, weight
from scraper.layouts.generic.facts import Stated
from scraper.page import Page

_DATES = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "og:release_date",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publish_time",
    "dc.date.issued",
    "dc.date",
    "date",
    "weibo:article:create_at",
    "bytedance:published_time",
)
_SHOWN_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?[T\s]{0,3}(?:\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2})?)?"
)
_MINUTE = re.compile(r"\d[:：时]\d")
_OF_OLD = re.compile(
    r"(?:[A-Z][a-z]{2},?\s)?(?:(?P<day>\d{1,2})\s(?P<month>[A-Z][a-z]{2})|(?P<month2>[A-Z][a-z]{2})\s(?P<day2>\d{1,2}))"
    r"\s(?P<year>\d{4})\s(?P<time>\d{1,2}:\d\d(?::\d\d)?)\s(?:GMT|UTC)?(?P<zone>[+-]\d{4}|(?<=GMT|UTC)|[ECMP][SD]T)"
    r"(?:\s\(.{1,60}\))?"
)
"""`Mon, 18 Nov 2019 16:07:38 -0600` as in mails, `Tue Nov 19 2019 03:05:46 GMT+0000` as in JavaScript."""
_UNIVERSAL = re.compile(r"(?<=:\d\d)(?:\.\d{1,9})?\s?(?:GMT|UTC)$")
_CHANGED = re.compile(r"updat|modif|更新|修改", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish", re.IGNORECASE)
_LABEL = 80
"""Characters up to which the text around a `<time>` says what time it is."""
_SENTENCES = 30.0
"""The weight from which a text is no label."""
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg"})
_NEAR = 400
"""Nodes after the headline among which a `<time>` is looked for."""
_SLACK = timedelta(days=1)
"""How much later than the page a time may be: clocks go wrong, and not all name their zone."""
_FILES_BEGIN = 2000
"""The year before which the time of a page is that of a file that lost its own."""


def time_of(value: Any) -> datetime | None:
    """A time as pages state it for machines; None for one in words and for one without a zone in English.

    >>> time_of("Tue Nov 19 2019 03:05:46 GMT+0000").isoformat()
    '2019-11-19T11:05:46+08:00'
    >>> time_of("20 Nov 2019 08:02 GMT").isoformat(), time_of("2019-11-20 08:02:00 UTC").isoformat()
    ('2019-11-20T16:02:00+08:00', '2019-11-20T16:02:00+08:00')
    >>> time_of("0001-01-01T00:00:00Z"), time_of("20 Nov 2019 08:02")
    (None, None)
    """
    words = " ".join(text(value)[:200].split())
    if not (found := _OF_OLD.fullmatch(words)):
        return beijing(_UNIVERSAL.sub("Z", words))
    day, month = found["day"] or found["day2"], found["month"] or found["month2"]
    try:
        at = parsedate_to_datetime(
            f"{day} {month} {found['year']} {found['time']} {found['zone'] or '+0000'}"
        )
    except ValueError:
        return None
    return beijing(at.isoformat())


def published(
    page: Page, says: Stated, near: str, above: str, headline: Block | None
) -> datetime | None:
    """When it was published.

    near: what stands between the headline and the text.  above: what stands over the headline; often that is the day on
    which the page was opened, so it counts only with the minute.
    """
    found = _SHOWN_DATE.search(near)
    shown = _past(page, found[0]) if found else None
    stated = (says.data.get("datePublished"), *(says.metas.get(name) for name in _DATES))
    at = _first_time(page, stated) or _in_microdata(page)
    if at:
        # Some state the day alone, and show the minute.
        is_day = (at.hour, at.minute, at.second) == (0, 0, 0)
        return shown if is_day and shown and shown.date() == at.date() else at
    if shown:
        return shown
    if headline and (at := _at_headline(page, headline)):
        return at
    dates = (date[0] for date in _SHOWN_DATE.finditer(above) if _MINUTE.search(date[0]))
    return _past(page, next(dates, ""))


def updated(page: Page, says: Stated) -> datetime | None:
    """When it was last changed, if the page states it."""
    return _past(
        page,
        first(
            text(says.data.get("dateModified")),
            says.meta("article:modified_time", "og:updated_time"),
        ),
    )


def _past(page: Page, value: Any) -> datetime | None:
    """A time, if the page can know it: what was published tomorrow was not."""
    at, read_at = time_of(value), page.capture.at
    if at and read_at.year >= _FILES_BEGIN and at > read_at + _SLACK:
        return None
    return at


def _first_time(page: Page, values: Iterable[Any]) -> datetime | None:
    """The first of the values that is a time; they stand in the order in which they are believed."""
    return next((at for value in values if (at := _past(page, value))), None)


def _in_microdata(page: Page) -> datetime | None:
    """What the elements state that microdata calls the date of publishing, if they agree: comments have such, too."""
    nodes = page.tree.css('[itemprop~="datePublished"]')
    times = {at for node in nodes if (at := _past(page, _stated_by(node)))}
    return times.pop() if len(times) == 1 else None


def _stated_by(node: LexborNode) -> str:
    """The time that an element states in its attributes, or shows."""
    attributes = node.attributes
    return attributes.get("content") or attributes.get("datetime") or node.text()[:_LABEL]


def _at_headline(page: Page, headline: Block) -> datetime | None:
    """The first `<time>` between the headline and the text that says when it was published."""
    node = _after(headline.node)
    for _ in range(_NEAR):
        if node is None or (node.tag == "-text" and weight(node.text_content or "") > _SENTENCES):
            return None
        stated = node.attributes.get("datetime") if node.tag == "time" else None
        if stated and not _tells_change(node):
            return _past(page, stated)
        into = node.first_child if node.tag not in _UNSEEN else None
        node = into or _after(node)
    return None


def _after(node: LexborNode) -> LexborNode | None:
    """The node that follows in the document, without what stands in this one."""
    here: LexborNode | None = node
    while here is not None and here.next is None:
        here = here.parent
    return here.next if here is not None else None


def _tells_change(node: LexborNode) -> bool:
    """Whether a `<time>` is that of the last change, by what is written at it or by its class."""
    around = node.parent.text() if node.parent is not None else ""
    written = around if len(around) <= _LABEL else node.text()
    names = node.attributes.get("class") or ""
    return bool(
        _CHANGED.search(written) or (_CHANGED.search(names) and not _PUBLISHED.search(names))
    )
