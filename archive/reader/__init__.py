"""Read an archive: search, list, show, compare, ask in SQL.  Changes nothing, and runs beside a writer.

Reader     an archive, open for reading
Hits       what a search found; Hit: one article of it, with the place that shows why
Shown      an article with everything known of it
Logged     one text in the history of an article, with what it changed
Twin       one article of a group of near copies, with how it differs from the earliest
Pictured   a picture, who shows it, and where else the same photo is

`naming` tells which article a word means, `texts` which text of it and what its file says, `answers` holds the values.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from archive.article import Article
from archive.capture import Capture
from archive.errors import QueryError
from archive.files import Tree
from archive.index import clusters, guard, holdings, lookup, pictures, rechecks, search
from archive.index.connection import Database, one_state, open_reader, translated
from archive.index.guard import Answer
from archive.index.lookup import Found, Revision, Suspect
from archive.query import Named, Query, parse
from archive.reader import texts
from archive.reader.answers import Hit, Hits, Logged, Pictured, Shown, Twin
from archive.reader.naming import Names, NamesAt
from archive.text import fingerprint, words
from archive.text.snippets import marked, snippet

if TYPE_CHECKING:  # reading a file needs YAML; searching does not
    from archive.changes import Change
    from archive.document import Document
    from archive.pages import Pages

__all__ = ["Hit", "Hits", "Logged", "Order", "Pictured", "Reader", "Shown", "Twin"]

Order = Literal["newest", "relevance"]


ALIKE_BITS = 6
"""Bits of a picture's hash that may differ for the same photo: other sizes stay below, other photos above."""


class Reader:
    """An archive, open for reading; a context manager.  Errors: `archive.errors`, one clear line each."""

    def __init__(self, root: Path, *, clock: Callable[[], datetime], names_at: NamesAt) -> None:
        self.root = root
        self._tree = Tree(root)
        self._clock = clock
        self._names_at = names_at
        self._db = open_reader(root)
        self._names = Names(root, self._db, names_at)

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        names_at: NamesAt = lambda _address: (),
    ) -> "Reader":
        """Open the archive at `root`; raises NoArchive, ForeignArchive, DamagedArchive, StorageError.

        names_at: see `archive.reader.naming.NamesAt`.
        """
        return cls(root, clock=clock, names_at=names_at)

    def close(self) -> None:
        """Give the archive back."""
        self._db.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def database(self) -> Database:
        """The open index, for a room that asks it more than a reader does."""
        return self._db

    def again(self) -> "Reader":
        """The same archive, opened once more: as it is now."""
        return Reader(self.root, clock=self._clock, names_at=self._names_at)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """All that is asked within is answered from one state of the index, whatever is written meanwhile."""
        with translated(self.root), one_state(self._db):
            yield

    def query(self, text: str) -> Query:
        """Read a query in the search language; days count from now."""
        return parse(text, now=self._clock())

    def asked(self, query: str | Query) -> Query:
        """What is asked for: a query in the search language, or an id or address alone, which means its article."""
        if not isinstance(query, str):
            return query
        if ids := self._names.alone(query.strip()):
            return Query(Named("id", tuple(ids)))
        return self.query(query)

    def search(
        self,
        query: str | Query,
        *,
        limit: int | None = 20,
        order: Order = "newest",
        skip: int = 0,
    ) -> Hits:
        """What the query finds, with snippets.  limit: None for all.  skip: how many to pass over first."""
        asked = self.asked(query)
        with translated(self.root):
            few = None if limit is None else skip + limit + 1
            keys = search.keys(self._db, asked, limit=few, ranked=order == "relevance")[skip:]
            shown = keys if limit is None else keys[:limit]
            hits = tuple(self._hit(found, asked) for found in lookup.articles(self._db, shown))
        return Hits(hits=hits, more=len(keys) > len(shown))

    def _hit(self, found: Found, query: Query) -> Hit:
        return Hit(
            article=found,
            title=marked(found.title, query.terms),
            snippet=snippet(lookup.text(self._db, found.key), query.terms),
        )

    def list(self, query: str | Query = "", *, limit: int | None = None) -> Iterator[Found]:
        """What the query finds, the newest first, read as it is asked for; everything for an empty query."""
        asked = self.asked(query)
        with translated(self.root):
            yield from lookup.articles(
                self._db, search.keys(self._db, asked, limit=limit, ranked=False)
            )

    def count(self, query: str | Query = "") -> int:
        """How many articles the query finds."""
        asked = self.asked(query)
        with translated(self.root):
            return search.count(self._db, asked)

    def id_of(self, word: str) -> str:
        """The article a word means: its id, the beginning of it, or any address of it; raises `QueryError`."""
        return self._names.id_of(word)

    def show(self, word: str) -> Shown:
        """An article by id or address, its newest text, or that of `ID@2`; raises QueryError, DamagedArchive."""
        with translated(self.root):
            article, revisions, revision = self._at(word)
            id = article.id
            path, text, document = texts.read(self._tree, id, revision)
            return Shown(
                article=article,
                number=revision.number,
                text=text,
                path=self.root / path,
                document=document,
                revisions=tuple(revisions),
                addresses=tuple(lookup.addresses(self._db, id)),
                seen=tuple(lookup.seen(self._db, id)),
                copies=tuple(lookup.copies(self._db, id)),
            )

    def log(self, word: str) -> tuple[Logged, ...]:
        """The history of an article, whichever text of it is named: the earliest text first, and what each changed."""
        from archive.changes import compare

        id, _ = self._names.numbered(word)
        with translated(self.root):
            revisions = lookup.revisions(self._db, id)
            dismissed = lookup.dismissed(self._db, id)
        entries: list[Logged] = []
        before: Article | None = None
        suspects = {one.capture: one.number for one in revisions if one.suspect and one.capture}
        read: set[str] = set()
        for revision in revisions:
            article = self.whole(self.show(f"{id}@{revision.number}"))
            entries.append(
                Logged(
                    revision=revision,
                    change=compare(before, article) if before else None,
                    again=not revision.suspect and revision.capture in read,
                    accepted=0 if revision.suspect else suspects.pop(revision.capture, 0),
                    dismissed=revision.number in dismissed,
                )
            )
            if not revision.suspect:
                before = article
                read.add(revision.capture)
        return tuple(entries)

    def suspects(self) -> tuple[Suspect, ...]:
        """The texts that wait for a person's word, the latest first."""
        with translated(self.root):
            return tuple(lookup.suspects(self._db))

    def suspect(self, word: str) -> tuple[Found, Revision]:
        """The suspect text that `ID@2` means, or for an id alone the newest that waits; raises `QueryError`."""
        with translated(self.root):
            id, number = self._names.numbered(word)
            article = lookup.article(self._db, id)
            assert article is not None
            dismissed = lookup.dismissed(self._db, id)
            before = holdings.page_before(self._db, id)
            for one in reversed(lookup.revisions(self._db, id)):
                meant = one.number == number if number else one.number not in dismissed
                if meant and one.suspect and one.number > before:
                    return article, one
        raise QueryError(
            f"{word} is no suspect text newer than the current one",
            hint=f"qqnews log {id} shows its texts",
        )

    def diff(self, word: str, other: str = "") -> "Change":
        """What differs between two texts, `ID@1` and `ID@2`, of one article or of two; `two` tells which."""
        from archive.changes import compare

        old, new = self.two(word, other)
        return compare(self.whole(old), self.whole(new))

    def two(self, word: str, other: str = "") -> tuple[Shown, Shown]:
        """The texts that are compared.

        With one text named: it and the newest, or the one before it and it when it is the newest.
        """
        if other:
            return self.show(word), self.show(other)
        shown = self.show(word)
        newest = shown.article.revision
        if shown.number != newest:
            return shown, self.show(f"{shown.article.id}@{newest}")
        trusted = [one for one in shown.revisions if not one.suspect]
        earlier = trusted[: [one.number for one in trusted].index(newest)]
        if not earlier:
            raise QueryError(f"{shown.article.id} has only one text; nothing to compare")
        return self.show(f"{shown.article.id}@{earlier[-1].number}"), shown

    def gone(self, query: str | Query = "", *, since: datetime | None = None) -> tuple[Found, ...]:
        """The articles that were taken down (since then) and are not back, the latest first."""
        asked = self.asked(query)
        with translated(self.root):
            keys = None
            if asked.root is not None:
                keys = search.keys(self._db, asked, limit=None, ranked=False)
            found = lookup.gone(self._db, keys)
        return tuple(
            one for one in found if since is None or datetime.fromisoformat(one.gone) >= since
        )

    def due_again(self, after: Sequence[float], *, fresh: float) -> tuple[str, ...]:
        """The ids that `Archive.due_again` would give now, all of them."""
        with translated(self.root):
            due = rechecks.due(self._db, after, fresh=fresh, now=self._clock())
        return tuple(id for id, _ in due)

    def clusters(
        self, query: str | Query = "", *, limit: int | None = None
    ) -> tuple[clusters.Cluster, ...]:
        """Groups of articles that are nearly the same, those with the newest article first.

        query: only groups with an article that it finds.
        """
        asked = self.asked(query)
        with translated(self.root):
            among = search.ids(self._db, asked) if asked.root is not None else None
            return tuple(clusters.listed(self._db, limit=limit, among=among))

    def cluster(self, word: str) -> tuple[Twin, ...]:
        """The group an article belongs to, the earliest published first; only itself when it stands alone."""
        from archive.changes import compare

        id = self.id_of(word)
        with translated(self.root):
            group = clusters.cluster_of(self._db, id)
            ids = clusters.members(self._db, group) if group else [id]
            alike = {near.id: near.similarity for near in clusters.neighbours(self._db, ids[0])}
        first = self.show(ids[0])
        twins = [Twin(article=first.article, similarity=1.0, change=None)]
        for other in ids[1:]:
            shown = self.show(other)
            change = compare(self.whole(first), self.whole(shown))
            twins.append(Twin(article=shown.article, similarity=alike.get(other), change=change))
        return tuple(twins)

    def whole(self, shown: Shown) -> Article:
        """The article with its text, also for a copy whose file only links to the article it copies."""
        return self.standing_alone(shown).article

    def standing_alone(self, shown: Shown) -> "Document":
        """The document with text and pictures, a copy's with those of the article it copies."""
        document, lender = shown.document, self.lender(shown)
        if lender is None:
            return document
        body = lender.document
        text, images = body.article.markdown, body.article.images
        article = replace(document.article, markdown=text, images=images)
        return replace(document, article=article, pictures=body.pictures, missing=body.missing)

    def lender(self, shown: Shown) -> Shown | None:
        """The text that a copy's file only links to; None for a file that has its own."""
        document, original = shown.document, shown.document.copy_of
        if not original:
            return None
        own = fingerprint(words(document.article.markdown))
        with translated(self.root):
            number = lookup.same_text(
                self._db, document.article.id, shown.number, own=own, of=original
            )
        return None if number is None else self.show(f"{original}@{number}")

    def picture(self, word: str, *, bits: int = ALIKE_BITS) -> Pictured:
        """A picture by its hash, file or address: who shows it, and the same photo in other sizes.

        bits: how many of 64 may differ.  Raises `QueryError` when no such picture is kept.
        """
        word = word.strip()
        if not word:
            raise QueryError("no picture is named")
        with translated(self.root):
            found = pictures.named(self._db, word)
            if not found:
                raise QueryError(f"the archive has no picture {word}")
            if len(found) > 1:
                raise QueryError(f"{word} could be several pictures", hint=", ".join(found[:3]))
            picture = pictures.known(self._db, found[0])
            alike = pictures.like(self._db, picture.hash, bits=bits, but=picture.sha256)
        return Pictured(picture=picture, like=tuple(alike))

    def capture(self, word: str) -> Capture:
        """The capture that a text (`ID`, `ID@2`) was read from; raises `QueryError` when it is not kept."""
        from archive.pages import page_at

        with translated(self.root):
            _, _, revision = self._at(word)
            capture = page_at(self._db, self._tree, revision.capture)
        if capture is None:
            raise QueryError(
                f"the page of {word} was not kept", hint="archive.captures was off then"
            )
        return capture

    def pages(self, word: str) -> "Pages":
        """The pages kept of an article."""
        from archive.pages import Pages

        return Pages(self._db, self._tree, self.id_of(word))

    def sql(
        self,
        statement: str,
        values: guard.Parameters = (),
        *,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """Answer a reading SQL statement (`archive.index.guard`); raises `QueryError`."""
        return guard.ask(
            lambda: open_reader(self.root), statement, values, limit=limit, seconds=seconds
        )

    def _at(self, word: str) -> tuple[Found, Sequence[Revision], Revision]:
        """The article of `ID` or `ID@2`, all its texts, and the one that is meant."""
        id, number = self._names.numbered(word)
        article = lookup.article(self._db, id)
        assert article is not None
        revisions = lookup.revisions(self._db, id)
        wanted = article.revision if number is None else number
        return article, revisions, texts.numbered(id, revisions, wanted)
