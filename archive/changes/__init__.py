"""What differs between two texts of an article, sentence by sentence, and how grave it is.  Pure.

    Change     the difference of two articles: grades, headline, sentences, pictures, facts
    Edit       one sentence: same, added, removed or changed, with its changed words marked
    Part       a piece of a changed sentence: kept, cut or put in
    Grade      trivial < facts < typo < pictures < wording < added < names < numbers < removed < headline

Chinese has no spaces between words, so words are marked by comparing characters, numbers and words in letters whole,
and taking single characters between two changes for part of the change.  Whether a name changed is told by its
surroundings (a surname before `表示`, a title in 《》, a word in letters), without a dictionary: it may miss some.

`edits` sets sentences side by side, `grades` says how grave an edit is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.article import Article, Video
from archive.changes.edits import Edit, Part, between, changed, sentences, split
from archive.changes.grades import Grade, grades_of, letters
from archive.text import words

__all__ = ["FACTS", "Change", "Edit", "Fact", "Grade", "Part", "compare", "differ", "sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact besides the text that changed (`outlet`, `author`, `published` …)."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The difference between two texts of an article.

    grades: all that apply, the gravest first; empty when nothing a reader sees has changed.
    headline: the headline as an edit, None when it says the same.
    sentences: the whole text, sentences that stayed as well.
    pictures_added, pictures_removed: their web addresses.  moved: the same pictures in another order.
    """

    grades: tuple[Grade, ...]
    headline: Edit | None
    sentences: tuple[Edit, ...]
    pictures_added: tuple[str, ...] = ()
    pictures_removed: tuple[str, ...] = ()
    moved: bool = False
    facts: tuple[Fact, ...] = ()

    @property
    def grade(self) -> Grade | None:
        """The gravest grade."""
        return self.grades[0] if self.grades else None

    def counts(self) -> dict[str, int]:
        """How many sentences were added, removed and changed."""
        found = Counter(edit.kind for edit in self.sentences)
        return {kind: found[kind] for kind in ("added", "removed", "changed")}


FACTS = (
    *(
        "published",
        "updated",
        "outlet",
        "outlet_id",
        "author",
        "editor",
        "place",
        "category",
        "tags",
    ),
    *("cover", "comment_id", "statement", "declarations", "videos"),
)
"""What an article says besides headline, text and pictures."""


def compare(old: Article, new: Article) -> Change:
    """What a reader would find changed."""
    before, after = split(words(old.markdown)), split(words(new.markdown))
    edits = tuple(between(before, after))
    headline = None
    if old.title != new.title:
        headline = changed(old.title, new.title)
    keys_before = {image.key or image.url: image.url for image in old.images}
    keys_after = {image.key or image.url: image.url for image in new.images}
    added = tuple(url for key, url in keys_after.items() if key not in keys_before)
    removed = tuple(url for key, url in keys_before.items() if key not in keys_after)
    moved = not added and not removed and list(keys_before) != list(keys_after)
    grades = set(grades_of(edits))
    if headline:
        grades.add(Grade.TRIVIAL if letters(old.title) == letters(new.title) else Grade.HEADLINE)
    if added or removed or moved:
        grades.add(Grade.PICTURES)
    if not grades and any(edit.old != edit.new for edit in edits):
        grades.add(Grade.TRIVIAL)
    facts = tuple(_facts(old, new))
    if facts and old.id == new.id and not grades - {Grade.TRIVIAL}:
        grades.add(Grade.FACTS)
    return Change(
        grades=tuple(sorted(grades, reverse=True)),
        headline=headline,
        sentences=edits,
        pictures_added=added,
        pictures_removed=removed,
        moved=moved,
        facts=facts,
    )


def differ(old: Article, new: Article) -> bool:
    """Whether two readings of one page say anything otherwise: the text, its markup, or a fact."""
    return (
        old.title != new.title
        or old.markdown != new.markdown
        or [image.key for image in old.images] != [image.key for image in new.images]
        or any(True for _ in _facts(old, new))
    )


def _facts(old: Article, new: Article) -> Iterator[Fact]:
    for name in FACTS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Fact(name=name, old=_said(before), new=_said(after))


def _said(value: object) -> str:
    """A fact in words; empty where the page says nothing."""
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, Video):
        return value.title or value.key
    return str(value or "")
