"""One request and its answer, bounded in time and in size.

    exchange    send, read, decode; every way it can fail becomes one of our errors

One try: whether there is another is for `scraper.fetch.retry`, where a redirect leads for `scraper.fetch.redirects`.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import httpx

from archive.capture import Headers
from scraper.decoding import Decoder, TooLarge, decoder
from scraper.errors import Refused, ScraperError, Unreachable
from scraper.fetch.answers import REDIRECTS, TELLING, Answer
from scraper.fetch.door import MeteredStream, leftover
from scraper.fetch.failures import TooSlow, failure
from scraper.fetch.purposes import Bounds, Purpose, welcome
from scraper.units import duration_text, size_text
from scraper.urls.address import shown

DRAIN: Final = 16 * 1024
"""Bytes of a redirect's body that are read, and dropped, to keep its connection."""


@dataclass(slots=True)
class Wire:
    """What is known of one try, also of one that failed.

    fresh: whether a new connection was made for it.  answered: whether the answer had begun.  received: bytes.
    """

    fresh: bool = False
    answered: bool = False
    received: int = 0


async def exchange(
    transport: httpx.AsyncBaseTransport,
    request: httpx.Request,
    purpose: Purpose,
    bounds: Bounds,
    *,
    wire: Wire,
    sent: Callable[[], None],
    monotonic: Callable[[], float],
) -> Answer:
    """Send one request and read its answer.

    wire: filled in as it goes.  sent: called when the request has gone out on its connection.
    Raises Unreachable (its kind is a `failures.Kind`), NoNetwork or Refused.
    """

    async def trace(event: str, _: dict[str, Any]) -> None:
        if event.endswith("connect_tcp.started"):  # `connection.` or `socks.`
            wire.fresh = True
        elif event == "http11.send_request_headers.complete":
            sent()

    request.extensions = {
        "timeout": {
            "connect": bounds.connect,
            "read": bounds.read,
            "write": bounds.read,
            "pool": None,
        },
        "trace": trace,
    }
    try:
        async with asyncio.timeout(bounds.time):
            response = await transport.handle_async_request(request)
            try:
                wire.answered = True
                return await _read(response, request, purpose, bounds, wire, monotonic)
            finally:
                await response.aclose()
    except ScraperError:
        raise
    except TimeoutError as error:
        late = f"no complete answer within {duration_text(bounds.time)}"
        raise Unreachable(shown(str(request.url)), late, kind="slow") from error
    except Exception as error:
        found = failure(error, shown(str(request.url)), most=bounds.size)
        if found is None:
            raise
        raise found from error


async def _read(
    response: httpx.Response,
    request: httpx.Request,
    purpose: Purpose,
    bounds: Bounds,
    wire: Wire,
    monotonic: Callable[[], float],
) -> Answer:
    status = response.status_code
    connection = response.extensions.get("network_stream")
    if isinstance(connection, MeteredStream):
        connection.body_begins(bounds.size)
    headers = response.headers
    body = b""
    if status in REDIRECTS or status == 304:
        await _drain(response)
    elif status not in TELLING:
        if status == 200 and not welcome(purpose, headers.get("content-type")):
            kind = shown(headers["content-type"], longest=60)
            what = f"is {kind}, not a {purpose.value}"
            raise Refused(shown(str(request.url)), what, kind="type")
        length = headers.get("content-length", "")
        if length.isdigit() and not bounds.cut and int(length) > bounds.size:
            raise TooLarge
        into = decoder(headers.get_list("content-encoding"), bounds.size)
        await _receive(response, into, bounds, monotonic)
        body = bytes(into.body[: bounds.size])
    if isinstance(connection, MeteredStream):
        wire.received = connection.received
        # More than an answer, or two opinions on where it ends: nothing else on this connection is to be believed.
        if leftover(response) or {"content-length", "transfer-encoding"} <= headers.keys():
            await connection.aclose()
    return Answer(
        status=status,
        headers=_text(response.headers.raw),
        body=body,
        sent=_text(request.headers.raw),
    )


async def _receive(
    response: httpx.Response, into: Decoder, bounds: Bounds, monotonic: Callable[[], float]
) -> None:
    """Read the body, as fast as it must come and no larger than it may be."""
    started, got = monotonic(), 0
    raw = 0
    try:
        async for chunk in response.aiter_raw():
            raw += len(chunk)
            got += len(chunk)
            into.feed(chunk)
            # A bomb of nothing but gzip headers has no output to count.
            if raw > bounds.size:
                raise TooLarge
            if (now := monotonic()) - started >= bounds.slow_time:
                if got < bounds.slow_rate * (now - started):
                    raise TooSlow(f"slower than {size_text(bounds.slow_rate)} a second")
                started, got = now, 0
        if raw:
            into.finish()
    except BaseException as error:
        if bounds.cut and isinstance(error, TooLarge):
            return
        into.body.clear()  # the error's traceback would hold it until the garbage is collected
        raise


async def _drain(response: httpx.Response) -> None:
    length = response.headers.get("content-length", "")
    if response.status_code == 304 or (length.isdigit() and int(length) <= DRAIN):
        async for _ in response.aiter_raw():
            pass


def _text(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
