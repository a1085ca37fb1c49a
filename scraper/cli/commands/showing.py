"""`qqnews show`, `picture`: one article, one picture, in full."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.files import file_there
from scraper.cli.commands.finding import GROUPED, article_row, group_rows, open_reader
from scraper.cli.invocation import Command, Invocation, at_home, output_options, pass_invocation

if TYPE_CHECKING:
    from archive.reader import Reader, Shown


@click.command("show", cls=Command)
@click.argument("article", metavar="ID|ADDRESS")
@click.option("--raw", is_flag=True, help="Print the page as the server sent it.")
@click.option("--cluster", is_flag=True, help="Print the articles that are nearly the same as it.")
@click.option(
    "-o",
    "--output",
    "shape",
    type=click.Choice(["md", "json", "path", "url"]),
    default="md",
    show_default=True,
    help="What to print of it.",
)
@pass_invocation
def show(invocation: Invocation, article: str, raw: bool, cluster: bool, shape: str) -> None:
    """Show one article: its text, page, or group.

    ID@2 is its second text.

    \b
    qqnews show 20250207A095R800
    qqnews show 20250207A095R800@1
    qqnews show 20250207A095R800 --raw > page.html
    qqnews show 20250207A095R800 --cluster
    """
    from scraper.cli.output import Output
    from scraper.cli.terminal import as_json, clean

    if raw and cluster:
        raise click.UsageError("--raw and --cluster are two questions — ask one")
    if raw and shape != "md":
        raise click.UsageError("--raw prints the page as it came — leave out -o")
    with open_reader(invocation) as reader:
        if cluster:
            with Output(None if shape == "md" else shape, GROUPED, times={"published"}) as output:
                for row in group_rows(reader, article):
                    output.write(row)
            return
        if raw:
            content = reader.capture(article).body
            if sys.stdout.isatty():
                click.echo(clean(content.decode("utf-8", "replace")))
            else:
                sys.stdout.buffer.write(content)
                sys.stdout.buffer.flush()
            return
        shown = reader.show(article)
        if shape == "md":
            click.echo(clean(shown.text), nl=False)
        elif shape == "path":
            click.echo(str(shown.path))
        elif shape == "url":
            click.echo(shown.article.url)
        else:
            click.echo(as_json(_everything(reader, shown), indent=2))


def _everything(reader: "Reader", shown: "Shown") -> dict[str, object]:
    """All that is known of an article."""
    article = shown.document.article
    return article_row(reader, shown.article) | {
        "shown": shown.number,
        "path": str(shown.path),
        "tags": list(article.tags),
        "place": article.place,
        "summary": article.summary,
        "markdown": article.markdown,
        "images": [
            {"url": image.url, "alt": image.alt, "caption": image.caption}
            | _file(reader, shown.document.pictures.get(image.url))
            | {"missing": shown.document.missing.get(image.url, "")}
            for image in article.images
        ],
        "videos": [{"title": video.title, "url": video.url} for video in article.videos],
        "addresses": list(shown.addresses),
        "revisions": [
            {
                "number": one.number,
                "title": one.title,
                "captured": one.captured,
                "suspect": one.suspect,
                "older": one.older,
            }
            for one in shown.revisions
        ],
        "seen": [
            {
                "at": one.at,
                "state": one.state,
                "rule": one.rule,
                "status": one.status,
                "verdict": one.verdict,
            }
            for one in shown.seen
        ],
        "copies": [one.id for one in shown.copies],
    }


def _file(reader: "Reader", picture: Any) -> dict[str, object]:
    if picture is None:
        return {"path": None}
    return {
        "path": str(reader.root / picture.path),
        "width": picture.width,
        "height": picture.height,
    }


@click.command("picture", cls=Command)
@click.argument("picture", metavar="SHA256|FILE|ADDRESS")
@click.option(
    "--bits",
    type=click.IntRange(0, 32),
    default=None,
    help="How many of 64 bits of its look may differ; 0 for none.",
)
@output_options
@pass_invocation
def picture(
    invocation: Invocation, picture: str, bits: int | None, shape: str | None, csv_safe: bool
) -> None:
    """Show who printed a picture, and its likes.

    Every article that shows it, with its caption; then the articles that show the same photo in another size or
    quality, `differs` telling by how many of 64 bits.

    \b
    qqnews picture data/images/ab/ab12….jpg
    qqnews picture https://inews.gtimg.com/om_bt/…/641
    """
    from scraper.cli.output import Output

    columns = ["differs", "published", "outlet", "caption", "title", "id", "picture"]
    word = _named(picture)
    with (
        open_reader(invocation) as reader,
        Output(shape, columns, times={"published"}, csv_safe=csv_safe) as output,
    ):
        found = reader.picture(word) if bits is None else reader.picture(word, bits=bits)
        for differs, known in (
            (0, found.picture),
            *((one.distance, one.picture) for one in found.like),
        ):
            for use in known.uses:
                output.write(
                    {
                        "differs": differs,
                        "picture": f"{known.width}×{known.height}",
                        "published": use.published,
                        "outlet": use.outlet,
                        "caption": use.caption or use.alt,
                        "title": use.title,
                        "id": use.article,
                        "url": use.url,
                        "path": str(reader.root / known.path),
                        "sha256": known.sha256,
                        "width": known.width,
                        "height": known.height,
                        "size": known.size,
                    }
                )


def _named(word: str) -> str:
    """A file's content is its name in the archive, whatever the file is called here."""
    path = Path(at_home(word))
    if not file_there(path):
        return word
    from archive.files import digest

    return digest(path.read_bytes())
