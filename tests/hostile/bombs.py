"""Small answers that mean to become huge ones.  Made once a session: each is 64 MiB or more when inflated."""

import gzip
import zlib
from functools import cache

import brotli

SIZE = 64 * 2**20


@cache
def gzip_bomb() -> bytes:
    """64 MiB of zeros in 64 KB."""
    return gzip.compress(bytes(SIZE), 9, mtime=0)


@cache
def stacked_bomb() -> bytes:
    """The same, packed again: a few hundred bytes."""
    return gzip.compress(gzip_bomb(), 9, mtime=0)


@cache
def brotli_bomb() -> bytes:
    """64 MiB of zeros in some sixty bytes."""
    return brotli.compress(bytes(SIZE), quality=5)


@cache
def deflate_bomb() -> bytes:
    """64 MiB of zeros as `deflate` has it."""
    return zlib.compress(bytes(SIZE), 9)


@cache
def empty_blocks() -> bytes:
    """A gzip header, then six megabytes of deflate blocks with nothing in them: input without output."""
    return gzip.compress(b"", mtime=0)[:10] + b"\x00\x00\x00\xff\xff" * (6 * 2**20 // 5)
