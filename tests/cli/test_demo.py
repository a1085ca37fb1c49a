"""`qqnews demo`, `init` and `completion`: what a newcomer does first."""

import json
import os
import re
import shlex
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, WITHDRAWN
from tests.cli.conftest import Run


def test_the_demo_ends_with_articles_pictures_and_a_search_result(
    qqnews: Run, folder: Path
) -> None:
    ended = qqnews("demo")

    assert (ended.code, ended.err) == (0, "")
    for word in ("new ", "copy ", "gone ", "same ", "paywalled", WITHDRAWN):
        assert word in ended.out
    assert f"青屿晚报 · {BRIDGE.id}" in ended.out
    assert len(list((folder / "demo" / "articles").rglob("*.md"))) == 4
    kinds = {path.suffix for path in (folder / "demo" / "images").rglob("*.*")}
    assert kinds == {".jpg", ".gif", ".png"}
    made = re.findall(r"^  (demo/\S+)$", ended.out, re.MULTILINE)
    assert len(made) == 4
    assert all((folder / path).exists() for path in made)


def test_the_commands_it_names_work_as_printed(qqnews: Run) -> None:
    printed = qqnews("demo", "a demo").out.partition("Try next:")[2]
    commands = [shlex.split(line) for line in printed.splitlines() if "--archive" in line]

    assert len(commands) == 4
    for words in commands:
        ended = qqnews(*words[words.index("--archive") :])
        assert (ended.code, bool(ended.out)) == (0, True), words


def test_a_second_time_it_finds_everything_the_same(qqnews: Run) -> None:
    qqnews("demo", "place")
    again = qqnews("demo", "place")

    assert again.code == 0
    assert "nothing new" in again.out
    assert "0 new, 2 same" in again.out


def test_the_demo_leaves_a_folder_of_other_things_alone(qqnews: Run, folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "letter.txt").write_text("dear")

    ended = qqnews("demo", "mine")

    assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1)
    assert [path.name for path in (folder / "mine").iterdir()] == ["letter.txt"]


def test_the_demo_never_mixes_with_articles_of_ones_own(qqnews: Run, folder: Path) -> None:
    (folder / "page.html").write_bytes(rain(replace(BRIDGE, id="20261120A0REAL00")))
    qqnews("import", "page.html", "--archive", "mine")
    qqnews("init", "new")
    before = qqnews("list", "--archive", "mine").out

    for archive in ("mine", "new/data"):
        ended = qqnews("demo", archive)
        assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)

    assert qqnews("list", "--archive", "mine").out == before
    assert qqnews("list", "--archive", "new/data").out == ""


def test_init_writes_settings_and_an_archive_and_never_overwrites(
    qqnews: Run, folder: Path
) -> None:
    first = qqnews("init", "news")
    file = folder / "news" / "config.yaml"
    file.write_text("freshness: 2h\n")
    second = qqnews("init", "news")

    assert (first.code, second.code) == (0, 0)
    assert file.read_text() == "freshness: 2h\n"
    assert "kept as it was" in second.err
    assert (folder / "news" / "data" / "qqnews.db").is_file()
    assert qqnews("--config", "news", "config", "check").code == 0


@pytest.mark.parametrize("place", [".", "my news"], ids=["here", "elsewhere"])
def test_what_init_says_comes_next_can_be_pasted(place: str, qqnews: Run, folder: Path) -> None:
    said = qqnews("init", place).err
    words = shlex.split(said.rpartition("then `")[2].removesuffix("`\n"))

    assert (len(words) == 2) == (place == ".")
    shown = qqnews(*words[1:-1], "config", "show", "-o", "csv").out
    assert f"archive.path,{(folder / place / 'data').resolve()}\n" in shown


def test_what_init_writes_is_the_commented_defaults(qqnews: Run, folder: Path) -> None:
    qqnews("init")

    shipped = qqnews("config", "show", "--defaults").out
    assert (folder / "config.yaml").read_text("utf-8") == shipped
    origins = [json.loads(line) for line in qqnews("config", "show", "--origin").out.splitlines()]
    assert all("config.yaml, line" in one["origin"] for one in origins)


def test_init_makes_the_archive_of_the_settings_it_is_given(qqnews: Run, folder: Path) -> None:
    (folder / "mine.yaml").write_text("archive:\n  path: kept here\n")

    ended = qqnews("--config", "mine.yaml", "init")

    assert ended.code == 0
    assert (folder / "kept here" / "qqnews.db").exists()
    assert not (folder / "config.yaml").exists()


def test_what_init_writes_is_believed_whatever_the_umask(qqnews: Run, folder: Path) -> None:
    before = os.umask(0)
    try:
        qqnews("init")
    finally:
        os.umask(before)

    assert stat.S_IMODE((folder / "config.yaml").stat().st_mode) == 0o644
    assert qqnews("list").code == 0


def test_a_config_that_others_may_write_is_refused_rather_than_passed_over(
    qqnews: Run, folder: Path
) -> None:
    """A run that passed it over would keep its articles in another archive."""
    file = folder / "config.yaml"
    file.write_text("freshness: 2h\n")
    file.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IWOTH)

    ended = qqnews("config", "show", "-o", "tsv")

    assert ended.code == Exit.USAGE
    assert "others may write to" in ended.err
    assert "freshness" not in ended.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str, qqnews: Run) -> None:
    ended = qqnews("completion", shell)

    assert ended.code == 0
    assert "_QQNEWS_COMPLETE" in ended.out


def test_completion_knows_commands_and_options(qqnews: Run) -> None:
    def completed(words: str) -> set[str]:
        count = str(len(words.split()) - (0 if words.endswith(" ") else 1))
        ended = qqnews(_QQNEWS_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=count)
        return {line.partition(",")[2] for line in ended.out.splitlines()}

    assert "search" in completed("qqnews se")
    assert "--ignore-robots" in completed("qqnews add --ig")
