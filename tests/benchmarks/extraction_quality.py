"""How well and how fast pages are read, beside the tools people would use instead.  One command, one table:

    python -m tests.benchmarks.extraction_quality [--all] [--nameless] [--rounds 3] [--worst 5]

Truth is what people marked as the article's text: a qq.com page of 2024, the Chinese pages of magic-html, WeChat pages
whose Markdown another tool made (without its own title and footer), and Chinese news pages whose article's element was
found by hand; with `--all` also the other pages of magic-html, article-extraction-benchmark (scrapinghub) and wcxb, in
other languages.  With `--nameless` every class and id is a meaningless word and every `<article>`, `<nav>` … a `<div>`:
what a tool makes of a page by its structure alone.  All tools run in the same process, page by page in turn, so that
whatever else the machine does hits them alike; times are CPU seconds, the least of the rounds, and stand beside what
Lexbor needs to parse the same pages.  Tools that are not installed are named and skipped: trafilatura, newspaper4k
(with jieba), readability-lxml, gne, resiliparse.
"""

import argparse
import gzip
import json
import logging
import re
import sys
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from archive.capture import Capture
from scraper.charset import decode
from scraper.extract import extract
from tests.corpus import CORPUS, page_bytes
from tests.likeness import seen, shingle_f1, shown, token_f1, tokens


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A page and what people say its article's text is."""

    name: str
    url: str
    body: bytes
    truth: str

    @cached_property
    def text(self) -> str:
        """The page as text; every tool gets it decoded right, for charsets are not what is measured here."""
        return decode(self.body).text


# --- truth ----------------------------------------------------------------------------------------


def content_of(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def is_chinese(text: str) -> bool:
    """Whether a text is Chinese, and not Japanese with many of its characters."""
    found = tokens(text)
    characters = sum("\u4e00" <= token <= "\u9fff" for token in found)
    kana = sum("\u3040" <= token <= "\u30ff" for token in found)
    return characters > 0.5 * len(found) and kana < 0.05 * len(found)


def rain() -> Iterator[Sample]:
    for path in sorted((CORPUS / "qq/rain-2024").glob("*.html*")):
        truth = path.with_name(f"{path.name.partition('.')[0]}.truth.txt")
        address = f"https://new.qq.com/rain/a/{path.name.partition('.')[0]}"
        yield Sample(
            name=path.name, url=address, body=content_of(path), truth=truth.read_text("utf-8")
        )


def wechat() -> Iterator[Sample]:
    for path in sorted((CORPUS / "wechat/2026-mufeng").glob("*.html*")):
        made = path.with_name(f"{path.name.partition('.')[0]}.md").read_text("utf-8")
        truth = made.split("---", 1)[1].rsplit("---", 1)[0] if made.count("\n---") >= 2 else made
        address = "https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"
        yield Sample(name=path.name, url=address, body=content_of(path), truth=seen(truth))


def magic_html(chinese: bool) -> Iterator[Sample]:
    folder = CORPUS / "bench/magic-html"
    for key, entry in json.loads((folder / "base.json").read_text("utf-8")).items():
        if is_chinese(entry["content"]) is chinese:
            body = content_of(folder / "html" / f"{key}.html.gz")
            yield Sample(name=key[:8], url=entry["url"], body=body, truth=entry["content"])


def chinese_news() -> Iterator[Sample]:
    """News pages of 2010 to 2023; their truth is the text of the element in which a person found the article."""
    table = Path(__file__).parents[1] / "scraper" / "expected_containers.tsv"
    for line in table.read_text("utf-8").splitlines()[1:]:
        page, selector = line.split("\t")
        body = page_bytes(page)
        container = LexborHTMLParser(decode(body).text).css_first(selector)
        truth = shown(container.html or "", but="script, style, iframe, button")
        yield Sample(name=page, url="https://news.example/a/1.html", body=body, truth=truth)


def scrapinghub() -> Iterator[Sample]:
    folder = CORPUS / "bench/scrapinghub"
    truths = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for path in sorted((folder / "html").iterdir()):
        entry = truths.get(path.name.partition(".")[0])
        if entry:
            yield Sample(
                name=path.name[:8],
                url=entry["url"],
                body=content_of(path),
                truth=entry["articleBody"],
            )


def wcxb() -> Iterator[Sample]:
    folder = CORPUS / "bench/wcxb"
    for path in sorted((folder / "truth").glob("*.json")):
        entry = json.loads(path.read_text("utf-8"))
        page = next((folder / "html").glob(f"{path.stem}.html*"), None)
        truth = entry["ground_truth"]["main_content"]
        if page and truth:
            yield Sample(name=path.stem, url=entry["url"], body=content_of(page), truth=truth)


_NAMES = re.compile(r"""(\s(?:class|id)\s*=\s*)(["'])([^"'<>]*)\2""", re.IGNORECASE)
_TELLING = re.compile(
    r"<(/?)(?:article|main|section|aside|footer|header|nav)(?=[\s>])", re.IGNORECASE
)


def nameless(page: Sample) -> Sample:
    """The same page under names that say nothing; equal names stay equal."""

    def hashed(found: re.Match[str]) -> str:
        words = (f"c{zlib.crc32(word.encode()):08x}" for word in found[3].split())
        return f"{found[1]}{found[2]}{' '.join(words)}{found[2]}"

    text = _TELLING.sub(r"<\1div", _NAMES.sub(hashed, page.text))
    return replace(page, body=text.encode("utf-8", "replace"))


SETS: dict[str, Callable[[], Iterator[Sample]]] = {
    "qq rain 2024": rain,
    "WeChat": wechat,
    "magic-html zh": lambda: magic_html(chinese=True),
    "Chinese news": chinese_news,
}
OTHER_SETS: dict[str, Callable[[], Iterator[Sample]]] = {
    "magic-html other": lambda: magic_html(chinese=False),
    "scrapinghub": scrapinghub,
    "wcxb": wcxb,
}

# --- tools ----------------------------------------------------------------------------------------

Tool = Callable[[Sample], str]


def qqnews(page: Sample) -> str:
    """The article as this project keeps it: Markdown; what is compared is its text."""
    capture = Capture(url=page.url, at=datetime.now(UTC), body=page.body, origin="warc")
    article = extract(capture).article
    return article.markdown if article else ""


def trafilatura() -> Tool:
    import trafilatura

    return lambda page: trafilatura.extract(page.text, url=page.url, include_comments=False) or ""


def trafilatura_markdown() -> Tool:
    import trafilatura

    def read(page: Sample) -> str:
        return (
            trafilatura.extract(
                page.text, url=page.url, include_comments=False, output_format="markdown"
            )
            or ""
        )

    return read


def readability() -> Tool:
    import readability

    return lambda page: shown(readability.Document(page.text).summary())


def newspaper() -> Tool:
    import jieba
    import newspaper
    import tldextract

    jieba.setLogLevel(logging.CRITICAL)
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(
        suffix_list_urls=()
    )  # else it asks the network

    def read(page: Sample) -> str:
        language = "zh" if len(re.findall(r"[\u4e00-\u9fff]", page.text)) > 500 else "en"
        article = newspaper.Article(page.url, language=language, fetch_images=False)
        article.download(input_html=page.text)
        article.parse()
        return str(article.text)

    return read


def gne() -> Tool:
    from gne import GeneralNewsExtractor

    return lambda page: str(GeneralNewsExtractor().extract(page.text).get("content", ""))


def resiliparse() -> Tool:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    return lambda page: str(extract_plain_text(HTMLTree.parse(page.text), main_content=True))


PEERS: dict[str, Callable[[], Tool]] = {
    "trafilatura": trafilatura,
    "trafilatura markdown": trafilatura_markdown,
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "gne": gne,
    "resiliparse": resiliparse,
}


def installed() -> Iterator[tuple[str, Tool]]:
    """The tools that are here; the others are named on standard error."""
    yield "qqnews", qqnews
    for name, load in PEERS.items():
        try:
            yield name, load()
        except ImportError as missing:
            print(f"skipped: {name} ({missing})", file=sys.stderr)


# --- measuring ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """What one tool did with one page.  seconds: the least of the rounds."""

    page: str
    token: float = 0.0
    shingle: float = 0.0
    seconds: float = float("inf")


def least(seconds: float, work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return min(seconds, time.process_time() - start)


def measured(
    samples: list[Sample], tools: dict[str, Tool], rounds: int
) -> tuple[dict[str, list[Score]], float]:
    """The scores of each tool, page by page, and the seconds in which Lexbor parses all the pages."""
    scores: dict[str, list[Score]] = {name: [] for name in tools}
    parsing = 0.0
    for sample in samples:
        alone = float("inf")
        assert sample.text, "decoded before the clock runs"
        row = {name: Score(page=sample.name) for name in tools}
        read = dict.fromkeys(tools, "")
        for _ in range(rounds):
            alone = least(alone, lambda body=sample.body: LexborHTMLParser(body))
            for name, tool in tools.items():
                start = time.process_time()
                try:
                    read[name] = tool(sample)
                except Exception as broken:
                    print(
                        f"{name} on {sample.name}: {type(broken).__name__}: {broken}"[:160],
                        file=sys.stderr,
                    )
                row[name].seconds = min(row[name].seconds, time.process_time() - start)
        parsing += alone
        for name, text in read.items():
            text = seen(text) if name in ("qqnews", "trafilatura markdown") else text
            row[name].token, row[name].shingle = (
                token_f1(text, sample.truth),
                shingle_f1(text, sample.truth),
            )
            scores[name].append(row[name])
    return scores, parsing


def table(title: str, samples: list[Sample], scores: dict[str, list[Score]], parsing: float) -> str:
    lines = [
        f"\n{title}: {len(samples)} pages, {sum(len(sample.body) for sample in samples) / 1e6:.1f} MB"
    ]
    lines.append(
        f"  {'':22}{'token F1':>9}{'4-gram F1':>11}{'< 0.9':>7}{'pages/s':>9}{'÷ parse':>9}"
    )
    for name, rows in sorted(scores.items(), key=lambda entry: -sum(row.token for row in entry[1])):
        seconds = sum(row.seconds for row in rows)
        lines.append(
            f"  {name:22}{sum(row.token for row in rows) / len(rows):9.4f}"
            f"{sum(row.shingle for row in rows) / len(rows):11.4f}{sum(row.token < 0.9 for row in rows):7}"
            f"{len(rows) / seconds:9.1f}{seconds / parsing:8.1f}×"
        )
    lines.append(f"  {'(Lexbor parse alone)':22}{'':27}{len(samples) / parsing:9.1f}{1:8.1f}×")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="other languages as well")
    parser.add_argument("--nameless", action="store_true", help="without classes and ids")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--worst", type=int, default=0, help="name so many of our worst pages of each set"
    )
    options = parser.parse_args()
    if not CORPUS.is_dir():
        sys.exit(f"the corpus of real pages is not beside this checkout ({CORPUS})")
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")

    tools = dict(installed())
    for title, load in (SETS | OTHER_SETS if options.all else SETS).items():
        samples = [nameless(page) if options.nameless else page for page in load()]
        scores, parsing = measured(samples, tools, options.rounds)
        print(table(title, samples, scores, parsing), flush=True)
        for row in sorted(scores["qqnews"], key=lambda row: row.token)[: options.worst]:
            print(f"    {row.page}: {row.token:.3f}")


if __name__ == "__main__":
    main()
