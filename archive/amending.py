"""Texts of an article written anew where they stand, and its going altogether.

    Amending    pictures that came late or were lost; an article that is forgotten

A revision stays what it was: its words are the same, and what was read from its page.  How a change survives a crash is
`archive.writer`'s business, what of a forgotten article there is to take out that of `archive.forgetting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from archive.capture import Picture
from archive.captures import Captures
from archive.document import Document
from archive.errors import DamagedArchive
from archive.existing import pictured
from archive.files import INDEX, Tree, refusal
from archive.filing import filed_of, lender_of, on_disk, only_links, parsed, refile, seal, shared
from archive.forgetting import Forgotten, erase
from archive.index import articles, events, holdings
from archive.index.connection import Database, transaction
from archive.index.holdings import Kept, KeptPicture
from archive.warc import Event
from archive.writer import Writer, record


class Amending:
    """Changes the texts of one archive where they stand.  What a method did is durable when it returns."""

    def __init__(
        self, writer: Writer, tree: Tree, captures: Captures, clock: Callable[[], datetime]
    ) -> None:
        self._writer = writer
        self._tree = tree
        self._captures = captures
        self._clock = clock
        self._index = tree.root / INDEX

    def illustrate(
        self, kept: Kept, pictures: Mapping[str, Picture | KeptPicture], missing: Mapping[str, str]
    ) -> int:
        """Gives the current text of an article pictures that were missing; gives how many."""
        with self._writer.changing() as db, self._writer.committing(db):
            document = self._vouched(kept.path) if pictures else None
            if document is None:
                pictures, missing = {}, {**missing, **dict.fromkeys(pictures, "")}
            files, _, contents = pictured(self._tree, pictures)
            if document and files:
                lacking = {**document.missing, **missing}
                document = replace(
                    document,
                    pictures={**document.pictures, **files},
                    missing={url: why for url, why in lacking.items() if url not in files},
                )
                self._rewrite(db, kept.id, {kept.path: document}, contents)
            for url in missing:
                articles.tried(db, kept.id, url, events.stamp(self._clock()))
            return len(files)

    def _vouched(self, path: str) -> Document | None:
        """The document in a file; None when it is lost, or somebody changed its words: it is not vouched for anew."""
        try:
            content = self._tree.read(path)
            document = parsed(content, path)
        except OSError as error:
            if limit := refusal(error):
                raise limit from error
            return None
        except DamagedArchive:
            return None
        return document if seal(content, document) else None

    def miss(self, id: str, path: str, reason: str) -> None:
        """Records that a picture file is lost: every text of the article names its web address again."""
        with self._writer.changing() as db:
            changed = {}
            for one in filed_of(self._tree, id, holdings.filed_prints(db, id)):
                files = one.document.pictures
                lost = {url for url, file in files.items() if file.path == path}
                if lost and one.sha256:
                    changed[one.path] = replace(
                        one.document,
                        pictures={url: file for url, file in files.items() if url not in lost},
                        missing={**one.document.missing, **dict.fromkeys(lost, reason)},
                    )
            self._rewrite(db, id, changed)

    def _rewrite(
        self,
        db: Database,
        id: str,
        changed: Mapping[str, Document],
        pictures: dict[str, bytes] | None = None,
    ) -> None:
        """Writes texts of an article anew where they stand; their revisions stay the same."""
        if not changed:
            return
        told = holdings.filed_prints(db, id)
        event = Event(id=id, at=self._clock(), kind="pictures")
        contents = {
            path: self._writer.rendered(document, path) for path, document in changed.items()
        }
        with self._writer.committing(db) as landing:
            files = (landing.stage(pictures or {}), landing.stage(contents))
            record(db, landing.tell(self._captures.prepare(event, None), *files))
            landing.finish()
            refile(db, on_disk(self._tree, id, told))

    def forget(self, id: str) -> Forgotten:
        """Takes everything of an article out; copies that only link to it get the text themselves."""
        with self._writer.changing() as db:
            for copy in holdings.copies_of(db, id):
                told = holdings.filed_prints(db, copy)
                whole = {}
                for one in filed_of(self._tree, copy, told):
                    if lender := lender_of(self._tree, one):
                        whole[one.path] = shared(one.document, lender)
                    elif one.document.copy_of == id and not only_links(one):
                        whole[one.path] = replace(one.document, copy_of="")
                self._rewrite(db, copy, whole)
            self._captures.rotate()
            event = Event(id=id, at=self._clock(), kind="forgotten")
            stored = self._captures.append(event, None)
            self._captures.rotate()
            done = erase(db, self._tree, self._captures, id, self._index)
            with transaction(db, self._index):
                record(db, stored)
            return done
