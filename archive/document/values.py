"""A document as a value, and how its texts are settled before they are stored.  Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from archive.article import Article, Image, Video
from archive.text import clean, line, words

SUMMARY = 50
"""Characters of text that stand as summary where the page has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """A kept picture.

    path: below the archive, `images/ab/<sha256>.<ext>`.  width, height: in pixels.  frames: 1 for a still.
    hash: 16 hex digits that are nearly the same for the same photo in other sizes; empty when nothing can be said.
    """

    path: str
    width: int = 0
    height: int = 0
    frames: int = 1
    hash: str = ""

    @property
    def sha256(self) -> str:
        """The sha256 of its bytes in hex."""
        return self.path.rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article and what the archive knows of this revision of it.

    revision: counts from 1.  captured: when the page was fetched, with an offset.
    pictures: address → file, of the pictures that are kept.  missing: address → why it is not.
    capture: the id of the WARC record it was read from, empty when captures are not kept.
    rule, charset, version: what decided that the page is an article, how its bytes were read, by which qqnews.
    copy_of: the id of the article with the same body, for a copy that links to it instead of repeating it.
    suspect, older: kept and shown, but not the current text: suddenly much shorter, or from a page older than that of
    the text that was current when it was brought.
    """

    article: Article
    revision: int = 1
    captured: datetime
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    capture: str = ""
    rule: str = ""
    charset: str = ""
    version: str = ""
    copy_of: str = ""
    suspect: bool = False
    older: bool = False

    @property
    def aside(self) -> bool:
        """Whether it was never the current text."""
        return self.suspect or self.older


def settled(document: Document) -> Document:
    """The document with every text as it will be stored; settling twice changes nothing."""
    article = document.article
    here = {
        url
        for image in article.images
        if kept_of(document, image)
        for url in (image.url, *image.renditions)
    }
    texts: dict[str, Any] = {name: line(getattr(article, name)) for name in _LINES}
    texts |= {name: _lines(getattr(article, name)) for name in _LISTS}
    texts["markdown"] = _trimmed(clean(article.markdown))
    if _is_beginning(texts["summary"], of=texts["markdown"]):
        texts["summary"] = ""  # it stands in the file, and says no more than a page without one
    return replace(
        document,
        article=replace(
            article,
            **texts,
            statement=_trimmed(clean(article.statement)),
            published=_whole(article.published),
            updated=_whole(article.updated),
            images=tuple(
                _settled_image(image, kept_of(document, image)) for image in article.images
            ),
            videos=tuple(map(_settled_video, article.videos)),
        ),
        captured=document.captured.replace(microsecond=0),
        pictures={line(url): picture for url, picture in document.pictures.items()},
        missing={
            line(url): line(reason) for url, reason in document.missing.items() if url not in here
        },
        capture=line(document.capture),
        rule=line(document.rule),
        charset=line(document.charset),
        version=line(document.version),
    )


def _is_beginning(summary: str, *, of: str) -> bool:
    """Whether a summary is but the beginning of the text; to know that of most, their length is enough."""
    return 0 < len(summary) <= SUMMARY + len("...") and summary == beginning(of)


def beginning(markdown: str) -> str:
    """The first 50 characters of the text, lines run together, followed by `...` where more follows."""
    said = words(markdown).replace("\n", "")
    text = line(said[: 4 * SUMMARY])
    if len(text) <= SUMMARY:
        text = line(said)
    return text if len(text) <= SUMMARY else text[:SUMMARY] + "..."


_LINES = (
    *("id", "url", "title", "outlet", "outlet_id", "author", "editor", "place", "category"),
    *("summary", "cover", "comment_id", "layout", "language"),
)
_LISTS = ("addresses", "tags", "declarations")


def _whole(when: datetime | None) -> datetime | None:
    return when.replace(microsecond=0) if when else None


def _trimmed(text: str) -> str:
    return text.strip("\n").rstrip(" \t\n")


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in map(line, texts) if text)


def kept_of(document: Document, image: Image) -> str | None:
    """The address of the picture by which it is kept, None when it is not."""
    return next((url for url in (image.url, *image.renditions) if url in document.pictures), None)


def missing_of(document: Document, image: Image) -> str:
    """Why the picture is not kept; empty when nothing was said of it."""
    addresses = (image.url, *image.renditions)
    return next((document.missing[url] for url in addresses if url in document.missing), "")


def _settled_image(image: Image, kept: str | None) -> Image:
    """Of a picture that is kept, its other renditions are of no more use."""
    url = line(image.url)
    renditions = image.renditions if kept is None else (kept, image.url)
    return Image(
        url=url,
        renditions=tuple(dict.fromkeys(map(line, renditions))) or (url,),
        key=line(image.key) or url,
        alt=line(image.alt),
        caption=line(image.caption),
    )


def _settled_video(video: Video) -> Video:
    return replace(
        video,
        key=line(video.key),
        url=line(video.url),
        title=line(video.title),
        cover=line(video.cover),
        kind=line(video.kind),
    )


def paths(document: Document) -> dict[str, str]:
    """Address in the Markdown → file, of the pictures that are kept."""
    return {
        image.url: document.pictures[kept].path
        for image in document.article.images
        if (kept := kept_of(document, image)) is not None
    }
