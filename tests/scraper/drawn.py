"""Pictures made by hand, for what no encoder would make."""

import struct
import zlib


def png_of(width: int, height: int, *, depth: int = 1, colour: int = 0) -> bytes:
    """A PNG, of one bit a pixel if not told else, that claims a size and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(bytes(1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")  # fmt: skip
