"""`qqnews accept`, `dismiss`: a person's word on texts that were kept aside."""

from typing import TYPE_CHECKING

import click

from scraper.cli.commands.finding import open_reader
from scraper.cli.invocation import WAIT, Command, Invocation, pass_invocation

if TYPE_CHECKING:
    from archive.index.lookup import Found, Revision

_TEXTS = click.argument("texts", nargs=-1, required=True, metavar="ID[@N]…")
_DRY_RUN = click.option(
    "-n", "--dry-run", is_flag=True, help="Say what would be done; change nothing."
)


@click.command("accept", cls=Command)
@_TEXTS
@_DRY_RUN
@WAIT
@pass_invocation
def accept(invocation: Invocation, texts: tuple[str, ...], dry_run: bool, wait: float) -> None:
    """Make a suspect text the current one.

    A text that suddenly is much shorter is kept, but aside: pages break more often than editors cut. `status` and
    `list is:suspect` name such articles, `diff ID ID@N` shows what is missing. Accepted, it becomes a text of its
    own, the newest; nothing that was there goes. Without @N it is the newest that waits.

    \b
    qqnews accept 20250207A095R800@2
    """
    from scraper.cli.working import writing

    chosen = _chosen(invocation, texts)
    if dry_run:
        for article, text in chosen:
            invocation.talk.say(f"would accept {_named(article, text)}")
        return
    with writing(invocation, wait=wait) as archive:
        for article, text in chosen:
            number = archive.suspects.accept(article.id, text.number)
            invocation.talk.say(f"accepted {_named(article, text)}: text {number} now")


@click.command("dismiss", cls=Command)
@_TEXTS
@_DRY_RUN
@WAIT
@pass_invocation
def dismiss(invocation: Invocation, texts: tuple[str, ...], dry_run: bool, wait: float) -> None:
    """Say that a suspect text is a broken page.

    It stays where it is, and `status` and `list is:suspect` name it no more; the same page seen again changes
    nothing. It can still be accepted. Without @N it is the newest that waits.

    \b
    qqnews dismiss 20250207A095R800@2
    """
    from scraper.cli.working import writing

    chosen = _chosen(invocation, texts)
    if dry_run:
        for article, text in chosen:
            invocation.talk.say(f"would dismiss {_named(article, text)}")
        return
    with writing(invocation, wait=wait) as archive:
        for article, text in chosen:
            archive.suspects.dismiss(article.id, text.number)
            invocation.talk.say(f"dismissed {_named(article, text)}")


def _chosen(invocation: Invocation, texts: tuple[str, ...]) -> "list[tuple[Found, Revision]]":
    """What the words mean, each once, before anything is changed.  Raises QueryError."""
    with open_reader(invocation) as reader:
        found = [reader.suspect(word) for word in texts]
    return list({(article.id, text.number): (article, text) for article, text in found}.values())


def _named(article: "Found", text: "Revision") -> str:
    return f"{article.id}@{text.number} “{text.title}”, {text.length} characters after {article.length}"
