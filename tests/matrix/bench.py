"""The program in this process, an archive for each test, and what can be read off them."""

import io
import signal
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.files import INDEX
from archive.upkeep.verify import verify
from scraper.cli import main
from scraper.demo.stories import Story
from tests.cli.conftest import Ended, Kept
from tests.hostile import Hostile
from tests.hostile.newspaper import SIZES, page_of, picture_of


@dataclass(frozen=True)
class Waiting:
    """An article in the queue.  minutes: until it is tried again; None when nothing says so."""

    state: str
    attempts: int
    kind: str
    minutes: int | None = None


class Bench:
    """An archive of its own, and the program that keeps articles in it."""

    def __init__(self, root: Path, config: Path, server: Hostile) -> None:
        self.root = root
        self.server = server
        self._config = config
        self._kept = Kept(root)

    def __call__(self, *words: str, **settings: str) -> Ended:
        """Call `qqnews`.  settings: to change, with `__` for the dots of their names."""
        changes = [f"--set={name.replace('__', '.')}={value}" for name, value in settings.items()]
        return called(*self.words(*words), *changes)

    def words(self, *words: str) -> list[str]:
        """A command line of `qqnews`, with these settings and this archive."""
        return [*words, "--config", str(self._config), "--archive", str(self.root)]

    def finds(self, *addresses: str) -> None:
        """Name the articles that `qqnews run` finds."""
        (self.root.parent / "addresses.txt").write_text("\n".join(addresses))

    def spoil(self, fault: str, *stories: Story) -> None:
        """Let this fault stand in the place of the articles' pages, wherever they are asked for."""
        for story in stories:
            self.server.instead |= {page_of(story): fault, f"/a/{story.id}": fault}

    def spoil_picture(self, fault: str, story: Story, *sizes: str) -> None:
        """Let this fault stand in the place of the article's picture, in these sizes or in all."""
        self.server.instead |= {picture_of(story, size): fault for size in sizes or SIZES}

    def mend(self) -> None:
        """Let every address answer as it should."""
        self.server.instead.clear()
        self.server.asked.clear()

    def asked(self, story: Story) -> int:
        """How often the article's own address was asked."""
        return self.server.asked[page_of(story)]

    def rows(self, statement: str) -> list[dict[str, Any]]:
        return self._kept.rows(statement)

    def queue(self) -> dict[str, Waiting]:
        """What waits, by id."""
        return {
            row["id"]: Waiting(
                row["state"],
                row["attempts"],
                row["kind"],
                _minutes(row["changed"], row["retry_at"]),
            )
            for row in self._kept.waiting()
        }

    def due(self) -> None:
        """Let the time have come to try again what failed."""
        with closing(sqlite3.connect(self.root / INDEX, isolation_level=None)) as db:
            db.execute("update queue set retry_at = queued where state = 'failed'")

    def states(self, story: Story) -> list[str]:
        """What the answers that were stored for an article turned out to be, the earliest first."""
        return [
            row["state"]
            for row in self.rows(
                f"select state from captures where id = '{story.id}' order by at, rowid"
            )
        ]

    def texts(self) -> dict[str, bytes]:
        """Every file of the articles and of their earlier texts, byte for byte."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for folder in ("articles", "revisions", "images")
            for path in (self.root / folder).rglob("*")
            if path.is_file()
        }

    def findings(self) -> list[object]:
        """What `qqnews verify --read-data` complains of."""
        return list(verify(self.root, read_data=1.0))


def _minutes(since: str, moment: str | None) -> int | None:
    if moment is None:
        return None
    wait = datetime.fromisoformat(moment) - datetime.fromisoformat(since)
    return round(wait.total_seconds() / 60)


def called(*words: str) -> Ended:
    """Call `qqnews` in this process, as a shell would."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    before = signal.getsignal(signal.SIGTERM)
    code: object = None
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(words)
    except SystemExit as left:
        code = left.code
    finally:
        signal.signal(signal.SIGTERM, before)
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
    assert isinstance(code, int)
    return Ended(code, out.read(), err.read())


def lines_about(ended: Ended, story: Story) -> list[str]:
    """What a person is told of an article."""
    return [line for line in ended.err.splitlines() if story.id in line]
