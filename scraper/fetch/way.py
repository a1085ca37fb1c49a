"""Straight to one host: a few connections, each asked one thing after the other.  h11 reads and writes the HTTP.

    Way    httpx's transport over them

httpx has a transport of its own, over httpcore's pool, and behind a proxy that is what is used (`scraper.fetch.door`).
Its pool looks at every connection at every request and asks anyio at every step, which is most of what a request costs;
with the few connections that a host is shown here, all of that comes to taking one that is idle.
How many requests are in flight at once is the caller's to bound (`scraper.fetch.hosts`).
"""

import ssl
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import h11
import httpcore
import httpx

KEEP_OPEN: Final = 30.0
"""Seconds an idle connection is kept: longer than the pace of any ordinary host."""

READ: Final = 64 * 1024
"""Bytes read at a time."""

LONGEST_HEAD: Final = 100 * 1024
"""Bytes that the headers of an answer may have."""

_PORTS: Final = {"http": 80, "https": 443}

_AS_HTTPX: Final[dict[type[Exception], type[httpx.TransportError]]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.WriteError: httpx.WriteError,
    h11.RemoteProtocolError: httpx.RemoteProtocolError,
    h11.LocalProtocolError: httpx.LocalProtocolError,
}
_TOLD: Final = tuple(_AS_HTTPX)


def _as_httpx(error: Exception) -> httpx.TransportError:
    kind = next(kind for told, kind in _AS_HTTPX.items() if isinstance(error, told))
    return kind(str(error))


class Way(httpx.AsyncBaseTransport):
    """Connections to one host, made through `backend` and kept for the next request.

    trust: whose certificates are believed.
    An answer's extension `network_stream` is its connection; `leftover` tells, once the answer was read, what came in
    on it beyond that.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, trust: ssl.SSLContext) -> None:
        self._backend = backend
        self._trust = trust
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and give the answer once its headers are there.  Raises httpx.TransportError."""
        connection = await self._kept(request.url) or await self._made(request)
        try:
            head = await connection.ask(request)
        except BaseException as error:
            await self._drop(connection)
            if isinstance(error, _TOLD):
                raise _as_httpx(error) from error
            raise
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=_Body(self, connection, request),
            extensions={
                "network_stream": connection.stream,
                "leftover": connection.leftover,
            },
        )

    async def _kept(self, url: httpx.URL) -> "_Connection | None":
        """The connection that was used last, of those that may be used again."""
        now = time.monotonic()
        found = None
        for connection in reversed(tuple(self._idle)):
            if connection.worn(now):
                await self._drop(connection)
            elif found is None and connection.origin == _origin(url):
                found = connection
        if found is not None:
            self._idle.remove(found)
        return found

    async def _made(self, request: httpx.Request) -> "_Connection":
        timeout = request.extensions["timeout"]["connect"]
        scheme, host, port = origin = _origin(request.url)
        await request.extensions["trace"]("connection.connect_tcp.started", {})
        try:
            stream = await self._backend.connect_tcp(host, port, timeout)
            if scheme == "https":
                stream = await stream.start_tls(self._trust, host, timeout)
        except _TOLD as error:
            raise _as_httpx(error) from error
        connection = _Connection(origin, stream)
        self._open.add(connection)
        return connection

    async def _done(self, connection: "_Connection") -> None:
        """Keep the connection for the next request, if its answer came to an end."""
        if connection in self._open and connection.rested():
            self._idle.append(connection)
        else:
            await self._drop(connection)

    async def _drop(self, connection: "_Connection") -> None:
        if connection in self._idle:
            self._idle.remove(connection)
        self._open.discard(connection)
        await connection.stream.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        for connection in tuple(self._open):
            await self._drop(connection)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]


class _Connection:
    """One connection, and how far its conversation has come.  origin: scheme, host, port."""

    def __init__(self, origin: tuple[str, str, int], stream: httpcore.AsyncNetworkStream) -> None:
        self.origin = origin
        self.stream = stream
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._since = 0.0

    async def ask(self, request: httpx.Request) -> h11.Response:
        """Send a request and read until its answer's headers are there."""
        allowed = request.extensions["timeout"]
        try:
            await self._send(request, allowed["write"])
        except httpcore.WriteError:
            pass  # who closes early may have said why: that is read first
        else:
            await request.extensions["trace"]("http11.send_request_headers.complete", {})
        while True:
            event = await self._next(allowed["read"])
            if isinstance(event, h11.Response):
                return event
            if isinstance(event, h11.InformationalResponse) and event.status_code == 101:
                raise httpx.RemoteProtocolError("another protocol, which we did not ask for")

    async def _send(self, request: httpx.Request, timeout: float | None) -> None:
        content = await request.aread()
        head = h11.Request(
            method=request.method, target=request.url.raw_path, headers=request.headers.raw
        )
        said = self._http.send(head) or b""
        if content:
            said += self._http.send(h11.Data(data=content)) or b""
        said += self._http.send(h11.EndOfMessage()) or b""
        await self.stream.write(said, timeout)

    async def body(self, timeout: float | None) -> AsyncIterator[bytes]:
        """The answer's body as it comes."""
        while isinstance(event := await self._next(timeout), h11.Data):
            yield bytes(event.data)

    async def _next(self, timeout: float | None) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            came = await self.stream.read(READ, timeout)
            if not came and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            self._http.receive_data(came)
        return event

    def leftover(self) -> bytes:
        """What has come in beyond the answer, which was read to its end."""
        return self._http.trailing_data[0]

    def rested(self) -> bool:
        """Make ready for the next request; whether that can be."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        self._since = time.monotonic()
        return True

    def worn(self, now: float) -> bool:
        """Whether an idle connection is of no more use: too old, closed, or talking out of turn."""
        return now - self._since > KEEP_OPEN or bool(self.stream.get_extra_info("is_readable"))


class _Body(httpx.AsyncByteStream):
    """The body of an answer, and with it the connection, which is free again when this is closed."""

    def __init__(self, way: Way, connection: _Connection, request: httpx.Request) -> None:
        self._way = way
        self._connection = connection
        self._timeout = request.extensions["timeout"]["read"]
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._connection.body(self._timeout):
                yield chunk
        except _TOLD as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            await self._way._done(self._connection)
