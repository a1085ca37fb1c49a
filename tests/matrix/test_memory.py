"""Bombs, met by the program as a process of its own, whose memory is watched while it runs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.stories import token
from tests.hostile.newspaper import FRESH, KEPT, page_of
from tests.matrix.bench import Bench

MOST_OF_THE_PROGRAM = 150 * 2**20
MOST_OF_ALL = 400 * 2**20
"""Bytes: of the program's own process, and of it and its workers together."""

PAGES = """
    /bomb-gzip /bomb-chunked /bomb-endless /bomb-empty-blocks /bomb-brotli /bomb-stacked /bomb-two-headers
    /bomb-nested /bomb-slow /encoding-deflate /endless /endless-chunks /endless-continue /endless-header
    /endless-headers /endless-trailers /large /large-length /drip-body /drip-headers /drip-gzip /to-endless-body
    /to-bomb-body
""".split()  # noqa: SIM905
PARSED = ["/page-deep", "/page-attributes", "/page-brackets", "/page-of-nodes"]
"""Small enough to be taken, and large in a tree."""

PICTURES = """
    /photo-of-pixels /photo-of-frames /bomb-gzip /bomb-chunked /bomb-endless /bomb-brotli /bomb-stacked
    /picture-large /endless /endless-chunks
""".split()  # noqa: SIM905

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


def test_no_bomb_of_a_page_costs_more_memory_than_the_program_may_have(bench: Bench) -> None:
    ids = {f"2026{day}A04XYZ00": fault for day, fault in enumerate([*PAGES, *PARSED], 1001)}
    for id, fault in ids.items():
        bench.server.instead |= {f"/rain/a/{id}": fault, f"/a/{id}": fault}

    code, own, everything = watched(bench, *ids)

    assert code == Exit.DRIFT, "what of it could be read is no article"
    assert len([id for id in ids if bench.server.asked[f"/rain/a/{id}"]]) == len(ids)
    assert own < MOST_OF_THE_PROGRAM
    assert everything < MOST_OF_ALL
    kept = {row["id"] for row in bench.rows("select id from articles")} - {KEPT.id}
    assert {ids[id] for id in kept} == {"/page-brackets"}, "whose words stand beside the bomb"
    assert bench.findings() == []


def test_no_bomb_of_a_picture_costs_more_memory_than_the_program_may_have(bench: Bench) -> None:
    bench.server.instead[page_of(FRESH)] = "/page-of-pictures"
    for number, fault in enumerate(PICTURES):
        for size in ("0", "1000", "641"):
            bench.server.instead[f"/om_bt/{token('O', f'n{number}')}/{size}"] = fault

    code, own, everything = watched(bench, FRESH.id, f"--set=pictures.per_article={len(PICTURES)}")

    assert code == Exit.INCOMPLETE
    assert own < MOST_OF_THE_PROGRAM
    assert everything < MOST_OF_ALL
    assert bench.rows("select count(*) as images from images") == [{"images": 1}], "KEPT's own"
    assert bench.findings() == []


def watched(bench: Bench, *words: str) -> tuple[int, int, int]:
    """The exit code of `qqnews add`, and the most memory that it held: the program alone, and with its workers."""
    hurried = {
        "network.retry.tries": "1",
        "network.limits.page_time": "2s",
        "network.limits.picture_time": "4s",
        "worker.page_time": "2s",
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "scraper", *bench.words("add", *words),
         *(f"--set={name}={value}" for name, value in hurried.items())],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    own = everything = 0
    while child.poll() is None:
        family = [held(child.pid), *map(held, children(child.pid))]
        own, everything = max(own, family[0]), max(everything, sum(family))
        time.sleep(0.01)
    assert child.stderr is not None
    with child.stderr:
        err = child.stderr.read()
    assert "Traceback" not in err, err
    print(f"most memory held: {own / 2**20:.0f} MiB, with workers {everything / 2**20:.0f} MiB")
    return child.returncode, own, everything


def held(pid: int) -> int:
    """The most bytes a process has held so far; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return 0
    marks = (int(row.split()[1]) * 1024 for row in status.splitlines() if row[:6] == "VmHWM:")
    return next(marks, 0)


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
