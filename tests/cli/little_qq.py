"""The demo's little qq.com behind real TLS, with a log of what it was asked and faults to order."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trustme

from scraper.demo.site import Answer, answer

HOSTS = (
    "news.qq.com",
    "new.qq.com",
    "view.inews.qq.com",
    "i.news.qq.com",
    "inews.gtimg.com",
    "tech.qq.com",
)


class LittleQQ:
    """A running site.  asked: every request, as `METHOD host/path`.  faults: host and path → what to answer instead.

    A fault is an Answer, or something called with the handler that does as it likes.
    """

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.faults: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.port = 0
        self.ca_file = folder / "ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(self._context)

    def pages(self) -> list[str]:
        """The article pages it was asked for."""
        return [one for one in self.asked if "gtimg.com" not in one and "robots.txt" not in one]

    @property
    def options(self) -> list[str]:
        """What a command needs to find its way here, at a pace fit for tests."""
        settings = {
            "network.connect_to": f"::127.0.0.1:{self.port}",
            "network.ca_file": str(self.ca_file),
            "network.pace.page": "10ms",
            "network.pace.picture": "5ms",
            "network.retry.first": "10ms",
            "network.retry.longest": "20ms",
            "network.retry.blocked": "10ms",
        }
        return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]

    @contextmanager
    def serving(self) -> Iterator["LittleQQ"]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                host = (self.headers.get("Host") or "").partition(":")[0]
                path = urlsplit(self.path).path
                site.asked.append(f"{self.command} {host}{path}")
                given = site.faults.get(host + path) or site.faults.get(host)
                if given is None:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    given = answer(host, path, headers)
                if not isinstance(given, Answer):
                    given(self)
                    return
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                if given.status != 304:
                    self.send_header("Content-Type", given.kind)
                    self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)

            do_GET = do_POST = _answer  # noqa: N815 - the names http.server looks for

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that hangs up is part of the tests

        server = Server(("127.0.0.1", 0), Handler)
        server.socket = self._context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def hanging(begun: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    """A fault: half a page, and the rest never.  begun: set when the half is sent."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<html>")
        handler.wfile.flush()
        begun.set()
        handler.connection.settimeout(60)
        with contextlib.suppress(OSError):
            handler.connection.recv(1)

    return answer


def held(asked: threading.Event, go: threading.Event, given: Answer) -> Callable[..., None]:
    """A fault: the answer comes when it may.  asked: set when it is waited for; go: set by whoever lets it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        go.wait(60)
        handler.send_response(given.status)
        handler.send_header("Content-Type", given.kind)
        handler.send_header("Content-Length", str(len(given.body)))
        handler.end_headers()
        handler.wfile.write(given.body)

    return answer
