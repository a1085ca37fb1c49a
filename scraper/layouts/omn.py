"""`new.qq.com/omn/YYYYMMDD/ID.html`, December 2017 to 2023, and the first `rain` pages, which look alike.  Pure.

`window.DATA` is tab-indented JSON with every fact but the body, closed by a newline and no semicolon; the body is
`div.content-article`, paragraphs `p.one-p`, pictures `img.content-picture` without a protocol, their captions `i.desc`
in the same paragraph, the lead `div.introduction`.  A video is an empty `div.videoPlayerWrap`, and a script beside it
pushes what it plays onto `window.DATA.videoArr`.  The title is `.LEFT > h1`, from 31 May 2023 the first child of the
body.  `meta name="apub:time"` is when the page was rendered, and never the time of publication; `_pubtime` is.  Pages
of 2017 and 2018 print outlet and time in `.a-src-time`; some of 2018 have the body as a list in a script in its place.
"""

import re
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from archive.article import Image, Video
from scraper.layouts import captions, embedded, listed, rain
from scraper.layouts.embedded import player, video
from scraper.layouts.facts import beijing, first, headline, line, line_of, mapping, text, words
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover, shown
from scraper.markdown import Body, Dialect, write
from scraper.page import Page
from scraper.script import value_at

_PLAYER = "div.videoPlayerWrap"
_PUSHED = re.compile(r"videoArr\.push\(\s{0,9}(?=\{)")
_LEAVE_OUT = (
    "#Status, .article-status, .content-article > h1, .videoPlayerMin, .txp_player, #ArticleAuthor"
)
_CAPTION = f"i.desc, {captions.MARKED}"
_ASSIGNED = re.compile(r"=\s{0,9}(?=\[)")
_DAY = re.compile(r"\d{4}[-年/.]")
_MOST_VIDEOS = 100


def claims(page: Page) -> bool:
    return page.tree.css_first(".content-article") is not None and not rain.claims(page)


def parts(page: Page) -> Parts:
    says = page.window_data
    meta = page.metas
    root = page.tree.css_first(".content-article")
    title = headline(says.get("title")) or _heading(page) or headline(page.title)
    return Parts(
        title=title,
        body=_body(page, root, says) if root else None,
        source=".content-article",
        id=rain.own_id(page, says),
        addresses=_addresses(page, says),
        published=beijing(says.get("pubtime"))
        or beijing(meta.get("_pubtime"))
        or beijing(meta.get("_pbtime"))
        or _time(page)
        or beijing(_line_above(page)),
        outlet=line(says.get("media")) or _medium(page),
        outlet_id=line(says.get("media_id")),
        place=line(says.get("userAddress")),
        category=line(says.get("catalog1")),
        tags=words(says.get("tags")) or words(meta.get("keywords"), but=title),
        summary=line_of(says, "introduction", "abstract") or line(meta.get("description")),
        cover=first(cover(meta.get("og:image", "")), cover(text(says.get("shareImg")))),
        comment_id=line(says.get("comment_id")),
        statement=rain.statement(page),
    )


def _body(page: Page, root: LexborNode, says: dict[str, Any]) -> Body:
    videos = _videos(page, says)
    # The n-th player plays the n-th video; the script that says so stands right after it.
    played = {node.mem_id: show for node, show in zip(root.css(_PLAYER), videos, strict=False)}

    def picture(node: LexborNode) -> Image | None:
        return shown(node, page.url)

    def media(node: LexborNode) -> Video | None:
        return played.get(node.mem_id) or player(node)

    dialect = Dialect(
        base=page.url,
        picture=picture,
        media=media,
        player=_PLAYER,
        leave_out=_LEAVE_OUT,
        caption=_CAPTION,
    )
    captions.mark(root)
    body = write(root, dialect)
    if not body.markdown:
        body = _in_script(page, root) or body
    known = {show.key for show in body.videos}
    return replace(body, videos=(*body.videos, *(show for show in videos if show.key not in known)))


def _in_script(page: Page, root: LexborNode) -> Body | None:
    """The body that a script in its place would have written; None when none has one."""
    script = root.css_first("script")
    written = script.text() if script else ""
    begin = _ASSIGNED.search(written)
    html, media = listed.as_html(value_at(written, begin.end()), {}) if begin else ("", {})
    tree = embedded.root(html, media) if html else None
    return write(tree, embedded.dialect(media, base=page.url)) if tree else None


def _videos(page: Page, says: dict[str, Any]) -> list[Video]:
    """The videos of `window.DATA.videoArr`, those pushed by scripts included, in the order of the page."""
    told = says.get("videoArr")
    found = list(told) if isinstance(told, list) else []
    for script in page.scripts:
        for push in islice(_PUSHED.finditer(script), _MOST_VIDEOS):
            if not (pushed := value_at(script, push.end())):
                break  # cut short, as all that follow would be
            found.append(pushed)
    shows = [show for item in found[:_MOST_VIDEOS] if (show := video(mapping(item)))]
    return list({show.key: show for show in shows}.values())


def _addresses(page: Page, says: dict[str, Any]) -> tuple[str, ...]:
    """As `rain` names them; a page saved by a browser also has its address in the QR code beside the text."""
    code = page.tree.css_first("#qrcode, #wx-qrcode")
    drawn = (code.attributes.get("title") or "") if code else ""
    more = (drawn,) if drawn.startswith(("http://", "https://")) else ()
    return tuple(dict.fromkeys((*rain.addresses(page, says), *more)))


def _heading(page: Page) -> str:
    node = page.tree.css_first(".LEFT h1, .qq_conent h1, .content-article h1")
    return headline(node.text()) if node else ""


def _time(page: Page) -> datetime | None:
    """What a saved page shows beside the text: year, month/day and hour:minute in three boxes."""
    boxes = [page.tree.css_first(f"#LeftTool .{name}") for name in ("year", "md", "time")]
    if not all(boxes):
        return None
    year, day, hour = ("".join(box.text().split()) for box in boxes if box)
    return beijing(f"{year}/{day} {hour}")


def _medium(page: Page) -> str:
    node = page.tree.css_first(
        '#LeftTool a.author > div, #article-author .media-name, .LeftTool [data-bosszone="ly"]'
    )
    return line(node.text()) if node else _DAY.split(_line_above(page))[0].strip()


def _line_above(page: Page) -> str:
    """The line between title and body on pages of 2017 and 2018: `云溪日报 2017-11-30 08:15`."""
    node = page.tree.css_first(".a-src-time")
    return line(node.text()) if node else ""
