"""WARC records as bytes: what a capture and its meaning look like on disk.  Pure.

    Event     what a capture meant to the archive: whose it is, its state, the verdict
    Record    one record, read
    group     a capture and its event as the gzip members to append
    members   the members of a file, one by one, with what lies between them when it is damaged
    captures_in  the captures of any WARC file, also of other tools

Every capture is a *group*: the request as sent, the response (or a saved file as `resource`, or a `revisit` when its
bytes are kept already), and a `metadata` record that holds the event as JSON.  Bodies are stored with content and
transfer encoding undone, so the headers that spoke of them are renamed to `X-Archive-Orig-…`, as other tools do: a
replay then finds headers and body in agreement, and reading gives the headers back as they came.
"""

import base64
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from archive.capture import Capture, Headers

LEVEL = 6
"""zlib's default: 1.5 times as fast as level 9 for one per cent more bytes on news pages."""

LARGEST = 64 << 20
"""A record may inflate to this many bytes and no more."""

_ORIGINAL = "X-Archive-Orig-"
_REWRITTEN = {"content-encoding", "transfer-encoding", "content-length"}
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to an article, at a time.

    kind: `page` (a page was read), `known` (addresses were learnt), `pictures` (missing ones arrived), `forgotten`.
    state, rule, layout, charset, evidence: what the page turned out to be, and why.
    verdict: `new`, `same`, `revised`, `suspect` or `copy` for an article; empty for other pages.
    revision: the number of the text it made.  of: the article it is a copy of.
    status, size: of the answer, where the answer itself is not kept.
    prints: what of the article is compared (`archive.dedupe.Print`), as a mapping.
    """

    id: str
    at: datetime
    kind: str = "page"
    url: str = ""
    asked: str = ""
    origin: str = ""
    state: str = ""
    rule: str = ""
    layout: str = ""
    charset: str = ""
    evidence: str = ""
    verdict: str = ""
    revision: int = 0
    of: str = ""
    addresses: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    status: int = 0
    size: int = 0
    prints: dict[str, str | int] = field(default_factory=dict)

    def to_json(self) -> bytes:
        facts = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        facts["at"] = self.at.isoformat()
        return json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def from_json(cls, text: bytes) -> "Event":
        """Raises ValueError when the text is no event."""
        facts = json.loads(text)
        try:
            known = {name: value for name, value in facts.items() if name in cls.__slots__}
            known["at"] = datetime.fromisoformat(facts["at"])
            known["addresses"] = tuple(facts.get("addresses", ()))
            return cls(**known)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"not an event: {error}") from error


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
        return self.headers.get("warc-payload-digest", "")

    @property
    def refers_to(self) -> str:
        return self.headers.get("warc-refers-to", "").strip("<>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Bytes of a file that are no record.  torn: they are what a write leaves that was cut short."""

    offset: int
    end: int
    torn: bool = False


class _Torn(ValueError):
    """The file ends within a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A payload that is kept already: the record that holds it, so that a revisit can point there."""

    record: str
    url: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What to append for one capture.

    record, type: of the record that the index names.  offset: where that record begins in `content`.
    """

    content: bytes
    record: str
    type: str
    offset: int
    digest: str


def payload_digest(body: bytes) -> str:
    """The digest by which equal payloads know each other, as it stands in `WARC-Payload-Digest`."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode()


def warcinfo(name: str, *, at: datetime, software: str) -> bytes:
    """The record that opens a file."""
    fields = (
        f"software: {software}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
        "description: pages of qq.com, kept by qqnews\r\n"
    )
    return _member(
        "warcinfo",
        _urn("warcinfo", name, at),
        at,
        "application/warc-fields",
        fields.encode(),
        {"WARC-Filename": name},
    )


def group(event: Event, capture: Capture | None, *, known: Known | None = None) -> Group:
    """The members for one event: with its capture, or alone when bodies are not kept.

    known: where the same payload stands already; the body is then not stored again.
    """
    at = event.at.astimezone(UTC)
    text = event.to_json()
    told = _urn("metadata", event.url + event.id, at, text)
    if capture is None:
        content = _metadata(event, text, told, at, {})
        return Group(content=content, record=told, type="metadata", offset=0, digest="")
    url = capture.url
    digest = payload_digest(capture.body)
    record = _urn("response", url, at, digest.encode(), str(capture.status).encode())
    about = {"WARC-Target-URI": url, "WARC-Payload-Digest": digest}
    before = b""
    if capture.origin == "file":
        kind, media, block = "resource", "text/html", capture.body
    else:
        kind, media = "response", "application/http; msgtype=response"
        block = _head(capture) + capture.body
        if capture.status == HTTPStatus.NOT_MODIFIED or (known and capture.body):
            kind, block = "revisit", _head(capture)
            about["WARC-Profile"] = _SAME_PAYLOAD if capture.body else _NOT_MODIFIED
            if not capture.body:
                del about["WARC-Payload-Digest"]
            if known:
                about["WARC-Refers-To"] = f"<{known.record}>"
                about["WARC-Refers-To-Target-URI"] = known.url
                about["WARC-Refers-To-Date"] = known.at
        if capture.request_headers:
            before = _request(capture, record, at)
    main = _member(kind, record, at, media, block, about)
    after = _metadata(event, text, told, at, {"WARC-Concurrent-To": f"<{record}>"})
    return Group(
        content=before + main + after,
        record=record,
        type=kind,
        offset=len(before),
        digest=digest if capture.body else "",
    )


def _metadata(event: Event, text: bytes, record: str, at: datetime, more: dict[str, str]) -> bytes:
    about = {"WARC-Target-URI": event.url or f"urn:qqnews:{event.id}", **more}
    return _member("metadata", record, at, "application/json", text, about)


def _request(capture: Capture, response: str, at: datetime) -> bytes:
    parts = urlsplit(capture.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [
        f"GET {path} HTTP/1.1",
        *(f"{name}: {_one(value)}" for name, value in capture.request_headers),
    ]
    return _member(
        "request",
        _urn("request", capture.url, at, response.encode()),
        at,
        "application/http; msgtype=request",
        ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace"),
        {"WARC-Target-URI": capture.url, "WARC-Concurrent-To": f"<{response}>"},
    )


def _head(capture: Capture) -> bytes:
    try:
        reason = HTTPStatus(capture.status).phrase
    except ValueError:
        reason = "Unknown"  # 566 and 567 are Tencent's own
    lines = [f"HTTP/1.1 {capture.status} {reason}"]
    for name, value in capture.headers:
        prefix = _ORIGINAL if name.lower() in _REWRITTEN else ""
        lines.append(f"{prefix}{name}: {_one(value)}")
    lines.append(f"Content-Length: {len(capture.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")


def _one(value: str) -> str:
    return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value


def _urn(kind: str, name: str, at: datetime, *more: bytes) -> str:
    """The id of a record, made from what it holds: the same capture has the same id in two archives."""
    digest = hashlib.sha256(b"\0".join(more)).hexdigest()
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{kind} {name} {at.isoformat()} {digest}')}"


def _member(
    kind: str, urn: str, at: datetime, media: str, block: bytes, more: dict[str, str]
) -> bytes:
    from fastwarc import GzipWriter, WarcRecord, WarcRecordType

    record = WarcRecord()
    record.init_headers(getattr(WarcRecordType, kind), urn.removeprefix("urn:").encode())
    record.record_date = at.astimezone(UTC)
    for name, value in more.items():
        record.headers[name] = _one(value)
    record.headers["Content-Type"] = media
    record.set_bytes_content(block)
    buffer = io.BytesIO()
    writer = GzipWriter(buffer, LEVEL)
    record.write(writer, checksum_data=True)
    writer.finish()
    return buffer.getvalue()


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
            yield Gap(offset=offset, end=end, torn=file.seek(0, io.SEEK_END) == end)
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
        found = window.find(b"\x1f\x8b\x08")
        while found >= 0:
            try:
                if got := _inflate(file, base + found):
                    _parse(got[0], base + found, got[1])
                    return base + found
            except (zlib.error, ValueError):
                pass
            found = window.find(b"\x1f\x8b\x08", found + 1)
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
        if name.startswith(_ORIGINAL) and name.removeprefix(_ORIGINAL).lower() in _REWRITTEN:
            headers.append((name.removeprefix(_ORIGINAL), value))
        elif name.lower() not in _REWRITTEN:
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
            capture = Capture(
                url=url, at=record.record_date, body=body, status=status, headers=headers
            )
            yield replace(capture, origin="warc")
    except (OSError, RuntimeError) as error:
        raise ValueError(f"not a WARC file: {error}") from error
