"""Exit codes: what a run tells the shell, most telling first.  Pure.

A command meets many things on its way and can say one number: `most_telling` picks it.  An unknown number other than 0
means failure.  `qqnews help exit-codes` prints the table.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """What the number means; `MEANING` says it in words."""

    DONE = 0
    BUG = 1
    USAGE = 2
    INCOMPLETE = 3
    DRIFT = 4
    IN_USE = 5
    STORAGE = 6
    DAMAGE = 7
    LIMITED = 8
    NO_NETWORK = 9
    BOUND = 10
    STALE = 11
    INTERRUPTED = 130
    TERMINATED = 143


MEANING: Final[dict[Exit, tuple[str, str]]] = {
    Exit.DONE: ("done: all that was asked for is kept, unchanged, or known to be gone", "silence"),
    Exit.BUG: ("a bug: one line here, the traceback with -v", "mail, and please report it"),
    Exit.USAGE: ("wrong usage, a wrong address, or a configuration that cannot be used", "mail"),
    Exit.INCOMPLETE: ("some items failed; what a later run can try again stays queued", "count"),
    Exit.DRIFT: ("drift: pages come, but too few read as articles, or most are gone or alike", "mail now"),
    Exit.IN_USE: ("another run holds the archive", "ignore"),
    Exit.STORAGE: ("storage: disk full, read-only, no permission, I/O error", "mail now"),
    Exit.DAMAGE: ("what is stored is not what was written; `qqnews repair`", "mail now"),
    Exit.LIMITED: ("the site asked us to stop (rate limit, captcha); the rest stays queued", "ignore"),
    Exit.NO_NETWORK: ("no network: not one host could be reached", "ignore"),
    Exit.BOUND: ("stopped on a bound (--limit, --max-time, the night …); the rest stays queued", "ignore"),
    Exit.STALE: ("a source, or every run, has brought nothing for longer than is usual", "mail"),
    Exit.INTERRUPTED: ("interrupted (Ctrl-C); state saved", "-"),
    Exit.TERMINATED: ("terminated (SIGTERM); state saved", "-"),
}  # fmt: skip
"""Code → (what happened, what cron should make of it)."""

RANK: Final = (
    Exit.TERMINATED,
    Exit.INTERRUPTED,
    Exit.BUG,
    Exit.STORAGE,
    Exit.DAMAGE,
    Exit.USAGE,
    Exit.IN_USE,
    Exit.DRIFT,
    Exit.STALE,
    Exit.LIMITED,
    Exit.NO_NETWORK,
    Exit.INCOMPLETE,
    Exit.BOUND,
    Exit.DONE,
)
"""The most telling first: what needs a person, then what time will mend.

So that what cron is told to ignore hides nothing that it is to mail.
"""


def most_telling(codes: Iterable[Exit]) -> Exit:
    """The code to leave with when several apply; DONE when none does.

    >>> most_telling([Exit.BOUND, Exit.INCOMPLETE, Exit.LIMITED]).name
    'LIMITED'
    """
    return min(codes, key=RANK.index, default=Exit.DONE)


def code_of(error: BaseException) -> Exit:
    """The code for an error that ended the command."""
    from archive import errors as archive
    from archive.files import refusal
    from scraper import errors as scraper

    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return Exit.DONE  # whoever read the answer has had enough of it
    if isinstance(error, OSError) and refusal(error):
        return Exit.STORAGE
    codes: tuple[tuple[type[BaseException], Exit], ...] = (
        (archive.ArchiveInUse, Exit.IN_USE),
        (archive.StorageError, Exit.STORAGE),
        (archive.DamagedArchive, Exit.DAMAGE),
        # No archive there, not ours, a query that cannot be answered.
        (archive.ArchiveError, Exit.USAGE),
        (scraper.ConfigError, Exit.USAGE),
        (scraper.NotAnArticle, Exit.USAGE),
        (scraper.OwnLimit, Exit.BOUND),
        (scraper.Limited, Exit.LIMITED),
        (scraper.NoNetwork, Exit.NO_NETWORK),
        (scraper.ScraperError, Exit.INCOMPLETE),
        (archive.QqnewsError, Exit.INCOMPLETE),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), Exit.BUG)


def table() -> str:
    """The codes as `qqnews help exit-codes` prints them."""
    lines = [
        "Exit codes. When several apply, the one highest in this table is given:",
        "",
        "  code  meaning" + " " * 70 + "in cron",
    ]
    for code in RANK:
        meaning, cron = MEANING[code]
        lines.append(f"  {code:>4}  {meaning:<76} {cron}")
    lines += ["", "Any other code but 0 means failure."]
    return "\n".join(lines)
