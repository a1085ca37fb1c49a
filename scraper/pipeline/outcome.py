"""What came of an address, and of all of them.  Pure.

Outcome    one address
Summary    many, counted; and the signs from which the program makes its exit code
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from archive.errors import QqnewsError
from archive.state import State
from scraper.errors import Limited, NoNetwork, NotAnArticle, OwnLimit, Refused
from scraper.fetch.cost import HostCost
from scraper.urls.address import host_of


class Result(StrEnum):
    """What came of an address, in one word; every address has exactly one."""

    NEW = "new"
    REVISED = "revised"
    SUSPECT = "suspect"  # kept beside the current text, which it is not trusted to replace
    SAME = "same"
    COPY = "copy"
    GONE = "gone"  # withdrawn, or never was
    OTHER = "other"  # a page that will never be an article: video, paywall, topic …
    UNREADABLE = "unreadable"  # a page that should be an article and does not read as one
    REFUSED = "refused"  # not asked, by rule
    BLOCKED = "blocked"  # the site shows nobody like us this page (403 …); asked again a few times
    LIMITED = "limited"  # the site asks us to slow down or to prove ourselves; asked again later
    FAILED = "failed"  # no answer worth having; asked again later
    BUG = "bug"  # reading it failed in a way no page may cause


_UNREADABLE: Final = frozenset({State.THIN, State.ERROR, State.NOT_ARTICLE})
_ILLUSTRATED: Final = frozenset({Result.NEW, Result.REVISED, Result.SUSPECT})
_TEXTS: Final = _ILLUSTRATED | {Result.COPY}
_SEEN: Final = (Result.GONE, Result.OTHER, Result.UNREADABLE)
KEPT: Final = frozenset({Result.NEW, Result.REVISED, Result.SUSPECT, Result.SAME, Result.COPY})


def result_of(state: State) -> Result:
    """What a page in this state means for the address that was asked for; not for `ok`, which the archive judges."""
    if state.withdrawn:
        return Result.GONE
    if state is State.BLOCKED:
        return Result.BLOCKED
    if state is State.CAPTCHA:
        return Result.LIMITED
    return Result.UNREADABLE if state in _UNREADABLE else Result.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one address.

    url: as given.  id: empty when it is not known.  result: in one word.
    state: of the page; None when none came.  title: of the article, where there is one.
    path: of the Markdown, below the archive's folder.  images, missing: pictures kept, and not.
    missing_because: why those that were asked for are not there, each reason once.
    older: whether it is an earlier text, and the current one stands.
    copy_of: the id whose text this is.  reason: why, in words a person can check.
    error: what was raised, if anything.
    asked: whether the network was asked at all.  host: the host that decided the outcome, empty if none was asked.
    canonical: the article's own address, empty when it is not known.
    text: the fingerprint of its words, where it was kept.
    returned: whether it had been forgotten on purpose, and is kept again.
    """

    url: str
    result: Result
    id: str = ""
    state: State | None = None
    title: str = ""
    path: Path | None = None
    images: int = 0
    missing: int = 0
    missing_because: tuple[str, ...] = ()
    older: bool = False
    copy_of: str = ""
    reason: str = ""
    error: BaseException | None = None
    asked: bool = True
    host: str = ""
    canonical: str = ""
    text: str = ""
    returned: bool = False

    @property
    def kept(self) -> bool:
        """Whether the archive holds this article now."""
        return self.result in KEPT

    @property
    def settled(self) -> bool:
        """Whether asking again soon would be pointless."""
        return self.kept or self.result in (Result.GONE, Result.OTHER)


def failure(url: str, error: QqnewsError, *, id: str = "") -> Outcome:
    """The outcome of an address whose way ended in an error."""
    if isinstance(error, Limited):
        result = Result.LIMITED
    elif isinstance(error, Refused | NotAnArticle):
        result = Result.REFUSED
    else:
        result = Result.FAILED
    reason = getattr(error, "reason", "") or error.what
    asked = not isinstance(error, NotAnArticle)
    return Outcome(
        url=url,
        id=id,
        result=result,
        reason=reason,
        error=error,
        asked=asked,
        host=host_of(getattr(error, "url", "")) if asked else "",
    )


DRIFT_PAGES: Final = 3
DRIFT_SHARE: Final = 0.5
"""From so many unreadable pages of one host on, and from this share of its pages on, the site has changed its pages."""


VANISHED: Final = 5
"""From so many articles of one host on that are gone at once, and are most of those looked at, it may be the site."""


ALIKE: Final = 5
"""From so many articles of one host on that say one and the same under headlines of their own, and are most of those
that came, it may be a wall before them: what goes around from outlet to outlet mostly keeps its headline."""


@dataclass(slots=True, kw_only=True)
class Brought:
    """What one source brought.

    answers: how often it answered at all.  named: articles.  fresh: those that were not known.
    error: why it could not be asked or read.  cut: whether something was left that was worth asking.
    """

    name: str
    answers: int = 0
    named: int = 0
    fresh: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    error: QqnewsError | None = None
    cut: bool = False


@dataclass(slots=True, kw_only=True)
class Summary:
    """What came of many addresses.

    results: how often each result.  images, missing: pictures of new and revised articles, kept and not.
    late_images: pictures that came at last, for these articles or for earlier ones.
    rechecked: kept articles that were asked for again.  left: articles still waiting in the queue.
    requests, bytes, unchanged, waited: what it cost the site, and us.
    bound: which bound ended it (`--limit`, `network.night`), empty if none.  stopped: whether it was asked to stop.
    pages: host → how many pages read as articles, and how many do not.
    looks: host → how many kept articles that had been there are gone, and how many are not.
    texts: host → each text that came, and the headlines over it.
    """

    results: Counter[Result] = field(default_factory=Counter)
    images: int = 0
    missing: int = 0
    late_images: int = 0
    rechecked: int = 0
    left: int = 0
    requests: int = 0
    bytes: int = 0
    unchanged: int = 0
    refusals: int = 0
    waited: float = 0.0
    seconds: float = 0.0
    bound: str = ""
    stopped: bool = False
    offline: bool = False
    limited: set[str] = field(default_factory=set)
    sources: list[Brought] = field(default_factory=list)
    pages: dict[str, Counter[bool]] = field(default_factory=dict)
    looks: dict[str, Counter[bool]] = field(default_factory=dict)
    texts: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome) -> None:
        """Add one outcome."""
        self.results[outcome.result] += 1
        if outcome.result in _ILLUSTRATED:
            self.images += outcome.images
            self.missing += outcome.missing
        if isinstance(outcome.error, OwnLimit):
            self.bound = self.bound or outcome.error.setting
        elif outcome.result is Result.LIMITED:
            self.limited.add(outcome.host)
        if isinstance(outcome.error, Refused | NoNetwork) or outcome.result is Result.FAILED:
            kind = getattr(outcome.error, "kind", "") or type(outcome.error).__name__
            self.errors[kind] += 1
        if outcome.asked and outcome.state is not None and outcome.host:
            if outcome.state is State.OK:
                self.pages.setdefault(outcome.host, Counter())[True] += 1
            elif outcome.result is Result.UNREADABLE:
                self.pages.setdefault(outcome.host, Counter())[False] += 1

        if outcome.result in _TEXTS and outcome.text:
            texts = self.texts.setdefault(outcome.host, {})
            texts.setdefault(outcome.text, set()).add(outcome.title)

    def look_again(self, outcome: Outcome, *, before: State) -> None:
        """Add what came of a kept article that was asked for again.  before: what its page had been."""
        self.rechecked += 1
        if before is State.OK:
            host = host_of(outcome.canonical)
            self.looks.setdefault(host, Counter())[outcome.result is Result.GONE] += 1

    def spend(self, cost: HostCost) -> None:
        """Note what it cost the site, and us."""
        self.requests, self.bytes = cost.requests, cost.bytes
        self.unchanged, self.refusals = cost.unchanged, cost.refused
        self.waited = cost.waited

    @property
    def total(self) -> int:
        """How many addresses were dealt with."""
        return self.results.total()

    @property
    def drifting(self) -> tuple[str, ...]:
        """Hosts whose pages no longer read as articles."""
        return tuple(
            host
            for host, read in self.pages.items()
            if read[False] >= DRIFT_PAGES and read[False] >= DRIFT_SHARE * read.total()
        )

    @property
    def vanishing(self) -> tuple[str, ...]:
        """Hosts of which most articles that were looked at again had been there, and are gone."""
        return tuple(
            host
            for host, gone in self.looks.items()
            if gone[True] >= VANISHED and gone[True] >= DRIFT_SHARE * gone.total()
        )

    @property
    def alike(self) -> dict[str, int]:
        """Hosts of which most articles that came say one and the same, and how many do."""
        found = {}
        for host, texts in self.texts.items():
            counts = [len(titles) for titles in texts.values()]
            if max(counts) >= ALIKE and max(counts) >= DRIFT_SHARE * sum(counts):
                found[host] = max(counts)
        return found

    @property
    def came(self) -> int:
        """How many pages came that said something of their articles."""
        return sum(self.results[result] for result in (*KEPT, *_SEEN))

    @property
    def shut_out(self) -> bool:
        """Whether nothing came, and the site asked us to stop or could not be reached."""
        return not self.came and bool(self.limited or self.offline)

    @property
    def signs(self) -> tuple[str, ...]:
        """What the exit code is made of, by the names of `scraper.cli.exits.Exit`, in no order.

        INTERRUPTED is not among them: only the program knows which signal it was.
        """
        found = {
            "BUG": self.results[Result.BUG] > 0,
            "DRIFT": bool(self.drifting or self.vanishing or self.alike),
            "LIMITED": bool(self.limited),
            "NO_NETWORK": self.offline,
            "INCOMPLETE": self._incomplete,
            "BOUND": bool(self.bound),
        }
        return tuple(name for name, there in found.items() if there)

    @property
    def _incomplete(self) -> bool:
        unfinished = (Result.FAILED, Result.UNREADABLE, Result.REFUSED, Result.BLOCKED)
        broken = any(one.error and not isinstance(one.error, OwnLimit) for one in self.sources)
        return (
            broken
            or self.missing > self.late_images
            or any(self.results[result] for result in unfinished)
        )

    def as_dict(self) -> dict[str, Any]:
        """For a row of `runs` and for `-o jsonl`: plain values, the same keys always."""
        return {
            **{result.value: self.results[result] for result in Result},
            "images": self.images,
            "missing": self.missing,
            "late_images": self.late_images,
            "rechecked": self.rechecked,
            "left": self.left,
            "requests": self.requests,
            "bytes": self.bytes,
            "unchanged": self.unchanged,
            "refusals": self.refusals,
            "waited": round(self.waited, 1),
            "seconds": round(self.seconds, 1),
            "bound": self.bound,
            "stopped": self.stopped,
            "limited_hosts": sorted(self.limited),
            "drifting": list(self.drifting),
            "vanishing": list(self.vanishing),
            "alike": list(self.alike),
            "came": self.came,
            "shut_out": self.shut_out,
            "sources": [
                {
                    "name": brought.name,
                    "named": brought.named,
                    "fresh": brought.fresh,
                    "skipped": brought.skipped,
                    "error": str(brought.error) if brought.error else "",
                    "cut": brought.cut,
                }
                for brought in self.sources
            ],
        }
