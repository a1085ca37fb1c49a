"""How long reading takes: `python -m tests.benchmarks.extract [FOLDER …]`.

For every page: the bare Lexbor parse of its UTF-8 bytes, and everything from capture to article, in CPU time, measured
in turns so that both see the same machine.  Ratios are medians of the rounds; absolute times are the best of them.
The last ratio, `alone`, is of a program that only parses and one that only reads, in processes of their own: parsing
gives its memory back to the system each time, and pays for that, unless something that reads pages has made the heap
larger before.  A page that is hardly more than its body takes longer in proportion: parsing skips through the scripts
that surround an article ten times faster than anything can read the article.
"""

import gzip
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from archive.capture import Capture
from scraper.charset import decode
from scraper.extract import extract
from tests.corpus import CORPUS

ROUNDS = 15
ROUNDS_ALONE = 3
PAGES_ALONE = 40
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
FOLDERS = (
    "qq/rain-2024",
    "qq/omn-2019",
    "qq/omn-2020",
    "qq/a-htm-2016",
    "qq/a-htm-2010",
    "qq/rain-2026/body",
)


def pages_in(folder: Path) -> list[Path]:
    """The pages of a folder, without the answers that lie beside them."""
    pages = (
        path for path in sorted(folder.rglob("*")) if path.name.endswith((".html", ".html.gz"))
    )
    return [path for path in pages if "expected" not in path.name]


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def works(bodies: list[bytes]) -> tuple[Callable[[], None], Callable[[], None]]:
    """What is measured: parsing all pages, and reading them."""
    at = datetime.now(UTC)
    captures = [
        Capture(url="file:///page.html", at=at, body=body, origin="file") for body in bodies
    ]
    sources = [decode(body).text.encode("utf-8", "replace") for body in bodies]

    def parse() -> None:
        for source in sources:
            LexborHTMLParser(source, scripting=True)

    def read() -> None:
        for capture in captures:
            extract(capture)

    return parse, read


def measure(bodies: list[bytes]) -> tuple[float, float, float]:
    """Best parse, best reading (seconds for all pages), and the median of their ratios."""
    parse, read = works(bodies)
    rounds = [(seconds(parse), seconds(read)) for _ in range(ROUNDS)]
    ratio = statistics.median(reading / parsing for parsing, reading in rounds if parsing)
    return min(parsing for parsing, _ in rounds), min(reading for _, reading in rounds), ratio


def alone(folder: Path) -> float:
    """The median ratio of reading to parsing, each in a process that does nothing else."""

    def best(kind: str) -> float:
        command = [sys.executable, "-m", "tests.benchmarks.extract", "--alone", kind, str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return float(done.stdout)

    return statistics.median(best("read") / best("parse") for _ in range(ROUNDS_ALONE))


def only(kind: str, folder: Path) -> float:
    """Seconds for all pages, the best of many passes; of a process that has done nothing else."""
    parse, read = works(bodies_in(folder))
    work = parse if kind == "parse" else read
    passes = max(2, PAGES_ALONE // len(pages_in(folder)))
    return min(seconds(lambda: [work() for _ in range(passes)]) / passes for _ in range(ROUNDS))


def bodies_in(folder: Path) -> list[bytes]:
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in pages_in(folder)
    ]


def main(folders: list[str]) -> None:
    if folders[:1] == ["--alone"]:
        print(only(folders[1], Path(folders[2])))
        return
    named = [Path(folder) for folder in folders] or [CORPUS / folder for folder in FOLDERS]
    there = [folder for folder in named if folder.is_dir()] or [FIXTURES]
    print(
        f"{'pages':<34}{'number':>7}{'kB each':>9}{'parse ms':>10}{'read ms':>10}{'read/parse':>12}"
        f"{'alone':>7}{'pages/s':>9}"
    )
    for folder in there:
        bodies = bodies_in(folder)
        if not bodies:
            continue
        parsing, reading, ratio = measure(bodies)
        number = len(bodies)
        name = "/".join(folder.parts[-2:])
        print(
            f"{name:<34}{number:>7}{sum(map(len, bodies)) / number / 1000:>9.0f}{parsing / number * 1000:>10.2f}"
            f"{reading / number * 1000:>10.2f}{ratio:>12.1f}{alone(folder):>7.1f}{number / reading:>9.0f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
