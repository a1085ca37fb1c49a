"""How many frames an animation has, by walking the headers of its container; nothing is decoded.  Pure."""

import struct
from collections.abc import Iterable


class CutShort(Exception):
    """The container ends in the middle of something."""


def frames(extension: str, content: bytes, *, most: int) -> int:
    """Frames, by walking the container; stops counting past `most`.  Raises CutShort when it ends inside one."""
    if extension == "gif":
        return _count(_gif_frames(content), most)
    if extension == "webp":
        return _count(_webp_frames(content), most)
    if extension == "png":
        return _png_frames(content)
    return 1


def _count(found: Iterable[None], most: int) -> int:
    count = 0
    for _ in found:
        count += 1
        if count > most:
            break
    return max(1, count)


def _gif_frames(content: bytes) -> Iterable[None]:
    """One None for each image descriptor (GIF89a specification, §20)."""
    end = len(content)
    if end < 13:
        raise CutShort
    flags = content[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    while at < end:
        mark = content[at]
        if mark == 0x3B:
            return
        if mark == 0x2C:
            if at + 10 > end:
                raise CutShort
            yield None
            flags = content[at + 9]
            at = _past_blocks(content, at + 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0))
        elif mark == 0x21:
            at = _past_blocks(content, at + 2)
        else:
            at += 1  # stray bytes between blocks: browsers skip them


def _past_blocks(content: bytes, at: int) -> int:
    """The place after a chain of GIF sub-blocks."""
    end = len(content)
    while at < end and content[at]:
        at += content[at] + 1
    if at >= end:
        raise CutShort
    return at + 1


def _webp_frames(content: bytes) -> Iterable[None]:
    """One None for each ANMF chunk; a still has none (WebP container specification)."""
    size = struct.unpack_from("<I", content, 4)[0] if len(content) >= 12 else 0
    if size + 8 > len(content) + 1:
        raise CutShort
    at = 12
    while at + 8 <= min(len(content), size + 8):
        name, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name == b"ANMF":
            yield None
        at += 8 + length + (length & 1)


def _png_frames(content: bytes) -> int:
    """The number in the acTL chunk, which stands before the first IDAT (APNG specification)."""
    at = 8
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"IDAT":
            return 1
        if name == b"acTL" and at + 12 <= len(content):
            return max(1, int(struct.unpack_from(">I", content, at + 8)[0]))
        at += 12 + length
    return 1
