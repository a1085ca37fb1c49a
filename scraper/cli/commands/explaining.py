"""`qqnews explain`: what a page is, and why; nothing is stored."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.files import file_there, folder_there
from scraper.cli.invocation import Command, Invocation, at_home, pass_invocation

if TYPE_CHECKING:
    from archive.capture import Capture
    from scraper.config import Config
    from scraper.reading import Reading
    from scraper.urls import ArticleUrl


@click.command("explain", cls=Command)
@click.argument("page", metavar="ADDRESS|FILE")
@click.option(
    "--url", default="", help="The address of the page in FILE, when it does not tell it."
)
@click.option(
    "-o",
    "--output",
    "shape",
    type=click.Choice(["text", "md", "json"]),
    default="text",
    show_default=True,
    help="md prints the Markdown as it would be kept, json everything.",
)
@pass_invocation
def explain(invocation: Invocation, page: str, url: str, shape: str) -> None:
    """Say what a page is, and why; stores nothing.

    State, the rule that decided it, layout, facts, pictures. Reads a file, or asks the site once.

    \b
    qqnews explain https://news.qq.com/rain/a/20250207A095R800
    qqnews explain saved.html -o md
    """
    import asyncio

    asyncio.run(_explain(invocation, page, url, shape))


async def _explain(invocation: Invocation, page: str, url: str, shape: str) -> None:
    from scraper.cli.terminal import as_json, clean
    from scraper.worker.pool import Workers

    config = invocation.config
    described = []
    async with Workers(config.worker) as workers:
        async for capture, asked in _captures(invocation, page, url):
            reading = await workers.extract(capture, asked)
            if shape == "md":
                click.echo(clean(_markdown(config, capture, reading)), nl=False)
            elif shape == "text":
                click.echo("\n".join(_lines(capture, reading)))
            else:
                described.append(_facts(capture, reading))
    if shape == "json":
        click.echo(as_json(described[0] if len(described) == 1 else described, indent=2))


async def _captures(
    invocation: Invocation, page: str, url: str
) -> "AsyncIterator[tuple[Capture, ArticleUrl | None]]":
    """The captures to explain, each with the article that was asked for, if that is known."""
    from scraper.errors import NotAnArticle
    from scraper.urls import article_at, identify

    path = Path(at_home(page))
    if file_there(path):
        from scraper.saved import pages

        for saved in pages(path, url=url):
            yield saved.page, identify(url) if url else article_at(saved.page.url)
        return
    if page and folder_there(path):
        raise click.UsageError(f"{page} is a folder — explain takes one file or address")
    try:
        asked = identify(page)
    except NotAnArticle as error:
        if "://" in page:
            raise
        raise click.UsageError(f"“{page}” is no file, and {error.reason}") from error
    from scraper.fetch.fetcher import Fetcher

    async with Fetcher(invocation.config.network) as fetcher:
        yield await fetcher.page(asked.canonical), asked


def _markdown(config: "Config", capture: "Capture", reading: "Reading") -> str:
    """The file as the archive would hold it, pictures by their web addresses."""
    from archive.document import Document
    from archive.profiles import rendered
    from scraper.errors import Refused

    if reading.article is None or not reading.article.markdown:
        raise Refused(
            capture.url, f"no Markdown, because the page is {reading.state}", kind="state"
        )
    document = Document(
        article=reading.article, captured=capture.at, rule=reading.rule, charset=reading.charset
    )
    return rendered(document, config.output.profile)


def _lines(capture: "Capture", reading: "Reading") -> Iterator[str]:
    """What was found, for a person."""
    from scraper.cli.terminal import one_line

    facts = _facts(capture, reading)
    pictures = facts.pop("images", [])
    markdown = facts.pop("markdown", "")
    for name, value in facts.items():
        if value in ("", None, [], {}):
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"{name:<13} {one_line(shown)}"
    if markdown:
        yield f"{'text':<13} {len(markdown)} characters of Markdown (-o md prints it)"
    if pictures or markdown:
        yield f"{'pictures':<13} {len(pictures)}"
    for number, picture in enumerate(pictures, 1):
        yield f"  {number:>3}. {one_line(picture['best'])}"
        if picture["alt"]:
            yield f"       {one_line(picture['alt'])}"


def _facts(capture: "Capture", reading: "Reading") -> dict[str, Any]:
    """Everything known of the page; what it does not say stays empty."""
    found: dict[str, Any] = {
        "address": capture.url,
        "status": capture.status,
        "state": str(reading.state),
        "rule": reading.rule,
        "evidence": reading.evidence,
        "layout": reading.layout,
        "charset": reading.charset,
    }
    article = reading.article
    if article is None:
        return found
    for name in (
        "id", "url", "title", "published", "updated", "outlet", "outlet_id", "author", "editor", "place", "category",
        "tags", "summary", "cover", "comment_id", "statement", "declarations", "language", "addresses",
    ):  # fmt: skip
        value = getattr(article, name)
        if isinstance(value, datetime):
            value = value.isoformat()
        found[name] = list(value) if isinstance(value, tuple) else value
    found["videos"] = [video.title or video.url or video.key for video in article.videos]
    found["markdown"] = article.markdown
    found["images"] = [
        {
            "best": image.renditions[0] if image.renditions else image.url,
            "url": image.url,
            "renditions": list(image.renditions),
            "key": image.key,
            "alt": image.alt,
            "caption": image.caption,
        }
        for image in article.images
    ]
    return found
