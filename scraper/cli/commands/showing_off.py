"""`qqnews demo`: the whole program at work on a little qq.com of its own."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.files import there
from scraper.cli.invocation import Command, Invocation, NamedPath, pass_invocation

if TYPE_CHECKING:
    from scraper.cli.exits import Exit
    from scraper.pipeline.stop import Stop

WORD = "石桥"
"""What is searched for at the end."""


@click.command("demo", cls=Command)
@click.argument("folder", type=NamedPath(path_type=Path), default="demo")
@pass_invocation
def demo(invocation: Invocation, folder: Path) -> int:
    """See it work, without the internet.

    A little qq.com on this machine is scraped into FOLDER, searched, and what was made is shown. Every word and
    picture in it is invented; the way from address to archive is the real one. An archive of your own is left alone.
    """
    from scraper.cli.working import finished

    _must_be_ours(folder)

    async def run(stop: "Stop") -> "Exit":
        return await _demo(invocation, folder, stop)

    return finished(run, invocation.talk)


def _must_be_ours(folder: Path) -> None:
    """Invented articles never come among real ones."""
    from archive.files import INDEX
    from archive.reader import Reader
    from scraper.demo.stories import IDS

    if not there(folder / INDEX):
        return
    with Reader.open(folder) as reader:
        kept = {found.id for found in reader.list()}
    if not kept or kept - IDS:
        raise click.UsageError(f"{folder} is an archive, and not the demo's — name another folder")


async def _demo(invocation: Invocation, folder: Path, stop: "Stop") -> "Exit":
    from dataclasses import replace

    from scraper.cli.exits import most_telling
    from scraper.cli.progress import Progress
    from scraper.cli.reporting import Report, codes_of, sentence
    from scraper.cli.working import collecting, writing
    from scraper.config import Config
    from scraper.demo.server import Backend, serving
    from scraper.demo.site import MOBILE_ADDRESS, STATIC_ADDRESS
    from scraper.fetch.settings import Pace
    from scraper.pipeline.run import Run
    from scraper.sources.channel import Channel

    root = folder.absolute()
    invocation.options["archive.path"] = str(root)
    talk = invocation.talk
    progress = Progress(talk)
    with serving() as port, writing(invocation) as archive:
        defaults = Config()
        network = replace(
            defaults.network,
            connect_to=(f"::127.0.0.1:{port}",),
            pace=Pace(page=0.02, picture=0.01),
        )
        config = replace(defaults, network=network)
        report = Report(talk, progress, root=root, shape="table", csv_safe=False)
        _say(
            "A little qq.com is served on this machine; qqnews asks a channel of it what is new:\n"
        )
        async with collecting(config, archive, progress, backend=Backend()) as collector:
            assert collector.fetcher is not None
            run = Run(
                archive,
                collector.fetcher,
                collector,
                stop=stop,
                at_once=1,  # so that the first to print a text is the original, and its reprint the copy
                report=report.row,
            )
            summary = await run.run([Channel(name="top", channel="top")])
            if not summary.total:
                _say("nothing new: all it names is kept, or known to be gone")
            _say("\nThe same article by its mobile address, and a page of 2016 in GBK:\n")
            for address in (MOBILE_ADDRESS, STATIC_ADDRESS):
                outcome = await collector.collect(address)
                summary.count(outcome)
                report.row(outcome)
            run.account()
    _say(f"\n{sentence(summary)}")
    _search(root)
    _next(folder)
    return most_telling(codes_of(summary))


def _say(text: str) -> None:
    from scraper.cli.terminal import colour

    click.echo(text, color=colour(sys.stdout))


def _search(root: Path) -> None:
    from archive.reader import Reader
    from scraper.cli.commands.finding import hit_lines

    _say(f"\nSearching it for {WORD}:\n")
    with Reader.open(root) as reader:
        for hit in reader.search(WORD).hits:
            for line in hit_lines(hit):
                _say(line)


def _next(folder: Path) -> None:
    from scraper.demo.stories import BRIDGE

    program = _program()
    article = next(folder.glob(f"articles/*/*/{BRIDGE.id}.md"), folder)
    picture = next(iter(sorted(folder.glob("images/*/*.jpg"))), folder)
    called = f"{program} --archive {shlex.quote(str(folder))}"
    _say("\nMade:")
    for path, what in (
        (article, "Markdown with front matter"),
        (picture, "its picture, as it came"),
        (folder / "captures", "every answer as it came (WARC)"),
        (folder / "qqnews.db", "SQLite: for sqlite3, sqlite-utils, Datasette"),
    ):
        _say(f"  {path}\n      {what}")
    _say("\nTry next:")
    for words in (
        "search 柿子 -o table",
        f"show {BRIDGE.id}",
        "list is:copy",
        'sql "select id, title, state from articles"',
    ):
        _say(f"  {called} {words}")
    _say(f"  {program} add https://news.qq.com/rain/a/…")


def _program() -> str:
    """How this program was called, so that what is printed can be pasted."""
    from scraper.cli.reporting import near

    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(near(Path(sys.executable)))} -m scraper"
    found = shutil.which(called.name)
    return called.name if found and Path(found) == called.absolute() else shlex.quote(near(called))
