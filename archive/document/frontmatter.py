"""Front matter as YAML: written one way, read with care.  Pure.

Written: keys plain, every string in double quotes, lists indented, nothing sorted or folded, so that one value has
one spelling, whatever a page put into a title.  Read: foreign YAML can kill the interpreter (libyaml recurses on
the C stack) or take minutes (merge keys), so a block in any shape but our own is screened first and then read by
the parser in Python, which can only raise.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from frontmatter import Post
from frontmatter.default_handlers import YAMLHandler

from archive.errors import DamagedArchive

LARGEST = 16 << 20
"""Bytes of front matter that are read at all; that of an article with 500 lost pictures has half a million."""

LARGEST_FOREIGN = 1 << 16
"""Bytes of front matter in another shape than ours: the parser in Python is slow."""

DEEPEST = 20

_OURS = re.compile(
    r"(?: {0,8}(?:- )?(?:[a-z0-9_]{1,40}:)?"
    r"(?: ?(?:\"(?:[^\"\\\n]|\\[^\n])*\"|-?\d{1,15}|true|false|\[\]))?\n)*"
)
_KEY = re.compile("[a-z][a-z0-9_]{0,39}")
_FORBIDDEN = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken)
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        return "".join(f"{row}\n" for row in _rows(metadata))

    def format(self, post: Post, **_kwargs: object) -> str:
        """The whole file.  python-frontmatter itself would strip the body, no-break spaces included."""
        return f"---\n{self.export(post.metadata)}---\n\n{post.content}\n"


def _rows(metadata: Mapping[str, object]) -> Iterator[str]:
    """A mapping as lines of YAML.  Every scalar is written as JSON, which is YAML as well."""
    for key, value in metadata.items():
        if not _KEY.fullmatch(key):
            raise ValueError(f"no key of front matter: {key!r}")
        if isinstance(value, list) and value:
            yield f"{key}:"
            for item in value:
                rows = _rows(item) if isinstance(item, Mapping) else iter([_scalar(item)])
                yield f"  - {next(rows)}"
                yield from (f"    {row}" for row in rows)
        else:
            yield f"{key}: {_scalar(value)}"


def _scalar(value: object) -> str:
    assert not isinstance(value, float | Mapping), "only texts, whole numbers, truths, and no list"
    return json.dumps(value, ensure_ascii=False)


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
    if size <= LARGEST and _OURS.fullmatch(block):
        return _parsed(block, _FAST)
    if size > LARGEST_FOREIGN:
        raise DamagedArchive(f"the front matter is too large ({size} bytes)")
    try:
        _screen(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DamagedArchive(f"the front matter is not YAML: {_first_line(error)}") from error
    return _parsed(block, yaml.SafeLoader)


def _parsed(block: str, loader: Any) -> Any:
    try:
        return yaml.load(block, Loader=loader)  # noqa: S506  both loaders are safe ones
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
