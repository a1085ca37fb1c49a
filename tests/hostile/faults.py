"""The faults, one a path: how a connection, HTTP, a compression, a status, a redirect or a picture can go wrong."""

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count

from tests.hostile.bombs import (
    brotli_bomb,
    deflate_bomb,
    empty_blocks,
    gzip_bomb,
    stacked_bomb,
)
from tests.hostile.server import Fault, Line

PAGE = ("<!doctype html><title>一页</title><p>" + "字" * 400).encode()
PICTURE = b"\xff\xd8\xff\xe0" + b"picture" * 300

FAULTS: dict[str, Fault] = {}


def fault(path: str) -> Callable[[Fault], Fault]:
    def named(function: Fault) -> Fault:
        FAULTS[path] = function
        return function

    return named


def head(status: str = "200 OK", **headers: object) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1")


def whole(body: bytes = PAGE, status: str = "200 OK", **headers: object) -> bytes:
    headers = {"Content_Type": "text/html; charset=utf-8"} | headers | {"Content_Length": len(body)}
    return head(status, **headers) + body


def simply(path: str, content: bytes, *, keep: bool = False) -> None:
    """A path that sends these bytes and closes, or keeps the connection."""

    async def send(line: Line) -> bool:
        await line.send(content)
        return keep

    FAULTS[path] = send


def status(path: str, text: str, **headers: object) -> None:
    simply(path, whole(PAGE, text, **headers), keep=True)


# What is well.

simply("/unknown", whole(b"<p>nothing here", "404 Not Found"), keep=True)
simply("/ok", whole(), keep=True)
simply("/ok2", whole(PAGE + b"2"), keep=True)
simply("/gzip", whole(gzip.compress(PAGE), Content_Encoding="gzip"), keep=True)
simply("/identity", whole(Content_Encoding="identity"), keep=True)
simply("/list", whole(b'{"code":0}', Content_Type="application/json"), keep=True)
simply("/picture", whole(PICTURE, Content_Type="image/jpeg"), keep=True)
simply("/http10", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE)
simply("/no-type", head(Content_Length=len(PAGE)) + PAGE, keep=True)
simply("/lower-case", b"http/1.1 200 ok\r\n\r\n" + PAGE)
simply("/no-reason", b"HTTP/1.1 200\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE, keep=True)
simply("/early-hints", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + whole(), keep=True)


@fault("/validated")
async def validated(line: Line) -> bool:
    """304 to whoever shows the ETag or the date."""
    asked = line.seen.headers
    known = asked.get("if-none-match") == '"v1"' or asked.get("if-modified-since")
    tags = {"ETag": '"v1"', "Last_Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    await line.send(head("304 Not Modified", **tags) if known else whole(**tags))
    return True


@fault("/echo")
async def echo(line: Line) -> bool:
    """What was asked, as JSON, and an attempt to set cookies."""
    body = json.dumps(
        {"headers": line.seen.headers, "method": line.seen.method, "body": line.seen.body}
    )
    cookie = {"Set_Cookie": "track=1; Path=/; Max-Age=99999"}
    await line.send(whole(body.encode(), Content_Type="application/json", **cookie))
    return True


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


# Statuses.

for number in (
    400,
    401,
    403,
    404,
    405,
    406,
    408,
    410,
    414,
    418,
    423,
    425,
    451,
    500,
    501,
    502,
    503,
    504,
    505,
    520,
    523,
    525,
    530,
    545,
    566,
    567,
    599,
    999,
):
    status(f"/{number}", f"{number} Because")

status("/429", "429 Too Many Requests")
status("/429-seconds", "429 Too Many Requests", Retry_After=120)
status("/429-absurd", "429 Too Many Requests", Retry_After="999999999999")
status("/429-word", "429 Too Many Requests", Retry_After="soon")
status("/429-negative", "429 Too Many Requests", Retry_After="-5")
status("/429-past", "429 Too Many Requests", Retry_After="Thu, 01 Jan 2015 00:00:00 GMT")
status("/429-far", "429 Too Many Requests", Retry_After="Fri, 31 Dec 9999 23:59:59 GMT")
status("/503-seconds", "503 Service Unavailable", Retry_After=30)


@fault("/429-date")
async def limited_until(line: Line) -> bool:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    await line.send(whole(PAGE, "429 Too Many Requests", Retry_After=until))
    return True


@fault("/429-two")
async def limited_twice(line: Line) -> bool:
    body = head("429 Too Many Requests", Content_Length=0)[:-2]
    await line.send(body + b"Retry-After: 5\r\nRetry-After: 500\r\n\r\n")
    return True


@fault("/429-once")
async def limited_once(line: Line) -> bool:
    await line.send(
        whole(PAGE, "429 Too Many Requests", Retry_After=1) if line.times == 1 else whole()
    )
    return True


@fault("/503-once")
async def unavailable_once(line: Line) -> bool:
    await line.send(whole(PAGE, "503 Service Unavailable") if line.times == 1 else whole())
    return True


@fault("/500-twice")
async def broken_twice(line: Line) -> bool:
    await line.send(whole(PAGE, "500 Oops") if line.times <= 2 else whole())
    return True


@fault("/403-once")
async def forbidden_once(line: Line) -> bool:
    await line.send(whole(PAGE, "403 Forbidden") if line.times == 1 else whole())
    return True


@fault("/reset-once")
async def reset_once(line: Line) -> bool | None:
    if line.times == 1:
        return line.reset()
    await line.send(whole())
    return True


# Redirects.


def redirect(path: str, to: str, text: str = "302 Found") -> None:
    simply(path, whole(b"<p>moved", text, Location=to), keep=True)


redirect("/to-ok", "/ok")
redirect("/to-ok-301", "/ok", "301 Moved Permanently")
redirect("/to-ok-303", "/echo", "303 See Other")
redirect("/to-ok-307", "/echo", "307 Temporary Redirect")
redirect("/to-other-host", "//view.inews.qq.com/ok")
redirect("/to-self", "/to-self")
redirect("/circle-a", "/circle-b")
redirect("/circle-b", "/circle-a")
for step in range(8):
    redirect(f"/hop-{step}", f"/hop-{step + 1}")
simply("/hop-5-ok", whole(), keep=True)
redirect("/hop-ok", "/hop-ok-1")
for step in range(1, 5):
    redirect(f"/hop-ok-{step}", f"/hop-ok-{step + 1}" if step < 4 else "/ok")
redirect("/to-file", "file:///etc/passwd")
redirect("/to-ftp", "ftp://news.qq.com/a")
redirect("/to-data", "data:text/html,hello")
redirect("/to-javascript", "javascript:alert(1)")
redirect("/to-user", "https://editor:secret@news.qq.com/ok")
redirect("/to-http", "http://news.qq.com/ok")
redirect("/to-stranger", "https://news.qq.com.evil.example/ok")
redirect("/to-loopback", "https://127.0.0.1/ok")
redirect("/to-metadata", "https://169.254.169.254/latest/meta-data/")
redirect("/to-ssh-port", "https://news.qq.com:22/ok")
redirect("/to-nonsense", "https://[::1")
redirect("/to-control", "/ok\tnot")
redirect("/to-long", "/" + "a" * 4000)
redirect("/withdrawn", "https://www.qq.com/babygohome/?pgv_ref=404")
redirect("/withdrawn-mobile", "https://xw.qq.com/404.html")
redirect("/firewall", "https://waf.tencent.com/501page.html?u=x&id=y")
redirect("/captcha", "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x")
simply("/to-nowhere", head("302 Found", Content_Length=0), keep=True)
simply(
    "/to-chinese",
    head("302 Found", Content_Length=0, Location="/ok?词=新闻".encode().decode("latin-1")),
    keep=True,
)
simply(
    "/to-bomb-body",
    head("302 Found", Location="/ok", Content_Encoding="gzip", Content_Length=len(gzip_bomb()))
    + gzip_bomb(),
)


@fault("/to-endless-body")
async def to_endless_body(line: Line) -> None:
    await line.send(head("302 Found", Location="/ok"))
    while True:
        await line.send(b"a" * 65536)


# Pictures.

simply("/picture-html", whole(PAGE, Content_Type="image/jpeg"), keep=True)
simply("/picture-empty", whole(b"", Content_Type="image/jpeg"), keep=True)
simply("/picture-short", whole(PICTURE, Content_Type="image/jpeg")[:-100])
simply("/picture-large", head(Content_Type="image/png", Content_Length=21 * 2**20))
simply("/picture-wrong-type", whole(PICTURE, Content_Type="text/plain"), keep=True)
simply(
    "/picture-gzip",
    whole(gzip.compress(PICTURE), Content_Type="image/jpeg", Content_Encoding="gzip"),
    keep=True,
)


@fault("/picture-slow")
async def picture_slow(line: Line) -> bool:
    await asyncio.sleep(0.1)
    await line.send(whole(PICTURE, Content_Type="image/jpeg"))
    return True


# robots.txt


@fault("/robots.txt")
async def robots(line: Line) -> bool | None:
    """There is none, unless the test chose a fault for this host."""
    host = line.seen.headers.get("host", "").partition(":")[0]
    return await FAULTS[line.server.robots.get(host, "/no-robots")](line)


def rules(path: str, *lines: str) -> None:
    simply(path, whole("\n".join(lines).encode(), Content_Type="text/plain"), keep=True)


simply("/no-robots", whole(b"no rules", "404 Not Found", Content_Type="text/plain"), keep=True)
rules("/robots-private", "User-agent: *", "Disallow: /private", "Allow: /private/open")
rules("/robots-articles", "User-agent: *", "Disallow: /rain/")
rules("/robots-us", "User-agent: qqnews", "Disallow: /", "", "User-agent: *", "Allow: /")
rules("/robots-others", "User-agent: GPTBot", "Disallow: /")
rules("/robots-delay", "User-agent: *", "Crawl-delay: 7")
rules("/robots-bom", "\ufeffUser-agent: *", "Disallow: /private")
redirect("/robots-moved", "/robots-private")
simply("/binary-robots", whole(bytes(range(256)) * 40, Content_Type="text/plain"), keep=True)
