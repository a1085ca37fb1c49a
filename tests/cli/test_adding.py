"""`qqnews add` over real TLS: what is kept, what is said, what is asked of the site, and the exit code."""

import contextlib
import ctypes
import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.exits import Exit
from scraper.demo.site import Answer
from scraper.demo.stories import BRIDGE, HARVEST, LAMP, PAID, REPRINT, WITHDRAWN
from tests.cli.conftest import on_a_terminal
from tests.cli.little_qq import LittleQQ

Run = Callable[..., Any]


def address(id: str) -> str:
    return f"https://news.qq.com/rain/a/{id}"


def objects(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_an_address_becomes_markdown_pictures_and_a_row(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    ended = qqnews("add", address(BRIDGE.id), *little_qq.options, "--archive", "news")

    assert (ended.code, ended.err) == (0, "")
    page, summary = objects(ended.out)
    assert list(page)[:9] == [
        "type", "url", "id", "state", "verdict", "title", "path", "images", "missing",
    ]  # fmt: skip
    assert page["type"] == "page"
    assert (page["id"], page["state"], page["verdict"]) == (BRIDGE.id, "ok", "new")
    assert (page["title"], page["images"], page["missing"]) == (BRIDGE.title, 2, 0)
    assert (summary["type"], summary["new"], summary["exit"]) == ("summary", 1, 0)
    text = Path(page["path"]).read_text("utf-8")
    assert text.startswith(f'---\ntitle: "{BRIDGE.title}"\ndate: "{BRIDGE.published}"\n')
    assert text.count("](../../../images/") == 2
    kept = list((folder / "news" / "images").rglob("*.*"))
    assert sorted(path.suffix for path in kept) == [".gif", ".jpg"]
    row = objects(qqnews("sql", "select id, outlet from articles", "--archive", "news").out)
    assert row == [{"id": BRIDGE.id, "outlet": BRIDGE.outlet}]


def test_the_same_article_is_asked_for_once_whatever_its_address(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    first = qqnews("add", address(BRIDGE.id), *little_qq.options)
    again = qqnews("add", address(BRIDGE.id), *little_qq.options)
    mobile = qqnews("add", f"https://view.inews.qq.com/a/{BRIDGE.id}?from=x", *little_qq.options)
    by_id = qqnews("add", BRIDGE.id, *little_qq.options)

    verdicts = [objects(one.out)[0]["verdict"] for one in (first, again, mobile, by_id)]
    assert verdicts == ["new", "same", "same", "same"]
    assert little_qq.pages() == [f"GET news.qq.com/rain/a/{BRIDGE.id}"]
    assert len(objects(qqnews("list").out)) == 1


def test_again_asks_with_the_validators_the_site_gave(qqnews: Run, little_qq: LittleQQ) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)
    page, summary = objects(qqnews("add", "--again", BRIDGE.id, *little_qq.options).out)

    assert (page["verdict"], page["reason"]) == ("same", "not modified")
    assert summary["unchanged"] == 1
    assert len(little_qq.pages()) == 2


def test_a_reprint_under_another_id_is_a_copy(qqnews: Run, little_qq: LittleQQ) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)
    page, _ = objects(qqnews("add", REPRINT.id, *little_qq.options).out)

    assert (page["verdict"], page["copy_of"]) == ("copy", BRIDGE.id)
    assert page["title"] == REPRINT.title


def test_a_text_that_changed_is_a_revision_and_the_old_one_stays(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    qqnews("add", HARVEST.id, *little_qq.options)
    from scraper.demo.pages import rain

    changed = rain(HARVEST).replace("二十一度".encode(), "二十二度".encode())
    assert changed != rain(HARVEST)
    little_qq.faults[f"news.qq.com/rain/a/{HARVEST.id}"] = Answer(body=changed)
    page, _ = objects(qqnews("add", "--again", HARVEST.id, *little_qq.options).out)

    assert page["verdict"] == "revised"
    assert "二十二度" in qqnews("show", HARVEST.id).out
    assert "二十一度" in qqnews("show", f"{HARVEST.id}@1").out


def test_a_page_of_2016_in_gbk_reads_as_it_was_written(qqnews: Run, little_qq: LittleQQ) -> None:
    old = "http://news.qq.com/a/20160304/021589.htm"
    page, _ = objects(qqnews("add", old, *little_qq.options).out)

    assert (page["id"], page["title"]) == (LAMP.id, LAMP.title)
    assert "一百一十二级台阶" in Path(page["path"]).read_text("utf-8")


def test_many_addresses_come_from_arguments_files_and_stdin(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    (folder / "list.txt").write_text(f"# mine\n{HARVEST.id} a note\n\n")

    ended = qqnews(
        "add", BRIDGE.id, "@list.txt", "-", *little_qq.options, stdin=f"{address(REPRINT.id)}\n"
    )

    *pages, summary = objects(ended.out)
    assert {page["id"] for page in pages} == {BRIDGE.id, HARVEST.id, REPRINT.id}
    assert ended.code == 0
    assert summary["new"] + summary["copy"] == 3
    assert "2 new" in ended.err
    assert f"{summary['requests']} requests" in ended.err


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("https://news.qq.com/ch/finance", "not an article"),
        ("https://news.qq.com.evil.example/rain/a/20261120A05LKQ00", "not an article"),
        ("https://example.com/", "not an article"),
        ("file:///etc/passwd", "not an article"),
        ("http://127.0.0.1/rain/a/20261120A05LKQ00", "not an article"),
        ("nonsense", "not an article"),
        ("https://news.qq.com/\x1b[2J", "not an article"),
    ],
)
def test_one_address_that_is_no_article_is_a_mistake_in_the_call(
    word: str, why: str, qqnews: Run, folder: Path
) -> None:
    ended = qqnews("add", word, "--archive", "news")

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1
    assert why in ended.err
    assert "\x1b" not in ended.err
    assert not (folder / "news").exists()


def test_among_others_it_is_told_and_the_others_are_kept(qqnews: Run, little_qq: LittleQQ) -> None:
    ended = qqnews("add", "https://news.qq.com/ch/tech", BRIDGE.id, *little_qq.options)

    pages = {page["result"]: page for page in objects(ended.out)[:-1]}
    assert ended.code == Exit.INCOMPLETE
    assert set(pages) == {"refused", "new"}
    assert "not an article" in pages["refused"]["reason"]


def test_a_withdrawn_article_is_gone_and_nothing_is_stored_as_its_text(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    ended = qqnews("add", WITHDRAWN, *little_qq.options)
    page, _ = objects(ended.out)

    assert (ended.code, page["state"], page["verdict"], page["path"]) == (0, "gone", "", "")
    assert "babygohome" in page["reason"]
    assert objects(qqnews("list").out) == []
    assert not any("babygohome" in one for one in little_qq.asked)


def test_a_page_without_its_body_is_told_with_its_state_and_code_3(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    ended = qqnews("add", PAID.id, *little_qq.options)
    page, _ = objects(ended.out)

    assert (ended.code, page["state"], page["verdict"]) == (Exit.INCOMPLETE, "paywalled", "")
    assert page["reason"]
    assert objects(qqnews("list").out) == []


def test_a_good_copy_survives_what_the_site_shows_later(qqnews: Run, little_qq: LittleQQ) -> None:
    qqnews("add", BRIDGE.id, *little_qq.options)
    before = qqnews("show", BRIDGE.id).out
    for fault in (
        Answer(status=302, headers={"Location": "https://www.qq.com/babygohome/?pgv_ref=404"}),
        Answer(body=b"<html><title>x</title></html>"),
        Answer(status=500),
        Answer(status=567),
    ):
        little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = fault
        little_qq.faults[f"view.inews.qq.com/a/{BRIDGE.id}"] = fault
        qqnews("add", "--again", BRIDGE.id, *little_qq.options)

    assert qqnews("show", BRIDGE.id).out == before


def test_a_site_that_cannot_be_reached_is_one_line(qqnews: Run) -> None:
    ended = qqnews(
        "add", BRIDGE.id,
        "--set", "network.connect_to=::127.0.0.1:1",
        "--set", "network.pace.page=1ms",
        "--set", "network.retry.first=1ms",
        "--set", "network.retry.longest=1ms",
    )  # fmt: skip

    assert ended.code in (Exit.NO_NETWORK, Exit.INCOMPLETE)
    assert ended.err.count("\n") == 1
    assert BRIDGE.id in ended.err
    assert "refused" in ended.err


def test_a_certificate_nobody_vouches_for_is_refused(qqnews: Run, little_qq: LittleQQ) -> None:
    words = [*little_qq.options, "--set", "network.ca_file=null"]
    ended = qqnews("add", BRIDGE.id, *words)

    assert ended.code == Exit.INCOMPLETE
    assert "certificate" in ended.err
    assert little_qq.asked == []


def test_a_site_that_wants_us_to_stop_gives_code_8(qqnews: Run, little_qq: LittleQQ) -> None:
    little_qq.faults["news.qq.com"] = Answer(status=429, headers={"Retry-After": "7200"})

    ended = qqnews("add", BRIDGE.id, *little_qq.options)

    assert ended.code == Exit.LIMITED
    assert objects(ended.out)[0]["result"] == "limited"


def test_a_picture_that_is_missing_never_costs_the_article(
    qqnews: Run, little_qq: LittleQQ
) -> None:
    little_qq.faults["inews.gtimg.com"] = Answer(status=404)

    ended = qqnews("add", BRIDGE.id, *little_qq.options)
    page, _ = objects(ended.out)

    assert (page["verdict"], page["images"], page["missing"]) == ("new", 0, 2)
    assert ended.code == Exit.INCOMPLETE
    assert "](https://inews.gtimg.com/" in Path(page["path"]).read_text("utf-8")


def test_a_dry_run_asks_nothing_and_stores_nothing(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    ended = qqnews("add", "-n", BRIDGE.id, *little_qq.options, "--archive", "news")

    assert (ended.code, objects(ended.out)[0]["would"]) == (0, "ask")
    assert little_qq.asked == []
    assert not (folder / "news").exists()


def test_explain_asks_once_and_stores_nothing(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    ended = qqnews("explain", BRIDGE.id, "-o", "json", *little_qq.options, "--archive", "news")

    told = json.loads(ended.out)
    assert (told["state"], told["layout"], told["rule"]) == (
        "ok",
        "rain",
        "rain: originContent.text",
    )
    assert [image["alt"] for image in told["images"]] != []
    assert little_qq.pages() == [f"GET news.qq.com/rain/a/{BRIDGE.id}"]
    assert not (folder / "news").exists()


def test_explain_prints_the_markdown_that_add_would_keep(qqnews: Run, little_qq: LittleQQ) -> None:
    explained = qqnews("explain", HARVEST.id, "-o", "md", *little_qq.options).out
    qqnews("add", HARVEST.id, *little_qq.options)
    kept = qqnews("show", HARVEST.id).out

    def body(text: str) -> str:
        return text.split("\n---\n", 1)[1]

    assert body(explained) == body(kept)


def test_an_unwritable_folder_is_told_before_anything_is_asked(
    qqnews: Run, little_qq: LittleQQ, folder: Path
) -> None:
    place = folder / "news"
    place.write_text("a file where the archive should be")

    ended = qqnews("add", BRIDGE.id, *little_qq.options, "--archive", "news")

    assert ended.code in (Exit.STORAGE, Exit.USAGE)
    assert ended.err.count("\n") == 1
    assert "news" in ended.err
    assert little_qq.asked == []
    assert place.read_text() == "a file where the archive should be"


def bound_by_permissions() -> None:
    """Take from a child of root the right to write where the permissions say no (CAP_DAC_OVERRIDE)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_a_read_only_folder_gives_code_6(
    little_qq: LittleQQ, folder: Path, environment: dict[str, str]
) -> None:
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)

    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "scraper",
            "add",
            BRIDGE.id,
            *little_qq.options,
            "--archive",
            "news",
        ],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        preexec_fn=bound_by_permissions,
        timeout=60,
    )
    folder.chmod(0o755)

    assert ended.returncode == Exit.STORAGE, ended.stderr
    assert b"no permission" in ended.stderr
    assert ended.stderr.count(b"\n") == 1
    assert little_qq.asked == []


def test_a_folder_of_somebody_elses_files_is_left_alone(qqnews: Run, folder: Path) -> None:
    (folder / "letters").mkdir()
    (folder / "letters" / "one.txt").write_text("dear")

    ended = qqnews("add", BRIDGE.id, "--archive", "letters")

    assert ended.code == Exit.USAGE
    assert "not an archive" in ended.err
    assert [path.name for path in (folder / "letters").iterdir()] == ["one.txt"]


def test_on_a_terminal_a_bar_counts_and_steps_aside_for_the_rows(
    little_qq: LittleQQ, folder: Path, environment: dict[str, str]
) -> None:
    little_qq.faults[f"news.qq.com/rain/a/{HARVEST.id}"] = Answer(
        status=429, headers={"Retry-After": "7"}
    )
    said = on_a_terminal(
        folder, environment | {"TERM": "xterm"}, "add", BRIDGE.id, HARVEST.id, *little_qq.options,
        "--set", "network.retry.longest_rest=6s",
    )  # fmt: skip

    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert "1/2" in plain
    assert "1 new" in plain
    assert f"new        {BRIDGE.title}" in plain
    assert "\x1b[?25h" in said.rpartition("\x1b[?25l")[2], "the cursor is there again"

    quiet = on_a_terminal(
        folder, environment | {"TERM": "xterm"}, "-q", "add", BRIDGE.id, *little_qq.options
    )
    assert "\x1b[?25l" not in quiet
    assert "same       " in quiet


def slow(handler: BaseHTTPRequestHandler) -> None:
    """Send half a page, and the rest never."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    handler.wfile.flush()
    handler.connection.settimeout(20)
    with contextlib.suppress(OSError):
        handler.connection.recv(1)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_the_second_signal_stops_at_once_and_nothing_is_lost(
    number: int,
    code: int,
    little_qq: LittleQQ,
    folder: Path,
    environment: dict[str, str],
    qqnews: Run,
) -> None:
    qqnews("add", HARVEST.id, *little_qq.options)
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = slow
    child = subprocess.Popen(
        [sys.executable, "-m", "scraper", "add", BRIDGE.id, *little_qq.options],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    while not any(BRIDGE.id in one for one in little_qq.asked):
        assert child.poll() is None
    child.send_signal(number)
    assert "open articles are finished first" in child.stderr.readline()
    child.send_signal(number)

    _, err = child.communicate(timeout=20)
    assert child.returncode == code
    assert "stopping at once" in err
    assert "Traceback" not in err
    assert [one["id"] for one in objects(qqnews("list").out)] == [HARVEST.id]


def test_a_second_writer_is_told_who_holds_the_archive(
    little_qq: LittleQQ, folder: Path, environment: dict[str, str], qqnews: Run
) -> None:
    little_qq.faults[f"news.qq.com/rain/a/{BRIDGE.id}"] = slow
    child = subprocess.Popen(
        [sys.executable, "-m", "scraper", "add", BRIDGE.id, *little_qq.options],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not any(BRIDGE.id in one for one in little_qq.asked):
        assert child.poll() is None

    ended = qqnews("add", HARVEST.id, *little_qq.options)
    reading = qqnews("list")
    child.kill()
    child.wait()

    assert ended.code == Exit.IN_USE
    assert f"process {child.pid} " in ended.err
    assert reading.code == 0
    assert qqnews("add", HARVEST.id, *little_qq.options).code == 0
