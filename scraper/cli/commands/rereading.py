"""`qqnews reextract`: today's extractor over what was kept."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import click

from scraper.cli.commands.finding import open_reader
from scraper.cli.invocation import WAIT, Asking, Invocation, output_options, pass_invocation

if TYPE_CHECKING:
    from archive.reader import Reader
    from scraper.cli.exits import Exit
    from scraper.cli.output import Output
    from scraper.pipeline.reextract import Compared
    from scraper.pipeline.stop import Stop
    from scraper.worker.pool import Workers


@click.command("reextract", cls=Asking)
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Also list the articles that read the same.")
@click.option(
    "--apply", is_flag=True, help="Make what is better the current text; the earlier one stays."
)
@click.option(
    "--worse", is_flag=True, help="With --apply: also what is worse, but still an article."
)
@WAIT
@output_options
@pass_invocation
def reextract(
    invocation: Invocation,
    query: tuple[str, ...],
    every: bool,
    apply: bool,
    worse: bool,
    wait: float,
    shape: str | None,
    csv_safe: bool,
) -> int:
    """Read kept pages again with today's extractor.

    Says what would be better, worse, the same, and changes nothing but with --apply. All articles, or those a query
    picks; asks nobody, and needs the captures. `worse` is a page that no longer reads as an article, or one with less
    text, fewer pictures, or a fact lost. What is applied is a text of its own, `read again` in `log`, also when
    only facts read better.

    \b
    qqnews reextract
    qqnews reextract after:2026-01 -o jsonl | grep worse
    qqnews reextract --apply
    """
    from scraper.cli.working import finished

    if worse and not apply:
        raise click.UsageError("--worse goes with --apply — without it everything is only listed")

    async def run(stop: "Stop") -> "Exit":
        from scraper.cli.output import Output

        columns = ["judged", "applied", "id", "grades", "reasons", "title"]
        if not apply:
            columns.remove("applied")
        with Output(shape, columns, csv_safe=csv_safe, outlives=apply) as output:
            comparing = _Comparing(invocation, output, stop, every=every)
            if apply:
                return await comparing.applied(" ".join(query), worse=worse, wait=wait)
            return await comparing.listed(" ".join(query))

    return finished(run, invocation.talk)


class _Comparing:
    """One pass over kept pages."""

    def __init__(
        self, invocation: Invocation, output: "Output", stop: "Stop", *, every: bool
    ) -> None:
        self._invocation = invocation
        self._output = output
        self._stop = stop
        self._every = every
        self._counts: Counter[str] = Counter()

    async def listed(self, query: str) -> "Exit":
        """Say how each page reads today."""
        from scraper.worker.pool import Workers

        with open_reader(self._invocation) as reader:
            async with Workers(self._invocation.config.worker) as workers:
                async for one in self._compared(reader, workers, query):
                    self._write(one)
        return self._over()

    async def applied(self, query: str, *, worse: bool, wait: float) -> "Exit":
        """Take over what is better (and, if wished, what is worse), and say so."""
        from scraper.cli.progress import Progress
        from scraper.cli.working import collecting, writing
        from scraper.pipeline.reextract import Judged, take_over

        wished = {Judged.BETTER, Judged.WORSE} if worse else {Judged.BETTER}
        progress = Progress(self._invocation.talk)
        with (
            writing(self._invocation, wait=wait) as archive,
            open_reader(self._invocation) as reader,
        ):
            async with collecting(
                self._invocation.config, archive, progress, online=False
            ) as collector:
                async for one in self._compared(reader, collector.workers, query):
                    done = one.judged in wished and await take_over(collector, one)
                    self._counts["applied"] += done
                    self._write(one, applied=done)
        return self._over()

    async def _compared(
        self, reader: "Reader", workers: "Workers", query: str
    ) -> "AsyncIterator[Compared]":
        from scraper.pipeline.reextract import again

        ids = [found.id for found in reader.list(query)]
        async for one in again(reader, workers, ids):
            self._counts[one.judged] += 1
            yield one
            if self._stop.requested:
                return

    def _write(self, one: "Compared", **more: bool) -> None:
        if self._every or one.judged != "same":
            row: dict[str, object] = {
                "judged": str(one.judged),
                "id": one.id,
                "grades": ", ".join(one.grades),
                "reasons": "; ".join(one.reasons),
                "title": one.title,
            }
            self._output.write(row | more)

    def _over(self) -> "Exit":
        from scraper.cli.exits import Exit

        said = ", ".join(f"{count} {word}" for word, count in self._counts.items() if count)
        self._invocation.talk.say(said or "no articles")
        return Exit.DONE
