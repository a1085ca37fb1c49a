"""How fast articles are kept, proved and indexed again: `python -m tests.benchmarks.keeping [COUNT] [FOLDER]`.

An article is a page of about 50 kB, 1,400 characters of invented Chinese, and three pictures of 60 kB, fed from memory.
Beside the archive stand two ways people do it: one row each through sqlite-utils with the page in it (no files, no
search, no capture), and a folder with files and a row for each article, as ArchiveBox lays them out.  Both leave
durability to chance; the archive acknowledges only what a power cut cannot take.  All three are timed in turns on the
same disk; `durable` adds to the other two the fsyncs that would make the same promise.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from archive.article import Article
from archive.capture import Capture, Picture
from archive.files import digest
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, open_archive, picture
from tests.benchmarks.prose import Prose

ROUNDS = 3
Item = tuple[Article, Capture, dict[str, Picture]]


def items(count: int) -> list[Item]:
    """What is to be kept."""
    chance, prose = random.Random(20260207), Prose()
    made = []
    for number in range(count):
        shown = {one.url: one for one in (picture(number * 3 + n, size=60_000) for n in range(3))}
        one = article(number, body="\n\n".join(prose.article()), pictures=tuple(shown.values()))
        page = f"<article>{one.markdown}</article>".encode() * 6 + chance.randbytes(15_000)
        made.append((one, capture(one, minutes=number, body=page), shown))
    return made


def by_archive(root: Path, made: list[Item]) -> None:
    """The archive: pictures, capture, Markdown, rows, search, each acknowledged when it is durable."""
    with open_archive(root) as archive:
        for one, came, shown in made:
            archive.keep(one, capture=came, pictures=shown)


def by_rows(root: Path, made: list[Item], *, durable: bool = False) -> None:
    """One row an article and one a picture through sqlite-utils, page and pictures as blobs."""
    db = Database(root / "news.db")
    db.conn.execute("pragma journal_mode = wal").fetchone()
    db.conn.execute(f"pragma synchronous = {'full' if durable else 'normal'}")
    for one, came, shown in made:
        db["articles"].insert(
            {"id": one.id, "title": one.title, "markdown": one.markdown, "page": came.body},
            pk="id",
        )
        rows = [{"sha256": digest(p.content), "content": p.content} for p in shown.values()]
        db["pictures"].insert_all(rows, pk="sha256", ignore=True)
    db.close()


def by_folders(root: Path, made: list[Item], *, durable: bool = False) -> None:
    """A folder an article with page, text, pictures and a JSON file, and a row."""
    db = Database(root / "index.db")
    db.conn.execute("pragma journal_mode = wal").fetchone()
    db.conn.execute(f"pragma synchronous = {'full' if durable else 'normal'}")
    for one, came, shown in made:
        folder = root / "archive" / one.id
        folder.mkdir(parents=True)
        files = {"page.html": came.body, "article.md": one.markdown.encode()}
        files |= {f"{n}.jpg": p.content for n, p in enumerate(shown.values())}
        files["index.json"] = json.dumps({"title": one.title, "url": one.url}).encode()
        for name, content in files.items():
            with (folder / name).open("wb") as file:
                file.write(content)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
        if durable:
            for place in (folder, folder.parent):
                descriptor = os.open(place, os.O_RDONLY)
                os.fsync(descriptor)
                os.close(descriptor)
        db["articles"].insert({"id": one.id, "title": one.title, "path": folder.name}, pk="id")
    db.close()


WAYS: dict[str, Callable[[Path, list[Item]], None]] = {
    "qqnews archive (durable, searchable)": by_archive,
    "sqlite-utils rows": by_rows,
    "sqlite-utils rows, durable": lambda root, made: by_rows(root, made, durable=True),
    "folder and row each": by_folders,
    "folder and row each, durable": lambda root, made: by_folders(root, made, durable=True),
}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def main(count: int, folder: Path) -> None:
    made = items(count)
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory(dir=folder) as place:
        for turn in range(ROUNDS):
            for name, way in list(WAYS.items())[turn:] + list(WAYS.items())[:turn]:
                root = Path(place) / f"{turn}-{list(WAYS).index(name)}"
                if way is not by_archive:
                    root.mkdir()
                results[name].append(timed(lambda way=way, root=root: way(root, made)))  # type: ignore[misc]
        print(f"{count} articles of three pictures; medians of {ROUNDS} rounds\n")
        print(f"{'':38}{'articles/s':>12}{'CPU ms each':>13}")
        for name, times in results.items():
            clock = statistics.median(one for one, _ in times)
            processor = statistics.median(one for _, one in times)
            print(f"{name:38}{count / clock:12.0f}{processor / count * 1000:13.1f}")
        root = Path(place) / "0-0"
        for name, work in (
            ("rebuild", lambda: rebuild(root)),
            ("verify", lambda: list(verify(root))),
            ("verify --read-data", lambda: list(verify(root, read_data=1.0))),
        ):
            clock, processor = timed(work)
            print(f"{name:38}{count / clock:12.0f}{processor / count * 1000:13.1f}")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 500,
        Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()),
    )
