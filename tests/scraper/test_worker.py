"""Hostile bytes are parsed in a process that can be killed, and the program goes on."""

import asyncio
import gc
import os
import signal
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Pillow

from archive.capture import Capture
from archive.state import State
from scraper.demo import pages, stories
from scraper.errors import TooHard
from scraper.extract import extract
from scraper.pictures import Flaw, Shape
from scraper.urls import identify
from scraper.worker import messages
from scraper.worker.child import next_job
from scraper.worker.messages import Job
from scraper.worker.pool import WorkerBug, Workers
from scraper.worker.settings import WorkerSettings
from tests.scraper.drawn import png_of

STORY = stories.BRIDGE
ASKED = identify(STORY.id)


def page(body: bytes, url: str = ASKED.canonical) -> Capture:
    return Capture(
        url=url, at=datetime.now(UTC), body=body, headers=(("Content-Type", "text/html"),)
    )


GOOD = page(pages.rain(STORY))

# One tag with attributes without end takes Lexbor a time that grows with the square of its length.
ENDLESS = page(b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">")


def png() -> bytes:
    file = BytesIO()
    Pillow.new("RGB", (40, 30), "red").save(file, "PNG")
    return file.getvalue()


def open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    return {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()


@asynccontextmanager
async def workers(**settings: float) -> AsyncIterator[Workers]:
    """A pool that must leave nothing behind: no process, no open file."""
    gc.collect()
    before = open_files()
    async with Workers(WorkerSettings(**settings)) as pool:  # type: ignore[arg-type]
        yield pool
        pids = pool.pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert len(open_files() - before) <= 1  # the listing itself


def run(story: Callable[[], Awaitable[None]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(story())  # type: ignore[arg-type]


def test_a_worker_reads_a_page_exactly_as_it_is_read_at_home() -> None:
    async def story() -> None:
        async with workers() as pool:
            reading = await pool.extract(GOOD, ASKED)
        assert reading == extract(GOOD, ASKED)
        assert reading.state is State.OK
        assert reading.article is not None and reading.article.published is not None
        assert reading.article.published.isoformat() == "2026-11-20T09:30:12+08:00"

    run(story)


def test_a_worker_sees_what_a_picture_is() -> None:
    async def story() -> None:
        async with workers() as pool:
            assert await pool.look(png()) == Shape(extension="png", width=40, height=30)
            assert await pool.look(png()[:60]) == Flaw(
                kind="corrupt", reason="damaged PNG: image file is truncated"
            )

    run(story)


def test_one_process_reads_many_pages() -> None:
    async def story() -> None:
        async with workers() as pool:
            first = pool.pids
            for _ in range(20):
                await pool.extract(GOOD, ASKED)
            assert pool.pids == first

    run(story)


@pytest.mark.skipif(
    sys.platform == "darwin", reason="macOS tells no memory of its own for a process"
)
def test_the_memory_of_the_program_is_not_held_against_its_workers() -> None:
    """Linux hands the highest memory of a parent on to what it starts."""
    ballast = b"x" * (450 * 2**20)

    async def story() -> None:
        async with workers() as pool:
            first = pool.pids
            await pool.extract(GOOD, ASKED)
            await pool.extract(GOOD, ASKED)
            assert pool.pids == first

    run(story)
    assert ballast[-1:] == b"x"


def test_a_page_that_takes_too_long_costs_its_deadline_and_the_next_page_is_read() -> None:
    async def story() -> None:
        async with workers(page_time=0.5) as pool:
            await pool.extract(GOOD, ASKED)
            with pytest.raises(TooHard, match="took longer than 500ms") as told:
                await pool.extract(ENDLESS, ASKED)
            assert ASKED.canonical in str(told.value)
            assert (await pool.extract(GOOD, ASKED)).state is State.OK

    run(story)


def test_a_worker_that_hangs_without_working_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asleep = (
        "import sys, struct, time\n"
        "sys.stdout.buffer.write(struct.pack('>II', 2, 0) + b'{}')\n"
        "sys.stdout.buffer.flush()\n"
        "time.sleep(60)\n"
    )
    monkeypatch.setattr("scraper.worker.pool._BOOT", asleep)

    async def story() -> None:
        async with workers(page_time=0.1) as pool:
            with pytest.raises(TooHard, match="took longer than 600ms"):
                await pool.extract(GOOD, ASKED)

    run(story)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not enforce RLIMIT_AS")
def test_a_picture_that_takes_too_much_memory_costs_its_process_only() -> None:
    async def story() -> None:
        async with workers(memory=300 * 2**20) as pool:
            small = await pool.look(png())
            flaw = await pool.look(png_of(13_000, 13_000, depth=8, colour=2), pixels=10**9)
            assert flaw == Flaw(
                kind="too_hard", reason="decoding it took more than 315 MB of memory"
            )
            assert await pool.look(png()) == small

    run(story)


def test_a_worker_killed_at_rest_is_replaced_unnoticed() -> None:
    async def story() -> None:
        async with workers() as pool:
            await pool.extract(GOOD, ASKED)
            (pid,) = pool.pids
            os.kill(pid, signal.SIGKILL)
            assert (await pool.extract(GOOD, ASKED)).state is State.OK
            assert pid not in pool.pids

    run(story)


@pytest.mark.parametrize("left", [2, 40, -100, -1])
def test_a_job_that_came_only_in_part_is_no_job(left: int) -> None:
    """The pipe may break in the middle of a page; half a page must not be read as the whole."""
    job = messages.packed(Job(seconds=5, capture=replace(GOOD, body=b"")), GOOD.body) + GOOD.body

    assert next_job(BytesIO(job)) is not None
    assert next_job(BytesIO(job[:left])) is None
    assert next_job(BytesIO()) is None


def test_bytes_that_crash_the_reader_twice_are_too_hard() -> None:
    async def story() -> None:
        async with workers(picture_time=30) as pool:
            await pool.look(png())

            async def crash() -> None:
                killed: set[int] = set()
                while len(killed) < 2:
                    for pid in set(pool.pids) - killed:
                        os.kill(pid, signal.SIGSEGV)
                        killed.add(pid)
                    await asyncio.sleep(0.01)

            crashing = asyncio.create_task(crash())
            with pytest.raises(TooHard, match="crashed the reader"):
                await pool.extract(ENDLESS, ASKED)
            await crashing
            assert (await pool.extract(GOOD, ASKED)).state is State.OK

    run(story)


@pytest.mark.parametrize(
    "said",
    [
        b"not json",
        b"{}",
        b'{"reading": {"state": "ok"}}',
        b'{"reading": {"state": "nonsense", "rule": "x"}}',
        b'{"shape": {"extension": "png", "width": 1, "height": 1}}',
        b"\xff\xfe",
    ],
)
def test_a_worker_that_was_taken_over_cannot_say_what_is_not_an_answer(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = (
        "import sys, struct\n"
        "def say(header):\n"
        "    sys.stdout.buffer.write(struct.pack('>II', len(header), 0) + header)\n"
        "    sys.stdout.buffer.flush()\n"
        "say(b'{}')\n"
        "sys.stdin.buffer.read(1)\n"
        f"say({said!r})\n"
        "sys.stdin.buffer.read()\n"
    )
    monkeypatch.setattr("scraper.worker.pool._BOOT", liar)

    async def story() -> None:
        async with workers() as pool:
            with pytest.raises(TooHard, match="crashed the reader"):
                await pool.extract(GOOD, ASKED)

    run(story)


def test_several_workers_read_at_once_and_no_more_than_asked_for() -> None:
    async def story() -> None:
        async with workers(processes=2) as pool:
            readings = await asyncio.gather(*(pool.extract(GOOD, ASKED) for _ in range(12)))
            assert len(pool.pids) == 2
            assert all(reading == readings[0] for reading in readings)

    run(story)


def test_a_page_that_is_no_longer_waited_for_is_dropped_with_its_process() -> None:
    async def story() -> None:
        async with workers(page_time=30) as pool:
            reading = asyncio.create_task(pool.extract(ENDLESS, ASKED))
            await pool.look(png())  # waits for the process, then for its answer
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            assert (await pool.extract(GOOD, ASKED)).state is State.OK

    run(story)


def test_a_worker_that_cannot_start_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "scraper"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('this checkout is broken')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    async def story() -> None:
        async with workers() as pool:
            with pytest.raises(WorkerBug, match="this checkout is broken"):
                await pool.extract(GOOD, ASKED)

    run(story)


def test_a_worker_ends_when_the_program_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, sys\n"
        "from scraper.worker.pool import Workers\n"
        "async def main():\n"
        "    async with Workers() as pool:\n"
        "        await pool.look(b'GIF89a')\n"
        "        print(*pool.pids, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    root = str(Path(__file__).resolve().parents[2])

    async def story() -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(program)),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
        )
        assert process.stdout
        pid = int(await process.stdout.readline())
        process.kill()
        await process.wait()
        for _ in range(500):
            if not _lives(pid):
                return
            await asyncio.sleep(0.01)
        pytest.fail("the worker outlived the program by five seconds")

    asyncio.run(story())


def _lives(pid: int) -> bool:
    """Whether the process runs; one that nobody has reaped yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "wrong", [{"processes": 0}, {"page_time": 0}, {"memory": 2**20}, {"picture_time": -1}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        WorkerSettings(**wrong)  # type: ignore[arg-type]
