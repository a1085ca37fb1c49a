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
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from archive.reader import Reader
from archive.verify import verify
from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.site import Answer
from scraper.demo.stories import HARVEST, Story, token
from tests.archive.test_full_disk import needs_mounts
from tests.cli.conftest import Kept, Run
from tests.cli.little_qq import LittleQQ, held
from tests.cli.small_disk import SmallDisk

THOROUGH = "QQNEWS_THOROUGH" in os.environ
"""Set it for disks of every size, and for each of the first forty calls of each kind to fail: an hour, not a minute."""

COMMANDS = ("add", "import", "run")

Start = Callable[..., subprocess.Popen[str]]


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


def page(number: int, *, ballast: int = 0) -> bytes:
    """Its page.  ballast: bytes that no compression makes smaller, where no reader looks."""
    weight = base64.b64encode(random.Random(number).randbytes(ballast))
    return rain(story(number)) + b"<!-- " + weight + b" -->\n"


def drawn(number: int) -> Answer:
    """Its picture."""
    content = io.BytesIO()
    Image.new("RGB", (640, 360), (number % 256, 120, 90)).save(content, "PNG")
    return Answer(kind="image/png", body=content.getvalue())


class Press:
    """The little qq.com with these articles, and a folder in which their pages lie saved."""

    def __init__(self, site: LittleQQ, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.ids: list[str] = []
        (folder / "pages").mkdir()
        (folder / "config.yaml").write_text("sources: {mine: {kind: file, path: list.txt}}\n")
        (folder / "config.yaml").chmod(0o644)

    def print(self, number: int, *, ballast: int = 0) -> None:
        """One more article; it is in the list that `run` reads."""
        one = story(number)
        content = page(number, ballast=ballast)
        self.ids.append(one.id)
        self.site.faults[f"news.qq.com/rain/a/{one.id}"] = Answer(body=content)
        for size in (0, 641, 1000):
            address = f"inews.gtimg.com/om_bt/{one.pictures[0]}/{size}"
            self.site.faults[address] = drawn(number)
        (self.folder / "pages" / f"{one.id}.html").write_bytes(content)
        (self.folder / "list.txt").write_text("\n".join(self.ids) + "\n")

    def words(self, command: str, *ids: str) -> list[str]:
        """The command that is to keep these articles."""
        named = {
            "add": [*ids],
            "import": ["--pictures", *(f"pages/{id}.html" for id in ids)],
            "run": [],
        }
        return [command, *named[command], *self.site.options]


@pytest.fixture
def small_disk(tmp_path: Path, folder: Path, environment: dict[str, str]) -> SmallDisk:
    return SmallDisk(tmp_path, folder, environment)


@pytest.fixture
def press(little_qq: LittleQQ, folder: Path) -> Press:
    return Press(little_qq, folder)


def told(root: Path) -> dict[str, tuple[str, str, list[str]]]:
    """Id → headline, text and pictures of everything that is kept."""
    with Reader.open(root) as reader:
        documents = {found.id: reader.show(found.id).document for found in reader.list()}
    return {
        id: (one.article.title, one.article.markdown, [file.path for file in one.pictures.values()])
        for id, one in documents.items()
    }


def damage(root: Path) -> list[str]:
    """What `verify` would leave with 7 for."""
    return [str(one) for one in verify(root, read_data=1.0) if one.severity == "damage"]


# -- calls that fail

FAULTS = [
    (command, call, error)
    for number, (call, error) in enumerate(
        (call, error)
        for call in ("fsync", "fdatasync", "write", "pwrite64", "rename", "openat")
        for error in (("EIO", "ENOSPC") if call != "openat" else ("EMFILE", "EIO"))
    )
    for command in (COMMANDS if THOROUGH else [COMMANDS[number % 3]])
]
WHEN = range(1, 41) if THOROUGH else (1, 2, 3, 5, 9)
UNREACHED = 3
"""So many in a row that were never called mean that no later one is."""


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: no faults to inject"
)
@pytest.mark.parametrize(("command", "call", "error"), FAULTS)
def test_a_failing_call_ends_the_command_with_6_and_costs_nothing(
    command: str, call: str, error: str, press: Press, started: Start, qqnews: Run, folder: Path
) -> None:
    root = folder / "data"
    press.print(99)
    assert qqnews(*press.words(command, story(99).id)).code == 0
    failed = unreached = 0
    for when in WHEN:
        press.print(when)
        id = story(when).id
        rule = f"inject={call}:error={error}:when={when}"

        code, err = while_failing(press, command, when, started, rule)

        kept = Kept(root)
        assert code in (0, Exit.STORAGE), f"{when}: {code} {err}"
        assert (err.count("\n"), err[:7]) == ((1, "error: ") if code else (0, "")), f"{when}: {err}"
        waiting = {row["id"] for row in kept.waiting()}
        assert id in kept.ids() | (waiting if command != "import" else {id}), f"{when}: {err}"
        assert damage(root) == [], f"{when}: {err}"
        failed += bool(code)
        unreached = 0 if code else unreached + 1
        if unreached == UNREACHED:
            break

    assert failed
    looked = qqnews("verify", "--read-data")
    ended = qqnews(*press.words("import" if command == "import" else "run", *press.ids))
    assert (looked.code, ended.code) == (0, 0), looked.err + ended.err
    assert Kept(root).waiting() == []
    assert qqnews("verify", "--read-data").code == 0
    assert told(root) == printed(press, qqnews)


def while_failing(
    press: Press, command: str, number: int, started: Start, rule: str
) -> tuple[int, str]:
    """What a command left with and said, while calls failed by this rule from the moment its article was on the way."""
    one = story(number)
    place = f"news.qq.com/rain/a/{one.id}"
    if command == "import":
        place = f"inews.gtimg.com/om_bt/{one.pictures[0]}/0"
    asked, go = threading.Event(), threading.Event()
    answer = press.site.faults[place]
    assert isinstance(answer, Answer)
    press.site.faults[place] = held(asked, go, answer)
    child = started(*press.words(command, one.id))
    assert asked.wait(60)
    tracer = subprocess.Popen(
        ["strace", "-f", "-o", os.devnull, "-e", rule, "-p", str(child.pid)],
        stderr=subprocess.PIPE,
    )
    assert tracer.stderr is not None
    assert b"attached" in tracer.stderr.readline()
    go.set()
    _, err = child.communicate(timeout=60)
    tracer.communicate(timeout=60)
    press.site.faults[place] = answer
    return child.returncode, err


def printed(press: Press, qqnews: Run) -> dict[str, tuple[str, str, list[str]]]:
    """The same articles, kept where nothing fails."""
    ended = qqnews(*press.words("add", *press.ids), "--archive", "sound")
    assert ended.code == 0, ended.err
    return told(press.folder / "sound")


# -- disks that are full, or may not be written

SIZES = range(1024, 8193, 64) if THOROUGH else range(1024, 8193, 377)
BALLAST = 400 << 10


@needs_mounts
@pytest.mark.parametrize(
    ("kilobytes", "command"),
    [(size, COMMANDS[number % 3]) for number, size in enumerate(SIZES)],
)
def test_on_a_full_disk_a_command_leaves_with_6_and_goes_on_when_there_is_room(
    kilobytes: int, command: str, press: Press, qqnews: Run, small_disk: SmallDisk
) -> None:
    for number in range(kilobytes * 1024 // BALLAST + 2):  # more than there is room for
        press.print(number, ballast=BALLAST)
    words = press.words(command, *press.ids)

    full, queued, _, looked, again, after, waiting = small_disk.run(
        f"size={kilobytes}k",
        words, ["queue"], "size=256m", ["verify", "--read-data"],
        words, ["verify", "--read-data"], ["queue"],
    )  # fmt: skip

    assert (full.code, full.err.count("\n")) == (Exit.STORAGE, 1), full.err
    assert full.err.startswith("error: ")
    assert "full" in full.err or "free" in full.err or "SQLITE_IOERR" in full.err, full.err
    if (small_disk.copy / "qqnews.db").exists():
        assert queued.code == 0, queued.err
    assert (looked.code, again.code, after.code) == (0, 0, 0), looked.err + again.err + after.err
    assert waiting.out == ""
    if command != "import":
        assert queued.out or "qqnews.db" in full.err
    assert told(small_disk.copy) == printed(press, qqnews)


@needs_mounts
@pytest.mark.parametrize("command", COMMANDS)
def test_where_nothing_may_be_written_nothing_is_asked_and_reading_goes_on(
    command: str, press: Press, qqnews: Run, small_disk: SmallDisk
) -> None:
    for number in (1, 2):
        press.print(number)
    first, second = press.words("add", press.ids[0]), press.words(command, *press.ids)

    added, _, refused, listed, looked, _, again = small_disk.run(
        "size=64m", first, "ro", second, ["list"], ["verify", "--read-data"], "rw", second
    )

    assert (added.code, again.code) == (0, 0), added.err + again.err
    assert (refused.code, refused.out, refused.err.count("\n")) == (Exit.STORAGE, "", 1)
    assert "read-only" in refused.err
    assert press.ids[0] in listed.out
    assert (listed.code, looked.code) == (0, 0), looked.err
    assert press.site.pages().count(f"GET news.qq.com/rain/a/{press.ids[1]}") <= 1
    assert told(small_disk.copy) == printed(press, qqnews)
