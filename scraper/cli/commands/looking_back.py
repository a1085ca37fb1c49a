"""`qqnews log`, `diff`, `gone`, `clusters`: what changed, what vanished, what is nearly the same."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scraper.cli.commands.finding import GROUPED, article_row, group_rows, open_reader
from scraper.cli.invocation import (
    Asking,
    Command,
    Count,
    Invocation,
    output_options,
    pass_invocation,
)

if TYPE_CHECKING:
    from archive.changes import Change, Edit


@click.command("log", cls=Command)
@click.argument("article", metavar="ID|ADDRESS")
@output_options
@pass_invocation
def log(invocation: Invocation, article: str, shape: str | None, csv_safe: bool) -> None:
    """Show the texts an article had, each edit graded.

    The grades, the gravest first: `headline`, `removed` (sentences), `numbers`, `names`, `added`, `wording`,
    `pictures`, `typo`, `facts` (outlet, author, times …), `trivial` (spaces, punctuation); `markup` is what no reader
    sees. Counted are sentences.

    `suspect` is a text so much shorter that it was kept aside (see `accept`); `read again` is no edit, but the same
    page as a later extractor read it; `brought later` is from a page that was older than the current text already.

    \b
    qqnews log 20250207A095R800
    """
    from scraper.cli.output import Output

    columns = ["revision", "captured", "grade", "added", "removed", "changed", "title"]
    with (
        open_reader(invocation) as reader,
        Output(shape, columns, times={"captured"}, csv_safe=csv_safe) as output,
    ):
        for entry in reader.log(article):
            change = entry.change
            counts = change.counts() if change else {"added": 0, "removed": 0, "changed": 0}
            output.write(
                {
                    "revision": entry.revision.number,
                    "captured": entry.revision.captured,
                    "grade": ", ".join(entry.marks),
                    **counts,
                    "title": entry.revision.title,
                    "length": entry.revision.length,
                    "suspect": entry.revision.suspect,
                    "older": entry.revision.older,
                    "dismissed": entry.dismissed,
                    "accepted": entry.accepted or None,
                    "read_again": entry.again,
                    "path": str(reader.root / entry.revision.path),
                }
            )


@click.command("diff", cls=Command)
@click.argument("old", metavar="ID[@N]")
@click.argument("new", metavar="[ID[@M]]", default="")
@click.option(
    "-o",
    "--output",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json has every sentence in its pieces.",
)
@pass_invocation
def diff(invocation: Invocation, old: str, new: str, shape: str) -> None:
    """Compare two texts, changed words marked.

    Sentence by sentence. With one text named: from it to the newest, or from the one before it when it is the newest.
    [-cut-] and {+put in+} mark words where there are no colours.

    \b
    qqnews diff 20250207A095R800
    qqnews diff 20250207A095R800@1 20250207A095R800@3
    """
    import sys

    from scraper.cli.terminal import as_json, colour

    with open_reader(invocation) as reader:
        change = reader.diff(old, new)
    if shape == "json":
        click.echo(as_json(_facts(change), indent=2))
    else:
        click.echo("\n".join(_lines(change)), color=colour(sys.stdout))


def _facts(change: "Change") -> dict[str, object]:
    def sentence(edit: "Edit") -> dict[str, object]:
        parts = [{"kind": part.kind, "text": part.text} for part in edit.parts]
        return {"kind": edit.kind, "old": edit.old, "new": edit.new, "parts": parts}

    return {
        "grade": str(change.grade or "same"),
        "grades": [str(grade) for grade in change.grades],
        "headline": sentence(change.headline) if change.headline else None,
        "facts": [{"name": one.name, "old": one.old, "new": one.new} for one in change.facts],
        "counts": change.counts(),
        "sentences": [sentence(edit) for edit in change.sentences],
        "pictures_added": list(change.pictures_added),
        "pictures_removed": list(change.pictures_removed),
        "pictures_moved": change.moved,
    }


def _lines(change: "Change") -> Iterator[str]:
    """What changed, for eyes; sentences that stayed are counted."""
    from scraper.cli.terminal import one_line
    from scraper.units import count_text

    yield ", ".join(map(str, change.grades)) or "nothing a reader sees has changed"
    if change.headline:
        yield f"~ # {_marked(change.headline)}"
    for fact in change.facts:
        yield f"~ {fact.name}: {one_line(fact.old) or '-'} → {one_line(fact.new) or '-'}"
    same = 0
    for edit in change.sentences:
        if edit.kind == "same":
            same += 1
            continue
        if same:
            yield f"    … {count_text(same, 'sentence')} the same"
            same = 0
        sign = {"added": "+", "removed": "-", "changed": "~"}[edit.kind]
        yield f"{sign} {_marked(edit)}"
    if same:
        yield f"    … {count_text(same, 'sentence')} the same"
    yield from (f"+ picture {one_line(url)}" for url in change.pictures_added)
    yield from (f"- picture {one_line(url)}" for url in change.pictures_removed)
    if change.moved:
        yield "~ the pictures stand in another order"


def _marked(edit: "Edit") -> str:
    """A sentence with what was cut and put in marked, by colour or by brackets."""
    import sys

    from scraper.cli.terminal import clean, colour

    painted = colour(sys.stdout)
    marks = {
        "-": ("\x1b[31;9m", "\x1b[0m") if painted else ("[-", "-]"),
        "+": ("\x1b[32m", "\x1b[0m") if painted else ("{+", "+}"),
        "=": ("", ""),
    }
    if not edit.parts:
        return " ".join(clean(edit.new or edit.old).split())
    written = ""
    for part in edit.parts:
        start, end = marks[part.kind]
        written += f"{start}{clean(part.text)}{end}"
    return written.replace("\n", " ")


@click.command("gone", cls=Asking)
@click.argument("query", nargs=-1)
@output_options
@pass_invocation
def gone(invocation: Invocation, query: tuple[str, ...], shape: str | None, csv_safe: bool) -> None:
    """List kept articles that were taken down since.

    The latest first; all, or those a query picks.

    \b
    qqnews gone
    qqnews gone outlet:晚报 after:30d -o csv
    """
    from scraper.cli.output import Output

    columns = ["gone", "confirmed", "state", "outlet", "title", "id"]
    number = 0
    with (
        open_reader(invocation) as reader,
        Output(shape, columns, times={"gone", "confirmed"}, csv_safe=csv_safe) as output,
    ):
        for number, found in enumerate(reader.gone(" ".join(query)), 1):  # noqa: B007
            more = {"gone": found.gone, "confirmed": found.confirmed, "rule": found.rule}
            output.write(article_row(reader, found) | more)
    if not number:
        invocation.talk.say("nothing that is kept was taken down")


@click.command("clusters", cls=Asking)
@click.argument("query", nargs=-1)
@click.option(
    "--of", "article", metavar="ID|ADDRESS", help="The group of one article, its members compared."
)
@click.option("--limit", type=Count(0), default=20, show_default=True, help="0 for all.")
@output_options
@pass_invocation
def clusters(
    invocation: Invocation,
    query: tuple[str, ...],
    article: str | None,
    limit: int,
    shape: str | None,
    csv_safe: bool,
) -> None:
    """List articles that are nearly the same, in groups.

    Who was first, who printed it again, under which headline.

    \b
    qqnews clusters
    qqnews clusters --of 20250207A095R800
    """
    from scraper.cli.output import Output

    with open_reader(invocation) as reader:
        if article:
            with Output(shape, GROUPED, times={"published"}, csv_safe=csv_safe) as output:
                for row in group_rows(reader, article):
                    output.write(row)
            return
        columns = ["first", "last", "articles", "outlets", "headlines", "id"]
        number = 0
        with Output(shape, columns, times={"first", "last"}, csv_safe=csv_safe) as output:
            for group in reader.clusters(" ".join(query), limit=limit or None):
                number += 1
                output.write({name: getattr(group, name) for name in columns})
    if not number:
        invocation.talk.say("no two articles are nearly the same")
