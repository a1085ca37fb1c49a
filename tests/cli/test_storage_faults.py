"""A disk that is full, fails or may not be written, under a whole command: code 6, one line, and nothing is lost.

What was asked for waits in the queue, `verify` finds no damage, and a later run ends with the same article.
"""

import base64
import io
import os
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from archive.archive import Archive
from archive.capture import Capture
from archive.document import Document, settled
from archive.files import digest, image_path
from archive.reader import Reader
from archive.upkeep.verify import verify
from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.site import Answer
from scraper.demo.stories import HARVEST, Story, token
from scraper.extract import extract
from scraper.urls import identify
from tests.archive.disks import needs_mounts
from tests.cli.conftest import Ended, Kept
from tests.cli.little_qq import LittleQQ, held
from tests.cli.small_disk import SmallDisk

THOROUGH = "QQNEWS_THOROUGH" in os.environ
"""Set it for disks of every size, and for each of the first forty calls of each kind to fail: an hour, not a minute."""

COMMANDS = ("add", "import", "run")
LANES = 2
"""Commands at once, each with an archive of its own: they mostly wait."""

Start = Callable[..., subprocess.Popen[str]]
Told = dict[str, tuple[str, str, list[str]]]
"""Id → headline, text, pictures."""

pytestmark = pytest.mark.timeout(7200 if THOROUGH else 300)


def story(number: int) -> Story:
    """An article like no other."""
    lines = tuple(
        f"第{number}号柿子园的第{row}行树，去年秋天结了{number * 37 + row}个果，园主说今年只会更多。"
        for row in range(6)
    )
    return replace(
        HARVEST,
        id=f"20261121A{number:02}HNM00",
        title=f"柿子园第{number}号消息",
        lines=("[0|园里的柿子]", *lines),
        pictures=(token("O", f"fault{number}"),),
    )


def drawn(number: int) -> bytes:
    """Its picture."""
    content = io.BytesIO()
    Image.new("RGB", (640, 360), (number % 256, 120, 90)).save(content, "PNG")
    return content.getvalue()


class Press:
    """A little qq.com with articles of this kind, and a folder in which their pages lie saved.

    told: what an archive that has them all says of them.
    """

    def __init__(self, site: LittleQQ, folder: Path) -> None:
        self.site = site
        self.told: Told = {}
        self._folder = folder
        self._pages = folder / "pages"
        self._pages.mkdir()

    def print(self, number: int, *, ballast: int = 0) -> str:
        """One more article; gives its id.  ballast: bytes that no compression makes smaller, where no reader looks."""
        one = story(number)
        weight = base64.b64encode(random.Random(number).randbytes(ballast))
        page, picture = rain(one) + b"<!-- " + weight + b" -->\n", drawn(number)
        (self._pages / f"{one.id}.html").write_bytes(page)
        self.site.faults[self.page(one.id)] = Answer(body=page)
        for size in (0, 641, 1000):
            shown = Answer(kind="image/png", body=picture)
            self.site.faults[f"inews.gtimg.com/om_bt/{one.pictures[0]}/{size}"] = shown
        asked, now = identify(one.id), datetime.now(UTC)
        article = extract(Capture(url=asked.canonical, at=now, body=page), asked).article
        assert article is not None
        text = settled(Document(article=article, captured=now)).article.markdown
        self.told[one.id] = (one.title, text, [image_path(digest(picture), "png")])
        return one.id

    def page(self, id: str) -> str:
        """Where the site is asked for an article."""
        return f"news.qq.com/rain/a/{id}"

    def last_asked(self, command: str, number: int) -> str:
        """What a command that keeps an article asks for first."""
        one = story(number)
        if command == "import":
            return f"inews.gtimg.com/om_bt/{one.pictures[0]}/0"
        return self.page(one.id)

    def words(self, command: str, ids: Iterable[str], *, root: Path) -> list[str]:
        """The command that keeps these articles in an archive."""
        ids = list(ids)
        named = {
            "add": ids,
            "import": ["--pictures", *(str(self._pages / f"{id}.html") for id in ids)],
            "run": [],
        }
        name = root.as_posix().replace("/", "-")
        listed, settings = (self._folder / f"{name}.{kind}" for kind in ("txt", "yaml"))
        listed.write_text("\n".join(ids))
        settings.write_text(f"sources: {{mine: {{kind: file, path: {listed}}}}}\n")
        settings.chmod(0o644)
        common = [*self.site.options, "--config", str(settings), "--archive", str(root)]
        return [command, *named[command], *common]


@pytest.fixture
def press(little_qq: LittleQQ, folder: Path) -> Press:
    return Press(little_qq, folder)


def told(root: Path) -> Told:
    """Everything that is kept."""
    with Reader.open(root) as reader:
        documents = {found.id: reader.show(found.id).document for found in reader.list()}
    return {
        id: (one.article.title, one.article.markdown, [file.path for file in one.pictures.values()])
        for id, one in documents.items()
    }


def damage(root: Path) -> list[str]:
    """What `qqnews verify --read-data` would leave with 7 for."""
    return [str(one) for one in verify(root, read_data=1.0) if one.severity == "damage"]


# -- calls that fail

CALLS = [
    (call, error)
    for call in ("fsync", "fdatasync", "write", "pwrite64", "rename", "openat")
    for error in (("EIO", "ENOSPC") if call != "openat" else ("EMFILE", "EIO"))
]
FAULTS = [
    (command, *fault)
    for number, fault in enumerate(CALLS)
    for command in (COMMANDS if THOROUGH else [COMMANDS[number % 3]])
]
WHEN = range(1, 41) if THOROUGH else (1, 2, 3, 5)
UNREACHED = 6
"""So many in a row that were never called mean that no later one is."""


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: no faults to inject"
)
@pytest.mark.parametrize(("command", "call", "error"), FAULTS)
def test_a_failing_call_ends_the_command_with_6_and_costs_nothing(
    command: str, call: str, error: str, press: Press, started: Start, folder: Path
) -> None:
    for when in WHEN:
        press.print(when)

    def lane(number: int) -> tuple[int, list[str]]:
        root = folder / f"lane{number}"
        Archive.create(root)
        ids: list[str] = []
        wrong: list[str] = []
        failed = unreached = 0
        for when in WHEN[number::LANES]:
            ids.append(story(when).id)
            words = press.words(command, ids[-1:], root=root)
            place = press.last_asked(command, when)
            rule = f"inject={call}:error={error}:when={when}"

            ended = while_failing(press.site, place, lambda words=words: started(*words), rule)

            wrong += [f"{when}: {what}" for what in complaints(root, ended, command, ids[-1])]
            failed += ended.code == Exit.STORAGE
            unreached = 0 if ended.code else unreached + 1
            if unreached == UNREACHED:
                break
        later = "import" if command == "import" else "run"
        child = started(*press.words(later, ids, root=root))
        _, err = child.communicate(timeout=300)
        if (child.returncode, err.count("\n"), Kept(root).waiting()) != (0, later != "run", []):
            wrong.append(f"a later run left with {child.returncode}: {err}")
        wrong += damage(root)
        if told(root) != {id: press.told[id] for id in ids}:
            wrong.append("not the same articles")
        return failed, wrong

    with ThreadPoolExecutor(LANES) as pool:
        results = list(pool.map(lane, range(LANES)))

    assert [what for _, wrong in results for what in wrong] == []
    assert any(failed for failed, _ in results)


def complaints(root: Path, ended: Ended, command: str, id: str) -> Iterable[str]:
    """What is wrong after a command that was to keep an article while something failed."""
    if ended.code not in (0, Exit.STORAGE):
        yield f"it left with {ended.code}: {ended.err}"
    lines = ended.err.splitlines()
    if len(lines) != bool(ended.code) or not all(line.startswith("error: ") for line in lines):
        yield f"it said: {ended.err}"
    kept = Kept(root)
    if id not in kept.ids() and command != "import":
        yield from () if id in {row["id"] for row in kept.waiting()} else [f"lost: {ended.err}"]
    yield from damage(root)


def while_failing(
    site: LittleQQ, place: str, start: Callable[[], subprocess.Popen[str]], rule: str
) -> Ended:
    """How a command ended while calls failed by this rule, from the moment it asked the site for something."""
    asked, go = threading.Event(), threading.Event()
    answer = site.faults[place]
    assert isinstance(answer, Answer)
    site.faults[place] = held(asked, go, answer)
    child = start()
    assert asked.wait(120)
    tracer = subprocess.Popen(
        ["strace", "-f", "-o", os.devnull, "-e", rule, "-p", str(child.pid)],
        stderr=subprocess.PIPE,
    )
    assert tracer.stderr is not None
    assert b"attached" in tracer.stderr.readline()
    go.set()
    out, err = child.communicate(timeout=300)
    tracer.communicate(timeout=60)
    site.faults[place] = answer
    return Ended(child.returncode, out, err)


# -- disks that are full, or may not be written

SIZES = [*range(1024, 8193, 64)] if THOROUGH else [1024, 3024, 5024, 2176, 7024]
"""Kilobytes; at 2176 the last article that fits would leave no room for a row in the queue."""

BALLAST = 400 << 10


@needs_mounts
@pytest.mark.parametrize("first", range(0, len(SIZES), LANES))
def test_on_a_full_disk_a_command_leaves_with_6_and_goes_on_when_there_is_room(
    first: int, press: Press, tmp_path: Path, environment: dict[str, str]
) -> None:
    most = max(SIZES[first : first + LANES]) * 1024 // BALLAST + 2
    ids = [press.print(number, ballast=BALLAST) for number in range(most)]

    def fill(number: int) -> None:
        place = tmp_path / f"{SIZES[number]}"
        place.mkdir()
        more = ids[: SIZES[number] * 1024 // BALLAST + 2]  # than there is room for
        filled(SIZES[number], COMMANDS[number % 3], press, more, SmallDisk(place, environment))

    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(fill, range(first, min(first + LANES, len(SIZES)))))


def filled(kilobytes: int, command: str, press: Press, ids: list[str], disk: SmallDisk) -> None:
    """What has to be true of a command that fills a disk of this size."""
    words = press.words(command, ids, root=disk.root)
    here = ["--archive", str(disk.root)]

    full, queued, _, looked, again = disk.run(
        f"size={kilobytes}k",
        words, ["queue", *here], "size=256m", ["verify", "--read-data", *here], words,
    )  # fmt: skip

    line = full.err.removeprefix(
        f"warning: there was no archive at {disk.root}: this run begins one\n"
    )
    assert (full.code, line.count("\n")) == (Exit.STORAGE, 1), full.err
    assert line.startswith("error: ")
    assert any(why in line for why in ("full", "must stay", "SQLITE_IOERR")), full.err
    assert (queued.code, looked.code, again.code) == (0, 0, 0), queued.err + looked.err + again.err
    assert queued.out or command == "import"
    assert Kept(disk.copy).waiting() == []
    assert damage(disk.copy) == []
    assert told(disk.copy) == {id: press.told[id] for id in ids}


@needs_mounts
@pytest.mark.parametrize("command", COMMANDS)
def test_where_nothing_may_be_written_nothing_is_asked_and_reading_goes_on(
    command: str, press: Press, tmp_path: Path, environment: dict[str, str]
) -> None:
    small_disk = SmallDisk(tmp_path, environment)
    first, second = press.print(1), press.print(2)
    words = press.words(command, [first, second], root=small_disk.root)
    here = ["--archive", str(small_disk.root)]

    added, _, refused, listed, looked, _, again = small_disk.run(
        "size=64m",
        press.words("add", [first], root=small_disk.root),
        "ro",
        words,
        ["list", *here],
        ["verify", "--read-data", *here],
        "rw",
        press.words(command, [first, second], root=small_disk.root),
    )

    assert (added.code, again.code) == (0, 0), added.err + again.err
    assert (refused.code, refused.out, refused.err.count("\n")) == (Exit.STORAGE, "", 1)
    assert "read-only" in refused.err
    assert first in listed.out
    assert (listed.code, looked.code) == (0, 0), looked.err
    assert press.site.pages().count(f"GET {press.page(second)}") == (command != "import")
    assert told(small_disk.copy) == press.told
