"""A notice: what a page is instead of an article, and why.  Pure."""

from dataclasses import dataclass

from archive.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a page is instead of an article.

    evidence: the words that matched, shortened.  moved_to: the address that the page says the article has now.
    """

    state: State
    rule: str
    evidence: str = ""
    moved_to: str = ""
