"""Raw sockets under every fault: it must be able to send what no HTTP library would let it send."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.hostile.stalls import Stalls

NAMES = (
    "news.qq.com",
    "view.inews.qq.com",
    "xw.qq.com",
    "i.news.qq.com",
    "new.qq.com",
    "www.qq.com",
    "inews.gtimg.com",
    "mmbiz.qpic.cn",
)
"""The hosts its certificates speak for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request.  at: seconds by the server's monotonic clock.  connection: counted from 1."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    at: float
    connection: int
    tls: bool


@dataclass(slots=True)
class Line:
    """One connection: what a fault may do to it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    seen: Seen
    times: int
    """How often this path was asked for, this time included."""
    server: "Hostile"

    async def send(self, content: bytes) -> None:
        """Send, as fast as the other side takes it.  Raises OSError when there is no other side any more."""
        self.writer.write(content)
        await self.writer.drain()
        await asyncio.sleep(
            0
        )  # over TLS, `drain` knows of a lost connection only once the loop has been round

    def reset(self) -> None:
        """Break the connection so that the other side sees RST."""
        raw = self.writer.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Fault = Callable[[Line], Awaitable[bool | None]]
"""Sends what it sends; true when the connection is fit for another request."""


@dataclass(slots=True)
class Hostile:
    """The running server."""

    port: int = 0
    tls_port: int = 0
    expired_port: int = 0
    foreign_port: int = 0
    silent_port: int = 0
    banner_port: int = 0
    ca_file: Path = Path()
    log: list[Seen] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    stalls: Stalls = field(default_factory=Stalls)
    robots: dict[str, str] = field(default_factory=dict)
    """Chosen by a test: host → the path whose fault answers for its robots.txt."""
    instead: dict[str, str] = field(default_factory=dict)
    """Chosen by a test: the path of an article or a picture → the path whose fault answers for it."""

    def paths(self) -> list[str]:
        """The paths asked for, in order, robots.txt left out."""
        return [seen.path for seen in self.log if seen.path != "/robots.txt"]

    def forget(self) -> None:
        self.log.clear()
        self.asked.clear()
        self.robots.clear()
        self.instead.clear()


@contextlib.contextmanager
def hostile(folder: Path) -> Iterator[Hostile]:
    """The server in a thread of its own.  folder: where its certificate authority is written."""
    server = Hostile(ca_file=folder / "authority.pem")
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(_serve(server, ready, stop)), daemon=True
    )
    thread.start()
    assert ready.wait(20)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


async def _serve(server: Hostile, ready: threading.Event, stop: asyncio.Event) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(server.ca_file)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    open_lines: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        open_lines.add(task)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await _converse(server, reader, writer)
        finally:
            open_lines.discard(task)

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stop.wait()
        writer.close()

    async def banner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 news.qq.com ESMTP\r\n")
        writer.close()

    async def listen(certificate: trustme.LeafCert | None = None, handler=answer) -> asyncio.Server:
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
        return await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context, limit=2**20)

    listeners = {
        "port": await listen(),
        "tls_port": await listen(authority.issue_cert(*NAMES)),
        "expired_port": await listen(authority.issue_cert(*NAMES, not_after=yesterday)),
        "foreign_port": await listen(stranger.issue_cert(*NAMES)),
        "silent_port": await listen(handler=silence),
        "banner_port": await listen(handler=banner),
    }
    for name, listener in listeners.items():
        setattr(server, name, listener.sockets[0].getsockname()[1])
    watching = asyncio.create_task(server.stalls.watch())
    ready.set()
    await stop.wait()
    watching.cancel()
    for listener in listeners.values():
        listener.close()
    for task in list(open_lines):
        task.cancel()
    await asyncio.gather(*open_lines, return_exceptions=True)


async def _converse(
    server: Hostile, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    from tests.hostile.faults import FAULTS

    server.connections += 1
    connection = server.connections
    with contextlib.suppress(
        OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
    ):
        try:
            while True:
                seen = await _request(reader, writer, connection)
                server.log.append(seen)
                path = seen.path.partition("?")[0]
                server.asked[path] += 1
                line = Line(reader, writer, seen, server.asked[path], server)
                if path == "/__log":
                    await _show(line)
                elif not await FAULTS.get(server.instead.get(path, path), FAULTS["/unknown"])(line):
                    break
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()


async def _request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(
        method=method,
        path=path,
        headers=headers,
        body=body.decode("utf-8", "replace"),
        at=time.monotonic(),
        connection=connection,
        tls=writer.get_extra_info("ssl_object") is not None,
    )


async def _show(line: Line) -> None:
    body = json.dumps([asdict(seen) for seen in line.server.log]).encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    await line.send(head.encode() + body)
