"""How well and how fast near copies are found.

    python -m tests.benchmarks.near [--documents 300] [--archive 20000]

Recall by kind of change, for texts of news length and short ones; signatures a second beside the libraries that are
installed (`pip install rensa datasketch`); and the time one question takes in an index of many articles.
"""

import argparse
import os
import sqlite3
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from archive.index import clusters
from archive.near import ALIKE, bands, shingles, signature, similarity
from tests.benchmarks.prose import Prose

Text = list[str]


def changes(prose: Prose) -> dict[str, Callable[[Text], Text]]:
    """What happens to a text on its way to another outlet."""
    footer = ["责任编辑某甲，版权归本报所有，未经书面授权不得转载，违者必究。"]
    return {
        "headline line added": lambda old: [prose.sentence(), *old],
        "paragraph added": lambda old: [*old[:3], prose.sentence(), prose.sentence(), *old[3:]],
        "paragraph removed": lambda old: (
            old[: len(old) // 2] + old[len(old) // 2 + max(1, len(old) // 15) :]
        ),
        "footer added": lambda old: old + footer,
        "5 % of sentences replaced": lambda old: prose.replaced(old, 0.05),
        "10 %": lambda old: prose.replaced(old, 0.10),
        "20 %": lambda old: prose.replaced(old, 0.20),
        "30 %": lambda old: prose.replaced(old, 0.30),
        "2 % of characters changed": lambda old: prose.misspelt(old, 0.02),
        "half shared (should not match)": lambda old: prose.replaced(old, 0.50),
        "unrelated (should not match)": lambda old: prose.article(len("".join(old))),
    }


def found(one: bytes, other: bytes) -> bool:
    return bool(set(bands(one)) & set(bands(other))) and similarity(one, other) >= ALIKE


def recall(prose: Prose, documents: int) -> None:
    print("| change | true share of shingles | found of 1,400 characters | of 280 characters |")
    print("| --- | --- | --- | --- |")
    texts = {size: [prose.article(size) for _ in range(documents)] for size in (1400, 280)}
    for name, change in changes(prose).items():
        shares = []
        cells = []
        for olds in texts.values():
            hits = []
            for old in olds:
                mine, theirs = "".join(old), "".join(change(old))
                one, other = signature(mine), signature(theirs)
                assert one and other
                hits.append(found(one, other))
                a, b = shingles(mine), shingles(theirs)
                shares.append(len(a & b) / len(a | b))
            cells.append(f"{sum(hits) / len(hits):.3f}")
        print(f"| {name} | {median(shares[:documents]):.2f} | {' | '.join(cells)} |")


def speed(prose: Prose) -> None:
    texts = ["".join(prose.article()) for _ in range(200)]
    ways: dict[str, Callable[[str], Any]] = {
        "archive.near": signature,
        "its shingles alone": shingles,
    }
    for name, make in (("rensa", _rensa), ("datasketch", _datasketch)):
        try:
            ways[name] = make(import_module(name))
        except ImportError:
            print(f"{name} is not installed")
    print("\n| signatures | a second (CPU), median of 5 rounds |")
    print("| --- | --- |")
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(5):
        for name, way in ways.items():
            began = time.process_time()
            for text in texts:
                way(text)
            rounds[name].append(len(texts) / (time.process_time() - began))
    for name, rates in rounds.items():
        print(f"| {name} | {median(rates):.0f} |")


def _rensa(library: Any) -> Callable[[str], Any]:
    def make(text: str) -> Any:
        mark = library.RMinHash(num_perm=128, seed=1)
        mark.update([text[at : at + 4] for at in range(len(text) - 3)])
        return mark.digest()

    return make


def _datasketch(library: Any) -> Callable[[str], Any]:
    def make(text: str) -> Any:
        mark = library.MinHash(num_perm=128)
        mark.update_batch([text[at : at + 4].encode() for at in range(len(text) - 3)])
        return mark.digest()

    return make


def lookup(prose: Prose, number: int, folder: Path) -> None:
    """One article against `number` others; those beyond 20,000 are random signatures, as inventing texts takes long."""
    db = sqlite3.connect(folder / "near.db", isolation_level=None)
    db.execute("pragma synchronous = off").fetchone()
    db.execute(
        "create table articles (key integer primary key, id text unique, outlet, title, published, captured)"
    )
    clusters.create(db)
    kept: list[tuple[int, Text]] = []
    written = min(number, 20_000)
    db.execute("begin")
    began = time.process_time()
    for key in range(number):
        if key < written:
            text = prose.article(700)
            if key % (written // 200) == 0:
                kept.append((key, text))
            mark = signature("".join(text))
            assert mark
        else:
            mark = os.urandom(256)
        db.execute("insert into articles (key, id) values (?, ?)", (key, str(key)))
        db.execute("insert into near_marks values (?, ?)", (key, mark))
        db.executemany(
            "insert or ignore into near_bands values (?, ?)", ((band, key) for band in bands(mark))
        )
    db.execute("commit")
    spent = time.process_time() - began
    size = (folder / "near.db").stat().st_size
    print(
        f"\n{number} articles in the index, {size / number:.0f} bytes each ({number / spent:.0f} a second)\n"
    )
    print("| question | ms p50 / p99 | found |")
    print("| --- | --- | --- |")
    for name, change in (
        ("a copy with 20 % of sentences replaced", lambda text: prose.replaced(text, 0.2)),
        ("a new article", lambda _text: prose.article(700)),
    ):
        times, hits = [], 0
        for key, text in kept:
            mark = signature("".join(change(text)))
            assert mark
            began = time.perf_counter()
            answer = clusters.alike(db, mark)
            times.append((time.perf_counter() - began) * 1e3)
            hits += str(key) in {near.id for near in answer}
        times.sort()
        worst = times[int(0.99 * (len(times) - 1))]
        print(f"| {name} | {median(times):.2f} / {worst:.2f} | {hits} of {len(kept)} |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--documents", type=int, default=300)
    arguments.add_argument("--archive", type=int, default=20_000)
    options = arguments.parse_args()
    prose = Prose()
    if options.documents:
        recall(prose, options.documents)
    speed(prose)
    with TemporaryDirectory() as folder:
        lookup(prose, options.archive, Path(folder))


if __name__ == "__main__":
    main()
