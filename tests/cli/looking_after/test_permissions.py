"""What this user may not read is not taken for lost or damaged: code 6, one line, and everything stays where it is."""

import sys
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.stories import BRIDGE
from tests.archive.newsroom import files
from tests.cli.conftest import Run, bound_by_permissions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")

READING = (["list"], ["show", BRIDGE.id], ["verify", "--read-data"], ["repair"])
WRITING = (["rebuild"], ["repair", "--apply"], ["forget", "--yes", BRIDGE.id])
COPYING = (["backup", "copy"],)


@pytest.mark.parametrize(
    ("what", "commands"),
    [
        (".", (*READING, *WRITING, *COPYING)),
        ("qqnews.db", (*READING, *WRITING, *COPYING)),
        ("articles", (*READING[1:], *WRITING, *COPYING)),
        (f"articles/*/*/{BRIDGE.id}.md", (*READING[1:3], *WRITING, *COPYING)),
        ("captures/*", (*READING[2:3], *WRITING, *COPYING)),
        ("images", (*READING[2:], *WRITING, *COPYING)),
        ("images/*/*", (*READING[2:3], WRITING[1], *COPYING)),
    ],
)
def test_what_may_not_be_read_ends_the_command_with_code_6(
    what: str, commands: tuple[list[str], ...], qqnews: Run, news: Path
) -> None:
    before = files(news)
    closed = [news] if what == "." else sorted(news.glob(what))
    modes = [path.stat().st_mode for path in closed]
    for path in closed:
        path.chmod(0)

    ended = [qqnews("--archive", "news", *words, first=bound_by_permissions) for words in commands]

    for path, mode in zip(closed, modes, strict=True):
        path.chmod(mode)
    assert {one.code for one in ended} == {Exit.STORAGE}, [one.err for one in ended]
    assert all("permission" in one.err and one.err.count("\n") == 1 for one in ended)
    assert before.items() <= files(news).items()


@pytest.mark.parametrize(
    "place",
    ["articles/2026", "articles/*/*", "images/*", "captures", "captures/*", "qqnews.db", ".lock", ".tmp"],
)  # fmt: skip
def test_doctor_names_what_a_run_as_another_user_left_behind(
    place: str, qqnews: Run, news: Path
) -> None:
    closed = sorted(news.glob(place))[0]
    mode = closed.stat().st_mode
    closed.chmod(0o555 if closed.is_dir() else 0o444)

    ended = qqnews("--archive", "news", "doctor", first=bound_by_permissions)

    closed.chmod(mode)
    assert ended.code == Exit.STORAGE, ended.out
    assert f"{closed} cannot be written by this user — was qqnews run as root once?" in ended.out


def test_doctor_says_one_line_of_a_folder_that_it_may_not_look_into(
    qqnews: Run, news: Path
) -> None:
    (news / "captures").chmod(0o300)

    ended = qqnews("--archive", "news", "doctor", first=bound_by_permissions)

    (news / "captures").chmod(0o755)
    assert (ended.code, ended.err) == (Exit.STORAGE, "")
    assert f"{news / 'captures'} cannot be read: Permission denied" in ended.out


def test_doctor_says_how_an_archive_that_is_another_users_is_written(
    qqnews: Run, news: Path
) -> None:
    news.chmod(0o555)

    ended = qqnews("--archive", "news", "doctor", first=bound_by_permissions)

    news.chmod(0o755)
    assert ended.code == 0
    assert "can only be read by this user — to write there, give it to them with chown -R" in (
        ended.out
    )


def test_an_archive_that_may_only_be_read_is_merged_and_stays_as_it_is(
    qqnews: Run, news: Path, folder: Path
) -> None:
    before = files(news)
    places = [path for path in (news, *news.rglob("*")) if not path.is_symlink()]
    for path in places:
        path.chmod(0o555 if path.is_dir() else 0o444)

    qqnews("--archive", "mine", "init")
    ended = qqnews("--archive", "mine", "merge", "news", first=bound_by_permissions)
    for path in places:
        path.chmod(0o755 if path.is_dir() else 0o644)

    assert ended.code == 0, ended.err
    assert files(news) == before
    assert qqnews("--archive", "mine", "verify", "--read-data").err.endswith("was written\n")
    assert len(qqnews("--archive", "mine", "list").out) == len(
        qqnews("--archive", "news", "list").out
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--archive", "round", "list"], Exit.USAGE),
        (["--archive", "round/news", "run"], Exit.STORAGE),
        (["--archive", "round", "verify"], Exit.USAGE),
        (["init", "round"], Exit.STORAGE),
        (["--archive", "news", "backup", "round"], Exit.STORAGE),
        (["--archive", "news", "render", "--out", "round/site"], Exit.STORAGE),
        (["--archive", "news", "export", "jsonl", "--to", "round/news.jsonl"], Exit.STORAGE),
    ],
    ids=["list", "run", "verify", "init", "backup", "render", "export"],
)
def test_links_that_lead_in_a_circle_are_told_in_one_line(
    words: list[str], code: Exit, qqnews: Run, news: Path
) -> None:
    for one, other in (("round", "about"), ("about", "round")):
        (news.parent / one).symlink_to(other)

    ended = qqnews(*words)

    assert (ended.code, len(ended.err.splitlines())) == (code, 1), ended.err
