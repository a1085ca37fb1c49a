"""What a page's own styles do to text: hide it, embolden it, break it.  Pure.

    Look      what one element's `style` (or `hidden`) says
    looks     the looks of all elements under one that have any, by `mem_id`

Only the style on the element itself is read; style sheets are not, since the pages that matter carry their looks with
them.  Editors of WeChat and qq.com leave filler, numerals and whole duplicate texts transparent, of size 0 or hidden.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from scraper.markdown.blocks import BOLD, ITALIC, STRIKE

UNSEEN, TINY, CLEAR = 1, 2, 4
"""Three ways in which text is there and not drawn: visibility, size, colour.  Each is inherited, each can be undone by
a descendant, so each is a bit of its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """gone: neither the element nor anything in it is shown.
    on, off: marks it sets and unsets.  veil, unveil: the bits of UNSEEN, TINY, CLEAR it sets and unsets.
    flow: `block` or `inline` where the style says other than the tag may, else empty.
    feeds: whether line feeds in the text are line breaks; None when the style does not say.
    """

    gone: bool = False
    on: int = 0
    off: int = 0
    veil: int = 0
    unveil: int = 0
    flow: str = ""
    feeds: bool | None = None


PLAIN = Look()
"""Of an element whose style says nothing that matters here."""

GONE = Look(gone=True)
FADED = Look(gone=True)
"""Of opacity 0: gone too, unless it is a picture, which pages hold back like that until a script has loaded it."""

_TELLING = {
    "display", "visibility", "opacity", "color", "-webkit-text-fill-color", "background-clip",
    "-webkit-background-clip", "font-size", "font-weight", "font-style", "text-decoration",
    "text-decoration-line", "white-space", "overflow", "height", "max-height", "width",
}  # fmt: skip
"""The properties that are read."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)")
_INVISIBLE = re.compile(
    r"transparent|(?:rgb|hsl)a?\((?:[^,)]+,){3}\s*0*\.?0*%?\s*\)|(?:rgb|hsl)a?\([^,)/]+/\s*0*\.?0*%?\s*\)|"
    r"#[0-9a-f]{3}0$|#[0-9a-f]{6}00$"
)
_COMMON = 500
"""Characters up to which a style may be one of many pages."""
_BLOCK = {"block", "flex", "grid", "table", "list-item", "-webkit-box", "flow-root"}


def looks(root: LexborNode) -> dict[int, Look]:
    """The look of every element under root that has one.  Root's own is left out: scripts show it later."""
    found: dict[int, Look] = {}
    for node in root.css("[style]"):
        style = node.attrs.get("style") or ""
        look = _known(style) if len(style) <= _COMMON else look_of(style)
        if look is not PLAIN:
            found[node.mem_id] = look
    found |= dict.fromkeys((node.mem_id for node in root.css("[hidden]")), GONE)
    found.pop(root.mem_id, None)
    return found


@lru_cache(maxsize=1024)
def _known(style: str) -> Look:
    """As `look_of`, for what stands on many elements and many pages: editors write the same few styles everywhere."""
    return look_of(style)


def look_of(style: str) -> Look:
    """What one `style` attribute says; PLAIN when it says nothing that matters here."""
    said = {}
    for declaration in style.lower().split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip()
        if name in _TELLING and value:
            said[name] = value.replace("!important", "").strip()
    if not said:
        return PLAIN
    if _is_gone(said):
        return GONE
    if _size(said.get("opacity", "")) == 0:
        return FADED
    veil, unveil = _veils(said)
    on, off = _marks(said)
    display = said.get("display", "")
    flow = "block" if display in _BLOCK else "inline" if display == "inline" else ""
    space = said.get("white-space")
    feeds = None if space is None else space in ("pre", "pre-wrap", "pre-line", "break-spaces")
    look = Look(on=on, off=off, veil=veil, unveil=unveil, flow=flow, feeds=feeds)
    return PLAIN if look == PLAIN else look


def _is_gone(said: dict[str, str]) -> bool:
    if said.get("display") == "none":
        return True
    if said.get("overflow", "").startswith("hidden"):
        return any(_size(said.get(side, "")) == 0 for side in ("height", "max-height", "width"))
    return False


def _veils(said: dict[str, str]) -> tuple[int, int]:
    veil = unveil = 0
    visibility = said.get("visibility")
    if visibility in ("hidden", "collapse"):
        veil |= UNSEEN
    elif visibility == "visible":
        unveil |= UNSEEN

    size = said.get("font-size", "")
    number = _size(size)
    if (number is not None and not size.endswith(("em", "%")) and number <= 1) or number == 0:
        veil |= TINY
    elif size and (size.endswith("rem") or not size.endswith(("em", "%", "inherit", "er"))):
        unveil |= TINY

    colour = said.get("-webkit-text-fill-color") or said.get("color", "")
    clip = said.get("background-clip") or said.get("-webkit-background-clip", "")
    if colour and clip != "text":  # clipped to its text, the background is what colours it
        if _INVISIBLE.match(colour):
            veil |= CLEAR
        elif colour not in ("inherit", "currentcolor"):
            unveil |= CLEAR
    return veil, unveil


def _marks(said: dict[str, str]) -> tuple[int, int]:
    on = off = 0
    weight = said.get("font-weight", "")
    if weight:
        number = _size(weight)
        if weight in ("bold", "bolder") or (number is not None and number >= 600):
            on |= BOLD
        elif weight in ("normal", "lighter") or number is not None:
            off |= BOLD
    style = said.get("font-style", "")
    if style.startswith(("italic", "oblique")):
        on |= ITALIC
    elif style == "normal":
        off |= ITALIC
    decoration = said.get("text-decoration", "") + said.get("text-decoration-line", "")
    if "line-through" in decoration:
        on |= STRIKE
    elif decoration.startswith("none"):
        off |= STRIKE
    return on, off


def _size(value: str) -> float | None:
    number = _NUMBER.match(value)
    return float(number.group()) if number else None
