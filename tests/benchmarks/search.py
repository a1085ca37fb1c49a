"""How fast Chinese is indexed and found, and whether what is found is right.

    python -m tests.benchmarks.search [--articles 10000 | --texts FOLDER]

Builds the same articles (invented ones, or Markdown files of your own) into our index and into what SQLite offers by
itself, asks the same questions of each, and compares every answer with a scan of all texts.
"""

import argparse
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from archive.findable import findable
from archive.index import search
from archive.index.migrations import migrate
from archive.query import words
from archive.text import folded, visible
from archive.text import words as read_words
from tests.benchmarks.prose import Prose

START = datetime(2030, 1, 1, tzinfo=UTC)
GAP = timedelta(minutes=10)
KINDS = ("1 character", "2", "3", "4 and more", "phrase")


def questions(texts: list[str], each: int) -> dict[str, list[str]]:
    """Pieces of the texts by length, none across punctuation."""
    chance = random.Random(3)
    asked: dict[str, list[str]] = {kind: [] for kind in KINDS}
    sizes = {
        "1 character": (1, 1),
        "2": (2, 2),
        "3": (3, 3),
        "4 and more": (4, 5),
        "phrase": (6, 9),
    }
    for kind, (least, most) in sizes.items():
        while len(asked[kind]) < each:
            run = chance.choice(re.split(r"[\W_a-z0-9]", folded(chance.choice(texts))))
            size = chance.randint(least, most)
            if len(run) >= size:
                start = chance.randrange(len(run) - size + 1)
                asked[kind].append(run[start : start + size])
    return asked


def ours(
    path: Path, texts: list[str]
) -> tuple[Callable[[str], set[int]], Callable[[str, bool], object]]:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma journal_mode = wal").fetchone()
    migrate(db, path)
    db.execute("pragma foreign_keys = off")
    for start in range(0, len(texts), 100):
        db.execute("begin immediate")
        for number in range(start, min(start + 100, len(texts))):
            title, _, body = texts[number].partition("\n")
            search.put(db, str(number), findable(title, body), when=START + GAP * number)
        db.execute("commit")
    db.execute("pragma wal_checkpoint(truncate)").fetchone()

    def found(asked: str) -> set[int]:
        keys = search.keys(db, words(asked), limit=None, ranked=False)
        return {(key - int(START.timestamp())) // int(GAP.total_seconds()) for key in keys}

    def first_page(asked: str, ranked: bool) -> object:
        keys = search.keys(db, words(asked), limit=20, ranked=ranked)
        return [
            db.execute("select title, body from texts where key = ?", (key,)).fetchone()
            for key in keys
        ]

    return found, first_page


def plain(path: Path, texts: list[str], tokenizer: str) -> Callable[[str], set[int]]:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"create virtual table f using fts5(body, tokenize='{tokenizer}')")
    db.execute("begin")
    db.executemany("insert into f (rowid, body) values (?, ?)", enumerate(texts))
    db.execute("commit")

    def found(asked: str) -> set[int]:
        return {
            key for (key,) in db.execute("select rowid from f where f match ?", (f'"{asked}"',))
        }

    return found


def quality(found: Callable[[str], set[int]], truth: dict[str, set[int]], asked: list[str]) -> str:
    right = hits = wanted = 0
    for question in asked:
        answer = found(question)
        right += len(answer & truth[question])
        hits += len(answer)
        wanted += len(truth[question])
    return f"{right / wanted:.3f} / {right / hits if hits else 1:.3f}"


def pages(first_page: Callable[[str, bool], object], asked: list[str], ranked: bool) -> str:
    times = []
    for question in asked:
        runs = []
        for _ in range(3):
            began = time.perf_counter()
            first_page(question, ranked)
            runs.append((time.perf_counter() - began) * 1e3)
        times.append(median(runs))
    times.sort()
    return f"{median(times):.2f} / {times[int(0.99 * (len(times) - 1))]:.2f}"


def invented(number: int) -> list[str]:
    prose = Prose()
    return [prose.sentence() + "\n" + "\n".join(said) for said in prose.articles(number)]


def read(folder: Path) -> list[str]:
    files = sorted(folder.rglob("*.md"))
    return [visible(read_words(path.read_text("utf-8", "replace"))) for path in files]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--articles", type=int, default=10_000)
    arguments.add_argument("--questions", type=int, default=40)
    arguments.add_argument("--texts", type=Path)
    options = arguments.parse_args()
    texts = read(options.texts) if options.texts else invented(options.articles)
    size = sum(len(text.encode()) for text in texts)
    asked = questions(texts, options.questions)
    plain_texts = list(map(folded, texts))
    truth = {
        question: {number for number, text in enumerate(plain_texts) if question in text}
        for kind in KINDS
        for question in asked[kind]
    }
    print(f"{len(texts)} articles, {size / 1e6:.1f} MB of text, SQLite {sqlite3.sqlite_version}\n")
    print(
        "| design | articles/s (CPU) | index ÷ text | "
        + " | ".join(KINDS)
        + " |  (recall / precision)"
    )
    print("| --- " * (3 + len(KINDS)) + "|")
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        found, first_page = ours(Path(folder) / "ours.db", texts)
        spent = time.process_time() - began
        with sqlite3.connect(Path(folder) / "ours.db") as db:
            (pages_used,) = db.execute(
                "select sum(length(block)) from articles_fts_data"
            ).fetchone()
        cells = [quality(found, truth, asked[kind]) for kind in KINDS]
        print(
            f"| pairs (ours) | {len(texts) / spent:.0f} | {pages_used / size:.2f} | {' | '.join(cells)} |"
        )
        for tokenizer in ("unicode61", "trigram"):
            began = time.process_time()
            found = plain(Path(folder) / f"{tokenizer}.db", texts, tokenizer)
            spent = time.process_time() - began
            with sqlite3.connect(Path(folder) / f"{tokenizer}.db") as db:
                (pages_used,) = db.execute("select sum(length(block)) from f_data").fetchone()
            cells = [quality(found, truth, asked[kind]) for kind in KINDS]
            print(
                f"| {tokenizer} | {len(texts) / spent:.0f} | {pages_used / size:.2f} | {' | '.join(cells)} |"
            )
        print("\n| first page of 20, ms p50 / p99 | " + " | ".join(KINDS) + " |")
        print("| --- " * (1 + len(KINDS)) + "|")
        for name, ranked in (("newest first", False), ("by relevance", True)):
            cells = [pages(first_page, asked[kind], ranked) for kind in KINDS]
            print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
