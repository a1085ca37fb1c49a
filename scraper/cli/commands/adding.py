"""`qqnews add`: addresses a person names, into the archive."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, aclosing, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.invocation import (
    WAIT,
    Command,
    Invocation,
    at_home,
    output_options,
    pass_invocation,
)

if TYPE_CHECKING:
    from scraper.cli.exits import Exit
    from scraper.cli.working import Signalled
    from scraper.errors import NotAnArticle
    from scraper.pipeline.outcome import Outcome


@click.command("add", cls=Command)
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS|ID|-|@FILE…")
@click.option(
    "--again", is_flag=True, help="Ask even for what was looked at lately (see freshness)."
)
@click.option("--ignore-robots", is_flag=True, help="Ask even where robots.txt says no, this once.")
@WAIT
@click.option(
    "-n", "--dry-run", is_flag=True, help="Say what would be asked; ask and store nothing."
)
@output_options
@pass_invocation
def add(
    invocation: Invocation,
    addresses: tuple[str, ...],
    again: bool,
    ignore_robots: bool,
    wait: float,
    dry_run: bool,
    shape: str | None,
    csv_safe: bool,
) -> int:
    """Keep articles: text, pictures, and the page as it came.

    Takes any address of an article, or its bare id; `-` reads addresses from stdin, `@FILE` from a file: one a line,
    or the bookmarks that a browser exported. What is kept already and was looked at lately is not asked for again.

    \b
    qqnews add https://new.qq.com/rain/a/20250207A095R800
    qqnews add 20250207A095R800 -o path
    qqnews add @bookmarks.html
    qqnews list is:gone -o url | qqnews add --again -
    """
    from scraper.urls import identify

    if len(addresses) == 1 and not addresses[0].startswith(("-", "@")):
        # A mistake in the one address given is a mistake in the call: nothing is opened.
        identify(addresses[0])
    if dry_run:
        return _say_what_would_be(invocation, addresses, again, shape, csv_safe)

    from scraper.cli.working import finished

    async def run(stop: "Signalled") -> "Exit":
        return await _add(
            invocation,
            addresses,
            again=again,
            ignore_robots=ignore_robots,
            wait=wait,
            shape=shape,
            csv_safe=csv_safe,
            stop=stop,
        )

    return finished(run, invocation.talk)


async def _add(
    invocation: Invocation,
    addresses: tuple[str, ...],
    *,
    again: bool,
    ignore_robots: bool,
    wait: float,
    shape: str | None,
    csv_safe: bool,
    stop: "Signalled",
) -> "Exit":
    from scraper.cli.exits import Exit
    from scraper.cli.progress import Progress
    from scraper.cli.reporting import Report, codes_of
    from scraper.cli.working import collecting, recorded, writing
    from scraper.errors import NoNetwork, NotAnArticle
    from scraper.pipeline.many import each
    from scraper.pipeline.outcome import Result, failure
    from scraper.pipeline.waiting import end_named

    talk = invocation.talk
    unconnected = 0
    listed = any(word.startswith(("-", "@")) for word in addresses)
    progress = Progress(talk, total=None if listed else len(addresses))
    report = Report(talk, progress, root=invocation.root, shape=shape, csv_safe=csv_safe)
    with (
        writing(invocation, wait=wait) as archive,
        recorded(archive, "add") as record,
        progress,
        report,
    ):
        summary = record.summary
        async with collecting(
            invocation.config, archive, progress, ignore_robots=ignore_robots
        ) as collector:

            async def collect(one: "str | NotAnArticle") -> "Outcome":
                if isinstance(one, NotAnArticle):
                    return failure(one.url, one)
                return await collector.collect(one, again=again, source="add")

            found = each(read(addresses), collect, stop=stop)
            async with aclosing(found) as outcomes:
                async for outcome in outcomes:
                    summary.count(outcome)
                    wrong = not outcome.kept and outcome.result is not Result.GONE
                    now = datetime.now(UTC)
                    if when := await collector.aside(end_named, archive, outcome, now=now):
                        later = f"`qqnews run` tries it again{after(when, now=now)}"
                        outcome = replace(outcome, reason=f"{outcome.reason}; {later}")
                    report.row(outcome, wrong=wrong)
                    unconnected += isinstance(outcome.error, NoNetwork)
            assert collector.fetcher is not None
            summary.spend(collector.fetcher.cost.total)
        summary.stopped = stop.requested
        summary.offline = 0 < unconnected == summary.total
        more = [Exit.INCOMPLETE] if summary.results[Result.OTHER] else []
        record.code = report.finish(summary, codes_of(summary, stop.code, *more))
        return record.code


def after(when: datetime, *, now: datetime) -> str:
    """From when on something happens, by the clock on the wall; nothing when that is now."""
    there = when.astimezone()
    if when <= now:
        return ""
    today = there.date() == now.astimezone().date()
    return f" after {there:%H:%M}" if today else f" after {there:%Y-%m-%d %H:%M}"


def read(words: tuple[str, ...]) -> Iterator["str | NotAnArticle"]:
    """The addresses that arguments name, one by one as they are asked for; for a file that is no list, what it is."""
    for word in words:
        if word == "-":
            yield from _listed("stdin", sys.stdin)
        elif word.startswith("@"):
            path = Path(at_home(word[1:]))
            try:
                with path.open(encoding="utf-8-sig", errors="replace") as file:
                    yield from _listed(str(path), file)
            except OSError as error:
                raise click.UsageError(f"{path}: cannot be read: {error.strerror}") from error
        else:
            yield word


def _listed(name: str, lines: Iterable[str]) -> Iterator["str | NotAnArticle"]:
    from scraper.errors import NotAnArticle
    from scraper.sources.addresses import written
    from scraper.urls import shown

    try:
        yield from (address for _, address in written(lines))
    except NotAnArticle as none:
        yield NotAnArticle(shown(name), none.reason)


def _say_what_would_be(
    invocation: Invocation,
    words: tuple[str, ...],
    again: bool,
    shape: str | None,
    csv_safe: bool,
) -> int:
    from archive.errors import NoArchive
    from archive.index import events, holdings
    from archive.index.connection import open_reader
    from scraper.cli.exits import Exit, most_telling
    from scraper.cli.output import Output
    from scraper.errors import NotAnArticle
    from scraper.pipeline.freshness import is_fresh, kept_as
    from scraper.urls import identify

    codes = []
    freshness = timedelta(seconds=invocation.config.freshness)
    with ExitStack() as open_now:
        try:
            db = open_now.enter_context(closing(open_reader(invocation.root)))
        except NoArchive:
            db = None
        columns = ["would", "id", "url", "reason"]
        output = open_now.enter_context(Output(shape, columns, csv_safe=csv_safe))
        for word in read(words):
            try:
                if isinstance(word, NotAnArticle):
                    raise word
                article = identify(word)
            except NotAnArticle as error:
                codes.append(Exit.INCOMPLETE)
                row = {"id": "", "url": error.url, "reason": error.reason}
                output.write({"type": "page", "would": "refuse"} | row)
                continue
            kept = db and kept_as(
                article, id_of=partial(events.id_of, db), kept=partial(holdings.kept, db)
            )
            would, reason = "ask again" if kept else "ask", ""
            if kept and not again and is_fresh(kept, freshness, now=datetime.now(UTC)):
                would, reason = "leave", f"looked at {kept.checked}"
            row = {"id": article.id, "url": article.canonical, "reason": reason}
            output.write({"type": "page", "would": would} | row)
    return most_telling(codes)
