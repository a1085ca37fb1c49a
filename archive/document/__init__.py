"""An article as a Markdown file: front matter that a Hugo site reads, all we know, then the text.  Pure.

    Document      an article and what the archive knows of this revision of it
    PictureFile   where a picture of it is kept
    Profile       how a file looks: which keys come first, how the text ends
    write, read   a document to a file and back; what is written, read and written again is the same to the byte

The index can be made again from these files alone, so every fact of a revision stands in one.  Keys of our own are
flat, in snake_case, and never one that Hugo acts on (`url`, `aliases`, `layout`, `outputs`, `build` …); what a page
says becomes a value, never a key.

`values` holds what a document is, `facts` makes keys of it, `frontmatter` YAML of these, and `body` links its pictures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from archive.article import BEIJING, Article
from archive.document import facts
from archive.document.body import globalised, localised
from archive.document.frontmatter import dump, parse
from archive.document.values import (
    Document,
    PictureFile,
    beginning,
    kept_of,
    missing_of,
    paths,
    settled,
)
from archive.errors import DamagedArchive
from archive.text import line

__all__ = [
    "MAINROAD",
    "Document",
    "PictureFile",
    "Profile",
    "kept_of",
    "linked",
    "missing_of",
    "paths",
    "read",
    "settled",
    "summary",
    "write",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a file looks.

    head: the keys that come before our own.  footer: the last line of the text, empty for none.
    """

    name: str
    head: Callable[[Document], dict[str, object]]
    footer: Callable[[Document], str] = field(default=lambda _document: "")


def summary(article: Article) -> str:
    """The page's own summary, else the first 50 characters of the text followed by `...`."""
    own = line(article.summary)
    return own or beginning(article.markdown)


def local_time(when: datetime) -> str:
    """The page's clock as the page prints it: Beijing time without a zone."""
    return when.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def _mainroad(document: Document) -> dict[str, object]:
    article = document.article
    return {
        "title": article.title,
        "date": local_time(article.published or document.captured),
        "summary": summary(article),
        "categories": ["qq"],
        "lang": [article.language],
        "translations": [article.language],
        "tags": ["qq"],
        "menu": "",
        "thumbnail": article.cover,
        "lead": "",
        "comments": False,
        "authorbox": False,
        "pager": True,
        "toc": False,
        "mathjax": False,
        "sidebar": "right",
        "widgets": ["search", "recent", "taglist"],
    }


def _cited(document: Document) -> str:
    """`[qq](https://new.qq.com/rain/a/ID)`: qq.com serves one page on both hosts, and this one stood there first."""
    address = urlsplit(document.article.url)
    if not address.netloc:
        return ""  # a saved page that does not say where it stood
    if address.netloc == "news.qq.com" and address.path.startswith("/rain/a/"):
        address = address._replace(netloc="new.qq.com")
    return f"[qq]({address.geturl()})"


MAINROAD = Profile(name="mainroad", head=_mainroad, footer=_cited)
"""The default: what Hugo's Mainroad theme reads, and the source as the last line."""


def write(document: Document, profile: Profile = MAINROAD, *, root: str = "../../../") -> str:
    """The file.  root: the way from its folder up to the archive, for the links to its pictures."""
    document = settled(document)
    head = profile.head(document)
    head |= facts.written(document, taken=head, profile=profile.name)
    parts = (linked(document, root=root), profile.footer(document))
    return dump(head, "\n\n".join(part for part in parts if part))


def linked(document: Document, *, root: str = "../../../") -> str:
    """The text with each kept picture linked to its file below `root`."""
    return localised(document.article.markdown, paths(document), root)


def read(text: str) -> Document:
    """The document a file holds; raises `DamagedArchive` when it is not one of ours or not whole."""
    head, body = parse(text)
    try:
        document = facts.found(head)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedArchive(f"the front matter is not ours, or not whole: {error!r}") from error
    return _with_body(document, head, body)


def _with_body(document: Document, head: Mapping[str, Any], body: str) -> Document:
    body = body.removeprefix("\n").removesuffix("\n")
    if head.get("profile") == MAINROAD.name:
        footer = MAINROAD.footer(document)
        body = body.removesuffix(footer).removesuffix("\n\n")
    markdown = globalised(body, paths(document))
    said = line(facts.text_in(head, "summary"))
    return facts.with_text(document, markdown, "" if said == beginning(markdown) else said)
