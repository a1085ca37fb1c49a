"""Today's extractor over the kept captures: what would read better, worse, or the same.

    Compared    one article: as it is kept, as it reads today, and which is more
    compare     both readings → Compared                                                       pure
    again       the kept articles, one after the other; writes nothing
    take_over   today's reading becomes the current text

Nothing is asked of the site.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from archive.article import Article
from archive.changes import FACTS, differ
from archive.changes import compare as differences
from archive.dedupe import Same
from archive.document import Document, settled
from archive.errors import ArchiveError
from archive.reader import Reader
from archive.state import State
from archive.text import words
from scraper.errors import TooHard
from scraper.pipeline.collect import Collector
from scraper.pipeline.paged import reread
from scraper.reading import Reading
from scraper.urls import article_at
from scraper.worker.pool import WorkerBug, Workers

READ_AGAIN: Final = "read again: "
"""Begins the rule of a text that a later extractor read from a page that had not changed."""

SHORTER: Final = 0.98
"""A text below this share of the kept one lost something; a little less is chrome that is told from text at last."""


EPOCH: Final = datetime.fromtimestamp(0, UTC)
"""Stands where a document wants a time of capture and none is looked at."""


class Judged(StrEnum):
    """How today's reading of a page stands to the kept one."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    UNREAD = "unread"  # no capture to read, or the reader gave up


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One article.

    reasons: what today's reading has more of or less of, a few words each.  grades: of the edit from the kept text to
    today's, the gravest first.  kept: the text as it stands.  reading: today's.  Both None when there is none.
    """

    id: str
    judged: Judged
    title: str = ""
    reasons: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    kept: Document | None = None
    reading: Reading | None = None


def compare(id: str, kept: Article, today: Reading) -> Compared:
    """Which reading of one capture has more.

    Worse is: no article any more, less text, fewer pictures, a fact that was there and is not.  Any other difference
    is better: the extractor was changed to make it.
    """
    article = today.article
    if today.state is not State.OK or article is None:
        reason = f"reads as {today.state}: {today.rule}"
        return Compared(
            id=id, judged=Judged.WORSE, title=kept.title, reasons=(reason,), reading=today
        )
    # Under whatever id the page goes today, it is the page of this article.
    article = replace(article, id=kept.id, url=kept.url)
    article = settled(Document(article=article, captured=EPOCH)).article
    today = replace(today, article=article)
    less, more = _weighed(kept, article)
    change = differences(kept, article)
    different = differ(kept, article) or bool(less or more)
    judged = Judged.WORSE if less else Judged.BETTER if different else Judged.SAME
    reasons = tuple(less or more)
    if different and not reasons:
        reasons = ("written otherwise",)
    return Compared(
        id=id,
        judged=judged,
        title=kept.title,
        reasons=reasons,
        grades=tuple(str(grade) for grade in change.grades),
        reading=today,
    )


def _weighed(kept: Article, today: Article) -> tuple[list[str], list[str]]:
    """What today's reading has less of, and what it has more of."""
    less: list[str] = []
    more: list[str] = []
    before, now = len(words(kept.markdown)), len(words(today.markdown))
    if now != before:
        told = f"text {before} → {now} characters"
        (less if now < SHORTER * before else more).append(told)
    before, now = len(kept.images), len(today.images)
    if now != before:
        (less if now < before else more).append(f"pictures {before} → {now}")
    for name in ("title", *FACTS):
        was, is_now = getattr(kept, name), getattr(today, name)
        if bool(was) != bool(is_now):
            (less if was else more).append(f"{name} {'lost' if was else 'found'}")
        elif was != is_now:
            more.append(f"{name} differs")
    return less, more


async def again(reader: Reader, workers: Workers, ids: Iterable[str]) -> AsyncIterator[Compared]:
    """Read the captures of these articles with today's extractor, and compare."""
    for id in ids:
        yield await _one(reader, workers, id)


async def _one(reader: Reader, workers: Workers, id: str) -> Compared:
    try:
        shown = reader.show(id)
        capture = reader.capture(id)
    except ArchiveError as error:
        return Compared(id=id, judged=Judged.UNREAD, reasons=(error.what,))
    kept = reader.whole(shown)
    which, pages = article_at(shown.article.url), reader.pages(shown.article.id)
    try:
        reading = await reread(workers, which, capture, pages)
    except (TooHard, WorkerBug) as error:
        reason = str(error).strip().splitlines()[-1]
        return Compared(id=id, judged=Judged.UNREAD, title=kept.title, reasons=(reason,))
    return replace(compare(id, kept, reading), kept=shown.document)


async def take_over(collector: Collector, one: Compared) -> bool:
    """Make today's reading the current text, as a revision of its own; the earlier one stays.  Gives whether it was.

    It is not where today's page is no article.  What was cited by its number says for ever what it said, so better
    facts make a revision as well.
    """
    kept, reading = one.kept, one.reading
    if kept is None or reading is None or reading.article is None or reading.state is not State.OK:
        return False
    album = await collector.pictures.gather(reading.article.images, online=False)
    saved = await collector.aside(
        collector.archive.rereading.keep,
        reading.article,
        captured=kept.captured,
        capture=kept.capture,
        rule=f"{READ_AGAIN}{reading.rule}",
        charset=reading.charset,
        pictures=album.pictures,
        missing=album.missing,
    )
    return not isinstance(saved.verdict, Same)
