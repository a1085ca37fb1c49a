"""The grammar: lexemes to nodes.  Pure."""

import re
from collections.abc import Iterable
from datetime import datetime

from archive.errors import QueryError
from archive.query.dates import span
from archive.query.lexemes import Lexeme
from archive.query.nodes import (
    HAS,
    HAS_NAMES,
    IS,
    IS_NAMES,
    All,
    Any,
    Named,
    Node,
    Not,
    When,
    Words,
    nearest,
)
from archive.state import State
from archive.text import term

DEEPEST = 50

_APART = re.compile("[、，。；！？…《》〈〉【】|｜]+")


def all_of(parts: tuple[Node, ...]) -> Node | None:
    """One node for all of them, None for none."""
    return parts[0] if len(parts) == 1 else All(parts) if parts else None


class Grammar:
    """Reads lexemes: `either` := `both` (OR `both`)*, `both` := `one` ([AND] `one`)*, `one` := [-] item."""

    def __init__(self, lexemes: list[Lexeme], now: datetime) -> None:
        self.rest = lexemes[::-1]
        self._now = now

    def either(self, depth: int) -> Node | None:
        """The query from here to its end or its `)`; None when nothing stands there.  Raises QueryError."""
        parts = [self._both(depth)]
        while self.rest and self.rest[-1].kind == "or":
            self.rest.pop()
            parts.append(self._both(depth))
            if parts[-2] is None or parts[-1] is None:
                raise QueryError("OR needs something on both sides")
        found = tuple(part for part in parts if part is not None)
        return found[0] if len(found) == 1 else Any(found) if found else None

    def _both(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while self.rest and self.rest[-1].kind not in ("or", ")"):
            if self.rest[-1].kind == "and":
                self.rest.pop()
                if not parts or not self.rest or self.rest[-1].kind in ("and", "or", ")"):
                    raise QueryError("AND needs something on both sides")
            parts.append(self._one(depth))
        return all_of(tuple(parts))

    def _one(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise QueryError(f"the query is nested deeper than {DEEPEST}")
        lexeme = self.rest.pop()
        if lexeme.kind == "-":
            if not self.rest or self.rest[-1].kind in ("or", ")", "and"):
                raise QueryError("a minus needs something after it")
            return Not(self._one(depth + 1))
        if lexeme.kind == "(":
            inner = self.either(depth + 1)
            if not self.rest:
                raise QueryError("a ( is opened and not closed")
            self.rest.pop()
            if inner is None:
                raise QueryError("there is nothing between ( and )")
            return inner
        if lexeme.kind == "field":
            return _asked(lexeme.field, lexeme.text, self._now)
        return _found(lexeme.text, apart=lexeme.kind == "word")


def _found(text: str, *, apart: bool, title: bool = False) -> Node:
    """Words to find.  apart: Chinese punctuation separates them."""
    pieces = _APART.split(text) if apart else [text]
    terms = [found for found in map(term, pieces) if found.phrase]
    if not terms:
        raise QueryError(f"there is no word to search for in {text!r}")
    node = all_of(tuple(Words(found, title) for found in terms))
    assert node is not None
    return node


def _asked(field: str, value: str, now: datetime) -> Node:
    values = tuple(part for part in re.split("[,，]", value) if part.strip())
    if not values:
        raise QueryError(f"{field}: is followed by nothing", hint="write the value right after it")
    if field == "title":
        return _found(value, apart=False, title=True)
    if field in ("after", "before", "on"):
        start, end = span(value, now=now)
        return {"after": When(start, None), "before": When(None, start), "on": When(start, end)}[
            field
        ]
    if field == "state":
        return Named("state", tuple(str(_state(word)) for word in values))
    if field == "has":
        return Named("has", tuple(_one_of(word, HAS_NAMES, HAS, "has") for word in values))
    if field == "is":
        return Named("is", tuple(_one_of(word, IS_NAMES, IS, "is") for word in values))
    return Named(field, (value.strip(),) if field == "url" else values)


def _state(word: str) -> State:
    try:
        return State(word.lower())
    except ValueError:
        known = {str(state): str(state) for state in State}
        hint = nearest(word, known, known)
        raise QueryError(f"no state is called {word!r}", hint=hint) from None


def _one_of(word: str, among: dict[str, str], shown: Iterable[str], field: str) -> str:
    if word.lower() in among:
        return among[word.lower()]
    raise QueryError(f"{field}: does not know {word!r}", hint=nearest(word, among, shown))
