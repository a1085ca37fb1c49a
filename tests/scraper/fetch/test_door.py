"""What goes out of the door and through what: TLS, headers, redirects, proxies, pictures."""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.capture import Capture
from scraper.errors import ConfigError, Refused, ScraperError, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.settings import Mapping, NetworkSettings
from scraper.fetch.validators import Validators
from scraper.sources.request import Request
from tests.hostile import Hostile
from tests.hostile.faults import PAGE, PICTURE
from tests.scraper.fetch.conftest import HURRIED, IMPATIENT, fetched, towards

QUIET = replace(HURRIED, robots="ignore")


def run(settings: NetworkSettings, story: Callable[[Fetcher], Awaitable[Any]], **parts: Any) -> Any:
    async def told() -> Any:
        async with Fetcher(settings, **parts) as fetcher:
            return await story(fetcher)

    return asyncio.run(told())


# TLS


def test_a_page_comes_over_tls_at_its_own_name(server: Hostile) -> None:
    (capture,) = fetched(towards(server, QUIET), "https://news.qq.com/ok")

    assert isinstance(capture, Capture)
    assert capture.body == PAGE
    assert server.log[0].tls
    assert server.log[0].headers["host"] == "news.qq.com"


def test_an_http_address_is_asked_over_https_unless_http_is_allowed(server: Hostile) -> None:
    secure, plain = towards(server, QUIET, allow_http=False), towards(server, QUIET)

    fetched(secure, "http://news.qq.com/ok")
    fetched(plain, "http://news.qq.com/ok")

    assert [seen.tls for seen in server.log] == [True, False]


def test_no_redirect_leads_from_https_to_http(server: Hostile) -> None:
    (refused,) = fetched(towards(server, QUIET, allow_http=False), "https://news.qq.com/to-http")

    assert isinstance(refused, Refused)
    assert refused.kind == "redirect_downgrade"
    assert server.paths() == ["/to-http"]


@pytest.mark.parametrize(
    ("port", "host", "line"),
    [
        ("expired_port", "news.qq.com", "certificate has expired"),
        ("foreign_port", "news.qq.com", "unable to get local issuer certificate"),
        ("tls_port", "sports.qq.com", "Hostname mismatch"),
        ("banner_port", "news.qq.com", "no TLS: "),
    ],
)
def test_a_certificate_that_is_not_to_be_trusted_ends_the_try(
    server: Hostile, port: str, host: str, line: str
) -> None:
    there = (f"::127.0.0.1:{getattr(server, port)}",)
    settings = replace(QUIET, connect_to=there, ca_file=server.ca_file)

    (outcome,) = fetched(settings, f"https://{host}/ok")

    assert isinstance(outcome, Unreachable)
    assert outcome.kind == "tls"
    assert line in str(outcome)
    assert "(2 tries)" in str(outcome)
    assert server.log == []


def test_without_the_ca_file_its_certificates_are_not_trusted(server: Hostile) -> None:
    (outcome,) = fetched(replace(towards(server, QUIET), ca_file=None), "https://news.qq.com/ok")

    assert isinstance(outcome, Unreachable)
    assert outcome.kind == "tls"
    assert "network.ca_file" in str(outcome)


def test_a_server_that_never_shakes_hands_runs_into_the_time_allowed(server: Hostile) -> None:
    there = (f"::127.0.0.1:{server.silent_port}",)
    once = replace(QUIET.retry, tries=1)
    settings = replace(QUIET, connect_to=there, retry=once, limits=IMPATIENT)

    (outcome,) = fetched(settings, "https://news.qq.com/ok")

    assert isinstance(outcome, Unreachable)
    assert outcome.kind == "timeout"


@pytest.mark.parametrize("content", ["", "not a certificate", None])
def test_a_ca_file_that_holds_none_is_a_mistake_in_the_configuration(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)

    with pytest.raises(ConfigError, match=r"network\.ca_file: .*authority\.pem"):
        fetched(replace(QUIET, ca_file=file), "https://news.qq.com/ok")


# What is said.


def echoed(capture: Capture | ScraperError) -> dict[str, str]:
    assert isinstance(capture, Capture), capture
    headers: dict[str, str] = json.loads(capture.body)["headers"]
    return headers


def test_a_request_says_who_asks_and_nothing_about_the_user(
    server: Hostile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://user:secret@127.0.0.1:1")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine news.qq.com login editor password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))

    (capture,) = fetched(towards(server, QUIET), "http://news.qq.com/echo")

    assert set(echoed(capture)) == {
        "host",
        "user-agent",
        "accept",
        "accept-language",
        "accept-encoding",
    }
    assert echoed(capture)["accept-encoding"] == "gzip"
    assert "qqnews/" in echoed(capture)["user-agent"]


def test_a_cookie_is_never_sent_back(server: Hostile) -> None:
    paths = ("echo", "echo", "to-ok-307", "echo")

    captures = fetched(towards(server, QUIET), *(f"http://news.qq.com/{path}" for path in paths))

    assert all("cookie" not in echoed(capture) for capture in captures)


def test_what_was_said_stands_in_the_capture(server: Hostile) -> None:
    (capture,) = fetched(towards(server, QUIET), "http://news.qq.com/ok")

    assert isinstance(capture, Capture)
    said = {name.lower(): value for name, value in capture.request_headers}
    assert said == server.log[0].headers


def test_a_validator_is_shown_to_the_host_that_gave_it_only_as_headers(server: Hostile) -> None:
    (capture,) = fetched(
        towards(server, QUIET), "http://news.qq.com/echo", validators=Validators(etag='W/"5f3"')
    )

    assert echoed(capture)["if-none-match"] == 'W/"5f3"'


def test_a_source_asks_in_its_own_words(server: Hostile) -> None:
    request = Request(
        url="http://i.news.qq.com/echo",
        method="POST",
        headers=(("Content-Type", "application/json"), ("accept", "application/json")),
        content=b'{"channel":"finance"}',
    )

    async def ask(fetcher: Fetcher) -> Capture:
        return await fetcher.ask(request)

    capture = run(towards(server, QUIET), ask)

    said = json.loads(capture.body)
    assert said["method"] == "POST"
    assert said["body"] == '{"channel":"finance"}'
    assert said["headers"]["accept"] == "application/json"
    assert "qqnews" in said["headers"]["user-agent"]


@pytest.mark.parametrize(("path", "method"), [("/to-ok-303", "GET"), ("/to-ok-307", "POST")])
def test_a_redirected_question_is_put_again_as_its_status_asks(
    server: Hostile, path: str, method: str
) -> None:
    async def ask(fetcher: Fetcher) -> Capture:
        return await fetcher.ask(
            Request(url=f"http://i.news.qq.com{path}", method="POST", content=b"x")
        )

    capture = run(towards(server, QUIET), ask)

    assert json.loads(capture.body)["method"] == method


def test_a_redirect_is_told_by_what_was_asked_and_what_answered(server: Hostile) -> None:
    (capture,) = fetched(towards(server, QUIET), "http://news.qq.com/to-other-host#p=5")

    assert isinstance(capture, Capture)
    assert capture.asked == "http://news.qq.com/to-other-host"
    assert capture.url == "http://view.inews.qq.com/ok"


def test_a_withdrawn_article_is_a_capture_of_its_redirect(server: Hostile) -> None:
    (capture,) = fetched(towards(server, QUIET), "http://news.qq.com/withdrawn")

    assert isinstance(capture, Capture)
    assert capture.status == 302
    assert capture.url == "http://news.qq.com/withdrawn"
    assert "babygohome" in (capture.header("location") or "")
    assert server.paths() == ["/withdrawn"]


def test_two_opinions_on_an_answer_s_length_end_its_connection(server: Hostile) -> None:
    urls = [f"http://news.qq.com/{path}" for path in ("length-and-chunks", "ok", "ok")]

    captures = fetched(towards(server, QUIET), *urls)

    assert [capture.body for capture in captures if isinstance(capture, Capture)] == [
        b"hello",
        PAGE,
        PAGE,
    ]
    assert [seen.connection - server.log[0].connection for seen in server.log] == [0, 1, 1]


def test_bytes_after_an_answer_are_not_taken_for_the_next(server: Hostile) -> None:
    urls = [f"http://news.qq.com/{path}" for path in ("long", "ok", "ok2")]

    captures = fetched(towards(server, QUIET), *urls)

    assert [capture.body for capture in captures if isinstance(capture, Capture)] == [
        PAGE,
        PAGE,
        PAGE + b"2",
    ]


# Pictures


def pictures(server: Hostile, *asked: tuple[str, str | None]) -> list[Capture | ScraperError]:
    async def story(fetcher: Fetcher) -> list[Capture | ScraperError]:
        results: list[Capture | ScraperError] = []
        for url, referer in asked:
            try:
                results.append(await fetcher.picture(url, referer))
            except ScraperError as error:
                results.append(error)
        return results

    result: list[Capture | ScraperError] = run(towards(server, QUIET), story)
    return result


@pytest.mark.parametrize(
    ("url", "referer", "told"),
    [
        ("http://inews.gtimg.com/echo", "https://news.qq.com/rain/a/1", None),
        ("http://inews.gtimg.com/echo", None, None),
        ("http://mmbiz.qpic.cn/echo", "https://news.qq.com/rain/a/1", "https://mp.weixin.qq.com/"),
        ("http://mmbiz.qpic.cn/echo", None, "https://mp.weixin.qq.com/"),
        ("http://news.qq.com/echo", "https://news.qq.com/rain/a/1", "https://news.qq.com/rain/a/1"),
        ("http://news.qq.com/echo", "https://evil.example/", None),
    ],
)
def test_each_image_host_is_told_the_referer_it_wants(
    server: Hostile, url: str, referer: str | None, told: str | None
) -> None:
    (capture,) = pictures(server, (url, referer))

    assert echoed(capture).get("referer") == told
    assert echoed(capture)["accept"].startswith("image/jpeg,image/png")


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/picture", PICTURE),
        ("/picture-gzip", PICTURE),
        ("/picture-wrong-type", PICTURE),
        ("/picture-html", PAGE),
        ("/404", 404),
        ("/403", 403),
        ("/picture-short", "truncated"),
        ("/picture-empty", "empty"),
        ("/picture-large", "too_large"),
        ("/bomb-gzip", "too_large"),
        ("/endless", "too_large"),
    ],
)
def test_a_picture_s_bytes_come_as_they_are_or_not_at_all(
    server: Hostile, path: str, outcome: bytes | int | str
) -> None:
    """Whether they are a picture is for the worker to find out, from the bytes."""
    (result,) = pictures(server, (f"http://inews.gtimg.com{path}", None))

    match result:
        case Capture(status=200, body=body):
            assert body == outcome
        case Capture(status=status):
            assert status == outcome
            assert server.asked[path] == 1
        case Refused(kind=kind) | Unreachable(kind=kind):
            assert kind == outcome


def test_pictures_come_from_hosts_of_pictures_only(server: Hostile) -> None:
    refused, taken = pictures(
        server, ("http://kuaibao.com/ok", None), ("http://p.qpic.cn/picture", None)
    )

    assert isinstance(refused, Refused)
    assert refused.kind == "host"
    assert isinstance(taken, Capture)


# Proxies


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


# Settings


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"user_agent": "qqnews\r\nX: y"}, "visible ASCII"),
        ({"user_agent": " "}, "visible ASCII"),
        ({"hosts": ("https://qq.com",)}, "not a domain"),
        ({"hosts": ("*.qq.com",)}, "not a domain"),
        ({"allow_private": ("10.0.0.1/8",)}, "allow_private"),
        ({"allow_private": ("private",)}, "allow_private"),
        ({"connect_to": ("news.qq.com",)}, "HOST:PORT:TOHOST:TOPORT"),
        ({"connect_to": ("a:70000:b:1",)}, "no port 70000"),
        ({"proxy": "ftp://127.0.0.1"}, "proxy must begin"),
        ({"proxy": "http://user:secret@127.0.0.1:99999"}, "proxy: Port out of range"),
        ({"proxy": "socks5://127.0.0.1:socks"}, "proxy: Port could not be cast"),
        ({"proxy": "http://:8080"}, "proxy: a host"),
        ({"ports": (443, 99999)}, "no port 99999"),
        ({"ports": (0,)}, "no port 0"),
        ({"proxy": "http://127.0.0.1:1", "connect_to": ("::a:1",)}, "exclude each other"),
        ({"night": "1-7"}, "01:00-07:00"),
        ({"night": "24:00-07:00"}, "01:00-07:00"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line(
    changes: dict[str, Any], line: str
) -> None:
    with pytest.raises(ValueError, match=line):
        NetworkSettings(**changes)


@pytest.mark.parametrize(
    ("text", "host", "port", "claimed"),
    [
        ("news.qq.com:443:x:1", "news.qq.com", 443, True),
        ("news.qq.com:443:x:1", "news.qq.com", 80, False),
        ("news.qq.com:443:x:1", "a.news.qq.com", 443, False),
        ("NEWS.qq.com::x:1", "news.qq.com", 80, True),
        ("::x:1", "anything", 1, True),
        (":443:x:1", "anything", 443, True),
        ("[::1]:443:x:1", "::1", 443, True),
    ],
)
def test_connect_to_claims_what_curl_s_would(
    text: str, host: str, port: int, claimed: bool
) -> None:
    assert Mapping.read(text).claims(host, port) is claimed


def test_the_settings_load_no_http_library() -> None:
    code = "import scraper.fetch.settings, sys; print({'httpx', 'httpcore', 'ssl', 'asyncio'} & set(sys.modules))"
    root = Path(__file__).resolve().parents[3]

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout == "set()\n"
