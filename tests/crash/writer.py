"""A program that changes an archive and says so: `python -m tests.crash.writer ROOT SCENARIO [BROKEN]`.

It prints `ack …` after each change that was promised to be durable.  BROKEN names one of five ways to do it wrong, each
of which the crash tests have to notice.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import archive.captures
import archive.files.tree
import archive.index.connection
from archive.archive import Wanted
from archive.dedupe import print_of
from archive.files import Staged, Tree, durable
from archive.index import migrations
from archive.state import State
from archive.upkeep.merge import merge
from archive.upkeep.rebuild import rebuild
from archive.upkeep.repair import repair
from archive.writer import Writer
from tests.archive.newsroom import START, article, capture, open_archive, picture, text


def ack(*words: object) -> None:
    """Tells the reader of the trace that something is durable, in one system call."""
    os.write(1, (" ".join(map(str, ("ack", *words))) + "\n").encode())


def add(root: Path) -> None:
    """New articles, with pictures, one of them a copy; items for the queue."""
    with open_archive(root) as archive:
        for number in range(10, 13):
            one = article(number, pictures=(picture(number),))
            archive.keep(
                one,
                capture=capture(one, minutes=number),
                pictures={picture(number).url: picture(number)},
            )
            ack("kept", one.id, 1)
            archive.queue.add([Wanted(id=f"20260207B{number:05}00", url="https://news.qq.com/")])
            ack("queued", f"20260207B{number:05}00")
        copy = article(13, body=text(10))
        archive.keep(copy, capture=capture(copy, minutes=14))
        ack("kept", copy.id, 1)


def together(root: Path) -> None:
    """Articles that are kept together: two with one picture, a copy, two texts of one, a page seen again."""
    with open_archive(root) as archive:
        with archive.together():
            for number in (40, 41):
                one = article(number, pictures=(picture(40),))
                pictures = {picture(40).url: picture(40)}
                archive.keep(one, capture=capture(one, minutes=number), pictures=pictures)
            again = article(41, body=text(91), pictures=(picture(40),))
            archive.keep(again, capture=capture(again, minutes=50), pictures=pictures)
            copy = article(42, body=text(40))
            archive.keep(copy, capture=capture(copy, minutes=51))
            seen = article(1)
            archive.seen(seen.id, capture=capture(seen, minutes=52, status=304, body=b""))
        for number, revision in ((40, 1), (41, 2), (42, 1)):
            ack("kept", article(number).id, revision)
        ack("checked", seen.id)


def revise(root: Path) -> None:
    """New texts for articles that are there, and one that is suspect."""
    with open_archive(root) as archive:
        for turn, number in enumerate((1, 3, 1)):
            one = article(number, body=text(60 + turn))
            saved = archive.keep(one, capture=capture(one, minutes=400 + turn))
            ack("kept", one.id, archive.kept(one.id).revision)  # type: ignore[union-attr]
            assert saved.id == one.id
        short = article(3, body="短讯。")
        archive.keep(short, capture=capture(short, minutes=420))
        ack("checked", short.id)
        gone = article(1)
        answer = capture(gone, minutes=430, status=302, body=b"")
        archive.note(
            id=gone.id, address=gone.url, state=State.GONE, rule="redirect", capture=answer
        )
        ack("gone", gone.id)


def illustrate(root: Path) -> None:
    """Pictures that were missing arrive."""
    with open_archive(root) as archive:
        for number in (20, 21):
            one = article(number, pictures=(picture(number),))
            archive.keep(
                one,
                capture=capture(one, minutes=500 + number),
                missing={picture(number).url: "timeout"},
            )
            ack("kept", one.id, 1)
            archive.add_pictures(one.id, pictures={picture(number).url: picture(number)})
            ack("illustrated", one.id)


def decide(root: Path) -> None:
    """A person says of two suspect texts what they are, and a kept page is read again with another author."""
    with open_archive(root) as archive:
        for number, say in ((3, archive.suspects.accept), (1, archive.suspects.dismiss)):
            short = article(number, body=f"第{number}号短讯。")
            archive.keep(short, capture=capture(short, minutes=600 + number))
            revision = archive.suspects.like(short.id, print_of(short))
            assert revision is not None
            say(short.id, revision)
            ack("accepted" if number == 3 else "dismissed", short.id, revision)
        again = replace(article(3, body="第3号短讯。"), author="白露")
        archive.rereading.keep(again, captured=START, capture="")
        ack("reread", again.id)


def anew(root: Path) -> None:
    """The index is made again."""
    rebuild(root)
    ack("rebuilt")


def forget(root: Path) -> None:
    """An article that others lean on is taken out."""
    with open_archive(root) as archive:
        archive.forget("20260207A0000100")
        ack("forgotten", "20260207A0000100")


def mend(root: Path) -> None:
    """A text and a picture are damaged; then the archive is repaired."""
    ack("broken")
    (root / "articles/2026/02/20260207A0000300.md").write_bytes(b"damaged")
    list(repair(root, apply=True))
    ack("mended")


def join(root: Path) -> None:
    """Another archive, which stands elsewhere and is only read, is brought in."""
    other = root.with_name(f"{root.name}-other")
    one = article(30)
    with open_archive(other) as archive:
        archive.keep(one, capture=capture(one, minutes=33))
    merge(root, other)
    ack("kept", one.id, 1)


def m999_later(db: sqlite3.Connection) -> None:
    """What a later version of the program could do to the index."""
    db.execute("alter table runs add column later text not null default ''")


def next_version() -> None:
    """Makes of this program its own next version, whose index takes one migration more."""
    migrations._STEPS = (*migrations._STEPS, m999_later)
    migrations.LATEST = archive.index.connection.LATEST = len(migrations._STEPS)


def migrate(root: Path) -> None:
    """An index of the version before is brought up to date, after a copy of it was made."""
    next_version()
    with open_archive(root) as archive:
        kept = archive.kept("20260207A0000100")
        assert kept is not None
        ack("kept", kept.id, kept.revision)


SCENARIOS: dict[str, Callable[[Path], None]] = {
    "add": add,
    "together": together,
    "revise": revise,
    "illustrate": illustrate,
    "decide": decide,
    "rebuild": anew,
    "forget": forget,
    "repair": mend,
    "merge": join,
    "migrate": migrate,
}


def _no_fsync() -> None:
    durable.sync = archive.captures.sync = lambda _descriptor: None


def _no_folder_fsync() -> None:
    for module in (durable, archive.files.tree, archive.captures):
        module.sync_folder = lambda _folder: None  # type: ignore[attr-defined]


def _index_first() -> None:
    """The Markdown gets its name when the index already speaks of it."""
    real, revise = Staged.land, Writer.revise
    waiting: list[Staged] = []

    def revised(self: Writer, *arguments: object, **named: object) -> None:
        revise(self, *arguments, **named)  # type: ignore[arg-type]
        for staged in waiting:
            real(staged)
        waiting.clear()

    Staged.land = lambda self: waiting.append(self)  # type: ignore[method-assign]
    Staged.drop = lambda self: None  # type: ignore[method-assign]
    Writer.revise = revised  # type: ignore[method-assign, assignment]


def _in_place() -> None:
    """Files are written where they stand, over what was there."""

    def over(self: Tree, contents: Mapping[str, bytes]) -> Staged:
        for path, content in contents.items():
            target = self.root / path
            durable.make_folder(target.parent)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.write(descriptor, content)
            os.fsync(descriptor)
            os.close(descriptor)
            durable.sync_folder(target.parent)
        return Staged(self, {})

    Tree.stage = over  # type: ignore[method-assign]


def _normal() -> None:
    """SQLite leaves its log to the operating system."""
    real = archive.index.connection._set

    def relaxed(connection: object, name: str, value: object, *, expect: object) -> None:
        if name == "synchronous":
            value, expect = "normal", 1
        real(connection, name, value, expect=expect)  # type: ignore[arg-type]

    archive.index.connection._set = relaxed


BROKEN: dict[str, Callable[[], None]] = {
    "no-fsync": _no_fsync,
    "no-folder-fsync": _no_folder_fsync,
    "index-first": _index_first,
    "in-place": _in_place,
    "synchronous-normal": _normal,
}


if __name__ == "__main__":
    if len(sys.argv) > 3:
        BROKEN[sys.argv[3]]()
    SCENARIOS[sys.argv[2]](Path(sys.argv[1]))
