"""A run in a process of its own, to be killed: `python -m tests.scraper.driven PORT FOLDER [HOURS AHEAD] [PACE]`.

It asks the channel of the site at PORT, and says a line of every outcome once the archive has it.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from scraper.fetch.settings import Pace
from scraper.pipeline.outcome import Outcome
from scraper.pipeline.run import Run
from scraper.sources.channel import Channel
from scraper.worker.pool import Workers
from tests.scraper.site import Clock, Site, network, tools


async def main(port: int, folder: Path, ahead: float, pace: float) -> None:
    site = Site()
    site.port = port
    clock = Clock()
    clock.pass_by(hours=ahead)
    settings = replace(network(port), pace=Pace(page=pace, picture=0.0, jitter=0.0, per_hour=0))

    def report(outcome: Outcome) -> None:
        print("done", outcome.id, outcome.result, flush=True)

    async with (
        Workers() as workers,
        tools(site, folder, workers=workers, clock=clock, settings=settings) as t,
    ):
        run = Run(t.archive, t.fetcher, t.collector, report=report, clock=clock)
        await run.run([Channel(name="tech", channel="tech")])


if __name__ == "__main__":
    given = [*sys.argv[1:], "0", "0"][:4]
    asyncio.run(main(int(given[0]), Path(given[1]), float(given[2]), float(given[3])))
