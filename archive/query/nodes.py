"""What a query is made of, and the words it knows.  Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from archive.text import Term


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find.  title: only in the headline."""

    term: Term
    title: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A fact of the article that must be one of `values`.  field: one of `FIELDS`."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Published (or, where the page names no time, captured) from `start` on and before `end`."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not find."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """What every part finds."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """What at least one part finds."""

    parts: "tuple[Node, ...]"


Node = Words | Named | When | Not | All | Any

FIELDS = {
    "title": ("headline", "标题"),
    "outlet": ("source", "media", "媒体", "来源"),
    "author": ("作者",),
    "editor": ("编辑", "责编"),
    "place": ("地点", "发布地"),
    "category": ("channel", "频道", "栏目"),
    "tag": ("keyword", "tags", "标签", "关键词"),
    "after": ("since", "起"),
    "before": ("until", "止"),
    "on": ("date", "day", "日期"),
    "state": ("状态",),
    "has": ("有",),
    "is": ("是",),
    "id": (),
    "url": ("address", "网址", "链接"),
    "layout": (),
}
"""Field → other names for it."""

HAS = {
    "picture": ("image", "images", "pictures", "photo", "图片"),
    "missing": ("lost", "缺图"),
    "video": ("videos", "视频"),
    "tag": ("tags", "标签"),
    "author": ("作者",),
    "outlet": ("source", "来源"),
    "summary": ("摘要",),
    "cover": ("thumbnail", "封面"),
    "time": ("published", "时间"),
}
"""What `has:` can ask for."""

IS = {
    "gone": ("withdrawn", "deleted", "removed", "已删"),
    "back": ("restored", "恢复"),
    "revised": ("changed", "edited", "修改"),
    "copy": ("reprint", "转载"),
    "suspect": ("可疑",),
}
"""What `is:` can ask for."""

NAMES = {name: field for field, others in FIELDS.items() for name in (field, *others)}
HAS_NAMES = {name: word for word, others in HAS.items() for name in (word, *others)}
IS_NAMES = {name: word for word, others in IS.items() for name in (word, *others)}


def nearest(word: str, among: Mapping[str, str], shown: Iterable[str]) -> str:
    """What was perhaps meant by a word that nothing is called by."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), among, n=1)
    return f"did you mean {near[0]}" if near else f"there are {', '.join(shown)}"
