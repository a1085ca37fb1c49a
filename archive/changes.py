"""What differs between two texts of an article, sentence by sentence, and how grave it is.  Pure.

    Change     the difference of two articles: grades, headline, sentences, pictures, facts
    Edit       one sentence: same, added, removed or changed, with its changed words marked
    Part       a piece of a changed sentence: kept, cut or put in
    Grade      trivial < typo < pictures < wording < added < names < numbers < removed < headline

Chinese has no spaces between words, so words are marked by comparing characters, numbers and words in letters whole,
and taking single characters between two changes for part of the change.  Whether a name changed is told by its
surroundings (a surname before `表示`, a title in 《》, a word in letters), without a dictionary: it may miss some.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Literal

from archive.article import Article
from archive.text import bare, words


class Grade(IntEnum):
    """How grave an edit is; the greater, the graver.  `str` is its word."""

    TRIVIAL = 1  # spaces, punctuation, width of letters
    TYPO = 2  # a character or two
    PICTURES = 3  # pictures came, went or changed places
    WORDING = 4  # the same said otherwise
    ADDED = 5  # sentences came
    NAMES = 6  # other people, works or words in letters
    NUMBERS = 7  # other figures
    REMOVED = 8  # sentences went
    HEADLINE = 9  # the headline says something else

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a changed sentence.  kind: `=` in both, `-` only in the old, `+` only in the new."""

    kind: Literal["=", "-", "+"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One sentence.  old or new is empty when it was added or removed.

    paragraph: whether a whole paragraph came or went with it.  last: whether it ends its paragraph.
    """

    kind: Literal["same", "added", "removed", "changed"]
    old: str
    new: str
    parts: tuple[Part, ...] = ()
    paragraph: bool = False
    last: bool = False


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


FACTS = ("outlet", "author", "editor", "place", "category", "published", "updated", "statement")


def compare(old: Article, new: Article) -> Change:
    """What a reader would find changed."""
    before, after = _sentences(words(old.markdown)), _sentences(words(new.markdown))
    edits = tuple(_edits(before, after))
    headline = None
    if old.title != new.title:
        headline = _changed(old.title, new.title, last=True)
    keys_before = {image.key: image.url for image in old.images}
    keys_after = {image.key: image.url for image in new.images}
    added = tuple(url for key, url in keys_after.items() if key not in keys_before)
    removed = tuple(url for key, url in keys_before.items() if key not in keys_after)
    moved = not added and not removed and list(keys_before) != list(keys_after)
    grades = set(_grades(edits))
    if headline:
        grades.add(Grade.TRIVIAL if _letters(old.title) == _letters(new.title) else Grade.HEADLINE)
    if added or removed or moved:
        grades.add(Grade.PICTURES)
    if not grades and old.markdown != new.markdown and _spelled(before) != _spelled(after):
        grades.add(Grade.TRIVIAL)
    return Change(
        grades=tuple(sorted(grades, reverse=True)),
        headline=headline,
        sentences=edits,
        pictures_added=added,
        pictures_removed=removed,
        moved=moved,
        facts=tuple(_facts(old, new)),
    )


def _facts(old: Article, new: Article) -> Iterator[Fact]:
    for name in FACTS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Fact(name=name, old=str(before or ""), new=str(after or ""))


# -- sentences -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    key: str
    paragraph: int
    last: bool


_END = re.compile(r"[^。！？!?；;…]*[。！？!?；;…]+[”’」』）)\"]*|[^。！？!?；;…]+")


def sentences(paragraph: str) -> list[str]:
    """The sentences of a line of text, each with its full stop and closing quotes.

    >>> sentences("他说：“来。”她没来！真的")
    ['他说：“来。”', '她没来！', '真的']
    """
    return [found for match in _END.finditer(paragraph) if (found := match[0].strip())]


def _sentences(text: str) -> list[_Sentence]:
    found: list[_Sentence] = []
    for number, paragraph in enumerate(text.split("\n")):
        pieces = sentences(paragraph)
        found.extend(
            _Sentence(piece, bare(piece), number, place == len(pieces))
            for place, piece in enumerate(pieces, 1)
        )
    return found


def _spelled(found: Iterable[_Sentence]) -> list[str]:
    return [sentence.text for sentence in found]


def _edits(before: Sequence[_Sentence], after: Sequence[_Sentence]) -> Iterator[Edit]:
    pairs = list(_aligned(before, after))
    stays_before = {old.paragraph for old, new in pairs if old and new}
    stays_after = {new.paragraph for old, new in pairs if old and new}
    for old, new in pairs:
        if old and new:
            if old.key == new.key:
                yield Edit(kind="same", old=old.text, new=new.text, last=new.last)
            else:
                yield _changed(old.text, new.text, last=new.last)
        elif new:
            whole = new.paragraph not in stays_after
            yield Edit(kind="added", old="", new=new.text, paragraph=whole, last=new.last)
        elif old:
            whole = old.paragraph not in stays_before
            yield Edit(kind="removed", old=old.text, new="", paragraph=whole, last=old.last)


def _aligned(
    before: Sequence[_Sentence], after: Sequence[_Sentence]
) -> Iterator[tuple[_Sentence | None, _Sentence | None]]:
    """Both texts side by side: equal sentences first, then among the rest those that are alike."""
    matcher = SequenceMatcher(
        None, [one.key for one in before], [one.key for one in after], autojunk=False
    )
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(before[i:i_end], after[j:j_end], strict=True)
        else:
            yield from _paired(before[i:i_end], after[j:j_end])


ALIKE = 0.5
"""Two sentences that share that much are one sentence, changed."""

_MOST_PAIRS = 10_000


def _paired(
    before: Sequence[_Sentence], after: Sequence[_Sentence]
) -> Iterator[tuple[_Sentence | None, _Sentence | None]]:
    """Old sentences beside the new ones they became, in order; the most alike overall."""
    rows, columns = len(before), len(after)
    if not rows or not columns or rows * columns > _MOST_PAIRS:
        yield from ((one, None) for one in before)
        yield from ((None, one) for one in after)
        return
    alike = [[_alike(one.key, other.key) for other in after] for one in before]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    i = j = 0
    while i < rows or j < columns:
        meet = i < rows and j < columns and alike[i][j] >= ALIKE
        if meet and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield before[i], after[j]
            i, j = i + 1, j + 1
        elif i < rows and best[i][j] == best[i + 1][j]:
            yield before[i], None
            i += 1
        else:
            yield None, after[j]
            j += 1


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


# -- words ---------------------------------------------------------------------------------------------------

_WORD = re.compile(r"\d+(?:[.,:]\d+)*%?|[A-Za-z][A-Za-z0-9'-]*|\s+|.", re.DOTALL)


def _changed(old: str, new: str, *, last: bool) -> Edit:
    return Edit(kind="changed", old=old, new=new, parts=tuple(_parts(old, new)), last=last)


def _parts(old: str, new: str) -> Iterator[Part]:
    """The pieces of two sentences side by side; lone characters between changes go with the change."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    cut, put = "", ""
    for place, (kind, i, i_end, j, j_end) in enumerate(blocks):
        inner = 0 < place < len(blocks) - 1
        if kind == "equal" and not (inner and i_end - i == 1 and before[i].isalnum()):
            yield from _cut_and_put(cut, put)
            cut, put = "", ""
            yield Part("=", "".join(before[i:i_end]))
        else:
            cut += "".join(before[i:i_end])
            put += "".join(after[j:j_end])
    yield from _cut_and_put(cut, put)


def _cut_and_put(cut: str, put: str) -> Iterator[Part]:
    if cut:
        yield Part("-", cut)
    if put:
        yield Part("+", put)


# -- grades --------------------------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"\d+(?:[.,:]\d+)*%?|[零〇一二两三四五六七八九十百千]+(?=[个名位人元万亿吨米家起岁年月日号时点次倍成条辆台届例])"
)
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟"
    "卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_SPEAKING = "说|称|表示|介绍|认为|指出|告诉|透露|强调|回应|先生|女士"
_TITLE = "教授|院长|主任|局长|市长|书记|部长|主席|记者|博士|董事长|总经理|创始人|发言人"
_NAME = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?(?={_SPEAKING}|{_TITLE})"
    rf"|(?:{_TITLE})([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"|《[^》]{1,60}》|[A-Z][A-Za-z0-9-]*"
)
_NO_LETTER = re.compile(r"[\W_]+")


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", bare(text))


def _grades(edits: Iterable[Edit]) -> Iterator[Grade]:
    for edit in edits:
        if edit.kind == "added":
            yield Grade.ADDED
        elif edit.kind == "removed":
            yield Grade.REMOVED
        elif edit.kind == "changed":
            yield from _grades_of(edit)


def _grades_of(edit: Edit) -> Iterator[Grade]:
    """What changed in a sentence: figures and names count for themselves, and hide nothing else."""
    facts = [
        grade
        for grade, found in ((Grade.NUMBERS, _numbers), (Grade.NAMES, _names))
        if found(edit.old) != found(edit.new)
    ]
    yield from facts
    if not facts and _letters(edit.old) == _letters(edit.new):
        yield Grade.TRIVIAL
        return
    sizes = [len(_letters(_NUMBER.sub("", part.text))) for part in edit.parts if part.kind != "="]
    largest, all_of_them = max(sizes, default=0), sum(sizes)
    if facts and largest <= 4:
        return
    yield Grade.TYPO if largest <= 2 and all_of_them <= 4 else Grade.WORDING


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(text))


def _names(text: str) -> Counter[str]:
    return Counter(match[1] or match[0] for match in _NAME.finditer(text))
