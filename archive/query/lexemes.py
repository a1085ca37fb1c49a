"""A query cut into pieces: words, quotes, fields, operators.  Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import QueryError
from archive.query.nodes import FIELDS, NAMES, nearest

_QUOTES = {'"': '"', "“": "”", "”": "“", "＂": "＂", "「": "」", "『": "』"}
_FIELD = re.compile(r"([A-Za-z_]{1,20}|[\u4e00-\u9fff]{1,4})[:：](?!//)")
_WORD = re.compile(r"[^\s\"“”＂「『()（）]+")
_ADDRESS = re.compile(r"https?://[^\s\"“”]+")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """kind: one of `( ) - or and word quote field`."""

    kind: str
    text: str
    field: str = ""


def lexed(text: str) -> Iterator[Lexeme]:
    """The pieces in order; raises `QueryError` for a quote left open, an unknown field, a field without a value."""
    at = 0
    while at < len(text):
        mark = text[at]
        if mark.isspace():
            at += 1
        elif mark in "(（":
            yield Lexeme("(", mark)
            at += 1
        elif mark in ")）":
            yield Lexeme(")", mark)
            at += 1
        elif mark in "-－" and text[at + 1 : at + 2].strip(" )）"):
            yield Lexeme("-", mark)
            at += 1
        elif (field := _FIELD.match(text, at)) and _is_field(field[1]):
            name = _field_named(field[1])
            value, at = _value(text, field.end(), field[0])
            yield Lexeme("field", value, name)
        elif mark in _QUOTES:
            value, at = _quoted(text, at)
            yield Lexeme("quote", value)
        elif address := _ADDRESS.match(text, at):
            yield Lexeme("field", address[0], "url")
            at = address.end()
        else:
            found = _WORD.match(text, at)
            if found is None:  # a closing 」 or 』
                at += 1
                continue
            word = found[0]
            at = found.end()
            kind = {"OR": "or", "|": "or", "｜": "or", "||": "or", "AND": "and", "NOT": "-"}
            yield Lexeme(kind.get(word, "word"), word)


def _is_field(name: str) -> bool:
    """Chinese before a colon is a field only when it is one: `外交部：回应` is text."""
    return name.isascii() or name in NAMES


def _field_named(name: str) -> str:
    known = NAMES.get(name.lower())
    if known:
        return known
    raise QueryError(
        f"no field is called {name!r}",
        hint=f"{nearest(name, NAMES, FIELDS)}; to search for it as text, put it in quotes",
    )


def _value(text: str, at: int, field: str) -> tuple[str, int]:
    if at < len(text) and text[at] in _QUOTES:
        return _quoted(text, at)
    word = _WORD.match(text, at)
    if word is None:
        raise QueryError(f"{field} is followed by nothing", hint="write the value right after it")
    return word[0], word.end()


def _quoted(text: str, at: int) -> tuple[str, int]:
    closing = {_QUOTES[text[at]], '"'} if text[at] in '"“”＂' else {_QUOTES[text[at]]}
    ends = [end for mark in closing if (end := text.find(mark, at + 1)) >= 0]
    if not ends:
        raise QueryError(f"a quote is opened and not closed: {text[at:]}")
    return text[at + 1 : min(ends)], min(ends) + 1
