"""How each fault ends for whoever asks for a page: the class of failure, the tries it is worth, the user's words.

Times and sizes in the words are those of `tests.scraper.fetch.conftest` and of the shipped settings.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class End:
    """fault: its path.  kind: the class of failure.  tries: how often it is asked for.  words: of the user's line."""

    fault: str
    kind: str
    tries: int
    words: str


def ends(kind: str, tries: int, words: str, *faults: str) -> list[End]:
    return [End(fault, kind, tries, words) for fault in faults]


UNREACHABLE = [
    # The connection.
    *ends("closed", 4, "closed without a proper answer", "/close", "/close-in-headers"),
    *ends("closed", 4, "closed without a proper answer", "/ssh", "/no-status-line"),
    *ends("reset", 4, "the connection broke", "/reset", "/reset-in-headers", "/reset-in-body"),
    *ends("timeout", 4, "no answer in time", "/hang", "/hang-in-headers", "/hang-in-body"),
    *ends("slow", 4, "no complete answer within 700ms", "/drip-headers"),
    *ends("slow", 4, "slower than 1.02 KB a second", "/drip-body", "/drip-gzip", "/bomb-slow"),
    # Not HTTP.
    *ends("garbage", 4, "no proper HTTP", "/binary", "/http2", "/tls-alert", "/upgrade"),
    *ends("garbage", 4, "no proper HTTP", "/bad-status", "/bad-header", "/nul-header", "/space-header"),
    *ends("garbage", 4, "no proper HTTP", "/two-lengths", "/negative-length", "/word-length"),
    *ends("garbage", 4, "no proper HTTP", "/unknown-transfer", "/chunk-bad-size", "/chunk-negative"),
    *ends("garbage", 4, "no proper HTTP", "/chunk-huge-size", "/chunk-no-newline", "/lower-case"),
    *ends("headers", 1, "its headers do not end", "/endless-continue", "/endless-header"),
    *ends("headers", 1, "its headers do not end", "/endless-headers", "/endless-trailers"),
    # Cut short.
    *ends("truncated", 4, "stops before its end", "/short", "/chunk-cut", "/chunk-no-end"),
    *ends("truncated", 4, "compressed answer stops", "/gzip-cut", "/gzip-no-trailer"),
    *ends("truncated", 4, "HTTP 206", "/206"),
    *ends("garbage", 4, "compressed answer is damaged", "/gzip-not", "/gzip-crc", "/gzip-flipped"),
    *ends("garbage", 4, "compressed answer is damaged", "/gzip-many-members", "/gzip-tail"),
    *ends("empty", 2, "an empty answer", "/empty", "/empty-gzip", "/204"),
    # Statuses.
    *[End(f"/{n}", "server", 4, f"HTTP {n} (4 tries)") for n in (408, 425, 500, 502, 504, 520)],
    *[End(f"/{n}", "server", 4, f"HTTP {n} (4 tries)") for n in (523, 525, 530, 545, 599)],
    *ends("server", 4, "HTTP 500 (4 tries)", "/500-short"),
]  # fmt: skip
"""It may pass by itself."""

UNASKED_304 = End("/304", "garbage", 4, "HTTP 304 though")
"""The same, for whoever showed nothing to compare with."""

REFUSED = [
    # Too large.
    *ends("too_large", 1, "larger than 5 MiB after decompression", "/large", "/large-length"),
    *ends("too_large", 1, "larger than 5 MiB after decompression", "/endless", "/endless-chunks"),
    *ends("too_large", 1, "larger than 5 MiB after decompression", "/bomb-gzip", "/bomb-chunked"),
    *ends("too_large", 1, "larger than 5 MiB after decompression", "/bomb-endless"),
    *ends("too_large", 1, "larger than 5 MiB after decompression", "/bomb-empty-blocks"),
    # Not what was asked for.
    *ends("encoding", 1, "sent as br, which we did not ask for", "/bomb-brotli"),
    *ends("encoding", 1, "sent as gzip, gzip", "/bomb-stacked", "/bomb-two-headers"),
    *ends("encoding", 1, "which we did not ask for", "/encoding-unknown", "/encoding-deflate"),
    *ends("encoding", 1, "which we did not ask for", "/encoding-zstd"),
    *ends("type", 1, "is video/mp4, not a page", "/video"),
    *ends("type", 1, "is application/zip, not a page", "/zip"),
    # Redirects.
    *ends("redirect", 1, "redirects in a circle", "/to-self", "/circle-a"),
    *ends("redirect", 1, "redirects more than 5 times", "/hop-0"),
    *ends("redirect", 1, "HTTP 302 without a place to go", "/to-nowhere"),
    *ends("redirect", 1, "which is no address", "/to-nonsense", "/to-control"),
    *ends("redirect_scheme", 1, "only http and https", "/to-file", "/to-ftp", "/to-data"),
    *ends("redirect_scheme", 1, "only http and https", "/to-javascript"),
    *ends("redirect_userinfo", 1, "carries a user name", "/to-user"),
    *ends("redirect_host", 1, "not among the hosts", "/to-stranger", "/to-loopback", "/to-metadata"),
    *ends("redirect_port", 1, "port 22 is not asked", "/to-ssh-port"),
    *ends("redirect_address", 1, "longer than 2048 characters", "/to-long"),
    *ends("redirect_address", 1, "no host can have that name", "/to-no-name", "/to-dot-name"),
    *ends("redirect_address", 1, "no host can have that name", "/to-long-name", "/to-no-idn"),
]  # fmt: skip
"""The same again would give the same."""

LIMITED = [
    *[End(f"/{n}", "limited", 3, f"limiting us (HTTP {n})") for n in (429, 501, 503, 566, 567)],
    *ends("limited", 3, "limiting us (HTTP 429)", "/429-hang", "/429-endless"),
    *ends("limited", 3, "limiting us (HTTP 503)", "/503-brotli"),
    *ends("limited", 3, "limiting us (HTTP 567)", "/567-short"),
    *ends("limited", 1, "asked us to wait 2m", "/429-seconds"),
    *ends("limited", 1, "asked us to wait 7d", "/429-absurd", "/429-far"),
    *ends("limited", 1, "asked us to wait 1m", "/429-date"),
    *ends("limited", 1, "asked us to wait 30s", "/503-seconds"),
    *ends("limited", 3, "limiting us (HTTP 429)", "/429-word", "/429-negative", "/429-past", "/429-two"),
]  # fmt: skip
"""The site asks us to slow down."""

ENDLESS = ("timeout", "slow")
"""Kinds of failure that need shorter times than a busy machine may take for a good answer."""
