"""WeChat posts whose body stands in the page's script and not on the page.  Pure.

    kind(says)            what kind of post it is, by the page's own number
    is_drawn(says)        whether its body is to be sought in the script first
    body_html(says)       the body as HTML, for `scraper.markdown`, and where it stood
    has_title(says)       whether its author gave it a title
    title_of(body)        a title for a post that has none; of words alone, `title_from(text)`

Text posts (`item_show_type` 10) and picture posts (8) are drawn by a script from their variables; so is a reprint
whose `#js_content` came empty.  Pictures stand above the text, as WeChat shows them.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from archive.state import State
from scraper.layouts.facts import mapping
from scraper.layouts.wechat.variables import Variables
from scraper.markdown import Body

_HARDLY_A_WORD = 60
_HALF_A_LINE = 21
LONGEST_TITLE = 64
"""Characters WeChat lets an author write into a title; anything longer is the text itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of post.  state: what a page of it is when it holds hardly a word; None for one that is read."""

    number: int
    name: str
    state: State | None = None


_KINDS = {
    kind.number: kind
    for kind in (
        Kind(number=0, name="article"),
        Kind(number=5, name="video", state=State.VIDEO),
        Kind(number=6, name="song", state=State.VIDEO),
        Kind(number=7, name="recording", state=State.VIDEO),
        Kind(number=8, name="pictures"),
        Kind(number=10, name="text"),
        Kind(number=11, name="share"),
        Kind(number=17, name="short post"),
    )
}
_BLOCK = re.compile(r"<(?:p|section|div|h[1-6]|blockquote|ul|ol|table|figure|pre)\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")
_SENTENCE = re.compile(r"[^。！？!?…]{1,200}[。！？!?…]+[”」』）)]?")


def kind(says: Variables) -> Kind | None:
    """What kind of post it is; None when the page does not say, or says a number we do not know."""
    number = says.get("item_show_type", says.get("real_item_show_type"))
    try:
        return _KINDS.get(int(number)) if number is not None else None
    except (TypeError, ValueError):
        return None


def is_drawn(says: Variables) -> bool:
    """Whether a script draws the post, so that the page itself holds placeholders at best."""
    return kind(says) in (_KINDS[8], _KINDS[10])


def is_read(body: Body | None) -> bool:
    """Whether a body holds enough to be read without what it plays."""
    if body is None:
        return False
    said = "".join(line for line in body.markdown.splitlines() if not line.startswith(("[", "!")))
    return len(said) > _HARDLY_A_WORD or bool(body.images)


def body_html(says: Variables) -> tuple[str, str]:
    """The body as HTML and the variable it stood in; both empty when the script holds none."""
    content, source = _content(says)
    if _BLOCK.search(content):
        return content, source
    pictures = _pictures(says.get("picture_page_info_list"))
    video = _video(says)
    if not (content or pictures or video):
        return "", ""
    whole = [f'<p><img data-src="{html.escape(address)}"></p>' for address in pictures]
    whole += [video] if video else []
    whole += [
        f"<p>{'<br>'.join(words.split(chr(10)))}</p>"
        for words in _BLANK_LINES.split(content.strip())
        if words
    ]
    return "".join(whole), source or "picture_page_info_list"


def has_title(says: Variables) -> bool:
    """Whether its author gave it a title; a text post without one names its whole text there."""
    page_text = says.get("text_page_info")
    if isinstance(page_text, dict) and kind(says) is _KINDS[10]:
        return page_text.get("is_user_title") in (1, "1")
    title = says.get("title")
    if not isinstance(title, str) or title == says.get("content_noencode"):
        return False
    return bool(title.strip()) and "\n" not in title.strip()


def title_from(text: str) -> str:
    """A title for a post that has none: its first sentence, shortened with `…`; never the whole of a long text.

    >>> title_from("桥封了。绕路要走四公里。")
    '桥封了。'
    >>> title_from("今天在桥上遇见了从前的同桌，他在卖伞，生意很好，因为一直下雨。")
    '今天在桥上遇见了从前的同桌，他在卖伞，生…'
    """
    whole = text.strip()
    line = next((line.strip() for line in whole.splitlines() if line.strip()), "")
    sentence = _SENTENCE.match(line)
    title = sentence[0] if sentence else line
    longest = LONGEST_TITLE if title != whole else _HALF_A_LINE
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip()}…"


def title_of(body: Body) -> str:
    """A title by the words of a body; of one that has nothing but pictures, what WeChat calls such a post."""
    words = (line for line in body.markdown.splitlines() if not line.startswith(("![", "[![")))
    return title_from("\n".join(words)) or ("分享图片" if body.images else "")


def _content(says: Variables) -> tuple[str, str]:
    page_text = says.get("text_page_info")
    inner = page_text if isinstance(page_text, dict) else {}
    for value, source in (
        (says.get("content_noencode"), "content_noencode"),
        (inner.get("content_noencode"), "text_page_info.content_noencode"),
        (inner.get("content"), "text_page_info.content"),
        (says.get("desc") if kind(says) in (_KINDS[5], _KINDS[8]) else "", "desc"),
    ):
        if isinstance(value, str) and value.strip():
            return value, source
    return "", ""


def _pictures(listed: Any) -> list[str]:
    """The addresses of a picture post; QR codes that are marked as such are left out."""
    if not isinstance(listed, list):
        return []
    found = []
    for entry in listed:
        if not isinstance(entry, dict) or entry.get("is_qr_code") in (1, "1"):
            continue
        address = entry.get("cdn_url")
        if isinstance(address, str) and address.strip():
            found.append(html.unescape(address.strip()))
    return list(dict.fromkeys(found))


def _video(says: Variables) -> str:
    """The player of a video post, as an article would hold it."""
    if kind(says) is not _KINDS[5]:
        return ""
    ids = says.get("video_ids")
    told = (
        ids[0] if isinstance(ids, list) and ids else None,
        mapping(says.get("video_page_info")).get("video_id"),
    )
    named = next((one for one in told if one and isinstance(one, str)), "")
    player = f'<iframe class="video_iframe" data-mpvid="{html.escape(named)}"></iframe>'
    return f"<p>{player}</p>" if named else ""
