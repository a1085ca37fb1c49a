"""`docs/commands.md` is what `--help` says, command by command.  `pytest --accept` writes it anew."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive.changes import Grade
from scraper.cli.app import SECTIONS, app
from scraper.cli.exits import table
from scraper.cli.invocation import COMMON

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"

INTRODUCTION = """\
# Commands

What `qqnews --help` and `qqnews COMMAND --help` say; a test keeps this page the same as the program.

Data goes to stdout, talk to stderr. On a terminal the answer is a table, in a pipe JSON lines; `-o` chooses another
shape. Where whoever reads the answer leaves (`… | head`), what keeps, mends or renders goes on to its end in silence.

As JSON, an object has the keys below; tables, csv and tsv show some of them. What the words mean stands in
[the archive's tables](sql.md). After the pages of `add` and `import` comes one more object, the `summary`.

| command | an object has |
| --- | --- |
| `add` | `type url id state verdict title path images missing copy_of reason result` |
| `import` | `type url id state verdict title path images missing copy_of reason result file` |
| `list` | `id title published outlet author category state revision copy_of captured length url path` |
| `search` | those of `list`, and `snippet` |
| `gone` | those of `list`, and `gone confirmed rule` |
| `clusters` | `first last articles outlets headlines id` |
| `clusters --of` | those of `list`, and `alike grade added removed changed` |
| `log` | `revision captured grade added removed changed title length suspect older dismissed accepted read_again path` |
| `picture` | `differs picture published outlet caption title id url path sha256 width height size` |
| `queue` | `id url host source priority state outcome queued leased attempts retry_at kind error changed` |
| `sources` | `name kind about asked named new newest error` |
| `verify` | `severity code path id detail fix` |

Every command takes the options under [Options of every command](#options-of-every-command), before or after its name.
`--` ends options, so that a word may begin with a dash.
"""  # noqa: E501 - a row of a table is one line


def commands() -> Iterator[tuple[str, str, click.Command]]:
    """Section, name and command, those of groups after their group."""
    with click.Context(app, info_name="qqnews") as context:
        for section, names in SECTIONS.items():
            for name in names:
                command = app.get_command(context, name)
                assert command is not None
                yield section, name, command
                if isinstance(command, click.Group):
                    for inner, below in command.commands.items():
                        yield section, f"{name} {inner}", below


def test_the_help_of_log_tells_every_grade_in_their_order() -> None:
    with click.Context(app, info_name="qqnews") as context:
        command = app.get_command(context, "log")
    assert command is not None and command.help is not None
    told = command.help.partition("The grades")[2].partition("`suspect`")[0]
    grades = [str(grade) for grade in sorted(Grade, reverse=True)]
    assert re.findall(r"`(\w+)`", told) == [*grades, "markup"]


def help_of(name: str, command: click.Command) -> str:
    """Its help without the common options, at the width of a terminal."""
    context = click.Context(
        command,
        info_name=f"qqnews {name}".strip(),
        terminal_width=100,
        max_content_width=100,
        help_option_names=["-h", "--help"],
    )
    text = command.get_help(context)
    return re.sub(r"\n\nOptions of every command:\n(?:  .*\n?)*", "", text).rstrip()


def common() -> str:
    context = click.Context(app, info_name="qqnews", terminal_width=100)
    formatter = context.make_formatter()
    formatter.write_dl(
        [
            record
            for parameter in app.params
            if parameter.name in COMMON and (record := parameter.get_help_record(context))
        ]
    )
    return formatter.getvalue().rstrip()


def written() -> str:
    parts = [INTRODUCTION]
    seen = ""
    for section, name, command in commands():
        if section != seen:
            parts.append(f"\n## {section}\n")
            seen = section
        parts.append(f"\n### qqnews {name}\n\n```text\n{help_of(name, command)}\n```\n")
    parts.append(f"\n## Options of every command\n\n```text\n{common()}\n```\n")
    parts.append(f"\n## Exit codes\n\n```text\n{table()}\n```\n")
    return "".join(parts)


def test_the_page_says_what_the_program_says(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--accept"):
        PAGE.write_text(written(), "utf-8")

    assert PAGE.read_text("utf-8") == written()


@pytest.mark.parametrize(
    ("name", "command"),
    [(name, command) for _, name, command in commands()],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_command_says_what_it_does_and_what_each_option_is_for(
    name: str, command: click.Command
) -> None:
    assert command.help
    first = command.help.splitlines()[0]
    assert first.endswith(".")
    assert len(first) <= 60, "the first line is what `qqnews --help` shows, uncut, in 80 columns"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"qqnews {name}: {parameter.opts} has no help"
    if not isinstance(command, click.Group) and " " not in name and name != "completion":
        assert f"qqnews {name}" in command.help or name in ("demo", "init"), "one example each"
    assert all(len(line) <= 100 for line in help_of(name, command).splitlines())


def examples() -> Iterator[str]:
    """The command lines in the help of every command, up to what is told of them or done with their answer."""
    for _, _, command in commands():
        for line in (command.help or "").splitlines():
            for found in re.finditer(
                r"(?:^ *|\| |&& )qqnews ((?:\"[^\"]*\"|'[^']*'|[^|>&\"'])*)", line
            ):
                yield re.split(r"\s{3,}", found[1].strip())[0]


@pytest.mark.parametrize("words", dict.fromkeys(examples()))
def test_every_example_is_one_that_the_program_takes(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("here/folder", "old-laptop/data"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("saved.html", "crawl.warc.gz"):
        (tmp_path / "here" / file).touch()
    monkeypatch.chdir(tmp_path / "here")
    context, rest = click.Context(app, info_name="qqnews"), shlex.split(words)
    command: click.Command | None = app
    while isinstance(command, click.Group):
        command = command.get_command(context, rest.pop(0))
    assert command
    command.make_context("qqnews", rest, parent=context)
