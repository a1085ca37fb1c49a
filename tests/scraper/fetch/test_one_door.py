"""Nothing but `scraper.fetch` reaches the network: by what is written, and by what happens."""

import ast
import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import httpcore
import pytest

from scraper.fetch.streams import Sockets
from tests import one_door
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import fetched, towards

ROOT = Path(__file__).resolve().parents[3]

CLIENTS = {
    *("socket", "ssl", "socketserver", "selectors", "http.client", "http.server", "xmlrpc", "ftplib", "smtplib"),
    *("imaplib", "poplib", "telnetlib", "nntplib", "urllib.request", "urllib3", "requests", "httpx", "httpx2"),
    *("httpcore", "h11", "h2", "aiohttp", "curl_cffi", "niquests", "pycurl", "websockets", "dns", "paramiko"),
    *("trio", "anyio", "tornado", "twisted", "scrapy", "playwright", "selenium", "boto3", "fsspec"),
}  # fmt: skip
"""Libraries that reach a network, used here or not."""

MAKERS = {
    *("open_connection", "create_connection", "create_datagram_endpoint", "sock_connect", "getaddrinfo"),
    *("start_server", "create_server", "urlopen", "urlretrieve"),
}  # fmt: skip
"""Functions of asyncio and its like that make a connection or a listener."""

HOMES = ("scraper/fetch/", "scraper/demo/", "archive/web/serving.py")
"""The first reaches out, the others only listen: that they connect to nobody is heard while all tests run."""

MODULES = [
    (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8")))
    for package in ("archive", "scraper")
    for path in sorted((ROOT / package).rglob("*.py"))
]


def clients(tree: ast.Module) -> Iterator[str]:
    """The network libraries a module names, in an import or in words for one."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if known(name.name))
            case ast.ImportFrom(module=str(module), level=0, names=names):
                yield from (full for name in names if known(full := f"{module}.{name.name}"))
            case ast.Call(func=ast.Attribute(attr=attr) | ast.Name(id=attr)) if attr in MAKERS:
                yield f"{attr}() in line {node.lineno}"
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ) if known(name):
                yield name


def known(name: str) -> bool:
    return any(name == client or name.startswith(client + ".") for client in CLIENTS)


def test_only_the_room_for_it_names_a_network_library() -> None:
    strays = {
        module: found
        for module, tree in MODULES
        if not module.startswith(HOMES) and (found := list(clients(tree)))
    }

    assert strays == {}


def test_the_search_for_strays_would_find_them() -> None:
    text = "import urllib.request\nfrom http import client\nimport asyncio\nasyncio.open_connection('x', 1)\n"
    text += (
        "import importlib\nimportlib.import_module('requests')\nfrom urllib.parse import urlsplit\n"
    )

    assert sorted(clients(ast.parse(text))) == [
        "http.client",
        "open_connection() in line 4",
        "requests",
        "urllib.request",
    ]


def test_within_the_room_only_the_guard_looks_up_a_name_and_only_the_door_makes_connections() -> (
    None
):
    uses = {
        module.removeprefix("scraper/fetch/"): set(clients(tree))
        for module, tree in MODULES
        if module.startswith("scraper/fetch/")
    }

    assert [name for name, found in uses.items() if any("getaddrinfo" in one for one in found)] == [
        "guard.py"
    ]
    makers = [name for name, found in uses.items() if any("create_conn" in one for one in found)]
    assert makers == ["streams.py"]
    text = (ROOT / "scraper/fetch/door.py").read_text("utf-8")
    assert text.count("AsyncConnectionPool(") == text.count("= Way(") == 1
    for name, tree in MODULES:
        made = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in POOLS
        ]
        assert not made or name == "scraper/fetch/door.py", name


POOLS = {
    "AsyncConnectionPool",
    "ConnectionPool",
    "AsyncClient",
    "Client",
    "AsyncHTTPProxy",
    "AsyncHTTPTransport",
}


@pytest.mark.parametrize("name", ["localhost", "news.qq.com", "127.0.0.1."])
def test_a_connection_is_made_to_an_address_and_never_to_a_name(server: Hostile, name: str) -> None:
    with pytest.raises(httpcore.ConnectError):
        asyncio.run(Sockets().connect_tcp(name, server.port, timeout=5))

    assert server.log == []


def test_a_fetch_goes_through_the_door(server: Hostile) -> None:
    before = len(one_door.strays)

    fetched(towards(server), "http://news.qq.com/ok", "https://news.qq.com/ok")

    assert server.asked["/ok"] == 2
    assert one_door.strays[before:] == []


def test_a_connection_past_the_door_would_be_noticed(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_door, "strays", noticed := [])
    monkeypatch.setattr(one_door, "DOORS", ("scraper/fetch/",))

    socket.create_connection(("127.0.0.1", server.port)).close()
    asyncio.run(connect("127.0.0.1", server.port))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as away:
        away.connect(("192.0.2.1", 9))  # a datagram socket: nothing is sent

    here = "tests/scraper/fetch/test_one_door.py"
    assert noticed == [
        f"{here} connected to 127.0.0.1:{server.port} past scraper/fetch",
        f"{here} connected to 127.0.0.1:{server.port} past scraper/fetch",
        f"{here} left this machine for 192.0.2.1:9",
    ]


async def connect(host: str, port: int) -> None:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()
    await writer.wait_closed()
