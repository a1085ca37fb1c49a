"""One article: its text, what it said before, its files, its pictures."""

import re
from contextlib import suppress
from itertools import groupby
from typing import Final

from archive.changes import Change, Edit, compare
from archive.document import linked, paths
from archive.errors import DamagedArchive, QueryError
from archive.export import jsonl
from archive.export.rows import row_of
from archive.export.source import fact_of
from archive.files import Tree, digest, image_path, is_id
from archive.index import browsing
from archive.index.connection import translated
from archive.reader import Shown
from archive.web.asked import Asked, NotThere
from archive.web.rendering import rendered
from archive.web.replies import FOR_EVER, Reply, download, sandboxed, stored

PICTURES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
"""Extension of a kept picture, which its bytes decided → what a browser is told that it is."""

_NUMBER: Final = re.compile("[0-9]{1,9}")


def article(asked: Asked, id: str, number: str) -> Reply:
    """The current text, or an earlier one."""
    word = _word(asked, id, number)
    shown = asked.reader.show(word)
    revision = next(one for one in shown.revisions if one.number == shown.number)
    return asked.shown(
        "article.html",
        word=word,
        shown=shown,
        found=shown.article,
        article=shown.document.article,
        sha256=revision.sha256,
        text=rendered(linked(asked.reader.standing_alone(shown), root="/")),
    )


def markdown(asked: Asked, id: str, number: str) -> Reply:
    """The file of a text, as it stands."""
    word = _word(asked, id, number)
    text = asked.reader.show(word).text.encode("utf-8")
    return download(text, name=f"{word}.md", media="text/markdown; charset=utf-8")


def json(asked: Asked, id: str, number: str) -> Reply:
    """Everything known of a text, as `qqnews export jsonl` writes it."""
    word = _word(asked, id, number)
    shown = asked.reader.show(word)
    row = row_of(fact_of(asked.reader, id, shown.number))
    return sandboxed(Reply(body=b"".join(jsonl.written([row])), media="application/json"))


def capture(asked: Asked, id: str, number: str) -> Reply:
    """The page that a text was read from, as the site sent it: to be saved, since whatever is in it would run."""
    word = _word(asked, id, number)
    return download(asked.reader.capture(word).body, name=f"{word}.html")


def picture(asked: Asked, shelf: str, sha256: str, extension: str) -> Reply:
    """A picture that the index tells of, byte for byte."""
    path = image_path(sha256, extension)
    with translated(asked.reader.root):
        known = browsing.holds(asked.reader.database, sha256, path)
    if not known or extension not in PICTURES or shelf != sha256[:2]:
        raise NotThere

    def read() -> bytes:
        try:
            content = Tree(asked.reader.root).read(path)
        except OSError as error:
            raise NotThere from error
        if digest(content) != sha256:
            raise DamagedArchive(
                f"{path} is not what was written", hint="qqnews verify, then repair"
            )
        return content

    media = PICTURES[extension]
    return sandboxed(stored(read, media, mark=sha256, asked=asked.marks, cache=FOR_EVER))


def history(asked: Asked, id: str) -> Reply:
    """The texts an article had, and what differs between two of them: those chosen, or the last two."""
    word = _word(asked, id, "")
    old, new = (asked.field(name) for name in ("old", "new"))
    two: tuple[Shown, Shown] | None = None
    if old and new:
        if not (_NUMBER.fullmatch(old) and _NUMBER.fullmatch(new)):
            raise NotThere
        two = asked.reader.two(f"{word}@{old}", f"{word}@{new}")
    else:
        with suppress(QueryError):  # it has only one text
            two = asked.reader.two(word)
    entries = asked.reader.log(word)
    ours = [one.revision for one in entries if not one.revision.suspect and not one.revision.older]
    return asked.shown(
        "history.html",
        id=word,
        title=max(ours, key=lambda one: one.number).title,
        entries=entries,
        two=two and [shown.number for shown in two],
        compared=two and _compared(asked, *two),
    )


def _compared(asked: Asked, old: Shown, new: Shown) -> dict[str, object]:
    """What differs between two texts, as a page shows it."""
    before, after = asked.reader.standing_alone(old), asked.reader.standing_alone(new)
    change = compare(before.article, after.article)
    return {
        "change": change,
        "stretches": _stretches(change),
        "removed": [(url, paths(before).get(url, "")) for url in change.pictures_removed],
        "added": [(url, paths(after).get(url, "")) for url in change.pictures_added],
    }


def _stretches(change: Change) -> list[tuple[bool, list[Edit]]]:
    """The sentences in reading order, in stretches that stayed or did not: whether, and which."""
    return [
        (same, list(edits))
        for same, edits in groupby(change.sentences, key=lambda edit: edit.kind == "same")
    ]


def _word(asked: Asked, id: str, number: str) -> str:
    """How the archive calls a text.  Only a whole id names an article here: a page has one address."""
    if not is_id(id) or asked.reader.id_of(id) != id:
        raise NotThere
    return f"{id}@{number}" if number else id
