"""A capture, opened: its text, its tree, the values in its scripts.  Pure.

    Page    each of them made once, when first asked for

Which of it is an article is left to `scraper.layouts`, what kind of page it is to `scraper.notices`.
"""

import re
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.capture import Capture
from scraper.charset import Decoded, decode
from scraper.script import value_after

LARGEST = 5 * 1024 * 1024
"""Bytes a page may have; the largest real article page we know has 3.3 million (a WeChat post full of data: images)."""

_BEGINS = re.compile(r"<(?:html|head|body)\b", re.IGNORECASE)
_ENDS = re.compile(r"</(?:html|body)\s{0,9}>", re.IGNORECASE)
_OPENED = re.compile(
    r"<(?!(?:area|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)[a-z][^<>]{0,400}(?<!/)>$",
    re.IGNORECASE,
)
_TRAP = re.compile(r"<!--headTrap.{0,200}?-->")
"""What WeChat's pages of about 2018 begin with: a comment that holds all three elements, ended."""
_WINDOW_DATA = re.compile(r"window(?:\.DATA|\[[\"']DATA[\"']\])\s{0,9}=\s{0,9}")
_SAVED_FROM = re.compile(r"<!--\s{0,9}saved from url=\(\d{1,6}\)(\S{8,2048})\s{0,9}-->")
"""What browsers write above a page they save."""


class Page:
    """A capture, opened.  Not thread-safe, as Lexbor is not.

    >>> from datetime import UTC, datetime
    >>> body = b'<title>T</title><script>window.DATA = {"title": "T"};</script>'
    >>> page = Page(Capture(url="https://news.qq.com/rain/a/20260101A0ABCD00", at=datetime.now(UTC), body=body))
    >>> page.json_after(re.compile(r"window\\.DATA\\s*=\\s*"))
    {'title': 'T'}
    """

    def __init__(self, capture: Capture, address: str = "") -> None:
        """address: where the page stands on the web, when the capture does not say (a saved file)."""
        self.capture = capture
        self._address = address
        self._values: dict[re.Pattern[str], Any] = {}

    @cached_property
    def url(self) -> str:
        """Where the page stands on the web; the address of the file when nothing on a saved page tells."""
        if self.capture.url.startswith(("http://", "https://")):
            return self.capture.url
        return self._address or next(iter(self.named), self.capture.url)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The addresses that the page's head gives itself: og:url, canonical, where a browser saved it from."""
        link = self.head.css_first('link[rel="canonical"]') if self.head else None
        saved = _SAVED_FROM.search(self.beginning, 0, 4096)
        candidates = (
            self.metas.get("og:url", ""),
            (link.attributes.get("href") or "").strip() if link else "",
            saved[1] if saved else "",
        )
        whole = ("https:" + one if one.startswith("//") else one for one in candidates)
        return tuple(dict.fromkeys(one for one in whole if one.startswith(("http://", "https://"))))

    @cached_property
    def _decoded(self) -> Decoded:
        return decode(self.capture.body, self.capture.header("content-type") or "")

    @cached_property
    def text(self) -> str:
        """The page as text, markup and all."""
        return self._decoded.text

    @cached_property
    def beginning(self) -> str:
        """The first characters of `text`, at least 20,000 or all there are; of a large page far cheaper than all."""
        return self._decoded.beginning

    @cached_property
    def end(self) -> str:
        """The last characters of `text`, some thousands or all there are."""
        return self._decoded.end

    @cached_property
    def bare(self) -> bool:
        """Whether this is no HTML but an answer to a program: JSON, JSONP, a script file."""
        return not self.beginning[:200].lstrip("\ufeff \t\r\n").startswith("<")

    @cached_property
    def cut_short(self) -> bool:
        """Whether the page has a beginning and no end, as half a download has: it stops amid words, or where an element
        has just begun, before `</body>`.

        Of 410 whole articles saved by many people with many tools, none does.
        """
        # To strip all of the end would be to copy it.
        last = self.end[-500:].rstrip() or self.end.rstrip()
        if self.bare or last.endswith("</html>"):
            return False
        if last.endswith(">") and not _OPENED.search(last):
            return False
        begins = _BEGINS.search(self.beginning, 0, 5_000)
        if trap := _TRAP.search(self.beginning, 0, 5_000):
            return not _ENDS.search(self.text, trap.end())
        return begins is not None and not (_ENDS.search(self.end) or _ENDS.search(self.text))

    @property
    def charset(self) -> str:
        """How the bytes were read (`utf-8`, `gb18030`), whatever the page declares."""
        return self._decoded.charset

    @property
    def damaged(self) -> float:
        """The share of characters lost to a wrong charset, here or before the page was stored."""
        return self._decoded.damaged

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as a tree.  Scripting is on: a `<noscript>` in the head would else end the head."""
        decoded = self._decoded
        # Lexbor reads bytes a third faster than text, and a page that is UTF-8 need not be encoded again.
        if decoded.clean:
            source = self.capture.body[decoded.skip :]
        else:
            source = b"".join(piece.encode("utf-8", "replace") for piece in decoded.pieces)
        return LexborHTMLParser(source[:LARGEST], scripting=True)

    @property
    def head(self) -> LexborNode | None:
        """The `<head>` element."""
        return self.tree.head

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The text of every script that stands on the page itself.

        Looking for a word here costs a third of looking for it in the page, and nothing that a page merely shows
        (a reader's comment that quotes a script) can be taken for one.
        """
        texts = (node.text() for node in self.tree.tags("script"))
        return tuple(text for text in texts if text)

    def script_with(self, words: str) -> str:
        """The first script that has these words; empty when none has."""
        return next((script for script in self.scripts if words in script), "")

    @cached_property
    def window_data(self) -> dict[str, Any]:
        """`window.DATA`, in which templates of qq.com since 2017 tell their scripts the facts; empty without one."""
        found = self.json_after(_WINDOW_DATA, "DATA")
        return found if isinstance(found, dict) else {}

    @cached_property
    def metas(self) -> dict[str, str]:
        """`<meta>` name or property, in lower case → content; the first of each name that says something."""
        found: dict[str, str] = {}
        for node in self.tree.tags("meta"):
            attributes = node.attributes
            name = (
                attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            )
            content = (attributes.get("content") or "").strip()
            if name and content:
                found.setdefault(name.lower(), content)
        return found

    @cached_property
    def title(self) -> str:
        """The text of `<title>`, spaces collapsed; empty when there is none."""
        node = self.head.css_first("title") if self.head else None
        node = node or self.tree.css_first("body title")
        return " ".join(node.text().split()) if node else ""

    def json_after(self, pattern: re.Pattern[str], word: str = "") -> Any | None:
        """The JSON or JavaScript literal right after `pattern` in a script; None when the page has none.

        word: what a script must have for `pattern` to match; looking for a word is ten times faster.
        """
        if pattern not in self._values:
            values = (value_after(script, pattern) for script in self.scripts if word in script)
            self._values[pattern] = next((value for value in values if value is not None), None)
        return self._values[pattern]
