"""The search language.  Pure: it reads a query; `archive.index.search` answers it.

    杭州 六小龙                 both words, anywhere in title or text
    "杭州六小龙"                 these words in this order; “…” and 「…」 do as well
    杭州 OR 深圳   -上海         either word; not that word; (…) groups
    title:杭州                  in the headline
    outlet:日报  author:王       the name contains this; several by comma: outlet:日报,晚报
    category:tech  tag:AI       exactly this
    after:2025-02  before:2025-03-01  on:2025-02-08  after:7d
    state:gone                  what its page turned out to be       is:gone,revised,copy,suspect,back
    has:picture,video,tag …     it has one                           id:20250207  url:https://…

After a field, a full-width colon does as well; fields have Chinese names too (`来源：日报`).  Days are Beijing days.
Every command that picks articles reads the same language.

    lexemes    a query cut into pieces
    grammar    pieces → nodes
    nodes      what a query is made of, and the words it knows
    dates      the stretches of time that a word can name
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.errors import QueryError
from archive.query.dates import span
from archive.query.grammar import Grammar, all_of
from archive.query.lexemes import lexed
from archive.query.nodes import FIELDS, All, Any, Named, Node, Not, When, Words
from archive.text import Term, term

__all__ = [
    "FIELDS",
    "All",
    "Any",
    "Named",
    "Node",
    "Not",
    "Query",
    "When",
    "Words",
    "both",
    "parse",
    "span",
    "words",
]

LONGEST = 2_000
"""Characters a query may have."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read.  root: None when it asks for everything.  terms: what to mark in what is found."""

    root: Node | None
    terms: tuple[Term, ...] = ()


def parse(text: str, *, now: datetime) -> Query:
    """Read a query; raises `QueryError` that says what is wrong where.

    now: what `7d` and `today` count from.
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST} characters")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise QueryError(
            f"{text!r} is no text in UTF-8", hint="is the terminal set to another encoding?"
        )
    reader = Grammar(list(lexed(text)), now)
    root = reader.either(0)
    if reader.rest:
        raise QueryError(f"the query has a ) too many: {text}")
    return Query(root, tuple(dict.fromkeys(_wanted(root))) if root else ())


def words(text: str) -> Query:
    """A query for exactly this text, whatever stands in it; nothing in it is an operator."""
    found = term(text)
    return Query(Words(found), (found,)) if found.phrase else Query(None)


def both(*queries: Query) -> Query:
    """What all of the queries ask for."""
    roots = tuple(query.root for query in queries if query.root is not None)
    terms = tuple(dict.fromkeys(term for query in queries for term in query.terms))
    return Query(all_of(roots), terms)


def _wanted(node: Node) -> Iterator[Term]:
    match node:
        case Words(term):
            yield term
        case All(parts) | Any(parts):
            for part in parts:
                yield from _wanted(part)
        case _:
            pass
