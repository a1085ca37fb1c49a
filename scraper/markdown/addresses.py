"""Addresses as Markdown can hold them, and which of them a reader may follow.  Pure."""

import re
from urllib.parse import quote, urljoin, urlsplit

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0<>()\[\]{}\"\\|`\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_FEEDS = re.compile(r"[\t\r\n]+")


def followed(href: str, base: str) -> str:
    """The absolute address a link leads to; empty for one that is no link outside its page.

    >>> followed("//news.qq.com/a b", "https://new.qq.com/rain/a/1")
    'https://news.qq.com/a b'
    >>> followed("qqnews://article", "https://new.qq.com/rain/a/1"), followed("#part", "https://new.qq.com/")
    ('', '')
    """
    href = href.strip()
    if not href.isprintable():
        href = _FEEDS.sub("", href)  # as browsers do
    if href.startswith(("https://", "http://")):
        found = href
    elif not href or href.startswith("#"):
        return ""
    elif _SCHEME.match(href):
        scheme, _, rest = href.partition(":")
        if scheme.lower() == "mailto":
            return "mailto:" + rest if rest else ""
        if scheme.lower() not in ("http", "https"):
            return ""
        found = f"{scheme}://{rest.lstrip('/')}"  # `http:/news.qq.com` leads there too
    else:
        try:
            found = urljoin(base, href)
        except ValueError:
            return ""
        if not found.startswith(("https://", "http://")):
            return ""
    if "[" in found and not _is_parsed(found):
        return ""
    if "#" in found and found.partition("#")[0] == base.partition("#")[0]:
        return ""
    return found if len(found) > len("https://") else ""


def safe(address: str) -> str:
    """The address with everything percent-encoded that could end it early in Markdown, or begin a shortcode.

    >>> safe("https://a.example/b (1).png?x={{<y>}}")
    'https://a.example/b%20%281%29.png?x=%7B%7B%3Cy%3E%7D%7D'
    """
    if _UNSAFE.search(address) is None:
        return address
    return _UNSAFE.sub(lambda found: quote(found.group()), address)


def written(address: str) -> str:
    """The address as it stands between the brackets of a link or picture.

    >>> written("https://a.example/?a=1&copy;=2&b=3")
    'https://a.example/?a=1&amp;copy;=2&b=3'
    """
    address = safe(address)
    return _ENTITY.sub("&amp;", address) if "&" in address else address


def _is_parsed(address: str) -> bool:
    try:
        urlsplit(address)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return True
