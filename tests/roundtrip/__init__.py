"""A judge of Markdown: does it show what the page showed?

    looked_at      what a reader sees of an element: signs in order, their marks and links, the blocks they stand in
    RENDERERS      Markdown → HTML, as CommonMark (HTML on and off) and GitHub do it
    complaints     what differs between a page's body and its Markdown, rendered; empty when nothing does

What it lets pass, it lets pass by these rules only:

- white space is compared by where it stands, not by how much there is; breaks in headings and cells are spaces;
- signs other than letters and digits may lose bold, italic and struck (`docs/markdown.md` tells why), never win it;
- raised and lowered digits are digits; zero-width characters are nothing;
- a table may be read cell by cell; one that is drawn must keep its cells apart;
- two breaks end a paragraph; a picture that is not an icon stands alone; a player is the line `视频：title`;
- GitHub links e-mail addresses by itself, and nothing written before or in them prevents it.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

import cmarkgfm
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markdown import Body, Dialect
from tests.roundtrip.eye import Block, Sign, looked_at

__all__ = ["RENDERERS", "complaints", "differences", "looked_at", "rendered"]

_OFF = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_ON = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

RENDERERS: dict[str, Callable[[str], str]] = {
    "CommonMark": _OFF.render,
    "CommonMark with HTML": _ON.render,
    "GitHub": cmarkgfm.github_flavored_markdown_to_html,
}


def rendered(html: str) -> list[Block]:
    """What a reader sees of a renderer's HTML."""
    parser = LexborHTMLParser(f"<div id='rendered'>{html}</div>")
    root = parser.css_first("#rendered")
    assert root is not None
    return looked_at(root)


def complaints(root: LexborNode, dialect: Dialect, body: Body) -> list[str]:
    """What differs between the page's body and its Markdown in any renderer; one line each."""
    page = looked_at(root, dialect)
    found = []
    for name, render in RENDERERS.items():
        if render == _ON.render and "<" not in body.markdown:
            continue  # nothing that could be HTML
        found += [f"{name}: {line}" for line in differences(page, rendered(render(body.markdown)))]
    if "{{<" in body.markdown or "{{%" in body.markdown:
        found.append("Hugo: a shortcode survives")
    return found


def differences(page: list[Block], shown: list[Block]) -> list[str]:
    """What a reader of `shown` would miss of `page`, or get too much; one line each, the first of each kind."""
    left, right = [_signs(blocks) for blocks in (page, shown)]
    texts = [[(sign.kind, sign.value) for sign in signs] for signs in (left, right)]
    if texts[0] != texts[1]:
        at = next(at for at, (a, b) in enumerate(zip_longest(*texts)) if a != b)
        return [f"text: {_around(left, at)!r} became {_around(right, at)!r}"]
    found = []
    for what in ("marks", "href", "gap"):
        for at, (a, b) in enumerate(zip(left, right, strict=True)):
            if not _is_kept(what, a, b):
                was, now = getattr(a, what), getattr(b, what)
                found.append(f"{what}: {was!r} became {now!r} at {_around(left, at)!r}")
                break
    places = [_starts(blocks) for blocks in (page, shown)]
    for at in sorted(places[0].keys() | places[1].keys()):
        place, became = places[0].get(at), places[1].get(at)
        if place is None and left[at].gap == "?":
            continue  # blocks of a cell that is read as blocks
        if place is None or became is None or not _is_same(place, became):
            found.append(f"blocks: {place} became {became} at {_around(left, at)!r}")
            break
    return found


def _is_kept(what: str, page: Sign, shown: Sign) -> bool:
    """Whether a sign shows what it should, but for what the judge lets pass."""
    if what == "gap" and "?" in (page.gap, shown.gap):
        return True
    if what == "href" and not page.href and shown.href.startswith("mailto%3A"):
        return True
    if what == "marks" and not (
        page.kind == "text" and unicodedata.category(page.value)[0] in "LN"
    ):
        return set(shown.marks) <= set(page.marks)
    return bool(getattr(page, what) == getattr(shown, what))


def _signs(blocks: list[Block]) -> list[Sign]:
    """All signs in order; the bullets of a list in a cell, where no list can stand, are left out."""
    signs: list[Sign] = []
    bullet = False
    for block in blocks:
        for sign in block.signs:
            if "cell" in block.path and sign.value == "•":
                bullet = True
                continue
            signs.append(replace(sign, gap="?") if bullet else sign)
            bullet = False
    return signs


def _starts(blocks: list[Block]) -> dict[int, tuple[str, ...]]:
    starts, at = {}, 0
    for block in blocks:
        starts[at] = block.path
        at += len(_signs([block]))
    return starts


def _is_same(page: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Whether two blocks are of one kind; a drawn cell holds no blocks, a cell read as blocks is no place."""
    if "cell" in shown:
        return "cell" in page and _places(page[: _last_cell(page)]) == _places(
            shown[: _last_cell(shown)]
        )
    return _places(page) == shown


def _places(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in path if part != "cell")


def _last_cell(path: tuple[str, ...]) -> int:
    return len(path) - 1 - path[::-1].index("cell")


def _around(signs: list[Sign], at: int) -> str:
    return "".join(
        sign.value if sign.kind == "text" else f"<{sign.kind} {sign.value}>"
        for sign in signs[max(0, at - 8) : at + 8]
    )
