"""`qqnews backup`, `merge`, `forget`, `render`: archives and articles to other places, and out."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import click

from archive.files import file_there, real, there
from scraper.cli.commands.finding import open_reader
from scraper.cli.exits import Exit
from scraper.cli.invocation import WAIT, Asking, Command, Invocation, NamedPath, pass_invocation

if TYPE_CHECKING:
    from archive.document import PictureFile
    from archive.files import Tree
    from archive.reader import Reader


@click.command("backup", cls=Command)
@click.argument("folder", type=NamedPath(path_type=Path))
@pass_invocation
def backup(invocation: Invocation, folder: Path) -> None:
    """Copy the archive, or bring an earlier copy up to date.

    The copy in FOLDER is a whole archive of its own; nothing may write to either meanwhile. What was forgotten goes
    from the copy too; what only the copy has whole any more is moved to its lost+found. A FOLDER that holds articles
    which this archive has not, or goes on where this archive ends, is left as it is.

    \b
    qqnews backup /mnt/usb/news
    """
    from archive.upkeep.backup import backup as copy
    from scraper.cli.progress import Counter
    from scraper.units import size_text

    with Counter(invocation.talk, "files") as counter:
        done = copy(invocation.root, folder, progress=counter.reach)
    aside = f"; {done.aside} moved to its lost+found" if done.aside else ""
    invocation.talk.say(
        f"{folder}: {done.files} files, {done.copied} new ({size_text(done.bytes)}){aside}"
    )


@click.command("merge", cls=Command)
@click.argument("other", type=NamedPath(exists=True, file_okay=False, path_type=Path))
@WAIT
@pass_invocation
def merge(invocation: Invocation, other: Path, wait: float) -> None:
    """Bring another archive into this one.

    As if this one had seen everything; OTHER stays as it is.

    \b
    qqnews merge ../old-laptop/data
    """
    from archive.profiles import named
    from archive.upkeep.merge import merge as bring
    from scraper.cli.progress import Counter
    from scraper.units import count_text

    config = invocation.config
    with Counter(invocation.talk, "captures") as counter:
        done = bring(
            invocation.root,
            other,
            wait=wait,
            duplicates=config.archive.duplicates,
            profile=named(config.output.profile),
            progress=counter.reach,
        )
    forgotten = f", {done.forgotten} forgotten there" if done.forgotten else ""
    invocation.talk.say(
        f"{count_text(done.articles, 'article')}, {done.new_articles} of them new{forgotten};"
        f" {count_text(done.captures, 'capture')}, {done.new_captures} of them new"
    )


@click.command("forget", cls=Command)
@click.argument("article", metavar="ID|ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask back.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would go; change nothing.")
@WAIT
@pass_invocation
def forget(invocation: Invocation, article: str, yes: bool, dry_run: bool, wait: float) -> None:
    """Take everything of one article out, for good.

    Texts, pictures, captures, also those in lost+found. That it was there, and when it went, stays known: no run
    brings it back, but `add` and `import` do, and say so. A copy of its text under another id becomes whole.

    \b
    qqnews forget 20250207A095R800
    """
    from scraper.cli.working import writing
    from scraper.units import count_text

    with open_reader(invocation) as reader:
        shown = reader.show(article)
    if article.strip() != shown.article.id and "://" not in article:
        raise click.UsageError(
            f"articles are forgotten whole, by their full id: {shown.article.id}"
        )
    texts = count_text(len(shown.revisions), "text")
    told = f"{shown.article.id} “{shown.article.title}”, {texts}"
    if dry_run:
        invocation.talk.say(f"would forget {told}")
        return
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError(f"this would forget {told} for good — say so with --yes")
        if not click.confirm(f"Forget {told}, for good?", err=True):
            invocation.talk.say("nothing was forgotten")
            return
    with writing(invocation, wait=wait) as archive:
        gone = archive.forget(shown.article.id)
    went = f"{count_text(gone.files, 'file')}, {count_text(gone.captures, 'capture')}"
    invocation.talk.say(f"forgot {told}: {went}")


@click.command("render", cls=Asking)
@click.argument("query", nargs=-1)
@click.option(
    "--out",
    "folder",
    type=NamedPath(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="Where the files go: FOLDER/YYYY/MM/ID.md.",
)
@click.option(
    "--profile", metavar="NAME", help="mainroad, plain or obsidian; by default output.profile."
)
@click.option(
    "--template",
    type=NamedPath(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A Jinja template of your own instead.",
)
@click.option(
    "--pictures/--no-pictures",
    default=True,
    show_default=True,
    help="Bring the pictures along into FOLDER/images; else link to the archive's.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Name the files; write nothing.")
@pass_invocation
def render(
    invocation: Invocation,
    query: tuple[str, ...],
    folder: Path,
    profile: str | None,
    template: Path | None,
    pictures: bool,
    dry_run: bool,
) -> int:
    """Write articles as Markdown, in any profile.

    All, or those a query picks; asks nobody. Prints the path of each file. A file that says the same already is
    left alone, any other at its path is written over; FOLDER is never in the archive. Leaves with 7 when a text or a
    picture is damaged: the rest is written.

    \b
    qqnews render --out site/content/news outlet:晚报 after:30d
    qqnews render --out vault --profile obsidian
    """
    from archive.errors import DamagedArchive
    from archive.profiles import named
    from scraper.cli.output import Output
    from scraper.units import count_text

    name = profile or invocation.config.output.profile
    if template is None:
        named(name)
    text = _text_of(template) if template else ""
    folder = real(folder)
    if folder.is_relative_to(real(invocation.root)):
        raise click.UsageError(f"{folder} lies in the archive itself — name a folder elsewhere")
    count = damaged = 0
    with open_reader(invocation) as reader, Output("path", outlives=not dry_run) as output:
        for found in reader.list(" ".join(query)):
            path = folder / Path(found.path).relative_to("articles")
            lost: list[str] = []
            try:
                if not dry_run:
                    lost = _write(reader, found.id, path, folder, name, text, pictures)
            except DamagedArchive as error:
                invocation.talk.fail(str(error))
                damaged += 1
                continue
            for picture in lost:
                invocation.talk.fail(f"{picture} is not what was written — qqnews repair")
                damaged += 1
            output.line(str(path))
            count += 1
    invocation.talk.say(f"{count_text(count, 'file')}{' would be written' * dry_run}")
    return Exit.DAMAGE if damaged else Exit.DONE


_UNSAFE: Final = re.compile(r"[^\w/.~-]")
"""What may not stand as it is in the address of a link: spaces, brackets, `%`, bytes that are no text."""


def _text_of(template: Path) -> str:
    try:
        return template.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{template} is not UTF-8 text — save it as UTF-8") from error


def _write(
    reader: "Reader", id: str, path: Path, folder: Path, profile: str, template: str, pictures: bool
) -> list[str]:
    """One article as a file; its pictures beside it, or linked where the archive has them.

    A file that would not change keeps its time, by which site generators and rsync tell what is new.
    Gives the pictures that could not come along, as the archive does not have them whole.
    """
    from archive.files import Tree, write
    from archive.profiles import rendered, templated

    document = reader.standing_alone(reader.show(id))
    base = folder if pictures else reader.root
    way = os.path.relpath(base, path.parent).replace(os.sep, "/")
    root = _UNSAFE.sub(lambda found: quote(os.fsencode(found[0])), way) + "/"
    content = (
        templated(document, template, root=root)
        if template
        else rendered(document, profile, root=root)
    )
    lost = []
    if pictures:
        tree = Tree(reader.root)
        for picture in document.pictures.values():
            target = folder / picture.path
            if there(target):
                continue
            if found := _whole(tree, picture):
                write(target, found)
            else:
                lost.append(picture.path)
    written = content.encode("utf-8")
    if not (file_there(path) and path.read_bytes() == written):
        write(path, written)
    return lost


def _whole(tree: "Tree", picture: "PictureFile") -> bytes:
    """The bytes of a picture; none when it is lost, or not what was kept."""
    from archive.files import digest, refusal

    try:
        content = tree.read(picture.path)
    except OSError as error:
        if limit := refusal(error):
            raise limit from error
        return b""
    return content if digest(content) == picture.sha256 else b""
