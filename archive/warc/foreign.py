"""Captures out of WARC files that any tool wrote.  Pure."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from archive.capture import Capture, Headers
from archive.warc.reading import LARGEST


def captures_in(file: BinaryIO, *, largest: int = LARGEST) -> Iterator[Capture]:
    """The responses and saved pages of any WARC file, compressed or not, encodings undone.

    Records larger than `largest` bytes are passed over.  Raises ValueError when it is no WARC file at all, and after
    the last whole record of one that is cut short.
    """
    from fastwarc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource
    try:
        # Its own decoding ends at the first body that is not what its headers say, without a word.
        for record in ArchiveIterator(file, record_types=kinds, auto_decode="none"):
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            if not url or record.content_length > largest:
                continue
            body = record.reader.read()
            if len(body) < record.content_length:
                raise ValueError("its last record is cut short")
            http = record.record_type == WarcRecordType.response and record.is_http
            headers: Headers = record.http_headers.to_tuples() if http else ()
            status = (record.http_headers.status_code if http else None) or 200
            bare = _bare(body, headers, largest)
            if len(bare) > largest:
                continue
            yield Capture(
                url=url,
                at=record.record_date,
                body=bare,
                status=status,
                headers=headers,
                origin="warc",
            )
    except (OSError, RuntimeError) as error:
        raise ValueError(f"not a WARC file: {error}") from error


def _bare(body: bytes, headers: Headers, most: int) -> bytes:
    """The body without chunks and compression; more than `most` bytes of it are not made.

    Browsers' tools store bodies decoded under the headers that came: where the bytes are not what a header says, they
    are left as they are.
    """
    if "chunked" in _codings(headers, "transfer-encoding"):
        body = _unchunked(body)
    for coding in reversed(_codings(headers, "content-encoding")):
        if coding in ("gzip", "x-gzip", "deflate"):
            body = _inflated(body, most)
        elif coding == "br":
            body = _unbrotlied(body, most)
    return body


def _codings(headers: Headers, name: str) -> list[str]:
    values = ",".join(value for key, value in headers if key.lower() == name)
    return [word.strip().lower() for word in values.split(",") if word.strip()]


_CHUNK: Final = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r\n")


def _unchunked(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        start, size = found.end(), int(found[1], 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[start : start + size])
        at = start + size + len(b"\r\n")
    return b"".join(pieces) if pieces and at >= len(body) else body


_MARKUP: Final = re.compile(rb"\s*<[!?a-zA-Z]")


def _inflated(body: bytes, most: int) -> bytes:
    """gzip, however many members, and deflate with and without its wrapping."""
    for window in () if _MARKUP.match(body) else (47, -15):
        pieces: list[bytes] = []
        size, rest = 0, body
        try:
            while rest and size <= most:
                stream = zlib.decompressobj(window)
                piece = stream.decompress(rest, most + 1 - size)
                pieces.append(piece)
                size += len(piece)
                rest = stream.unused_data
        except zlib.error:
            pass  # no such stream at all, or something after it
        if size:
            return b"".join(pieces)
    return body


def _unbrotlied(body: bytes, most: int) -> bytes:
    import brotli

    stream = brotli.Decompressor()
    try:
        plain: bytes = stream.process(body, output_buffer_limit=most + 1)
    except brotli.error:
        return body
    return plain or body
