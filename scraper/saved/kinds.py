"""What a file is, told by its first bytes, never by its name.  Pure.

not_html         what it is that is no web page
is_mhtml         whether it is a page as browsers save it into one file
is_webarchive    whether it is one as Safari does
is_zip           whether it is a ZIP archive, as WACZ is
"""

import re
from typing import Final

from scraper.notices import is_feed

SNIFFED: Final = 64 * 1024
"""Bytes of a file that are looked at to tell what it is."""

TAKES: Final = "import takes HTML, MHTML, web archive, WARC and WACZ files; `qqnews add @FILE`, addresses and bookmarks"
"""The hint to whoever brings something else."""

_TAG = re.compile(
    rb"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|div|p|section|article|table|span|h[1-6]|a|"
    rb"img|ul|br)\b)",
    re.IGNORECASE,
)

_SIGNATURES: Final = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture or a recording"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"---\n", "Markdown with front matter"),
    (b"<!DOCTYPE NETSCAPE-Bookmark-file", "the bookmarks of a browser"),
)

_MAIL: Final = (b"from:", b"mime-version:", b"content-type:", b"snapshot-content")
"""The headers that MHTML begins with, in lower case."""


def not_html(start: bytes) -> str:
    """What a file is that is no web page; empty for a web page."""
    if not start.strip():
        return "empty"
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""  # UTF-16: nothing here can be told from its bytes alone
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_feed(bare.decode("latin-1")):  # what a feed begins with is ASCII in any charset
        return "a feed or a sitemap"
    if b"\0" in start:
        return "binary"
    if re.match(rb"""\{\s*["}]|\[\s*["{\[\]\d]""", bare):
        return "JSON"  # even where HTML stands in its strings
    return "" if _TAG.search(start) else "plain text"


def is_mhtml(start: bytes) -> bool:
    """Whether a file that begins like this is a page as browsers save it into one file."""
    head = start[:4096].lstrip().lower()
    return head.startswith(_MAIL) and b"multipart/related" in head


def is_webarchive(start: bytes) -> bool:
    """Whether a file that begins like this is a binary property list, as Safari's web archives are."""
    return start.startswith(b"bplist00")


def is_zip(start: bytes) -> bool:
    """Whether a file that begins like this is a ZIP archive."""
    return start.startswith(b"PK\x03\x04")
