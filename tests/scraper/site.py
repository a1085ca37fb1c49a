"""A little qq.com on loopback that does what a test tells it, and the tools of a run against it.

Site       address → what is answered, and a log of what was asked
tools      archive, fetcher, workers and collector, wired to a site
article    a page of today's news.qq.com, in the true structure, with invented words
"""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from archive.archive import Archive
from scraper.demo import pages
from scraper.demo.server import Backend
from scraper.demo.stories import Story
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.guard import Resolver, look_up
from scraper.fetch.settings import Limits, NetworkSettings, Pace, Retry
from scraper.pictures import PictureSettings
from scraper.pipeline.collect import Collector
from scraper.worker.pool import Workers

HTML = "text/html; charset=utf-8"
BABYGOHOME = "https://www.qq.com/babygohome/?pgv_ref=404"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.  hold: seconds before it begins.."""

    body: bytes = b""
    status: int = 200
    kind: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    hold: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what the site saw of it."""

    url: str
    headers: dict[str, str]
    body: bytes


Script = Answer | Callable[[Asked], Answer] | list[Answer]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that were killed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Site:
    """Answers by address; others answer 404.  A list of answers is used up one by one, its last one stays."""

    def __init__(self) -> None:
        self.answers: dict[str, Script] = {}
        self.log: list[Asked] = []
        self.port = 0
        self._lock = threading.Lock()

    def __setitem__(self, url: str, script: Script | bytes) -> None:
        self.answers[url] = Answer(body=script) if isinstance(script, bytes) else script

    def asked(self, part: str = "") -> list[str]:
        """The addresses asked so far that contain this, without robots.txt."""
        urls = [seen.url for seen in self.log]
        return [url for url in urls if part in url and not url.endswith("/robots.txt")]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.log.append(asked)
            script = self.answers.get(asked.url) or self.answers.get(asked.url.partition("?")[0])
            if isinstance(script, list):
                return script.pop(0) if len(script) > 1 else script[0]
        if script is None:
            return Answer(status=404)
        return script if isinstance(script, Answer) else script(asked)

    @contextmanager
    def serving(self) -> Iterator["Site"]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                host = (self.headers.get("Host") or "").partition(":")[0]
                headers = {name.lower(): value for name, value in self.headers.items()}
                given = site.answer(Asked(f"https://{host}{self.path}", headers, body))
                if given.hold:
                    time.sleep(given.hold)
                try:
                    self.send_response(given.status)
                    for name, value in given.headers.items():
                        self.send_header(name, value)
                    if given.status != 304:
                        self.send_header("Content-Type", given.kind)
                        self.send_header("Content-Length", str(len(given.body)))
                    self.end_headers()
                    if given.status != 304:
                        self.wfile.write(given.body)
                except OSError:
                    self.close_connection = True  # nobody is waiting any more

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        server = _Server(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.port = server.server_address[1]
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class Bench:
    """An event loop and a worker process for the tests of a module: starting one takes longer than most tests."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self.workers = self._runner.run(self._start())

    async def _start(self) -> Workers:
        return await Workers().__aenter__()

    def run(self, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._runner.run(story())

    def close(self) -> None:
        self._runner.run(self.workers.__aexit__(None, None, None))
        self._runner.close()


class Clock:
    """The time of day, as a test wants it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, **time: float) -> None:
        self.ahead += timedelta(**time)


@dataclass(slots=True)
class Tools:
    archive: Archive
    fetcher: Fetcher
    workers: Workers
    collector: Collector
    clock: Clock

    def rows(self, sql: str) -> list[Any]:
        return self.archive._database().execute(sql).fetchall()


def network(port: int) -> NetworkSettings:
    """Everything to the site, as fast as it goes."""
    return NetworkSettings(
        connect_to=(f"::127.0.0.1:{port}",),
        pace=Pace(page=0.0, picture=0.0, per_hour=0),
        retry=Retry(tries=2, first=0.01, longest=0.02, blocked=0.01),
        limits=Limits(page_time=10.0, picture_time=10.0),
    )


@asynccontextmanager
async def tools(
    site: Site,
    root: Path,
    *,
    pictures: PictureSettings | None = None,
    clock: Clock | None = None,
    settings: NetworkSettings | None = None,
    workers: Workers,
    resolver: Resolver = look_up,
    freshness: float = 3600.0,
    **options: Any,
) -> AsyncIterator[Tools]:
    """Real sockets, real files, real SQLite, a real worker process (shared by the tests of a module)."""
    clock = clock or Clock()
    Archive.create(root)
    with Archive.open(root, clock=clock, **options) as archive:
        way = settings or network(site.port)
        async with Fetcher(way, backend=Backend(), clock=clock, resolver=resolver) as fetcher:
            collector = Collector(
                archive,
                fetcher,
                workers,
                freshness=freshness,
                pictures=pictures or PictureSettings(time=5.0),
                clock=clock,
            )
            yield Tools(archive, fetcher, workers, collector, clock)


WORDS = (
    "青屿的渡船今天早上没有按时开出。船长说，雾太大，看不见对岸的灯塔，只好等。",
    "码头上等船的人不多，几位老人坐在石阶上，剥着刚买的花生，谁也不着急。",
    "到了十点，雾散了，汽笛响了三声，渡船慢慢离岸，比平时晚了两个半小时。",
)


def story(
    known: str, *, lines: tuple[str, ...] = WORDS, tokens: tuple[str, ...] = (), title: str = ""
) -> Story:
    """An invented article; every token is a picture on it."""
    shown = tuple(f"[{n}|渡口，第{n}张]" for n in range(len(tokens)))
    return Story(
        id=known,
        title=title or f"渡船晚点的早晨（{known[8:]}）",
        outlet="青屿晚报",
        published="2026-11-20 09:30:12",
        lines=(*lines, *shown),
        pictures=tokens,
    )


def article(known: str, **parts: Any) -> bytes:
    """The page of an invented article."""
    return pages.rain(story(known, **parts))


def told(known: str, number: int) -> tuple[str, ...]:
    """Words that no other article has."""
    return (
        f"这是第{number}篇，编号{known}。" + WORDS[number % 3] + f"记者数了{number}遍。",
        *WORDS[1:],
    )


def address(known: str) -> str:
    return f"https://news.qq.com/rain/a/{known}"


def token(name: str) -> str:
    return f"O{name}".ljust(45, "x") + "AA"


def picture_address(name: str, size: str) -> str:
    return f"https://inews.gtimg.com/om_bt/{token(name)}/{size}"


def jpeg(colour: str = "teal", size: tuple[int, int] = (64, 40)) -> bytes:
    file = BytesIO()
    Pillow.effect_noise(size, 80).convert("RGB").save(file, "JPEG", comment=colour.encode())
    return file.getvalue()


def picture(colour: str = "teal") -> Answer:
    return Answer(body=jpeg(colour), kind="image/jpeg")


def validated(body: bytes, tag: str = '"one"') -> Callable[[Asked], Answer]:
    """A page with an ETag, answered with 304 to those who know it."""

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return Answer(body=body, headers={"ETag": tag})

    return answer


def held(answer: Answer, seconds: float) -> Answer:
    return replace(answer, hold=seconds)


def illustrate(site: Site, *names: str) -> tuple[str, ...]:
    """Pictures on the site, in every size; gives their tokens."""
    for name in names:
        for size in ("0", "1000", "641"):
            site[picture_address(name, size)] = picture(name)
    return tuple(token(name) for name in names)
