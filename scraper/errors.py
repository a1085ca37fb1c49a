"""What can go wrong on the way from an address to an article, sorted by what to do next.

    QqnewsError (archive.errors)
      ScraperError       carries the address
        NotAnArticle     the address is not that of an article        mend the address
        Unreachable      no answer worth having                       the next run tries again
          NoNetwork      not even a connection: is this machine online?
        Refused          we will not fetch it: guard, robots, size    change the configuration, or leave it
        Limited          the site asks us to slow down or to stop     the host rests
          OwnLimit       our own rule does: its hours, an hour's budget
        TooHard          a page that outgrew its deadline or memory   the capture is kept; look at it
      ConfigError        the configuration cannot be used             mend the line it names

Sorted by what to do next, not by where it arose.  That an article is gone, locked or not an article is no error
but news: `scraper.notices` gives the page a state.  A bug is none of these, and stops the run.
"""

from archive.errors import QqnewsError


class ScraperError(QqnewsError):
    """Something expected went wrong with one address."""

    def __init__(self, url: str, what: str, *, hint: str = "") -> None:
        super().__init__(f"{url}: {what}", hint=hint)
        self.url = url
        self.reason = what


class NotAnArticle(ScraperError):
    """The address is not that of an article; `reason` says what it is.

    known: whether it is that of something else which the site has, rather than one that means nothing here.
    """

    OPENING = "not an article, because "

    def __init__(self, url: str, what: str, *, hint: str = "", known: bool = False) -> None:
        super().__init__(url, what, hint=hint)
        self.known = known

    @property
    def because(self) -> str:
        """What it is instead, as the end of a sentence: `it is a channel list`."""
        return self.reason.removeprefix(self.OPENING)


class Unreachable(ScraperError):
    """No answer worth having, after all tries.  kind: the class of failure (`timeout`, `truncated`, `tls` …)."""

    def __init__(self, url: str, what: str, *, kind: str = "network", hint: str = "") -> None:
        super().__init__(url, what, hint=hint)
        self.kind = kind


class NoNetwork(Unreachable):
    """The name did not resolve or the connection could not even be tried."""


class Refused(ScraperError):
    """We decline to fetch this: a forbidden address, robots.txt, too large, the wrong type.

    kind: which rule (`address`, `host`, `scheme`, `robots`, `too_large`, `type`, `redirect`, `encoding` …).
    """

    def __init__(self, url: str, what: str, *, kind: str, hint: str = "") -> None:
        super().__init__(url, what, hint=hint)
        self.kind = kind


class Limited(ScraperError):
    """The site asks us to slow down (429, 503 with Retry-After) or blocks us (566, 567, 501, a captcha).

    wait: seconds it asked for, None when it did not say.  status: the HTTP status.
    """

    def __init__(
        self, url: str, what: str, *, wait: float | None, status: int = 0, hint: str = ""
    ) -> None:
        super().__init__(url, what, hint=hint)
        self.wait = wait
        self.status = status


class OwnLimit(Limited):
    """Our own rule keeps us from asking now.  setting: the one that says so."""

    def __init__(self, url: str, what: str, *, wait: float, setting: str) -> None:
        super().__init__(url, f"{what} ({setting})", wait=wait)
        self.setting = setting


class TooHard(ScraperError):
    """The page took longer, or more memory, than a page may."""


class ConfigError(QqnewsError):
    """The configuration cannot be used; the message names file, line and key.

    also: other mistakes that were found with this one.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.also: tuple[ConfigError, ...] = ()
