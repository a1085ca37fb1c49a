"""What HTML's elements are, before any style or dialect says more.  Pure."""

import re

from selectolax.lexbor import LexborNode

from scraper.markdown.blocks import BOLD, CODE, ITALIC, STRIKE


def _set(*names: str) -> frozenset[str]:
    return frozenset(" ".join(names).split())


PICTURES = _set("img amp-img amp-anim mip-img")
"""Elements that show a picture, also on the quick pages for search engines (AMP, MIP)."""

PLAYERS = _set(
    "iframe video audio embed object mpvoice mpvideo mpvideosnap",
    "mp-common-videosnap mp-common-mpaudio qqmusic mp-common-qqmusic",
)
"""Elements that play something; `Dialect.media` is asked what."""

LEFT_OUT = _set(
    "script style head title link meta base template noscript dialog button select textarea input option datalist",
    "meter progress canvas area map colgroup col rp source track param",
    "desc metadata defs annotation annotation-xml",  # of drawings and formulas
)
"""Elements whose text nobody sees."""

BLOCKS = _set(
    "html body p div section article header footer main aside nav search figure address center hgroup dl dt dd",
    "details summary form fieldset legend menu dir marquee caption tbody tfoot",
)
"""Elements that begin and end a paragraph, and mean no more than that here."""

MARKS = {
    **dict.fromkeys(("b", "strong"), BOLD),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), ITALIC),
    **dict.fromkeys(("del", "s", "strike"), STRIKE),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), CODE),
}

_SMALL = 64
"""Up to this many pixels wide or high a picture among words is part of the sentence (an emoji, an icon)."""
_STYLED_WIDTH = re.compile(r"(?:^|;)\s{0,4}width\s{0,4}:\s{0,4}(\d{1,6})(?:\.\d{0,9})?px")


def is_small(picture: LexborNode) -> bool:
    """Whether a picture is meant to stand among words."""
    attributes = picture.attrs
    for side in ("width", "height", "data-w"):
        number = (attributes.get(side) or "").removesuffix("px")
        if number.isascii() and number.isdigit() and int(number[:6]) <= _SMALL:
            return True
    styled = _STYLED_WIDTH.search(attributes.get("style") or "")
    return styled is not None and int(styled[1]) <= _SMALL


_EDITORS_START = re.compile(r"--ol-start\s{0,4}:\s{0,4}(\d{1,8})")


def first_number(ordered: LexborNode) -> int:
    """Where an ordered list begins to count; the lists of qq.com's editor say it in their style."""
    told = _EDITORS_START.search(ordered.attrs.get("style") or "")
    start = _number(told[1] if told else ordered.attrs.get("start"))
    if start is None and "reversed" in ordered.attrs:
        start = sum(1 for child in ordered.iter() if child.tag == "li")
    return 1 if start is None else start


def own_number(item: LexborNode) -> int | None:
    """The number an item of an ordered list has of its own (`<li value="7">`)."""
    return _number(item.attrs.get("value"))


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 9 else None


def span(value: str | None) -> int:
    """Over how many columns or rows a cell reaches."""
    if value is None or not (value.isascii() and value.isdigit()):
        return 1
    return max(1, int(value[:6]))


def language_of(block: LexborNode) -> str:
    """The language a code block is in, where its markup says so (`data-lang`, `class="language-python"`)."""
    for element in (block, block.css_first("[data-lang],[class*=language-],[class*=lang-]")):
        if element is None:
            continue
        attributes = element.attrs
        named = attributes.get("data-lang")
        if named:
            return named
        for name in (attributes.get("class") or "").split():
            for prefix in ("language-", "lang-"):
                if name.startswith(prefix):
                    return name.removeprefix(prefix)
    return ""
