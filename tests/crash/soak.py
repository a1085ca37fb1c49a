"""A long run over a bad line, killed again and again.

    python -m tests.crash.soak [--pages 1000] [--kills 20] [--faults 0.05] [--seed 1]

The command itself (`qqnews run`) collects invented articles with three pictures each over TLS from a site on this
machine.  The site breaks a share of its answers; the run is killed with SIGKILL at random moments and begun again.  At
the end every page must have its right state with every picture, nothing may have been asked for after it was told as
done, the archive must verify, and by the site's own log no run may ever have asked a host faster than its pace.
"""

import argparse
import asyncio
import gzip
import json
import random
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from scraper.demo.pages import rain
from tests.benchmarks.site import answer, identifier, picture, stories
from tests.hostile.stalls import Stalls

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ("news.qq.com", "view.inews.qq.com", "inews.gtimg.com")
PACE = {"news.qq.com": 0.02, "view.inews.qq.com": 0.02, "inews.gtimg.com": 0.01}
WITHDRAWN = (
    b"HTTP/1.1 302 Found\r\nLocation: https://www.qq.com/babygohome/\r\nContent-Length: 0\r\n\r\n"
)
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
GONE = 25
"""Every so many-th article has been withdrawn."""


@dataclass
class Site:
    """What is served, what of it is broken, and what was asked: (when, host, path)."""

    pages: dict[str, bytes]
    chance: random.Random
    faults: float
    log: list[tuple[float, str, str]] = field(default_factory=list)
    stalls: Stalls = field(default_factory=Stalls)

    def said(self, path: str) -> bytes:
        if path.startswith("/om_bt/"):
            return answer(picture(path), "image/jpeg", packed=False)
        return self.pages.get(path, MISSING)

    def broken(self, whole: bytes) -> bytes | None:
        """What goes out instead, now and then; None for nothing at all."""
        status = b"HTTP/1.1 %d Trouble\r\nContent-Length: 0\r\n\r\n"
        faults = [
            status % 500,
            status % 502,
            status % 525,
            None,
            whole[: len(whole) // 2],
            b"\x16\x03nonsense",
        ]
        return self.chance.choice(faults)


class Line(asyncio.Protocol):
    """One connection to the site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            host = head.lower().partition(b"host: ")[2].partition(b"\r\n")[0].decode()
            self.site.log.append((time.monotonic(), host, path))
            whole = self.site.said(path)
            if self.site.chance.random() >= self.site.faults:
                self.transport.write(whole)
                continue
            self.transport.write(self.site.broken(whole) or b"")
            self.transport.close()


def served(site: Site, folder: Path) -> tuple[int, Path]:
    """Serve it from a thread; its port, and whom to trust."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    ready: list[int] = []
    begun = threading.Event()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Line(site), "127.0.0.1", 0, ssl=context, backlog=500
        )
        ready.append(server.sockets[0].getsockname()[1])
        begun.set()
        await asyncio.gather(server.serve_forever(), site.stalls.watch())

    threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
    assert begun.wait(20)
    return ready[0], folder / "authority.pem"


@dataclass
class Soak:
    """The site, the archive, and what was promised."""

    site: Site
    folder: Path
    kills: int
    chance: random.Random
    done: dict[str, float] = field(default_factory=dict)
    """Id → when it was told as done."""
    begun: list[float] = field(default_factory=list)

    def configure(self, ids: Iterable[str], port: int, authority: Path) -> None:
        (self.folder / "addresses.txt").write_text("\n".join(ids))
        config = self.folder / "config.yaml"
        config.write_text(
            f"""
archive: {{path: archive}}
sources: {{soak: {{kind: file, path: addresses.txt}}}}
network:
  connect_to: ["::127.0.0.1:{port}"]
  ca_file: {authority}
  pace: {{page: 20ms, picture: 10ms, per_hour: 0}}
  retry: {{first: 20ms, longest: 200ms, limits_in_a_row: 9, failures_in_a_row: 50}}
"""
        )
        config.chmod(0o644)

    def command(self, *words: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "scraper",
            "--config",
            str(self.folder / "config.yaml"),
            *words,
        ]

    def run(self, seconds: float | None) -> int:
        """One run, killed after so many seconds from its first sign of life; its exit code."""
        self.begun.append(time.monotonic())
        process = subprocess.Popen(
            self.command("run", "-o", "jsonl"),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout and process.stderr
        killer: threading.Timer | None = None
        for line in process.stdout:
            told = json.loads(line)
            if told["type"] == "page" and told["result"] in ("new", "gone", "same", "copy"):
                self.done.setdefault(told["id"], time.monotonic())
            if seconds is not None and killer is None:
                killer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
                killer.start()
        complaint = process.stderr.read()
        code = process.wait()
        process.stdout.close()
        process.stderr.close()
        if killer:
            killer.cancel()
        assert code in (-signal.SIGKILL, 0, 3), complaint
        return code

    def soak(self) -> int:
        """Run, kill and run again until nothing is left; how often it was killed."""
        killed = 0
        while killed < self.kills:
            code = self.run(self.chance.uniform(0.05, 3.0))
            killed += code == -signal.SIGKILL
            if code == 0:
                break
        for _ in range(5):
            subprocess.run(self.command("retry", "-q"), cwd=ROOT, capture_output=True, check=True)
            if self.run(None) == 0:
                break
        return killed

    def asked_again(self) -> list[str]:
        """Pages asked for after they were told as done."""
        ids = {f"/rain/a/{id}": when for id, when in self.done.items()}
        return [path for at, _, path in self.site.log if at > ids.get(path, at)]

    def hurried(self) -> list[str]:
        """Moments in which a run asked a host more often than its pace allows, one request beyond it let pass."""
        found = []
        for host, times in self.by_host_and_run():
            for first, start in enumerate(times):
                for number, at in enumerate(times[first : first + 50]):
                    if number <= (at - start) / PACE[host] + 1.001:
                        continue
                    if (
                        number
                        > (at - start + self.site.stalls.between(start, at)) / PACE[host] + 1.001
                    ):
                        found.append(f"{host}: {number + 1} requests in {at - start:.3f} s")
        return found

    def by_host_and_run(self) -> Iterator[tuple[str, list[float]]]:
        grouped: dict[tuple[str, int], list[float]] = defaultdict(list)
        for at, host, _ in self.site.log:
            grouped[host, sum(at >= begun for begun in self.begun)].append(at)
        for (host, _), times in grouped.items():
            yield host, times

    def rows(self, statement: str) -> list[dict[str, object]]:
        done = subprocess.run(
            self.command("sql", statement, "-o", "json"),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        rows: list[dict[str, object]] = json.loads(done.stdout)
        return rows


def soak(*, pages: int, kills: int, faults: float, seed: int, folder: Path) -> str:
    """Soak, and say how it went.  Raises AssertionError for whatever went wrong."""
    told = stories(pages)
    served_pages = {
        f"/rain/a/{one.id}": answer(gzip.compress(rain(one)), "text/html", packed=True)
        for one in told
    }
    gone = {identifier(number) for number in range(GONE - 1, pages, GONE)}
    served_pages |= {f"/rain/a/{id}": WITHDRAWN for id in gone}
    site = Site(served_pages, random.Random(seed), faults)
    soaked = Soak(site, folder, kills, random.Random(seed))
    soaked.configure((one.id for one in told), *served(site, folder))
    began = time.monotonic()

    killed = soaked.soak()

    kept = {str(row["id"]) for row in soaked.rows("select id from articles where state = 'ok'")}
    assert kept == {one.id for one in told} - gone, len(kept)
    pictures = soaked.rows(
        "select article, count(sha256) as n from article_images group by article having n < 3"
    )
    assert pictures == []
    assert soaked.rows("select state, count(*) as n from queue group by state") == [
        {"state": "done", "n": pages}
    ]
    assert soaked.asked_again() == []
    hurried = soaked.hurried()
    assert not hurried, hurried[:5]
    verified = subprocess.run(
        soaked.command("verify", "--read-data"), cwd=ROOT, capture_output=True, text=True
    )
    assert verified.returncode == 0, verified.stderr
    asked = len(site.log)
    return (
        f"{pages} pages, {len(gone)} of them withdrawn, {faults:.0%} of {asked} answers broken, killed {killed} times: "
        f"{len(kept)} kept whole in {time.monotonic() - began:.0f} s, none asked for again, the pace never exceeded"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--faults", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(soak(**vars(asked), folder=Path(folder)))


if __name__ == "__main__":
    main()
