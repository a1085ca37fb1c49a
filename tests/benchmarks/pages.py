"""How soon the pages of a large archive are there: `python -m tests.benchmarks.pages [COUNT] [FOLDER]`.

The archive has COUNT articles of about 1,400 characters of invented Chinese, each with a picture; every twentieth has
changed once, every fiftieth was withdrawn.  One is kept as all articles are, and the others are rows like its own, with
a text of their own in the search.  Pages are asked of the application itself, in this process: what is told is the
time from the request to the last byte, of the processor and on the clock.  FOLDER is used again when it is there.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

from archive.findable import findable
from archive.index import search
from archive.index.connection import Database
from archive.reader import Reader
from archive.web import site
from tests.archive.newsroom import article, capture, open_archive, picture
from tests.benchmarks.prose import Prose

ROUNDS = 9
START = datetime(2018, 1, 1, tzinfo=UTC)
GAP = timedelta(minutes=41)


def made(root: Path, count: int) -> None:
    """The archive."""
    shown = picture(1)
    first = article(0, pictures=(shown,))
    with open_archive(root) as archive:
        archive.keep(first, capture=capture(first), pictures={shown.url: shown})
        db, prose = archive.database, Prose()
        for start in range(1, count, 500):
            db.execute("begin immediate")
            for number in range(start, min(start + 500, count)):
                _like(db, first.id, number, prose)
            db.execute("commit")
        db.execute("analyze")


def _like(db: Database, first: str, number: int, prose: Prose) -> None:
    """One more article, as rows like those of the first."""
    id, at = f"20180101A{number:07}", START + GAP * number
    said = findable(prose.sentence(), "\n\n".join(prose.article()))
    changed, gone = number % 20 == 0, number % 50 == 0
    facts: dict[str, object] = {
        "id": id,
        "title": said.title,
        "url": f"https://news.qq.com/rain/a/{id}",
    }
    facts |= {
        "published": at.isoformat(),
        "captured": at.isoformat(),
        "first_captured": at.isoformat(),
    }
    facts |= {"gone": at.isoformat() if gone else None, "revision": 1 + changed}
    _copied(db, "articles", "id", first, facts)
    for text in range(1, 2 + changed):
        when = (at + timedelta(days=text)).isoformat()
        told = {
            "article": id,
            "number": text,
            "captured": when,
            "capture": f"{id} {text}",
            "twin": "",
        }
        _copied(db, "revisions", "article", first, told)
        _copied(db, "article_images", "article", first, {"article": id, "revision": text})
    _copied(db, "article_tags", "article", first, {"article": id})
    search.put(db, id, said, when=at)


def _copied(db: Database, table: str, column: str, of: str, facts: dict[str, object]) -> None:
    row = db.execute(f"select * from {table} where {column} = ? limit 1", (of,))
    names = [one[0] for one in row.description]
    values = dict(zip(names, row.fetchone(), strict=True)) | {"key": None} | facts
    marks = ", ".join("?" * len(names))
    db.execute(f"insert into {table} values ({marks})", [values[name] for name in names])


def asked(pages: Callable[..., Any], address: str) -> tuple[float, float, int]:
    """Milliseconds of the processor and of the clock, and bytes, of one page."""
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    status: list[str] = []
    cpu, wall = time.process_time(), time.perf_counter()
    body = b"".join(pages(environ, lambda line, headers: status.append(line)))
    spent = (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3
    assert status == ["200 OK"], (address, status)
    return *spent, len(body)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(sys.argv[2] if len(sys.argv) > 2 else temporary) / "archive"
        if not root.exists():
            made(root, count)
        pages = site(opened=lambda: Reader.open(root), hosts=[], ended=str, bug=print)
        words = Prose().words
        print(
            f"{count} articles; median of {ROUNDS}\n\n| page | CPU ms | ms | KB |\n| --- | --- | --- | --- |"
        )
        for name, address in (
            ("newest articles", "/"),
            ("a common word", f"/?q={quote(words[0])}"),
            ("a rarer word", f"/?q={quote(words[300])}"),
            ("a common word by relevance", f"/?q={quote(words[0])}&order=relevance"),
            ("two words, from a day on", f"/?q={quote(words[1] + ' ' + words[2])}&from=2020-01-01"),
            ("what changed", "/?changed=1"),
            ("what was withdrawn, of an outlet", f"/?withdrawn=1&outlet={quote('湖城')}"),
            ("a tag", f"/?tag={quote('春天')}"),
            ("page 500", "/?page=500"),
            ("an article", f"/a/{article(0).id}"),
            ("its history", f"/a/{article(0).id}/history"),
            ("withdrawn", "/gone"),
            ("timeline", "/timeline"),
            ("runs", "/runs"),
        ):
            rounds = [asked(pages, address) for _ in range(ROUNDS)]
            cpu, wall, size = map(statistics.median, zip(*rounds, strict=True))
            print(f"| {name} | {cpu:.1f} | {wall:.1f} | {size / 1e3:.0f} |")


if __name__ == "__main__":
    main()
