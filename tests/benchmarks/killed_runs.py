"""A long run, killed again and again: `python -m tests.benchmarks.killed_runs [--pages 1000] [--kills 20] [--seed 7]`.

A site on loopback serves invented articles of three pictures each and fails at one request in twenty.  A run over it is
killed (kill -9) at random moments and started again until nothing is left.  Then: every article is kept with its
pictures, none was fetched again after it had been told as done, no host was asked faster than the pace allows, and
`verify` finds every byte as it was written.  Exits 1 and says so when any of this is not true.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

from archive.archive import Archive
from archive.verify import verify
from tests.scraper.site import Answer, Asked, Site, address, article, jpeg, token, told

ROOT = Path(__file__).resolve().parents[2]
FEED = "https://i.news.qq.com/web_feed/getPCList"
PACE = 0.04
FAULTS = 20
"""One request in so many fails, the first time."""


class Faulty(Site):
    """Articles made when they are asked for."""

    def __init__(self, pages: int) -> None:
        super().__init__()
        self.known = [f"202611{1 + n // 4000:02d}A0{n % 4000:04X}00" for n in range(pages)]
        self.times: list[tuple[float, str]] = []
        self._pictures = [jpeg(str(n), (320, 200)) for n in range(8)]
        self._failed: set[str] = set()
        self.faults = 0

    def answer(self, asked: Asked) -> Answer:
        self.times.append((time.monotonic(), asked.url))
        if asked.url == FEED:
            return self._feed()
        if asked.url.endswith("/robots.txt"):
            return Answer(status=404)
        number = int.from_bytes(sha256(asked.url.encode()).digest()[:4], "big")
        if number % FAULTS == 0 and asked.url not in self._failed:
            self._failed.add(asked.url)
            self.faults += 1
            return Answer(status=502)
        if "/om_bt/" in asked.url:
            return Answer(body=self._pictures[number % 8] + asked.url.encode(), kind="image/jpeg")
        known = asked.url.rpartition("/")[2]
        pictures = tuple(token(f"{known}n{n}") for n in range(3))
        lines = told(known, int(known[10:14], 16))
        return Answer(body=article(known, lines=lines, tokens=pictures))

    def _feed(self) -> Answer:
        rows = [
            {"id": one, "articletype": "0", "title": one, "link_info": {"url": address(one)}}
            for one in self.known
        ]
        return Answer(body=json.dumps({"code": 0, "data": rows}).encode(), kind="application/json")


def one_run(site: Site, folder: Path, ahead: int, seconds: float | None) -> tuple[set[str], bool]:
    """Start a run, kill it after so many seconds; gives what it told as done, and whether it came to its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scraper.driven", str(site.port), str(folder), str(ahead), str(PACE)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        out, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
    done = {
        line.split()[1] for line in out.splitlines() if line.startswith("done") and line.count(" ") == 2
        and line.split()[2] in ("new", "copy", "same")
    }  # fmt: skip
    return done, process.returncode == 0


def fastest(times: list[float]) -> int:
    """The most requests in any second."""
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] > 1.0:
            start += 1
        most = max(most, end - start + 1)
    return most


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    wrong: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place, Faulty(options.pages).serving() as site:
        assert isinstance(site, Faulty)
        folder = Path(place) / "archive"
        told_done: set[str] = set()
        kills = runs = 0
        ended = False
        while not ended or runs < 100:
            before = len(site.times)
            known = set(told_done)
            seconds = chance.uniform(0.8, 4.0) if kills < options.kills else None
            done, ended = one_run(site, folder, runs if kills >= options.kills else 0, seconds)
            told_done |= done
            runs += 1
            kills += not ended
            again = {
                one for one in known if any(url == address(one) for _, url in site.times[before:])
            }
            if again:
                wrong.append(
                    f"{len(again)} articles were fetched again after they were told as done"
                )
            with Archive.open(folder) as archive:
                left = archive.queue.counts()
            if ended and not {"pending", "failed", "fetching"} & set(left):
                break
        with Archive.open(folder) as archive:
            missing = [one for one in site.known if archive.kept(one) is None]
            lacking = archive.wanting(100_000)
            states = archive.queue.counts()
        damage = [found for found in verify(folder, read_data=1.0) if found.severity == "damage"]
        pages = Counter(url for _, url in site.times if "/rain/a/" in url)
        speed = fastest(
            [at for at, url in site.times if url.startswith("https://news.qq.com/rain/")]
        )
        if missing:
            wrong.append(f"{len(missing)} articles are not kept")
        if lacking:
            wrong.append(f"{len(lacking)} pictures are missing")
        if damage:
            wrong.append(f"verify found {len(damage)}: {damage[0]}")
        if speed > 1.1 / PACE + 1:
            wrong.append(f"news.qq.com was asked {speed} times in one second")
        print(
            f"{options.pages} articles, {runs} runs, {kills} killed, {site.faults} faults: queue {states}, "
            f"{sum(pages.values())} page requests ({max(pages.values())} at most for one), "
            f"{len(site.times)} in all, at most {speed} pages a second (allowed {1 / PACE:.0f}), "
            f"{time.monotonic() - began:.0f} s"
        )
    for what in wrong:
        print("WRONG:", what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
