"""What a site asks robots not to fetch (RFC 9309).  Pure: `scraper.fetch.consent` asks for the file.

    Rules         one host's robots.txt, read
    read          the answer to the request for robots.txt → Rules, or why there are none

An answer of 400 to 499 means that there are no rules, one of 500 and up, or none, that nothing may be fetched (§2.3.1).
"""

from typing import Final

from protego import Protego

from archive.capture import Capture
from scraper.fetch.purposes import ROBOTS_SIZE
from scraper.fetch.settings import AGENT

SLOWEST: Final = 60.0
"""Seconds; a longer Crawl-delay is taken for a mistake, as search engines do."""


class Rules:
    r"""What one host's robots.txt says to us.

    >>> rules = Rules("User-agent: *\nDisallow: /a/")
    >>> rules.allows("https://news.qq.com/a/1"), rules.allows("https://news.qq.com/")
    (False, True)
    """

    def __init__(self, text: str = "") -> None:
        self._parser = Protego.parse(text) if text.strip() else None

    def allows(self, url: str) -> bool:
        """Whether this address may be fetched by us."""
        return self._parser is None or self._parser.can_fetch(url, AGENT)

    @property
    def delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 when it asks for none."""
        if self._parser is None:
            return 0.0
        delay = self._parser.crawl_delay(AGENT) or 0.0
        rate = self._parser.request_rate(AGENT)
        if rate is not None and rate.requests > 0:
            delay = max(delay, rate.seconds / rate.requests)
        return min(max(0.0, delay), SLOWEST)


def read(capture: Capture) -> Rules:
    """The rules in this answer, which is not of 429 or of 500 and up."""
    if capture.status >= 300:
        return Rules()
    body = capture.body
    if len(body) >= ROBOTS_SIZE:  # a rule that was cut would forbid more than it says
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    return Rules(body.decode("utf-8-sig", "replace"))
