"""A page out of a file, and the pictures that came with it.

Saved       the page
AtHand      its pictures, by the key that an article's picture has whatever its size
key_at      the key of the picture at an address
address_in  an address as the bytes of a page tell it
remember    a picture among others, of several sizes the largest
"""

import html
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from archive.capture import Capture
from scraper.replayed import original


class AtHand(Protocol):
    """Pictures that came with a page, by the `key` that an article's picture has whatever its size."""

    def get(self, key: str, /) -> Capture | None:
        """The picture of that key; None when it did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page out of a file.

    pictures: what came with it; shared by all pages of one WARC file.
    """

    path: Path
    page: Capture
    pictures: AtHand = field(default_factory=dict[str, Capture])


def key_at(address: str) -> str:
    """The key of the picture at an address; empty when no picture can be there."""
    # What addresses mean is known to the layouts, which few files need.
    from scraper.layouts.renditions import key_of, web

    return key_of(web(original(address)))


def address_in(written: bytes) -> str:
    """An address, or a file's name, out of an attribute in the bytes of a page."""
    return html.unescape(written.decode("utf-8", "replace"))


def remember(pictures: dict[str, Capture], picture: Capture) -> None:
    """Put a picture among others, unless a larger one of the same key is there.

    A browser saves the size it showed, and WeChat's host gives it another type: no article names such an address.
    """
    key = key_at(picture.url)
    known = pictures.get(key)
    if known is None or len(known.body) < len(picture.body):
        pictures[key] = picture
