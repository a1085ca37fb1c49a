"""What may be set about the network.  Pure, and light: the configuration loads it before anything is fetched.

    NetworkSettings    which hosts, through what, as whom
      Pace             how often
      Limits           how long and how large
      Retry            how often again

The defaults are those of the shipped `config.yaml`.  Times are in seconds, sizes in bytes.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from scraper import __version__
from scraper.units import Seconds, Size

AGENT: Final = "qqnews"
"""The name robots.txt knows us by."""

_DOMAIN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|\d+\.\d+\.\d+\.\d+", re.ASCII)
_NIGHT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often one host is asked.

    page, picture: the least time between two requests to a host, for hosts of pages and of pictures.
    jitter: up to this share of it is added at random, so that requests do not fall in step.
    per_hour: requests a host gets in any hour, 0 for no such bound; pictures are not counted into it.
    page_connections, picture_connections: requests in flight to one host.
    hosts: another least time for the host named, or for all below it (`qq.com: 5s`); the longest name wins.
    """

    page: Seconds = 2.0
    picture: Seconds = 0.25
    jitter: float = 0.5
    per_hour: int = 1200
    page_connections: int = 2
    picture_connections: int = 4
    hosts: dict[str, Seconds] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _at_least(0, page=self.page, picture=self.picture, jitter=self.jitter)
        _at_least(0, per_hour=self.per_hour, **{f"hosts.{k}": v for k, v in self.hosts.items()})
        for name in ("page_connections", "picture_connections"):
            if not 1 <= getattr(self, name) <= 16:
                raise ValueError(f"{name} must be between 1 and 16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one answer may take and how large it may be.

    page_size, picture_size: after decompression.  page_time, picture_time: from connecting to the last byte.
    connect_time: for one connection to stand.  read_time: without a single byte.
    slow_rate, slow_time: fewer bytes a second than this, over that time, is too slow to wait for.
    """

    page_size: Size = 5 * 2**20
    picture_size: Size = 20 * 2**20
    page_time: Seconds = 60.0
    picture_time: Seconds = 120.0
    connect_time: Seconds = 10.0
    read_time: Seconds = 20.0
    slow_rate: Size = 1024
    slow_time: Seconds = 20.0

    def __post_init__(self) -> None:
        _at_least(1, page_size=self.page_size, picture_size=self.picture_size)
        _at_least(0, slow_rate=self.slow_rate)
        for name in ("page_time", "picture_time", "connect_time", "read_time", "slow_time"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be longer than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """When one request is tried again within a run.

    tries: for what may pass by itself: refused, reset, timed out, cut short, 500, 502, 504, 520 and up.
    first, longest: the wait before try n is random between nothing and min(longest, first · 2ⁿ).
    blocked: the wait before the one more try after 401, 403, 418, 423 or 451.
    limits_in_a_row: so many 429, 503, 501, 566, 567 or captchas, one after the other, end all requests to a host.
    failures_in_a_row: so many addresses given up, one after the other, because their host was down, do the same.
    longest_rest: a host that asks us to wait longer than this is left for the next run.
    """

    tries: int = 4
    first: Seconds = 2.0
    longest: Seconds = 60.0
    blocked: Seconds = 60.0
    limits_in_a_row: int = 3
    failures_in_a_row: int = 5
    longest_rest: Seconds = 3600.0

    def __post_init__(self) -> None:
        _at_least(1, tries=self.tries, limits_in_a_row=self.limits_in_a_row)
        _at_least(1, failures_in_a_row=self.failures_in_a_row)
        _at_least(
            0,
            first=self.first,
            longest=self.longest,
            blocked=self.blocked,
            longest_rest=self.longest_rest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """Which hosts are asked, through what, and as whom.

    user_agent: names the tool and where to read about it.
    hosts, picture_hosts: domains that pages and pictures may come from; each allows all hosts below it.
    ports: the ports an address may name.
    allow_http: ask http:// addresses as they are; otherwise they are asked over https, and redirects to http refused.
    allow_private: address ranges (`198.18.0.0/15`) that may be reached although they are not public.
    connect_to: `HOST:PORT:TOHOST:TOPORT` as curl's --connect-to has it: requests for the first are sent to the second;
    an empty part means any, or the same.  The target is thereby allowed, whatever its address, for that mapping alone.
    proxy: `http://…`, `https://…`, or `socks5://…` (needs the extra `qqnews[socks]`).  It looks up the names, so which
    machines it reaches is then for it to guard; the lists of hosts hold as before.
    ca_file: certificates (PEM) trusted beside the usual ones, for a proxy that looks into TLS.
    robots: `obey` robots.txt; `pages` obeys it for pages but not for the pictures on them; `ignore` never asks for it.
    night: `01:00-07:00` by the clock of China: no request outside of it.
    """

    user_agent: str = f"Mozilla/5.0 (compatible; {AGENT}/{__version__}; news archiver)"
    hosts: tuple[str, ...] = ("qq.com", "kuaibao.com")
    picture_hosts: tuple[str, ...] = ("gtimg.com", "gtimg.cn", "qpic.cn", "qlogo.cn", "qq.com")
    ports: tuple[int, ...] = (80, 443)
    allow_http: bool = False
    allow_private: tuple[str, ...] = ()
    connect_to: tuple[str, ...] = ()
    proxy: str | None = None
    ca_file: Path | None = None
    robots: Literal["obey", "pages", "ignore"] = "obey"
    night: str | None = None
    pace: Pace = field(default_factory=Pace)
    limits: Limits = field(default_factory=Limits)
    retry: Retry = field(default_factory=Retry)

    def __post_init__(self) -> None:
        if not self.user_agent.strip() or not all(
            " " <= letter <= "~" for letter in self.user_agent
        ):
            raise ValueError("user_agent must be visible ASCII characters")
        for name, allowed_ones in (("hosts", self.hosts), ("ports", self.ports)):
            if not allowed_ones:
                raise ValueError(f"{name} must name at least one: else nothing may be asked")
        for host in (*self.hosts, *self.picture_hosts):
            if not _DOMAIN.fullmatch(host):
                raise ValueError(f"{host!r} is not a domain like qq.com")
        for allowed in self.allow_private:
            try:
                ipaddress.ip_network(allowed)
            except ValueError as error:
                raise ValueError(f"allow_private: {error}") from error
        for mapping in self.connect_to:
            Mapping.read(mapping)
        for port in self.ports:
            if not 1 <= port <= 65535:
                raise ValueError(f"ports: there is no port {port}")
        if self.proxy is not None:
            if not self.proxy.startswith(("http://", "https://", "socks5://", "socks5h://")):
                raise ValueError("proxy must begin with http://, https:// or socks5://")
            try:
                there = urlsplit(self.proxy)
                if not there.hostname or there.port == 0:
                    raise ValueError("a host and its port are wanted")
            except ValueError as error:
                raise ValueError(f"proxy: {error}") from error
            if self.connect_to:
                raise ValueError(
                    "proxy and connect_to exclude each other: the proxy decides where to connect"
                )
        if self.night is not None and not _NIGHT.fullmatch(self.night):
            raise ValueError(f"night must be like 01:00-07:00, not {self.night!r}")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One entry of `connect_to`.  An empty host means any; port None means any, or in the target the same."""

    host: str
    port: int | None
    to_host: str
    to_port: int | None

    @classmethod
    def read(cls, text: str) -> "Mapping":
        """`HOST:PORT:TOHOST:TOPORT`; an IPv6 address stands in brackets.  Raises ValueError.

        >>> Mapping.read("news.qq.com:443:[::1]:8443")
        Mapping(host='news.qq.com', port=443, to_host='::1', to_port=8443)
        >>> Mapping.read("::localhost:")
        Mapping(host='', port=None, to_host='localhost', to_port=None)
        """
        found = _MAPPING.fullmatch(text.strip())
        if not found:
            raise ValueError(f"connect_to: {text!r} is not HOST:PORT:TOHOST:TOPORT")
        host, port, to_host, to_port = found.groups()
        for number in (port, to_port):
            if number and not 1 <= int(number) <= 65535:
                raise ValueError(f"connect_to: there is no port {number}")
        return cls(
            host.strip("[]").lower(),
            int(port) if port else None,
            to_host.strip("[]").lower(),
            int(to_port) if to_port else None,
        )

    def claims(self, host: str, port: int) -> bool:
        """Whether a connection to `host` and `port` is one this mapping redirects."""
        return self.host in ("", host) and self.port in (None, port)


_MAPPING = re.compile(
    r"(\[[0-9a-f:.]+\]|[\w.-]*):(\d{0,5}):(\[[0-9a-f:.]+\]|[\w.-]*):(\d{0,5})",
    re.ASCII | re.IGNORECASE,
)


def _at_least(least: float, **values: float) -> None:
    for name, value in values.items():
        if not value >= least:
            raise ValueError(f"{name} must be at least {least}")
