"""The command as a whole: help, streams, colours and mistakes, whatever is asked of it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.archive import Archive
from scraper.cli import _run
from scraper.cli.app import PLACES
from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, HARVEST
from tests.cli.conftest import Run, on_a_terminal

HEAVY = {
    "httpx", "httpcore", "selectolax", "rich", "PIL", "fastwarc", "sqlite_utils", "msgspec", "yaml", "frontmatter",
    "tenacity", "protego", "asyncio", "sqlite3", "jinja2", "markdown_it", "nh3", "wsgiref",
}  # fmt: skip


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["help", "exit-codes"]])
def test_help_and_version_load_click_only(
    words: list[str], loaded_modules: Callable[..., set[str]]
) -> None:
    assert loaded_modules(*words) & HEAVY == set()


def test_help_fits_a_hundred_columns_and_names_every_command(qqnews: Run) -> None:
    ended = qqnews("--help", COLUMNS="200")

    assert ended.code == 0
    assert max(map(len, ended.out.splitlines())) <= 100
    for name in PLACES:
        assert f"  {name} " in ended.out
    narrow = qqnews("--help", COLUMNS="80").out.partition("Keep articles:")[2]
    assert "..." not in narrow
    rows = [line for line in narrow.splitlines() if line.startswith("  ")]
    assert len(rows) == len(PLACES) + 1, "each command has one line, and the last line is the hint"


def test_the_long_version_names_what_its_help_promises(qqnews: Run) -> None:
    names = {line.partition(" ")[0] for line in qqnews("-V", "-v").out.splitlines()}

    assert names >= {"qqnews", "Python", "SQLite", "httpx"}


def test_the_search_language_is_explained(qqnews: Run) -> None:
    ended = qqnews("help", "query")

    assert ended.code == 0
    for word in ("杭州 OR 深圳", "outlet:", "after:", "is:gone", "has:picture"):
        assert word in ended.out


def test_nothing_asked_gives_help_and_a_code_that_says_so(qqnews: Run) -> None:
    ended = qqnews()

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert "Usage: qqnews" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serch"], "no such command: serch — "),
        (["--nope"], "see `qqnews --help`"),
        (["sql", "select :o", "-p", "o"], "requires 2 arguments — see `qqnews sql --help`"),
        (["config", "show", "--orgin"], "see `qqnews config show --help`"),
        (["--set", "freshness", "config", "check"], "not KEY=VALUE"),
        (["run", "--max-time", "5"], "error: --max-time: "),
        (["run", "--max-bytes", "much"], "error: --max-bytes: "),
        (["run", "--set", "run.max_time=5"], "error: --set run.max_time: "),
        (["config", "check", "--set", "freshness=soon"], "expected a duration"),
        (["config", "check", "--config", "none.yaml"], "cannot be read"),
        (["search", ""], "no word to search for"),
        (["search", " ", "\u3000"], "no word to search for"),
        (["render", "--out", ""], "a path is expected, not nothing"),
        (["backup", ""], "a path is expected, not nothing"),
        (["list", "--config", ""], "a path is expected, not nothing"),
        (["list", "--archive", "a" * 300], "longer than the name of a file may be"),
        (["explain", f"https://news.qq.com/{'a' * 5000}"], "longer than the name of a file may"),
        (["config", "check", "--set", f"recheck.most={10**20}"], "expected a whole number"),
        (["config", "check", "--set", "network.hosts=[]"], "hosts must name at least one"),
        (["config", "check", "--set", "network.ca_file=none.pem"], "none.pem: No such file"),
        (["config", "check", "--set", "network.ca_file=/dev/null"], "not certificates in PEM form"),
    ],
)
def test_a_mistake_in_calling_is_one_line_and_code_2(
    words: list[str], said: str, qqnews: Run
) -> None:
    ended = qqnews(*words)

    assert ended.code == Exit.USAGE
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1
    assert said in ended.err


def test_a_word_in_another_encoding_is_a_mistake_in_the_call(qqnews: Run, folder: Path) -> None:
    Archive.create(folder / "data")
    word = "石桥".encode("gb18030").decode("utf-8", "surrogateescape")
    for words in (["show"], ["list"], ["forget", "-n"], ["queue", "--host"], ["clusters", "--of"]):
        ended = qqnews("--archive", "data", *words, word)

        assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1), words
        assert "is no text in UTF-8" in ended.err


def test_bytes_on_stdin_that_are_no_text_are_no_bug_whatever_the_locale(
    qqnews: Run, folder: Path
) -> None:
    """As under zh_CN.UTF-8, where Python would not read them; they may stand in a remark."""
    Archive.create(folder / "data")
    listed = "# 石桥\n".encode("gb18030") + BRIDGE.id.encode()

    named = qqnews("add", "-n", "-", stdin=listed, PYTHONIOENCODING="utf-8:strict")
    asked = qqnews("sql", "-", "--archive=data", stdin=b"\xff", PYTHONIOENCODING="utf-8:strict")

    assert (named.code, BRIDGE.id in named.out) == (0, True)
    assert (asked.code, asked.err.count("\n")) == (Exit.USAGE, 1)


def test_the_home_folder_has_its_short_name_wherever_a_path_is_given(
    qqnews: Run, folder: Path, environment: dict[str, str]
) -> None:
    """Shells leave it alone in `--out=~/site` and `@~/list.txt`."""
    home = Path(environment["HOME"])
    (home / "list.txt").write_text(f"{BRIDGE.id}\n")
    (home / "page.html").write_bytes(rain(BRIDGE))

    assert qqnews("add", "-n", "@~/list.txt").code == qqnews("explain", "~/page.html").code == 0
    (folder / "~draft.html").write_bytes(rain(HARVEST))
    assert qqnews("import", "--archive=~/news", "~/page.html", "~draft.html").code == 0
    for words in (["render", "--out=~/site"], ["export", "jsonl", "--to=~/x"], ["backup", "~/b"]):
        assert qqnews("--archive=~/news", *words).code == 0

    assert {one.name for one in home.iterdir()} >= {"news", "site", "x", "b"}
    assert [one.name for one in folder.iterdir()] == ["~draft.html"]


def test_no_number_is_too_large_for_a_limit(qqnews: Run, folder: Path) -> None:
    Archive.create(folder / "data")
    for words in (["search", "桥"], ["list"], ["clusters"], ["queue"], ["export", "jsonl"]):
        ended = qqnews("--archive", "data", *words, "--limit", 10**20)

        assert (ended.code, ended.out) == (0, ""), words


def test_a_folder_that_was_taken_away_under_the_command_is_told(
    folder: Path, environment: dict[str, str]
) -> None:
    (folder / "gone").mkdir()
    ended = subprocess.run(
        ["sh", "-c", f"rmdir ../gone; exec {sys.executable} -m scraper list"],
        cwd=folder / "gone",
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == Exit.USAGE
    assert ended.stderr == (
        "error: the current folder cannot be told: No such file or directory — `cd` to one that is there\n"
    )


def test_files_that_settings_name_have_to_be_there(qqnews: Run, folder: Path) -> None:
    (folder / "config.yaml").write_text(
        "network: {ca_file: none.pem}\nsources:\n  mine: {kind: file, path: list.txt}\n"
    )
    (folder / "config.yaml").chmod(0o644)

    missing = qqnews("config", "check")

    assert (missing.code, missing.err.count("\n")) == (Exit.USAGE, 2)
    assert "network.ca_file" in missing.err and "sources.mine.path" in missing.err
    (folder / "list.txt").write_text("")
    assert "sources.mine" not in qqnews("config", "check").err
    assert qqnews("search", "x").code == Exit.USAGE, "there is no archive, and that is all"


def test_a_proxy_for_which_a_library_is_missing_is_told_by_check(
    folder: Path, environment: dict[str, str]
) -> None:
    script = (
        "import sys; sys.modules['socksio'] = None\n"
        "from scraper.cli import main\n"
        "main(['config', 'check', '--set', 'network.proxy=socks5://127.0.0.1:1080'])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True
    )

    assert ended.returncode == Exit.USAGE
    assert "pip install 'qqnews[socks]'" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_every_mistake_in_the_settings_is_told_at_once(qqnews: Run, folder: Path) -> None:
    (folder / "config.yaml").write_text(
        "freshnes: 6h\n"
        "sources:\n  top: {kind: chanel}\n  mine: {kind: file, pth: list.txt}\n"
        "network:\n  allow_http: maybe\n  pace: {page: 2, per_hour: many}\n"
    )
    (folder / "config.yaml").chmod(0o644)

    ended = qqnews("config", "check")

    told = ended.err.splitlines()
    assert ended.code == Exit.USAGE
    for line, word in zip(
        told,
        ("freshnes", "top.kind", "mine.pth", "allow_http", "pace.page", "per_hour"),
        strict=True,
    ):
        assert line.startswith("error: ") and word in line
    assert qqnews("list").err == told[0] + "\n", "elsewhere the first will do"


def test_a_list_page_that_a_run_would_not_ask_is_told_by_check(qqnews: Run, folder: Path) -> None:
    (folder / "config.yaml").write_text(
        "sources:\n"
        '  far: {kind: page, url: "https://example.com/list"}\n'
        '  near: {kind: page, url: "https://news.qq.com/ch/society"}\n'
    )
    (folder / "config.yaml").chmod(0o644)

    ended = qqnews("config", "check")

    assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1)
    assert "sources.far.url" in ended.err and "example.com" in ended.err


def test_common_options_stand_before_or_after_the_command(qqnews: Run, folder: Path) -> None:
    (folder / "other.yaml").write_text("freshness: 9h")

    before = qqnews("--config", "other.yaml", "config", "show", "-o", "jsonl")
    after = qqnews("config", "show", "-o", "jsonl", "--config", "other.yaml")

    assert before.out == after.out
    assert '{"key": "freshness", "value": "9h"}' in before.out


def test_a_closed_pipe_ends_the_command_quietly(folder: Path, environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m scraper config show --defaults | head -n 1"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"for n in 1 2 3; do {command}; done"],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_full_disk_behind_stdout_is_told_and_code_6(
    folder: Path, environment: dict[str, str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "scraper", "config", "show"],
            cwd=folder,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )

    assert ended.returncode == Exit.STORAGE
    assert ended.stderr.startswith(b"error: the answer cannot be written: No space left")
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "away", ["2>/dev/full", "2> >(exit)"], ids=["a full disk", "nobody reads it"]
)
def test_a_stderr_that_takes_nothing_ends_no_run_and_its_exit_code_tells(
    away: str, folder: Path, environment: dict[str, str]
) -> None:
    words = f"{sys.executable} -m scraper --archive data"
    (folder / "config.yaml").write_text("sources: {list: {kind: file, path: absent.txt}}")
    (folder / "config.yaml").chmod(0o644)

    ended = subprocess.run(
        ["bash", "-c", f"{words} run -v {away}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    runs = subprocess.run(
        [*words.split(), "sql", "select code from runs", "-o", "csv"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )

    assert (ended.returncode, ended.stdout) == (Exit.INCOMPLETE, b""), "the file is not there"
    assert runs.stdout.split() == [b"code", b"%d" % Exit.INCOMPLETE]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_takes_nothing_down(
    closed: str, folder: Path, environment: dict[str, str]
) -> None:
    """Else the first file that is opened, the archive itself perhaps, would get what is said."""
    words = [sys.executable, "-m", "scraper", "--archive", "data"]
    for command in (["init"], ["list"]):
        ended = subprocess.run(
            ["bash", "-c", f'"$@" {closed}', "bash", *words, *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (ended.returncode, ended.stdout) == (0, b""), ended.stderr

    index = (folder / "data" / "qqnews.db").read_bytes()
    assert index.startswith(b"SQLite format 3\0")


def test_chinese_names_survive_a_posix_locale(qqnews: Run) -> None:
    ended = qqnews("config", "show", "-o", "tsv", "--archive", "新闻", LC_ALL="C", LANG="C")

    assert ended.code == 0
    assert "/新闻\n" in ended.out


def test_a_terminal_gets_a_table_and_a_pipe_gets_json_lines(
    qqnews: Run, folder: Path, environment: dict[str, str]
) -> None:
    table = on_a_terminal(folder, environment | {"TERM": "xterm"}, "config", "show")
    lines = qqnews("config", "show").out.splitlines()

    assert "─" in table
    assert all(line.startswith('{"key": ') for line in lines)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_environment(
    variables: dict[str, str], coloured: bool, folder: Path, environment: dict[str, str]
) -> None:
    said = on_a_terminal(folder, environment | variables, "nonsense")

    assert "error: " in said
    assert ("\x1b[" in said) is coloured


def test_a_pipe_gets_colours_only_when_forced(qqnews: Run) -> None:
    assert "\x1b[" not in qqnews("nonsense", TERM="xterm").err
    assert "\x1b[" in qqnews("nonsense", FORCE_COLOR="1").err


def test_a_bug_is_one_line_and_its_traceback_comes_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("scraper.cli.exits.table", broken)
    monkeypatch.delenv("QQNEWS_DEBUG", raising=False)

    assert _run(["help", "exit-codes"]) == Exit.BUG
    err = capsys.readouterr().err
    assert err.startswith("error: this is a bug in qqnews: ZeroDivisionError: by design — ")
    assert err.count("\n") == 1

    assert _run(["help", "exit-codes", "-v"]) == Exit.BUG
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("QQNEWS_DEBUG", "1")
    assert _run(["help", "exit-codes"]) == Exit.BUG
    assert "Traceback" in capsys.readouterr().err
