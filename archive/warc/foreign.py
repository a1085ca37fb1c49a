"""Captures out of WARC files that any tool wrote.  Pure."""

from collections.abc import Iterator
from typing import BinaryIO

from archive.capture import Capture, Headers
from archive.warc.reading import LARGEST


def captures_in(file: BinaryIO, *, largest: int = LARGEST) -> Iterator[Capture]:
    """The responses and saved pages of any WARC file, compressed or not, encodings undone.

    Records larger than `largest` bytes are passed over.  Raises ValueError when it is no WARC file at all.
    """
    from fastwarc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource
    try:
        for record in ArchiveIterator(file, record_types=kinds, auto_decode="all"):
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            body = record.reader.read(largest + 1)
            if not url or len(body) > largest or record.content_length > largest:
                continue
            http = record.record_type == WarcRecordType.response and record.is_http
            headers: Headers = record.http_headers.to_tuples() if http else ()
            status = (record.http_headers.status_code if http else None) or 200
            yield Capture(
                url=url,
                at=record.record_date,
                body=body,
                status=status,
                headers=headers,
                origin="warc",
            )
    except (OSError, RuntimeError) as error:
        raise ValueError(f"not a WARC file: {error}") from error
