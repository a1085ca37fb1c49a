"""The style a browser would compute for an element, and the addresses it would follow."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urljoin, urlsplit


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
            for letter, on in zip(
                "bisc", (self.bold, self.italic, self.struck, self.code), strict=True
            )
            if on
        )


def declarations(style: str) -> dict[str, str]:
    said = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            said[name.strip()] = value.replace("!important", "").strip()
    return said


def _number(value: str) -> float | None:
    found = re.match(r"[-+]?\d*\.?\d+", value)
    return float(found[0]) if found else None


def never_shown(said: dict[str, str]) -> bool:
    if said.get("display") == "none" or _number(said.get("opacity", "1")) == 0:
        return True
    sides = [said.get(side, "1") for side in ("height", "max-height", "width")]
    return said.get("overflow", "").startswith("hidden") and any(
        _number(side) == 0 for side in sides
    )


def computed(style: Style, tag: str, said: dict[str, str], role: str) -> Style:
    unstruck = "none" in (said.get("text-decoration"), said.get("text-decoration-line"))
    if role == "caption":
        style = replace(style, bold=False, italic=False, struck=False)
    elif tag in ("b", "strong"):
        style = replace(style, bold=True)
    elif tag in ("i", "em", "cite", "dfn", "var"):
        style = replace(style, italic=True)
    elif tag in ("s", "del", "strike") and not unstruck:
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


def link(href: str, base: str | None) -> str:
    """The address a link leads to as it is compared; empty for one that leads nowhere outside the page."""
    href = re.sub(r"[\t\r\n]", "", href.strip())
    if base is not None:
        if not href or href.startswith("#"):
            return ""
        href = re.sub(r"^(https?):/*", r"\1://", href, flags=re.IGNORECASE)
        if not re.match(r"[a-zA-Z][\w+.-]*:", href):
            try:
                href = urljoin(base, href)
            except ValueError:
                return ""
        try:
            urlsplit(href)
        except ValueError:  # `http://[bad`
            return ""
        if "#" in href and href.partition("#")[0] == base.partition("#")[0]:
            return ""
    if not re.match(r"https?://.|mailto:.", href, re.IGNORECASE):
        return "" if base is not None or not href else f"unsafe {href}"
    return address(href)


def address(address: str) -> str:
    return quote(unquote(address), safe="")
