"""Captions that only their place and their words tell.  Pure, but for marks left in the tree.

    mark(root)    gives every such element `data-caption`, for a dialect's `caption`
    MARKED        the selector that finds them, and those that qq.com's editor marks itself

Bodies of today rarely use `figcaption`: a caption is the short paragraph after the picture that names a source
(`图片来源：…`, `图源：…`, `△…`), or right below it a short centred one without weight.  A centred bold line is a
section title, and a short one below a blank line a slogan as often as a caption.
"""

import re
from html import escape
from itertools import islice

from selectolax.lexbor import LexborNode

MARKED = '[data-caption], .qqnews_image_desc, p[type="om-image-desc"]'
"""Also the captions that the style sheet of qq.com's editor knows."""

_NAMES_A_SOURCE = re.compile(
    r"^[（(【\[]?\s?(?:图片?(?:来源|源自?|为|自|注)?\s?[：:/|｜丨]|图源|供图|[△▲↑▼])|^[（(]?\s?(?:来源\s?[：:]|摄影?\s?[：:/|｜丨])"
)
"""`【来源：证券时报】` below the last picture names where the article comes from, and is none."""
_ENDS_WITH_ONE = re.compile(
    r"(?:供图|/图|图/\S{1,8}|摄|摄影|制图|资料图|图片|视频截图|官网截图)[）)】\]]?$"
)
_NO_CAPTION = re.compile(
    r"^\W{0,2}(?:作者|记者|编辑|文|撰文|策划|监制|END|完)(?:\s|[|｜丨：:/]|$)|^[\W\d_]+$"
)
_CENTRED = re.compile(r"text-align\s{0,3}:\s{0,3}center")
_WEIGHTY = "strong, b, h1, h2, h3, h4, h5, h6, [style*='bold'], .qnt-strong"
_LONGEST = 80
_LONGEST_UNNAMED = 40
_MOST_PICTURES = 300
_HIGHEST = 6


def mark(root: LexborNode) -> None:
    """Mark the captions of the pictures under root."""
    for below in root.css("img + br")[:_MOST_PICTURES]:
        _set_apart(below)
    for picture in root.css("img")[:_MOST_PICTURES]:
        after, apart = _after(picture, root)
        if after is not None and _is_caption(after, apart=apart):
            after.attrs["data-caption"] = ""


def _set_apart(below: LexborNode) -> None:
    """Give the bare words below a picture, where nothing else stands in its centred paragraph, an element.

    Of a paragraph that holds thousands of elements only the first few are looked at.
    """
    paragraph = below.parent
    held = list(islice(paragraph.iter(include_text=True), 9)) if paragraph else []
    pieces = [node for node in held if node.tag != "-text" or (node.text_content or "").strip()]
    if paragraph and [node.tag for node in pieces] == ["img", "br", "-text"]:
        words = " ".join((pieces[2].text_content or "").split())
        if _is_centred(paragraph) and _may_be_one(words):
            shown = pieces[0].html or ""
            paragraph.inner_html = f"{shown}<br><span data-caption>{escape(words)}</span>"


def _after(picture: LexborNode, root: LexborNode) -> tuple[LexborNode | None, bool]:
    """The element that follows the picture and what holds nothing but it; and whether a blank line stands between."""
    holder = picture
    for _ in range(_HIGHEST):
        following = _beside(holder)
        apart = following is not None and (following.tag == "br" or _is_blank(following))
        if following is not None and apart:
            following = _beside(following)
        if following is not None:
            is_other = not following.is_element_node or following.tag in ("img", "br")
            return None if is_other else following, apart
        parent = holder.parent
        if parent is None or parent.mem_id == root.mem_id:
            break
        holder = parent
    return None, False


def _beside(node: LexborNode) -> LexborNode | None:
    """What follows a node inside the same element, white space and comments passed over."""
    following = node.next
    while following is not None and (
        following.is_comment_node
        or (following.is_text_node and not (following.text_content or "").strip())
    ):
        following = following.next
    return following


def _is_blank(node: LexborNode) -> bool:
    return (
        node.tag == "p" and not node.text().strip() and node.css_first("img, iframe, video") is None
    )


def _is_caption(node: LexborNode, *, apart: bool) -> bool:
    if node.tag not in ("p", "span", "div", "section", "em", "i", "small", "font", "center"):
        return False
    words = " ".join(node.text().split())
    if not words or len(words) > _LONGEST:
        return False
    named = _NAMES_A_SOURCE.search(words) or _ENDS_WITH_ONE.search(words)
    if not named and (apart or not _stands_like_one(node, words)):
        return False
    return node.css_first("img, video, table, ul, ol, blockquote") is None


def _stands_like_one(node: LexborNode, words: str) -> bool:
    """Whether a paragraph is short, centred and without weight."""
    return (
        node.tag == "p"
        and _may_be_one(words)
        and _is_centred(node)
        and node.css_first(_WEIGHTY) is None
    )


def _may_be_one(words: str) -> bool:
    return len(words) <= _LONGEST_UNNAMED and _NO_CAPTION.search(words) is None


def _is_centred(node: LexborNode) -> bool:
    return (
        node.tag == "center"
        or _CENTRED.search(node.attrs.get("style") or "") is not None
        or (node.attrs.get("align") or "").lower() == "center"
    )
