"""An article and what belongs to it, as values.  Pure.

    Article     facts, Markdown, pictures: what one page says, in one revision
    Image       a picture as the article names it: address, caption; not its bytes (`archive.capture.Picture`)
    Video       a video the article shows: its key, title, cover; videos are described, never downloaded

Reading and writing them as Markdown files is left to `archive.document`; comparing them to `archive.dedupe`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
"""The zone of every time qq.com prints; mainland China has had no other and no summer time since 1991."""


NAMELESS = "saved-"
"""How the ids begin of saved pages that do not say which article they are; the rest is a hash of their bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in an article.

    url: the address the Markdown links to.
    renditions: every address that shows this picture, best first; holds at least `url`.
    key: what its renditions share (the CDN's token), so that one picture is one picture.
    alt: what the page says the picture shows; empty when it says nothing (`图片` is nothing).
    caption: the line the page prints under it; it also stands in the Markdown, after the picture.
    """

    url: str
    renditions: tuple[str, ...]
    key: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video (or recording) in an article.  duration: in seconds, 0 when the page does not say."""

    key: str
    url: str
    title: str = ""
    cover: str = ""
    duration: int = 0
    kind: str = "video"  # or "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says.  `id`, `url`, `title` and `markdown` are always there; everything else may be absent.

    id: the canonical article id, which is also its file name (`scraper.urls`).
    url: the canonical address.  addresses: other addresses by which the page names itself.
    markdown: the body, pictures linked by their web addresses, no title, no footer; ends without a newline.
    images: in reading order, each once.
    published, updated: with an offset; the page's own words, never the time of capture.
    outlet: the medium that published it (媒体名), and its id on qq.com.
    place: "发布于…".  category: the site's word (`tech`).  tags: the page's keywords.
    declarations: what the author had to declare ("AI 生成").  statement: the source statement (免责声明).
    layout: which layout read it.  language: BCP 47.
    """

    id: str
    url: str
    title: str
    markdown: str
    images: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
    addresses: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    outlet: str = ""
    outlet_id: str = ""
    author: str = ""
    editor: str = ""
    place: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    cover: str = ""
    comment_id: str = ""
    statement: str = ""
    declarations: tuple[str, ...] = ()
    layout: str = ""
    language: str = "zh-CN"
