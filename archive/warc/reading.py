"""The records of a capture file, read back; also of one that is damaged.  Pure.

Record      one record
Gap         what lies between records when a file is damaged
members     the records of a file, one by one, from any offset on
capture_of  the capture in a record
"""

import base64
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from archive.capture import Capture, Headers
from archive.warc.writing import ORIGINAL, REWRITTEN

LARGEST = 64 << 20
"""A record may inflate to this many bytes and no more."""

MAGIC = b"\x1f\x8b\x08"
"""What every gzip member begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record.  block: what follows its headers.  offset, end: where its gzip member lies in the file."""

    id: str
    type: str
    at: datetime
    url: str
    block: bytes
    offset: int
    end: int
    headers: dict[str, str]

    @property
    def digest(self) -> str:
        """That of its payload, as `payload_digest` writes it; empty when the record does not tell."""
        return self.headers.get("warc-payload-digest", "")

    @property
    def refers_to(self) -> str:
        """The id of the record that a revisit leans on; empty for any other."""
        return self.headers.get("warc-refers-to", "").strip("<>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Bytes of a file that are no record.  torn: they are what a write leaves that was cut short."""

    offset: int
    end: int
    torn: bool = False


class _Torn(ValueError):
    """The file ends within a record."""


def members(file: BinaryIO, start: int = 0) -> Iterator[Record | Gap]:
    """The records of a file of gzip members, from an offset on; damaged stretches come as a `Gap`."""
    offset = start
    while True:
        try:
            got = _inflate(file, offset)
            if got is None:
                return
            plain, end = got
            yield _parse(plain, offset, end)
        except _Torn:
            end = _next_member(file, offset + 1)
            last = file.seek(0, io.SEEK_END) == end
            yield Gap(offset=offset, end=end, torn=last and _begins(file, offset))
        except (zlib.error, ValueError):
            end = _next_member(file, offset + 1)
            yield Gap(offset=offset, end=end, torn=_empty(file, offset))
        offset = end


def _inflate(file: BinaryIO, offset: int) -> tuple[bytes, int] | None:
    """One gzip member and where it ends; None at the end of the file.  Raises zlib.error, ValueError."""
    file.seek(offset)
    stream = zlib.decompressobj(31)
    parts: list[bytes] = []
    size = 0
    while not stream.eof:
        chunk = file.read(65536)
        if not chunk:
            if not parts:
                return None
            raise _Torn("the file ends within a record")
        part = stream.decompress(chunk, LARGEST - size + 1)
        size += len(part)
        if size > LARGEST:
            raise ValueError("a record too large to be one of ours")
        parts.append(part)
    return b"".join(parts), file.tell() - len(stream.unused_data)


def _begins(file: BinaryIO, offset: int) -> bool:
    """Whether what stands there may be the beginning of a record, be it one byte."""
    file.seek(offset)
    return MAGIC.startswith(file.read(len(MAGIC)))


def _empty(file: BinaryIO, offset: int) -> bool:
    """Whether nothing but zeros follows: some filesystems grow a file before its bytes arrive."""
    file.seek(offset)
    while chunk := file.read(1 << 20):
        if chunk.strip(b"\0"):
            return False
    return True


def _next_member(file: BinaryIO, offset: int) -> int:
    """Where the next whole record begins; the end of the file when there is none."""
    file.seek(offset)
    kept = b""
    while chunk := file.read(1 << 20):
        window = kept + chunk
        base = file.tell() - len(window)
        found = window.find(MAGIC)
        while found >= 0:
            try:
                if got := _inflate(file, base + found):
                    _parse(got[0], base + found, got[1])
                    return base + found
            except (zlib.error, ValueError):
                pass
            found = window.find(MAGIC, found + 1)
        file.seek(base + len(window))
        kept = window[-2:]
    return file.seek(0, io.SEEK_END)


def _parse(plain: bytes, offset: int, end: int) -> Record:
    """Raises ValueError for bytes that are no WARC record, or not all of one."""
    head, blank, rest = plain.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    if not blank or not lines[0].startswith("WARC/1."):
        raise ValueError("not a WARC record")
    headers: dict[str, str] = {}
    for entry in lines[1:]:
        name, _, value = entry.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    try:
        length = int(headers["content-length"])
        at = datetime.fromisoformat(headers["warc-date"])
        urn = headers["warc-record-id"].strip("<>")
        kind = headers["warc-type"]
    except KeyError as error:
        raise ValueError(f"a WARC record without {error}") from error
    if len(rest) < length:
        raise ValueError("a WARC record cut short")
    block = rest[:length]
    digest = headers.get("warc-block-digest", "")
    if digest.startswith("sha1:"):
        # Not a secret, a checksum: it is what WARC tools write here.
        told = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
        if digest.removeprefix("sha1:") != told:
            raise ValueError("a WARC record whose digest does not agree")
    url = headers.get("warc-target-uri", "").strip("<>")
    return Record(
        id=urn, type=kind, at=at, url=url, block=block, offset=offset, end=end, headers=headers
    )


def capture_of(record: Record) -> Capture:
    """The capture in a response, revisit or resource record; the body of a revisit is empty."""
    if record.type == "resource":
        return Capture(url=record.url, at=record.at, body=record.block, origin="file")
    head, _, body = record.block.partition(b"\r\n\r\n")
    status = int(_text(head).split(" ", 2)[1])
    headers = []
    for name, value in headers_in(record.block):
        if name.startswith(ORIGINAL) and name.removeprefix(ORIGINAL).lower() in REWRITTEN:
            headers.append((name.removeprefix(ORIGINAL), value))
        elif name.lower() not in REWRITTEN:
            headers.append((name, value))
    return Capture(
        url=record.url,
        at=record.at,
        body=body,
        status=status,
        headers=tuple(headers),
        origin="warc",
    )


def headers_in(block: bytes) -> Headers:
    """The HTTP headers at the beginning of a request or response block."""
    head, _, _ = block.partition(b"\r\n\r\n")
    pairs = (entry.partition(": ") for entry in _text(head).split("\r\n")[1:])
    return tuple((name, value) for name, _, value in pairs if name)


def _text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("latin-1")
