"""`docs/unattended.md` sets up what it says: its commands are the program's, and systemd takes its files."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scraper.cli.app import SECTIONS, app
from scraper.cli.exits import MEANING, Exit

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "unattended.md").read_text("utf-8")
MENDS_ITSELF = {int(code) for code, (_, cron) in MEANING.items() if cron == "ignore"}


def unit(name: str) -> str:
    """A file of systemd, as the page has it."""
    found = re.search(rf"<!-- {re.escape(name)} -->\n```\n(.+?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def written() -> list[str]:
    """Every command line of qqnews on the page."""
    found = re.findall(r"(?:^|[\s/`=])qqnews((?: [^\n`#&]+)?)", TEXT)
    return sorted({words.strip().removesuffix(" NAME") for words in found if words.strip()})


NAMES = {name for names in SECTIONS.values() for name in names}
COMMANDS = [words for words in written() if words.split()[0] in NAMES]


def test_the_page_names_the_commands_that_look_after_an_archive() -> None:
    named = {words.split()[0] for words in COMMANDS}
    assert named >= {"run", "init", "doctor", "verify", "repair", "backup", "status", "queue"}


@pytest.mark.parametrize("words", COMMANDS)
def test_each_command_is_one_that_the_program_takes(words: str) -> None:
    name, *rest = shlex.split(words)
    # The settings too: a command keeps the help option that its first context gave it, for whatever test comes next.
    root = click.Context(app, info_name="qqnews", **app.context_settings)
    command = app.get_command(root, name)
    assert command
    if rest:  # the bare name of one that needs more is only spoken of
        command.make_context(name, rest, parent=root)


def test_no_line_of_the_crontab_ends_for_cron_before_its_end() -> None:
    """`%` without a backslash is a newline to cron: what follows it would be stdin."""
    lines = re.findall(r"^[\d*].* \* +cd .*$", TEXT, re.MULTILINE)
    assert len(lines) == 2
    assert [line for line in lines if re.search(r"(?<!\\)%", line)] == []


def test_what_is_forgiven_is_what_the_next_run_mends_by_itself() -> None:
    cron = re.search(r"--ok-codes (\S+)", TEXT)
    systemd = re.search(r"SuccessExitStatus=(.+)", TEXT)
    assert cron and systemd
    assert {int(code) for code in cron[1].split(",")} == MENDS_ITSELF
    assert {int(code) for code in systemd[1].split()} == MENDS_ITSELF | {Exit.TERMINATED}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_takes_both_files(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("qqnews")
    for name in ("qqnews.service", "qqnews.timer"):
        text = unit(name).replace("/srv/news/.venv/bin/qqnews", str(program))
        (tmp_path / name).write_text(text.replace("/srv/news", str(tmp_path)))

    told = subprocess.run(
        ["systemd-analyze", "verify", "./qqnews.timer", "./qqnews.service"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
    )

    ours = [line for line in told.stderr.splitlines() if "qqnews" in line]
    assert (told.returncode, ours) == (0, [])
