"""What each site has said about being asked: its robots.txt, read once and remembered.

    Consent    the rules that hold for an address

What the file says is read by `scraper.fetch.robots`; how it is fetched is given by whoever asks.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final

import httpx

from archive.capture import Capture
from scraper.errors import Limited, NoNetwork, OwnLimit, Refused, ScraperError, Unreachable
from scraper.fetch.breaker import OF_THE_HOST
from scraper.fetch.robots import Rules, read
from scraper.urls.address import shown

DAY: Final = 86400.0
"""Seconds; RFC 9309 §2.4 asks not to rely on a file longer."""


class Consent:
    """The robots.txt of every origin met.  fetch: gives the answer at an address; raises a ScraperError."""

    def __init__(
        self, fetch: Callable[[str], Awaitable[Capture]], *, monotonic: Callable[[], float]
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._read: dict[str, tuple[Rules | ScraperError, float]] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def rules(self, url: httpx.URL) -> Rules:
        """The rules of the site this address lies on.

        Raises why they could not be read, for then nothing may be fetched from it in this run.
        """
        address = f"{url.scheme}://{url.netloc.decode('ascii')}/robots.txt"
        async with self._reading[address]:
            found, until = self._read.get(address, (None, 0.0))
            if found is None or until < self._monotonic():
                found = await self._ask(address)
                self._read[address] = found, self._monotonic() + DAY
        if isinstance(found, ScraperError):
            raise _instead(found, url)
        return found

    async def _ask(self, address: str) -> Rules | ScraperError:
        try:
            return read(await self._fetch(address))
        except Refused as error:
            if error.kind.startswith("redirect"):
                return Rules()  # it leads nowhere, so there is no robots.txt
            if error.kind == "encoding":
                return Unreachable(error.url, error.reason, kind="garbage")
            return error  # a forbidden machine is forbidden for all
        except (Unreachable, Limited) as error:
            return error


def _instead(error: ScraperError, url: httpx.URL) -> ScraperError:
    """The error of a page whose robots.txt could not be read: it fails for the same reason.

    Of a host that could not be reached at all, robots.txt is not the news.
    """
    where = shown(str(url))
    what = f"robots.txt of {url.host} could not be read ({error.reason}), so nothing is fetched from it in this run"
    match error:
        case NoNetwork():
            return NoNetwork(where, error.reason, kind=error.kind, hint=error.hint)
        case Unreachable(kind=kind) if kind in OF_THE_HOST and kind != "server":
            return Unreachable(where, error.reason, kind=kind, hint=error.hint)
        case Unreachable():
            return Unreachable(where, what, kind=error.kind, hint=error.hint)
        case OwnLimit(wait=float(wait), setting=setting):
            return OwnLimit(where, "its robots.txt has to wait", wait=wait, setting=setting)
        case Limited():
            return Limited(where, what, wait=error.wait, status=error.status)
        case Refused():
            return Refused(where, error.reason, kind=error.kind, hint=error.hint)
    return error
