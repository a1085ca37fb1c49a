"""The body of a file: the Markdown with its pictures linked here, or to the web again.  Pure."""

import re
from collections.abc import Callable, Mapping
from html import unescape

_TARGET = re.compile(r"\]\((<[^<>\n]*>|(?:\\[^\n]|[^\s()\\<>])+(?:\([^\s()\\<>]*\)[^\s()\\<>]*)*)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LOCAL = re.compile(r"(?:\.\./)*(images/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,5})")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})([^`]*)$")


def localised(markdown: str, paths: Mapping[str, str], root: str) -> str:
    """Link each picture that is kept to its file; others keep their web address.

    paths: web address → path below the archive (`images/ab/….jpg`); root: the way up to the archive (`../../../`).
    """

    def local(target: str) -> str | None:
        return root + paths[target] if target in paths else None

    return _retargeted(markdown, local) if paths else markdown


def globalised(markdown: str, paths: Mapping[str, str]) -> str:
    """Undo `localised`.  Pictures that share a file are told apart by their order, which is that of `paths`."""
    waiting: dict[str, list[str]] = {}
    for url, path in paths.items():
        waiting.setdefault(path, []).append(url)

    def remote(target: str) -> str | None:
        here = _LOCAL.fullmatch(target)
        urls = waiting.get(here[1]) if here else None
        if not urls:
            return None
        return _spelled(urls.pop(0) if len(urls) > 1 else urls[0])

    return _retargeted(markdown, remote) if paths else markdown


def _spelled(url: str) -> str:
    return f"<{url}>" if re.search(r"[\s()\\]", url) else url


def _retargeted(markdown: str, change: Callable[[str], str | None]) -> str:
    """The Markdown with the targets of links and pictures changed where `change` says so, code left alone."""

    def changed(found: re.Match[str]) -> str:
        raw = found[1][1:-1] if found[1].startswith("<") else found[1]
        target = change(unescape(_ESCAPED.sub(r"\1", raw)))
        return found[0] if target is None else f"]({target}"

    if "```" not in markdown and "~~~" not in markdown:
        return _TARGET.sub(changed, markdown)
    rows = markdown.split("\n")
    fence = ""
    for index, row in enumerate(rows):
        opening = _FENCE.match(row)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
        elif opening:
            fence = opening[1]
        elif "](" in row:
            rows[index] = _TARGET.sub(changed, row)
    return "\n".join(rows)
