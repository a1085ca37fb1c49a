"""Values written into a page's scripts.  Pure.

    value_after      what stands after a pattern
    value_at         JSON, or the JavaScript literal that is nearly JSON, at a place
    expression_at    a small expression at a place

qq.com hands its pages their data this way: `window.DATA = {…}` is JSON, `ARTICLE_INFO = window.ARTICLE_INFO || {…}`
has bare keys and single quotes, WeChat's `window.cgiDataNew = {…}` wraps strings in `JsDecode('…')` and writes
numbers as `'0' * 1`.  How a literal is read stands in `scraper.literal`.
"""

import json
import re
from itertools import islice
from typing import Any
from urllib.parse import unquote

from scraper.literal import Literal, NoLiteral

LONGEST = 3 * 1024 * 1024
"""Characters a literal may take; the longest real one is below 0.5 million."""

_DECODER = json.JSONDecoder()


def value_after(script: str, pattern: re.Pattern[str]) -> Any | None:
    r"""The first value that stands in a script right after `pattern` and says something; None when none does.

    A lazy regular expression would stop at the first `};` inside a string:

    >>> value_after('window.DATA = {"a": "};"};', re.compile(r"window\.DATA\s*=\s*"))
    {'a': '};'}
    >>> value_after("var A = window.A || {id:'7', url:'//qq.com', }", re.compile(r"window\.A \|\|\s*"))
    {'id': '7', 'url': '//qq.com'}
    """
    for found in islice(pattern.finditer(script), _MOST_TRIES):
        value = value_at(script, found.end())
        value = _unwrapped(script, found.end()) if value is None else value
        if value:
            return value
    return None


_MOST_TRIES = 3
"""How often a script may assign nothing (`null`, `{}`, `window.X || {}`) before it assigns the value."""

_WRAPPED = re.compile(r"JSON\.parse\(|window\.[\w.]{1,80}\s{0,9}\|\|")


def _unwrapped(script: str, position: int) -> Any | None:
    """The value of `JSON.parse("…")`, whose words may be written for an address first, or of `window.X || {…}`."""
    said = expression_at(script, position) if _WRAPPED.match(script, position) else None
    if not isinstance(said, str):
        return said or None
    return value_at(unquote(said) if said.startswith("%") else said)


_JSON = re.compile(r"\s*(?=\{\s*[\"}]|\[\s*[\"{\[\]\d]|\")")
"""What JSON begins with; failing to read it as such costs a count of its lines."""


def value_at(text: str, position: int = 0, only: frozenset[str] = frozenset()) -> Any | None:
    """The JSON value or JavaScript literal at `position`; None when there is none, or it is cut short.

    only: the members of a JavaScript object to read, if not all of them; the others are passed over, five times faster.

    >>> value_at("{a: [1], 'b': '\\\\x26', c: f('x')}", only=frozenset("b"))
    {'b': '&'}
    """
    if len(text) - position > LONGEST:
        text, position = text[position : position + LONGEST], 0
    if not only and (start := _JSON.match(text, position)):
        try:
            return _DECODER.raw_decode(text, start.end())[0]
        except (ValueError, RecursionError):
            pass
    try:
        return Literal(text, position, only).read()
    except NoLiteral:
        return None


def expression_at(text: str, position: int = 0) -> Any | None:
    """The value of the small expression at `position`, as templates write them; None when it has none to read.

    >>> [expression_at(line) for line in ("'' || '7';", "htmlDecode('a');", "'b'.html(false);")]
    ['7', 'a', 'b']
    """
    try:
        return Literal(text[: position + LONGEST], position).read_expression()
    except NoLiteral:
        return None
