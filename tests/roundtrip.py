"""A judge of Markdown: does it show what the page showed?

    looked_at      what a reader sees of an element: signs in order, their marks and links, and the blocks they stand in
    RENDERERS      Markdown → HTML, as CommonMark (HTML on and off) and GitHub do it
    complaints     what differs between a page's body and its Markdown, rendered; empty when nothing does

The eye is written apart from the program and reads the page and the rendered Markdown alike: a plain recursion over
elements that carries the style a browser would have computed.  What it lets pass, it lets pass by these rules only:

- white space is compared by where it stands, not by how much of it there is; breaks within headings and cells are spaces;
- bold, italic and struck are compared on letters and digits (`docs/markdown.md` tells why commas may lose their weight);
- raised and lowered digits are digits; zero-width characters are nothing;
- a table may be read cell by cell; one that is drawn must keep its cells apart;
- two breaks end a paragraph; a picture that is not an icon stands alone; a player is the line `视频：title`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from urllib.parse import quote, unquote, urljoin

import cmarkgfm
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.article import Image, Video
from scraper.markdown import Body, Dialect

_OFF = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_ON = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

RENDERERS: dict[str, Callable[[str], str]] = {
    "CommonMark": _OFF.render,
    "CommonMark with HTML": _ON.render,
    "GitHub": cmarkgfm.github_flavored_markdown_to_html,
}


@dataclass(frozen=True)
class Style:
    """What an element passes on to what stands in it."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    shown: bool = True
    sized: bool = True
    inked: bool = True
    feeds: bool = False
    href: str = ""
    drawing: bool = False

    @property
    def marks(self) -> str:
        return "".join(
            letter
            for letter, on in zip("bisc", (self.bold, self.italic, self.struck, self.code), strict=True)
            if on
        )


@dataclass
class Sign:
    """One thing seen: a character, a picture (its address), a rule, a code block (its text)."""

    kind: str
    value: str
    marks: str = ""
    href: str = ""
    gap: str = ""  # what stands before it: nothing, a space, a break; "?" where a cell's blocks may meet or part


@dataclass
class Block:
    path: tuple[str, ...]
    signs: list[Sign] = field(default_factory=list)


_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]")
_BLOCK = set(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main marquee menu nav ol p pre search section "
    "summary table tbody td tfoot th thead tr ul foreignObject".split()
)
_NOT_SEEN = set(
    "script style head title link meta base template noscript button select textarea input option datalist meter "
    "progress canvas area map dialog colgroup col rp desc metadata defs annotation annotation-xml source track "
    "param".split()
)
_PLAYED = set(
    "iframe video audio embed object mpvoice mpvideo mpvideosnap mp-common-videosnap mp-common-mpaudio qqmusic "
    "mp-common-qqmusic".split()
)
_SCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎−", "0123456789+-=()ni0123456789+-=()-")


class _Eye:
    def __init__(self, root: LexborNode, page: Dialect | None) -> None:
        self.blocks: list[Block] = []
        self.path: tuple[str, ...] = ()
        self.open: Block | None = None
        self.gap = ""
        self.breaks = 0
        self.page = page
        self.keys: set[tuple[str, str]] = set()
        self.first_of_item: list[bool] = []
        self.roles: dict[int, str] = {}
        self.loose_captions: set[str] = set()
        if page:
            for role in ("code", "caption", "player", "leave_out"):
                if getattr(page, role):
                    self.roles |= {node.mem_id: role for node in root.css(getattr(page, role))}
        for child in _children(root):
            self.node(child, Style())

    # Blocks and signs.

    def end(self) -> None:
        if self.open is not None and "cell" in self.path:
            self.gap = "?"
            return
        self.open, self.gap, self.breaks = None, "", 0

    def put(self, sign: Sign) -> None:
        if self.breaks > 1 and not {"cell", "heading"} & set(self.path):
            self.open, self.gap = None, ""
        if self.open is None:
            self.open = Block(self.path)
            self.blocks.append(self.open)
            self.gap = ""
            # Only the first block of an item stands beside its marker.
            self.path = tuple(re.sub(r"[-\d]+[*]$", "…", part) for part in self.path)
        elif self.breaks:
            self.gap = "?" if "cell" in self.path else " " if "heading" in self.path else "\n"
        sign.gap, self.gap, self.breaks = self.gap, "", 0
        self.open.signs.append(sign)

    def text(self, said: str, style: Style) -> None:
        if style.drawing or not (style.shown and style.sized and style.inked):
            return
        for letter in _INVISIBLE.sub("", said):
            if letter == "\n" and style.feeds:
                self.feed()
            elif letter.isspace():
                self.gap = self.gap or " "
            else:
                for one in letter.translate(_SCRIPTS):
                    self.put(Sign("text", one, style.marks, style.href))

    def feed(self) -> None:
        if self.open is not None:
            self.breaks += 1
            self.gap = ""

    def alone(self, sign: Sign) -> None:
        self.end()
        self.put(sign)
        self.end()

    # Elements.

    def node(self, node: LexborNode, style: Style) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self.text(node.text_content or "", style)
        elif tag == "-comment":
            if self.page and (node.comment_content or "").strip():
                self.shown(self.page.insert((node.comment_content or "").strip()), style)
        elif not tag.startswith("-"):
            self.element(node, tag, style)

    def element(self, node: LexborNode, tag: str, style: Style) -> None:
        role = self.roles.get(node.mem_id, "")
        attributes = node.attributes
        said = _declarations(attributes.get("style") or "") if self.page else {}
        if role == "leave_out" or (self.page and "hidden" in attributes) or _never_shown(said):
            return
        if tag == "img":
            self.image(node, style)
            return
        if tag in _PLAYED or role == "player":
            if self.page:
                self.shown(self.page.media(node), style)
            return
        if tag in _NOT_SEEN:
            return
        if tag == "br":
            self.feed()
            return
        if tag == "hr":
            self.alone(Sign("rule", ""))
            return
        style = _computed(style, tag, said, role)
        if tag == "a":
            href = _link(attributes.get("href") or "", self.page.base if self.page else None)
            style = replace(style, href=href or style.href)
        if tag in ("pre", "listing", "xmp", "plaintext") or (role == "code" and not node.css_first("pre")):
            self.program(node, style)
            return
        block = tag in _BLOCK
        if said.get("display") == "inline" and tag not in ("td", "tr", "table", "li", "ul", "ol", "blockquote"):
            block = block and (tag[0] == "h" and tag[1:].isdigit())
        elif said.get("display") in ("block", "flex", "grid", "table", "list-item", "-webkit-box", "flow-root"):
            block = block or tag not in ("a", "sup", "sub", "q", "rt", "svg", "text")
        if role == "caption":
            block = True
        before = self.path
        if block:
            self.end()
            self.path = before + self.step(node, tag, role)
        opened = {"q": "“", "rt": "("}.get(tag)
        if opened:
            self.text(opened, style)
        number = _start(node)
        outside = self.path
        for child in _children(node):
            if tag in ("ul", "ol") and child.tag == "li":
                self.item(child, tag, number, style)
                number += 1
                outside = (*self.path, "…")  # what follows outside of items is indented like them
            elif tag in ("ul", "ol"):
                inside, self.path = self.path, outside
                self.node(child, style)
                self.path = inside
            else:
                self.node(child, style)
        if opened:
            self.text({"q": "”", "rt": ")"}[tag], style)
        if block:
            self.end()
            self.path = _unfirst(before, self.path)

    def step(self, node: LexborNode, tag: str, role: str) -> tuple[str, ...]:
        if role == "caption":
            return ()
        if tag[0] == "h" and tag[1:].isdigit():
            return ("heading", tag)
        if tag == "blockquote":
            return ("quote",)
        if tag in ("td", "th"):
            return ("cell",)
        if tag == "li":  # in no list
            return ("-*",)
        return ()

    def item(self, node: LexborNode, tag: str, number: int, style: Style) -> None:
        said = _declarations(node.attributes.get("style") or "") if self.page else {}
        if self.roles.get(node.mem_id) == "leave_out" or _never_shown(said):
            return
        before = self.path
        self.end()
        self.path = (*before, "-*" if tag == "ul" else f"{number}*")
        for child in _children(node):
            self.node(child, _computed(style, "li", said, ""))
        self.end()
        self.path = _unfirst(before, self.path)

    def image(self, node: LexborNode, style: Style) -> None:
        if self.page is None:
            self.put(Sign("picture", _address(node.attributes.get("src") or ""), "", style.href))
            return
        if not style.shown:
            return
        image = self.page.picture(node)
        if image is None:
            return
        words = self.open is not None and not self.breaks and any(sign.kind == "text" for sign in self.open.signs)
        sides = [re.match(r"\d+(?=(px)?$)", node.attributes.get(side) or "") for side in ("width", "height")]
        if words and any(side and int(side[0]) <= 64 for side in sides):
            self.keys.add(("image", image.key))
            self.put(Sign("picture", _address(image.url), "", style.href))
        else:
            self.shown(image, style)

    def shown(self, found: Image | Video | None, style: Style) -> None:
        if found is None:
            return
        kind = "image" if isinstance(found, Image) else found.kind
        if (kind, found.key) in self.keys:
            return
        self.keys.add((kind, found.key))
        if isinstance(found, Image):
            self.alone(Sign("picture", _address(found.url), "", style.href))
            if found.caption:
                self.end()
                self.text(found.caption, Style())
                self.end()
        else:
            self.end()
            self.text(_player(found), Style(href=_link(found.url, None)))
            self.end()

    def program(self, node: LexborNode, style: Style) -> None:
        said = ""
        for part in [*_program(node, self.roles), None]:
            if isinstance(part, str):
                said += part
                continue
            lines = [line.rstrip() for line in _INVISIBLE.sub("", said.replace("\xa0", " ")).split("\n")]
            if text := "\n".join(lines).strip("\n"):
                self.alone(Sign("code", text))
            said = ""
            if part is not None:
                self.image(part, style)


def _unfirst(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """The path outside an element again, remembering that its item's marker has been used."""
    return after[: len(before)]


def _children(node: LexborNode) -> list[LexborNode]:
    found, child = [], node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _start(node: LexborNode) -> int:
    start = node.attributes.get("start") or "1"
    return int(start) if start.isdigit() and start.isascii() and len(start) < 10 else 1


def _program(node: LexborNode, roles: dict[int, str]) -> list[str | LexborNode]:
    """Program text and the pictures in it; a `<code>` beside a `<code>` is a line of its own, as is every block."""
    parts: list[str | LexborNode] = []
    last = ""
    for child in _children(node):
        tag = child.tag or ""
        if tag == "-text":
            parts.append(child.text_content or "")
            last = last if not (child.text_content or "").strip("\n") and last != "code" else "-text"
        elif tag == "br":
            parts.append("\n")
        elif tag == "img":
            parts.append(child)
        elif not (tag.startswith("-") or tag in _NOT_SEEN or roles.get(child.mem_id) == "leave_out"):
            inner = _program(child, roles)
            if (tag == "code" and last == "code") or (tag in _BLOCK and _tail(parts)):
                parts.append("\n")
            if tag == "code" and inner and inner[-1] == "\n":
                inner.pop()
            parts += inner
            if tag in _BLOCK and (not inner or _tail(inner)):
                parts.append("\n")
            last = tag
    return parts


def _tail(parts: list[str | LexborNode]) -> bool:
    """Whether a line of program text is unfinished."""
    return bool(parts) and isinstance(parts[-1], str) and not parts[-1].endswith("\n")


def _player(video: Video) -> str:
    said = {"video": "视频", "audio": "音频"}[video.kind] + (f"：{video.title}" if video.title else "")
    hours, minutes, seconds = video.duration // 3600, video.duration // 60 % 60, video.duration % 60
    if hours:
        return f"{said}（{hours}:{minutes:02}:{seconds:02}）"
    return f"{said}（{minutes}:{seconds:02}）" if video.duration else said


# Styles.


def _declarations(style: str) -> dict[str, str]:
    said = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            said[name.strip()] = value.replace("!important", "").strip()
    return said


def _number(value: str) -> float | None:
    found = re.match(r"[-+]?\d*\.?\d+", value)
    return float(found[0]) if found else None


def _never_shown(said: dict[str, str]) -> bool:
    if said.get("display") == "none" or _number(said.get("opacity", "1")) == 0:
        return True
    sides = [said.get(side, "1") for side in ("height", "max-height", "width")]
    return said.get("overflow", "").startswith("hidden") and any(_number(side) == 0 for side in sides)


def _computed(style: Style, tag: str, said: dict[str, str], role: str) -> Style:
    if role == "caption":
        style = replace(style, bold=False, italic=False, struck=False)
    elif tag in ("b", "strong"):
        style = replace(style, bold=True)
    elif tag in ("i", "em", "cite", "dfn", "var"):
        style = replace(style, italic=True)
    elif tag in ("s", "del", "strike") and not said.get("text-decoration", "").startswith("none"):
        style = replace(style, struck=True)
    elif tag in ("code", "tt", "kbd", "samp"):
        style = replace(style, code=True)
    elif tag == "svg":
        style = replace(style, drawing=True)
    elif tag in ("foreignObject", "text"):
        style = replace(style, drawing=False)
    weight = said.get("font-weight", "")
    if weight in ("bold", "bolder") or (_number(weight) or 0) >= 600:
        style = replace(style, bold=True)
    elif weight in ("normal", "lighter") or _number(weight) is not None:
        style = replace(style, bold=False)
    if said.get("font-style", "").startswith(("italic", "oblique")):
        style = replace(style, italic=True)
    elif said.get("font-style") == "normal":
        style = replace(style, italic=False)
    if "line-through" in said.get("text-decoration", "") + said.get("text-decoration-line", ""):
        style = replace(style, struck=True)
    if "visibility" in said and said["visibility"] != "inherit":
        style = replace(style, shown=said["visibility"] not in ("hidden", "collapse"))
    size = said.get("font-size", "")
    if size and not re.search(r"(?<!r)em$|%$|inherit|larger|smaller", size):
        style = replace(style, sized=(_number(size) is None or (_number(size) or 0) > 1))
    elif _number(size) == 0:
        style = replace(style, sized=False)
    colour = said.get("-webkit-text-fill-color") or said.get("color", "")
    clipped = "text" in (said.get("background-clip"), said.get("-webkit-background-clip"))
    if colour and not clipped and colour not in ("inherit", "currentcolor"):
        style = replace(style, inked=not _is_clear(colour))
    space = said.get("white-space", "")
    if space:
        style = replace(style, feeds=space in ("pre", "pre-wrap", "pre-line", "break-spaces"))
    return style


def _is_clear(colour: str) -> bool:
    if colour.startswith("transparent"):
        return True
    if colour.startswith("#"):
        return (len(colour) == 5 and colour[4] == "0") or (len(colour) == 9 and colour[7:] == "00")
    parts = re.findall(r"[\d.]+", colour) if colour.startswith(("rgb", "hsl")) else []
    return len(parts) == 4 and float(parts[3] or 0) == 0


# Addresses.


def _link(href: str, base: str | None) -> str:
    """The address a link leads to as it is compared; empty for one that leads nowhere outside the page."""
    href = re.sub(r"[\t\r\n]", "", href.strip())
    if base is not None:
        if not href or href.startswith("#"):
            return ""
        if not re.match(r"[a-zA-Z][\w+.-]*:", href):
            try:
                href = urljoin(base, href)
            except ValueError:
                return ""
        if "#" in href and href.partition("#")[0] == base.partition("#")[0]:
            return ""
    if not re.match(r"https?://.|mailto:.", href, re.IGNORECASE):
        return "" if base is not None or not href else f"unsafe {href}"
    return _address(href)


def _address(address: str) -> str:
    return quote(unquote(address), safe="")


# Judging.


def looked_at(root: LexborNode, page: Dialect | None = None) -> list[Block]:
    """What a reader sees of what stands under root; page tells how to read it if it is a page of the web."""
    return _Eye(root, page).blocks


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
            if what == "marks" and not (a.kind == "text" and unicodedata.category(a.value)[0] in "LN"):
                continue
            if getattr(a, what) != getattr(b, what) and not (what == "gap" and "?" in (a.gap, b.gap)):
                found.append(
                    f"{what}: {getattr(a, what)!r} became {getattr(b, what)!r} at {_around(left, at)!r}"
                )
                break
    starts = [_starts(blocks) for blocks in (page, shown)]
    for at in sorted(starts[0].keys() | starts[1].keys()):
        a, b = starts[0].get(at), starts[1].get(at)
        parts = a is None and b is not None and left[at].gap == "?"  # blocks of a cell that is read as blocks
        if not parts and (a is None or b is None or not _same_place(a, b)):
            found.append(f"blocks: {a} became {b} at {_around(left, at)!r}")
            break
    return found


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


def _same_place(page: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Whether two blocks are of one kind; a drawn cell holds no blocks, a cell read as blocks is no place."""
    if "cell" in shown:
        return "cell" in page and _places(page[: _last_cell(page)]) == _places(shown[: _last_cell(shown)])
    return _places(page) == shown


def _places(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in path if part != "cell")


def _last_cell(path: tuple[str, ...]) -> int:
    return len(path) - 1 - path[::-1].index("cell")


def _around(signs: list[Sign], at: int) -> str:
    return "".join(sign.value if sign.kind == "text" else f"<{sign.kind} {sign.value}>" for sign in signs[max(0, at - 8) : at + 8])
