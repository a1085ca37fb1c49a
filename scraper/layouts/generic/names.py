"""What the names that authors of pages give their elements say about them.  Pure.

    name_of(tag, attributes)    MAIN, CHROME, SIDE, HIDDEN or nothing

Gathered from the Chinese and other news pages of 2010 to 2026 that this layout was tried on.  A name is a hint, never
a proof: `scraper.layouts.generic.container` decides what it is worth.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache


class Name(Enum):
    """What an element is called."""

    NOTHING = 0
    MAIN = 1  # where articles stand
    SIDE = 2  # often beside the article, sometimes around it
    CHROME = 3  # hardly ever a part of it
    HIDDEN = 4  # by its style; the attribute `hidden` hides nothing: pages that build themselves keep articles there


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"-(?:{'|'.join(words.split())})s?(?=-|\d)")


_CHROME = _words(
    "comment cmt pinglun disqus respond reply footer foot copyright related relate recommend recommended "
    "recommendation recom tuijian ranking breadcrumb crumb popup modal overlay newsletter pagination pager sidebar "
    "cookie consent gdpr reference reflist navbox"
)
_SIDE = _words(
    "nav navbar navigation menu side aside hot rank share sharing social toolbar tool ad ads advert advertisement adv "
    "banner sponsor promo dialog login subscribe tag taglist keyword statement disclaimer prev next more qrcode qr "
    "author-?info author-?card author-?bio player most-?read popular trending follow wxfollow guanzhu"
)
_MAIN = _words(
    "article artibody endtext trs_editor story content post entry zoom text txt cont con detail body mainbody"
)
_AROUND = _words("with has no without wrap wrp wrapper container layout page root app outer embed")
"""Words of elements that are built around something: `content-with-sidebar` is no sidebar, and a `social-embed` in an
article is quoted by it."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS_OF_A_NAME = 3
"""Words up to which an id is a name; more are those of a heading, for links to lead to it: `why-we-share-more`."""
_NONE_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def name_of(tag: str, attributes: Mapping[str, str | None]) -> Name:
    """What an element is called, by its tag, its classes and its id; or that its style hides it."""
    style = attributes.get("style")
    if style and _NONE_SHOWN.search(style):
        return Name.HIDDEN
    if tag in ("article", "main"):
        return Name.MAIN
    classes, identifier = attributes.get("class"), attributes.get("id")
    if identifier and identifier.count("-") + identifier.count("_") >= _WORDS_OF_A_NAME:
        identifier = None
    if not classes and not identifier:
        return Name.NOTHING
    return _named(f"{classes or ''} {identifier or ''}"[:300])


@lru_cache(maxsize=4096)
def _named(names: str) -> Name:
    """What a list of names says: a plain main name outweighs the others, since wrappers carry many."""
    said = Name.NOTHING
    for name in _HUMP.sub("-", names).lower().split():
        words = f"-{name.replace('__', '-').replace('--', '-')}-"
        if "trs_editor" not in words:
            words = words.replace("_", "-")
        if _AROUND.search(words):
            continue
        if _CHROME.search(words):
            said = Name.CHROME
        elif _SIDE.search(words):
            said = Name.SIDE if said is Name.NOTHING else said
        elif _MAIN.search(words):
            return Name.MAIN
    return said
