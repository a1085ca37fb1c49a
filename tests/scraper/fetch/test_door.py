"""What goes out of the door and how: TLS, headers, redirects."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture import Capture
from scraper.errors import ConfigError, Refused, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.validators import Validators
from scraper.sources.request import Request
from tests.hostile import Hostile
from tests.hostile.faults import PAGE
from tests.scraper.fetch.conftest import HURRIED, IMPATIENT, echoed, fetched, run, towards

QUIET = replace(HURRIED, robots="ignore")

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
        ("expired_port", "news.qq.com", "certificate has expired (2 tries) — is this machine's clock right?"),
        ("foreign_port", "news.qq.com", "unable to get local issuer certificate (2 tries) — network.ca_file"),
        ("tls_port", "sports.qq.com", "Hostname mismatch"),
        ("banner_port", "news.qq.com", "no TLS: "),
    ],
    ids=["expired", "foreign", "of-another-host", "no-tls"],
)  # fmt: skip
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
