"""`export`: what each format holds, where it goes, and what is left when it is stopped."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet
import pytest

from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, REPRINT
from tests.archive.disks import needs_mounts
from tests.archive.newsroom import files
from tests.cli.conftest import ROOT, Run, objects, on_a_terminal
from tests.cli.small_disk import SmallDisk

FORMATS = ("jsonl", "parquet", "warc", "atom")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that `qqnews demo` makes."""
    root = tmp_path_factory.mktemp("demo") / "demo"
    command = [sys.executable, "-m", "scraper", "demo", str(root)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return root


def test_json_lines_say_of_each_article_what_show_says(qqnews: Run, demo: Path) -> None:
    ended = qqnews("--archive", demo, "export", "jsonl")
    rows = objects(ended.out)

    assert (ended.code, ended.err) == (Exit.DONE, "4 articles\n")
    assert [row["id"] for row in rows] == [
        row["id"] for row in objects(qqnews("--archive", demo, "list").out)
    ]
    for row in rows:
        shown = json.loads(qqnews("--archive", demo, "show", row["id"], "-o", "json").out)
        for name in (
            *("id", "title", "published", "outlet", "author", "category", "state", "revision"),
            *("captured", "length", "url", "tags", "place", "summary", "addresses"),
        ):
            assert row[name] == shown[name], name
        assert str(demo / row["path"]) == shown["path"]
        assert (row["copy_of"] or "", row["revisions"]) == (
            shown["copy_of"],
            len(shown["revisions"]),
        )
        if not row["text_of"]:  # of a copy, `show` prints the file, which only links to the text
            assert row["markdown"] == shown["markdown"]
            assert [picture["url"] for picture in row["pictures"]] == [
                picture["url"] for picture in shown["images"]
            ]
    assert [row["id"] for row in rows if row["text_of"]] == [
        row["id"] for row in rows if row["copy_of"]
    ]


def test_parquet_holds_the_rows_of_json_lines(qqnews: Run, demo: Path, folder: Path) -> None:
    query = ["outlet:晚报", "-蜃楼"]
    assert qqnews("--archive", demo, "export", "parquet", "--to", "n.parquet", *query).code == 0
    rows = objects(qqnews("--archive", demo, "export", "jsonl", *query).out)

    read = pyarrow.parquet.read_table(folder / "n.parquet").to_pylist()

    assert 0 < len(rows) < 4
    for row, line in zip(read, rows, strict=True):
        times = {name for name, value in row.items() if isinstance(value, datetime)}
        assert {"published", "captured", "first_captured", "checked"} <= times
        assert row == line | {name: datetime.fromisoformat(line[name]) for name in times}


def test_a_fresh_archive_into_which_the_pages_are_imported_has_the_same_articles(
    qqnews: Run, demo: Path, folder: Path
) -> None:
    told = qqnews("--archive", demo, "export", "warc", "--to", "pages.warc.gz")
    assert (told.code, told.err) == (Exit.DONE, "pages.warc.gz: 4 articles\n")

    qqnews("--archive", "fresh", "import", "pages.warc.gz")

    # Its own addresses are all a page names; pictures are not in a file of pages.
    facts = ("id", "title", "published", "outlet", "text", "copy_of", "captured", "revision", "url")
    before, after = (
        [
            {name: row[name] for name in facts}
            for row in objects(qqnews("--archive", root, "export", "jsonl").out)
        ]
        for root in (demo, "fresh")
    )
    assert after == before
    assert len(before) == 4


def test_the_texts_of_an_edited_article_come_back_from_its_pages(qqnews: Run, folder: Path) -> None:
    edited = replace(HARVEST, lines=(*HARVEST.lines, "更正：订走的是三千盒。"))
    for hour, story in enumerate((HARVEST, edited, HARVEST)):
        (folder / "page.html").write_bytes(rain(story))
        os.utime(folder / "page.html", (1.8e9 + hour * 3600,) * 2)
        qqnews("--archive", "news", "import", "page.html")

    qqnews("--archive", "news", "export", "warc", "--to", "pages.warc.gz")
    qqnews("--archive", "fresh", "import", "pages.warc.gz")

    facts = ("id", "number", "revision", "captured", "text", "first_captured", "path")
    before, after = (
        [
            {name: row[name] for name in facts}
            for row in objects(qqnews("--archive", root, "export", "jsonl", "--all-texts").out)
        ]
        for root in ("news", "fresh")
    )
    assert [row["number"] for row in before] == [3, 2, 1]
    assert after == before


def test_a_feed_has_the_articles_that_were_asked_for(qqnews: Run, demo: Path) -> None:
    address = "https://example.org/feed.xml"
    ended = qqnews("--archive", demo, "export", "atom", "桥", "--address", address)

    read = ElementTree.fromstring(ended.out)
    ids = {entry.text for entry in read.iter("{http://www.w3.org/2005/Atom}id")}
    assert ids == {address, *(f"urn:qqnews:{one.id}" for one in (BRIDGE, HARVEST, REPRINT))}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_archive_gives_the_same_bytes(
    qqnews: Run, demo: Path, folder: Path, kind: str
) -> None:
    before = files(demo)
    for name in ("one/news", "two/news"):
        qqnews("--archive", demo, "export", kind, "--to", name)

    assert (folder / "one/news").read_bytes() == (folder / "two/news").read_bytes()
    assert files(demo) == before


@pytest.mark.parametrize("kind", FORMATS)
def test_finding_nothing_is_an_answer(qqnews: Run, demo: Path, folder: Path, kind: str) -> None:
    ended = qqnews("--archive", demo, "export", kind, "蜃楼", "--to", "none")

    assert (ended.code, ended.err) == (Exit.DONE, "none: 0 articles\n")
    assert ((folder / "none").read_bytes() == b"") == (kind == "jsonl")


@pytest.mark.parametrize("name", ["news.jsonl", "out/NEWS.JSONL"])
def test_a_file_named_without_its_option_is_not_searched_for(
    qqnews: Run, demo: Path, folder: Path, name: str
) -> None:
    ended = qqnews("--archive", demo, "export", "jsonl", name)
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert f"--to {name}" in ended.err
    quoted = qqnews("--archive", demo, "export", "jsonl", f'"{name}"')
    assert (quoted.code, quoted.out) == (Exit.DONE, "")


def test_a_file_is_only_replaced_when_that_is_said(qqnews: Run, demo: Path, folder: Path) -> None:
    kept = folder / "news.jsonl"
    kept.write_text("mine")

    refused = qqnews("--archive", demo, "export", "jsonl", "--to", "news.jsonl")
    assert (refused.code, refused.err.count("\n"), kept.read_text()) == (Exit.USAGE, 1, "mine")
    assert "--force" in refused.err

    (folder / "link").symlink_to(kept)
    assert qqnews("--archive", demo, "export", "jsonl", "--to", "link", "--force").code == 0
    assert len(objects(kept.read_text("utf-8"))) == 4
    assert (folder / "link").is_symlink()


def test_it_never_writes_into_the_archive_or_over_what_is_no_file(
    qqnews: Run, demo: Path, folder: Path
) -> None:
    news = shutil.copytree(demo, folder / "news")
    before = files(news)
    for place in (
        "news/x.jsonl",
        f"x/../news/articles/{LAMP.id}.md",
        ".",
        "/dev/null",
        "/dev/stdout",
    ):
        ended = qqnews("--archive", "news", "export", "jsonl", "--force", "--to", place)
        assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1), place

    assert files(news) == before
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    "words",
    [
        ("jsonl", "--newest"),
        ("warc", "--all-texts"),
        ("parquet", "--address", "https://example.org/"),
        ("atom", "--address", "feed.xml"),
        ("atom", "--address", "https://example.org/my feed.xml"),
        ("csv",),
    ],
)
def test_an_option_that_means_nothing_is_told(qqnews: Run, demo: Path, words: list[str]) -> None:
    ended = qqnews("--archive", demo, "export", *words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)


@pytest.mark.parametrize("kind", ["parquet", "warc"])
def test_a_terminal_is_not_sent_what_nobody_can_read(
    folder: Path, environment: dict[str, str], demo: Path, kind: str
) -> None:
    said = on_a_terminal(folder, environment, "--archive", str(demo), "export", kind)
    assert "--to" in said
    assert said.isprintable() or said.count("\n") == 1


def test_an_archive_whose_pages_were_not_kept_is_told_and_leaves_no_file(
    qqnews: Run, folder: Path
) -> None:
    (folder / "page.html").write_bytes(rain(BRIDGE))
    qqnews("--archive", "news", "import", "page.html", "--set", "archive.captures=false")

    ended = qqnews("--archive", "news", "export", "warc", "--to", "news.warc.gz")

    assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1)
    assert "archive.captures" in ended.err
    assert list(folder.glob("*.warc.gz*")) == list(folder.glob(".*.tmp")) == []


def test_a_damaged_text_is_told_by_the_code(qqnews: Run, demo: Path, folder: Path) -> None:
    news = shutil.copytree(demo, folder / "news")
    harmed = next(news.glob(f"articles/**/{LAMP.id}.md"))
    harmed.write_bytes(harmed.read_bytes()[:-20])

    ended = qqnews("--archive", "news", "export", "jsonl", "--to", "news.jsonl")

    assert ended.code == Exit.DAMAGE
    assert LAMP.id in ended.err
    rows = objects((folder / "news.jsonl").read_text("utf-8"))
    assert {row["id"] for row in rows} == {BRIDGE.id, HARVEST.id, REPRINT.id}


# -- stopped -------------------------------------------------------------------------------------------------

STOPPING = """
import sys, time
from archive.files import durable
real, pieces = durable.write_all, []
def slow(descriptor, content):
    pieces.append(real(descriptor, content))
    if len(pieces) == 2:
        print("half", flush=True)
        while True:
            time.sleep(0.01)  # in short naps: a signal just before a long one would wait for its end
durable.write_all = slow
from scraper.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def half(
    folder: Path, environment: dict[str, str], demo: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """An export over a file that is there, stopped when half of it is written."""
    (folder / "news.jsonl").write_text("mine")
    words = ["--archive", str(demo), "export", "jsonl", "--to", "news.jsonl", "--force"]
    with subprocess.Popen(
        [sys.executable, "-c", STOPPING, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == b"half\n"
        yield child
        child.kill()


def test_a_kill_leaves_the_old_file_and_does_not_hinder_the_next(
    half: "subprocess.Popen[bytes]", qqnews: Run, demo: Path, folder: Path
) -> None:
    half.kill()
    half.wait()
    assert (folder / "news.jsonl").read_text() == "mine"

    assert qqnews("--archive", demo, "export", "jsonl", "--to", "news.jsonl", "--force").code == 0
    assert len(objects((folder / "news.jsonl").read_text("utf-8"))) == 4


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_an_interruption_leaves_the_old_file_and_nothing_beside_it(
    half: "subprocess.Popen[bytes]", folder: Path, number: int, code: int
) -> None:
    half.send_signal(number)
    assert half.wait(30) == code
    assert [path.name for path in folder.iterdir()] == ["news.jsonl"]
    assert (folder / "news.jsonl").read_text() == "mine"


def test_a_disk_that_takes_no_more_is_told_and_leaves_nothing(
    environment: dict[str, str], demo: Path, folder: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "scraper", "--archive", demo, "export", "jsonl", "--to", "x"],
        cwd=folder,
        env=environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr.count(b"\n")) == (Exit.STORAGE, 1), ended.stderr
    assert list(folder.iterdir()) == []


@needs_mounts
def test_an_archive_that_may_not_be_written_is_exported(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    disk = SmallDisk(tmp_path, environment)
    exports = [
        ["--archive", str(disk.root), "export", kind, "--to", str(tmp_path / kind)]
        for kind in FORMATS
    ]

    _, _, *ended = disk.run("size=64m", ["demo", str(disk.root)], "ro", *exports)

    assert [one.code for one in ended] == [Exit.DONE] * len(FORMATS), ended
    assert len(objects((tmp_path / "jsonl").read_text("utf-8"))) == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_to_stdout_that_finds_no_room_is_told(
    environment: dict[str, str], demo: Path, kind: str
) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "scraper", "--archive", demo, "export", kind],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, b"is the disk full?" in ended.stderr) == (Exit.STORAGE, True)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_reader_who_has_enough_is_no_error(
    environment: dict[str, str], demo: Path, kind: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "scraper", "--archive", str(demo), "export", kind],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout and child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(30) == Exit.DONE
