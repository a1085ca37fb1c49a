"""The bytes of a connection, over asyncio: what httpcore calls a network backend.

    Sockets    makes connections, to an address and never to a name
    Stream     one of them

httpcore's own backend goes through anyio, which costs several times what moving the bytes does.  Which addresses may be
connected to is left to `scraper.fetch.guard`, what the bytes mean to `scraper.fetch.way`.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore

AHEAD: Final = 256 * 1024
"""Bytes that may wait to be read before the other side is made to wait."""


class Sockets(httpcore.AsyncNetworkBackend):
    """Connections of this machine."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an address.  Raises httpcore.ConnectError, httpcore.ConnectTimeout."""
        local = (local_address, 0) if local_address else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                # A name is refused here: it would be looked up behind the guard's back.
                transport, inbox = await loop.create_connection(
                    _Inbox, host, port, local_addr=local, flags=socket.AI_NUMERICHOST
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return Stream(transport, inbox)

    async def sleep(self, seconds: float) -> None:
        """Part of httpcore's interface."""
        await asyncio.sleep(seconds)


class _Inbox(asyncio.Protocol):
    """What has come in and was not read yet.

    ended: whether no more will come.  error: why, when the connection broke.
    """

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self._paused = False
        self._reader: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        if len(self.waiting) >= AHEAD and not self._paused:
            self._transport.pause_reading()
            self._paused = True
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False  # asyncio may close its side as well

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = exc
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def arrival(self, seconds: float | None) -> None:
        """Wait until there is something to read, or the end.  Raises TimeoutError."""
        if self.waiting or self.ended:
            return
        loop = asyncio.get_running_loop()
        self._reader = reader = loop.create_future()
        alarm = loop.call_later(seconds, _too_late, reader) if seconds is not None else None
        try:
            await reader
        finally:
            self._reader = None
            if alarm is not None:
                alarm.cancel()

    def take(self, most: int) -> bytes:
        """What has come in, up to `most` bytes."""
        taken = bytes(self.waiting[:most])
        del self.waiting[:most]
        if self._paused and not self.ended and len(self.waiting) < AHEAD:
            self._transport.resume_reading()
            self._paused = False
        return taken


def _too_late(reader: asyncio.Future[None]) -> None:
    if not reader.done():
        reader.set_exception(TimeoutError())


class Stream(httpcore.AsyncNetworkStream):
    """One connection.  Its errors are httpcore's, the system's behind them."""

    def __init__(self, transport: asyncio.Transport, inbox: _Inbox) -> None:
        self._transport = transport
        self._inbox = inbox

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none at the end.  Raises httpcore.ReadTimeout, httpcore.ReadError."""
        inbox = self._inbox
        try:
            await inbox.arrival(timeout)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        if inbox.error is not None and not inbox.waiting:
            raise httpcore.ReadError(str(inbox.error)) from inbox.error
        return inbox.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send: a request is small enough for the system to take it at once.  Raises httpcore.WriteError."""
        if not buffer:
            return
        if self._inbox.error is not None or self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed") from self._inbox.error
        self._transport.write(buffer)

    async def aclose(self) -> None:
        """Close the connection at once, whether the other side agrees or not."""
        self._transport.abort()
        await asyncio.sleep(0)  # asyncio lets go of the socket in its next round

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted.  Raises httpcore.ConnectError, httpcore.ConnectTimeout."""
        loop = asyncio.get_running_loop()
        inbox = _Inbox()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._transport, inbox, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            self._transport.abort()
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, ssl.SSLError) as error:
            self._transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        if transport is None:
            raise httpcore.ConnectError("the connection was closed during the handshake")
        inbox.connection_made(transport)
        return Stream(transport, inbox)

    def get_extra_info(self, info: str) -> Any:
        """What asyncio tells about a connection; `is_readable` for one that is idle: whether it is of no more use."""
        if info == "is_readable":
            return bool(self._inbox.waiting) or self._inbox.ended or self._transport.is_closing()
        return self._transport.get_extra_info(info)
