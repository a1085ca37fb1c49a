"""Answers that mean to fill the memory or to last for ever, met by a process of their own that is watched."""

import json
import subprocess
import sys
from pathlib import Path

from tests.hostile import Hostile

ROOT = Path(__file__).resolve().parents[3]

MOST_MEMORY = 150 * 2**20
"""Bytes the process may ever have held: Python, httpx and TLS are some 60 MB of it."""

BOMBS = """
    /bomb-gzip /bomb-chunked /bomb-endless /bomb-empty-blocks /bomb-brotli /bomb-stacked /bomb-two-headers
    /encoding-deflate /endless /endless-chunks /endless-continue /endless-header /endless-headers
    /endless-trailers /large /large-length /bomb-slow /drip-body /drip-headers /drip-gzip /to-endless-body
    /to-bomb-body /bomb-nested
""".split()  # noqa: SIM905

CHILD = """
import asyncio, json, resource, sys, time
from dataclasses import replace
from scraper.errors import ScraperError
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import Limits, NetworkSettings, Pace, Retry

def held():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024

async def main(port, paths):
    settings = NetworkSettings(
        allow_http=True, robots="ignore", connect_to=(f"::127.0.0.1:{port}",),
        pace=Pace(page=0, picture=0, per_hour=0), retry=Retry(tries=1),
        limits=Limits(page_time=1.5, picture_time=3.0, slow_time=0.3),
    )
    async with Fetcher(settings) as fetcher:
        for path in paths:
            for ask, host in ((fetcher.page, "news.qq.com"), (fetcher.picture, "inews.gtimg.com")):
                started = time.monotonic()
                try:
                    word = str((await ask(f"http://{host}{path}")).status)
                except ScraperError as error:
                    word = getattr(error, "kind", "limited")
                print(json.dumps([path, word, time.monotonic() - started, held()]))

asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
"""


def test_no_bomb_costs_more_memory_or_time_than_an_ordinary_page_may(server: Hostile) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(server.port), *BOMBS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )

    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == 2 * len(BOMBS)
    print(f"most memory held: {results[-1][3] / 2**20:.0f} MiB")
    assert results[-1][3] < MOST_MEMORY
    late = [result for result in results if result[2] > 6]
    assert late == []
    taken = {path for path, word, *_ in results if word == "200"}
    # A page behind a redirect whose body is never read; a bomb unpacked once, which is small; 6 MiB for a picture.
    assert taken == {"/to-endless-body", "/to-bomb-body", "/bomb-nested", "/large"}
