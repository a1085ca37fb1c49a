"""Which machines can be reached: public ones, those the user opened, and no others, however they are spelled."""

import asyncio
import itertools
import socket
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture
from scraper.errors import NoNetwork, Refused, ScraperError
from scraper.fetch.gate import admit
from scraper.fetch.guard import Forbidden, Guard, look_up
from scraper.fetch.settings import NetworkSettings
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import HURRIED, fetched, towards

PUBLIC = "203.205.254.62"


class Recording(httpcore.AsyncNetworkBackend):
    """Writes down where it is told to connect, and connects nowhere."""

    def __init__(self) -> None:
        self.connections: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connections.append((host, port))
        raise httpcore.ConnectError("nowhere")


def words(text: str) -> list[str]:
    return text.split()


FORBIDDEN_4 = words(
    """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.254 127.0.0.1 127.0.0.2
    127.1.2.3 127.255.255.255 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1
    192.0.0.8 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.1.1 192.168.255.255 198.18.0.5
    198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    """
)

FORBIDDEN_6 = words(
    """
    :: ::1 ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
    ::ffff:7f00:1 ::ffff:0:127.0.0.1 ::ffff:0:10.1.2.3 0:0:0:0:0:ffff:7f00:1 64:ff9b::7f00:1 64:ff9b::10.0.0.1
    64:ff9b::169.254.169.254 64:ff9b::c0a8:101 64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1 2001::1
    2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:0:7f00:1::1 2001:0:cb00:7109:0:0:80ff:fffe 2001:2::1 2001:10::1
    2001:20::1 2001:db8::1 2002:7f00:1:: 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1 2002:a9fe:a9fe::1 3fff::1
    3fff:fff:ffff::1 5f00::1 4000::1 8000::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1
    feff::1 ff01::1 ff02::1 ff05::2 ff0e::1 2400:cb00::5efe:127.0.0.1 2400:cb00::200:5efe:192.168.0.1
    """
)

SPELLED = words(
    """
    127.1 127.0.1 0x7f.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0177.1 00000177.0.0.1
    127.0.0.0x1 0x7F.0.0x0.1 0xa9fea9fe 2852039166 0251.0376.0251.0376 0xA9.0xFE.0xA9.0xFE 10.1 0xa.1 012.1
    167772161 0x0a000001 0300.0250.1.1 0xc0a80101 3232235777 192.168.257 172.1048577 0 0x0 00 localhost [::1]
    ::1 0:0:0:0:0:0:0:1 [::ffff:127.0.0.1] ::ffff:0x7f000001
    """
)


def public_host(address: str) -> Any:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return [address]

    return resolver


def test_there_are_spellings_enough() -> None:
    assert len({*FORBIDDEN_4, *FORBIDDEN_6, *SPELLED, *ADDRESSES}) >= 160


@pytest.mark.parametrize("address", FORBIDDEN_4 + FORBIDDEN_6)
def test_a_name_that_leads_to_a_forbidden_address_is_not_connected_to(address: str) -> None:
    backend = Recording()

    (outcome,) = fetched(
        HURRIED, "https://news.qq.com/a", resolver=public_host(address), backend=backend
    )

    assert isinstance(outcome, Refused)
    assert outcome.kind == "address"
    assert "news.qq.com resolves to" in str(outcome)
    assert backend.connections == []


@pytest.mark.parametrize("address", FORBIDDEN_4)
def test_one_forbidden_address_among_public_ones_is_enough(address: str) -> None:
    backend = Recording()

    async def resolver(host: str, port: int) -> Sequence[str]:
        return [PUBLIC, address]

    (outcome,) = fetched(HURRIED, "https://news.qq.com/a", resolver=resolver, backend=backend)

    assert isinstance(outcome, Refused)
    assert backend.connections == []


@pytest.mark.parametrize("host", SPELLED)
def test_the_system_s_own_reading_of_an_odd_spelling_is_what_is_judged(host: str) -> None:
    """`getaddrinfo` reads 0x7f.1 and 2130706433 as this machine; a list of spellings would always be one short."""
    backend = Recording()
    guard = Guard(NetworkSettings(), resolver=look_up, backend=backend)

    with pytest.raises((Forbidden, httpcore.ConnectError)):
        asyncio.run(guard.connect_tcp(host, 80, timeout=5))

    assert backend.connections == []


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "8.8.8.8", "2400:cb00::1", "64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8"],
)
def test_a_public_address_is_connected_to_as_it_was_checked(address: str) -> None:
    backend = Recording()

    fetched(HURRIED, "https://news.qq.com/a", resolver=public_host(address), backend=backend)

    assert set(backend.connections) == {(address, 443)}


def test_a_name_that_changes_its_address_is_judged_at_every_connection() -> None:
    """DNS rebinding: public when it is looked at, this machine when it is used."""
    backend = Recording()
    answers = itertools.cycle([[PUBLIC], ["127.0.0.1"]])
    looked_up = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return next(answers)

    (outcome,) = fetched(
        towards_nothing(), "https://news.qq.com/a", resolver=resolver, backend=backend
    )

    assert isinstance(outcome, Refused)
    assert len(looked_up) == 2  # one for each connection, and none besides
    assert backend.connections == [(PUBLIC, 443)]


def towards_nothing(**changes: Any) -> NetworkSettings:
    return replace(HURRIED, robots="ignore", **changes)


ADDRESSES = [
    "file:///etc/passwd",
    "file://news.qq.com/etc/passwd",
    "ftp://news.qq.com/a",
    "gopher://news.qq.com/a",
    "data:text/html,<p>",
    "javascript:alert(1)",
    "//news.qq.com/a",
    "news.qq.com/a",
    "http:///a",
    "https://",
    "",
    "http://evil.example#@qq.com",
    "http://evil.example?@qq.com",
    "http://evil.example/qq.com",
    "http://qq.com@evil.example/",
    "http://news.qq.com:80@evil.example/",
    "http://editor@news.qq.com/",
    "http://editor:secret@news.qq.com/",
    "http://evil.example\\@qq.com/",
    "http://qq.com\\@evil.example/",
    "http://qq.com.evil.example/",
    "http://evilqq.com/",
    "http://evil-qq.com/",
    "http://qq.com.",
    "http://news.qq.com./",
    "http://new.qq.com。evil.example/",
    "http://new.qq.com．evil.example/",
    "http://qq。com.evil.example/",
    "http://xn--qq-.com/",
    "http://ԛԛ.com/",
    "http://ｑｑ．com.evil/",
    "http://qq.com%2eevil.example/",
    "http://qq.com%00.evil.example/",
    "http://news.qq.com:22/",
    "http://news.qq.com:6379/",
    "http://news.qq.com:0/",
    "http://news.qq.com:65536/",
    "http://news.qq.com:-80/",
    "http://news.qq.com:80:80/",
    "http://news.qq.com:8o/",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://①②⑦.0.0.1/",
    "http://１２７.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::1%25lo]/",
    "http://[::1",
    "http://localhost/",
    "http://localhost.localdomain/",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/",
    "http://192.168.0.1/",
    "http://news.qq.com/\r\nHost: evil.example",
    "http://news.qq.com/a\nb",
    "http://news.qq.com/a\tb",
    "http://news.qq.com/\x1b[2J",
    "http://news.qq.com/a\x00b",
    "http://news.qq.com/a\u202eb",
    "http://news.qq.com/a\u200bb",
    "http://news\u2028.qq.com/",
    "http://news.qq.com/" + "a" * 3000,
    "http://" + "a." * 2000 + "qq.com/",
    "http://myqcloud.com/",
    "http://qq-1251316161.cos.ap-guangzhou.myqcloud.com/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_no_honest_address_says_is_refused_before_anything_is_looked_up(address: str) -> None:
    backend = Recording()

    async def resolver(host: str, port: int) -> Sequence[str]:
        raise AssertionError(f"{host} was looked up")

    (outcome,) = fetched(HURRIED, address, resolver=resolver, backend=backend)

    assert isinstance(outcome, Refused)
    assert backend.connections == []
    printed = str(outcome)
    assert len(printed) < 700
    assert all(letter.isprintable() for letter in printed)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://news.qq.com/a", "https://news.qq.com/a"),
        ("http://news.qq.com:80/a#p=5", "https://news.qq.com/a"),
        ("HTTPS://NEWS.QQ.COM/A?b=1", "https://news.qq.com/A?b=1"),
        ("https://qq.com/词", "https://qq.com/%E8%AF%8D"),
    ],
)
def test_an_honest_address_is_asked_over_https(given: str, asked: str) -> None:
    assert str(admit(given, NetworkSettings(), hosts=("qq.com",))) == asked


def test_the_fake_ip_of_a_proxy_is_named_and_its_range_can_be_opened() -> None:
    backend = Recording()
    resolver = public_host("198.18.0.5")

    (refused,) = fetched(HURRIED, "https://news.qq.com/a", resolver=resolver, backend=backend)
    fetched(
        towards_nothing(allow_private=("198.18.0.0/15",)),
        "https://news.qq.com/a",
        resolver=resolver,
        backend=backend,
    )

    assert "198.18.0.0/15" in str(refused)
    assert "network.allow_private" in str(refused)
    assert "fake-IP" in str(refused)
    assert set(backend.connections) == {("198.18.0.5", 443)}


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "198.17.255.255", "198.20.0.1", "::ffff:198.18.0.5", "127.0.0.1"]
)
def test_opening_a_range_opens_that_range(address: str) -> None:
    settings = towards_nothing(allow_private=("198.18.0.0/15",))
    backend = Recording()

    (outcome,) = fetched(
        settings, "https://a.qq.com/", resolver=public_host(address), backend=backend
    )

    opened = address in ("198.17.255.255", "198.20.0.1", "::ffff:198.18.0.5")
    assert isinstance(outcome, Refused) is not opened
    assert bool(backend.connections) is opened


def test_connect_to_opens_its_target_for_its_own_host_alone(server: Hostile) -> None:
    only_news = (f"news.qq.com:80:127.0.0.1:{server.port}",)

    outcomes = fetched(
        towards_nothing(connect_to=only_news),
        "http://news.qq.com/ok",
        "http://xw.qq.com/ok",
        resolver=public_host("127.0.0.1"),
    )

    assert [type(outcome) for outcome in outcomes] == [Capture, Refused]


def test_a_redirect_is_judged_like_an_address_of_its_own(server: Hostile) -> None:
    only_news = (f"news.qq.com:80:127.0.0.1:{server.port}",)

    (outcome,) = fetched(
        towards_nothing(connect_to=only_news),
        "http://news.qq.com/to-other-host",
        resolver=public_host("127.0.0.1"),
    )

    assert isinstance(outcome, Refused)
    assert "view.inews.qq.com resolves to 127.0.0.1" in str(outcome)
    assert server.paths() == ["/to-other-host"]


def test_without_a_name_server_there_is_no_network() -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    outcomes: list[Capture | ScraperError] = fetched(
        HURRIED, "https://news.qq.com/a", "https://news.qq.com/b", resolver=resolver
    )

    assert [type(outcome) for outcome in outcomes] == [NoNetwork, NoNetwork]
    assert "its name could not be looked up (4 tries) — is this machine online?" in str(outcomes[0])


def test_the_next_address_is_tried_when_the_first_does_not_answer(server: Hostile) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.9", "127.0.0.1"]

    settings = towards_nothing(connect_to=(f"news.qq.com:80:elsewhere:{server.port}",))

    (outcome,) = fetched(settings, "http://news.qq.com/ok", resolver=resolver)

    assert isinstance(outcome, Capture)
    assert towards(server).connect_to


PIECES = st.sampled_from(
    words(
        r"""
        http:// https:// file:// // / \ @ : # ? . .. % %2e %00 %40 %23 qq.com news.qq.com evil.example 127.0.0.1 [::1]
        :80 :443 :22 user user:pass@ 。 ． ｑｑ xn-- 0x7f 2130706433 &amp; ; , * ~ 词
        """
    )
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=9).map("".join))
def test_whatever_is_admitted_leads_to_a_host_of_ours_by_the_library_that_connects(
    url: str,
) -> None:
    try:
        admitted = admit(url, NetworkSettings(), hosts=("qq.com",))
    except Refused as error:
        assert str(error).isprintable()
        return
    asked = httpx.Request("GET", admitted)
    host = httpcore.URL(str(asked.url)).host.decode("ascii")
    assert host == "qq.com" or host.endswith(".qq.com")
    assert asked.headers["host"].removesuffix(":80") == host
    assert (asked.url.scheme, asked.url.port, asked.url.userinfo) in (
        ("https", None, b""),
        ("https", 80, b""),
    )
