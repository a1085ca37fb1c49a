"""Where an answer sends us, and when its saying so is the answer.  Pure.

    onward    the address to ask next, or None when the answer itself is to be kept

qq.com withdraws an article by sending its readers to the page for missing children, and keeps robots out by sending
them to its firewall's page or to a captcha: followed, each would look like a healthy page.
"""

import re
from typing import Final
from urllib.parse import quote_from_bytes

import httpx

from scraper.errors import Refused
from scraper.fetch.answers import REDIRECTS, Answer
from scraper.urls.address import shown

_VISIBLE: Final = bytes(range(0x21, 0x7F))

_TELLING = re.compile(
    r"""
    ^https?://(?:
        [^/?\#]*/(?:[^?\#]*/)?babygohome      # withdrawn: the page for missing children
      | [^/?\#]*/404(?:\.html?|/|$|[?\#])     # withdrawn, on the mobile and the static site
      | waf\.tencent\.com/                    # the firewall
      | [^?\#]*captcha                        # WeChat: wappoc_appmsgcaptcha
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def onward(answer: Answer, *, asked: httpx.URL) -> str | None:
    """The absolute address the answer redirects to; None for no redirect, and for one that says all there is to know.

    Raises Refused (kind `redirect`) for a redirect that names no address.
    """
    if answer.status not in REDIRECTS:
        return None
    location = answer.header("location")
    if not location:
        raise Refused(
            shown(str(asked)), f"HTTP {answer.status} without a place to go", kind="redirect"
        )
    try:
        address = str(asked.join(_written(location)))
    except (httpx.InvalidURL, ValueError) as error:
        what = f"redirects to {shown(location)}, which is no address"
        raise Refused(shown(str(asked)), what, kind="redirect") from error
    return None if _TELLING.match(address) else address


def _written(location: str) -> str:
    """The address as its server meant it: Location comes in raw UTF-8 or GBK, and headers are read as Latin-1."""
    raw = location.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote_from_bytes(raw, safe=_VISIBLE)  # byte by byte, as browsers ask for it
