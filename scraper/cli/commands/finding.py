"""`qqnews search`, `list`, `sql`: asking the archive."""

import signal
import sys
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.invocation import (
    Asking,
    Command,
    Count,
    Invocation,
    output_options,
    pass_invocation,
)

if TYPE_CHECKING:
    from archive.index.lookup import Found
    from archive.reader import Hit, Order, Reader

SHOWN = 50
"""Articles a table shows unless told otherwise."""


@click.command("search", cls=Asking)
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=Count(0), default=20, show_default=True, help="0 for all.")
@click.option(
    "--order",
    type=click.Choice(["newest", "relevance"]),
    default="newest",
    show_default=True,
    help="Which come first.",
)
@output_options
@pass_invocation
def search(
    invocation: Invocation,
    words: tuple[str, ...],
    limit: int,
    order: "Order",
    shape: str | None,
    csv_safe: bool,
) -> None:
    """Find articles by words, also short Chinese ones.

    \b
    qqnews search 杭州 六小龙            both words
    qqnews search '"杭州六小龙" -上海'   this phrase, without that word
    qqnews search 杭州 outlet:日报 after:2025-02 has:picture
    qqnews search 杭州 -o url | head
    """
    from scraper.cli.output import Output
    from scraper.cli.terminal import colour

    if not any(word.strip() for word in words):
        raise click.UsageError("no word to search for — `qqnews list` shows all articles")

    columns = ["published", "outlet", "title", "id", "snippet"]
    with open_reader(invocation) as reader:
        hits = reader.search(" ".join(words), limit=limit or None, order=order)
        output = Output(shape, columns, csv_safe=csv_safe)
        if output.shape == "table":
            lines = "\n".join(line for hit in hits.hits for line in hit_lines(hit))
            click.echo(lines, color=colour(sys.stdout))
        else:
            with output:
                for hit in hits.hits:
                    snippet = "".join(piece.text for piece in hit.snippet)
                    output.write(article_row(reader, hit.article) | {"snippet": snippet})
    if not hits.hits:
        invocation.talk.say("nothing found")
    elif hits.more:
        invocation.talk.say(f"the first {len(hits.hits)}; more with --limit")


@click.command("list", cls=Asking)
@click.argument("query", nargs=-1)
@click.option(
    "--limit",
    type=Count(0),
    help=f"At most so many; 0 for all. By default all, but {SHOWN} in a table.",
)
@output_options
@pass_invocation
def list_(
    invocation: Invocation,
    query: tuple[str, ...],
    limit: int | None,
    shape: str | None,
    csv_safe: bool,
) -> None:
    """List articles, the newest first.

    All, or those a query picks; it is in the language of `search`.

    \b
    qqnews list
    qqnews list outlet:晚报 after:7d -o path
    qqnews list is:gone -o csv > gone.csv
    """
    from scraper.cli.output import Output

    columns = ["published", "outlet", "title", "state", "id"]
    with (
        open_reader(invocation) as reader,
        Output(shape, columns, times={"published"}, csv_safe=csv_safe) as output,
    ):
        most = SHOWN if limit is None and output.shape == "table" else limit
        number = 0
        asked = " ".join(query)
        for found in reader.list(asked, limit=most or None):
            number += 1
            output.write(article_row(reader, found))
        if limit is None and most and number == most:
            count = reader.count(asked)
            if count > most:
                invocation.talk.say(f"the newest {most} of {count}; all with --limit 0")
    if not number:
        invocation.talk.say("nothing there")


class _Stating(Command):
    """A command that takes SQL, which may begin with a line of comment: that is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The statement one line further down, so that no dash begins it."""
        lines = [f"\n{arg}" if arg.startswith("--") and "\n" in arg else arg for arg in args]
        return super().parse_args(ctx, lines)


@click.command("sql", cls=_Stating)
@click.argument("statement")
@click.option(
    "-p",
    "--param",
    "parameters",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="A value for :NAME in the statement.",
)
@click.option("--limit", type=Count(1), help="At most so many rows.")
@output_options
@pass_invocation
def sql(
    invocation: Invocation,
    statement: str,
    parameters: tuple[tuple[str, str], ...],
    limit: int | None,
    shape: str | None,
    csv_safe: bool,
) -> None:
    """Ask in SQL, reading only.

    `-` reads the statement from stdin. The function phrase('杭州') says how to look for Chinese words in articles_fts.

    \b
    qqnews sql "select outlet, count(*) n from articles group by 1 order by n desc"
    qqnews sql "select id, title from articles where outlet = :o" -p o 青屿晚报 -o csv
    """
    from scraper.cli.output import Output

    if statement == "-":
        statement = sys.stdin.read()
    for number in (signal.SIGINT, signal.SIGTERM):
        # SQLite may be busy for hours without a single step of Python, which is when Python looks at signals; a
        # reader has nothing to put in order.
        signal.signal(number, signal.SIG_DFL)
    with open_reader(invocation) as reader:
        answer = reader.sql(statement, dict(parameters), limit=limit)
        columns = _apart(answer.columns)
        with Output(shape, columns, csv_safe=csv_safe) as output:
            for values in answer.rows:
                output.write(dict(zip(columns, map(_plain, values), strict=True)))


def open_reader(invocation: Invocation) -> "Reader":
    """The archive, open for reading.  Raises ArchiveError."""
    from archive.reader import Reader

    return Reader.open(invocation.root, names_at=_names_at)


def _names_at(address: str) -> tuple[str, ...]:
    """Id and addresses of the article that an address of qq.com means, however spelled; none for other words."""
    from scraper.urls import article_at

    article = article_at(address)
    return (article.id, article.canonical, *article.aliases) if article else ()


def _apart(names: Iterable[str]) -> list[str]:
    """The names, each once: a row knows its values by them.

    >>> _apart(["id", "title", "id"])
    ['id', 'title', 'id:2']
    """
    apart: list[str] = []
    for name in names:
        other, number = name, 1
        while other in apart:
            number += 1
            other = f"{name}:{number}"
        apart.append(other)
    return apart


def _plain(value: object) -> object:
    """A value of SQLite as JSON can hold it; bytes in hex, infinities as words."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value


def article_row(reader: "Reader", found: "Found") -> dict[str, object]:
    """An article as a row of any shape; `path` leads to its Markdown."""
    return {
        "id": found.id,
        "title": found.title,
        "published": found.published,
        "outlet": found.outlet,
        "author": found.author,
        "category": found.category,
        "state": str(found.state),
        "revision": found.revision,
        "copy_of": found.copy_of,
        "captured": found.captured,
        "length": found.length,
        "url": found.url,
        "path": str(reader.root / found.path),
    }


def hit_lines(hit: "Hit") -> Iterator[str]:
    """A few lines for eyes: when, who, headline and id; the place that shows why."""
    from scraper.cli.terminal import one_line

    found = hit.article
    # A page that names no time is not taken to be of the day when it was fetched.
    when = found.published[:10] or "undated"
    fetched = "" if found.published else f" · captured {found.captured[:10]}"
    yield f"{when:<10}  {_painted(hit.title)}"
    yield f"            {one_line(found.outlet or '-')} · {found.id}{fetched}"
    yield f"            {_painted(hit.snippet)}"


def _painted(pieces: Iterable[Any]) -> str:
    from scraper.cli.terminal import clean, colour

    on, off = ("\x1b[1;33m", "\x1b[0m") if colour(sys.stdout) else ("", "")
    written = ""
    for piece in pieces:
        text = clean(piece.text).replace("\n", " ").replace("\t", " ")
        written += f"{on}{text}{off}" if piece.found else text
    return written


GROUPED = ("published", "outlet", "alike", "grade", "title", "id")
"""The columns of a group in a table."""


def group_rows(reader: "Reader", article: str) -> Iterator[dict[str, object]]:
    """The articles that are nearly the same as one, the first published first, each compared with that one."""
    for twin in reader.cluster(article):
        change = twin.change
        more = {
            "alike": None if twin.similarity is None else round(twin.similarity, 2),
            "grade": ", ".join(map(str, change.grades)) or "same" if change else "first",
            **(change.counts() if change else {"added": 0, "removed": 0, "changed": 0}),
        }
        yield article_row(reader, twin.article) | more
