"""A machine without a network, made with `unshare`: what is told, and how soon."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

ALONE = ["unshare", "--user", "--map-root-user", "--net"]
possible = (
    shutil.which("unshare") and not subprocess.run([*ALONE, "true"], capture_output=True).returncode
)

CHILD = """
import asyncio, json
from dataclasses import replace
from scraper.errors import ScraperError
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import NetworkSettings, Retry

async def main():
    async with Fetcher(NetworkSettings(retry=Retry(tries=1, failures_in_a_row=2), robots="ignore")) as fetcher:
        for ask in (fetcher.page, fetcher.picture):
            for number in range(8):
                try:
                    await ask(f"https://news.qq.com/rain/a/{number}")
                except ScraperError as error:
                    print(json.dumps([type(error).__name__, error.kind, str(error)]))

asyncio.run(main())
"""


@pytest.mark.skipif(not possible, reason="unshare cannot make a network of its own here")
def test_without_a_network_every_address_says_so_and_soon() -> None:
    began = time.monotonic()

    done = subprocess.run(
        [*ALONE, sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 16
    assert {(name, kind) for name, kind, _ in told} <= {
        ("NoNetwork", "dns"),
        ("NoNetwork", "route"),
    }
    assert all("is this machine online?" in line for *_, line in told)
    assert time.monotonic() - began < 30
