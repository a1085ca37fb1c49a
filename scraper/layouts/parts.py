"""What a layout finds on a page, before it is judged.  Pure.

    Parts     everything a layout may find; only `title` and `body` can make an article
    Layout    one page era: a module with `claims` and `parts`

`scraper.extract` turns parts into an `Article`, holds them to the contract of a page and names the state.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from archive.state import State
from scraper.markdown.dialect import Body
from scraper.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What stands on one page.  Absent means that the page does not say; it never means that reading failed.

    id: the article id the page itself names, in any of its forms; it is compared, never trusted.
    source: where the body stood, for `explain` (`originContent.text`, `#article-content`).
    state, rule: set by a layout that knows the page is something else than a plain article (a locked column, a
    video, a withdrawn page); left None otherwise.
    elsewhere: the address of what the page leaves out (the pictures of an old gallery).
    page, pages, on_one_page: as in `scraper.reading.Reading`.
    The other fields mean what they mean in `archive.article.Article`.
    """

    title: str = ""
    body: Body | None = None
    source: str = ""
    id: str = ""
    state: State | None = None
    rule: str = ""
    elsewhere: str = ""
    page: int = 0
    pages: tuple[str, ...] = ()
    on_one_page: str = ""
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


class Layout(Protocol):
    """One page era.  A layout is a module, recognised by looking at the page, never by its date."""

    __name__: str

    def claims(self, page: Page, /) -> bool:
        """Whether this layout knows how to read the page; true of at most one layout but `generic`."""
        ...

    def parts(self, page: Page, /) -> Parts:
        """What stands on the page."""
        ...
