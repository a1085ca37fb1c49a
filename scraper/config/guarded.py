"""YAML from a file that a stranger may have written, as plain values that know their lines.  Pure.

    Value    a scalar, a list or a mapping, with the line it stands on
    read     text → Value

Only what a settings file needs: no anchors, aliases, merge keys or tags, at most 64 KiB and 20 levels.  PyYAML's C
loader dies of a few kilobytes of `[`, and seven lines of merge keys keep its Python loader busy for seconds; so the
tokens are looked at first, and the loader is the Python one.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scraper.errors import ConfigError

LARGEST: Final = 64 * 1024
DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Value:
    """A value and where it stands.  content: None, bool, int, float, str, a list of Values, or a dict of them by key.

    line: counted from 1.  place: how a message names the spot (`config.yaml, line 12`).
    written: the text itself, where it came without quotes to tell `12` the number from `12` the text: from a command
    line or an environment variable.
    """

    content: object
    line: int
    place: str
    written: str | None = None


def read(text: str, *, name: str) -> Value:
    """The value that a YAML text holds; an empty text is an empty mapping.

    name: what messages call the text.  Raises ConfigError, with the line, for whatever a settings file may not hold.
    """
    import yaml

    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise ConfigError(f"{name}: larger than 64 KiB", hint="a settings file is a few KB")
    try:
        _screen(text, name)
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Value({}, 1, f"{name}, line 1")
            return _value(node, loader, name)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(
            f"{name}{line}: not valid YAML: {error.problem or error.context}",
            hint="see the commented config.yaml that `qqnews init` writes",
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split()) or "too deep"
        raise ConfigError(f"{name}: not valid YAML: {reason}") from error


def scalar(text: str, *, name: str) -> Value:
    """One value as it is written on a command line or in an environment variable; text that is no YAML is itself."""
    content: object = text
    with contextlib.suppress(ConfigError):
        content = read(text, name=name).content if text.strip() else None
    return Value(content, 1, name, written=text)


def _screen(text: str, name: str) -> None:
    """Refuse, from the tokens alone, what must not reach the composer."""
    import yaml

    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        place = f"{name}, line {token.start_mark.line + 1}"
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            raise ConfigError(
                f"{place}: anchors (&), aliases (*) and tags (!) are not allowed",
                hint="write the value out, or put it in quotes",
            )
        if isinstance(token, yaml.ScalarToken) and token.plain and token.value == "<<":
            raise ConfigError(f"{place}: merge keys (<<) are not allowed", hint="write it out")
        if isinstance(
            token,
            yaml.BlockMappingStartToken
            | yaml.BlockSequenceStartToken
            | yaml.FlowMappingStartToken
            | yaml.FlowSequenceStartToken,
        ):
            depth += 1
            if depth > DEEPEST:
                raise ConfigError(f"{place}: nested more than {DEEPEST} levels deep")
        elif isinstance(
            token, yaml.BlockEndToken | yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken
        ):
            depth -= 1


def _value(node: object, loader: object, name: str, *, key: int = 0) -> Value:
    """A node as a value.  key: the line of its key, where a list or mapping of many lines begins for whoever reads."""
    import yaml

    assert isinstance(node, yaml.Node)
    assert isinstance(loader, yaml.SafeLoader)
    line = key if key and isinstance(node, yaml.CollectionNode) else node.start_mark.line + 1
    place = f"{name}, line {line}"
    if isinstance(node, yaml.MappingNode):
        content: dict[str, Value] = {}
        for key_node, value_node in node.value:
            begun = key_node.start_mark.line + 1
            where = f"{name}, line {begun}"
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError(f"{where}: a key must be a word")
            if key_node.value in content:
                raise ConfigError(
                    f"{where}: `{key_node.value}` is written twice",
                    hint=f"the first is on line {content[key_node.value].line}; keep one",
                )
            content[key_node.value] = _value(value_node, loader, name, key=begun)
        return Value(content, line, place)
    if isinstance(node, yaml.SequenceNode):
        return Value([_value(item, loader, name) for item in node.value], line, place)
    # `12:30` is a number in base sixty and `2026-01-01` a date to YAML 1.1; to us they are text.
    if node.tag in _NUMBERS and ":" not in node.value:
        return Value(loader.construct_object(node), line, place)
    if node.tag in _CONSTANTS:
        return Value(loader.construct_object(node), line, place)
    return Value(node.value, line, place)


_NUMBERS: Final = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
_CONSTANTS: Final = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}


def plain(value: Value) -> object:
    """The value without its lines."""
    content = value.content
    if isinstance(content, list):
        return [plain(item) for item in content]
    if isinstance(content, Mapping):
        return {key: plain(item) for key, item in content.items()}
    return content
