"""`qqnews queue`, `retry`, `status`: what is still to do, and what was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.invocation import Command, Count, Invocation, output_options, pass_invocation

if TYPE_CHECKING:
    from archive.index.hosts import Hosts
    from archive.index.queue import Queue
    from archive.index.runs import Runs

STATES = ("pending", "fetching", "failed", "dead", "done")

SHOWN = 5
"""Lines of a kind in `status`."""


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def looked_at(invocation: Invocation) -> "Iterator[tuple[Queue, Runs, Hosts]]":
    """Queue, runs and hosts of the archive, opened for reading; beside a run that writes."""
    from archive.index.connection import open_reader
    from archive.index.hosts import Hosts
    from archive.index.queue import Queue
    from archive.index.runs import Runs

    db = open_reader(invocation.root)
    try:
        yield Queue(lambda: db, _now), Runs(lambda: db, _now, ""), Hosts(lambda: db, _now)
    finally:
        db.close()


def _filters(function: Any) -> Any:
    """The options that pick items of the queue."""
    for name, what in (
        ("kind", "Only of this class of failure (timeout, truncated, refused:robots …)."),
        ("source", "Only from this source."),
        ("host", "Only of this host."),
    ):
        function = click.option(f"--{name}", help=what)(function)
    where = "Only what this SQL condition on the table queue picks."
    return click.option("--where", metavar="SQL", help=where)(function)


def _picked(invocation: Invocation, where: str | None) -> list[str] | None:
    """The ids that a condition picks; None without one.  Raises QueryError: it is asked as `qqnews sql` asks."""
    from archive.reader import Reader

    if where is None:
        return None
    with Reader.open(invocation.root) as reader:
        answer = reader.sql(f"select id from queue where ({where}\n)")  # noqa: S608  guarded, and read-only
        return [str(id) for (id,) in answer.rows]


@click.command("queue", cls=Command)
@click.option(
    "--state", type=click.Choice(STATES), help="Only in this state; by default all but done."
)
@_filters
@click.option("--limit", type=Count(1), help="At most so many.")
@output_options
@pass_invocation
def queue(
    invocation: Invocation,
    state: str | None,
    host: str | None,
    source: str | None,
    kind: str | None,
    where: str | None,
    limit: int | None,
    shape: str | None,
    csv_safe: bool,
) -> None:
    """List what is waiting to be fetched, and why.

    \b
    qqnews queue --state failed
    qqnews queue --state dead -o url > dead.txt
    qqnews queue --where "attempts > 3 and error like '%HTTP 5%'"
    """
    from scraper.cli.output import Output

    columns = ["state", "attempts", "retry_at", "kind", "source", "id", "error"]
    ids = _picked(invocation, where)
    number = 0
    with (
        looked_at(invocation) as (items, *_),
        Output(shape, columns, times={"retry_at"}, csv_safe=csv_safe) as output,
    ):
        for row in items.rows(
            state=state or "waiting", host=host, source=source, kind=kind, ids=ids, limit=limit
        ):
            number += 1
            output.write(row)
    if not number:
        invocation.talk.say("nothing is waiting")


@click.command("retry", cls=Command)
@click.option("--state", type=click.Choice(["failed", "dead"]), help="Only these; by default both.")
@_filters
@click.option("-n", "--dry-run", is_flag=True, help="Say how many there are; change nothing.")
@pass_invocation
def retry(
    invocation: Invocation,
    state: str | None,
    host: str | None,
    source: str | None,
    kind: str | None,
    where: str | None,
    dry_run: bool,
) -> None:
    """Put what failed back into the queue.

    Its failures are forgotten; the next run tries it.

    \b
    qqnews retry
    qqnews retry --state dead --host news.qq.com
    qqnews retry --where "kind = 'server' and attempts < 5"
    """
    from scraper.cli.working import writing

    ids = _picked(invocation, where)
    if dry_run:
        with looked_at(invocation) as (items, *_):
            picked = [state] if state else ["failed", "dead"]
            count = sum(
                len(items.rows(state=one, host=host, source=source, kind=kind, ids=ids))
                for one in picked
            )
        invocation.talk.say(f"{count} would be tried again")
        return
    with writing(invocation, new=False) as archive:
        count = archive.queue.retry(state=state, host=host, source=source, kind=kind, ids=ids)
    invocation.talk.say(f"{count} will be tried again by the next run")


@click.command("status", cls=Command)
@click.option(
    "--runs",
    "count",
    type=Count(0),
    default=10,
    show_default=True,
    help="How many runs to show.",
)
@click.option(
    "-o",
    "--output",
    "shape",
    type=click.Choice(["text", "json"]),
    help="By default text on a terminal, json elsewhere.",
)
@pass_invocation
def status(invocation: Invocation, count: int, shape: str | None) -> None:
    """Show what is there, what waits, what runs did.

    \b
    qqnews status
    """
    import sys

    from archive.files import Tree
    from archive.reader import Reader
    from scraper.cli.terminal import as_json

    with Reader.open(invocation.root) as reader:
        articles = reader.count()
        withdrawn = len(reader.gone())
        copies = reader.count("is:copy")
        suspects = [asdict(one) for one in reader.suspects()]
        config = invocation.config
        looks = len(reader.due_again(config.recheck.after, fresh=config.freshness))
    with looked_at(invocation) as (items, runs, hosts):
        waiting = items.counts()
        due = items.due()
        resting = [
            {"host": one.name, "until": one.rests_until.isoformat(timespec="seconds")}
            for one in hosts.known()
            if one.rests_until
        ]
        last = runs.last(count)
        failed = items.rows(state="failed", limit=SHOWN) + items.rows(state="dead", limit=SHOWN)
    told = {
        "archive": str(invocation.root),
        "articles": articles,
        "copies": copies,
        "gone": withdrawn,
        "suspect": suspects,
        "free": Tree(invocation.root).free(),
        "queue": waiting,
        "due": due,
        "rechecks": looks,
        "resting": resting,
        "failed": failed,
        "runs": last,
    }
    if (shape or ("text" if sys.stdout.isatty() else "json")) == "json":
        click.echo(as_json(told, indent=2))
    else:
        click.echo("\n".join(_lines(told)))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    """The same for eyes."""
    from scraper.cli.terminal import one_line
    from scraper.units import count_text, size_text

    yield f"{told['archive']}"
    yield (
        f"{count_text(told['articles'], 'article')}, {told['copies']} of them copies, {told['gone']} taken down since;"
        f" {size_text(told['free'])} free"
    )
    waiting = ", ".join(f"{count} {state}" for state, count in told["queue"].items())
    yield f"queue: {waiting or 'empty'}; {told['due']} due now, {told['rechecks']} kept articles to be asked for again"
    for rest in told["resting"]:
        yield f"  {rest['host']} asked to be left alone until {_time(rest['until'])}"
    for row in told["failed"]:
        again = f", again {_time(row['retry_at'])}" if row["retry_at"] else ", given up"
        yield f"  {row['state']} {row['id']}: {one_line(str(row['error']))}{again}"
    if told["suspect"]:
        yield f"suspect: {len(told['suspect'])} much shorter than before; `qqnews accept` or `dismiss` says which"
    for one in told["suspect"][:SHOWN]:
        shrunk = f"{one['current_length']} → {one['length']} characters"
        yield f"  {one['id']}@{one['number']}: {shrunk}, {one_line(one['title'])}"
    if told["runs"]:
        yield "runs:"
    for run in told["runs"]:
        yield f"  {_time(run['started'])}  {run['command']:<6}  {ended_text(run)}"


def _time(at: str) -> str:
    """A moment as a clock on this machine's wall shows it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def ended_text(run: dict[str, Any]) -> str:
    """How a run ended, and what came of it."""
    from scraper.cli.reporting import RESULTS
    from scraper.units import duration_text

    if run["finished"] is None:
        return "died or still runs"
    summary = run["summary"]
    came = ", ".join(
        f"{summary[result]} {word}" for result, word in RESULTS.items() if summary.get(result)
    )
    seconds = duration_text(round(summary.get("seconds", 0)))
    return f"code {run['code']:<3} {seconds:>7}  {came or 'nothing new'}"
