"""Every error a library can raise on the way becomes one of ours, in one line."""

import errno
import inspect
import os
import socket
import ssl
from collections.abc import Iterator
from typing import get_args

import httpcore
import httpx
import pytest

from scraper.decoding import Cut, Foreign, Garbled, TooLarge
from scraper.errors import NoNetwork, Refused, ScraperError, Unreachable
from scraper.fetch.door import NoEnd
from scraper.fetch.failures import Kind, TooSlow, failure
from scraper.fetch.guard import Forbidden

URL = "https://news.qq.com/rain/a/20250213A06WJ200"


def every(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for child in root.__subclasses__():
        yield from every(child)


HTTPX = sorted(
    {
        error
        for _, error in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(error, Exception) and error is not httpx.CookieConflict
    },
    key=lambda error: error.__name__,
)
"""All that httpx can raise, whatever its version; but there are no cookies here to conflict."""

SYSTEM = sorted(
    (
        error
        for error in every(OSError)
        if error.__module__ in ("builtins", "ssl", "socket")
        and error not in (BlockingIOError, InterruptedError)
    ),
    key=lambda error: error.__name__,
)
"""What the system may say about a connection, but for what asyncio keeps to itself."""


def made(error: type[BaseException]) -> BaseException:
    if issubclass(error, httpx.HTTPStatusError):
        request = httpx.Request("GET", URL)
        return error("x", request=request, response=httpx.Response(500, request=request))
    try:
        return error("x")
    except TypeError:
        return error()


@pytest.mark.parametrize("error", HTTPX)
def test_no_error_of_httpx_is_left_without_a_meaning(error: type[Exception]) -> None:
    found = failure(made(error), URL)

    assert isinstance(found, ScraperError)
    assert str(found).startswith(URL + ": ")
    assert "\n" not in str(found)
    if isinstance(found, Unreachable):
        assert found.kind in get_args(Kind)


def test_the_tree_of_httpx_is_the_one_we_know() -> None:
    """A new branch is looked at by a person before it is believed to be a broken connection."""
    known = {*every(httpx.HTTPError), *every(httpx.StreamError), httpx.InvalidURL}

    assert set(HTTPX) <= known
    assert len(HTTPX) >= 24


@pytest.mark.parametrize("error", SYSTEM)
def test_no_error_of_the_system_beneath_a_connection_is_left_without_a_meaning(
    error: type[OSError],
) -> None:
    found = failure(
        behind(httpx.ConnectError("All connection attempts failed"), error(1, "x")), URL
    )

    assert isinstance(found, Unreachable | Refused)


def behind(outer: Exception, inner: BaseException) -> Exception:
    """As httpcore leaves it: the cause taken away by `from None`, the context still there."""
    try:
        try:
            try:
                raise inner
            except BaseException as error:
                raise httpcore.ConnectError(str(error)) from error
        except httpcore.ConnectError as error:
            try:
                raise error from None
            except httpcore.ConnectError as again:
                raise outer from again
    except Exception as error:
        return error


def expired() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("cause", "kind", "line"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "dns", "there is no host of that name"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "dns", "its name could not be looked up"),
        (expired(), "tls", "its certificate is not to be trusted: certificate has expired"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "tls", "no TLS"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused", "connection refused"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "reset", "the connection broke"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "route", "Network is unreachable"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "route", "No route to host"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "refused", "no connection"),
    ],
)
def test_what_a_connect_error_means_is_what_caused_it(
    cause: BaseException, kind: str, line: str
) -> None:
    found = failure(behind(httpx.ConnectError("All connection attempts failed"), cause), URL)

    assert isinstance(found, Unreachable)
    assert found.kind == kind
    assert line in str(found)
    assert isinstance(found, NoNetwork) is (kind in ("dns", "route"))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TooLarge(), "too_large"),
        (Foreign("br"), "encoding"),
        (Forbidden("x resolves to 127.0.0.1", "…"), "address"),
        (Cut(), "truncated"),
        (Garbled(), "garbage"),
        (TooSlow("slower than"), "slow"),
        (NoEnd(), "headers"),
    ],
)
def test_our_own_signals_have_a_meaning_too(error: Exception, kind: str) -> None:
    found = failure(error, URL, most=5 * 2**20)

    assert isinstance(found, Unreachable | Refused)
    assert found.kind == kind


@pytest.mark.parametrize("bug", [KeyError("x"), AssertionError("x"), TypeError("x"), MemoryError()])
def test_a_bug_stays_a_bug(bug: BaseException) -> None:
    assert failure(bug, URL) is None


def test_what_a_server_sent_is_not_printed_as_it_came() -> None:
    error = httpx.RemoteProtocolError("illegal header line: \x1b[2J\n" + "x" * 9000)

    printed = str(failure(error, URL))

    assert len(printed) < 400
    assert printed.isprintable()
