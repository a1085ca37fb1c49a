"""One command as it was called: the options every command has, and what follows from them.

Invocation    settings, archive and talk of this command, each made when first asked for
Command       a click command that has the common options; they may stand before or after its name
Asking        a command that takes a query, whose words may begin with a minus
Count         how many, as an option; NamedPath: a path
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scraper.cli.talk import Talk

if TYPE_CHECKING:
    from scraper.config import Config, Loaded


@dataclass
class Invocation:
    """What was given on the command line to every command.

    options: dotted name of a setting → text.  spelled: the same → the option that gave it.
    """

    config_file: Path | None = None
    options: dict[str, str] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    talk: Talk = field(default_factory=Talk)

    @cached_property
    def loaded(self) -> "Loaded":
        """The settings with their origins.  Raises ConfigError."""
        from scraper.config import load

        return load(file=self.config_file, options=self.options, spelled=self.spelled)

    def set(self, name: str, value: str, *, option: str) -> None:
        """Set one setting.  option: by which."""
        self.options[name] = value
        self.spelled[name] = option

    @property
    def config(self) -> "Config":
        """The settings.  Raises ConfigError."""
        return self.loaded.config

    @property
    def root(self) -> Path:
        """The archive's folder."""
        return self.config.archive.path


pass_invocation: Callable[..., Any] = click.make_pass_decorator(Invocation, ensure=True)


def _here(context: click.Context) -> Invocation:
    return context.find_root().ensure_object(Invocation)


def _set_config(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        _here(context).config_file = value


def _set_archive(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        _here(context).set("archive.path", value, option="--archive")


def _set_option(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    for text in values:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(
                f"{text!r} is not KEY=VALUE, like network.proxy=http://localhost:8080",
                ctx=context,
                param=option,
            )
        _here(context).set(name.strip(), value, option=f"--set {name.strip()}")


def _set_quiet(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        _here(context).talk.quiet = True


def _set_verbose(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        _here(context).talk.verbose = True


class Count(click.IntRange):
    """How many of something; more than an archive can hold is as many as it can."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number.  SQLite takes none that is longer than 64 bits, of what is counted up from it neither."""
        return min(super().convert(value, param, ctx), 2**60)


def at_home(path: str) -> str:
    """A path with `~` replaced; where there is no such home folder, it is a file's own name (`~draft.html`)."""
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib's raises for such a name


class NamedPath(click.Path):
    """A path of which the name is not empty: `"$PLACE"` of a variable that is not set means no folder, not this one.

    `~` is the home folder, as in the settings; a shell leaves it alone in `--out=~/site`.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if value == "":
            self.fail("a path is expected, not nothing.", param, ctx)
        return super().convert(at_home(value), param, ctx)


def common_options() -> list[click.Parameter]:
    """The options of every command; they set what `Invocation` holds and are not handed to the command."""
    return [
        click.Option(
            ["--config"],
            type=NamedPath(path_type=Path),
            metavar="FILE",
            help="Settings to use instead of ./config.yaml.",
            callback=_set_config,
            expose_value=False,
        ),
        click.Option(
            ["--archive"],
            metavar="FOLDER",
            help="The archive to use instead of the one in the settings.",
            callback=_set_archive,
            expose_value=False,
        ),
        click.Option(
            ["--set"],
            multiple=True,
            metavar="KEY=VALUE",
            help="Change one setting, like freshness=1d; may be repeated.",
            callback=_set_option,
            expose_value=False,
        ),
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            help="Say nothing but errors and warnings.",
            callback=_set_quiet,
            expose_value=False,
        ),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            help="Say more; show the traceback of a bug.",
            callback=_set_verbose,
            expose_value=False,
        ),
    ]


COMMON: Final = frozenset(str(option.name) for option in common_options()) | {"help"}


def _format_options(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter
) -> None:
    """A command's own options first, then those that every command has."""
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and not isinstance(parameter, click.Argument):
            (common if parameter.name in COMMON else own).append(record)
    for title, records in (("Options", own), ("Options of every command", common)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Command(click.Command):
    """A command that has the common options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was given; a mistake in it is one in calling this command, also where click does not say so."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Own options, then common ones."""
        _format_options(self, ctx, formatter)


# Not `-x` nor `-limit`, which may be mistyped options: a word in small letters needs `--` before it.
_WORD_WITH_MINUS = re.compile(r"-(?=[^-a-z0-9\s]|[a-z_]{2,}[:：])")


class Asking(Command):
    """A command that takes a query: `-上海`, `-outlet:日报` and `-(A OR B)` are words of it, not options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words with a full-width minus, which the query language reads alike and click reads as text."""
        at = args.index("--") if "--" in args else len(args)
        taking = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag and not option.count
            for name in option.opts
        }
        words: list[str] = []
        for before, arg in zip(["", *args], args[:at], strict=False):
            is_word = before not in taking and _WORD_WITH_MINUS.match(arg)
            words.append("－" + arg[1:] if is_word else arg)
        return super().parse_args(ctx, words + args[at:])


class Group(click.Group):
    """A command with commands of its own, with the common options as well."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Own options, then common ones, then the commands."""
        _format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


SHAPE_HELP: Final = "Shape of the answer; by default table on a terminal, jsonl elsewhere."


def output_options(function: Callable[..., Any], *, what: str = SHAPE_HELP) -> Callable[..., Any]:
    """`-o` and `--csv-safe`, for a command that answers with rows; handed to it as `shape` and `csv_safe`."""
    from scraper.cli.output import SHAPES

    function = click.option(
        "--csv-safe",
        is_flag=True,
        help="In csv and tsv, disarm cells a spreadsheet would run (= + - @).",
    )(function)
    return click.option(
        "-o",
        "--output",
        "shape",
        type=click.Choice(SHAPES),
        help=what,
    )(function)


WAIT: Final = click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0.0,
    metavar="SECONDS",
    help="Wait for another run to end.",
)
"""For a command that writes."""
