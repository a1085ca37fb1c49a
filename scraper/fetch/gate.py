"""What an address may say before anything is asked: scheme, host, port, and no more.  Pure.

    admit         an address → the same, ready to be asked; Refused when it is not one we ask
    redirected    the same for an address that a redirect names
    within        whether a host is one of some domains or lies below it

The address is parsed once, here, by the library that sends it, so that no two parsers can disagree about its host.
Which machine a host leads to is left to `scraper.fetch.guard`.
"""

import unicodedata
from collections.abc import Iterable

import httpx

from scraper.errors import Refused
from scraper.fetch.settings import NetworkSettings
from scraper.urls.address import LONGEST, shown

_PORTS = {"http": 80, "https": 443}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def admit(url: str, settings: NetworkSettings, *, hosts: Iterable[str]) -> httpx.URL:
    """The address as it will be asked: over https unless http is allowed, without its fragment.

    hosts: domains it may lie in.  Raises Refused, whose kind is `address`, `scheme`, `userinfo`, `host` or `port`.
    """
    if len(url) > LONGEST:
        raise Refused(shown(url), f"longer than {LONGEST} characters", kind="address")
    if not url.isprintable() and any(unicodedata.category(letter) in _UNSEEN for letter in url):
        raise Refused(shown(url), "has control or invisible characters in it", kind="address")
    try:
        parts = httpx.URL(url.strip())
        host = parts.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused(shown(url), f"not an address: {error}", kind="address") from error
    if parts.scheme not in _PORTS:
        raise Refused(shown(url), "only http and https are asked", kind="scheme")
    if not _is_name(parts):
        raise Refused(shown(url), "no host can have that name", kind="address")
    if parts.userinfo:
        raise Refused(shown(url), "carries a user name or password", kind="userinfo")
    if not within(host, hosts):
        what = f"{host or 'no host'} is not among the hosts that may be asked"
        raise Refused(
            shown(url), what, kind="host", hint="network.hosts and network.picture_hosts name them"
        )
    if (_PORTS[parts.scheme] if parts.port is None else parts.port) not in settings.ports:
        raise Refused(
            shown(url),
            f"port {parts.port} is not asked",
            kind="port",
            hint="network.ports names them",
        )
    if parts.scheme == "http" and not settings.allow_http:
        parts = parts.copy_with(
            scheme="https", port=None if parts.port in (None, 80) else parts.port
        )
    return parts.copy_with(fragment=None) if "#" in url else parts


def redirected(
    since: httpx.URL, target: str, settings: NetworkSettings, *, hosts: Iterable[str]
) -> httpx.URL:
    """The address a redirect from `since` leads to, as `admit` has it.

    Raises Refused, whose kind is that of `admit` with `redirect_` before it, or `redirect_downgrade`: who redirects
    from https to http gives the answer away to anyone on the line.
    """
    where = shown(str(since))
    if since.scheme == "https" and target.lower().startswith("http:") and not settings.allow_http:
        what = f"redirects to {shown(target)}, without encryption"
        raise Refused(
            where, what, kind="redirect_downgrade", hint="network.allow_http would follow"
        )
    try:
        return admit(target, settings, hosts=hosts)
    except Refused as error:
        what = f"redirects to {shown(target)}: {error.reason}"
        raise Refused(where, what, kind=f"redirect_{error.kind}", hint=error.hint) from error


def _is_name(parts: httpx.URL) -> bool:
    """Whether a name server and TLS can be asked for this host: both refuse a name with an empty or endless part."""
    try:
        parts.host.encode("idna")
    except UnicodeError:
        return False
    return True


def within(host: str, domains: Iterable[str]) -> bool:
    """Whether the host is one of the domains or lies below it."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)
