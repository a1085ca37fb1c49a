"""What a reader sees of an element: a plain recursion that reads pages and rendered Markdown alike.

It is written apart from the program, which it judges.
"""

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from archive.article import Image, Video
from scraper.markdown import Dialect
from tests.roundtrip.styles import Style, address, computed, declarations, link, never_shown


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


def _names(*lists: str) -> set[str]:
    return set(" ".join(lists).split())


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
)
_BLOCK = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure",
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main marquee menu nav ol p pre search section",
    "summary table tbody td tfoot th thead tr ul foreignObject",
)
_NOT_SEEN = _names(
    "script style head title link meta base template noscript button select textarea input option datalist meter",
    "progress canvas area map dialog colgroup col rp desc metadata defs annotation annotation-xml source track param",
)
_PLAYED = _names(
    "iframe video audio embed object mpvoice mpvideo mpvideosnap mp-common-videosnap mp-common-mpaudio qqmusic",
    "mp-common-qqmusic",
)
_SCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎−", "0123456789+-=()ni0123456789+-=()-")

_PICTURES = _names("img amp-img amp-anim mip-img")


def looked_at(root: LexborNode, page: Dialect | None = None) -> list[Block]:
    """What a reader sees of what stands under root; page tells how to read it if it is a page of the web."""
    return _Eye(root, page).blocks


class _Eye:
    def __init__(self, root: LexborNode, page: Dialect | None) -> None:
        self.blocks: list[Block] = []
        self.path: tuple[str, ...] = ()
        self.open: Block | None = None
        self.gap = ""
        self.breaks = 0
        self.page = page
        self.keys: set[tuple[str, str]] = set()
        self.roles: dict[int, str] = {}
        self.printed = (
            -1,
            "",
        )  # the caption a picture brought with it, and how many blocks there were then
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
        path = self.path
        if "heading" in path:  # no heading holds more than words
            self.path = path[: path.index("heading")]
        self.put(sign)
        self.end()
        self.path = self.path + path[len(self.path) :]

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
        said = declarations(attributes.get("style") or "") if self.page else {}
        if tag in _PICTURES:
            said.pop("opacity", None)  # how pages hold a picture back until a script has loaded it
        if role == "leave_out" or (self.page and "hidden" in attributes) or never_shown(said):
            return
        if tag in _PICTURES:
            self.image(node, style)
            return
        if tag in _PLAYED or role == "player":
            if self.page:
                self.shown(self.page.media(node), style)
            return
        if tag in _NOT_SEEN:
            return
        caption = role == "caption" or tag == "figcaption"
        if caption and self.printed == (len(self.blocks), "".join(node.text().split())):
            return  # it stands there already
        if tag == "br":
            self.feed()
            return
        if tag == "hr":
            self.alone(Sign("rule", ""))
            return
        style = computed(style, tag, said, role)
        if tag == "a":
            href = link(attributes.get("href") or "", self.page.base if self.page else None)
            style = replace(style, href=href or style.href)
        if tag in ("pre", "listing", "xmp", "plaintext") or (
            role == "code" and not node.css_first("pre")
        ):
            self.program(node, style)
            return
        block = tag in _BLOCK
        if said.get("display") == "inline" and tag not in (
            "td",
            "tr",
            "table",
            "li",
            "ul",
            "ol",
            "blockquote",
        ):
            block = block and (tag[0] == "h" and tag[1:].isdigit())
        elif said.get("display") in (
            "block",
            "flex",
            "grid",
            "table",
            "list-item",
            "-webkit-box",
            "flow-root",
        ):
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
                number = max(_number(child.attributes.get("value"), number), 0)
                self.item(child, tag, number, style)
                number += -1 if "reversed" in node.attributes else 1
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
        said = declarations(node.attributes.get("style") or "") if self.page else {}
        if self.roles.get(node.mem_id) == "leave_out" or never_shown(said):
            return
        before = self.path
        self.end()
        self.path = (*before, "-*" if tag == "ul" else f"{number}*")
        for child in _children(node):
            self.node(child, computed(style, "li", said, ""))
        self.end()
        self.path = _unfirst(before, self.path)

    def image(self, node: LexborNode, style: Style) -> None:
        if self.page is None:
            self.put(Sign("picture", address(node.attributes.get("src") or ""), "", style.href))
            return
        if not style.shown:
            return
        image = self.page.picture(node)
        if image is None:
            return
        words = (
            self.open is not None
            and not self.breaks
            and any(sign.kind == "text" for sign in self.open.signs)
        )
        sides = [
            re.match(r"(\d+)(?:px)?$", node.attributes.get(side) or "")
            for side in ("width", "height", "data-w")
        ]
        sides.append(
            re.search(r"(?<![\w-])width *: *(\d+)(?:\.\d*)?px", node.attributes.get("style") or "")
        )
        if words and any(side and int(side[1]) <= 64 for side in sides):
            self.keys.add(("image", image.key))
            self.put(Sign("picture", address(image.url), "", style.href))
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
            self.alone(Sign("picture", address(found.url), "", style.href))
            if found.caption:
                self.end()
                self.text(found.caption, Style())
                self.end()
                self.printed = (len(self.blocks), "".join(found.caption.split()))
        else:
            self.end()
            self.text(_player(found), Style(href=link(found.url, None)))
            self.end()

    def program(self, node: LexborNode, style: Style) -> None:
        said = ""
        for part in [*_program(node, self.roles), None]:
            if isinstance(part, str):
                said += part
                continue
            lines = [
                line.rstrip() for line in _INVISIBLE.sub("", said.replace("\xa0", " ")).split("\n")
            ]
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
    reverse = "reversed" in node.attributes
    first = sum(child.tag == "li" for child in _children(node)) if reverse else 1
    editors = re.search(r"--ol-start:\s*(\d+)", node.attributes.get("style") or "")
    return _number(editors[1] if editors else node.attributes.get("start"), first)


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isdigit() and said.isascii() and len(said) < 9 else otherwise


def _program(node: LexborNode, roles: dict[int, str]) -> list[str | LexborNode]:
    """Program text and the pictures in it; a `<code>` beside a `<code>` is a line of its own, as is every block."""
    parts: list[str | LexborNode] = []
    last = ""
    for child in _children(node):
        tag = child.tag or ""
        if tag == "-text":
            parts.append(child.text_content or "")
            last = (
                last if not (child.text_content or "").strip("\n") and last != "code" else "-text"
            )
        elif tag == "br":
            parts.append("\n")
        elif tag in _PICTURES:
            parts.append(child)
        elif not (
            tag.startswith("-") or tag in _NOT_SEEN or roles.get(child.mem_id) == "leave_out"
        ):
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
    said = {"video": "视频", "audio": "音频"}[video.kind] + (
        f"：{video.title}" if video.title else ""
    )
    hours, minutes, seconds = video.duration // 3600, video.duration // 60 % 60, video.duration % 60
    if hours:
        return f"{said}（{hours}:{minutes:02}:{seconds:02}）"
    return f"{said}（{minutes}:{seconds:02}）" if video.duration else said
