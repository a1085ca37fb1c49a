"""What reading a capture gave.  Pure.

    Reading    the state of the page, the rule that decided it, and the article if there is one

Made by `scraper.extract.extract`; every capture gives exactly one, whatever is on the page.
"""

from dataclasses import dataclass

from archive.article import Article
from archive.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A capture, read.

    state: what kind of page it is.  rule: what decided that, in words a person can check against the page
    (`redirect to babygohome`, `rain: originContent.text`).
    article: what the page says; always there when the state is ok, and where a body could be read at all.
    layout: which layout claims the page, empty when none does.  charset: how its bytes were read.
    evidence: the text on the page that matched the rule, shortened; empty when the rule says it all.
    elsewhere: the address of what the page leaves out: the pictures of an old gallery.
    page: which page this is, from 0, of an old article on several.  pages: the addresses of all of them, in order;
    empty where there is but one, or none is known.  on_one_page: the address of all of it, where the page leads there.
    moved_to: the address that the article has now, as a page tells that stands in its place.
    """

    state: State
    rule: str
    article: Article | None = None
    layout: str = ""
    charset: str = ""
    evidence: str = ""
    elsewhere: str = ""
    page: int = 0
    pages: tuple[str, ...] = ()
    on_one_page: str = ""
    moved_to: str = ""
