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
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.article import BEIJING
from archive.errors import QueryError
from archive.state import State
from archive.text import Term, term


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find.  title: only in the headline."""

    term: Term
    title: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A fact of the article that must be one of `values`.  field: one of `FIELDS`."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Published (or, where the page names no time, captured) from `start` on and before `end`."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    parts: "tuple[Node, ...]"


Node = Words | Named | When | Not | All | Any

FIELDS = {
    "title": ("headline", "标题"),
    "outlet": ("source", "media", "媒体", "来源"),
    "author": ("作者",),
    "editor": ("编辑", "责编"),
    "place": ("地点", "发布地"),
    "category": ("channel", "频道", "栏目"),
    "tag": ("keyword", "tags", "标签", "关键词"),
    "after": ("since", "起"),
    "before": ("until", "止"),
    "on": ("date", "day", "日期"),
    "state": ("状态",),
    "has": ("有",),
    "is": ("是",),
    "id": (),
    "url": ("address", "网址", "链接"),
    "layout": (),
}
"""Field → other names for it."""

HAS = {
    "picture": ("image", "images", "pictures", "photo", "图片"),
    "missing": ("lost", "缺图"),
    "video": ("videos", "视频"),
    "tag": ("tags", "标签"),
    "author": ("作者",),
    "outlet": ("source", "来源"),
    "summary": ("摘要",),
    "cover": ("thumbnail", "封面"),
    "time": ("published", "时间"),
}
"""What `has:` can ask for."""

IS = {
    "gone": ("withdrawn", "deleted", "removed", "已删"),
    "back": ("restored", "恢复"),
    "revised": ("changed", "edited", "修改"),
    "copy": ("reprint", "转载"),
    "suspect": ("可疑",),
}
"""What `is:` can ask for."""

_NAMES = {name: field for field, others in FIELDS.items() for name in (field, *others)}
_HAS = {name: word for word, others in HAS.items() for name in (word, *others)}
_IS = {name: word for word, others in IS.items() for name in (word, *others)}

LONGEST = 2_000
"""Characters a query may have."""

DEEPEST = 50

_QUOTES = {'"': '"', "“": "”", "”": "“", "＂": "＂", "「": "」", "『": "』"}
_FIELD = re.compile(r"([A-Za-z_]{1,20}|[\u4e00-\u9fff]{1,4})[:：](?!//)")
_WORD = re.compile(r"[^\s\"“”＂「『()（）]+")
_ADDRESS = re.compile(r"https?://[^\s\"“”]+")
_APART = re.compile("[、，。；！？…《》〈〉【】|｜]+")


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
    reader = _Reader(list(_lexed(text)), now)
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
    return Query(_all(roots), terms)


def _wanted(node: Node) -> Iterator[Term]:
    match node:
        case Words(term):
            yield term
        case All(parts) | Any(parts):
            for part in parts:
                yield from _wanted(part)
        case _:
            pass


def _all(parts: tuple[Node, ...]) -> Node | None:
    return parts[0] if len(parts) == 1 else All(parts) if parts else None


# -- reading -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """kind: one of `( ) - or and word quote field`."""

    kind: str
    text: str
    field: str = ""


def _lexed(text: str) -> Iterator[_Lexeme]:
    at = 0
    while at < len(text):
        mark = text[at]
        if mark.isspace():
            at += 1
        elif mark in "(（":
            yield _Lexeme("(", mark)
            at += 1
        elif mark in ")）":
            yield _Lexeme(")", mark)
            at += 1
        elif mark in "-－" and text[at + 1 : at + 2].strip(" )）"):
            yield _Lexeme("-", mark)
            at += 1
        elif (field := _FIELD.match(text, at)) and _is_field(field[1]):
            name = _field_named(field[1])
            value, at = _value(text, field.end(), field[0])
            yield _Lexeme("field", value, name)
        elif mark in _QUOTES:
            value, at = _quoted(text, at)
            yield _Lexeme("quote", value)
        elif address := _ADDRESS.match(text, at):
            yield _Lexeme("field", address[0], "url")
            at = address.end()
        else:
            found = _WORD.match(text, at)
            if found is None:  # a closing 」 or 』
                at += 1
                continue
            word = found[0]
            at = found.end()
            kind = {"OR": "or", "|": "or", "｜": "or", "||": "or", "AND": "and", "NOT": "-"}
            yield _Lexeme(kind.get(word, "word"), word)


def _is_field(name: str) -> bool:
    """Chinese before a colon is a field only when it is one: `外交部：回应` is text."""
    return name.isascii() or name in _NAMES


def _field_named(name: str) -> str:
    known = _NAMES.get(name.lower())
    if known:
        return known
    raise QueryError(
        f"no field is called {name!r}",
        hint=f"{_nearest(name, _NAMES, FIELDS)}; to search for it as text, put it in quotes",
    )


def _nearest(word: str, among: dict[str, str], shown: dict[str, tuple[str, ...]]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), among, n=1)
    return f"did you mean {near[0]}" if near else f"there are {', '.join(shown)}"


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


class _Reader:
    """Reads lexemes: `either` := `both` (OR `both`)*, `both` := `one` ([AND] `one`)*, `one` := [-] item."""

    def __init__(self, lexemes: list[_Lexeme], now: datetime) -> None:
        self.rest = lexemes[::-1]
        self._now = now

    def either(self, depth: int) -> Node | None:
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
                continue
            parts.append(self._one(depth))
        return _all(tuple(parts))

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
    node = _all(tuple(Words(found, title) for found in terms))
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
        return Named("has", tuple(_one_of(word, _HAS, HAS, "has") for word in values))
    if field == "is":
        return Named("is", tuple(_one_of(word, _IS, IS, "is") for word in values))
    return Named(field, (value.strip(),) if field == "url" else values)


def _state(word: str) -> State:
    try:
        return State(word.lower())
    except ValueError:
        known = {str(state): str(state) for state in State}
        hint = _nearest(word, known, dict.fromkeys(known, ()))
        raise QueryError(f"no state is called {word!r}", hint=hint) from None


def _one_of(word: str, among: dict[str, str], shown: dict[str, tuple[str, ...]], field: str) -> str:
    if word.lower() in among:
        return among[word.lower()]
    raise QueryError(f"{field}: does not know {word!r}", hint=_nearest(word, among, shown))


_DATE = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2}))?(?:[-/.月]?(\d{1,2}))?[年月日]?", re.ASCII)
_AGO = re.compile(r"(\d{1,5})(h|d|w|m|y)", re.ASCII)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}
_DAYS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}


def span(text: str, *, now: datetime) -> tuple[datetime, datetime]:
    """The stretch of time a word names, from its start to just after its end; raises `QueryError`.

    `2025` a year, `2025-02` a month, `2025-02-08` a Beijing day, `2025-02-08T07:22` a minute, `7d` the last seven
    days, `today`, `yesterday`.
    """
    word = text.strip().translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if word.lower() in _DAYS:
            start = today - timedelta(days=_DAYS[word.lower()])
            return start, start + timedelta(days=1)
        if ago := _AGO.fullmatch(word.lower()):
            return now - timedelta(hours=int(ago[1]) * _HOURS[ago[2]]), now
        if day := _DATE.fullmatch(word):
            return _calendar(int(day[1]), int(day[2] or 0), int(day[3] or 0))
        moment = datetime.fromisoformat(word)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
        return moment, moment + timedelta(minutes=1)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            f"{text!r} is no date", hint="write 2025, 2025-02, 2025-02-08 or 7d"
        ) from error


def _calendar(year: int, month: int, day: int) -> tuple[datetime, datetime]:
    start = datetime(year, month or 1, day or 1, tzinfo=BEIJING)
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=BEIJING)
    return start, datetime(year + 1, 1, 1, tzinfo=BEIJING)
