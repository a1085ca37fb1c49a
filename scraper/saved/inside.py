"""The pictures that a program put into the page itself (`scraper.inlined`).

inside    those pictures, by the key of what the page shows, and what came with the page in other ways
"""

from collections.abc import Iterator

from archive.capture import Capture
from scraper.inlined import Inlined, inlined, is_inlined
from scraper.saved.page import AtHand, address_in, key_at


def inside(page: Capture, others: AtHand) -> AtHand:
    """The pictures of a page, those in it before those that came with it in other ways."""
    return _Inside(page, others) if is_inlined(page.body) else others


class _Inside:
    """They are looked for when the first is asked for."""

    def __init__(self, page: Capture, others: AtHand) -> None:
        self._page = page
        self._others = others
        self._found: dict[str, Inlined] | None = None

    def get(self, key: str, /) -> Capture | None:
        """The picture of that key; None when it did not come."""
        if self._found is None:
            self._found = dict(_keyed(self._page.body))
        one = self._found.get(key)
        if one is None:
            return self._others.get(key)
        address = address_in(one.address)
        return Capture(url=address, at=self._page.at, body=one.content, origin="file")


def _keyed(page: bytes) -> Iterator[tuple[str, Inlined]]:
    for one in inlined(page):
        if one.content and (key := key_at(address_in(one.address))):
            yield key, one
