"""The server itself: nobody holds a thread for ever, and there are only so many."""

import socket
from collections.abc import Callable, Iterator
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from archive.web import serving
from archive.web.serving import Server

ASKED = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Watched(Server):
    """Tells of each connection that it has closed."""

    def __init__(self, site: Callable[..., list[bytes]]) -> None:
        self.closed: Queue[None] = Queue()
        super().__init__("127.0.0.1", 0, site, heard=lambda _line: None)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.closed.put(None)

    def browser(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server_port), timeout=30)


def large(_environ: object, start: Callable[..., object]) -> list[bytes]:
    """A page that is larger than all that a connection takes unread."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * 50_000_000]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    # However long they say nothing, or take nothing.
    monkeypatch.setattr(serving._Handler, "timeout", None)
    with Watched(large) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_browser_that_never_comes_to_the_end_of_what_it_asks_is_left(
    server: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.2)
    left = Event()
    with server.browser() as slow:

        def dribble() -> None:
            try:
                while not left.wait(0.02):
                    slow.sendall(b"G")
            except OSError:
                left.set()

        Thread(target=dribble).start()
        server.closed.get(timeout=30)
        left.set()


def test_a_browser_that_never_takes_all_of_its_page_is_left(
    server: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "SLOWEST", 0.2)
    with server.browser() as slow:
        slow.sendall(ASKED)
        server.closed.get(timeout=30)


def test_who_takes_longer_than_there_is_to_ask_gets_all_of_it(
    server: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 1.0)
    taken = 0
    with server.browser() as slow:
        slow.sendall(ASKED)
        Event().wait(1.5)
        while some := slow.recv(1_000_000):
            taken += len(some)
    assert taken > 50_000_000


def test_beyond_so_many_at_once_a_connection_is_closed_until_one_has_left(
    server: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST", 3)
    silent = [server.browser() for _ in range(3)]
    with server.browser() as one_more:
        assert one_more.recv(1) == b""
    server.closed.get(timeout=30)

    silent.pop().close()
    server.closed.get(timeout=30)
    with server.browser() as one_more:
        one_more.sendall(ASKED)
        assert one_more.recv(8) == b"HTTP/1.0"
    for one in silent:
        one.close()
