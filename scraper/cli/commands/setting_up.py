"""`qqnews init`, `config`, `completion`: what one does once."""

import os
import shlex
from pathlib import Path

import click

from scraper.cli.invocation import (
    Command,
    Group,
    Invocation,
    NamedPath,
    output_options,
    pass_invocation,
)


@click.command("init", cls=Command)
@click.argument("folder", type=NamedPath(path_type=Path), default=".")
@pass_invocation
def init(invocation: Invocation, folder: Path) -> None:
    """Write a commented config.yaml, make an archive.

    What is there already stays as it is.  With --config, that file is the config.yaml.

    \b
    qqnews init ~/news && cd ~/news && qqnews run
    """
    from archive.archive import Archive
    from archive.files import INDEX, there, write
    from scraper.config import load, shipped

    target = (invocation.config_file or folder / "config.yaml").absolute()
    stood = os.path.lexists(target)
    if not stood:
        mask = os.umask(0o022)
        os.umask(mask | 0o022)  # a config.yaml that others may write would not be believed
        write(target, shipped().encode("utf-8"))
        os.umask(mask)
    invocation.talk.say(f"{target}: {'kept as it was' if stood else 'written'}")
    settings = load(file=target, options=invocation.options, spelled=invocation.spelled)
    root = settings.config.archive.path
    made = not there(root / INDEX)
    Archive.create(root)
    invocation.talk.say(f"{root}: {'an empty archive' if made else 'an archive already'}")
    if not stood:
        named = [] if target == Path.cwd() / "config.yaml" else ["--config", str(target)]
        run = shlex.join(["qqnews", *named, "run"])
        invocation.talk.say(f"next: look at the sources in {target}, then `{run}`")


@click.group("config", cls=Group)
def config() -> None:
    """Check the settings, or show them.

    \b
    qqnews config check
    qqnews config show --origin
    """


@config.command("check")
@pass_invocation
def check(invocation: Invocation) -> int:
    """Say what is wrong with the settings, if anything.

    All mistakes, not only the first; also whether the files they name can be read, and the pages asked for.
    """
    from scraper.cli.exits import Exit
    from scraper.config.beyond import problems
    from scraper.errors import ConfigError

    try:
        loaded = invocation.loaded
    except ConfigError as error:
        for mistake in (error, *error.also):
            invocation.talk.fail(str(mistake))
        return Exit.USAGE
    found = loaded.file or "no config.yaml: the defaults"
    wrong = list(problems(loaded.config))
    for problem in wrong:
        invocation.talk.fail(f"{found}: {problem}")
    if wrong:
        return Exit.USAGE
    invocation.talk.say(f"{found}: fine")
    return Exit.DONE


@config.command("show")
@click.option("--origin", is_flag=True, help="Say of each value where it was set.")
@click.option(
    "--defaults", is_flag=True, help="Print the commented config.yaml that comes with qqnews."
)
@output_options
@pass_invocation
def show(
    invocation: Invocation, origin: bool, defaults: bool, shape: str | None, csv_safe: bool
) -> None:
    """Print every setting as it counts now.

    A setting's key is also its option (--set network.proxy=…) and its variable (QQNEWS_NETWORK_PROXY).
    """
    from scraper.cli.output import Output
    from scraper.config import shipped
    from scraper.config.shown import shown

    if defaults:
        click.echo(shipped(), nl=False)
        return
    columns = ["key", "value", "origin"] if origin else ["key", "value"]
    with Output(shape, columns, csv_safe=csv_safe) as output:
        for key, value, where in shown(invocation.loaded):
            row = {"key": key, "value": value}
            output.write(row | {"origin": where} if origin else row)


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete qqnews words.

    \b
    qqnews completion bash >> ~/.bashrc
    qqnews completion zsh  >> ~/.zshrc
    qqnews completion fish >  ~/.config/fish/completions/qqnews.fish
    """
    from click.shell_completion import get_completion_class

    from scraper.cli.app import app

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(app, {}, "qqnews", "_QQNEWS_COMPLETE").source())
