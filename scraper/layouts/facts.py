"""Facts as pages print them, made plain: lines, headlines, times, keywords.  Pure.

Every function takes whatever a page or its data may hold and answers with nothing (`""`, `None`, `()`) when that
says nothing: a fact may be absent, it must never be wrong.
"""

import html
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from archive.article import BEIJING

_SITES = (
    r"(?:手机)?腾讯网|腾讯(?:新闻(?:客户端)?|视频|财经|科技|体育|娱乐|大\w网)|企鹅号|天天快报|看点快报"
    "|QQ.COM|QQ新闻"
)
_SUFFIX = 40
_SITE = re.compile(_SITES, re.IGNORECASE)
_SITE_SUFFIX = re.compile(rf"\s*[_|\-—–]+\s*(?:{_SITES})\s*$", re.IGNORECASE)
_TIME = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
    r"(?:[T\s]{0,3}(?:上午|凌晨|早上|中午|(下午|傍晚|晚上))?\s?(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}))?秒?(?:\.\d{1,9})?"
    r"(?:\s?([AP])M\b)?)?\s?(Z|[+-]\d{2}:?\d{2})?"
)
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BETWEEN_WORDS = re.compile(r"[,，;；、|\n]+")
_EARLIEST = 1995
"""qq.com began in 1998; what claims to be older is a mistake."""


def text(value: Any) -> str:
    """What a value of a page's data says as text; empty for None, objects and lists."""
    if isinstance(value, str):
        return _whole(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _whole(words: str) -> str:
    """The text without lone surrogates, which JSON can write and no file can hold."""
    if words.isascii():
        return words
    try:
        words.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", words)
    return words


def line(value: Any) -> str:
    """One line of plain text: entities resolved, markup and invisible characters gone, spaces collapsed.

    >>> line(" 杭州 &amp;\\n <b>上海</b>\\u200b ")
    '杭州 & 上海'
    """
    words = text(value)
    if not words:
        return ""
    if "<" in words:
        words = re.sub(r"</?[A-Za-z][^<>]{0,500}>|<!--[^<>]{0,500}-->", "", words)
    if "&" in words:
        words = html.unescape(words)
    if not words.isprintable():
        words = _INVISIBLE.sub("", _whole(words))
    return " ".join(words.split())


def headline(value: Any) -> str:
    """A title without the name of the site.

    >>> headline("机器人跑完全程_科技_腾讯网"), headline("杭州_腾讯新闻"), headline("A-B")
    ('机器人跑完全程', '杭州', 'A-B')
    """
    words = line(value)
    # The name of the site is short; a pattern that looked for its beginning everywhere could look for ever.
    start, end = words[:-_SUFFIX], words[-_SUFFIX:]
    bare = _SITE_SUFFIX.sub("", end)
    if bare != end and ("_腾讯网" in end or "_手机腾讯网" in end):
        # `title_catalog_channel_腾讯网` on static pages: the words after the first underscores name the shelf.
        bare = re.sub(r"(?:_[^_\s]{1,8}){1,2}$", "", bare) or bare
    return (start + bare).strip()


def names_the_site(title: str) -> bool:
    """Whether a title says no more than the name of the site, as those of pages for phones may.

    >>> names_the_site("腾讯新闻"), names_the_site("腾讯新闻的一天")
    (True, False)
    """
    return _SITE.fullmatch(title) is not None


def first_headline(*values: Any) -> str:
    """The first of these titles that says more than the name of the site, which may be an `<h1>` too.

    >>> first_headline("", "腾讯新闻", "渡船首航_腾讯新闻"), first_headline("腾讯网", "")
    ('渡船首航', '腾讯网')
    """
    titles = [title for value in values if (title := headline(value))]
    return next((title for title in titles if not names_the_site(title)), first(*titles))


def beijing(value: Any) -> datetime | None:
    """A time as qq.com prints it: Beijing's unless it names its own offset; also Unix seconds and milliseconds.

    >>> beijing("2016年10月14日07:17").isoformat()
    '2016-10-14T07:17:00+08:00'
    >>> beijing("1511922706").isoformat()
    '2017-11-29T10:31:46+08:00'
    >>> beijing("刚刚"), beijing("2016-13-01")
    (None, None)
    """
    words = text(value).strip()[:200]
    if found := re.fullmatch(r"(1?\d{9}(?:\d{3})?)(?:\.\d{1,9})?", words):
        seconds = int(found[1]) / (1000 if len(found[1]) > 10 else 1)
        return datetime.fromtimestamp(int(seconds), BEIJING) if seconds > 9e8 else None
    found = _TIME.search(words)
    if not found:
        return None
    year, month, day, late, hour, minute, second, half, offset = found.groups()
    clock = int(hour or 0)
    if half and clock <= 12:
        clock = clock % 12 + (12 if half == "P" else 0)
    elif late and clock < 12:
        clock += 12
    zone = timezone(_offset(offset)) if offset else BEIJING
    try:
        when = datetime(
            int(year),
            int(month),
            int(day),
            clock,
            int(minute or 0),
            int(second or 0),
            tzinfo=zone,
        )
        return when.astimezone(BEIJING) if _EARLIEST <= when.year <= 2100 else None
    except ValueError:
        return None


def _offset(words: str) -> timedelta:
    if words == "Z":
        return timedelta()
    sign = -1 if words[0] == "-" else 1
    digits = words[1:].replace(":", "")
    return sign * timedelta(hours=min(int(digits[:2]), 14), minutes=int(digits[2:]) % 60)


def words(value: Any, *, but: str = "") -> tuple[str, ...]:
    """Keywords, from a list or a string, each once.  but: the title, which pages repeat among their keywords.

    >>> words("杭州, 机器人，杭州"), words(["a", None, "b"]), words(None)
    (('杭州', '机器人'), ('a', 'b'), ())
    """
    if isinstance(value, dict):
        value = list(value.values())
    pieces = value if isinstance(value, list) else _BETWEEN_WORDS.split(text(value))
    found = dict.fromkeys(line(piece) for piece in pieces[:100])
    return tuple(word for word in found if word and len(word) <= 40 and word != but)


def seconds(value: Any) -> int:
    """A duration, from `00:02:24`, `5:10` or a number of seconds; 0 when the page does not say.

    >>> seconds("00:02:24"), seconds("75"), seconds(None)
    (144, 75, 0)
    """
    words = text(value).strip()
    if re.fullmatch(r"\d{1,3}(?::\d{1,2}){1,2}", words):
        total = 0
        for part in words.split(":"):
            total = total * 60 + int(part)
        return total
    return int(float(words)) if re.fullmatch(r"\d{1,6}(?:\.\d{1,9})?", words) else 0


def first(*values: str) -> str:
    """The first that says something."""
    return next((value for value in values if value), "")


def line_of(says: dict[str, Any], *keys: str) -> str:
    """The first of these fields that says something, as a line; templates name one fact in several ways."""
    return next((words for key in keys if (words := line(says.get(key)))), "")


def time_of(says: dict[str, Any], *keys: str) -> datetime | None:
    """The first of these fields that is a time."""
    return next((when for key in keys if (when := beijing(says.get(key)))), None)


def web_addresses(*named: str) -> tuple[str, ...]:
    """Those of the texts that begin as an address of a page does, each once."""
    whole = (one for one in named if one.startswith(("http://", "https://", "//")))
    return tuple(dict.fromkeys(whole))


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object; qq.com writes an empty one as `[]` or null."""
    return value if isinstance(value, dict) else {}
