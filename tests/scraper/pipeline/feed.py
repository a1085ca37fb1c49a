"""A feed of made-up articles, and runs over it."""

import json
from typing import Any

from scraper.pipeline.outcome import Outcome, Summary
from scraper.pipeline.run import Run
from scraper.sources.channel import Channel
from tests.scraper.site import (
    Answer,
    Site,
    Tools,
    address,
    article,
    told,
)

FEED = "https://i.news.qq.com/web_feed/getPCList"
CHANNEL = Channel(name="tech", channel="tech")
KNOWN = [f"2026112{n // 10}A0{n % 10}AAA00" for n in range(40)]


def feed(*known: str) -> Answer:
    rows = [
        {"id": one, "articletype": "0", "title": one, "link_info": {"url": address(one)}}
        for one in known
    ]
    body = json.dumps({"code": 0, "data": rows}).encode()
    return Answer(body=body, kind="application/json")


def publish(site: Site, *known: str) -> None:
    """Articles on the site, and in the feed."""
    for number, one in enumerate(known):
        site[address(one)] = article(one, lines=told(one, number))
    site[FEED] = feed(*known)


def run_over(t: Tools, **options: Any) -> Run:
    return Run(t.archive, t.fetcher, t.collector, clock=t.clock, **options)


def waiting(t: Tools) -> dict[str, int]:
    return {state: n for state, n in t.archive.queue.counts().items() if state != "done"}


def adds_up(summary: Summary, reported: list[Outcome]) -> bool:
    return summary.total == len(reported) == sum(summary.results.values())
