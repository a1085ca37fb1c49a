"""A site of invented articles in the structure of news.qq.com, served as fast as Python serves bytes.

    python -m tests.benchmarks.site PORT PAGES

Every page has its own text and three pictures of its own; the pages weigh what the site's do (some 60 kB).
"""

import asyncio
import gzip
import io
import random
import struct
import sys
from functools import cache

from PIL import Image

from scraper.demo.pages import rain
from scraper.demo.stories import Story, token
from tests.benchmarks.prose import Prose

PICTURES = 3
SCRIPT = (
    "<script>" + "/* what a page carries beside its article */ var a = 1;\n" * 700 + "</script>"
)
CHROME = "".join(
    f'<div class="item" data-n="{n}"><div class="item-pic"></div><div class="item-text">'
    f'<a href="https://news.qq.com/rain/a/20260701A{n:05d}00" target="_blank">'
    f'<span class="title">别的文章的标题，也有这么长{n}</span></a><em class="time">{n % 24} 小时前</em></div></div>'
    for n in range(31)
)
"""Beside its article a page lists others: 250 elements in all, 104 of them `div`s, and 31 links, as on a saved one of
2024."""


def identifier(number: int) -> str:
    """The id of the page of that number."""
    return f"20260801A{number:05d}00"


def stories(pages: int) -> list[Story]:
    prose = Prose()
    return [
        Story(
            id=identifier(number),
            title=sentences[0],
            outlet="青屿晚报",
            published="2026-08-01 09:30:12",
            lines=(*paragraphs(sentences[1:]), "[0|一]", "[1|二]", "[2|三]"),
            pictures=tuple(token("O", f"{number}-{n}") for n in range(PICTURES)),
        )
        for number, sentences in enumerate(prose.articles(pages))
    ]


def paragraphs(sentences: list[str]) -> list[str]:
    return ["".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]


@cache
def photograph() -> bytes:
    """A JPEG of some 40 kB."""
    chance = random.Random(5)
    small = Image.frombytes("RGB", (80, 53), chance.randbytes(80 * 53 * 3))
    buffer = io.BytesIO()
    small.resize((641, 427)).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def picture(name: str) -> bytes:
    """The photograph with a comment in it, so that no two are the same bytes."""
    comment = name.encode()
    return (
        photograph()[:2]
        + b"\xff\xfe"
        + struct.pack(">H", len(comment) + 2)
        + comment
        + photograph()[2:]
    )


def answer(body: bytes, kind: str, *, packed: bool) -> bytes:
    encoding = "Content-Encoding: gzip\r\n" if packed else ""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{encoding}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def site(pages: int) -> dict[str, bytes]:
    """Path → the whole answer, for the pages; pictures are made as they are asked for."""
    return {
        f"/rain/a/{story.id}": answer(
            gzip.compress(weighed(rain(story)), 6),
            "text/html; charset=utf-8",
            packed=True,
        )
        for story in stories(pages)
    }


def weighed(page: bytes) -> bytes:
    """The page with all that stands around an article."""
    sidebar = f'<div class="content-right"><div class="list">{CHROME}</div></div>'
    page = page.replace(b"</head>", SCRIPT.encode() + b"</head>")
    return page.replace(b"</body>", sidebar.encode() + b"</body>")


class Serving(asyncio.Protocol):
    answers: dict[str, bytes]
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path.startswith("/om_bt/"):
                self.transport.write(answer(picture(path), "image/jpeg", packed=False))
            else:
                self.transport.write(self.answers.get(path, self.missing))


async def serve(port: int, pages: int) -> None:
    Serving.answers = site(pages)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Serving, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
