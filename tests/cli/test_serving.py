"""`qqnews serve`: the pages over a real connection, and how it begins and ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from tests.archive.newsroom import article, capture, eventful, open_archive
from tests.cli.conftest import Run, bound_by_permissions

ONE = article(1).id


@dataclass
class Serving:
    """A program that serves, its port, and what it said when it began."""

    child: subprocess.Popen[str]
    port: int
    said: list[str]

    def get(self, path: str, *, host: str = "", method: str = "GET") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def ended(self, number: int) -> tuple[int, str]:
        """Its exit code and what else it said, after a signal."""
        self.child.send_signal(number)
        assert self.child.stderr is not None
        said = self.child.stderr.read()
        return self.child.wait(30), said


Serve = Callable[..., Serving]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    eventful(tmp_path / "news")
    return tmp_path / "news"


@pytest.fixture
def serve(root: Path, folder: Path, environment: dict[str, str]) -> Iterator[Serve]:
    """`serve(*words)` serves the archive on a free port, once it says where."""
    children: list[subprocess.Popen[str]] = []

    def start(*words: str, first: Callable[[], None] | None = None, **variables: str) -> Serving:
        child = subprocess.Popen(
            [sys.executable, "-m", "scraper", "--archive", root, "serve", "--port", "0", *words],
            cwd=folder,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=first,
        )
        children.append(child)
        assert child.stderr is not None
        said = []
        while "Ctrl-C" not in (said or [""])[-1]:
            said.append(child.stderr.readline())
            assert said[-1], "it ended instead"
        port = said[-1].partition("http://")[2].partition("/")[0].rpartition(":")[2]
        return Serving(child, int(port), said)

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_it_says_where_it_is_serves_there_and_ends_in_silence(
    serve: Serve, root: Path, number: int, code: int
) -> None:
    serving = serve()
    response, body = serving.get(f"/a/{ONE}")

    assert response.status == 200
    assert article(1).title in body.decode()
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert serving.said == [f"{root} is at http://127.0.0.1:{serving.port}/ — Ctrl-C ends it\n"]
    assert serving.ended(number) == (code, "")
    assert serving.child.stdout is not None
    assert serving.child.stdout.read() == ""


def test_a_foreign_name_and_a_writing_method_are_refused_over_the_wire(serve: Serve) -> None:
    serving = serve()

    assert serving.get("/", host="evil.example")[0].status == 421
    assert serving.get("/", method="POST")[0].status == 405
    response, body = serving.get("/", method="HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_on_every_address_it_answers_to_the_names_it_was_given(serve: Serve) -> None:
    serving = serve("--host", "0.0.0.0", "--name", "news.lan", "--name", "fd00::1")

    assert serving.said[0].startswith("warning: whoever reaches 0.0.0.0 can read the whole archive")
    assert f" is at http://news.lan:{serving.port}/ " in serving.said[1]
    for host, status in {
        "news.lan": 200,
        "NEWS.lan:80": 200,
        "[fd00::1]:8765": 200,
        "localhost": 200,
        "evil.example": 421,
        "": 421,
    }.items():
        asked = f"GET /gone HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", serving.port)) as connection:
            connection.sendall(asked)
            assert connection.recv(12) == f"HTTP/1.0 {status}".encode()


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://news.lan:8765/gone", "news.lan", 200),
        ("HTTP://news.lan/gone", "evil.example", 200),
        ("http://news.lan", "news.lan", 200),
        ("http://localhost?q=%E6%A1%A5", "localhost", 200),
        ("http://evil.example/gone", "news.lan", 421),
        ("http:///gone", "news.lan", 421),
        ("http://news.lan@evil.example/gone", "news.lan", 421),
        ("http://evil.example@news.lan/gone", "news.lan", 421),
    ],
)
def test_a_whole_address_as_proxies_ask_for_it_counts_as_it_stands(
    target: str, host: str, status: int, serve: Serve
) -> None:
    """Whatever `Host` says (RFC 9112, 3.2.2)."""
    serving = serve("--name", "news.lan")
    asked = f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    with socket.create_connection(("127.0.0.1", serving.port)) as connection:
        connection.sendall(asked)
        assert connection.recv(12) == f"HTTP/1.0 {status}".encode()


def test_a_port_that_is_taken_is_told_with_what_to_do(
    serve: Serve, qqnews: Run, root: Path
) -> None:
    serving = serve()

    ended = qqnews("--archive", root, "serve", "--port", serving.port)

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert ended.err == (
        f"error: port {serving.port} is taken — name another with --port, or 0 for any that is free\n"
    )


def test_browsers_that_leave_or_say_nothing_hold_up_nobody(serve: Serve) -> None:
    serving = serve()
    silent = [socket.create_connection(("127.0.0.1", serving.port)) for _ in range(20)]
    for begun in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\0" * 70_000):
        left = socket.create_connection(("127.0.0.1", serving.port))
        left.sendall(begun)
        # Reset, so that whoever writes to it finds nobody there.
        left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        left.close()

    assert serving.get("/")[0].status == 200
    assert serving.ended(signal.SIGINT) == (Exit.INTERRUPTED, "")
    for one in silent:
        one.close()


def test_it_shows_what_is_kept_while_it_serves(serve: Serve, root: Path) -> None:
    serving = serve()
    assert serving.get(f"/a/{article(8).id}")[0].status == 404

    with open_archive(root) as archive:
        archive.keep(article(8), capture=capture(article(8), minutes=900))
        assert serving.get(f"/a/{article(8).id}")[0].status == 200


def test_an_archive_that_cannot_be_written_to_is_served_and_left_as_it_is(
    serve: Serve, root: Path
) -> None:
    before = sorted(root.rglob("*"))
    for place, _, _ in os.walk(root):
        Path(place).chmod(0o555)

    serving = serve(first=bound_by_permissions)
    said = [serving.get(one)[0].status for one in ("/", f"/a/{ONE}", "/timeline", "/feed.xml")]

    for place, _, _ in os.walk(root):
        Path(place).chmod(0o755)
    assert said == [200, 200, 200, 200]
    assert sorted(root.rglob("*")) == before


def test_what_cannot_be_served_is_told_on_one_line(
    qqnews: Run, root: Path, folder: Path, environment: dict[str, str]
) -> None:
    for words, told in (
        (["--archive", "nowhere", "serve"], "there is no archive at "),
        (
            ["--archive", root, "serve", "--host", "0.0.0.0"],
            "--host 0.0.0.0 is every address of this",
        ),
        (
            ["--archive", root, "serve", "--host", "::"],
            "--host :: is every address of this machine",
        ),
        (["--archive", root, "serve", "--host", ""], "--host is every address of this machine"),
        (
            ["--archive", root, "serve", "--host", "203.0.113.77"],
            "this machine has no address 203.0.113.77",
        ),
        (
            ["--archive", root, "serve", "--host", "0.0.0.0", "--name", "http://news.lan:80"],
            "http://news.lan:80 is no name of a machine",
        ),
    ):
        ended = qqnews(*words, *(["--port", "0"] if root in words else []))
        assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1), ended.err
        assert told in ended.err


@pytest.mark.parametrize("missing", ["nh3", "jinja2", "markdown_it"])
def test_without_its_extra_it_says_what_to_install(
    qqnews: Run, root: Path, folder: Path, environment: dict[str, str], missing: str
) -> None:
    (folder / f"{missing}.py").write_text("raise ImportError(__name__)\n")
    path = f"{folder}:{environment['PYTHONPATH']}"

    ended = qqnews("--archive", root, "serve", PYTHONPATH=path)

    assert ended.code == Exit.USAGE
    assert ended.err == (
        "error: pages need Jinja2, markdown-it-py and nh3 — pip install 'qqnews[serve]'\n"
    )


def test_the_browser_is_shown_where_it_is(serve: Serve, folder: Path) -> None:
    told = folder / "told"
    os.mkfifo(told)
    (folder / "browser").write_text(f'#!/bin/sh\necho "$1" > "{told}"\n')
    (folder / "browser").chmod(0o755)

    serving = serve("--open", BROWSER=f"{folder}/browser %s")

    assert told.read_text() == f"http://127.0.0.1:{serving.port}/\n"


def test_more_is_told_to_who_asks(serve: Serve) -> None:
    serving = serve("-v")
    serving.get("/gone")

    assert serving.child.stderr is not None
    assert serving.child.stderr.readline().startswith('"GET /gone HTTP/1.1" 200 ')
