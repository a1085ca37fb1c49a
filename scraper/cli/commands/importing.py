"""`qqnews import`: pages somebody has already, into the archive."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.files import folder_there
from scraper.cli.invocation import (
    WAIT,
    Command,
    Invocation,
    NamedPath,
    output_options,
    pass_invocation,
)

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
    type=NamedPath(exists=True, path_type=Path),
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

    Takes saved HTML (also .gz), MHTML, Safari's web archives, WARC and WACZ files, and folders of them. The pictures
    that came with a page are kept with it: those in the folder that a browser saves beside it, and those in the page
    itself, where SingleFile, monolith or Save Page WE put them. Nothing is fetched, unless --pictures asks for it. In
    a folder, files that are no web pages are passed over. Bookmarks are for `qqnews add @FILE`.

    \b
    qqnews import saved.html --url https://new.qq.com/rain/a/20250207A095R800
    qqnews import crawl.warc.gz folder/ -o jsonl
    """
    from scraper.cli.working import finished
    from scraper.urls import identify

    if url:
        identify(url)
        if len(paths) > 1 or folder_there(paths[0]):
            raise click.UsageError("--url names the address of one page — give one FILE with it")

    async def run(stop: "Signalled") -> "Exit":
        from scraper.cli.progress import Progress
        from scraper.cli.reporting import Report
        from scraper.cli.working import collecting, recorded, writing
        from scraper.pipeline.outcome import Summary

        progress = Progress(invocation.talk)
        report = Report(
            invocation.talk, progress, root=invocation.root, shape=shape, csv_safe=csv_safe
        )
        pages = partial(_Pages, paths=paths, url=url, report=report, stop=stop)
        if dry_run:
            return await _only_look(invocation, pages(summary=Summary()))
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
                    collector, archive, pages(summary=record.summary), online=pictures
                )
            return record.code

    return finished(run, invocation.talk)


async def _import(
    collector: "Collector",
    archive: "Archive",
    pages: "_Pages",
    *,
    online: bool,
) -> "Exit":
    from scraper.pipeline.saved import keep_saved

    async def kept(_file: Path, saved: "Saved") -> "tuple[Outcome, str]":
        outcome = await keep_saved(collector, saved, url=pages.url, online=online)
        kept = await collector.aside(archive.kept, outcome.id) if outcome.kept else None
        return outcome, kept.url if kept else ""

    await pages.told(kept)
    if collector.fetcher is not None:
        pages.summary.spend(collector.fetcher.cost.total)
    return pages.finish()


@dataclass(kw_only=True)
class _Pages:
    """The pages in files and folders, told of one by one.

    url: of the page, where there is one alone and it does not tell it.
    """

    paths: tuple[Path, ...]
    url: str
    report: "Report"
    stop: "Signalled"
    summary: "Summary"
    _codes: "list[Exit]" = field(default_factory=list)
    _skipped: int = 0

    async def told(
        self, become: "Callable[[Path, Saved], Awaitable[tuple[Outcome, str]]]", **more: object
    ) -> None:
        """Tell what becomes of each page, until it is time to stop.

        become: what becomes of a page in a file, and its address, empty for what the page tells itself.
        more: as `Report.row` takes it.
        """
        from scraper.errors import Refused

        for file, named, found in saved_in(self.paths, self.url):
            if self.stop.requested:
                self.summary.stopped = True
                return
            if isinstance(found, Refused):
                self._refused(found, named)
                continue
            outcome, address = await become(file, found)
            self.summary.count(outcome)
            said = _codes(outcome, named)
            self._codes += said
            address = address or _web(found)
            self.report.row(outcome, wrong=bool(said), url=address, file=str(file), **more)

    def _refused(self, error: "Refused", named: bool) -> None:
        """A file without a page: what merely lay in a folder may plainly be something else."""
        if named or error.kind == "damaged":
            alone = len(self.paths) == 1 and not self.summary.total
            self._codes.append(self.report.refused(error, self.summary, alone=alone))
        else:
            self._skipped += 1
            self.report.skip(error)

    def finish(self) -> "Exit":
        """Tell all of it, and what it means for the exit code."""
        return self.report.finish(
            self.summary, [*self._codes, self.stop.code], skipped=self._skipped
        )


def saved_in(paths: tuple[Path, ...], url: str) -> "Iterator[tuple[Path, bool, Saved | Refused]]":
    """Every page in the files and folders, in order: its file, whether that was named by itself, the page.

    A file that holds none comes as the error that says why.
    """
    from scraper.errors import Refused
    from scraper.saved import files, pages

    for path in paths:
        named = not folder_there(path)
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


async def _only_look(invocation: Invocation, pages: _Pages) -> "Exit":
    """Say what the pages are, and what keeping them would leave with."""
    from archive.state import State
    from scraper.errors import TooHard
    from scraper.pipeline.outcome import Outcome, Result, result_of
    from scraper.urls import article_at
    from scraper.worker.pool import Workers

    with pages.report:
        async with Workers(invocation.config.worker) as workers:

            async def seen(file: Path, saved: "Saved") -> tuple[Outcome, str]:
                asked = article_at(pages.url or saved.page.url)
                try:
                    reading = await workers.extract(saved.page, asked)
                except TooHard as error:
                    return Outcome(url=str(file), result=Result.FAILED, reason=error.reason), ""
                article = reading.article
                ok = reading.state is State.OK
                outcome = Outcome(
                    url=str(file),
                    id=article.id if article else "",
                    result=Result.NEW if ok else result_of(reading.state),
                    state=reading.state,
                    title=article.title if article else "",
                    images=len(article.images) if article else 0,
                    reason=reading.rule,
                )
                return outcome, article.url if article else ""

            await pages.told(seen, verdict="")
        code = pages.finish()
    invocation.talk.say("nothing was stored: this was only a look")
    return code
