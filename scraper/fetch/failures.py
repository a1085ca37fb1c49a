"""What a library's error means: the user's line, and whether to try again.  Pure.

    Kind       the classes of failure
    failure    an exception of httpx, httpcore, ssl or the system → Unreachable, NoNetwork or Refused

A refused connection, an unknown name and a bad certificate all arrive as the same `httpx.ConnectError`; what tells them
apart is what caused it.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final, Literal

import httpx

from scraper.decoding import Cut, Foreign, Garbled, TooLarge
from scraper.errors import NoNetwork, Refused, ScraperError, Unreachable
from scraper.fetch.door import NoEnd
from scraper.fetch.guard import Forbidden
from scraper.units import size_text
from scraper.urls.address import shown

Kind = Literal[
    "dns",  # the name has no address
    "route",  # no way to the address: is this machine online?
    "refused",  # nothing listens there
    "timeout",  # no connection, or no byte, in the time allowed
    "slow",  # bytes, but too few
    "reset",  # the connection broke
    "closed",  # it was closed without an answer
    "truncated",  # the answer stopped before its end
    "garbage",  # not HTTP, or not what its headers say
    "headers",  # headers without end
    "empty",  # an answer without a body
    "tls",  # no trust in the certificate, or no TLS
    "proxy",  # the proxy would not
    "server",  # HTTP 500 and its like
]

_NO_ROUTE: Final = frozenset(
    {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
        errno.EADDRNOTAVAIL,
        errno.EACCES,
        errno.EPERM,
    }
)

_UNTIMELY: Final = frozenset({9, 10})
"""What OpenSSL says of a certificate that is not yet valid, and of one that has expired (X509_V_ERR_…)."""


class TooSlow(Exception):
    """An answer that would not end in the time allowed."""


def failure(error: BaseException, url: str, *, most: int = 0) -> ScraperError | None:
    """The error for the user, with `error` as its cause; None for what is no trouble of the network but a bug.

    most: the size that was allowed, for the line about an answer that outgrew it.
    """
    found = _own(error, url, most)
    if found is None and not isinstance(error, httpx.TimeoutException | httpx.ProxyError):
        found = _caused(error, url)
    found = found or _protocol(error, url)
    if found is not None:
        found.__cause__ = error
    return found


def _own(error: BaseException, url: str, most: int) -> ScraperError | None:
    match error:
        case TooLarge():
            return Refused(
                url, f"larger than {_allowed(most)} after decompression", kind="too_large"
            )
        case Foreign():
            return Refused(url, f"sent as {error}, which we did not ask for", kind="encoding")
        case NoEnd():
            return Unreachable(url, "its headers do not end", kind="headers")
        case Cut():
            return Unreachable(url, "the compressed answer stops before its end", kind="truncated")
        case Garbled():
            return Unreachable(url, "the compressed answer is damaged", kind="garbage")
        case TooSlow():
            return Unreachable(url, str(error), kind="slow")
    return None


def _caused(error: BaseException, url: str) -> ScraperError | None:
    for cause in _chain(error):
        match cause:
            case Forbidden():
                return Refused(url, str(cause), kind="address", hint=cause.hint)
            case socket.gaierror():
                return _no_name(cause, url)
            case ssl.SSLCertVerificationError():
                why = getattr(cause, "verify_message", "") or _reason(cause)
                what = f"its certificate is not to be trusted: {why}"
                hint = "network.ca_file can name another authority"
                if getattr(cause, "verify_code", 0) in _UNTIMELY:
                    hint = "is this machine's clock right?"
                return Unreachable(url, what, kind="tls", hint=hint)
            case ssl.SSLWantReadError() | ssl.SSLWantWriteError():
                continue  # how TLS over asyncio waits, and no trouble
            case ssl.SSLError() if isinstance(error, httpx.ConnectError):
                return Unreachable(url, f"no TLS: {_reason(cause)}", kind="tls")
            case ConnectionRefusedError():
                return Unreachable(url, "connection refused", kind="refused")
            case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
                return Unreachable(url, "the connection broke", kind="reset")
            case OSError(errno=number) if number in _NO_ROUTE:
                what = f"no way to it ({cause.strerror or number})"
                return NoNetwork(url, what, kind="route", hint="is this machine online?")
    return None


def _protocol(error: BaseException, url: str) -> ScraperError | None:
    # h11 quotes the bytes that it could not read, which nobody needs to see.
    text = shown(str(error).partition(": bytearray(")[0], longest=120)
    match error:
        case httpx.ConnectTimeout():
            return Unreachable(url, "no connection in time", kind="timeout")
        case httpx.TimeoutException() | TimeoutError():
            return Unreachable(url, "no answer in time", kind="timeout")
        case httpx.ConnectError():
            return Unreachable(
                url, f"no connection: {text or type(error).__name__}", kind="refused"
            )
        case httpx.ProxyError():
            return Unreachable(
                url, f"the proxy would not: {text}", kind="proxy", hint="see network.proxy"
            )
        case httpx.NetworkError():
            return Unreachable(url, "the connection broke", kind="reset")
        case httpx.RemoteProtocolError() if "without sending a response" in text:
            return Unreachable(
                url, "the connection was closed without a proper answer", kind="closed"
            )
        case httpx.RemoteProtocolError() if "Receive buffer too long" in text:
            return Unreachable(url, "its headers do not end", kind="headers")
        case httpx.RemoteProtocolError() if "peer closed connection" in text:
            return Unreachable(url, "the answer stops before its end", kind="truncated")
        case httpx.RemoteProtocolError():
            return Unreachable(url, f"no proper HTTP: {text}", kind="garbage")
        case httpx.DecodingError() | httpx.StreamError():
            return Unreachable(url, f"the answer cannot be read: {text}", kind="garbage")
        case httpx.LocalProtocolError() | httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Refused(url, f"cannot be asked: {text}", kind="address")
        case httpx.TooManyRedirects():
            return Refused(url, "redirects too often", kind="redirect")
        case httpx.HTTPError():
            return Unreachable(url, f"no answer: {text}", kind="reset")
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies behind it; `raise … from None` in between hides the cause but not the context."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _no_name(cause: socket.gaierror, url: str) -> NoNetwork:
    unknown = cause.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None))
    what = "there is no host of that name" if unknown else "its name could not be looked up"
    return NoNetwork(url, what, kind="dns", hint="is this machine online?")


def _reason(cause: ssl.SSLError) -> str:
    reason = getattr(cause, "reason", None) or "the other side does not speak it"
    return str(reason).replace("_", " ").lower()


def _allowed(most: int) -> str:
    return f"{most // 2**20} MiB" if most % 2**20 == 0 and most else size_text(most)
