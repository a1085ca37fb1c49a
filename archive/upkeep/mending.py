"""What mends each thing that `verify` finds.

    Action     one step: what is done, to which file, of which article
    Mending    the steps that mend a finding, done in an archive, or only said

A text or picture that is damaged is looked for by its hash in `lost+found/`, and a text then in the page that it was
read from (`restoring`); only where that is gone as well does the article go back into the queue.  The index is not
mended here: it is made again from the files (`repair`).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from archive.archive import Archive, KeptPicture
from archive.captures import Captures
from archive.errors import DamagedArchive
from archive.files import LOST, Tree, article_path, is_id, revision_path
from archive.filing import filed
from archive.index import holdings, lost
from archive.index.connection import Database
from archive.stored import Damage
from archive.upkeep.restoring import TEXTS, Restorable, Sources
from archive.upkeep.verify import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done.

    what: `restored`, `read again`, `set aside`, `refetch`, `cut`, `swept` or `reindexed`.
    path: from the archive's root.
    """

    what: str
    path: str = ""
    id: str = ""
    detail: str = ""


class Mending:
    """The steps that mend a finding.  archive: in which they are done; without one they are only said.

    wanted: articles that have to be asked for again, id → address.
    """

    def __init__(
        self,
        db: Database,
        tree: Tree,
        sources: Sources,
        now: datetime,
        archive: Archive | None = None,
    ) -> None:
        self.wanted: dict[str, str] = {}
        self._db = db
        self._tree = tree
        self._sources = sources
        self._now = now
        self._archive = archive

    def of(self, finding: Finding) -> Iterator[Action]:
        """What mends it; nothing where an index made again is all it takes.  Raises StorageError."""
        path, id = finding.path, finding.id
        if finding.code in TEXTS:
            yield from self._text(finding)
        elif finding.code == "article-missing":
            yield self._article(id)
        elif finding.code in ("picture-missing", "picture-changed"):
            yield from self._picture(path)
        elif finding.code == "text-stray" and not _adoptable(self._tree, path):
            yield self._set_aside(path, id)
        elif finding.code == "capture-damaged":
            yield from self._cut(path)

    def _text(self, finding: Finding) -> Iterator[Action]:
        path, id = finding.path, finding.id
        remedy = self._sources.of_text(finding)
        if remedy.what == "reindexed":
            return
        if finding.code == "text-changed" and self._tree.size(path) is not None:
            yield self._set_aside(path, id)
        if self._archive is None:
            pass
        elif remedy.content is not None:
            self._tree.write(path, remedy.content)
        elif remedy.page is not None:
            _reread(self._archive, remedy.page)
        elif kept := holdings.kept(self._db, id):
            self.wanted[id] = kept.url
        yield Action(what=remedy.what, path=path, id=id, detail=remedy.detail)

    def _article(self, id: str) -> Action:
        one, found, remedy = self._sources.of_article(id)
        if found is None:
            self.wanted[id] = one.url
        elif self._archive is not None:
            self._archive.rereading.recover(
                found.article,
                captured=one.captured,
                capture=one.capture,
                rule=found.rule,
                charset=found.charset,
            )
        return Action(what=remedy.what, id=id, detail=remedy.detail)

    def _picture(self, path: str) -> Iterator[Action]:
        sha256 = path.rpartition("/")[2].partition(".")[0]
        if self._tree.size(path) is not None:
            yield self._set_aside(path)
        if content := self._sources.find(sha256, path):
            if self._archive is not None:
                self._tree.write(path, content)
            yield Action(what="restored", path=path, detail="from lost+found")
            return
        for id in holdings.shown_by(self._db, sha256):
            if self._archive is not None:
                self._archive.miss(id, path, f"{path} was damaged on disk")
            yield Action(what="refetch", path=path, id=id, detail="the next run asks for it again")

    def _cut(self, path: str) -> Iterator[Action]:
        """Writes a capture file anew without the stretches that cannot be read; the damaged file is kept aside."""
        captures = Captures(self._tree)
        content = captures.bytes_of(path)
        parts, place, gone = [], 0, 0
        for entry in captures.walk(path):
            if isinstance(entry, Damage):
                parts.append(content[place : entry.offset])
                place = entry.end
                gone += entry.end - entry.offset
        if not gone:
            return
        parts.append(content[place:])
        rest = b"".join(parts)
        yield self._set_aside(path)
        if not rest:
            return
        if self._archive is not None:
            self._tree.write(path, rest)
        yield Action(what="cut", path=path, detail=f"{gone} bytes are left out")

    def _set_aside(self, path: str, id: str = "") -> Action:
        place = self._tree.set_aside(path, at=self._now) if self._archive else f"{LOST}/"
        return Action(what="set aside", path=path, id=id, detail=f"to {place}")


def _reread(archive: Archive, page: Restorable) -> None:
    """Keeps today's reading of the page of a lost text; the number of that text is not given to it."""
    told, found = page.told, page.reread
    files, missing = lost.pictures(archive.database, told.id, told.number)
    archive.rereading.keep(
        found.article,
        captured=told.captured,
        capture=told.capture,
        rule=found.rule,
        charset=found.charset,
        pictures={
            url: KeptPicture(sha256=file.sha256, **asdict(file)) for url, file in files.items()
        },
        missing=missing,
    )


def _adoptable(tree: Tree, path: str) -> bool:
    """Whether a file that the index does not know is one of ours, where it should be."""
    try:
        document = filed(tree, path).document
    except (OSError, DamagedArchive):
        return False
    id = document.article.id
    return is_id(id) and path in (article_path(id), revision_path(id, document.revision))
