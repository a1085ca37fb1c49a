"""Body to Markdown, beside others: `python -m tests.benchmarks.markdown`, with `--judge` also over every real page.

Bodies: the real ones that stand beside the checkout, else those of the fixtures.  Speed is CPU time, best of the
rounds, measured in turns, parsing included; "÷ parse" is set against Lexbor's parse of the same bodies.  "right" counts
what `tests.roundtrip` finds nothing wrong with in CommonMark and GitHub: of the made-up fragments that are plain HTML,
and of the real bodies.
Fragments and judge come from this project, so the others' numbers are lower bounds; escaping is switched on where they
have a switch.  `pip install html2text markdownify html-to-markdown`; one that is not installed is left out.
"""

import gzip
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markdown import Body, write
from tests.bodies import PLAIN, root_of
from tests.corpus import CORPUS
from tests.roundtrip import complaints
from tests.scraper.markdown.test_fragments import FRAGMENTS

ROUNDS = 5
BODY = "#js_content, .rich_media_content, #article-content, .content-article, #Cnt-Main-Article-QQ"
PLAIN_HTML = ("marks", "links", "text", "blocks", "tables")

Convert = Callable[[str], str]


def ours(html: str) -> str:
    return write(root_of(html), PLAIN).markdown


def _html2text() -> Convert:
    import html2text

    def convert(html: str) -> str:
        converter = html2text.HTML2Text(baseurl=PLAIN.base, bodywidth=0)
        converter.escape_snob = True
        return str(converter.handle(html))

    return convert


def _markdownify() -> Convert:
    import markdownify

    return lambda html: str(markdownify.markdownify(html, escape_misc=True, heading_style="atx"))


def _html_to_markdown() -> Convert:
    from html_to_markdown import ConversionOptions, convert

    options = ConversionOptions(escape_asterisks=True, escape_underscores=True, escape_misc=True)
    return lambda html: str(convert(html, options).content)


PEERS: dict[str, Callable[[], Convert]] = {
    "html2text": _html2text,
    "markdownify": _markdownify,
    "html_to_markdown": _html_to_markdown,
}


def real_bodies() -> Iterator[LexborNode]:
    """The body element of every real page that has one."""
    with gzip.open(
        CORPUS / "api" / "finance-2026" / "articles.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for article in map(json.loads, lines):
            root = LexborHTMLParser(article["description"]).body
            if root is not None and root.text(strip=True):
                yield root
    for path in sorted([*(CORPUS / "qq").rglob("*.htm*"), *(CORPUS / "wechat").rglob("*.htm*")]):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        root = LexborHTMLParser(content).css_first(BODY)
        if root is not None:
            yield root


def is_right(html: str, convert: Convert) -> bool:
    root = root_of(html)
    try:
        markdown = convert(html)
    except Exception:  # some raise for addresses that are none
        return False
    return complaints(root, PLAIN, Body(markdown=markdown)) == []


def seconds(work: Callable[[str], object], bodies: list[str]) -> float:
    start = time.process_time()
    for body in bodies:
        work(body)
    return time.process_time() - start


def main(arguments: list[str]) -> None:
    bodies = [html for html, _ in FRAGMENTS.values()]
    if CORPUS.is_dir():
        bodies = [root.inner_html or "" for root in real_bodies()]
    converters: dict[str, Convert] = {"qqnews": ours}
    for name, make in PEERS.items():
        if importlib.util.find_spec(name):
            converters[name] = make()

    parsing = min(seconds(root_of, bodies) for _ in range(ROUNDS))
    best = dict.fromkeys(converters, float("inf"))
    for _ in range(ROUNDS):
        for name, convert in converters.items():
            best[name] = min(best[name], seconds(convert, bodies))

    fragments = [html for name, (html, _) in FRAGMENTS.items() if name.startswith(PLAIN_HTML)]
    size = sum(map(len, bodies)) / len(bodies) / 1000
    print(
        f"{len(bodies)} bodies, {size:.1f} thousand characters each; parse alone {len(bodies) / parsing:,.0f}/s"
    )
    print(f"{'':<18}{'bodies/s':>10}{'÷ parse':>9}{'fragments right':>18}{'bodies right':>15}")
    for name, convert in converters.items():
        right = sum(is_right(html, convert) for html in fragments)
        said = f"{right} of {len(fragments)}"
        shown = ""
        if "--judge" in arguments:
            good = sum(is_right(html, convert) for html in bodies)
            shown = f"{good} of {len(bodies)}"
        print(
            f"{name:<18}{len(bodies) / best[name]:>10,.0f}{best[name] / parsing:>9.1f}{said:>18}{shown:>15}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
