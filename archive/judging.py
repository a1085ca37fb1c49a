"""What an article is to an archive, by what its index knows; what keeping it came to.

    judged    a print → New, Same, Revised or Copy
    saved     the verdict and what stands in the archive → Saved

The rules stand in `archive.dedupe`, which is told and does not look; here it is told.
"""

from dataclasses import dataclass
from datetime import datetime

from archive.article import Article
from archive.dedupe import Copy, New, Print, Revised, Same, Verdict, judge
from archive.index import events, holdings
from archive.index.connection import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What keeping an article came to.

    path: of its file, from the archive's root.  images, missing: how many pictures the text has here, and lacks.
    """

    verdict: Verdict
    id: str
    title: str
    path: str
    images: int
    missing: int


def judged(db: Database, found: Print, id: str, *, at: datetime | None = None) -> Verdict:
    """What an article with this print would be.

    at: `Capture.brought_at`: a page that somebody had may be older than the current text, and be that of an earlier one
    or of one that is not here yet.
    """
    if at is not None and holdings.had(db, id, found, before=events.stamp(at)):
        return Same()
    older = at is not None and holdings.is_older(db, id, events.stamp(at))
    kept, suspect = holdings.prints(db, id)
    twin = None if kept else holdings.twin(db, found.twin, other_than=id)
    pictured = twin is None or holdings.pictured(db, twin, found.text)
    return judge(found, kept=kept, suspect=suspect, twin=twin, pictured=pictured, older=older)


def saved(db: Database, verdict: Verdict, article: Article, *, number: int | None = None) -> Saved:
    """What keeping an article came to, now that it is in the index.

    number: of the text that was kept; None when it is the current one.
    """
    path, images, missing = holdings.shown(db, article.id, number)
    return Saved(
        verdict=verdict,
        id=article.id,
        title=article.title,
        path=path,
        images=images,
        missing=missing,
    )


def word(verdict: Verdict) -> str:
    """The verdict as an event tells it."""
    if isinstance(verdict, Revised):
        return "suspect" if verdict.suspect else "older" if verdict.older else "revised"
    return {New: "new", Copy: "copy", Same: "same"}[type(verdict)]
