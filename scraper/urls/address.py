"""An address, read with suspicion.  Pure.

    split       text → Address, or NotAnArticle for what no honest address looks like
    respelled   the same address in its plain spelling, for remembering
    host_of     the host in it

An address comes from a person, a feed or a page, so nothing about it is believed: what is asked for later is built anew
from an article's id, never the given text.  What an address means is left to `scraper.urls.families`.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from scraper.errors import NotAnArticle

LONGEST = 2048
"""Characters; no address of qq.com comes near, and longer ones are attacks or accidents."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//|[^0-9])", re.ASCII)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.ASCII)

_ESCAPED = re.compile(r"https?%3A", re.ASCII | re.IGNORECASE)
"""How an address begins that was taken out of another one's query."""

_UNUSUAL = re.compile(r"[^!-~]")
"""What may be invisible or a space; most addresses have no such character."""

_AFTER = "。，；、！？）】》…,;"
"""What follows an address in a sentence and never ends one."""

_TRACKING = re.compile(
    r"utm_.*|pgv_ref|ptag|from|source|refer|f|adtag|spm|scene|chksm|share.*|tbkt|strategy|openid|qimei.*|devid",
    re.IGNORECASE,
)
"""Parameters that say who shared the address with whom.  Dropped where the article is not told by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address taken apart.

    host: lower case, ASCII, without user, port or a last dot.
    path: with percent-escapes undone, runs of slashes made one, without a last slash or what a sentence put there.
    query: the first value of each parameter, escapes undone.  fragment: what follows `#`.
    """

    host: str
    path: str
    query: dict[str, str]
    fragment: str

    def at(self, *domains: str) -> bool:
        """Whether the host is one of these domains or lies below it; `news.qq.com.evil.example` does not."""
        return any(self.host == domain or self.host.endswith("." + domain) for domain in domains)


def refusal(address: str, because: str, *, known: bool = False) -> NotAnArticle:
    """The error for an address that is none of an article, with the address safe to print."""
    return NotAnArticle(shown(address), NotAnArticle.OPENING + because, known=known)


def shown(address: str, *, longest: int = 200) -> str:
    r"""The address as it may be printed: no control or invisible characters, and not endless.

    >>> shown("https://qq.com/\x1b[2J")
    'https://qq.com/\\x1b[2J'
    """
    cut = address if len(address) <= longest else address[: longest - 1] + "…"
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in cut
    )


def plain(address: str) -> str:
    r"""The address without what copying it out of HTML, JavaScript or a message put around and into it.

    >>> plain(r" <https:\/\/mp.weixin.qq.com/s?__biz=a\x26amp;mid=1> ")
    'https://mp.weixin.qq.com/s?__biz=a&mid=1'
    """
    text = address.strip().strip("\ufeff").strip().rstrip(_AFTER)
    if _ESCAPED.match(text):
        text = unquote(text)
    if len(text) > 1 and text[0] + text[-1] in ("<>", '""', "''", "“”", "「」"):
        text = text[1:-1].strip().rstrip(_AFTER)
    text = re.sub(r"\\x26|\\u0026", "&", text, flags=re.IGNORECASE).replace("\\/", "/")
    return re.sub(r"&(?:amp;)+", "&", text)


def split(address: str) -> Address:
    """Take an address apart.  Raises NotAnArticle for anything but an honest http address, saying why."""
    parts, host = _parts(address)
    path = re.sub(r"/{2,}", "/", unquote(parts.path, errors="replace")).rstrip(_AFTER)
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="replace"):
        query.setdefault(name, value)
    return Address(
        host=host, path=path.rstrip("/") or "/", query=query, fragment=unquote(parts.fragment)
    )


def respelled(address: str) -> str:
    """An address of any kind in its plain spelling: https, lower-case host, no fragment, no tracking parameters.

    Raises NotAnArticle as `split` does.
    """
    parts, host = _parts(address)
    path = quote(parts.path.rstrip(_AFTER) or "/", safe="/%:@!$&'()*+,;=~-._")
    query = urlencode(
        [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="replace")
            if not _TRACKING.fullmatch(name)
        ]
    )
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def host_of(address: str) -> str:
    """The host in an address; empty for what is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _parts(address: str) -> tuple[SplitResult, str]:
    text = plain(address)
    if not text:
        raise refusal(address, "it is empty")
    if len(text) > LONGEST:
        raise refusal(address, f"it is longer than {LONGEST} characters")
    for char in _UNUSUAL.findall(text):
        if char.isspace():
            raise refusal(address, "there is a space in it")
        if unicodedata.category(char)[0] == "C":
            raise refusal(address, f"there is an invisible character in it (U+{ord(char):04X})")
    if "\\" in text:
        raise refusal(address, "there is a backslash in it")

    if text.startswith("//"):
        text = "https:" + text
    elif not (scheme := _SCHEME.match(text)):
        text = "https://" + text
    elif scheme[1].lower() not in ("http", "https"):
        raise refusal(address, f"{scheme[1].lower()}: is no web address")
    elif not text[scheme.end() :].startswith("//"):
        raise refusal(address, "it is no web address")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise refusal(address, "it is no web address") from None
    if "@" in parts.netloc:
        raise refusal(address, f"it carries a user name: its host is {host or 'missing'}")
    host = host.lower().removesuffix(".")
    if not host.isascii():
        raise refusal(address, "its host is not written in plain letters")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise refusal(address, "it names no host")
    return parts, host
