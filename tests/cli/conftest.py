"""The program as a child process, in an empty folder, with nothing of this user's in its environment."""

import ctypes
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.reader import Reader
from tests.cli.little_qq import LittleQQ

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]
"""What the fixture `qqnews` gives."""


def objects(out: str) -> list[dict[str, Any]]:
    """JSON lines, read."""
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {"HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The current folder of the command."""
    place = tmp_path / "here"
    place.mkdir()
    return place


def bound_by_permissions() -> None:
    """Take from a child of root the right to pass where the permissions say no (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH).

    Linux only; what is given to `subprocess` to be called in the child.
    """
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


@pytest.fixture
def qqnews(folder: Path, environment: dict[str, str]) -> Run:
    """`qqnews(*words, stdin="", **variables)` runs the program there and gives what it said.

    first: what its process does before that.
    """

    def run(
        *words: object,
        stdin: str | bytes = "",
        first: Callable[[], None] | None = None,
        **variables: str,
    ) -> Ended:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        ended = subprocess.run(
            [sys.executable, "-m", "scraper", *map(str, words)],
            cwd=folder,
            env=environment | variables,
            input=content,
            capture_output=True,
            preexec_fn=first,
            timeout=60,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))

    return run


@pytest.fixture
def started(
    folder: Path, environment: dict[str, str]
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`started(*words)` starts the program there and comes back at once; whatever still runs at the end is killed."""
    children: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "scraper", *words],
            cwd=folder,
            env=environment
            | {"PYTHONWARNINGS": ""},  # a socket that is dropped half-open is no news
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.wait()
        for stream in (child.stdout, child.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def loaded_modules(folder: Path, environment: Mapping[str, str]) -> Callable[..., set[str]]:
    """The modules a command has loaded by the time it ends."""

    def run(*words: object) -> set[str]:
        script = (
            "import sys, atexit\n"
            "from scraper.cli import main\n"
            "atexit.register(lambda: sys.stderr.write('\\nMODULES ' + ' '.join(sorted(sys.modules))))\n"
            f"main({[str(word) for word in words]!r})\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", script],
            cwd=folder,
            env=dict(environment),
            capture_output=True,
            timeout=60,
            check=False,
            text=True,
        )
        assert "MODULES" in ended.stderr, ended.stderr
        return set(ended.stderr.rpartition("MODULES ")[2].split())

    return run


@pytest.fixture
def little_qq(tmp_path: Path) -> Iterator[LittleQQ]:
    with LittleQQ(tmp_path).serving() as site:
        yield site


def on_a_terminal(folder: Path, environment: dict[str, str], *words: str) -> str:
    """What the command prints when stdout and stderr are a terminal."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "scraper", *words],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    child.wait(60)
    return said.decode()


class Kept:
    """What an archive holds, read in this process: for assertions that are not about the reading commands."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ids(self) -> set[str]:
        """The ids of its articles; none where there is no archive yet."""
        if not (self.root / "qqnews.db").exists():
            return set()
        with Reader.open(self.root) as reader:
            return {found.id for found in reader.list()}

    def text(self, word: str) -> str:
        """The Markdown file of an article, or of one text of it (`ID@1`)."""
        with Reader.open(self.root) as reader:
            return reader.show(word).text

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """What SQL answers."""
        with Reader.open(self.root) as reader:
            answer = reader.sql(statement)
            return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def waiting(self) -> list[dict[str, Any]]:
        """What the queue holds beside what is done."""
        return self.rows("select * from queue where state != 'done'")


@pytest.fixture
def kept(environment: dict[str, str]) -> Kept:
    """The archive of a command that names none."""
    return Kept(Path(environment["HOME"]) / ".local/share/qqnews/data")


@pytest.fixture
def cron(little_qq: LittleQQ, folder: Path) -> list[str]:
    """What stands in the crontab: `run` with one channel as its source, and the way to the little qq.com."""
    (folder / "config.yaml").write_text("sources:\n  top: {kind: channel, channel: top}\n")
    (folder / "config.yaml").chmod(0o644)
    Archive.create(folder / "data")
    return ["run", *little_qq.options]
