"""Every fault of the hostile server, and what becomes of it: the error, its class, the tries, the user's line."""

from dataclasses import dataclass

import pytest

from archive.capture import Capture
from scraper.errors import Limited, Refused, ScraperError, Unreachable
from tests.hostile import FAULTS, Hostile
from tests.hostile.faults import PAGE
from tests.scraper.fetch.conftest import HURRIED, IMPATIENT, fetched, towards


@dataclass(frozen=True)
class Row:
    """A path, what it ends in, how often it is asked for, and what the user is told."""

    path: str
    outcome: str
    asked: int
    line: str = ""


def taken(*paths: str, status: int = 200) -> list[Row]:
    return [Row(path, str(status), 1) for path in paths]


def rows(outcome: str, asked: int, line: str, *paths: str) -> list[Row]:
    return [Row(path, outcome, asked, line) for path in paths]


ROWS = [
    # What only looks wrong.
    *taken("/ok", "/gzip", "/identity", "/http10", "/no-type", "/no-reason", "/early-hints"),
    *taken("/many-headers", "/length-and-chunks", "/long", "/chunk-trailers", "/list"),
    *taken("/gzip-members", "/gzip-padded", "/closes-after"),
    Row("/reset-once", "200", 2),
    Row("/500-twice", "200", 3),
    # The connection: four tries.
    *rows("closed", 4, "closed without a proper answer", "/close", "/close-in-headers"),
    *rows("closed", 4, "closed without a proper answer", "/ssh", "/no-status-line"),
    *rows("reset", 4, "the connection broke", "/reset", "/reset-in-headers", "/reset-in-body"),
    *rows("timeout", 4, "no answer in time", "/hang", "/hang-in-headers", "/hang-in-body"),
    *rows("slow", 4, "no complete answer within 700ms", "/drip-headers"),
    *rows("slow", 4, "slower than 1.02 KB a second", "/drip-body", "/drip-gzip", "/bomb-slow"),
    # Not HTTP.
    *rows("garbage", 4, "no proper HTTP", "/binary", "/http2", "/tls-alert", "/upgrade"),
    *rows("garbage", 4, "no proper HTTP", "/bad-status", "/bad-header", "/nul-header", "/space-header"),
    *rows("garbage", 4, "no proper HTTP", "/two-lengths", "/negative-length", "/word-length"),
    *rows("garbage", 4, "no proper HTTP", "/unknown-transfer", "/chunk-bad-size", "/chunk-negative"),
    *rows("garbage", 4, "no proper HTTP", "/chunk-huge-size", "/chunk-no-newline", "/lower-case"),
    *rows("garbage", 4, "HTTP 304 though", "/304"),
    *rows("headers", 1, "its headers do not end", "/endless-continue", "/endless-header"),
    *rows("headers", 1, "its headers do not end", "/endless-headers", "/endless-trailers"),
    # Cut short.
    *rows("truncated", 4, "stops before its end", "/short", "/chunk-cut", "/chunk-no-end"),
    *rows("truncated", 4, "compressed answer stops", "/gzip-cut", "/gzip-no-trailer"),
    *rows("truncated", 4, "HTTP 206", "/206"),
    *rows("garbage", 4, "compressed answer is damaged", "/gzip-not", "/gzip-crc", "/gzip-flipped"),
    *rows("garbage", 4, "compressed answer is damaged", "/gzip-many-members", "/gzip-tail"),
    *rows("empty", 2, "an empty answer", "/empty", "/empty-gzip", "/204"),
    # Too large.
    *rows("too_large", 1, "larger than 5 MiB", "/large", "/large-length", "/endless", "/endless-chunks"),
    *rows("too_large", 1, "larger than 5 MiB", "/bomb-gzip", "/bomb-chunked"),
    *rows("too_large", 1, "larger than 5 MiB", "/bomb-endless", "/bomb-empty-blocks"),
    # Not what was asked for.
    *rows("encoding", 1, "sent as br", "/bomb-brotli"),
    *rows("encoding", 1, "sent as gzip, gzip", "/bomb-stacked", "/bomb-two-headers"),
    *rows("encoding", 1, "which we did not ask for", "/encoding-unknown", "/encoding-deflate", "/encoding-zstd"),
    *rows("type", 1, "is video/mp4, not a page", "/video"),
    *rows("type", 1, "is application/zip, not a page", "/zip"),
    # Statuses.
    *[row for n in (400, 404, 405, 406, 410, 414, 505, 999) for row in taken(f"/{n}", status=n)],
    *[Row(f"/{n}", str(n), 2) for n in (401, 403, 418, 423, 451)],
    Row("/403-once", "200", 2),
    *[Row(f"/{n}", "server", 4, f"HTTP {n} (4 tries)") for n in (408, 425, 500, 502, 504, 520, 523)],
    *[Row(f"/{n}", "server", 4, f"HTTP {n} (4 tries)") for n in (525, 530, 545, 599)],
    *[Row(f"/{n}", "limited", 3, f"limiting us (HTTP {n})") for n in (429, 501, 503, 566, 567)],
    *rows("limited", 1, "asked us to wait 2m", "/429-seconds"),
    *rows("limited", 1, "asked us to wait 7d", "/429-absurd", "/429-far"),
    *rows("limited", 1, "asked us to wait 1m", "/429-date"),
    *rows("limited", 1, "asked us to wait 30s", "/503-seconds"),
    *rows("limited", 3, "limiting us (HTTP 429)", "/429-word", "/429-negative", "/429-past", "/429-two"),
    Row("/503-once", "200", 2),
    # Redirects.
    *taken("/to-ok", "/to-ok-301", "/to-other-host", "/to-chinese", "/hop-ok", "/to-ok-307"),
    *taken("/to-ok-303", "/to-endless-body", "/to-bomb-body"),
    *taken("/withdrawn", "/withdrawn-mobile", "/firewall", "/captcha", status=302),
    *rows("redirect", 1, "redirects in a circle", "/to-self", "/circle-a"),
    *rows("redirect", 1, "redirects more than 5 times", "/hop-0"),
    *rows("redirect", 1, "HTTP 302 without a place to go", "/to-nowhere"),
    *rows("redirect", 1, "which is no address", "/to-nonsense"),
    *rows("redirect_scheme", 1, "only http and https", "/to-file", "/to-ftp", "/to-data", "/to-javascript"),
    *rows("redirect_userinfo", 1, "carries a user name", "/to-user"),
    *rows("redirect_host", 1, "not among the hosts", "/to-stranger", "/to-loopback", "/to-metadata"),
    *rows("redirect_port", 1, "port 22 is not asked", "/to-ssh-port"),
    *rows("redirect_address", 1, "longer than 2048 characters", "/to-long"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_a_fault_ends_as_it_should(server: Hostile, row: Row) -> None:
    limits = IMPATIENT if row.outcome in ("timeout", "slow") else HURRIED.limits
    settings = towards(server, robots="ignore", limits=limits)

    (outcome,) = fetched(settings, f"http://news.qq.com{row.path}")

    assert described(outcome) == row.outcome, repr(outcome)
    assert server.asked[row.path] == row.asked
    if isinstance(outcome, ScraperError):
        assert row.line in str(outcome)
        assert "\n" not in str(outcome)


def described(outcome: Capture | ScraperError) -> str:
    match outcome:
        case Capture(status=status):
            return str(status)
        case Unreachable(kind=kind) | Refused(kind=kind):
            return kind
        case Limited():
            return "limited"
    return repr(outcome)


def test_there_are_faults_enough_and_each_is_one_the_server_knows() -> None:
    paths = {row.path for row in ROWS}

    assert len(paths) >= 70
    assert paths <= FAULTS.keys()


@pytest.mark.parametrize(
    "path", ["/ok", "/gzip", "/http10", "/gzip-members", "/gzip-padded", "/long"]
)
def test_what_only_looks_wrong_comes_whole(server: Hostile, path: str) -> None:
    (capture,) = fetched(towards(server), f"http://news.qq.com{path}")

    assert isinstance(capture, Capture)
    assert capture.body == PAGE


def test_of_thousands_of_headers_a_hundred_are_kept(server: Hostile) -> None:
    (capture,) = fetched(towards(server), "http://news.qq.com/many-headers")

    assert isinstance(capture, Capture)
    assert len(capture.headers) == 100
