"""Plain values into settings dataclasses, each mistake told with its place and what would be right.  Pure.

The dataclasses stand with the rooms they configure (`scraper.fetch.settings`, `scraper.pictures` …); what a field may
hold is read from its type: `Seconds`, `Size`, `Path`, `Literal[…]`, `X | None`, `tuple[X, ...]`, `dict[str, X]`, other
dataclasses, and bounds given by `msgspec.Meta`.  A dict of one of several kinds (`sources`) is described by `Kinds`.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from scraper import units
from scraper.config.guarded import Value, plain, scalar
from scraper.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Kinds:
    """A mark on a dict by name: each value's `kind` says which of these dataclasses its other keys fill.

    The dataclasses have a field `name`, which the key of the dict fills.  taken: names that mean something already.
    """

    classes: Callable[[], Mapping[str, type]]
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns values into settings.  resolve: makes a path of what stands at a place (`Value.place`)."""

    resolve: Callable[[str, Value], Path]

    def read(self, value: Value, kind: Any, key: str) -> Any:
        """`value` as a `kind`.  key: its dotted name, for messages.  Raises ConfigError."""
        if is_dataclass(kind):
            assert isinstance(kind, type)
            return self._section(value, kind, key)
        bare, marks = unwrapped(kind)
        kinds = next((mark for mark in marks if isinstance(mark, Kinds)), None)
        if kinds is not None:
            several: dict[str, Any] = {}
            with _gathering() as mistakes:
                for name, item in _mapping(value, key).items():
                    with mistakes.noted():
                        several[name] = self._one_of(item, kinds, f"{key}.{name}", name)
            return several
        origin = get_origin(bare)
        if origin in (Union, types.UnionType):
            return self._optional(value, bare, marks, key)
        if origin is dict:
            return {
                name: self.read(item, get_args(bare)[1], f"{key}.{name}")
                for name, item in _mapping(value, key).items()
            }
        if origin in (tuple, frozenset):
            return self._several(value, origin, get_args(bare)[0], key)
        if bare is Path:
            written = value.content if value.written is None else value.written
            if not isinstance(written, str) or not written.strip():
                raise _unfit(value, kind, key)
            return self.resolve(written, value)
        return _scalar(value, bare, marks, key)

    def _section(self, value: Value, kind: type, key: str) -> Any:
        content = _mapping(value, key)
        known = dict(fields_of(kind))
        found: dict[str, Any] = {}
        with _gathering() as mistakes:
            for name, item in content.items():
                with mistakes.noted():
                    if name not in known:
                        raise unknown(item, name, known, section=key)
                    found[name] = self.read(item, known[name], f"{key}.{name}" if key else name)
        try:
            return kind(**found)
        except TypeError as error:
            missing = [f"`{field}`" for field in _required(kind) if field not in found]
            raise ConfigError(f"{value.place}: {key} needs {' and '.join(missing)}") from error
        except ValueError as error:
            raise ConfigError(f"{value.place}: {key}: {error}") from error

    def _one_of(self, value: Value, kinds: Kinds, key: str, name: str) -> Any:
        content = _mapping(value, key)
        if not name.strip():
            raise ConfigError(
                f"{value.place}: {key.rpartition('.')[0]}: one has no name",
                hint="reports and the queue call it by that",
            )
        if name in kinds.taken:
            raise ConfigError(
                f"{value.place}: {key}: qqnews itself uses the name {name!r}",
                hint="call it anything else",
            )
        classes = kinds.classes()
        accepted = ", ".join(classes)
        word = content.get("kind")
        if word is None:
            raise ConfigError(f"{value.place}: {key} needs a `kind`", hint=f"one of {accepted}")
        if not isinstance(word.content, str) or word.content not in classes:
            near = get_close_matches(str(word.content), classes, n=1)
            hint = f"did you mean `{near[0]}`? " if near else ""
            raise ConfigError(
                f"{word.place}: {key}.kind: there is no kind {word.content!r}",
                hint=f"{hint}accepted: {accepted}",
            )
        kind = classes[word.content]
        known = {"kind": str} | {field: hint for field, hint in fields_of(kind) if field != "name"}
        for field, item in content.items():
            if field not in known:
                raise unknown(item, field, known, section=key)
        rest = {field: item for field, item in content.items() if field != "kind"}
        rest["name"] = Value(name, value.line, value.place)
        return self._section(Value(rest, value.line, value.place), kind, key)

    def _optional(self, value: Value, bare: Any, marks: tuple[object, ...], key: str) -> Any:
        choices = [choice for choice in get_args(bare) if choice is not type(None)]
        if value.content is None:
            if len(choices) == len(get_args(bare)):
                raise _unfit(value, bare, key)
            return None
        failed: ConfigError | None = None
        for choice in choices:
            try:
                return self.read(value, Annotated[choice, *marks] if marks else choice, key)
            except ConfigError as error:
                failed = error
        assert failed is not None
        if isinstance(value.content, list | Mapping):
            raise failed  # it knows which part of it is wrong
        raise _unfit(value, bare, key)

    def _several(self, value: Value, make: Any, kind: Any, key: str) -> Any:
        if value.written is not None and not isinstance(value.content, list):
            # On a command line `a, b` is a list, and so is `a`.
            parts = [part.strip() for part in value.written.split(",") if part.strip()]
            items = [scalar(part, name=value.place) for part in parts]
            return make(self.read(item, kind, key) for item in items)
        if not isinstance(value.content, list):
            raise ConfigError(
                f"{value.place}: {key}: expected a list, not {_shown(value)}",
                hint="write [a, b], or one `- item` a line",
            )
        return make(self.read(item, kind, f"{key}[{n}]") for n, item in enumerate(value.content))


class _Mistakes:
    """The mistakes of one section, so that a person hears of all of them at once."""

    def __init__(self) -> None:
        self.found: list[ConfigError] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Go on after the block even where it raises ConfigError."""
        try:
            yield
        except ConfigError as error:
            self.found += (error, *error.also)


@contextmanager
def _gathering() -> Iterator[_Mistakes]:
    """Raise the first of the mistakes noted in the block, with the others beside it."""
    mistakes = _Mistakes()
    yield mistakes
    if mistakes.found:
        first, *others = mistakes.found
        first.also = tuple(others)
        raise first


def fields_of(kind: type) -> Iterator[tuple[str, Any]]:
    """The settings a dataclass has: name and type, in the order written."""
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        if field.init:
            yield field.name, hints[field.name]


def leaves(kind: type, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting below a dataclass that is not itself a section: dotted name and type."""
    for name, hint in fields_of(kind):
        dotted = f"{key}.{name}" if key else name
        if is_dataclass(hint):
            assert isinstance(hint, type)
            yield from leaves(hint, dotted)
        else:
            yield dotted, hint


def unknown(value: Value, name: str, known: Mapping[str, Any], *, section: str) -> ConfigError:
    """The error for a key that is not there, with the nearest one that is."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    where = f"in `{section}`" if section else "at the top level"
    hint = f"did you mean `{near[0]}`?" if near else f"known {where}: {', '.join(known)}"
    dotted = f"{section}.{name}" if section else name
    return ConfigError(f"{value.place}: there is no setting `{dotted}`", hint=hint)


def unwrapped(kind: Any) -> tuple[Any, tuple[object, ...]]:
    """A type without its `Annotated`, and the marks that stood there."""
    if get_origin(kind) is Annotated:
        bare, *marks = get_args(kind)
        return bare, tuple(marks)
    return kind, ()


def described(kind: Any) -> str:
    """What a setting accepts, in words: `a duration like 30s, 20m or 1h30m`."""
    bare, marks = unwrapped(kind)
    origin = get_origin(bare)
    if origin in (Union, types.UnionType):
        choices = [c for c in get_args(bare) if c is not type(None)]
        words = " or ".join(described(Annotated[c, *marks] if marks else c) for c in choices)
        return f"{words} or null" if len(choices) < len(get_args(bare)) else words
    if origin is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(bare))
    if origin in (tuple, frozenset):
        return f"a list of {_PLURAL.get(get_args(bare)[0], 'values')}"
    if origin is dict or is_dataclass(bare):
        return "a mapping (`key: value` lines)"
    if units.DURATION in marks:
        words = "a duration like 30s, 20m or 1h30m"
    elif units.SIZE in marks:
        words = "a size like 500KB or 20MB"
    else:
        words = _WORDS.get(bare, "a value")
    return words + "".join(_bounds(marks))


_WORDS: Final[dict[Any, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a path",
}
_PLURAL: Final[dict[Any, str]] = {
    str: "texts",
    int: "whole numbers",
    Path: "paths",
    units.Seconds: "durations like 6h or 10d",
}


def _bounds(marks: tuple[object, ...]) -> Iterator[str]:
    for mark in marks:
        for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most")):
            bound = getattr(mark, name, None)
            if bound is not None:
                yield f", {words} {bound}"
        if getattr(mark, "pattern", None):
            yield f" that matches {mark.pattern}"  # type: ignore[attr-defined]


_LARGEST: Final = 2**63
"""Numbers are smaller, as those of SQLite, and no infinity; what is no number at all (`.nan`) is not smaller either."""


def _scalar(value: Value, bare: Any, marks: tuple[object, ...], key: str) -> Any:
    import msgspec

    content = value.content
    if bare is str and value.written is not None:
        content = value.written
    if isinstance(content, str) and (units.DURATION in marks or units.SIZE in marks):
        read = units.seconds if units.DURATION in marks else units.size
        try:
            content = read(content)
        except ValueError as error:
            raise _unfit(value, Annotated[bare, *marks], key) from error
    elif units.DURATION in marks and content != 0:
        # 20 what?  Seconds are easily meant as minutes.
        raise _unfit(value, Annotated[bare, *marks], key)
    if bare is str and isinstance(content, str) and not all(map(str.isprintable, content)):
        raise ConfigError(f"{value.place}: {key}: control characters are not allowed")
    if isinstance(content, list | Mapping):
        content = plain(value)
    if isinstance(content, int | float) and not -_LARGEST < content < _LARGEST:
        raise _unfit(value, Annotated[bare, *marks] if marks else bare, key)
    bounds = [mark for mark in marks if isinstance(mark, msgspec.Meta)]
    try:
        return msgspec.convert(content, Annotated[bare, *bounds] if bounds else bare)
    except msgspec.ValidationError as error:
        raise _unfit(value, Annotated[bare, *marks] if marks else bare, key) from error


def _mapping(value: Value, key: str) -> Mapping[str, Value]:
    if value.content is None:
        return {}  # `network:` with every line below it commented out
    if not isinstance(value.content, Mapping):
        raise ConfigError(
            f"{value.place}: {key or 'the settings'}: expected `key: value` lines, not {_shown(value)}"
        )
    return value.content


def _required(kind: type) -> Iterator[str]:
    from dataclasses import MISSING

    for field in fields(kind):
        if field.default is MISSING and field.default_factory is MISSING:
            yield field.name


def _unfit(value: Value, kind: Any, key: str) -> ConfigError:
    return ConfigError(f"{value.place}: {key}: expected {described(kind)}, not {_shown(value)}")


def _shown(value: Value) -> str:
    content = value.content
    if content is None:
        return "nothing"
    if isinstance(content, Mapping):
        return "a mapping"
    if isinstance(content, list):
        return "a list"
    text = str(content).lower() if isinstance(content, bool) else repr(content)
    return text if len(text) <= 60 else f"{text[:57]}…{text[-1]}"
