"""How fast articles come in: fetched, extracted and stored with three pictures each, from a site on this machine.

    python -m tests.benchmarks.fetch [--pages 1000] [--rounds 3] [--peer PYTHON]

Politeness is off, everything else is as shipped: the guard, the worker process, every picture decoded, every article
durable before the next is reported.  --peer: an interpreter that has scrapy and trafilatura (`pip install scrapy
trafilatura` in an environment of its own), run in turn with ours on the same site.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from statistics import median

from archive.archive import Archive
from scraper.demo.server import Backend
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import NetworkSettings, Pace
from scraper.pipeline import many
from scraper.pipeline.collect import Collector
from scraper.worker.pool import Workers
from tests.benchmarks.site import identifier

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 8


def settings(port: int) -> NetworkSettings:
    """As shipped, but in a hurry and towards the site."""
    pace = Pace(page=0, picture=0, jitter=0, per_hour=0, page_connections=4, picture_connections=4)
    return NetworkSettings(allow_http=True, connect_to=(f"::127.0.0.1:{port}",), pace=pace)


async def collect(port: int, pages: int, folder: Path) -> dict[str, float]:
    """Collect them all; what it took."""
    began = time.perf_counter()
    done = early = 0
    Archive.create(folder)
    with Archive.open(folder) as archive:
        async with Workers() as workers, Fetcher(settings(port), backend=Backend()) as fetcher:
            collector = Collector(archive, fetcher, workers)
            addresses = (
                f"http://news.qq.com/rain/a/{identifier(number)}" for number in range(pages)
            )
            async with aclosing(
                many.each(addresses, collector.collect, at_once=AT_ONCE)
            ) as outcomes:
                async for outcome in outcomes:
                    assert outcome.images == 3, outcome
                    done += 1
                    if done == pages // 4:
                        early = held()
            requests = fetcher.cost.total.requests
    assert (done, requests) == (pages, pages * 4 + 2)  # and two robots.txt
    return {"seconds": time.perf_counter() - began, "early": early, "held": held()}


def held() -> int:
    """Bytes of memory this process holds now, where the system tells; else the most it ever held."""
    try:
        resident = Path("/proc/self/statm").read_text().split()[1]
        return int(resident) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measured(command: list[str], said: str = "") -> tuple[float, float, str]:
    """Seconds, seconds of CPU with all it started, and what it printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, input=said, text=True, capture_output=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", metavar="PYTHON")
    parser.add_argument("--ours", nargs=2, metavar=("PORT", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ours:
        port, folder = int(asked.ours[0]), Path(asked.ours[1])
        print(json.dumps(asyncio.run(collect(port, asked.pages, folder))))
        return
    serving = [sys.executable, "-m", "tests.benchmarks.site", "0", str(asked.pages)]
    with subprocess.Popen(serving, cwd=ROOT, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout
        try:
            compare(site.stdout.readline().strip(), asked.pages, asked.rounds, asked.peer)
        finally:
            site.terminate()


def compare(port: str, pages: int, rounds: int, peer: str | None) -> None:
    paths = "\n".join(f"/rain/a/{identifier(number)}" for number in range(pages))
    results: dict[str, list[tuple[float, float]]] = {}
    # All that was written goes at the end: for some seconds ext4 passes over every inode that was just freed, one by
    # one, whenever it makes a file, and whoever came next would pay for it.
    with tempfile.TemporaryDirectory() as everything:
        for number in range(rounds):
            ours = [sys.executable, "-m", "tests.benchmarks.fetch", "--pages", str(pages)]
            seconds, cpu, printed = measured([*ours, "--ours", port, f"{everything}/ours-{number}"])
            results.setdefault("qqnews", []).append((seconds, cpu))
            memory = json.loads(printed)
            if not peer:
                continue
            folder = Path(everything, f"peer-{number}")
            folder.mkdir()
            script = str(ROOT / "tests/benchmarks/peer.py")
            seconds, cpu, _ = measured([peer, script, port, str(folder)], paths)
            written = len(list(folder.glob("*.md"))), len(list(folder.glob("*.jpg")))
            assert written == (pages, pages * 3), written
            results.setdefault("Scrapy + trafilatura", []).append((seconds, cpu))
    print(f"{pages} pages with 3 pictures each, median of {rounds}")
    for name, runs in results.items():
        seconds, cpu = median(run[0] for run in runs), median(run[1] for run in runs)
        print(f"{name:22} {pages / seconds:6.1f} pages/s   {cpu / pages * 1000:6.1f} ms CPU a page")
    if peer:
        ours, theirs = (median(run[1] for run in runs) for runs in results.values())
        print(f"{'':22} {theirs / ours:6.1f} times less CPU")
    early, late = memory["early"] / 2**20, memory["held"] / 2**20
    print(f"memory after a quarter {early:.0f} MiB, at the end {late:.0f} MiB")


if __name__ == "__main__":
    main()
