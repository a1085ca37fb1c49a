"""From the files of an article to what the index holds of it; the way back from disk.

    filed          one file, read: the document, and its bytes' hash
    seal           the hash of a file, unless somebody changed its words
    filed_of       every revision of one article that stands on disk
    linking        a copy as it is filed; shared: the way back
    on_disk        all that the rows of one article are made from; refile: these rows
    agrees         whether the capture files would make no difference to that
    tidy           takes away a text that stands in two places
    make_index     an index made whole beside the old one, before it takes its place

Used where the index does not know: after a crash, and when it is made anew.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive import document as documents
from archive.article import Article
from archive.dedupe import Print, print_of
from archive.document import Document
from archive.errors import DamagedArchive
from archive.files import (
    INDEX,
    TEMPORARY,
    Tree,
    article_path,
    deeper,
    digest,
    make_folder,
    publish,
    refusal,
    revision_path,
    root_from,
    storing,
)
from archive.findable import Findable, findable
from archive.index import articles, events, holdings
from archive.index.articles import Filed
from archive.index.connection import Database, log, making, transaction
from archive.index.holdings import Kept
from archive.index.migrations import migrate
from archive.index.search import Tokens
from archive.text import bare, fingerprint, words
from archive.warc import Event

_CHECKSUM = re.compile(rb'^text_sha256: "([0-9a-f]{64})"$', re.MULTILINE)


def parsed(content: bytes, path: str) -> Document:
    """The document in a file's bytes.  Raises DamagedArchive."""
    try:
        return documents.read(content.decode("utf-8"))
    except (UnicodeDecodeError, DamagedArchive) as error:
        what = error.what if isinstance(error, DamagedArchive) else "it is not UTF-8"
        raise DamagedArchive(f"{path}: {what}", hint="run `qqnews repair`") from error


def filed(tree: Tree, path: str, told: Mapping[int, Print] | None = None) -> Filed:
    """One revision as it stands on disk.  told: number → print, where it need not be made from the text.

    Raises OSError, DamagedArchive.
    """
    content = tree.read(path)
    document = parsed(content, path)
    prints = (told or {}).get(document.revision)
    # The capture files tell the headline as well, which no checksum in the file itself covers.
    renamed = prints is not None and prints.title != bare(document.article.title)
    return Filed(
        document=document,
        path=path,
        sha256="" if renamed else seal(content, document),
        size=len(content),
        prints=prints or print_of(document.article),
        sizes=sizes_of(tree, document),
    )


def sizes_of(tree: Tree, document: Document) -> dict[str, int]:
    """Path → bytes of each picture that a text shows; 0 for one whose file is lost."""
    return {file.path: tree.size(file.path) or 0 for file in document.pictures.values()}


def seal(content: bytes, document: Document) -> str:
    """The hash of a text's file; empty, as no file's is, when its words are not those it was written with.

    So a text that somebody changed is not taken for what was kept, whoever asks: its hash is that of no file.
    """
    told = _CHECKSUM.search(content)
    now = fingerprint(words(document.article.markdown))  # empty where there are only pictures
    return digest(content) if now == (told[1].decode() if told else "") else ""


def filed_of(tree: Tree, id: str, told: Mapping[int, Print]) -> list[Filed]:
    """Every revision of an article on disk, in order.  told: number → print, from the capture files.

    Files that cannot be read as ours, or that speak of another article, are left out: `verify` names them.
    Raises StorageError for one that is there and that the disk does not give.
    """
    found: dict[int, Filed] = {}
    folder = revision_path(id, 1).rpartition("/")[0]
    for path in (article_path(id), *tree.walk(folder)):
        try:
            one = filed(tree, path, told)
        except OSError as error:
            if limit := refusal(error):
                raise limit from error
            continue
        except DamagedArchive:
            continue
        number = one.document.revision
        expected = path in (article_path(id), revision_path(id, number))
        if one.document.article.id == id and expected and number not in found:
            found[number] = one
    return [found[number] for number in sorted(found)]


def text_of(tree: Tree, one: Filed) -> str:
    """The text to search for a revision: its own, or for a copy that only links, that of the article it copies.

    Nothing when it was changed: what nobody kept is not to be found.
    """
    if not one.sha256:
        return ""
    lender = lender_of(tree, one)
    return (lender or one.document).article.markdown


def only_links(one: Filed) -> bool:
    """Whether this is a copy whose file links to the text instead of repeating it."""
    if not one.document.copy_of or one.prints is None:
        return False
    return print_of(one.document.article).text != one.prints.text


def lender_of(tree: Tree, one: Filed) -> Document | None:
    """The document that holds the text of a copy which only links to it; None for a text of its own."""
    document, prints = one.document, one.prints
    if prints is None or not only_links(one):
        return None
    lenders = [
        other.document
        for other in filed_of(tree, document.copy_of, {})
        if other.prints and other.prints.text == prints.text
    ]
    return max(lenders, key=lambda one: bool(one.article.images), default=None)


def lender_then(tree: Tree, copy: Document) -> Document | None:
    """As `lender_of`, of a copy of which no capture tells: what its original said when it was captured."""
    target = article_path(copy.copy_of) if copy.copy_of else ""
    if not target or not copy.article.markdown.endswith(f"/{target})"):
        return None
    said = [
        other.document
        for other in filed_of(tree, copy.copy_of, {})
        if not other.document.suspect and other.document.captured <= copy.captured
    ]
    return said[-1] if said else None


def linking(article: Article, original: Kept) -> Article:
    """A copy as it is filed: its own facts, and a link in place of the text that is kept already."""
    target = root_from(article_path(article.id)) + original.path
    title = original.title.replace("\\", "").replace("[", "").replace("]", "") or original.id
    return replace(
        article,
        summary=documents.summary(article),
        markdown=f"[{title}]({target})",
        images=(),
        videos=(),
    )


def shared(copy: Document, lender: Document) -> Document:
    """A copy that only links, made whole: what it says of itself, with the text and pictures of its original."""
    own = {name: getattr(copy.article, name) for name in _OWN_OF_A_COPY}
    whole = replace(
        copy,
        article=replace(lender.article, **own),
        pictures=lender.pictures,
        missing=lender.missing,
        copy_of="",
    )
    return documents.settled(whole)


_OWN_OF_A_COPY = (
    *("id", "url", "title", "addresses", "published", "updated", "outlet", "outlet_id", "author"),
    *("editor", "place", "category", "tags", "summary", "comment_id", "statement", "declarations"),
    *("layout", "language", "cover"),
)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """An article as it stands on disk.  revisions: in order.  found: of the current one; None where there is none."""

    id: str
    revisions: list[Filed]
    found: Findable | None


def on_disk(tree: Tree, id: str, told: Mapping[int, Print]) -> OnDisk:
    """All that the rows of an article are made from.  told: number → print, from the capture files.

    Raises as `filed_of` does.
    """
    revisions = filed_of(tree, id, told)
    if not revisions:
        return OnDisk(id, revisions, None)
    current = articles.current_of(revisions)
    headline = current.document.article.title if current.sha256 else ""
    return OnDisk(id, revisions, findable(headline, text_of(tree, current)))


def agrees(one: OnDisk, told: Mapping[int, Print]) -> bool:
    """Whether an article that was read without what the capture files tell would be the same with it."""
    return all(
        told.get(filed.document.revision, filed.prints) == filed.prints for filed in one.revisions
    )


def refile(db: Database, one: OnDisk, tokens: Tokens | None = None) -> bool:
    """Makes the rows of an article, within the open transaction; False when nothing of it is on disk.

    tokens: who indexes the tokens of its text, when they are not indexed here.
    """
    if one.found is None:
        events.settle(db, one.id)
        return False
    articles.put(db, one.revisions, one.found, tokens)
    return True


def tidy(db: Database, tree: Tree, id: str) -> None:
    """A text that was set by for a newer one which never came stands in its place still: one is enough."""
    kept = holdings.kept(db, id)
    if kept is None or kept.path != article_path(id):
        return
    path = revision_path(id, kept.revision)
    if tree.size(path) is None:
        return
    if tree.read(path) == deeper(tree.read(kept.path)):
        tree.remove([path])


def prints_by_number(told: Iterable[Event]) -> dict[str, dict[int, Print]]:
    """Article → revision number → print, from the events that made revisions."""
    found: dict[str, dict[int, Print]] = {}
    for event in told:
        made = _print_in(event)
        if made and event.revision:
            found.setdefault(event.id, {})[event.revision] = made
    return found


def _print_in(event: Event) -> Print | None:
    """The print that an event carries, if it carries one."""
    told = event.prints
    if not told:
        return None
    return Print(
        title=str(told.get("title", "")),
        text=str(told.get("text", "")),
        pictures=str(told.get("pictures", "")),
        length=int(told.get("length", 0)),
    )


def make_index(root: Path, fill: Callable[[Database], None] = lambda _db: None) -> None:
    """Makes an index and puts it in the place of any other.  The caller holds the lock.

    fill: puts the rows in, within one transaction.  Raises StorageError; the old index then stands as it was.
    """
    work = root / TEMPORARY / "index"
    Tree(root).sweep()
    with storing(work):
        make_folder(work)
    with making(work / INDEX) as db:
        migrate(db, work / INDEX)
        log(db)
        with transaction(db, work / INDEX):
            fill(db)
    publish(work / INDEX, root / INDEX)
