"""JavaScript literals, as templates write them into a page's scripts.  Pure.

    Literal    one literal or small expression, read from left to right

Bare keys, three kinds of quotes, comments, what follows a value (`'0' * 1`, `x || {}`), what stands around it
(`JsDecode('…')`).  Nothing is ever evaluated: what is no literal reads as None.
"""

import re
import string
from math import isfinite
from typing import Any

DEEPEST = 200
"""How deep objects and arrays may nest."""


class NoLiteral(ValueError):
    """There is no literal here, or it has no end."""


_GAP = re.compile(r"(?:\s+|//[^\n\u2028\u2029]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)*")
_NO_GAP = frozenset(string.printable) - frozenset(string.whitespace + "/")
"""Where no gap begins; by far the most characters, and three times faster to look up than to match."""
_NUMBER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]{1,16}|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?)")
_NAME = re.compile(r"[\w$]+(?:\.[\w$]+)*")
# Possessive: what cannot go back cannot be made to go back for ever.
_WHOLE = {
    '"': re.compile(r'[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"'),
    "'": re.compile(r"[^'\\]*+(?:\\[\s\S][^'\\]*+)*+'"),
    "`": re.compile(r"[^`\\]*+(?:\\[\s\S][^`\\]*+)*+`"),
}
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|\r\n|([\s\S]))"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS = {"true": True, "false": False}
_NEXT = re.compile(r"[,;{}()\[\]\"'`/]")


class Literal:
    """Reads one literal from left to right; every character is looked at a bounded number of times.

    text, at: where it begins.  only: the members of an object to read, if not all of them.
    """

    def __init__(self, text: str, at: int = 0, only: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.at = at
        self.depth = 0
        self.only = only

    def read(self) -> Any:
        """An object, an array or a string.  Raises NoLiteral."""
        self._skip_gap()
        if self._peek() not in "{['\"":
            raise NoLiteral
        return self._value()

    def read_expression(self) -> Any:
        """Any value with what may follow it.  Raises NoLiteral."""
        self._skip_gap()
        return self._expression()

    def _peek(self) -> str:
        """The next character; a NUL stands for the end, which no literal survives."""
        return self.text[self.at] if self.at < len(self.text) else "\0"

    def _skip_gap(self) -> None:
        if self._peek() in _NO_GAP:
            return
        found = _GAP.match(self.text, self.at)
        assert found
        self.at = found.end()
        # A comment without an end: looking for it again would take as long again.
        if self.text.startswith("/*", self.at):
            raise NoLiteral

    def _expression(self) -> Any:
        """A value with what may follow it: `'0' * 1` is a number, `'a' + 'b'` a string, `x || {}` its last literal."""
        value = self._value()
        while True:
            self._skip_gap()
            follower = self._peek()
            if follower in ",;}])\0":
                return value
            if follower == "*":
                self.at += 1
                self._skip_gap()
                value = _number_of(value)
                self._value()
            elif follower == "+":
                self.at += 1
                self._skip_gap()
                right = self._value()
                value = value + right if isinstance(value, str) and isinstance(right, str) else None
            elif follower == "." and (found := _NAME.match(self.text, self.at + 1)):
                # `'…'.html(false)`: what a method makes of the value is not ours to run.
                self.at = found.end()
                if self._peek() == "(":
                    self.at += 1
                    self._skip_gap()
                    self._arguments()
            elif self.text.startswith("||", self.at):
                self.at += 2
                self._skip_gap()
                right = self._value()
                value = value or right
            else:
                self._skip_expression()
                return None

    def _value(self) -> Any:
        first = self._peek()
        if first == "{":
            return self._nested(self._object)
        if first == "[":
            return self._nested(self._array)
        if first in _WHOLE:
            return self._string(first)
        if first == "!":
            return not self._nested(self._value)
        if found := _NUMBER.match(self.text, self.at):
            self.at = found.end()
            return _number_of(found[0])
        if found := _NAME.match(self.text, self.at):
            self.at = found.end()
            return self._named(found[0])
        if first == "(":
            self.at += 1
            self._skip_gap()
            return self._arguments()
        self._skip_expression()
        return None

    def _nested(self, reader: Any) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoLiteral
        self.at += 1
        value = reader()
        self.depth -= 1
        return value

    def _object(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while True:
            self._skip_gap()
            first = self._peek()
            if first == "}":
                self.at += 1
                return members
            if first == ",":
                self.at += 1
                continue
            if first in _WHOLE:
                key = self._string(first)
            elif found := _NAME.match(self.text, self.at):
                self.at = found.end()
                key = found[0]
            else:
                raise NoLiteral
            self._skip_gap()
            if self._peek() == ":":
                self.at += 1
                self._skip_gap()
                if self.only and self.depth == 1 and key not in self.only:
                    self._skip_expression()
                else:
                    members[key] = self._expression()
            else:  # a shorthand or a method: nothing a literal tells
                self._skip_expression()
                members[key] = None

    def _array(self) -> list[Any]:
        items: list[Any] = []
        while True:
            self._skip_gap()
            if self._peek() == "]":
                self.at += 1
                return items
            if self._peek() == ",":
                self.at += 1
                continue
            items.append(self._expression())
            self._skip_gap()
            if self._peek() not in ",]":
                raise NoLiteral

    def _string(self, quote: str) -> str:
        whole = _WHOLE[quote].match(self.text, self.at + 1)
        if not whole:
            raise NoLiteral
        written = self.text[self.at + 1 : whole.end() - 1]
        self.at = whole.end()
        if "\\" in written:
            written = _ESCAPE.sub(_meant, written)
        return _paired(written)

    def _named(self, name: str) -> Any:
        """What a bare word means: a constant, or a call around one literal (`JsDecode('…')`, `Number("7")`)."""
        if name in _WORDS:
            return _WORDS[name]
        self._skip_gap()
        if name != "function" and self._peek() == "(":
            self.at += 1
            self._skip_gap()
            return self._arguments()
        if name in ("function", "void", "new", "typeof") or self._peek() in "({":
            self._skip_expression()
        return None

    def _arguments(self) -> Any:
        """The first of the values up to the closing parenthesis."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoLiteral
        value = None if self._peek() == ")" else self._expression()
        while self._peek() == ",":
            self.at += 1
            self._skip_gap()
            self._expression()
            self._skip_gap()
        if self._peek() != ")":
            raise NoLiteral
        self.at += 1
        self.depth -= 1
        return value

    def _skip_expression(self) -> None:
        """Go to the comma or bracket that ends the member we stand in."""
        open_brackets = 0
        while found := _NEXT.search(self.text, self.at):
            mark = found[0]
            self.at = found.start()
            if mark in _WHOLE:
                whole = _WHOLE[mark].match(self.text, self.at + 1)
                if not whole:
                    raise NoLiteral
                self.at = whole.end()
                continue
            if mark in "{([":
                open_brackets += 1
            elif mark in "})]":
                if not open_brackets:
                    return
                open_brackets -= 1
            elif mark == "/":
                before = self.at
                self._skip_gap()
                self.at = max(self.at, before + 1)
                continue
            elif not open_brackets:
                return
            self.at += 1
        raise NoLiteral


def _meant(escape: re.Match[str]) -> str:
    """The character that an escape stands for; nothing for the end of a line."""
    code = escape[1] or escape[2] or escape[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _CONTROL.get(escape[4], escape[4]) if escape[4] else ""


def _number_of(value: Any) -> int | float | None:
    if isinstance(value, int | float):
        return value
    try:
        text = str(value).strip()
        if text[:2].lower() == "0x":
            return int(text, 16)
        number = int(text) if len(text) < 40 and text.lstrip("+-").isdigit() else float(text)
        return number if isfinite(number) else None
    except ValueError:
        return None


def _paired(text: str) -> str:
    """Join surrogates written as two escapes; a lone one can never be stored and becomes U+FFFD."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
