"""What we know of a revision, as keys of our own, and back.  Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from archive.article import Article, Image, Video
from archive.document.values import Document, PictureFile, kept_of, missing_of
from archive.text import fingerprint, words


def written(document: Document, *, taken: Mapping[str, object], profile: str) -> dict[str, object]:
    """Our own keys, without those that say nothing.  taken: the keys the profile already wrote."""
    article = document.article
    own: dict[str, object] = {
        "id": article.id,
        "canonical": article.url,
        "addresses": list(article.addresses),
        "outlet": article.outlet,
        "outlet_id": article.outlet_id,
        "author": article.author,
        "editor": article.editor,
        "place": article.place,
        "category": article.category,
        "keywords": list(article.tags),
        "summary": article.summary,
        "cover": article.cover,
        "language": article.language,
        "published": _stamp(article.published),
        "updated": _stamp(article.updated),
        "captured": _stamp(document.captured),
        "revision": document.revision,
        "suspect": document.suspect,
        "older": document.older,
        "copy_of": document.copy_of,
        "pictures": [_picture(image, document) for image in article.images],
        "clips": [_video(video) for video in article.videos],  # `videos` means addresses to Hugo
        "declarations": list(article.declarations),
        "statement": article.statement,
        "comment_id": article.comment_id,
        "capture": document.capture,
        "read_by": article.layout,
        "rule": document.rule,
        "charset": document.charset,
        "version": document.version,
        "text_sha256": fingerprint(words(article.markdown)),
        "profile": profile,
    }
    if "summary" in taken:
        del own["summary"]
    if taken.get("thumbnail") == article.cover:
        del own["cover"]
    if taken.get("lang") == [article.language]:
        del own["language"]
    return {key: value for key, value in own.items() if value not in ("", [], False)}


def _stamp(when: datetime | None) -> str:
    return when.isoformat() if when else ""


def _picture(image: Image, document: Document) -> dict[str, object]:
    kept = kept_of(document, image)
    entry: dict[str, object] = {"address": image.url}
    if kept is not None:
        file = document.pictures[kept]
        entry |= {"from": kept} if kept != image.url else {}
        entry |= {"file": file.path, "width": file.width, "height": file.height}
        entry |= {"frames": file.frames} if file.frames != 1 else {}
        entry |= {"dhash": file.hash}
    entry |= {
        "missing": "" if kept else missing_of(document, image),
        "caption": image.caption,
        "alt": image.alt,
        "key": image.key if image.key != image.url else "",
        "renditions": [] if kept or image.renditions == (image.url,) else list(image.renditions),
    }
    return {key: value for key, value in entry.items() if value not in ("", [])}


def _video(video: Video) -> dict[str, object]:
    entry: dict[str, object] = {
        "key": video.key,
        "address": video.url,
        "title": video.title,
        "cover": video.cover,
        "duration": video.duration,
        "kind": video.kind if video.kind != "video" else "",
    }
    return {key: value for key, value in entry.items() if value not in ("", 0)}


# -- and back ------------------------------------------------------------------------------------------------


def text_in(head: Mapping[str, Any], key: str) -> str:
    """A text of the front matter, empty when it is not there; a hand may have left a bare date or number."""
    value = head.get(key, "")
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    raise TypeError(f"{key} is no text")


def found(head: Mapping[str, Any]) -> Document:
    """The document of these keys, still without its text; raises KeyError, TypeError or ValueError."""
    entries = _entries(head, "pictures")
    images = tuple(_image(entry) for entry in entries)
    for key in ("id", "canonical", "title", "captured"):
        if not text_in(head, key):
            raise KeyError(key)
    article = Article(
        id=text_in(head, "id"),
        url=text_in(head, "canonical"),
        title=text_in(head, "title"),
        markdown="",
        images=images,
        videos=tuple(_video_of(entry) for entry in _entries(head, "clips")),
        addresses=_texts(head, "addresses"),
        published=_when(text_in(head, "published")),
        updated=_when(text_in(head, "updated")),
        outlet=text_in(head, "outlet"),
        outlet_id=text_in(head, "outlet_id"),
        author=text_in(head, "author"),
        editor=text_in(head, "editor"),
        place=text_in(head, "place"),
        category=text_in(head, "category"),
        tags=_texts(head, "keywords"),
        cover=text_in(head, "cover") or text_in(head, "thumbnail"),
        comment_id=text_in(head, "comment_id"),
        statement=text_in(head, "statement"),
        declarations=_texts(head, "declarations"),
        layout=text_in(head, "read_by"),
        language=text_in(head, "language") or next(iter(_texts(head, "lang")), "zh-CN"),
    )
    return Document(
        article=article,
        revision=int(head.get("revision", 1)),
        captured=_captured(head),
        pictures={
            text_in(entry, "from") or image.url: _file(entry)
            for entry, image in zip(entries, images, strict=True)
            if "file" in entry
        },
        missing={
            image.url: text_in(entry, "missing")
            for entry, image in zip(entries, images, strict=True)
            if "missing" in entry
        },
        capture=text_in(head, "capture"),
        rule=text_in(head, "rule"),
        charset=text_in(head, "charset"),
        version=text_in(head, "version"),
        copy_of=text_in(head, "copy_of"),
        suspect=bool(head.get("suspect", False)),
        older=bool(head.get("older", False)),
    )


def with_text(document: Document, markdown: str, summary: str) -> Document:
    """The document with its text, and the summary when it is the page's own."""
    return replace(document, article=replace(document.article, markdown=markdown, summary=summary))


def _captured(head: Mapping[str, Any]) -> datetime:
    when = _when(text_in(head, "captured"))
    assert when is not None
    return when


def _when(text: str) -> datetime | None:
    if not text:
        return None
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return when


def _entries(head: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = head.get(key) or []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise TypeError(f"{key} is no list of mappings")
    return value


def _texts(head: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = head.get(key) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{key} is no list of texts")
    return tuple(value)


def _image(entry: Mapping[str, Any]) -> Image:
    url = text_in(entry, "address")
    kept = text_in(entry, "from") or url
    return Image(
        url=url,
        renditions=_texts(entry, "renditions") or tuple(dict.fromkeys((kept, url))),
        key=text_in(entry, "key") or url,
        alt=text_in(entry, "alt"),
        caption=text_in(entry, "caption"),
    )


def _file(entry: Mapping[str, Any]) -> PictureFile:
    return PictureFile(
        path=text_in(entry, "file"),
        width=int(entry.get("width", 0)),
        height=int(entry.get("height", 0)),
        frames=int(entry.get("frames", 1)),
        hash=text_in(entry, "dhash"),
    )


def _video_of(entry: Mapping[str, Any]) -> Video:
    return Video(
        key=text_in(entry, "key"),
        url=text_in(entry, "address"),
        title=text_in(entry, "title"),
        cover=text_in(entry, "cover"),
        duration=int(entry.get("duration", 0)),
        kind=text_in(entry, "kind") or "video",
    )
