"""The only door to the network: connections, each made through the guard.

    Door             one way a host; no cookies, no redirects, no environment, no secrets
    MeteredStream    a connection that counts what comes in
    leftover         what came in after an answer

httpx's transport is used without its client: what the client would add (a cookie jar, redirects that follow
themselves, proxies from the environment, decoding without an end) is what an unattended fetcher must not have.
"""

import ssl
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import certifi
import httpcore
import httpx

from scraper.decoding import TooLarge
from scraper.errors import ConfigError
from scraper.fetch.guard import Guard, Resolver, look_up
from scraper.fetch.settings import NetworkSettings
from scraper.fetch.way import KEEP_OPEN, Way

BEFORE_THE_BODY: Final = 2**18
"""Bytes that may come before an answer's body begins."""

FRAMING: Final = 2**20
"""Bytes that chunks and trailers may add to a body."""


class NoEnd(Exception):
    """The answer's body does not begin: headers, or `100 Continue`, without end."""


class Door:
    """All connections of one fetcher.

    resolver, backend: how names are looked up and addresses connected to, when not as usual.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        *,
        resolver: Resolver = look_up,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._ca_file = settings.ca_file
        if self._ca_file is not None:
            trust(self._ca_file)  # a mistake in it is told before anything is asked
        self._proxy = through(settings.proxy)
        proxy = self._proxy.url if self._proxy else None
        trusted = [(proxy.host.decode("ascii"), _port(proxy))] if proxy else []
        self._guard = Guard(settings, resolver=resolver, backend=backend, trusted=trusted)
        self._open: list[httpx.AsyncBaseTransport] = []

    def way(self, *, connections: int, received: Callable[[int], None]) -> httpx.AsyncBaseTransport:
        """A way to one host, straight or through the proxy.

        connections: how many requests may be in flight at once.  received: told the bytes that come in, as they do.
        """
        believed, backend = trust(self._ca_file), _Metered(self._guard, received)
        way: httpx.AsyncBaseTransport
        if self._proxy is None:
            way = Way(backend, believed)
        else:
            way = _Proxied(
                httpcore.AsyncConnectionPool(
                    ssl_context=believed,
                    max_connections=connections,
                    max_keepalive_connections=connections,
                    keepalive_expiry=KEEP_OPEN,
                    network_backend=backend,
                    proxy=self._proxy,
                )
            )
        self._open.append(way)
        return way

    async def close(self) -> None:
        """Close every connection."""
        while self._open:
            await self._open.pop().aclose()


@cache
def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are believed.  One for the whole process, for reading the authorities takes 50 ms.

    Raises ConfigError for a file that holds none.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            foreign = isinstance(error, ssl.SSLError)
            why = "not certificates in PEM form" if foreign else error.strerror
            raise ConfigError(f"network.ca_file: {ca_file}: {why}") from error
    return context


class _Proxied(httpx.AsyncHTTPTransport):
    """httpx over a pool of our making; its own has no place for a network backend (encode/httpx#3749 asks for one).

    A pool a host, because httpcore's grows slow with the connections it holds.
    """

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool


class _Metered(httpcore.AsyncNetworkBackend):
    """Counts what comes in on each connection."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, told: Callable[[int], None]) -> None:
        self._backend = backend
        self._told = told

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return MeteredStream(stream, self._told)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class MeteredStream(httpcore.AsyncNetworkStream):
    """A connection that knows how much it has received since it was last written to, and breaks off what has no end.

    Without it, a server that never gets to the point (`100 Continue` for ever) would be read for ever.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, told: Callable[[int], None]) -> None:
        self.received = 0
        self._stream = stream
        self._told = told
        self._body: int | None = None

    def body_begins(self, size: int) -> None:
        """Say that from here on a body of at most `size` bytes may come."""
        self._body = self.received + size + FRAMING

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes.  Raises NoEnd or TooLarge when there have been more than an answer may have."""
        if self._body is None and self.received > BEFORE_THE_BODY:
            raise NoEnd
        if self._body is not None and self.received > self._body:
            raise TooLarge
        chunk = await self._stream.read(max_bytes, timeout)
        self.received += len(chunk)
        self._told(len(chunk))
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; what comes next is the answer to this."""
        self.received = 0
        self._body = None
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted."""
        stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return MeteredStream(stream, self._told)

    def get_extra_info(self, info: str) -> Any:
        """What the connection beneath tells of itself."""
        return self._stream.get_extra_info(info)


def leftover(response: httpx.Response) -> bytes:
    """What the connection has given beyond this answer, which has been read to its end.

    It would be taken for the beginning of the next answer.  Only h11 knows of it, and behind a proxy httpcore shows its
    h11 to nobody; where the way to it has changed, every connection counts as soiled, and none is used twice.
    """
    if tell := response.extensions.get("leftover"):
        return bytes(tell())
    inner: Any = response.stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        inner = getattr(inner, name, None)
    return inner.trailing_data[0] if inner is not None else b"?"


def through(address: str | None) -> httpcore.Proxy | None:
    """The proxy at an address.  Raises ConfigError for one of a kind that this installation cannot speak with."""
    if address is None:
        return None
    url = httpx.URL(address)
    if url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigError(
            f"network.proxy: {url.scheme} needs a library: pip install 'qqnews[socks]'"
        )
    auth = (url.username, url.password) if url.username else None
    return httpcore.Proxy(str(url.copy_with(userinfo=b"")), auth=auth)


def _port(url: httpcore.URL) -> int:
    return url.port or {b"http": 80, b"https": 443}.get(url.scheme, 1080)
