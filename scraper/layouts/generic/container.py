"""Which block of a page is the article, and which blocks inside it are not.  Pure.

    article_block(blocks, headline)       the block that holds the article
    chrome_in(article, headline, whole)   the blocks inside it that are none of it

Three ideas.  *Names*: what is called a sidebar is one, unless the article itself stands in it.  *A known place*: the
innermost block called `article`, `content` … that holds most of the page's prose is the article.  *The heaviest
subtree* where no name helps: prose counts for a block, link text against it, and the block with the largest balance
is the article, since every block around it adds navigation and every block inside it lacks paragraphs.
"""

import re

from scraper.layouts.generic.blocks import Block
from scraper.layouts.generic.names import Name

_MOST = 0.6
"""The share of the page's prose that a known place has to hold."""
_CORE = 0.7
"""The share of a known place's prose that a block inside it has to keep to be preferred: the rest is a side column."""
_LINK_WEIGHT = 2.0
"""How much a linked character counts against a block: navigation is brief, so it weighs double."""
_LITTLE = 0.1
"""The share of the page's prose from which a block with more links than text may be the article."""
_BYLINE = re.compile(
    r"(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}|^\s*(?:来源|作者|责任编辑|责编|编辑|分享|字号|字体|记者)|\d\d:\d\d|^\s*打印"
)
"""What lines between the headline and the text say: when, from where, by whom, and how large the letters are."""
_LONGEST_BYLINE = 60.0
_BUTTONS = re.compile(
    r"(?:[\s\d|/>·…,，:：]|分享到?|收藏|点赞|赞|评论|举报|反馈|打印|关闭|纠错|[上下]一[页篇条]|首页|[末尾]页|返回顶部|回到顶部|展开|收起|全文"
    r"|微信|微博|朋友圈|QQ空间|扫一扫|扫码|阅读|字号|大|中|小|\+|-|share|print|tweet|email|facebook|twitter|whatsapp)+",
    re.IGNORECASE,
)
"""What a label says that is there to be clicked."""
_TOO_MUCH = {Name.SIDE: 0.5, Name.CHROME: 0.9}
"""The share of the page's prose from which a name is not believed: half of it cannot stand in a `share` bar, but
comments are often longer than the news."""
_TEASERS = 3
"""Entries that make a list of teasers; two paragraphs with a link over each are still an article."""
_LONGEST_TEASER = 150.0


def article_block(blocks: list[Block], headline: Block | None) -> Block:
    """The block that holds the article; the body itself when nothing is better.  Marks what is left out on the way."""
    body = blocks[0]
    _mark(blocks, headline)
    kept = _kept(blocks)
    known = body
    for block in blocks:
        if (
            block.named is Name.MAIN
            and not block.left_out
            and kept[block][0] > _MOST * kept[body][0]
        ):
            known = block
    if known is not body:
        return _heaviest(known, kept, _CORE * kept[known][0])
    return _heaviest(body, _all(blocks), 0.0)


def _mark(blocks: list[Block], headline: Block | None) -> None:
    """Mark the blocks whose names say that they are no part of the article, and lists of teasers."""
    whole = blocks[0].prose
    around = set()
    outer = headline
    while outer:
        around.add(outer)
        outer = outer.parent
    for block in blocks:
        if block.parent and block.parent.left_out:
            block.left_out = True
        elif block in around:
            continue
        elif share := _TOO_MUCH.get(block.named):
            block.left_out = block.prose <= share * whole or block.linked > block.prose / 2
        else:
            block.left_out = _is_teasers(block)


def _is_teasers(block: Block) -> bool:
    """Whether it is a list of other articles: entry by entry a headline to follow and a few words."""
    teasers = [
        entry
        for entry in block.inside
        if entry.links and entry.linked >= 0.1 * entry.prose and 0 < entry.prose <= _LONGEST_TEASER
    ]
    return len(teasers) >= _TEASERS and sum(entry.prose for entry in teasers) > 0.7 * block.prose


def _is_links(block: Block, whole: float) -> bool:
    """Whether it is a list that is mostly links, and not a wrapper around such lists and the article."""
    return (
        block.links > 1
        and block.linked > block.prose + block.plain
        and block.prose < _LITTLE * whole
    )


def _kept(blocks: list[Block]) -> dict[Block, tuple[float, float]]:
    """The prose and the link text of each block, without what is left out in it."""
    kept: dict[Block, tuple[float, float]] = {}
    whole = blocks[0].prose
    for block in reversed(blocks):
        if block.left_out or _is_links(block, whole):
            kept[block] = (0.0, 0.0)
            continue
        prose, linked = block.prose, block.linked
        for entry in block.inside:
            prose -= entry.prose - kept[entry][0]
            linked -= entry.linked - kept[entry][1]
        kept[block] = (prose, linked)
    return kept


def _all(blocks: list[Block]) -> dict[Block, tuple[float, float]]:
    """The prose of each block without what is left out in it, and all of its link text."""
    kept: dict[Block, tuple[float, float]] = {}
    for block in reversed(blocks):
        prose = 0.0
        if not block.left_out:
            prose = block.prose - sum(entry.prose - kept[entry][0] for entry in block.inside)
        kept[block] = (prose, block.linked)
    return kept


def _heaviest(outer: Block, kept: dict[Block, tuple[float, float]], least: float) -> Block:
    """The block in `outer` with the largest balance of prose over link text, that keeps at least so much prose."""
    best, most = outer, kept[outer][0] - _LINK_WEIGHT * kept[outer][1]
    waiting = [outer]
    while waiting:
        block = waiting.pop()
        prose, linked = kept[block]
        if block.left_out or prose < least:
            continue
        if prose - _LINK_WEIGHT * linked >= most:
            best, most = block, prose - _LINK_WEIGHT * linked
        waiting += block.inside
    # An article is never a single paragraph: what stands beside it has no sentence, but belongs to it.
    return best.parent if best.tag == "p" and best.parent and best is not outer else best


def chrome_in(article: Block, headline: Block | None, whole: float) -> list[Block]:
    """The blocks inside the article that are none of it: what was marked, lists of links, headline and byline.

    whole: the prose of the page.
    """
    found = []
    waiting = list(reversed(article.inside))
    before_text = True
    while waiting:
        entry = waiting.pop()
        if (
            entry.left_out
            or entry is headline
            or _is_links(entry, whole)
            or (
                not entry.prose
                and (
                    (entry.runs and not entry.inside and all(map(_BUTTONS.fullmatch, entry.runs)))
                    or (
                        before_text
                        and entry.plain < _LONGEST_BYLINE
                        and any(map(_BYLINE.search, entry.runs))
                    )
                )
            )
        ):
            found.append(entry)
        else:
            before_text = before_text and not entry.speaks
            waiting += reversed(entry.inside)
    return found
