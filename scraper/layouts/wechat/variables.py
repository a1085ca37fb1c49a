"""What a WeChat page tells its own scripts.  Pure.

    read(page)            the page's facts, named as WeChat's newest template names them
    read_content(page)    its text

Three generations of pages say the same things: `var msg_title = "…"` (2013 to today), `window.cgiDataNew = {…}`
(since 2024, whole) and a handful of `window.… = ` lines, beside which posts drawn by a script (2020 to 2024) have
`d.title = xml ? getXmlValue('title.DATA') : '…'`.  The newest wins, the older ones fill its gaps; nothing is
evaluated (`scraper.script`).  A page saved by a browser may have lost any of them.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from scraper.layouts.facts import mapping
from scraper.page import Page
from scraper.script import expression_at, value_after, value_at

Variables = dict[str, Any]

_DATA = re.compile(r"window\.cgiDataNew\s{0,9}=\s{0,9}(?=\{)")
_OLD_DATA = "cgiData"
"""It mostly tells next to nothing; some posts are said to have their pictures there."""
_OLD_NAMES = {
    "biz": "bizuin",
    "appuin": "bizuin",
    "mid": "mid",
    "appmsgid": "mid",
    "idx": "idx",
    "sn": "sn",
    "nickname": "nick_name",
    "nick_name": "nick_name",
    "user_name": "user_name",
    "ct": "create_timestamp",
    "oriCreateTime": "ori_create_time",
    "createTime": "create_time",
    "modify_time": "modify_time",
    "msg_title": "title",
    "msg_desc": "desc",
    "msg_cdn_url": "cdn_url",
    "msg_link": "link",
    "msg_source_url": "source_url",
    "author": "author",
    "comment_id": "comment_id",
    "_copyright_stat": "copyright_stat",
    "item_show_type": "item_show_type",
    "ip_wording": "ip_wording",
    "claim_source": "claim_source",
    "picture_page_info_list": "picture_page_info_list",
    "publicTagInfo": "album_info_list",
    "album_info_list": "album_info_list",
    "videoContentNoEncode": "content_noencode",
    "TextContentNoEncode": "content_noencode",
    "ContentNoEncode": "content_noencode",
    "content_noencode": "content_noencode",
    _OLD_DATA: _OLD_DATA,
}
_POST_NAMES = {
    "title": "title",
    "cover": "cdn_url",
    "biz": "bizuin",
    "mid": "mid",
    "idx": "idx",
    "sn": "sn",
    "ct": "create_timestamp",
    "comment_id": "comment_id",
    "msg_link": "link",
    "user_name": "user_name",
    "nick_name": "nick_name",
    "author": "author",
}
"""As the template of posts names them; apart from the others, for a page may have a `title` of another kind."""
_FACTS = frozenset({*_OLD_NAMES.values(), "ori_create_time", "create_time", "copyright_info", "real_item_show_type",
                    "text_page_info", "public_tag_info", "video_ids", "video_page_info"})  # fmt: skip
_IN_EVERY = frozenset({"title", "nick_name", "ori_create_time"})
"""What `window.cgiDataNew` has on every page, but where somebody cut the page down to what he needed."""
_CONTENT = frozenset({"content_noencode"})
_SET = rf"({'|'.join(map(re.escape, _OLD_NAMES))}) ?= ?(?:window\.title ?= ?)?(?=[\"'\w{{\[(])"
_ASSIGNMENTS = (re.compile(rf"var {_SET}"), re.compile(rf"window\.{_SET}"))
"""Two, for a pattern that begins with the same letters always is found three times as fast in a megabyte of scripts."""
_POST_FACT = re.compile(rf"d\.({'|'.join(_POST_NAMES)}) = \(?xml \? [^:\n]{{1,200}} : (?=[\"'])")
_WORDS = re.compile(r"\bvar content ?= ?(?=[\"'])")
_ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(n))")
_ATTRIBUTE = re.compile(r"data-[a-z-]{1,60}")
"""`var nickname = "data-miniprogram-nickname"`: what scripts of 2026 call the attribute of a card, by the same name."""
_LONGEST_LINE = 100_000
"""Characters an assignment may take; the longest real one, a list of 20 pictures, has 30,000."""
_MOST_TRIES = 4
"""How often one variable is read; pages assign it an empty default first, and hostile ones do nothing else."""


def read(page: Page) -> Variables:
    """What the page's scripts say of the article, empty values left out; an empty dict when they say nothing."""
    found = _data(page, _FACTS)
    # To look through 3 MB of scripts for the old names costs more than all else.
    if _IN_EVERY - found.keys():
        for script in page.scripts:
            for name, value in _assignments(script).items():
                found.setdefault(name, value)
        for name, value in mapping(found.pop(_OLD_DATA, None)).items():
            if value and name in _FACTS:
                found.setdefault(name, value)
    if not found.get("desc") and (said := page.metas.get("description")):
        found["desc"] = html.unescape(unescaped(said))
    return found


def read_content(page: Page) -> Variables:
    """The article's text, where the script holds it; kept apart, for it is long and mostly on the page as well."""
    found = _data(page, _CONTENT)
    if not found and (writer := page.tree.css_first(".share_media_text script")):
        # Text posts of 2018 and 2019 write themselves where they stand.
        words = value_after(writer.text(), _WORDS)
        return {"content_noencode": words} if words else {}
    return found


def unescaped(said: str) -> str:
    r"""What a `<meta>` says: WeChat's are escaped for a script first.

    >>> unescaped(r"a\x26amp;b\x0ac")
    'a&amp;b\nc'
    """
    return _ESCAPED.sub(lambda found: "\n" if found[2] else chr(int(found[1], 16)), said)


def _data(page: Page, names: frozenset[str]) -> Variables:
    telling = (script for script in page.scripts if "cgiDataNew" in script)
    begin = next(filter(None, map(_DATA.search, telling)), None)
    data = value_at(begin.string, begin.end(), names) if begin else None
    return {key: value for key, value in mapping(data).items() if value}


def _assignments(script: str) -> dict[str, Any]:
    """The old variables a script sets, under their new names; the first value of each that says something."""
    read: dict[str, Any] = {}
    tries: Counter[str] = Counter()
    for name, begin in _places(script):
        tries[name] += 1
        if name not in read and tries[name] <= _MOST_TRIES:
            value = expression_at(script[begin : begin + _LONGEST_LINE])
            if value and not _ATTRIBUTE.fullmatch(str(value)):
                read[name] = value
    return read


def _places(script: str) -> Iterator[tuple[str, int]]:
    """The new name of every variable a script sets, and where its value begins."""
    lines = [line for pattern in _ASSIGNMENTS for line in pattern.finditer(script)]
    for line in sorted(lines, key=re.Match.start):
        yield _OLD_NAMES[line[1]], line.end()
    if "xml ? getXmlValue(" in script:
        for line in _POST_FACT.finditer(script):
            yield _POST_NAMES[line[1]], line.end()
