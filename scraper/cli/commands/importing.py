"""`qqnews import`: pages somebody has already, into the archive."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.invocation import WAIT, Command, Invocation, output_options, pass_invocation

if TYPE_CHECKING:
    from archive.archive import Archive
    from scraper.cli.exits import Exit
    from scraper.cli.reporting import Report
    from scraper.cli.working import Signalled
    from scraper.errors import Refused
    from scraper.pipeline.collect import Collector
    from scraper.pipeline.outcome import Outcome, Summary
    from scraper.saved import Saved


@click.command("import", cls=Command)
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="FILE|FOLDER…",
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--url", default="", help="The address of the page in FILE, when it does not tell it."
)
@click.option(
    "--pictures", is_flag=True, help="Fetch the pictures that did not come with the pages."
)
@WAIT
@click.option(
    "-n", "--dry-run", is_flag=True, help="Read the pages and say what they are; store nothing."
)
@output_options
@pass_invocation
def import_(
    invocation: Invocation,
    paths: tuple[Path, ...],
    url: str,
    pictures: bool,
    wait: float,
    dry_run: bool,
    shape: str | None,
    csv_safe: bool,
) -> int:
    """Keep pages you have already.

    Saved HTML (also .gz), MHTML, WARC files, and folders of them. Nothing is fetched, unless --pictures asks
    for it. In a folder, files that are no web pages are passed over.

    \b
    qqnews import saved.html --url https://new.qq.com/rain/a/20250207A095R800
    qqnews import crawl.warc.gz folder/ -o jsonl
    """
    from scraper.cli.working import finished
    from scraper.urls import identify

    if url:
        identify(url)
        if len(paths) > 1 or paths[0].is_dir():
            raise click.UsageError("--url names the address of one page — give one FILE with it")

    async def run(stop: "Signalled") -> "Exit":
        from scraper.cli.progress import Progress
        from scraper.cli.reporting import Report
        from scraper.cli.working import collecting, recorded, writing

        progress = Progress(invocation.talk)
        report = Report(
            invocation.talk, progress, root=invocation.root, shape=shape, csv_safe=csv_safe
        )
        if dry_run:
            return await _only_look(invocation, paths, url, report, stop)
        with (
            writing(invocation, wait=wait) as archive,
            recorded(archive, "import") as record,
            progress,
            report,
        ):
            async with collecting(
                invocation.config, archive, progress, online=pictures
            ) as collector:
                record.code = await _import(
                    collector,
                    archive,
                    paths,
                    url=url,
                    online=pictures,
                    report=report,
                    stop=stop,
                    summary=record.summary,
                )
            return record.code

    return finished(run, invocation.talk)


async def _import(
    collector: "Collector",
    archive: "Archive",
    paths: tuple[Path, ...],
    *,
    url: str,
    online: bool,
    report: "Report",
    stop: "Signalled",
    summary: "Summary",
) -> "Exit":
    from scraper.cli.exits import Exit
    from scraper.errors import Refused
    from scraper.pipeline.saved import keep_saved

    codes: list[Exit] = []
    skipped = 0
    for path, named, found in saved_in(paths, url):
        if stop.requested:
            summary.stopped = True
            break
        if isinstance(found, Refused):
            if named or found.kind == "damaged":
                alone = len(paths) == 1 and not summary.total
                codes.append(report.refused(found, summary, alone=alone))
            else:
                skipped += 1
                report.skip(found)
            continue
        outcome = await keep_saved(collector, found, url=url, online=online)
        summary.count(outcome)
        kept = await collector.aside(archive.kept, outcome.id) if outcome.kept else None
        said = _codes(outcome, named)
        codes += said
        address = kept.url if kept else _web(found)
        report.row(outcome, wrong=bool(said), url=address, file=str(path))
    if collector.fetcher is not None:
        summary.spend(collector.fetcher.cost.total)
    return report.finish(summary, [*codes, stop.code], skipped=skipped)


def saved_in(paths: tuple[Path, ...], url: str) -> "Iterator[tuple[Path, bool, Saved | Refused]]":
    """Every page in the files and folders, in order: its file, whether that was named by itself, the page.

    A file that holds none comes as the error that says why.
    """
    from scraper.errors import Refused
    from scraper.saved import files, pages

    for path in paths:
        named = not path.is_dir()
        for file in files(path):
            try:
                for saved in pages(file, url=url):
                    yield file, named, saved
            except Refused as error:
                yield file, named, error


def _web(saved: "Saved") -> str:
    address = saved.page.url
    return address if address.startswith(("http://", "https://")) else ""


def _codes(outcome: "Outcome", named: bool) -> "list[Exit]":
    """What one page means for the exit code.

    A page named by itself should be an article.  What merely lay in a folder may plainly be something else.
    """
    from archive.state import State
    from scraper.cli.exits import Exit
    from scraper.pipeline.outcome import Result

    if outcome.kept or outcome.result is Result.GONE:
        return []
    if outcome.result is Result.BUG:
        return [Exit.BUG]
    if not named and (outcome.result is Result.OTHER or outcome.state is State.NOT_ARTICLE):
        return []
    return [Exit.INCOMPLETE]


async def _only_look(
    invocation: Invocation, paths: tuple[Path, ...], url: str, report: "Report", stop: "Signalled"
) -> "Exit":
    """Say what the pages are, and what keeping them would leave with."""
    from archive.state import State
    from scraper.errors import NotAnArticle, Refused, TooHard
    from scraper.pipeline.outcome import Outcome, Result, Summary, result_of
    from scraper.urls import identify
    from scraper.worker.pool import Workers

    codes: list[Exit] = []
    summary = Summary()
    skipped = 0
    with report:
        async with Workers(invocation.config.worker) as workers:
            for path, named, found in saved_in(paths, url):
                if stop.requested:
                    summary.stopped = True
                    break
                if isinstance(found, Refused):
                    if named or found.kind == "damaged":
                        alone = len(paths) == 1 and not summary.total
                        codes.append(report.refused(found, summary, alone=alone))
                    else:
                        skipped += 1
                        report.skip(found)
                    continue
                try:
                    asked = identify(url or found.page.url)
                except NotAnArticle:
                    asked = None
                try:
                    reading = await workers.extract(found.page, asked)
                except TooHard as error:
                    outcome = Outcome(url=str(path), result=Result.FAILED, reason=error.reason)
                    address = _web(found)
                else:
                    article = reading.article
                    ok = reading.state is State.OK
                    outcome = Outcome(
                        url=str(path),
                        id=article.id if article else "",
                        result=Result.NEW if ok else result_of(reading.state),
                        state=reading.state,
                        title=article.title if article else "",
                        images=len(article.images) if article else 0,
                        reason=reading.rule,
                    )
                    address = article.url if article else _web(found)
                summary.count(outcome)
                said = _codes(outcome, named)
                codes += said
                report.row(outcome, wrong=bool(said), url=address, file=str(path), verdict="")
        code = report.finish(summary, [*codes, stop.code], skipped=skipped)
    invocation.talk.say("nothing was stored: this was only a look")
    return code
