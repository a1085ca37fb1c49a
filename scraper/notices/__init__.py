"""What kind of page a capture is, when it is not the article it was asked for.  Pure.

    Notice      a state, the rule that decided it, and the words on the page that matched

    of_answer   from status, redirect and address alone (`answers`)
    of_page     from scripts that no article has (`scripts`)
    of_id       from the id that a page gives itself (`shelves`)
    instead     from what a page says that has no article on it (`messages`, `shelves`)
    listed      from a supposed body that is mostly links (`shelves`)
    is_feed     from how a text begins (`shelves`)

Rules about wording are asked only when no article stands on the page: an article may quote every sentence that the
site's error pages say.
"""

from archive.state import State
from scraper.notices.answers import of_answer
from scraper.notices.messages import message, missing_children, no_html, refused_by_api, seen
from scraper.notices.notice import Notice
from scraper.notices.scripts import of_page
from scraper.notices.shelves import feed, home, is_feed, links_alone, listed, of_id, own_kind, shelf
from scraper.page import Page
from scraper.urls import ArticleUrl

__all__ = ["Notice", "instead", "is_feed", "listed", "of_answer", "of_id", "of_page"]

_A_FLASH = 100
"""Characters of body from which a page with many links is the page of a short news, as all portals have them."""
_SENTENCES = 300
"""Characters of body from which a page is no mere message, whatever it quotes."""


def instead(page: Page, asked: ArticleUrl | None = None, *, said: int = 0) -> Notice | None:
    """What a page is that has no article on it; None when nothing on it says.

    said: how many characters `generic` took for a body; a longer one is no mere message.
    """
    told = own_kind(page) or feed(page) or refused_by_api(page) or no_html(page)
    if told := told or missing_children(page, long=said >= _SENTENCES):
        return told
    # A message is asked for first: the site's error pages can bear the title of its home page.
    if said < _SENTENCES and (told := message(page)):
        return told
    if not said and not seen(page):
        return None  # a shell that scripts would have filled, whatever its title
    if asked and home(page):
        rule = "the home page instead of the article"
        return Notice(state=State.GONE, rule=rule, evidence=page.title)
    return shelf(page) or (links_alone(page) if said < _A_FLASH else None)
