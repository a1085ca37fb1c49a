"""Pages that are kept, read again by a later extractor.

    Rereading    a text of its own for what today's reading says otherwise; one for an article that lost all of its;
                 and one whose page is lost, as another archive read it

What was cited by its number says for ever what it said, so another reading is another revision, of the same capture.
Who reads pages stands elsewhere: the archive knows no layouts.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from archive import document as documents
from archive.article import Article
from archive.capture import Picture
from archive.captures import Captures
from archive.changes import differ
from archive.dedupe import Copy, Print, Revised, Same, Verdict, print_of
from archive.document import Document
from archive.errors import ArchiveError
from archive.files import Tree, refusal
from archive.filing import parsed
from archive.index import holdings
from archive.index.connection import Database
from archive.index.holdings import Kept, KeptPicture
from archive.judging import Saved, judged, saved, word
from archive.warc import Event
from archive.writer import Page, Writer


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a kept page says when it is read again.  captured, capture: when the page came, and its record."""

    article: Article
    captured: datetime
    capture: str
    rule: str
    charset: str
    prints: Print


class Rereading:
    """Keeps other readings of kept pages.  What a method did is durable when it returns; it raises ArchiveError."""

    def __init__(
        self,
        writer: Writer,
        tree: Tree,
        captures: Captures,
        database: Callable[[], Database],
        clock: Callable[[], datetime],
    ) -> None:
        self._writer = writer
        self._tree = tree
        self._captures = captures
        self._database = database
        self._clock = clock

    def keep(
        self,
        article: Article,
        *,
        captured: datetime,
        capture: str,
        rule: str = "",
        charset: str = "",
        pictures: Mapping[str, Picture | KeptPicture] | None = None,
        missing: Mapping[str, str] | None = None,
        prints: Print | None = None,
    ) -> Saved:
        """Keeps another reading as a revision, unless it says in all what is kept.

        Other facts or markup alone make a revision too.  captured, capture: when the page came, and its record.
        """
        article = documents.settled(Document(article=article, captured=captured)).article
        prints = prints or print_of(article)
        with self._writer.changing() as db:
            kept = holdings.kept(db, article.id)
            if kept is None:
                raise ArchiveError(f"there is no article {article.id}")
            same = isinstance(judged(db, prints, article.id), Same)
            if same and not self._reads_otherwise(article, kept):
                return saved(db, Same(), article)
            number = holdings.next_number(db, article.id)
        reading = _Reading(article, captured, capture, rule, charset, prints)
        of = kept.copy_of if same else ""
        self._revise(reading, Revised(), number, of, pictures or {}, missing or {})
        return saved(self._database(), Revised(), article)

    def recover(
        self,
        article: Article,
        *,
        captured: datetime,
        capture: str,
        rule: str = "",
        charset: str = "",
    ) -> Saved:
        """Keeps a reading of the newest page of an article whose text is lost, under a number that none had.

        Pictures that no other text shows are to be asked for again: which file was which stood in the text.
        captured, capture: when the page came, and its record.
        """
        article = documents.settled(Document(article=article, captured=captured)).article
        prints = print_of(article)
        with self._writer.changing() as db:
            verdict = judged(db, prints, article.id)
            pictures = holdings.pictures(db, [image.url for image in article.images])
        if isinstance(verdict, Same):
            verdict = Revised()
        reading = _Reading(article, captured, capture, rule, charset, prints)
        number = 1 + max((told.revision for told in self._captures.told(article.id)), default=0)
        of = verdict.of if isinstance(verdict, Copy) else ""
        missing = {
            image.url: "its file is not known any more"
            for image in article.images
            if image.url not in pictures
        }
        self._revise(reading, verdict, number, of, pictures, missing)
        return saved(self._database(), verdict, article)

    def adopt(
        self,
        document: Document,
        *,
        pictures: Mapping[str, Picture | KeptPicture],
        prints: Print | None,
    ) -> None:
        """Keeps a text whose page is lost, as the archive tells it that had it, unless all of it is kept.

        pictures: those that it shows, and that are here.
        """
        article = document.article
        prints = prints or print_of(article)
        with self._writer.changing() as db:
            kept = holdings.kept(db, article.id)
            verdict = judged(db, prints, article.id)
            number = holdings.next_number(db, article.id)
            of = document.copy_of if holdings.kept(db, document.copy_of) else ""
        if kept:
            if document.copy_of and datetime.fromisoformat(kept.captured) == document.captured:
                return  # what a file that only links says of its text is less than what is kept
            known = document.suspect or not self._reads_otherwise(article, kept)
            if isinstance(verdict, Same) and known:
                return
            verdict = Revised(suspect=document.suspect)
        elif isinstance(verdict, Copy):
            of = verdict.of
        reading = _Reading(
            article, document.captured, document.capture, document.rule, document.charset, prints
        )
        self._revise(reading, verdict, number, of, pictures, document.missing)

    def _revise(
        self,
        reading: _Reading,
        verdict: Verdict,
        number: int,
        of: str,
        pictures: Mapping[str, Picture | KeptPicture],
        missing: Mapping[str, str],
    ) -> None:
        """Writes a reading as the text with this number.  of: the article it copies, if any."""
        article = reading.article
        event = Event(
            id=article.id,
            at=self._clock(),
            kind="reread",
            rule=reading.rule,
            layout=article.layout,
            charset=reading.charset,
            verdict=word(verdict),
            revision=number,
            of=of,
            addresses=article.addresses,
            prints=asdict(reading.prints),
        )
        page = Page(record=reading.capture, at=reading.captured)
        self._writer.revise(article, event, page, pictures, missing, reading.prints)

    def _reads_otherwise(self, article: Article, kept: Kept) -> bool:
        """Whether a reading says anything that the current text's file does not."""
        try:
            before = parsed(self._tree.read(kept.path), kept.path).article
        except OSError as error:
            if limit := refusal(error):
                raise limit from error
            return True  # somebody deleted it
        if kept.copy_of and print_of(before).text != print_of(article).text:  # it only links
            before = replace(before, markdown=article.markdown, images=article.images)
        return differ(before, article)
