"""The little qq.com on loopback, and the way there.  Uses the network of this machine only.

serving    the site on a free port of 127.0.0.1, as long as the context lasts
Backend    connections that leave TLS out, so that `https://news.qq.com` needs no certificate here
"""

import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpcore

from scraper.demo.site import answer
from scraper.fetch.streams import Sockets


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "littleqq"
    sys_version = ""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        headers = {name.lower(): value for name, value in self.headers.items()}
        given = answer(host, urlsplit(self.path).path, headers)
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        if given.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", given.kind)
            self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        self.wfile.write(given.body)

    do_GET = do_POST = _answer  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the demo's output is the scraper's."""


@contextmanager
def serving() -> Iterator[int]:
    """Serve the site; gives its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Backend(httpcore.AsyncNetworkBackend):
    """Real connections, on which TLS is agreed to and then left out."""

    def __init__(self) -> None:
        self._real = Sockets()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection, only ever to this machine."""
        if host != "127.0.0.1":
            raise httpcore.ConnectError(f"the demo reaches nobody but 127.0.0.1, not {host}")
        stream = await self._real.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Plain(stream)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._real.sleep(seconds)


class _Plain(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002
        server_hostname: str | None = None,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
