"""The guard inside every connection: a name is looked up once, and only a checked address is connected to.

    Guard        httpcore's network backend, with a look at each address between look-up and connection
    Forbidden    what it raises; `scraper.fetch.failures` makes it the user's line

To check first and connect by name afterwards would let a second look-up give another answer (DNS rebinding); here the
address that was checked is the address that is connected to.  TLS still verifies the certificate against the name.
What an address may say is left to `scraper.fetch.gate`.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_network
from typing import Any

import httpcore

from scraper.fetch.addresses import FAKE_IP, Network, objection, parsed
from scraper.fetch.settings import Mapping, NetworkSettings
from scraper.fetch.streams import Sockets

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → addresses, best first.  Raises socket.gaierror."""


class Forbidden(Exception):
    """The name leads where we do not go.  hint: what a user who meant it can do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


async def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the system, as every program on this machine does."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, to those the settings open, to the proxy, and to nothing else.

    backend: makes the connections, to an address and never to a name.
    trusted: hosts of the proxy, which the user named and which may well be on this machine.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        *,
        resolver: Resolver = look_up,
        backend: httpcore.AsyncNetworkBackend | None = None,
        trusted: Iterable[tuple[str, int]] = (),
    ) -> None:
        self._allowed: tuple[Network, ...] = tuple(map(ip_network, settings.allow_private))
        self._mappings = tuple(map(Mapping.read, settings.connect_to))
        self._resolver = resolver
        self._backend = backend or Sockets()
        self._trusted = frozenset(trusted)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers.  Raises Forbidden if any is not to be reached."""
        try:
            async with asyncio.timeout(timeout):
                addresses, there = await self._addresses(host, port)
                return await self._connect(addresses, there, timeout, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except httpcore.ConnectError as error:
            if (host, port) in self._trusted:
                raise httpcore.ProxyError(f"no connection to {host}:{port}") from error
            raise

    async def _addresses(self, host: str, port: int) -> tuple[Sequence[str], int]:
        mapping = next((one for one in self._mappings if one.claims(host, port)), None)
        named = (host, port) in self._trusted
        if mapping:
            host, port = mapping.to_host or host, mapping.to_port or port
            named = bool(mapping.to_host)
        try:
            addresses = await self._resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if not addresses:
            raise httpcore.ConnectError("no address") from socket.gaierror(
                socket.EAI_NONAME, "the name has no address"
            )
        if not named:
            for address in addresses:
                self._check(host, address)
        return addresses, port

    def _check(self, host: str, address: str) -> None:
        try:
            ip = parsed(address)
        except ValueError as error:
            raise Forbidden(f"{host} resolves to {address!r}, which is no address", "") from error
        against = objection(ip, self._allowed)
        if against is None:
            return
        where = str(ip) if host == str(ip) else f"{host} resolves to {ip}"
        if ip in FAKE_IP:
            raise Forbidden(
                f"{where}, which is not a public address",
                f"a proxy with fake-IP addresses (Clash, sing-box, Surge) answers so: "
                f"if you use one, add {FAKE_IP} to network.allow_private",
            )
        raise Forbidden(
            f"{where} ({against}), which is not a public address",
            "if you mean it, add its range to network.allow_private",
        )

    async def _connect(
        self,
        addresses: Sequence[str],
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[Any] | None,
    ) -> httpcore.AsyncNetworkStream:
        """Try the addresses in turn; all but the last get an even share of the time."""
        last: Exception | None = None
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                return await self._backend.connect_tcp(
                    address,
                    port,
                    timeout=None if timeout is None else timeout / left,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        assert last is not None
        raise last

    async def sleep(self, seconds: float) -> None:
        """Part of httpcore's interface; its own retries, which would use this, are off."""
        await asyncio.sleep(seconds)
