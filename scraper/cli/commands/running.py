"""`qqnews run`: what cron calls."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from archive.files import there
from scraper.cli.commands.polling import brought_by_file, cut_short, fallen_silent, named
from scraper.cli.invocation import WAIT, Command, Count, Invocation, output_options, pass_invocation

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.errors import QqnewsError
    from scraper.cli.exits import Exit
    from scraper.cli.progress import Progress
    from scraper.cli.reporting import Report
    from scraper.cli.working import Record, Signalled
    from scraper.config import Config
    from scraper.pipeline.outcome import Outcome, Summary


SHUT_OUT: Final = timedelta(days=1)
"""So long the site, or another run, may keep us out before a person is told, whatever codes are forgiven."""


@click.command("run", cls=Command)
@click.argument("sources", nargs=-1)
@click.option("--limit", type=Count(1), help="Collect at most so many articles.")
@click.option("--max-time", metavar="DURATION", help="Begin nothing new after so long, like 20m.")
@click.option("--max-bytes", metavar="SIZE", help="Begin nothing new once so much was received.")
@WAIT
@click.option(
    "--ok-codes", default="", metavar="CODES", help="Leave with 0 instead of these, like 5,8,10."
)
@partial(output_options, what="Also give a row for each article, and the summary, in this shape.")
@pass_invocation
def run(
    invocation: Invocation,
    sources: tuple[str, ...],
    limit: int | None,
    max_time: str | None,
    max_bytes: str | None,
    wait: float,
    ok_codes: str,
    shape: str | None,
    csv_safe: bool,
) -> int:
    """Ask the sources what is new, and keep it; for cron.

    Asks all sources of config.yaml, or those named; then asks again for articles it has kept, when `recheck` in
    config.yaml says, so that edits and takedowns are seen. Stopped or killed, the next run goes on where it was.
    Where nobody watches it is silent unless something is wrong, and then says what, and what it did; the exit code
    tells it too (`qqnews help exit-codes`).

    \b
    qqnews run
    */20 * * * *  cd ~/news && qqnews run --max-time 15m --ok-codes 5,8,10
    """
    from archive.errors import QqnewsError
    from scraper.cli.exits import code_of
    from scraper.cli.working import finished

    forgiven = _forgiven(ok_codes)
    for key, value, option in (
        ("run.limit", limit, "--limit"),
        ("run.max_time", max_time, "--max-time"),
        ("run.max_bytes", max_bytes, "--max-bytes"),
    ):
        if value is not None:
            invocation.set(key, str(value), option=option)
    config = invocation.config
    chosen = named(config, sources)

    async def work(stop: "Signalled") -> "Exit":
        from archive.files import INDEX
        from scraper.cli.progress import Progress
        from scraper.cli.reporting import Report
        from scraper.cli.working import recorded, writing

        talk = invocation.talk
        progress = Progress(talk)
        report = Report(
            talk, progress, root=invocation.root, shape=shape or "none", csv_safe=csv_safe
        )
        begins = not there(invocation.root / INDEX)
        with (
            writing(invocation, wait=wait) as archive,
            recorded(archive, "run") as record,
            progress,
            report,
        ):
            if begins:  # cron may be in the wrong folder, or a disk not mounted
                report.warn(f"there was no archive at {invocation.root}: this run begins one")
            record.code = await _run(
                config, archive, chosen, progress, report, stop, record, forgiven
            )
            return record.code

    try:
        code = finished(work, invocation.talk)
    except QqnewsError as error:
        if code_of(error) not in forgiven or _hangs(error):
            raise
        invocation.talk.tell(str(error))
        return 0
    return 0 if int(code) in forgiven else code


async def _run(
    config: "Config",
    archive: "Archive",
    chosen: Mapping[str, Any],
    progress: "Progress",
    report: "Report",
    stop: "Signalled",
    record: "Record",
    forgiven: set[int],
) -> "Exit":
    from scraper.cli.exits import Exit, most_telling
    from scraper.cli.reporting import codes_of, problems
    from scraper.cli.working import collecting
    from scraper.config import AddressFile
    from scraper.errors import NoNetwork
    from scraper.pipeline.recheck import Rechecks
    from scraper.pipeline.run import Bounds, Run

    bounds = Bounds(limit=config.run.limit, seconds=config.run.max_time, bytes=config.run.max_bytes)
    unconnected = 0

    def told(outcome: "Outcome") -> None:
        nonlocal unconnected
        unconnected += isinstance(outcome.error, NoNetwork)
        report.row(outcome, wrong=False)

    # A host that wants to rest for longer than the whole run is left to the next one.
    patience = math.inf if bounds.seconds is None else bounds.seconds
    async with collecting(
        config, archive, progress, any_hour=False, patience=patience
    ) as collector:
        assert collector.fetcher is not None
        one = Run(
            archive,
            collector.fetcher,
            collector,
            bounds=bounds,
            rechecks=Rechecks(
                after=config.recheck.after, fresh=config.freshness, most=config.recheck.most
            ),
            cut_short=cut_short(archive.runs, chosen),
            stop=stop,
            report=told,
        )
        record.summary = one.summary
        for source in chosen.values():
            if isinstance(source, AddressFile):
                take = partial(one.queue, source=source.name)
                one.summary.sources.append(brought_by_file(source, take))
        await one.run(source for source in chosen.values() if not isinstance(source, AddressFile))
        summary = one.summary
        unconnected += sum(isinstance(brought.error, NoNetwork) for brought in summary.sources)
        # Not one byte came from anywhere: it is not this source or that article that is the matter.
        summary.offline |= unconnected > 0 and summary.bytes == 0
    fell_silent = [*_silent(archive, summary), *_shut_out(archive, summary)]
    codes = codes_of(summary, stop.code, *([Exit.STALE] if fell_silent else []))
    if most_telling(codes) not in forgiven:
        for problem in (*problems(summary), *fell_silent):
            report.warn(problem)
    return report.run_over(summary, codes, forgiven=forgiven)


def _silent(archive: "Archive", summary: "Summary") -> list[str]:
    """The sources that have brought nothing new for longer than is their habit, a line each."""
    from scraper.errors import NoNetwork
    from scraper.units import duration_text

    now = {
        one.name: one.fresh
        for one in summary.sources
        if not (summary.offline and isinstance(one.error, NoNetwork))
    }
    return [
        f"source {one.name} has brought nothing new since {one.since:%Y-%m-%d %H:%M} UTC; it used to every"
        f" {duration_text(round(one.habit.total_seconds()))}"
        for one in fallen_silent(archive.runs, now)
    ]


def _shut_out(archive: "Archive", summary: "Summary") -> list[str]:
    """What is to be told when nothing has come for so long that the next run will hardly mend it."""
    since = archive.runs.shut_out_since() if summary.shut_out else None
    if since is None or datetime.now(UTC) - (began := datetime.fromisoformat(since)) < SHUT_OUT:
        return []
    return [
        f"nothing has come since {began:%Y-%m-%d %H:%M} UTC: the site asks us to stop, or cannot be reached"
    ]


def _hangs(error: "QqnewsError") -> bool:
    """Whether the run that holds the archive has done so for longer than any is expected to."""
    from archive.errors import ArchiveInUse

    since = error.since if isinstance(error, ArchiveInUse) else None
    return since is not None and datetime.now(UTC) - since > SHUT_OUT


def _forgiven(text: str) -> set[int]:
    codes = set()
    for word in text.replace(",", " ").split():
        if not word.isdecimal():
            raise click.UsageError(f"--ok-codes takes numbers like 5,8,10, not {word!r}")
        codes.add(int(word))
    return codes
