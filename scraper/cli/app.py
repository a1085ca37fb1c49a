"""The command `qqnews` and its commands, each loaded when it is called.

Adding a command: a function in `scraper/cli/commands/`, decorated with `click.command(cls=Command)`, and a line below.
"""

import importlib
import sys
from typing import Any, Final

import click

from scraper import __version__
from scraper.cli.invocation import Group

SECTIONS: Final[dict[str, dict[str, str]]] = {
    "Keep articles": {
        "add": "adding:add",
        "import": "importing:import_",
        "run": "running:run",
        "explain": "explaining:explain",
        "demo": "showing_off:demo",
    },
    "Find them": {
        "search": "finding:search",
        "list": "finding:list_",
        "show": "showing:show",
        "picture": "showing:picture",
        "sql": "finding:sql",
        "log": "looking_back:log",
        "diff": "looking_back:diff",
        "gone": "looking_back:gone",
        "clusters": "looking_back:clusters",
        "serve": "serving:serve",
        "render": "moving:render",
        "export": "exporting:export",
    },
    "Look after the archive": {
        "status": "queueing:status",
        "sources": "polling:sources",
        "queue": "queueing:queue",
        "retry": "queueing:retry",
        "verify": "mending:verify",
        "repair": "mending:repair",
        "rebuild": "mending:rebuild",
        "reextract": "rereading:reextract",
        "accept": "deciding:accept",
        "dismiss": "deciding:dismiss",
        "backup": "moving:backup",
        "merge": "moving:merge",
        "forget": "moving:forget",
        "doctor": "mending:doctor",
    },
    "Set up": {
        "init": "setting_up:init",
        "config": "setting_up:config",
        "completion": "setting_up:completion",
        "help": "helping:help_",
    },
}
"""Title → command → where it stands in `scraper.cli.commands`, in the order `--help` shows them."""

PLACES: Final = {name: place for section in SECTIONS.values() for name, place in section.items()}


class App(Group):
    """The group of all commands; knows their names without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names, as `--help` shows them."""
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """One command, loaded now."""
        if cmd_name not in PLACES:
            return None
        module, _, function = PLACES[cmd_name].partition(":")
        command = getattr(importlib.import_module(f"scraper.cli.commands.{module}"), function)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was called; for a mistyped one, the error names the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], PLACES, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "see `qqnews --help`"
            raise click.UsageError(f"no such command: {args[0]} — {hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section."""
        for title, commands in SECTIONS.items():
            rows = []
            for name in commands:
                command = self.get_command(ctx, name)
                assert command is not None
                rows.append((name, command.get_short_help_str(70)))
            with formatter.section(title):
                formatter.write_dl(rows)


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    click.echo(f"qqnews {__version__}")
    if {"-v", "--verbose"} & set(sys.argv):
        click.echo("\n".join(_versions()))
    context.exit()


def _versions() -> list[str]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from archive.index.connection import library_version

    sqlite = ".".join(map(str, library_version()))
    lines = [f"Python {platform.python_version()}", f"SQLite {sqlite}"]
    for name in ("httpx", "selectolax", "sqlite-utils", "Pillow", "fastwarc"):
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} missing")
    return lines


@click.group(
    cls=App,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="More: `qqnews COMMAND --help`; `qqnews help exit-codes`; `help query`.",
    invoke_without_command=False,
    no_args_is_help=True,
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit; with -v also those of Python, SQLite and libraries.",
)
def app(**_: Any) -> None:
    """Keep the news of qq.com: clean Markdown, the pictures, and an archive you can search.

    \b
    qqnews demo                       see it work, without the network
    qqnews add ADDRESS                keep one article
    qqnews search 杭州                find it again
    """
