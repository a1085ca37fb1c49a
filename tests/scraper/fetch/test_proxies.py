"""What goes out through a proxy."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from archive.capture import Capture
from scraper.errors import Refused, Unreachable
from scraper.fetch.fetcher import Fetcher
from tests.hostile import Hostile
from tests.hostile.faults import PAGE
from tests.scraper.fetch.conftest import HURRIED, fetched

QUIET = replace(HURRIED, robots="ignore")


@contextlib.asynccontextmanager
async def proxy(server: Hostile, seen: list[str]) -> AsyncIterator[int]:
    """A proxy that knows one server, whatever it is asked for."""

    busy: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        busy.add(asyncio.current_task())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        seen.append(head.split("\r\n")[0])
        tunnel = head.startswith("CONNECT")
        port = server.tls_port if tunnel else server.port
        there, back = await asyncio.open_connection("127.0.0.1", port)
        if tunnel:
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            method, address, rest = head.split(" ", 2)
            back.write(f"{method} /{address.split('/', 3)[3]} {rest}".encode())
        await asyncio.gather(pump(reader, back), pump(there, writer))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await asyncio.gather(*(task for task in busy if task))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def nobody(host: str, port: int) -> list[str]:
    assert host == "127.0.0.1", f"{host} was looked up although the proxy does that"
    return [host]


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://news.qq.com/ok", "GET http://news.qq.com/ok HTTP/1.1"),
        ("https://news.qq.com/ok", "CONNECT news.qq.com:443 HTTP/1.1"),
    ],
)
def test_a_proxy_is_asked_instead_and_looks_up_the_names(
    server: Hostile, url: str, line: str
) -> None:
    seen: list[str] = []

    async def story() -> Capture:
        async with proxy(server, seen) as port:
            address = f"http://editor:secret@127.0.0.1:{port}"
            settings = replace(QUIET, proxy=address, ca_file=server.ca_file)
            async with Fetcher(settings, resolver=nobody) as fetcher:
                return await fetcher.page(url)

    capture = asyncio.run(story())

    assert capture.body == PAGE
    assert seen == [line]


def test_behind_a_proxy_the_lists_of_hosts_still_hold(server: Hostile) -> None:
    (refused,) = fetched(replace(QUIET, proxy="http://127.0.0.1:1"), "http://127.0.0.1/ok")

    assert isinstance(refused, Refused)
    assert refused.kind == "host"


def test_a_proxy_that_is_not_there_is_named_as_what_failed() -> None:
    settings = replace(QUIET, proxy="http://user:secret@127.0.0.1:1")

    (outcome,) = fetched(settings, "https://news.qq.com/ok", resolver=nobody)

    assert isinstance(outcome, Unreachable)
    assert outcome.kind == "proxy"
    assert "the proxy would not: no connection to 127.0.0.1:1" in str(outcome)
    assert "secret" not in str(outcome)


def test_a_socks_proxy_works_where_socksio_is_installed(server: Hostile) -> None:
    pytest.importorskip("socksio", reason="the extra qqnews[socks] is not installed")
    asked: list[bytes] = []
    busy: list[Any] = []

    async def socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        busy.append(asyncio.current_task())
        await reader.readexactly(2 + 1)
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        asked.append(await reader.readexactly(head[4]))
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        there, back = await asyncio.open_connection("127.0.0.1", server.tls_port)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    async def story() -> Capture:
        listening = await asyncio.start_server(socks, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        settings = replace(QUIET, proxy=f"socks5://127.0.0.1:{port}", ca_file=server.ca_file)
        async with Fetcher(settings, resolver=nobody) as fetcher:
            capture = await fetcher.page("https://news.qq.com/ok")
        listening.close()
        await asyncio.gather(*busy)
        return capture

    capture = asyncio.run(story())

    assert capture.body == PAGE
    assert asked == [b"news.qq.com"]
