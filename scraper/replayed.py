"""What the Wayback Machine shows of a page, made what the site sent.  Pure.

    as_sent     Capture → Capture: its address and those in it without the archive before them, its toolbar gone
    original    the address of what the archive shows under another

A page of any other kind stays as it is, also one that leads to the archive in its text.
"""

import re
from dataclasses import replace

from archive.capture import Capture

_SIGNS = re.compile(rb"<!--(?: End Wayback Rewrite JS Include|\s{1,20}FILE ARCHIVED ON \d)")
"""Comments that it writes into the head of every page it shows, and under it."""
_BEFORE = rb"(?:(?:https?:)?\\?/\\?/web\.archive\.org)?\\?/web\\?/\d{4,14}(?:[a-z]{2}_)?\\?/"
_PREFIX = re.compile(_BEFORE + rb"(?=https?:\\?/)")
"""`https://web.archive.org/web/20190102030405im_/` before an address, in a script also with its slashes escaped."""
_ADDRESS = re.compile(r"^https?://web\.archive\.org/web/\d{1,14}(?:[a-z]{2}_)?/(?=https?://)")
_TOOLBAR = (b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", b"<!-- END WAYBACK TOOLBAR INSERT -->")


def as_sent(capture: Capture) -> Capture:
    """A capture of a page that was saved from the Wayback Machine, as if it had been captured from its site."""
    url, body = original(capture.url), capture.body
    # To look through all of a page would cost a sixtieth of reading it.
    if _SIGNS.search(body[:20_000]) or _SIGNS.search(body[-4_000:]):
        body = _PREFIX.sub(b"", _without_toolbar(body))
    if url == capture.url and body is capture.body:
        return capture
    return replace(capture, url=url, body=body)


def original(address: str) -> str:
    """The address without the archive before it.

    >>> original("https://web.archive.org/web/20190102030405im_/http://img1.gtimg.com/a.jpg")
    'http://img1.gtimg.com/a.jpg'
    """
    return _ADDRESS.sub("", address, count=1)


def _without_toolbar(body: bytes) -> bytes:
    before, _, rest = body.partition(_TOOLBAR[0])
    _, ended, after = rest.partition(_TOOLBAR[1])
    return before + after if ended else body
