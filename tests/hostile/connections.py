"""How a connection, HTTP or a compression can go wrong: closed, endless, malformed, cut short, blown up."""

import asyncio
import gzip
from itertools import count

from tests.hostile.bombs import (
    brotli_bomb,
    deflate_bomb,
    empty_blocks,
    gzip_bomb,
    stacked_bomb,
)
from tests.hostile.faults import PAGE, fault, head, simply, whole
from tests.hostile.server import Line

# The connection.


@fault("/close")
async def close(line: Line) -> None:
    """Closed without a byte."""


@fault("/reset")
async def reset(line: Line) -> None:
    line.reset()


@fault("/close-in-headers")
async def close_in_headers(line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nContent-Ty")


@fault("/reset-in-headers")
async def reset_in_headers(line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    line.reset()


@fault("/reset-in-body")
async def reset_in_body(line: Line) -> None:
    await line.send(whole()[:-100])
    await asyncio.sleep(0.05)
    line.reset()


@fault("/hang")
async def hang(line: Line) -> None:
    await asyncio.sleep(60)


@fault("/hang-in-headers")
async def hang_in_headers(line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    await asyncio.sleep(60)


@fault("/hang-in-body")
async def hang_in_body(line: Line) -> None:
    await line.send(whole()[:-100])
    await asyncio.sleep(60)


@fault("/drip-headers")
async def drip_headers(line: Line) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Patience: " + b"a" * 5000:
        await line.send(bytes([byte]))
        await asyncio.sleep(0.02)


@fault("/drip-body")
async def drip_body(line: Line) -> None:
    await line.send(head(Content_Type="text/html", Content_Length=100_000))
    while True:
        await line.send(b"a")
        await asyncio.sleep(0.02)


@fault("/drip-gzip")
async def drip_gzip(line: Line) -> None:
    packed = gzip.compress(PAGE * 50)
    await line.send(
        head(Content_Type="text/html", Content_Encoding="gzip", Content_Length=len(packed))
    )
    for byte in packed:
        await line.send(bytes([byte]))
        await asyncio.sleep(0.02)


@fault("/closes-after")
async def closes_after(line: Line) -> None:
    """A whole answer that promises to stay, and a connection that does not."""
    await line.send(whole())
    await asyncio.sleep(0.02)


@fault("/closes-on-second")
async def closes_on_second(line: Line) -> bool:
    """The second request on a connection finds it closed, as when it had been idle too long."""
    on_this = [seen for seen in line.server.log if seen.connection == line.seen.connection]
    if len(on_this) > 1:
        return False
    await line.send(whole())
    return True


# No end.


@fault("/endless")
async def endless(line: Line) -> None:
    await line.send(head(Content_Type="text/html"))
    while True:
        await line.send(b"a" * 65536)


@fault("/endless-chunks")
async def endless_chunks(line: Line) -> None:
    await line.send(head(Content_Type="text/html", Transfer_Encoding="chunked"))
    while True:
        await line.send(b"10000\r\n" + b"a" * 65536 + b"\r\n")


@fault("/endless-continue")
async def endless_continue(line: Line) -> None:
    while True:
        await line.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@fault("/endless-header")
async def endless_header(line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        await line.send(b"a" * 65536)


@fault("/endless-headers")
async def endless_headers(line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\n")
    for number in count():
        await line.send(b"".join(b"X-%d: a\r\n" % (number * 500 + n) for n in range(500)))


@fault("/endless-trailers")
async def endless_trailers(line: Line) -> None:
    await line.send(
        head(Content_Type="text/html", Transfer_Encoding="chunked") + b"1\r\na\r\n0\r\n"
    )
    for number in count():
        await line.send(b"".join(b"X-%d: a\r\n" % (number * 500 + n) for n in range(500)))


@fault("/endless-robots")
async def endless_robots(line: Line) -> None:
    await line.send(head(Content_Type="text/plain") + b"User-agent: *\nDisallow: /private\n")
    while True:
        await line.send(b"# nothing\n" * 5000)


simply("/large-length", head(Content_Type="text/html", Content_Length=2**30) + PAGE)
simply("/large", head(Content_Type="text/html") + bytes(6 * 2**20))
simply("/many-headers", head(**{f"X{n}": n for n in range(5000)}, Content_Length=len(PAGE)) + PAGE)


# Not HTTP, or nearly.

simply("/ssh", b"SSH-2.0-OpenSSH_9.2\r\n")
simply("/binary", bytes(range(256)) * 8)
simply("/no-status-line", PAGE)
simply("/http2", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64" + bytes(20))
simply("/tls-alert", b"\x15\x03\x01\x00\x02\x02\x28")
simply("/bad-status", b"HTTP/1.1 abc OK\r\n\r\n")
simply("/bad-header", b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n" + PAGE)
simply("/nul-header", b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n" + PAGE)
simply("/space-header", b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\n\r\n" + PAGE)
simply("/two-lengths", head(Content_Length=5)[:-2] + b"Content-Length: 6\r\n\r\nabcdef")
simply("/negative-length", head(Content_Length=-1) + PAGE)
simply("/word-length", head(Content_Length="many") + PAGE)
simply(
    "/length-and-chunks",
    head(Content_Length=3, Transfer_Encoding="chunked") + b"5\r\nhello\r\n0\r\n\r\n",
    keep=True,
)
simply("/unknown-transfer", head(Transfer_Encoding="gzip") + gzip.compress(PAGE))
simply(
    "/upgrade",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + PAGE,
)


# Cut short, or too long.

simply("/short", whole()[:-100])
simply("/long", whole() + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", keep=True)
simply("/chunk-cut", head(Transfer_Encoding="chunked") + b"ff\r\nhalf")
simply("/chunk-no-end", head(Transfer_Encoding="chunked") + b"5\r\nhello\r\n")
simply("/chunk-bad-size", head(Transfer_Encoding="chunked") + b"xyz\r\nhello\r\n0\r\n\r\n")
simply("/chunk-negative", head(Transfer_Encoding="chunked") + b"-5\r\nhello\r\n0\r\n\r\n")
simply("/chunk-huge-size", head(Transfer_Encoding="chunked") + b"F" * 30 + b"\r\nhello\r\n")
simply("/chunk-no-newline", head(Transfer_Encoding="chunked") + b"5\r\nhelloXX0\r\n\r\n")
simply(
    "/chunk-trailers",
    head(Transfer_Encoding="chunked") + b"5\r\nhello\r\n0\r\nX-End: 1\r\n\r\n",
    keep=True,
)
simply("/gzip-cut", whole(gzip.compress(PAGE * 20)[:-40], Content_Encoding="gzip"), keep=True)
simply("/gzip-no-trailer", whole(gzip.compress(PAGE)[:-8], Content_Encoding="gzip"), keep=True)
simply("/gzip-not", whole(PAGE, Content_Encoding="gzip"), keep=True)
simply("/gzip-crc", whole(gzip.compress(PAGE)[:-8] + b"\0" * 8, Content_Encoding="gzip"), keep=True)
simply(
    "/gzip-flipped",
    whole(
        bytes(b ^ (0x40 if i == 60 else 0) for i, b in enumerate(gzip.compress(PAGE * 20))),
        Content_Encoding="gzip",
    ),
    keep=True,
)
simply(
    "/gzip-members",
    whole(gzip.compress(PAGE[:60]) + gzip.compress(PAGE[60:]), Content_Encoding="gzip"),
    keep=True,
)
simply("/gzip-many-members", whole(gzip.compress(b"a") * 11, Content_Encoding="gzip"), keep=True)
simply("/gzip-tail", whole(gzip.compress(PAGE) + b"<script>", Content_Encoding="gzip"), keep=True)
simply("/gzip-padded", whole(gzip.compress(PAGE) + bytes(512), Content_Encoding="gzip"), keep=True)
simply("/encoding-unknown", whole(Content_Encoding="rot13"), keep=True)
simply("/encoding-deflate", whole(deflate_bomb(), Content_Encoding="deflate"))
simply("/encoding-zstd", whole(b"\x28\xb5\x2f\xfd" + bytes(100), Content_Encoding="zstd"))
simply("/empty", whole(b""), keep=True)
simply("/empty-gzip", whole(b"", Content_Encoding="gzip"), keep=True)
simply("/204", head("204 No Content"), keep=True)
simply("/206", whole(PAGE, "206 Partial Content", Content_Range="bytes 0-9/100"), keep=True)
simply("/304", head("304 Not Modified"), keep=True)
simply("/video", whole(b"\0\0\0 ftyp", Content_Type="video/mp4"), keep=True)
simply("/zip", whole(b"PK\x03\x04", Content_Type="application/zip"), keep=True)


# Bombs.

simply("/bomb-gzip", whole(gzip_bomb(), Content_Encoding="gzip"))
simply("/bomb-brotli", whole(brotli_bomb(), Content_Encoding="br"))
simply("/bomb-stacked", whole(stacked_bomb(), Content_Encoding="gzip, gzip"))
simply("/bomb-nested", whole(stacked_bomb(), Content_Encoding="gzip"), keep=True)
simply(
    "/bomb-empty-blocks",
    head(Content_Type="text/html", Content_Encoding="gzip") + empty_blocks(),
)


@fault("/bomb-two-headers")
async def bomb_two_headers(line: Line) -> None:
    """Stacked as two headers instead of one list."""
    twice = b"Content-Encoding: gzip\r\n" * 2
    body = stacked_bomb()
    await line.send(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(body) + twice + b"\r\n" + body
    )


@fault("/bomb-chunked")
async def bomb_chunked(line: Line) -> None:
    await line.send(
        head(Content_Type="text/html", Content_Encoding="gzip", Transfer_Encoding="chunked")
    )
    body = gzip_bomb()
    for start in range(0, len(body), 4096):
        part = body[start : start + 4096]
        await line.send(b"%x\r\n" % len(part) + part + b"\r\n")
    await line.send(b"0\r\n\r\n")


@fault("/bomb-endless")
async def bomb_endless(line: Line) -> None:
    """The middle of a bomb, for ever."""
    await line.send(head(Content_Type="text/html", Content_Encoding="gzip"))
    start, middle = gzip_bomb()[:1000], gzip_bomb()[1000:30_000]
    await line.send(start)
    while True:
        await line.send(middle)


@fault("/bomb-slow")
async def bomb_slow(line: Line) -> None:
    await line.send(head(Content_Type="text/html", Content_Encoding="gzip"))
    for byte in gzip_bomb():
        await line.send(bytes([byte]))
        await asyncio.sleep(0.01)
