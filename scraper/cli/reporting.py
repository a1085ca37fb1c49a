"""What came of the pages somebody named: one row each, then one summary, then one exit code.

Report    takes outcomes as they come
"""

import sys
import time
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import click

from scraper.cli.exits import Exit, most_telling
from scraper.cli.output import Output
from scraper.cli.progress import Progress
from scraper.cli.talk import Talk
from scraper.cli.terminal import one_line
from scraper.errors import NoNetwork, Refused
from scraper.pipeline.outcome import Outcome, Result, Summary, failure
from scraper.units import count_text, duration_text, size_text

MOST_REASONS: Final = 3
"""So many reasons why pictures are missing are told of one article."""

COLUMNS: Final = ("verdict", "state", "title", "images", "path", "url", "id", "reason")

RESULTS: Final = {
    Result.NEW: "new",
    Result.REVISED: "revised",
    Result.SUSPECT: "suspect",
    Result.SAME: "same",
    Result.COPY: "copy",
    Result.GONE: "gone",
    Result.OTHER: "no article",
    Result.UNREADABLE: "unreadable",
    Result.REFUSED: "refused",
    Result.BLOCKED: "blocked",
    Result.LIMITED: "put off by the site",
    Result.FAILED: "failed",
    Result.BUG: "met a bug",
}
"""What came of pages, as a summary counts it → as a line tells it."""


class Report:
    """Rows on stdout as outcomes come, the summary at the end; a context manager.

    root: the archive's folder; the paths in rows lead to its files from anywhere.
    """

    def __init__(
        self, talk: Talk, progress: Progress, *, root: Path, shape: str | None, csv_safe: bool
    ) -> None:
        self._began = time.monotonic()
        self._talk = talk
        self._progress = progress
        self._root = root
        self._output = Output(shape, COLUMNS, csv_safe=csv_safe, outlives=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._output.__exit__(kind, error, trace)

    def row(self, outcome: Outcome, *, wrong: bool | None = None, **more: object) -> None:
        """One page.

        wrong: whether it is something a person should hear of even with -q; by default whatever is not settled.
        more: keys to add to the row, or to put in place of the outcome's own.
        """
        self._progress.on_outcome(outcome)
        if wrong is None:
            wrong = not outcome.settled
        with self._progress.aside():
            if self._output.shape == "table":
                self._output.line(self._line(outcome, more))
            else:
                self._output.write(self._row(outcome) | more)
                if self._output.shape == "none":
                    self._talk.tell(f"{outcome.result} {outcome.url}: {outcome.reason}")
                elif wrong:
                    hint = getattr(outcome.error, "hint", "")
                    self._talk.fail(f"{outcome.url}: {outcome.reason}{hint and f' — {hint}'}")
                elif not outcome.kept:
                    self._talk.say(f"{outcome.url}: {outcome.reason}")
                elif outcome.missing:
                    self._talk.warn(f"{outcome.url}: {_lacking(outcome)}")
            if outcome.returned:
                self._talk.warn(
                    f"{outcome.id} was forgotten on purpose and is back"
                    f" — `qqnews forget {outcome.id}` takes it out again"
                )

    def _row(self, outcome: Outcome) -> dict[str, object]:
        bare = "://" not in outcome.url  # an id, or an address as people say it
        return {
            "type": "page",
            "url": (bare and outcome.canonical) or outcome.url,
            "id": outcome.id,
            "state": str(outcome.state) if outcome.state else "",
            "verdict": str(outcome.result) if outcome.kept else "",
            "title": outcome.title,
            "path": str(self._root / outcome.path) if outcome.path else "",
            "images": outcome.images,
            "missing": outcome.missing,
            "copy_of": outcome.copy_of,
            "reason": outcome.reason,
            "result": str(outcome.result),
        }

    def _line(self, outcome: Outcome, more: Mapping[str, object]) -> str:
        """One page, for eyes: what became of it, then where it is or why it is not."""
        name = outcome.title or str(more.get("file", "")) or outcome.url
        if outcome.kept and outcome.path:
            where = [near(self._root / outcome.path)]
            if outcome.older:
                where.append("an earlier text, see `qqnews log`")
            if outcome.copy_of:
                where.append(f"the text of {outcome.copy_of}")
            if outcome.images:
                where.append(count_text(outcome.images, "picture"))
            if outcome.missing:
                where.append(_lacking(outcome))
            said = " · ".join(where)
        else:
            state = f"{outcome.state}: " if outcome.state else ""
            said = f"{state}{outcome.reason}"
        return f"{outcome.result!s:<10} {one_line(name)}\n           {one_line(said)}"

    def refused(self, error: Refused, summary: Summary, *, alone: bool) -> Exit:
        """A file that holds no page.  alone: whether it was all that was named; then the call was wrong."""
        if alone:
            raise click.UsageError(str(error))
        outcome = failure(error.url, error)
        summary.count(outcome)
        self.row(outcome, url="", file=error.url)
        return Exit.INCOMPLETE

    def skip(self, error: Refused) -> None:
        """A file in a folder that is no page."""
        self._talk.tell(f"passed over {error}")

    def warn(self, text: str) -> None:
        """Something a person should know even with -q."""
        with self._progress.aside():
            self._talk.warn(text)

    def finish(
        self, summary: Summary, codes: Iterable[Exit], *, skipped: int = 0, aloud: bool = True
    ) -> Exit:
        """Give the summary, to a pipe as an object and, aloud, to a person as a line; gives the exit code."""
        code = most_telling(codes)
        summary.seconds = summary.seconds or time.monotonic() - self._began
        if self._output.shape in ("jsonl", "json"):
            more = {"skipped": skipped} if skipped else {}
            self._output.write({"type": "summary", **summary.as_dict(), **more, "exit": int(code)})
        if aloud and (summary.total != 1 or summary.sources):
            passed = f"; {skipped} files passed over" if skipped else ""
            with self._progress.aside():
                self._talk.say(sentence(summary) + passed)
        return code

    def run_over(
        self, summary: Summary, codes: Iterable[Exit], *, forgiven: Container[int] = ()
    ) -> Exit:
        """The same for a run that cron may have started: then the line comes only when something is wrong.

        forgiven: codes that are nothing to speak of.
        """
        codes = list(codes)
        code = most_telling(codes)
        watched = not self._talk.quiet and (sys.stderr.isatty() or self._talk.verbose)
        if not watched and code is not Exit.DONE and code not in forgiven:
            self._talk.warn(f"{sentence(summary)} (code {code})")
        return self.finish(summary, codes, aloud=watched)


def _lacking(outcome: Outcome) -> str:
    """Which pictures are not there: their number, and why; of many reasons the first."""
    number = "a picture is" if outcome.missing == 1 else f"{outcome.missing} pictures are"
    reasons = list(outcome.missing_because)
    if len(reasons) > MOST_REASONS:
        reasons[MOST_REASONS:] = ["…"]
    return f"{number} missing" + (f" ({'; '.join(reasons)})" if reasons else "")


def near(path: Path) -> str:
    """The path as one would type it here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def sentence(summary: Summary) -> str:
    """The summary on one line: what came of the articles, their pictures, and what it cost the site."""
    results = [
        f"{summary.results[result]} {word}"
        for result, word in RESULTS.items()
        if summary.results[result] or result in (Result.NEW, Result.SAME)
    ]
    pictures = count_text(summary.images, "picture")
    if summary.missing:
        pictures += f" ({summary.missing} missing)"
    parts = [", ".join(results), pictures]
    if summary.requests:
        cost = [f"{summary.requests} requests", size_text(summary.bytes)]
        if summary.unchanged:
            cost.append(f"{summary.unchanged} unchanged")
        if summary.refusals:
            cost.append(f"{summary.refusals} refused")
        if summary.waited >= 1:
            cost.append(f"{duration_text(round(summary.waited))} of asking slowly")
        parts.append(", ".join(cost))
    if summary.left:
        parts.append(f"{summary.left} left in the queue")
    if summary.bound:
        parts.append(f"stopped on {summary.bound}")
    return "; ".join(parts)


def codes_of(summary: Summary, *more: Exit) -> list[Exit]:
    """The exit codes a summary gives signs of."""
    return [*(Exit[name] for name in summary.signs), *more]


def problems(summary: Summary) -> list[str]:
    """What a person should know of a run, a line each."""
    lines = [
        f"{host}: pages no longer read as articles; the site may have changed its pages"
        for host in summary.drifting
    ]
    lines += [
        f"{host}: {summary.looks[host][True]} articles that were there are gone at once; look whether it is the site"
        for host in summary.vanishing
    ]
    lines += [
        f"{host}: {count} articles say one and the same; look whether it is the site"
        for host, count in summary.alike.items()
    ]
    if forbidden := summary.errors["robots"]:
        pages = count_text(forbidden, "page")
        lines.append(f"robots.txt forbids {pages}; what it forbids for two days is given up")
    lines += [
        f"source {one.name}: {one.error}"
        for one in summary.sources
        if one.error and not (summary.offline and isinstance(one.error, NoNetwork))
    ]
    if summary.offline:
        lines.append("no network: not one host could be reached")
    for host in sorted(summary.limited):
        lines.append(f"{host} asked us to stop; what is left of it waits for the next run")
    return lines
