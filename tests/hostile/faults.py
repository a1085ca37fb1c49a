"""The faults, one a path, and how one is written; what is well stands here too."""

import gzip
import json
from collections.abc import Callable

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
