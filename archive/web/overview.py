"""What the archive as a whole has to tell: what was withdrawn, how much came when, what runs did, a feed."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from archive import __version__
from archive.errors import DamagedArchive, QueryError
from archive.export import atom
from archive.export.rows import Fact
from archive.export.source import fact_of
from archive.files import digest
from archive.index import browsing, lookup
from archive.index.browsing import Day
from archive.index.connection import translated
from archive.index.lookup import Found
from archive.index.runs import Runs
from archive.web import chart
from archive.web.asked import Asked, NotThere
from archive.web.chart import Column
from archive.web.replies import Reply, stored

PAGE: Final = 50
"""Articles withdrawn on a page; articles in the feed; runs."""

_MONTH: Final = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])")


def gone(asked: Asked) -> Reply:
    """What was withdrawn and is not back, the latest first."""
    found = asked.reader.gone()
    start = PAGE * (asked.page - 1)
    return asked.shown(
        "gone.html",
        found=found[start : start + PAGE],
        number=len(found),
        page=asked.page,
        more=len(found) > start + PAGE,
    )


def timeline(asked: Asked) -> Reply:
    """How much came on each day of a month, the latest by default, and in each month of its year."""
    with translated(asked.reader.root):
        days = browsing.days(asked.reader.database)
    month = asked.field("month") or (days[-1].day[:7] if days else f"{asked.now:%Y-%m}")
    if not _MONTH.fullmatch(month):
        raise NotThere
    year = month[:4]
    within = [one for one in days if one.day.startswith(year)]
    months = [
        _column(f"{year}-{one:02}", within, label=f"{one}", link=f"/timeline?month={year}-{one:02}")
        for one in range(1, 13)
    ]
    columns = [
        _column(day, within, label=f"{one}", link=f"/?from={day}&to={day}")
        for one in range(1, monthrange(int(year), int(month[5:]))[1] + 1)
        for day in [f"{month}-{one:02}"]
    ]
    return asked.shown(
        "timeline.html",
        month=month,
        year=year,
        years=sorted({one.day[:4]: one.day[:7] for one in days}.items()),
        charts=[
            (f"Days of {month}", chart.bars(columns)),
            (f"Months of {year}", chart.bars(months)),
        ],
        columns=[one for one in columns if one.articles or one.edited or one.gone],
        width=chart.WIDTH,
        height=chart.HEIGHT,
    )


def _column(span: str, days: Iterable[Day], *, label: str, link: str) -> Column:
    """A day or month as the sum of what belongs to it."""
    within = [one for one in days if one.day.startswith(span)]
    articles, edited, gone = (
        sum(getattr(one, name) for one in within) for name in ("articles", "edited", "gone")
    )
    name = f"{span}: {articles} published, {edited} changed, {gone} withdrawn"
    return Column(label=label, name=name, link=link, articles=articles, edited=edited, gone=gone)


def runs(asked: Asked) -> Reply:
    """What runs did, the latest first."""
    reader = asked.reader
    with translated(reader.root):
        last = Runs(lambda: reader.database, lambda: asked.now, __version__).last(PAGE)
    return asked.shown("runs.html", runs=[(run, asked.ended(run)) for run in last])


def feed(asked: Asked) -> Reply:
    """The texts that came in last, new and changed, as an Atom feed."""
    with translated(asked.reader.root):
        db = asked.reader.database
        found = list(lookup.articles(db, browsing.kept_last(db, PAGE)))
    updated = max((one.captured for one in found), default="")
    told = [__version__, asked.base, *((one.id, one.captured, one.gone, one.back) for one in found)]

    def made() -> bytes:
        facts = _facts(asked, found)
        address = f"{asked.base}/feed.xml"
        return b"".join(atom.written(facts, query="", updated=updated, address=address))

    mark = digest(repr(told).encode("utf-8"))
    return stored(made, "application/atom+xml; charset=utf-8", mark=mark, asked=asked.marks)


def _facts(asked: Asked, found: Sequence[Found]) -> Iterator[Fact]:
    """The current texts of articles; of one that is damaged, or forgotten since, its own page tells."""
    for one in found:
        with suppress(DamagedArchive, QueryError):
            yield fact_of(asked.reader, one.id, one.revision)
