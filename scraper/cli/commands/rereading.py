"""`qqnews reextract`: today's extractor over what was kept."""

from collections import Counter
from typing import TYPE_CHECKING

import click

from scraper.cli.commands.finding import open_reader
from scraper.cli.invocation import Command, Invocation, output_options, pass_invocation

if TYPE_CHECKING:
    from scraper.cli.exits import Exit
    from scraper.pipeline.stop import Stop


@click.command("reextract", cls=Command)
@click.argument("query", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Also list the articles that read the same.")
@output_options
@pass_invocation
def reextract(
    invocation: Invocation,
    query: tuple[str, ...],
    every: bool,
    shape: str | None,
    csv_safe: bool,
) -> int:
    """Read kept pages again with today's extractor.

    Says what would be better, worse, the same; changes nothing. All articles, or those a query picks; asks
    nobody, and needs the captures. `worse` is a page that no longer reads
    as an article, or one with less text, fewer pictures, or a fact lost.

    \b
    qqnews reextract
    qqnews reextract after:2026-01 -o jsonl | grep worse
    """
    from scraper.cli.working import finished

    async def run(stop: "Stop") -> "Exit":
        return await _compare(invocation, query, every, shape, csv_safe, stop)

    return finished(run, invocation.talk)


async def _compare(
    invocation: Invocation,
    query: tuple[str, ...],
    every: bool,
    shape: str | None,
    csv_safe: bool,
    stop: "Stop",
) -> "Exit":
    from scraper.cli.exits import Exit
    from scraper.cli.output import Output
    from scraper.pipeline.reextract import Judged, again
    from scraper.worker.pool import Workers

    counts: Counter[Judged] = Counter()
    columns = ["judged", "id", "grades", "reasons", "title"]
    with open_reader(invocation) as reader, Output(shape, columns, csv_safe=csv_safe) as output:
        ids = (found.id for found in reader.list(" ".join(query)))
        async with Workers(invocation.config.worker) as workers:
            async for one in again(reader, workers, ids):
                counts[one.judged] += 1
                if every or one.judged is not Judged.SAME:
                    output.write(
                        {
                            "judged": str(one.judged),
                            "id": one.id,
                            "grades": ", ".join(one.grades),
                            "reasons": "; ".join(one.reasons),
                            "title": one.title,
                        }
                    )
                if stop.requested:
                    break
    said = ", ".join(f"{counts[judged]} {judged}" for judged in Judged if counts[judged])
    invocation.talk.say(said or "no articles")
    return Exit.DONE
