"""Captures from what people have already: saved pages, MHTML, WARC files, folders of them.

    files    the files below some paths, in order
    pages    the pages a file holds, each with the pictures that came with it

What a file is is told by its first bytes, never by its name.  Which article a page is, is left to `scraper.extract`.
"""

import gzip
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy, utils
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from pathlib import Path
from typing import Final

from archive.capture import Capture
from scraper.beside import AtHand, beside
from scraper.errors import Refused
from scraper.notices import is_feed
from scraper.replayed import original

LARGEST: Final = 64 * 2**20
"""Bytes a saved page may have, unzipped; MHTML holds its pictures as text."""

PICTURES: Final = 256 * 2**20
"""Bytes of pictures remembered from one WARC file; those beyond count as not there."""

_SNIFFED: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page out of a file.

    pictures: what came with it; shared by all pages of one WARC file.
    """

    path: Path
    page: Capture
    pictures: AtHand = field(default_factory=dict[str, Capture])


def files(path: Path) -> Iterator[Path]:
    """A file itself, or every file below a folder, in the order of their names; hidden ones are passed over."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))


def pages(path: Path, *, url: str = "") -> Iterator[Saved]:
    """The pages a file holds.

    url: the address of the page, for a file that does not tell it.  Raises Refused for a file that holds no page,
    saying what it is, and for one that cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise Refused(str(path), "not a file", kind="file")  # a pipe would be waited for
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
        zipped = start.startswith(b"\x1f\x8b")
        if zipped:
            start = _beginning(path)
        if start.startswith(b"WARC/"):
            yield from _in_warc(path)
            return
        content = _whole(path, zipped=zipped)
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise Refused(
            str(path), f"cannot be read: {error.strerror or error}", kind="file"
        ) from error
    except (EOFError, zlib.error) as error:
        raise Refused(str(path), "a damaged gzip file", kind="type") from error
    if _is_mhtml(start):
        yield _in_mhtml(path, content, url=url, at=at)
        return
    if other := _not_html(start):
        raise Refused(
            str(path),
            f"not a web page, because it is {other}",
            kind="type",
            hint="import takes saved HTML, MHTML and WARC files",
        )
    address = url or _told(start) or path.absolute().as_uri()
    page = Capture(url=address, at=at, body=content, origin="file")
    yield Saved(path=path, page=page, pictures=beside(path, content, at))


def _beginning(path: Path) -> bytes:
    start = b""
    with gzip.open(path) as file:
        try:
            while len(start) < _SNIFFED and (piece := file.read1(_SNIFFED - len(start))):
                start += piece
        except (EOFError, zlib.error):
            if not start.startswith(b"WARC/"):  # of which every record before the damage is whole
                raise
    return start


def _whole(path: Path, *, zipped: bool) -> bytes:
    with gzip.open(path) if zipped else path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(str(path), "larger than 64 MiB", kind="too_large")
    return content


_TOLD = re.compile(
    rb"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]{1,2048})",
    re.IGNORECASE,
)


def _told(start: bytes) -> str:
    """The address that a browser (or SingleFile) wrote into a page when it saved it."""
    found = _TOLD.search(start)
    return found[1].decode("utf-8", "replace") if found else ""


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
)


def _not_html(start: bytes) -> str:
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


def _is_mhtml(start: bytes) -> bool:
    head = start[:4096].lstrip().lower()
    return head.startswith(
        (b"from:", b"mime-version:", b"content-type:", b"snapshot-content")
    ) and (b"multipart/related" in head)


def _in_mhtml(path: Path, content: bytes, *, url: str, at: datetime) -> Saved:
    message = message_from_bytes(content, policy=policy.compat32)
    page: Capture | None = None
    pictures: dict[str, Capture] = {}
    saved = _date(message.get("Date")) or at
    for part in message.walk():
        kind = part.get_content_type()
        address = _address(part.get("Content-Location"))
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes):
            continue
        if kind in ("text/html", "application/xhtml+xml") and page is None:
            told = url or _address(message.get("Snapshot-Content-Location")) or address
            page = Capture(
                url=told or path.absolute().as_uri(),
                at=saved,
                body=body,
                headers=(("Content-Type", str(part.get("Content-Type") or "text/html")),),
                origin="file",
            )
        elif kind.startswith("image/") and address.startswith(("http://", "https://")):
            _keep(pictures, Capture(url=address, at=saved, body=body, origin="file"))
    if page is None:
        raise Refused(str(path), "an MHTML file without a page in it", kind="type")
    return Saved(path=path, page=page, pictures=pictures)


def _keep(pictures: dict[str, Capture], picture: Capture) -> None:
    """Remember a picture, and of several sizes of it the largest.

    A browser saves the size it showed, and WeChat's host gives it another type: no article names such an address.
    """
    # What addresses mean is known to the layouts, which few files need.
    from scraper.layouts.renditions import key_of, web

    key = key_of(web(original(picture.url)))
    known = pictures.get(key)
    if known is None or len(known.body) < len(picture.body):
        pictures[key] = picture


def _address(header: object) -> str:
    """An address in a header: long ones are folded, or written as encoded words."""
    try:
        text = str(make_header(decode_header(str(header or ""))))
    except (HeaderParseError, UnicodeDecodeError, LookupError, ValueError):
        text = str(header)
    return "".join(text.split())


def _date(header: object) -> datetime | None:
    try:
        date = utils.parsedate_to_datetime(str(header))
    except (ValueError, TypeError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _in_warc(path: Path) -> Iterator[Saved]:
    """The pages of a WARC file.  It is read twice: pictures may stand before their page or after."""
    from archive.warc import captures_in

    pictures: dict[str, Capture] = {}
    room = PICTURES
    with path.open("rb") as file, suppress(ValueError):  # what is damaged is told after the pages
        for capture in captures_in(file):
            if capture.status == 200 and _is_picture(capture) and len(capture.body) <= room:
                room -= len(capture.body)
                _keep(pictures, capture)
    found = False
    try:
        with path.open("rb") as file:
            for capture in captures_in(file):
                if _is_page(capture):
                    found = True
                    yield Saved(path=path, page=capture, pictures=pictures)
    except ValueError as error:
        raise Refused(str(path), f"a damaged WARC file: {error}", kind="damaged") from error
    if not found:
        raise Refused(str(path), "a WARC file without a page in it", kind="type")


def _is_picture(capture: Capture) -> bool:
    return (capture.header("content-type") or "").strip().lower().startswith("image/")


def _is_page(capture: Capture) -> bool:
    """Whether a record is worth reading as a page: HTML, or an answer that tells what became of one.

    A page that was saved as a file, and did not say from where, is kept in our captures under the file's own address.
    """
    if not capture.url.startswith(("http://", "https://", "file://")):
        return False
    kind = (capture.header("content-type") or "").split(";")[0].strip().lower()
    if capture.status != 200:
        return capture.status in (301, 302, 404, 410)
    if kind:
        return kind in ("text/html", "application/xhtml+xml")
    return not _not_html(capture.body[:_SNIFFED])
