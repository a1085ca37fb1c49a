"""A capture, read: which kind of page it is, and the article on it.  Pure.

    extract       Capture → Reading

The story of every page: what status and address tell; what its scripts tell; which layout claims it, and the parts
that layout finds; and whether those parts keep the contract of an article: a title, a body that is not the title,
enough text or a picture, the id that was asked for, no damage.  Nothing that stands on a page makes this raise.
"""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from types import ModuleType

from archive.article import Article
from archive.capture import Capture
from archive.state import State
from scraper import notices
from scraper.charset import damage, misread
from scraper.inlined import outside
from scraper.layouts import LAYOUTS
from scraper.layouts.facts import headline, line
from scraper.layouts.parts import Layout, Parts
from scraper.markdown import Body
from scraper.notices import Notice
from scraper.page import Page
from scraper.reading import Reading
from scraper.replayed import as_sent
from scraper.urls import ArticleUrl, article_at

ENOUGH = 20
"""Characters of text that make an article without a picture; the shortest real flash we know has 100."""
HARDLY_A_WORD = 40
"""Characters of text up to which a page that shows a video is that video's page."""
_COUNTED = 400
"""Characters of text that are counted where no layout knows the page; of more, nobody asks how many there are."""
TOLERATED = 0.001
"""The share of lost characters up to which a page is still stored."""

_MAY_GO_ON = ("#", ".", "p.", "div", "article", "section", "body", "td", "desc")
"""How the name of a body begins that stands in the page as elements, or (a WeChat post's words) above its pictures; one
that comes as data is whole or unreadable."""


def extract(capture: Capture, asked: ArticleUrl | None = None) -> Reading:
    """Read a capture.

    asked: the article that was asked for; it alone gives the id.  None for a saved file, whose own words then have to
    tell which article it is; when they do not, `article.id` and `article.url` are empty and the caller must know them.
    """
    capture = outside(as_sent(capture))
    if told := notices.of_answer(capture, asked):
        return Reading(state=told.state, rule=told.rule, evidence=told.evidence)
    page = Page(capture, asked.canonical if asked else "")
    if told := notices.of_page(page):
        return Reading(
            state=told.state, rule=told.rule, evidence=told.evidence, charset=page.charset
        )

    layout = layout_of(page)
    parts = _titled(page, layout.parts(page))
    told_by = capture.url if capture.origin != "file" else ""
    which = asked or _identified(told_by) or _named(page, parts)
    which = which and _long_form(which, parts)
    judged = _judge(page, parts, which, layout)
    known = layout in LAYOUTS or judged.state is State.OK
    return Reading(
        state=judged.state,
        rule=judged.rule,
        evidence=judged.evidence,
        article=_article(parts, which, layout) if known else None,
        layout=name_of(layout) if known else "",
        charset=page.charset,
        elsewhere=parts.elsewhere if judged.state is State.GALLERY else "",
        page=parts.page,
        pages=parts.pages,
        on_one_page=parts.on_one_page,
        moved_to=judged.moved_to,
    )


def layout_of(page: Page) -> Layout:
    """The layout that claims the page; `generic` when none does."""
    if known := next((layout for layout in LAYOUTS if layout.claims(page)), None):
        return known
    # Few pages need it, and it is a sixth of what a worker has to load before its first page.
    from scraper.layouts import generic

    return generic


def name_of(layout: Layout | ModuleType) -> str:
    """A layout's name, as an article tells it: the last word of its module's."""
    return layout.__name__.rpartition(".")[2]


def _named(page: Page, parts: Parts) -> ArticleUrl | None:
    """The article that a page without an address says it is; None when it does not say."""
    candidates = (*page.named, *parts.addresses, parts.id if len(parts.id) > 13 else "")
    return next((found for address in candidates if (found := _identified(address))), None)


_WECHAT_LONG = re.compile(r"wx-\d+-\d+-\d+")


def _long_form(which: ArticleUrl, parts: Parts) -> ArticleUrl:
    """The lasting name of a WeChat article that was asked for by a short or temporary one.

    Only the page knows it; its `msg_link` is written by WeChat and not by the author of the article.
    """
    if not which.id.startswith("wx-") or _WECHAT_LONG.fullmatch(which.id):
        return which
    told = (_identified(address) for address in parts.addresses)
    longer = next((one for one in told if one and _WECHAT_LONG.fullmatch(one.id)), None)
    if longer is None:
        return which
    return replace(longer, aliases=tuple(dict.fromkeys((*longer.aliases, *which.aliases))))


@lru_cache(maxsize=256)  # a page names itself by the same few addresses again and again
def _identified(address: str) -> ArticleUrl | None:
    return article_at(address) if address else None


def _judge(page: Page, parts: Parts, which: ArticleUrl | None, layout: Layout) -> Notice:
    """Hold what a layout found to the contract of an article."""
    body = parts.body
    title = _bare(parts.title)
    counted = HARDLY_A_WORD + 1 if layout in LAYOUTS else _COUNTED
    said = _first_letters(_without_players(body), max(counted, len(title) + 1)) if body else ""
    where = f"{name_of(layout)}: {parts.source}" if parts.source else name_of(layout)
    if parts.state:
        return Notice(state=parts.state, rule=f"{name_of(layout)}: {parts.rule}")
    if told := notices.of_id(parts.id):
        return told
    if page.cut_short and (body is None or not said or parts.source.startswith(_MAY_GO_ON)):
        return Notice(
            state=State.ERROR,
            rule=f"{where}: the page is cut short",
            evidence=page.end[-60:].strip(),
        )
    if body is None or not (said or body.images or body.videos):
        told = notices.instead(page, which)
        return told or Notice(state=State.THIN, rule=f"{where}: no text and no picture")
    if layout not in LAYOUTS and (told := _no_article(page, body, which, len(said))):
        return told
    if which and (other := _other_article(page, parts, which)):
        return Notice(state=State.ERROR, rule="the page is that of another article", evidence=other)
    if misread(body.markdown):
        return Notice(state=State.ERROR, rule="damaged text: UTF-8 that was read as Latin-1")
    if page.damaged > TOLERATED or damage(body.markdown) > TOLERATED or damage(parts.title):
        share = max(page.damaged, damage(body.markdown))
        return Notice(
            state=State.ERROR, rule=f"damaged text: {share:.2%} of the characters are lost"
        )
    if not title:
        return Notice(state=State.THIN, rule=f"{where}: no title")
    if said == title and not body.images and not parts.source.endswith(_STANDS_IN):
        return Notice(
            state=State.THIN, rule=f"{where}: the body is only the title", evidence=parts.title
        )
    if body.videos and len(said) <= HARDLY_A_WORD and not body.images:
        return Notice(state=State.VIDEO, rule=f"{where}: a video and {len(said)} characters")
    if len(said) < ENOUGH and not body.images:
        return Notice(
            state=State.THIN,
            rule=f"{where}: only {len(said)} characters",
            evidence=line(body.markdown)[:80],
        )
    return Notice(state=State.OK, rule=where)


def _no_article(page: Page, body: Body, which: ArticleUrl | None, said: int) -> Notice | None:
    """Why what `generic` took for a body is none: it finds one sentence on every page."""
    return notices.instead(page, which, said=said) or notices.listed(body.markdown)


_WORDS = re.compile(r"\[([^\[\]]{0,400})\]\([^()\s]{0,2000}\)")
_MARKS = re.compile(r"[\W_]+")


def _bare(markdown: str) -> str:
    """The letters and digits of a text, without markup and link targets."""
    return _MARKS.sub("", _WORDS.sub(r"\1", markdown))


def _first_letters(markdown: str, enough: int) -> str:
    """The letters and digits of a text, as `_bare` has them; of a long text the first ones, at least `enough`."""
    end = enough + enough // 2
    while (end := markdown.find("\n\n", end)) >= 0:
        if len(said := _bare(markdown[:end])) >= enough:
            return said
        end *= 2
    return _bare(markdown)


_WHOLE_PAGE = re.compile(r"<(?:html|head|title|body|meta)\b", re.IGNORECASE)
_STANDS_IN = "; no title, its first words stand in"
_FIRST_WORDS = 40
_LINES_TRIED = 20
_BYLINE = re.compile(
    r"^[©（(]|^(?:文|图|作者|记者|编辑|来源|撰文)\s{0,3}[|｜丨：:/]|(?:报道|出品|发布）)$"
)


def _titled(page: Page, parts: Parts) -> Parts:
    """A body element kept without its page (as some collections do) gets its first words for a title.

    A whole page that names no title stays without one, and is no article.
    """
    if parts.title or not parts.body or _WHOLE_PAGE.search(page.beginning, 0, 20_000):
        return parts
    lines = (
        line(_WORDS.sub(r"\1", text)).strip("#>*-\\ ")
        for text in islice(parts.body.markdown.splitlines(), _LINES_TRIED)
        if not text.startswith("![")  # a picture's words are not the article's
    )
    speaking = filter(_bare, lines)
    first = next(speaking, "")
    if not first:
        return parts
    telling = (
        words for words in chain([first], speaking) if len(words) > 15 and not _BYLINE.search(words)
    )
    words = next(telling, first)
    words = words.replace("**", "").replace("\\", "")
    if len(words) > _FIRST_WORDS:
        words = words[:_FIRST_WORDS] + "…"
    return replace(parts, title=words, source=parts.source + _STANDS_IN)


def _without_players(body: Body) -> str:
    """The Markdown without the lines that only name a video: its title is not the article's text."""
    links = tuple(f"]({show.url})" for show in body.videos)
    if not links:
        return body.markdown
    return "\n".join(text for text in body.markdown.splitlines() if not text.endswith(links))


def _other_article(page: Page, parts: Parts, which: ArticleUrl) -> str:
    """The id the page gives itself, if it is not the one asked for in any of its forms; empty when they agree.

    Only ids of the same kind are compared: an article's address on a channel and its mobile id look nothing alike.
    A post that moved with its WeChat account has another id, but comes from another address then.
    """
    if not parts.id:
        return ""
    if _WECHAT_LONG.fullmatch(parts.id) and _WECHAT_LONG.fullmatch(which.id):
        came = _identified(page.capture.url)
        same = parts.id == which.id or (came is not None and came.id != which.id)
        return "" if same else f"asked for {which.id}, the page says {parts.id}"
    named = _identified(parts.id)
    if named is None or named.id == which.id:
        return ""
    if parts.id.rstrip("0") in which.id or which.id[-16:] == named.id:
        return ""
    same_kind = len(named.id) == len(which.id) and named.id[:2].isdigit() == which.id[:2].isdigit()
    return f"asked for {which.id}, the page says {parts.id}"[:200] if same_kind else ""


def _article(parts: Parts, which: ArticleUrl | None, layout: Layout) -> Article | None:
    body = parts.body
    if body is None:
        return None
    title = headline(parts.title)
    named = (_identified(address) for address in parts.addresses)
    others = dict.fromkeys(one.aliases[-1] for one in named if one and which and one.id == which.id)
    return Article(
        id=which.id if which else "",
        url=which.canonical if which else "",
        title=title,
        markdown=body.markdown,
        images=body.images,
        videos=body.videos,
        addresses=tuple(one for one in others if which and one != which.canonical),
        published=parts.published,
        updated=parts.updated,
        outlet=parts.outlet,
        outlet_id=parts.outlet_id,
        author=parts.author,
        editor=parts.editor,
        place=parts.place,
        category=parts.category,
        tags=parts.tags,
        summary=parts.summary,
        cover=parts.cover,
        comment_id=parts.comment_id,
        statement=parts.statement,
        declarations=parts.declarations,
        layout=name_of(layout),
    )
