"""`qqnews export`: articles for other programs, as one file."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.files import file_there, real, there
from scraper.cli.commands.finding import open_reader
from scraper.cli.exits import Exit
from scraper.cli.invocation import Asking, Count, Invocation, at_home, pass_invocation

if TYPE_CHECKING:
    from archive.errors import DamagedArchive
    from archive.export.source import Source

FEED: Final = 50
"""Articles of a feed unless told otherwise."""

OF: Final = {"all_texts": ("jsonl", "parquet"), "newest": ("warc",), "address": ("atom",)}
"""Option → the formats that it means something to."""

BINARY: Final = ("parquet", "warc")

ENDS: Final = {
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "parquet": (".parquet",),
    "warc": (".warc", ".warc.gz"),
    "atom": (".xml", ".atom"),
}
"""Format → how the names of its files end.  Few articles speak of such a word, and many people forget `--to`."""


@click.command("export", cls=Asking)
@click.argument("kind", metavar="FORMAT", type=click.Choice(["jsonl", "parquet", "warc", "atom"]))
@click.argument("query", nargs=-1)
@click.option(
    "--to",
    "target",
    default="-",
    metavar="FILE",
    help="Where to; by default, and for `-`, stdout. Whole or not at all.",
)
@click.option("--force", is_flag=True, help="Replace FILE when it is there.")
@click.option(
    "--limit",
    type=Count(0),
    help=f"At most so many articles; 0 for all. By default all, but {FEED} in a feed.",
)
@click.option(
    "--all-texts", is_flag=True, help="jsonl, parquet: a row for every text, not only the current."
)
@click.option("--newest", is_flag=True, help="warc: only the page each current text was read from.")
@click.option("--address", default="", metavar="URL", help="atom: where the feed will be found.")
@pass_invocation
def export(
    invocation: Invocation,
    kind: str,
    query: tuple[str, ...],
    target: str,
    force: bool,
    limit: int | None,
    all_texts: bool,
    newest: bool,
    address: str,
) -> int:
    """Write articles for other programs, as one file.

    All, or those a query picks; docs/export.md tells what is in each FORMAT:

    \b
    jsonl     everything known of an article, text and pictures too, one JSON object a line
    parquet   the same as typed columns, for DuckDB, pandas, Spark (pip install 'qqnews[parquet]')
    warc      the kept pages byte for byte, for pywb and `qqnews import`
    atom      a feed of the articles that came in last

    `list -o jsonl` and `-o csv` give a few facts and no text, `render` gives Markdown. A run may write meanwhile:
    what is exported is the archive as it was at the start. Leaves with 7 when a text or page is damaged: the rest is
    written.

    \b
    qqnews export jsonl > news.jsonl
    qqnews export parquet outlet:日报 after:2025 --to news.parquet
    qqnews export warc is:gone --to evidence.warc.gz
    qqnews export atom 杭州 --to site/feed.xml --force
    """
    from archive.export.source import Source
    from scraper.units import count_text

    given = {"all_texts": all_texts, "newest": newest, "address": bool(address)}
    for option, kinds in OF.items():
        if given[option] and kind not in kinds:
            name = option.replace("_", "-")
            raise click.UsageError(
                f"--{name} means nothing to {kind} — it is for {', '.join(kinds)}"
            )
    web = address.startswith(("https://", "http://")) and address.isprintable()
    if address and (not web or " " in address):
        raise click.UsageError(f"--address {address} is no address of the web — https://…")
    if meant := next((word for word in query if word.lower().endswith(ENDS[kind])), ""):
        raise click.UsageError(
            f"{meant} is read as words to search for — name the file with --to {meant}"
        )
    path = None if target == "-" else _place(invocation, Path(at_home(target)), force=force)
    if path is None and kind in BINARY and sys.stdout.isatty():
        raise click.UsageError(f"{kind} is nothing to read on a terminal — name a file with --to")
    most = FEED if limit is None and kind == "atom" else limit or None
    lost: list[DamagedArchive] = []
    with open_reader(invocation) as reader, reader.one_state():
        source = Source(reader, " ".join(query), limit=most, lost=lost.append)
        pieces = _pieces(source, kind, path, all_texts=all_texts, newest=newest, address=address)
        _put(_told(invocation, source, pieces), path)
    for damage in lost:
        invocation.talk.fail(str(damage))
    named = f"{target}: " if path else ""
    invocation.talk.say(f"{named}{count_text(source.taken, 'article')}{_without(source)}")
    return Exit.DAMAGE if lost else Exit.DONE


def _place(invocation: Invocation, path: Path, *, force: bool) -> Path:
    """Where a file may be written, its links followed."""
    place = real(path)
    if place.is_relative_to(real(invocation.root)):
        raise click.UsageError(f"{path} lies in the archive itself — name a file elsewhere")
    if there(path) and not file_there(path):  # of a pipe nothing is at the end of its links
        raise click.UsageError(f"{path} is not a file — name one, or `-` for stdout")
    if there(place) and not force:
        raise click.UsageError(f"{path} is there already — replace it with --force")
    return place


def _pieces(
    source: "Source", kind: str, path: Path | None, *, all_texts: bool, newest: bool, address: str
) -> Iterator[bytes]:
    """The file, piece by piece."""
    from archive import __version__
    from archive.export import atom, jsonl, parquet, warc

    match kind:
        case "jsonl":
            return jsonl.written(source.rows(all_texts=all_texts))
        case "parquet":
            return parquet.written(source.rows(all_texts=all_texts))
        case "warc":
            return warc.written(
                source.pages(newest=newest),
                name=path.name if path else "qqnews.warc.gz",
                newest=source.newest,
                software=f"qqnews {__version__}",
            )
        case _:
            return atom.written(
                source.latest(), query=source.query, updated=source.updated, address=address
            )


def _told(invocation: Invocation, source: "Source", pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, and how far they are on stderr."""
    from scraper.cli.progress import Counter

    with Counter(invocation.talk, "articles") as counter:
        for piece in pieces:
            counter.reach(source.taken)
            yield piece


def _put(pieces: Iterable[bytes], path: Path | None) -> None:
    from archive.files import write_all, write_stream

    if path:
        write_stream(path, pieces)
        return
    # Past Python's buffer, which is none under PYTHONUNBUFFERED and drops what a pipe refuses.
    sys.stdout.flush()
    for piece in pieces:
        write_all(sys.stdout.fileno(), piece)


def _without(source: "Source") -> str:
    """How many articles had nothing to give."""
    return f", {source.pageless} of them without a page" if source.pageless else ""
