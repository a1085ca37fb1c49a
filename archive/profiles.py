"""The faces an article can wear: which front matter, which last line.  Pure.

    mainroad   what the archive itself keeps: Hugo's Mainroad theme, the source as the last line (`archive.document`)
    plain      few keys in everyday words, times with their offset, no last line
    obsidian   the properties that Obsidian's web clipper writes (`author` and `published` are ours as well)
    template   a Jinja template of your own (extra `templates`)

All but a template carry our own keys as well, so that any of them can be read back.
"""

import json
from collections.abc import Mapping

from archive.document import MAINROAD, Document, Profile, linked, settled, summary, write
from archive.errors import QueryError

__all__ = ["PROFILES", "named", "rendered", "templated"]


def _plain(document: Document) -> dict[str, object]:
    article = document.article
    return {
        "title": article.title,
        "date": (article.published or document.captured).isoformat(),
        "summary": summary(article),
        "tags": list(article.tags),
        "source": article.url,
    }


def _obsidian(document: Document) -> dict[str, object]:
    article = document.article
    return {
        "title": article.title,
        "source": article.url,
        "created": document.captured.date().isoformat(),
        "description": summary(article),
        "tags": ["clippings", *dict.fromkeys(filter(None, map(_tag, article.tags)))],
    }


def _tag(text: str) -> str:
    """An Obsidian tag: letters, digits, `_`, `-` and `/`, and not digits alone."""
    tag = "".join(c if c.isalnum() or c in "_/-" else "-" for c in text).strip("-/")
    return f"_{tag}" if tag.isdigit() else tag


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        MAINROAD,
        Profile(name="plain", head=_plain),
        Profile(name="obsidian", head=_obsidian),
    )
}


def named(name: str) -> Profile:
    """The profile of that name; raises `QueryError` that lists those there are."""
    if name not in PROFILES:
        raise QueryError(f"no profile is called {name!r}", hint=f"one of {', '.join(PROFILES)}")
    return PROFILES[name]


def rendered(document: Document, profile: str, *, root: str = "../../../") -> str:
    """The document in the profile of that name; raises `QueryError` for an unknown one."""
    return write(document, named(profile), root=root)


def templated(document: Document, template: str, *, root: str = "../../../") -> str:
    """The document through a Jinja template, given as text.

    The template sees `article`, `document`, `summary`, `markdown` (pictures linked to their files below `root`) and
    the filter `quoted`, which makes any text safe as a YAML value.  It runs in Jinja's sandbox; a name that does
    not exist is an error.  Raises `QueryError` for a template that cannot be used.
    """
    try:
        from jinja2 import StrictUndefined, TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError as error:
        raise QueryError("templates need Jinja", hint="pip install 'qqnews[templates]'") from error
    document = settled(document)
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = _quoted
    try:
        return environment.from_string(template).render(
            document=document,
            article=document.article,
            summary=summary(document.article),
            markdown=linked(document, root=root),
        )
    except (
        TemplateError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        why = " ".join(str(error).split())
        raise QueryError(f"the template cannot be used for {document.article.id}: {why}") from error


def _quoted(value: object) -> str:
    """A YAML value: JSON is YAML."""
    return json.dumps("" if value is None else value, ensure_ascii=False, default=str)
