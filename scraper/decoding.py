"""Undo gzip with an end to it: no more output than allowed, and none taken for whole that was cut short.  Pure.

    Identity, Gunzip    feed them chunks as they come, then ask `whole`
    decoder             the right one for a Content-Encoding

Only gzip is asked for, so only gzip is read.  HTTP libraries inflate a chunk in one step (809 bytes of brotli
can be 1 GiB) and take a gzip stream that stops early for its end.
"""

import zlib
from typing import Final, Protocol

STEP: Final = 65536
"""Bytes inflated at a time."""

MOST_MEMBERS: Final = 10
"""A gzip file may be several, one after the other; a server has no reason to send many."""


class TooLarge(Exception):
    """More than was allowed came out."""


class Cut(Exception):
    """The stream stopped before its end."""


class Garbled(Exception):
    """The bytes are not what their encoding says."""


class Foreign(Exception):
    """An encoding that was not asked for."""


class Decoder(Protocol):
    """Takes chunks; `body` is what they mean so far, `finish` tells whether that is all of it."""

    body: bytearray

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk.  Raises TooLarge or Garbled."""

    def finish(self) -> None:
        """Say that no more chunks come.  Raises Cut."""


class Identity:
    """Bytes that mean themselves, up to `most`."""

    def __init__(self, most: int) -> None:
        self.body = bytearray()
        self._most = most

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk.  Raises TooLarge."""
        self.body += chunk
        if len(self.body) > self._most:
            raise TooLarge

    def finish(self) -> None:
        """The transfer's own framing has told that this is all."""


class Gunzip:
    """One gzip stream of up to ten members, inflated to at most `most` bytes.

    >>> import gzip
    >>> gunzip = Gunzip(100)
    >>> gunzip.feed(gzip.compress(b"news"))
    >>> gunzip.finish()
    >>> bytes(gunzip.body)
    b'news'
    """

    def __init__(self, most: int) -> None:
        self.body = bytearray()
        self._most = most
        self._members = 1
        self._stream = zlib.decompressobj(31)
        self._padding = False

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk.  Raises TooLarge, or Garbled for what is not gzip."""
        rest = chunk
        while rest:
            if self._padding or self._stream.eof:
                rest = self._after_the_end(rest)
                continue
            try:
                self.body += self._stream.decompress(rest, STEP)
            except zlib.error as error:
                raise Garbled(str(error)) from error
            if len(self.body) > self._most:
                raise TooLarge
            rest = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def _after_the_end(self, rest: bytes) -> bytes:
        """Begin the next member; zeros may pad the file's end, as tar and some servers leave them."""
        if not rest.strip(b"\0"):
            self._padding = True
            return b""
        if self._padding or self._members == MOST_MEMBERS:
            raise Garbled("bytes after the end")
        self._members += 1
        self._stream = zlib.decompressobj(31)
        return rest

    def finish(self) -> None:
        """Say that no more chunks come.  Raises Cut when the end of the stream has not."""
        # What zlib still holds back is written out a step at a time, for it may be a bomb's last part.
        while not self._stream.eof:
            try:
                more = self._stream.decompress(self._stream.unconsumed_tail, STEP)
            except zlib.error as error:
                raise Garbled(str(error)) from error
            if not more:
                raise Cut
            self.body += more
            if len(self.body) > self._most:
                raise TooLarge


def decoder(encodings: list[str], most: int) -> Decoder:
    """The decoder for these Content-Encoding headers.  Raises Foreign for any but one gzip."""
    named = [word.strip().lower() for line in encodings for word in line.split(",")]
    named = [word for word in named if word not in ("", "identity")]
    match named:
        case []:
            return Identity(most)
        case ["gzip" | "x-gzip"]:
            return Gunzip(most)
    raise Foreign(", ".join(named))
