"""What a run cost the site, and us.

    HostCost    one host's counts
    Cost        all of them, and their sum

Counted by the fetcher as it goes; printed by whoever ends the run.
"""

from dataclasses import dataclass, field

from scraper.units import count_text, duration_text, size_text


@dataclass(slots=True, kw_only=True)
class HostCost:
    """One host's counts.

    requests: sent, repeated ones and robots.txt among them.  bytes: received, headers included, before decompression.
    unchanged: answered with 304.  refused: answered with 429, 503, 501, 566, 567 or a captcha.
    failed: requests that gave no answer worth having.
    waited: seconds we stood still because the host asked for it, or to try again; the ordinary pace is not in it.
    """

    requests: int = 0
    bytes: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    waited: float = 0.0


@dataclass(slots=True)
class Cost:
    """The counts of every host asked, by its name."""

    hosts: dict[str, HostCost] = field(default_factory=dict)

    def of(self, host: str) -> HostCost:
        """The counts of one host, to add to."""
        return self.hosts.setdefault(host, HostCost())

    @property
    def total(self) -> HostCost:
        """The sum over all hosts."""
        every = self.hosts.values()
        return HostCost(
            requests=sum(host.requests for host in every),
            bytes=sum(host.bytes for host in every),
            unchanged=sum(host.unchanged for host in every),
            refused=sum(host.refused for host in every),
            failed=sum(host.failed for host in every),
            waited=sum(host.waited for host in every),
        )

    def __str__(self) -> str:
        """One phrase for a summary.

        >>> cost = Cost()
        >>> cost.of("news.qq.com").requests = 3
        >>> cost.of("news.qq.com").bytes = 420_000
        >>> str(cost)
        '3 requests, 420 KB'
        """
        total = self.total
        parts = [count_text(total.requests, "request"), size_text(total.bytes)]
        if total.unchanged:
            parts.append(f"{total.unchanged} unchanged")
        if total.refused:
            parts.append(f"told {count_text(total.refused, 'time')} to slow down")
        if total.waited >= 1:
            parts.append(f"waited {duration_text(round(total.waited))}")
        return ", ".join(parts)
