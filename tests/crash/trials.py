"""Writers killed at any instant, again and again: `python -m tests.crash.trials FOLDER COUNT [SEED]`.

Each trial forks a writer that changes one archive as fast as it can and tells what it was promised, kills it with
SIGKILL after a random moment, opens the archive, asks for everything that was ever promised, and verifies it.
FOLDER must be new or empty.  A line is printed after every archive; one of which a promise was broken is left there.
"""

import os
import random
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from archive.archive import Archive, Wanted
from archive.errors import ArchiveError
from archive.state import State
from archive.upkeep.rebuild import rebuild
from archive.upkeep.verify import verify
from tests.archive.newsroom import article, capture, open_archive, picture, text

ARTICLES = 40
EACH = 500
"""Trials of one archive; then a new one is begun, as every look at a longer history takes longer."""


def work(root: Path, told: int, seed: int) -> None:
    """Changes the archive for ever, in any order; writes a line to `told` after each change."""
    chance = random.Random(seed)

    def tell(*words: object) -> None:
        os.write(told, (" ".join(map(str, words)) + "\n").encode())

    while True:
        if chance.random() < 0.1:
            rebuild(root)
            tell("rebuilt")
        with open_archive(root, captures=chance.random() < 0.9) as archive:
            for _ in range(chance.randrange(1, 12)):
                number = chance.randrange(ARTICLES)
                shown = picture(number % 7)
                version = chance.randrange(1000)
                one = article(number, body=text(version), pictures=(shown,))
                minutes = (
                    seed % 1_000_000 * 1000 + time.monotonic() % 1000
                )  # any seed, no year 10000
                answer = capture(one, minutes=minutes)
                if chance.random() < 0.15:
                    for id, revision in keep_together(archive, chance, minutes).items():
                        tell("kept", id, revision)
                    continue
                action = chance.random()
                if action < 0.1:
                    stub = article(number, body=f"第{version}号短讯。")
                    archive.keep(stub, capture=answer)
                    left = archive.database.execute("select id, number from suspect").fetchall()
                    for id, revision in left[:1]:
                        if chance.random() < 0.5:
                            made = archive.suspects.accept(id, revision)
                            tell("kept", id, made)
                        else:
                            archive.suspects.dismiss(id, revision)
                            tell("dismissed", id, revision)
                elif action < 0.2:
                    if kept := archive.kept(one.id):
                        again = replace(one, author=f"记者{version}")
                        archive.rereading.keep(again, captured=answer.at, capture="")
                        tell("kept", one.id, kept.revision + 1)
                elif action < 0.7:
                    have = {shown.url: shown} if action < 0.5 else {}
                    lack = {} if have else {shown.url: "timeout"}
                    archive.keep(one, capture=answer, pictures=have, missing=lack)
                    kept = archive.kept(one.id)
                    assert kept is not None
                    tell("kept", one.id, kept.revision)
                elif action < 0.8:
                    archive.note(
                        id=one.id,
                        address=one.url,
                        state=State.GONE,
                        rule="redirect",
                        capture=answer,
                    )
                    tell("seen", one.id)
                elif action < 0.9:
                    id = f"20260208A{chance.randrange(90000):05}00"
                    archive.queue.add([Wanted(id=id, url="https://news.qq.com/")])
                    tell("queued", id)
                else:
                    for id, url, _ in archive.wanting(1):
                        archive.add_pictures(id, pictures={url: shown})
                        tell("illustrated", id)


def keep_together(archive: Archive, chance: random.Random, minutes: float) -> dict[str, int]:
    """Keeps some articles at once, perhaps one of them twice; gives which revision each has come to."""
    shown = picture(chance.randrange(7))
    with archive.together():
        for number in chance.choices(range(ARTICLES), k=4):
            one = article(number, body=text(chance.randrange(1000)), pictures=(shown,))
            answer = capture(one, minutes=minutes)
            archive.keep(one, capture=answer, pictures={shown.url: shown})
        found = [archive.kept(article(number).id) for number in range(ARTICLES)]
    return {kept.id: kept.revision for kept in found if kept}


def trial(root: Path, seed: int, promised: dict[str, int], queued: set[str]) -> list[str]:
    """One writer, killed; what is wrong afterwards.  promised: id → revision; both grow."""
    reading, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(root, told, seed)
        finally:
            os._exit(3)
    os.close(told)
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as lines:
        for line in lines:
            kind, *words = line.split()
            if kind == "kept":
                promised[words[0]] = max(promised.get(words[0], 0), int(words[1]))
            elif kind == "queued":
                queued.add(words[0])
    wrong = [] if os.WIFSIGNALED(status) else [f"the writer of trial {seed} failed by itself"]
    # Before anybody has put it in order: what is not finished is no damage.
    found = verify(root)
    wrong += [f"trial {seed}, as it was left: {one}" for one in found if one.severity == "damage"]
    try:
        with open_archive(root) as archive:
            for id, revision in promised.items():
                kept = archive.kept(id)
                if kept is None or kept.revision < revision:
                    wrong.append(
                        f"trial {seed}: revision {revision} of {id} was promised and is lost"
                    )
            left = queued - {row["id"] for row in archive.queue.rows()}
            wrong += [f"trial {seed}: {id} was queued and is lost" for id in left]
    except ArchiveError as error:
        return [*wrong, f"trial {seed}: cannot be opened: {error}"]
    found = verify(root, read_data=1.0 if seed % 10 == 0 else 0.0)
    return wrong + [f"trial {seed}: {one}" for one in found if one.severity == "damage"]


def trials(root: Path, count: int, seed: int = 0) -> list[str]:
    """So many trials on one archive; everything that was wrong."""
    with open_archive(root):
        pass
    promised: dict[str, int] = {}
    queued: set[str] = set()
    wrong: list[str] = []
    for number in range(seed, seed + count):
        wrong += trial(root, number, promised, queued)
    assert promised or count < 10, "nothing was ever promised: the writers did no work"
    return wrong


def main(folder: Path, count: int, seed: int = 0) -> bool:
    """So many trials, told as they end; whether all promises were kept."""
    broken = False
    for first in range(seed, seed + count, EACH):
        root = folder / f"from-{first}"
        problems = trials(root, some := min(EACH, seed + count - first), first)
        print(
            *problems,
            f"{some} trials from {first}: {len(problems) or 'no'} promises broken",
            sep="\n",
        )
        sys.stdout.flush()
        if not problems:
            shutil.rmtree(root)
        broken = broken or bool(problems)
    return not broken


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1]), *map(int, sys.argv[2:4])))
