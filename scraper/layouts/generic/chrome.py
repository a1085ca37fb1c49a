"""Which blocks inside an article are none of it.  Pure.

chrome_in(blocks, article, title)   what was marked, lists of links, byline, buttons, trails, the title once more
"""

import re

from scraper.layouts.generic.blocks import Block
from scraper.layouts.generic.container import named
from scraper.layouts.generic.names import Name

_BYLINE = re.compile(
    r"(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}|^\s*(?:来源|作者|责任编辑|责编|编辑|分享|字号|字体|记者)|\d\d:\d\d|^\s*打印"
)
"""What lines between the headline and the text say: when, from where, by whom, and how large the letters are."""
_LONGEST_BYLINE = 60.0
_BUTTONS = re.compile(
    r"(?:[\s\d|/>·…,，:：]|分享到?|收藏|点赞|赞|评论|举报|反馈|打印|关闭|纠错|[上下]一[页篇条]|首页|[末尾]页|返回顶部|回到顶部|展开|收起|全文"
    r"|微信|微博|朋友圈|QQ空间|扫一扫|扫码|阅读|字号|大|中|小|\+|-|share(?: this)?(?: on)?|print|tweet|email|facebook"
    r"|twitter|whatsapp|google|linkedin|telegram|pinterest|reddit)+",
    re.IGNORECASE,
)
"""What a label says that is there to be clicked."""
_SHARES = re.compile(r"^whatsapp:|/sharer\b|/share\?|/intent/tweet|/pin/create/", re.IGNORECASE)
"""Where links lead that tell others of the page."""
_TRAIL = re.compile(r"(?:[^»›>]{1,40}[»›>]){2,6}[^»›>]{0,200}")
"""The way to the page through its site: `Home » Culture » A lamp under the bridge`."""
_LONGEST_TRAIL = 100.0
_FEWEST_LINKS = 2
"""One link alone may be a paragraph, whatever it says."""
_CELLS = frozenset({"td", "th"})
_LITTLE = 0.1
"""The share of the page's prose from which a block with more links than text may be the article."""


def chrome_in(blocks: list[Block], article: Block, title: str) -> list[Block]:
    """The blocks inside the article that are none of it."""
    whole = blocks[0].prose
    found = []
    before_text = True
    place = article.place + 1
    while place < article.end:
        block = blocks[place]
        if (
            block.left_out
            or _is_links(block, whole)
            or (before_text and _is_alone(block) and list(block.runs) == [title])
            or (before_text and _is_trail(block))
            or (not block.prose and _says_nothing(block, before_text))
        ):
            found.append(block)
            place = block.end
        else:
            before_text = before_text and not block.own
            place += 1
    return found


def _is_links(block: Block, whole: float) -> bool:
    """Whether it is a list that is mostly links, and not a wrapper around such lists and the article."""
    return (
        block.links > 1
        and block.linked > block.prose + block.plain
        and block.prose < _LITTLE * whole
    )


def _says_nothing(block: Block, before_text: bool) -> bool:
    """Whether a block without a sentence is a byline, a button, or called chrome."""
    if not block.plain and not block.links:
        return False
    if before_text and block.plain < _LONGEST_BYLINE and any(map(_BYLINE.search, block.runs)):
        return True
    if (
        block.tag not in _CELLS
        and _is_alone(block)
        and block.runs
        and all(map(_is_button, block.runs))
    ):
        return True
    if block.tag not in _CELLS and _is_alone(block) and _shares(block):
        return True
    return named(block) not in (Name.NOTHING, Name.MAIN)


def _is_trail(block: Block) -> bool:
    """Whether a block is the way to the page; a title at its end may read like a sentence."""
    if block.linked + block.plain + block.prose > _LONGEST_TRAIL or not _is_alone(block):
        return False
    text = " ".join(block.node.text().split())
    return _TRAIL.fullmatch(text) is not None and block.node.css_first("a") is not None


def _shares(block: Block) -> bool:
    """Whether a block of links alone tells others of the page, by where they lead or by what they say."""
    if not block.links or block.runs or block.linked > _LONGEST_TRAIL:
        return False
    links = block.node.css("a")
    if any(_SHARES.search(link.attributes.get("href") or "") for link in links):
        return True
    return len(links) >= _FEWEST_LINKS and _is_button(" ".join(block.node.text().split()))


def _is_button(run: str) -> bool:
    """Whether a run is there to be clicked; a number alone may be a chapter's."""
    return _BUTTONS.fullmatch(run) is not None and any(map(str.isalpha, run))


def _is_alone(block: Block) -> bool:
    """Whether no other block stands in it."""
    return block.end == block.place + 1
