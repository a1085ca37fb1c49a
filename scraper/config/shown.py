"""Settings as a person would write them.  Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

from scraper import units
from scraper.config import typed
from scraper.config.load import Loaded
from scraper.config.settings import Config


def shown(loaded: Loaded) -> Iterator[tuple[str, object, str]]:
    """Every setting: dotted key, value, and where it was set (`default` where it was not)."""
    for key, kind in typed.leaves(Config):
        value: Any = loaded.config
        for name in key.split("."):
            value = getattr(value, name)
        yield key, written(value, kind), loaded.origins.get(key, "default")


def written(value: Any, kind: Any) -> object:
    """A value in the form config.yaml takes: `6h` for a duration, a mapping for a section."""
    marks = [mark for one in (kind, *get_args(kind)) for mark in typed.unwrapped(one)[1]]
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, int | float):
        if units.DURATION in marks:
            return units.duration_text(value)
        return units.size_exact(int(value)) if units.SIZE in marks else value
    if is_dataclass(value):
        hints = dict(typed.fields_of(type(value)))
        return {
            one.name: written(getattr(value, one.name), hints.get(one.name))
            for one in fields(value)
        }
    if isinstance(value, Mapping):
        kinds = next((mark for mark in marks if isinstance(mark, typed.Kinds)), None)
        if kinds is not None:
            return {name: _of_kind(item, kinds) for name, item in value.items()}
        inner = get_args(typed.unwrapped(kind)[0])[1]
        return {str(name): written(item, inner) for name, item in value.items()}
    return [written(item, (get_args(kind) or (None,))[0]) for item in value]


def _of_kind(item: Any, kinds: typed.Kinds) -> dict[str, object]:
    word = next(word for word, cls in kinds.classes().items() if cls is type(item))
    hints = dict(typed.fields_of(type(item)))
    rest = {name: written(getattr(item, name), hint) for name, hint in hints.items()}
    del rest["name"]
    return {"kind": word} | rest
