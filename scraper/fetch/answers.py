"""What an answer asks of us.  Pure.

    Answer         what came, decoded, before anyone has judged it
    standing       its status, sorted by what to do next
    unasked        what it answers that was not asked
    retry_after    how long a host asks us to wait

Statuses 566 and 567 are the blocks of Tencent's EdgeOne (managed rules, and rate limit or bot rules: Tencent Cloud's
EdgeOne documentation, "custom error pages"); 501 is how Tencent's web firewall answers what it takes for an attack, as
public crawlers of qq.com report; 520 to 599 are the edge's own troubles with its origin.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Final

from archive.capture import Headers, values_of

LONGEST: Final = 7 * 86400.0
"""Seconds; a Retry-After beyond a week is not believed further."""

LIMITED: Final = frozenset({429, 501, 503, 566, 567})
BLOCKED: Final = frozenset({401, 403, 418, 423, 451})
FLEETING: Final = frozenset({408, 425, 500, 502, 504, *range(520, 600)}) - LIMITED
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
TELLING: Final = LIMITED | FLEETING
"""Statuses that say all there is to know: what comes with them is not read, and may be cut short or encoded anyhow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, as received.

    body: decoded; empty for a redirect and for a status that tells all, whose body is not read.
    sent: the request's own headers.
    """

    status: int
    headers: Headers
    body: bytes
    sent: Headers = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next(values_of(self.headers, name), None)


class Standing(Enum):
    """What to do next."""

    TAKE = auto()  # it tells something: an article, or that there is none
    REDIRECT = auto()
    AGAIN = auto()  # trouble that may pass
    SLOWER = auto()  # the host asks us to slow down, or keeps us out
    BLOCKED = auto()  # this address is kept from us: once more, later


def standing(status: int) -> Standing:
    """Sort a status.

    >>> standing(404), standing(567)
    (<Standing.TAKE: 1>, <Standing.SLOWER: 4>)
    """
    if status in LIMITED:
        return Standing.SLOWER
    if status in FLEETING:
        return Standing.AGAIN
    if status in BLOCKED:
        return Standing.BLOCKED
    if status in REDIRECTS:
        return Standing.REDIRECT
    return Standing.TAKE


def unasked(answer: Answer) -> tuple[str, str] | None:
    """Kind of failure and words for an answer to a question we did not put; None for a fitting one."""
    if answer.status < 200:
        return "garbage", f"HTTP {answer.status}, which is no answer to what we asked"
    if answer.status == 206:
        return "truncated", "HTTP 206, a part where we asked for all of it"
    conditional = any(name.startswith("If-") for name, _ in answer.sent)
    if answer.status == 304 and not conditional:
        return "garbage", "HTTP 304 though we showed it nothing to compare with"
    return None


def retry_after(values: list[str], *, now: datetime) -> float | None:
    """Seconds asked for by the Retry-After headers, at most a week; None when there is none that says so clearly.

    Digits are seconds, anything else a date (RFC 9110 §10.2.3); a date gone by asks for no wait.

    >>> retry_after(["120"], now=datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> retry_after(["Thu, 01 Jan 2026 00:01:00 GMT"], now=datetime(2026, 1, 1, tzinfo=UTC))
    60.0
    """
    if len(values) != 1:
        return None
    value = values[0].strip()
    if value.isascii() and value.isdigit():
        return LONGEST if len(value) > 9 else min(float(value), LONGEST)
    try:
        date = parsedate_to_datetime(value)
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        return min(max(0.0, (date - now).total_seconds()), LONGEST)
    except (ValueError, OverflowError, TypeError):
        return None
