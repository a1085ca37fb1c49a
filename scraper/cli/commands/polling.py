"""`qqnews sources`: what `run` polls, what came of it, and what it would bring now."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, closing, contextmanager
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import click

from scraper.cli.invocation import Command, Invocation, output_options, pass_invocation

if TYPE_CHECKING:
    from archive.index.runs import Runs
    from scraper.cli.output import Output
    from scraper.config import AddressFile, Config
    from scraper.fetch.fetcher import Fetcher
    from scraper.pipeline.habit import Silent
    from scraper.pipeline.outcome import Brought
    from scraper.pipeline.stop import Stop
    from scraper.sources.found import Find, Finds
    from scraper.urls import ArticleUrl

REMEMBERED: Final = 500
"""Runs that are looked at for what came of sources, and of one's habit as many that brought something."""

_ABOUT: Final = ("channel", "rank", "author", "query", "tag", "url", "path")
"""The fields of sources that say what is polled; each kind has one of them."""


@click.command("sources", cls=Command)
@click.argument("names", nargs=-1)
@click.option(
    "--ask", is_flag=True, help="Ask them now, and list what they name; nothing is stored."
)
@output_options
@pass_invocation
def sources(
    invocation: Invocation, names: tuple[str, ...], ask: bool, shape: str | None, csv_safe: bool
) -> int:
    """Show what `run` polls, and what came of it.

    Of each source of config.yaml, or of those named: when it last answered, how many articles it named then and how
    many were new, and when it last brought something new. With --ask, what it names at this moment: `new` is what
    `run` would fetch, the rest is kept, in the queue in some state, or forgotten.

    \b
    qqnews sources
    qqnews sources --ask bridges
    qqnews sources --ask x --set 'sources={x: {kind: search, query: 石桥}}'
    """
    from scraper.cli.output import Output

    config = invocation.config
    chosen = named(config, names)
    if ask:
        return _ask(invocation, chosen, shape, csv_safe=csv_safe)
    columns = ["name", "kind", "about", "asked", "named", "new", "newest", "error"]
    last = _last(invocation)
    with Output(shape, columns, times={"asked", "newest"}, csv_safe=csv_safe) as output:
        for name, source in chosen.items():
            output.write({"name": name, **_described(source), **last.get(name, _NEVER)})
    return 0


def named(config: "Config", names: tuple[str, ...]) -> dict[str, Any]:
    """The sources of these names; all, where none is named.  Raises UsageError for a name that none has."""
    for name in names:
        if name not in config.sources:
            known = ", ".join(config.sources) or "none"
            raise click.UsageError(f"no source is called {name} — config.yaml has: {known}")
    return {name: source for name, source in config.sources.items() if not names or name in names}


def brought_by_file(source: "AddressFile", take: "Callable[[Finds], int]") -> "Brought":
    """What a file of addresses brings; that it cannot be read, or a line of it, is the source's error.

    take: given its finds, gives how many of them are new.
    """
    from scraper.errors import ConfigError
    from scraper.pipeline.outcome import Brought
    from scraper.sources.addresses import listed

    try:
        finds = listed(source.path.read_text("utf-8", "replace").splitlines())
    except OSError as error:
        what = f"{source.path} cannot be read: {error.strerror}"
        hint = f"see sources.{source.name}.path"
        return Brought(name=source.name, error=ConfigError(what, hint=hint))
    return Brought(
        name=source.name,
        named=len(finds.articles),
        fresh=take(finds),
        skipped=Counter(refused.reason for refused in finds.refused),
        error=next(iter(finds.refused), None),
    )


def fallen_silent(runs: "Runs", now: Mapping[str, int]) -> "list[Silent]":
    """The sources that have brought nothing new for longer than is their habit.  now: what this run brought."""
    from scraper.pipeline.habit import silent

    brought = {
        name: map(datetime.fromisoformat, runs.brought(name, REMEMBERED))
        for name, fresh in now.items()
        if not fresh
    }
    return silent(brought, datetime.now(UTC))


def cut_short(runs: "Runs", names: Iterable[str]) -> set[str]:
    """Those of the sources whose last poll was cut short, or may have been, for its run died or was stopped.

    runs: of which the newest is the run that asks.
    """
    found: dict[str, bool] = {}
    for run in runs.last(REMEMBERED, command="run")[1:]:
        polled = {one["name"]: one.get("cut", False) for one in _polled(run)}
        ended = run["finished"] is not None and not run["summary"].get("stopped")
        found = {
            name: polled.get(name, True) for name in names if name in polled or not ended
        } | found
    return {name for name, cut in found.items() if cut}


# What came of them

_NEVER: Final = {"asked": None, "named": None, "new": None, "newest": None, "error": ""}


def _polled(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(run["summary"].get("sources", ()))


def _described(source: object) -> dict[str, str]:
    from scraper.config.settings import kinds

    kind = next(name for name, one in kinds().items() if isinstance(source, one))
    about = next(str(getattr(source, field)) for field in _ABOUT if hasattr(source, field))
    return {"kind": kind, "about": about}


def _last(invocation: Invocation) -> dict[str, dict[str, Any]]:
    """Name → when it was asked last, what it named and brought then, and when it last brought something new."""
    from archive.errors import NoArchive
    from scraper.cli.commands.queueing import looked_at

    found: dict[str, dict[str, Any]] = {}
    try:
        with looked_at(invocation) as (_, runs, _):
            for run in runs.last(REMEMBERED, command="run"):
                for one in _polled(run):
                    found.setdefault(
                        one["name"],
                        {
                            "asked": run["started"],
                            "named": one["named"],
                            "new": one["fresh"],
                            "newest": None,
                            "error": one["error"],
                        },
                    )
            for name, row in found.items():
                row["newest"] = next(iter(runs.brought(name, 1)), None)
    except NoArchive:
        pass
    return found


# What they would bring


def _ask(
    invocation: Invocation, chosen: Mapping[str, Any], shape: str | None, *, csv_safe: bool
) -> int:
    from scraper.cli.exits import Exit, code_of, most_telling
    from scraper.cli.output import Output
    from scraper.cli.progress import Progress
    from scraper.cli.working import Signalled, finished
    from scraper.errors import NotAnArticle
    from scraper.fetch.fetcher import Fetcher
    from scraper.pipeline import many

    columns = ["source", "state", "published", "id", "title", "url"]
    talk = invocation.talk

    async def work(stop: Signalled) -> Exit:
        codes = [Exit.DONE]
        with (
            Progress(talk) as progress,
            _standing(invocation) as state_of,
            Output(shape, columns, times={"published"}, csv_safe=csv_safe) as output,
        ):
            async with Fetcher(invocation.config.network, observer=progress) as fetcher:

                async def tell(item: tuple[str, Any]) -> Exit:
                    name, source = item
                    rows = _Rows(name, state_of, output)
                    brought = await _brought(source, fetcher, rows.take, stop)
                    talk.say(_told(brought))
                    if brought.error is None:
                        return Exit.DONE
                    talk.warn(f"source {name}: {brought.error}")
                    # Of a whole list, one line that is no article is not a wrong call.
                    listed = isinstance(brought.error, NotAnArticle)
                    return Exit.INCOMPLETE if listed else code_of(brought.error)

                items = takewhile(lambda _: not stop.requested, chosen.items())
                telling = many.each(items, tell, at_once=1, stop=stop)
                async with aclosing(telling) as told:
                    codes += [code async for code in told]
        return most_telling(codes)

    return int(finished(work, talk))


async def _brought(
    source: Any, fetcher: "Fetcher", take: "Callable[[Finds], int]", stop: "Stop"
) -> "Brought":
    """What a source brings now.  take: given its finds, gives how many of them are new."""
    from scraper.config import AddressFile
    from scraper.pipeline.polling import poll

    if isinstance(source, AddressFile):
        return brought_by_file(source, take)
    return await poll(source, fetcher, take, go_on=lambda: not stop.requested)


class _Rows:
    """The articles that one source names, each a row, and once.  state_of: what an article is to the archive."""

    def __init__(
        self, source: str, state_of: "Callable[[ArticleUrl], str]", output: "Output"
    ) -> None:
        self._source = source
        self._state_of = state_of
        self._output = output
        self._written: set[str] = set()

    def take(self, finds: "Finds") -> int:
        """Write the rows of what an answer brought; gives how many of these articles are new."""
        fresh = 0
        for one in finds.articles:
            if one.article.id not in self._written:
                self._written.add(one.article.id)
                state = self._state_of(one.article)
                fresh += state == "new"
                self._output.write(self._row(one, state))
        return fresh

    def _row(self, find: "Find", state: str) -> dict[str, Any]:
        return {
            "source": self._source,
            "state": state,
            "published": find.published and find.published.isoformat(),
            "id": find.article.id,
            "title": find.title,
            "url": find.article.canonical,
        }


def _told(brought: "Brought") -> str:
    others = ", ".join(f"{what} ({count})" for what, count in sorted(brought.skipped.items()))
    passed = f"; passed over: {others}" if others else ""
    articles = "article" if brought.named == 1 else "articles"
    return f"{brought.name}: {brought.named} {articles}, {brought.fresh} new{passed}"


@contextmanager
def _standing(invocation: Invocation) -> "Iterator[Callable[[ArticleUrl], str]]":
    """What an article is to the archive: `kept`, a state of the queue, `forgotten`, or `new`: `run` would fetch it."""
    from archive.errors import NoArchive
    from archive.index import events, holdings
    from archive.index.connection import open_reader
    from archive.index.queue import Queue

    try:
        db = open_reader(invocation.root)
    except NoArchive:
        yield lambda _article: "new"
        return
    queue = Queue(lambda: db, lambda: datetime.now(UTC))

    def state_of(article: "ArticleUrl") -> str:
        known = events.id_of(db, article.canonical) or article.id
        if holdings.kept(db, known) is not None:
            return "kept"
        if state := queue.state_of(article.id):
            return state
        return "forgotten" if events.forgotten(db, article.id) else "new"

    with closing(db):
        yield state_of
