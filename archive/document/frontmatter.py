"""Front matter as YAML: written one way, read with care.  Pure.

Written: keys plain, every string in double quotes, lists indented, nothing sorted or folded, so that one value has
one spelling, whatever a page put into a title.  Read: a block in that spelling row by row, which is many times as
fast as YAML.  Foreign YAML can kill the interpreter (libyaml recurses on the C stack) or take minutes (merge keys), so
any other block is screened first and then read by the parser in Python, which can only raise.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml
from frontmatter import Post
from frontmatter.default_handlers import YAMLHandler

from archive.errors import DamagedArchive

LARGEST = 16 << 20
"""Bytes of front matter that are read at all; that of an article with 500 lost pictures has half a million."""

LARGEST_FOREIGN = 1 << 16
"""Bytes of front matter in another spelling than ours: the parser in Python is slow."""

DEEPEST = 20

_KEY = re.compile("[a-z][a-z0-9_]{0,39}")
_PLAIN = r"[^\"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*"
_TEXT = rf"\"{_PLAIN}(?:\\(?:[\"\\bfnrt]|u00[01][0-9a-f]){_PLAIN})*\""
_SCALAR = rf"{_TEXT}|-?[1-9][0-9]{{0,14}}|0|true|false|\[\]"
_ROW = re.compile(rf"((?:  )*)(?:- ({_SCALAR})|(- )?({_KEY.pattern}):(?: ({_SCALAR}))?)\n")
"""A row as `_rows` writes it: an item that is a scalar, or a key with its scalar; to JSON and to YAML the same."""

_FORBIDDEN = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken)
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_ENCODER, _DECODER = json.JSONEncoder(ensure_ascii=False), json.JSONDecoder()


class Handler(YAMLHandler):
    """python-frontmatter's YAML, in our spelling, leaving the body exactly as it is."""

    def split(self, text: str) -> tuple[str, str]:
        """The block between the first two `---` lines, and all that follows it."""
        if not text.startswith("---\n"):
            raise ValueError("no front matter")
        end = text.index("\n---\n", 3)
        return text[4 : end + 1], text[end + 5 :]

    def load(self, fm: str, **_kwargs: object) -> Any:
        """Read a block; raises `DamagedArchive` for one that is too large, too deep or not YAML."""
        return load(fm)

    def export(self, metadata: dict[str, object], **_kwargs: object) -> str:
        """Write a block."""
        return "\n".join([*_rows(metadata), ""])

    def format(self, post: Post, **_kwargs: object) -> str:
        """The whole file.  python-frontmatter itself would strip the body, no-break spaces included."""
        return f"---\n{self.export(post.metadata)}---\n\n{post.content}\n"


def _rows(metadata: Mapping[str, object]) -> list[str]:
    """A mapping as lines of YAML.  Every scalar is written as JSON, which is YAML as well."""
    rows: list[str] = []
    for key, value in metadata.items():
        if not _KEY.fullmatch(key):
            raise ValueError(f"no key of front matter: {key!r}")
        if isinstance(value, list) and value:
            rows.append(f"{key}:")
            for item in value:
                first, *more = _rows(item) if isinstance(item, dict) else [_scalar(item)]
                rows.append(f"  - {first}")
                rows.extend(f"    {row}" for row in more)
        else:
            rows.append(f"{key}: {_scalar(value)}")
    return rows


def _scalar(value: object) -> str:
    assert not isinstance(value, float | dict), "only texts, whole numbers, truths, and no list"
    return _ENCODER.encode(value)


def ours(block: str) -> dict[str, Any] | None:
    """The value of a block that `_rows` wrote; None for any other."""
    whole: dict[str, Any] = {}
    nest: list[Any] = [whole]  # what the rows of each depth belong to: mappings and lists in turn
    at = 0
    while row := _ROW.match(block, at):
        at = row.end()
        room, alone, item, key, value = row.groups()
        depth = len(room) // 2
        if depth >= len(nest) or bool(alone or item) != depth % 2:
            return None
        if depth < len(nest) - 1 and not nest[-1]:
            return None  # the key before has no value
        del nest[depth + 1 :]
        if alone:
            nest[depth].append(_DECODER.raw_decode(alone)[0])
            continue
        if item:
            nest[depth].append({})
            nest.append(nest[depth][-1])
        nest[-1][key] = _DECODER.raw_decode(value)[0] if value else []
        if not value:
            nest.append(nest[-1][key])
    return whole if at == len(block) and nest[-1] else None


def load(block: str) -> Any:
    """The value of a YAML block, whoever wrote it.

    >>> load('title: "杭州"')
    {'title': '杭州'}
    >>> load("a: &x [1]")
    Traceback (most recent call last):
    archive.errors.DamagedArchive: the front matter uses anchors, aliases, merge keys, tags or directives
    """
    block = block if block.endswith("\n") else block + "\n"
    size = len(block.encode("utf-8", "replace"))
    if size <= LARGEST and (own := ours(block)) is not None:
        return own
    if size > LARGEST_FOREIGN:
        raise DamagedArchive(f"the front matter is too large ({size} bytes)")
    try:
        _screen(block)
        return yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DamagedArchive(f"the front matter is not YAML: {_first_line(error)}") from error


def _screen(block: str) -> None:
    depth = 0
    for token in yaml.scan(block, Loader=yaml.SafeLoader):
        merges = isinstance(token, yaml.ScalarToken) and token.plain and token.value == "<<"
        if merges or isinstance(token, _FORBIDDEN):
            raise DamagedArchive(
                "the front matter uses anchors, aliases, merge keys, tags or directives"
            )
        depth += isinstance(token, _OPENING)
        depth -= isinstance(token, _CLOSING)
        if depth > DEEPEST:
            raise DamagedArchive(f"the front matter is nested deeper than {DEEPEST}")


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0] or type(error).__name__


def dump(metadata: Mapping[str, object], body: str) -> str:
    """A file of front matter and body."""
    post = Post(body, Handler())
    post.metadata.update(metadata)
    return Handler().format(post)


def parse(text: str) -> tuple[dict[str, Any], str]:
    """The front matter and the body of a file; raises `DamagedArchive`."""
    try:
        block, body = Handler().split(text)
    except ValueError as error:
        raise DamagedArchive("the file has no front matter") from error
    metadata = load(block)
    if not isinstance(metadata, dict):
        raise DamagedArchive("the front matter is no mapping of keys to values")
    return metadata, body
