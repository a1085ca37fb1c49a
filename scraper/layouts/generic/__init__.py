"""A page whose layout nobody has seen yet.  Pure.

    claims, parts    the layout (`scraper.layouts`); the last one asked
    blocks           the page as blocks, measured
    names            what class names say
    container        which block is the article
    chrome           what inside it is not
    pictures         which picture an `<img>` shows
    facts            title and medium
    authors          who wrote it
    times            when it was published and changed

What it makes is marked `generic`, so that it can be read again when somebody has written the layout.
"""

import re

from selectolax.lexbor import LexborNode

from archive.article import Image, Video
from scraper.layouts.facts import first, line, words
from scraper.layouts.generic import authors, facts, times
from scraper.layouts.generic.blocks import Block, survey
from scraper.layouts.generic.chrome import chrome_in
from scraper.layouts.generic.container import article_block
from scraper.layouts.generic.pictures import picture
from scraper.layouts.parts import Parts
from scraper.layouts.renditions import cover, web
from scraper.markdown import Dialect, write
from scraper.page import Page

_LEFT_OUT = "data-left-out"
_CHROME = f"[{_LEFT_OUT}], nav, aside, footer, button, select, textarea, input, dialog, menu"
_VIDEO_SITES = re.compile(
    r"https?://(?:v\.qq\.com|player\.bilibili\.com|www\.youtube(?:-nocookie)?\.com/embed|player\.youku\.com)/"
)


def claims(page: Page) -> bool:
    """Whether the page has a body at all; it is asked only when no other layout claims the page."""
    return page.tree.body is not None


def parts(page: Page) -> Parts:
    """What stands on the page, as far as that can be told without knowing it."""
    body = page.tree.body
    if body is None:
        return Parts()
    blocks = survey(body)
    says = facts.stated(page)
    headline, title = facts.headline_of(page, blocks, says)
    article = article_block(blocks, headline, title)
    for block in chrome_in(blocks, article, title):
        # The one mark a selector can find again; it says nothing to anyone else.
        block.node.attrs[_LEFT_OUT] = ""
    near = _between(blocks, headline, article, title)
    medium = facts.outlet(says, near)
    return Parts(
        title=title,
        body=write(article.node, _dialect(page)),
        source=_place(article),
        addresses=tuple(filter(None, [web(page.metas.get("og:url", ""), page.url)])),
        published=times.published(page, says, near, _above(blocks, headline), headline),
        updated=times.updated(page, says),
        outlet=medium,
        author=authors.author(page, says, near, medium),
        summary=first(
            says.meta("og:description", "description"), line(says.data.get("description"))
        ),
        cover=cover(says.meta("og:image", "twitter:image")),
        tags=words(says.meta("keywords", "news_keywords"), but=title),
    )


def _dialect(page: Page) -> Dialect:
    def shown(node: LexborNode) -> Image | None:
        return picture(node, page.url)

    def played(node: LexborNode) -> Video | None:
        return _video(node, page.url)

    return Dialect(
        base=page.url,
        picture=shown,
        media=played,
        leave_out=_CHROME,
        caption=".caption, .img-caption",
    )


def _video(node: LexborNode, base: str) -> Video | None:
    """What a player plays: a file, or a player of the sites everybody embeds."""
    attributes = node.attributes
    source = node.css_first("source[src]") if node.tag in ("video", "audio") else None
    address = web(
        attributes.get("src")
        or attributes.get("data-src")
        or (source.attributes.get("src") if source else "")
        or "",
        base,
    )
    if not address or (node.tag not in ("video", "audio") and not _VIDEO_SITES.match(address)):
        return None
    return Video(
        key=address.partition("://")[2],
        url=address,
        cover=web(attributes.get("poster") or "", base),
        kind="audio" if node.tag == "audio" else "video",
    )


_SAYS_MORE = 30.0
"""The weight of sentences from which a block is text, and no line with a date in it."""


def _between(blocks: list[Block], headline: Block | None, article: Block, title: str) -> str:
    """The labels between the headline and the first sentence: date, source, author."""
    start = headline.place if headline else article.place
    labels: list[str] = []
    for block in blocks[start : start + 40]:
        labels += (run for run in block.runs if run != title)
        if block.own > _SAYS_MORE and block is not headline:
            break
    return "\n".join(labels)


def _above(blocks: list[Block], headline: Block | None) -> str:
    """The labels over the headline."""
    if not headline:
        return ""
    before = blocks[max(headline.place - 8, 0) : headline.place]
    return "\n".join(run for block in before for run in block.runs)


def _place(article: Block) -> str:
    """Where the article stood, as a selector a person can follow."""
    identifier = article.node.attributes.get("id")
    if identifier:
        return f"{article.tag}#{identifier}"[:80]
    classes = (article.node.attributes.get("class") or "").split()
    return f"{article.tag}.{classes[0]}"[:80] if classes else article.tag
