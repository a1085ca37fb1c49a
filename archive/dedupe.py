"""Decide what an article is to the archive.  Pure: it is told, it does not look.

    Print      what of an article is compared: headline, words, pictures; never links, markup or chrome
    Verdict    New | Same | Revised | Copy

Pictures are compared by what their renditions share, so another size or host of one picture is no change.
"""

import hashlib
from dataclasses import dataclass

from archive.article import Article
from archive.text import bare, fingerprint, words

SHORT = 80
"""Texts of fewer bare characters are copies of each other only when their pictures agree as well."""

SUSPECT = 0.4
"""A new text shorter than this share of the kept one is suspect: pages break more often than editors cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What of an article is compared.

    title: the bare headline.  text: fingerprint of the body's words, empty without words.
    pictures: fingerprint of the picture keys in reading order, empty without pictures.
    length: the bare characters of the body.
    """

    title: str
    text: str
    pictures: str
    length: int

    @property
    def twin(self) -> str:
        """Equal for articles with the same body, whatever their headlines; empty when nothing can be said."""
        if self.length >= SHORT:
            return self.text
        return f"{self.text}+{self.pictures}" if self.text and self.pictures else ""


def print_of(article: Article) -> Print:
    """What of the article is compared; equal for the article as extracted and as read back from its file."""
    body = words(article.markdown)
    keys = "\n".join(dict.fromkeys(image.key or image.url for image in article.images))
    return Print(
        title=bare(article.title),
        text=fingerprint(body),
        pictures=hashlib.sha256(keys.encode("utf-8", "replace")).hexdigest() if keys else "",
        length=len(bare(body)),
    )


@dataclass(frozen=True, slots=True)
class New:
    """The archive has nothing like it."""


@dataclass(frozen=True, slots=True)
class Same:
    """The archive has exactly this under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """The archive has another text under this id.

    suspect, older: kept and shown, but not made the current text, since it is suddenly much shorter, or its page is
    older than that of the current one.
    """

    suspect: bool = False
    older: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The archive has the same body under another id.

    of: that id.  whole: its file must repeat the text, for a link would lose what only it has.
    """

    of: str
    whole: bool = False


Verdict = New | Same | Revised | Copy


def judge(
    found: Print,
    *,
    kept: Print | None = None,
    suspect: Print | None = None,
    twin: str | None = None,
    pictured: bool = True,
    older: bool = False,
) -> Verdict:
    """Compare an article with what the archive holds.

    kept: the print of this id's current text, if the id is known.
    suspect: the print of a suspect text newer than that, if there is one.
    twin: the id of the earliest other article with this `Print.twin`, if there is one.
    pictured: whether that article shows pictures with this text.
    older: whether its page is older than that of the current text.
    """
    if kept is not None:
        if _same(found, kept) or (suspect is not None and _same(found, suspect)):
            return Same()
        if older:
            return Revised(older=True)
        return Revised(suspect=kept.length >= 2 * SHORT and found.length < SUSPECT * kept.length)
    if twin is not None:
        return Copy(of=twin, whole=not leans(found, pictured=pictured))
    return New()


def leans(found: Print, *, pictured: bool) -> bool:
    """Whether a copy loses nothing when its file only links to its original.

    Other sizes, hosts or uploads of the pictures are nothing; pictures where the original has none are.
    """
    return pictured or not found.pictures


def _same(one: Print, other: Print) -> bool:
    return (one.title, one.text, one.pictures) == (other.title, other.text, other.pictures)
