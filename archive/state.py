"""What a page turned out to be: the one word every capture gets.  Pure.

The archive stores these words and knows which of them mean that an article was taken down.  How a page earns
its word is the scraper's business (`scraper.notices`).
"""

from enum import StrEnum


class State(StrEnum):
    """The state of a page.  Only `OK` becomes a revision; every other state is recorded, with its rule."""

    OK = "ok"  # title, body, enough text or a picture: an article
    THIN = "thin"  # an article page with too little on it to be the article
    PAYWALLED = "paywalled"  # the body is kept for subscribers
    VIDEO = "video"  # a video and hardly a word
    PART = "part"  # a later page of an article, whose text begins on another
    GALLERY = "gallery"  # a picture gallery whose pictures are not on the page
    LIVE = "live"  # a live broadcast
    TOPIC = "topic"  # a special topic that lists articles
    NOT_ARTICLE = "not_article"  # a home, list, author or terms page
    GONE = "gone"  # withdrawn, or never was
    VIOLATION = "violation"  # taken down for what it said
    PRIVATE = "private"  # its author hides it
    BLOCKED = "blocked"  # a firewall answered instead of the site
    CAPTCHA = "captcha"  # the site asks whether we are human
    ERROR = "error"  # broken: damaged text, another article, an error page

    @property
    def withdrawn(self) -> bool:
        """Whether the article existed for others to read and no longer does."""
        return self in (State.GONE, State.VIOLATION, State.PRIVATE)

    @property
    def refusal(self) -> bool:
        """Whether the site, and not the article, is what we were shown."""
        return self in (State.BLOCKED, State.CAPTCHA)

    @property
    def undecided(self) -> bool:
        """Whether it says nothing of where the article stands: its page has yet to be seen, or is another one."""
        return self.refusal or self in (State.ERROR, State.PART)
