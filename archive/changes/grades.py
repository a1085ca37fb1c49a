"""How grave an edit is.  Pure.

Grade   trivial < facts < typo < pictures < wording < added < names < numbers < removed < headline
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import IntEnum

from archive.changes.edits import Edit
from archive.text import bare


class Grade(IntEnum):
    """How grave an edit is; the greater, the graver.  `str` is its word."""

    TRIVIAL = 1  # spaces, punctuation, width of letters
    FACTS = 2  # not the text: who, when, where from
    TYPO = 3  # a character or two
    PICTURES = 4  # pictures came, went or changed places
    WORDING = 5  # the same said otherwise
    ADDED = 6  # sentences came
    NAMES = 7  # other people, works or words in letters
    NUMBERS = 8  # other figures
    REMOVED = 9  # sentences went
    HEADLINE = 10  # the headline says something else

    def __str__(self) -> str:
        return self.name.lower()


_DIGITS = "零〇一二两三四五六七八九"
_COUNTED = "个名位人元万亿吨米家起岁年月日号时点次倍成条辆台届例块件只艘架天周秒斤克级层栋座死伤"
_NUMBER = re.compile(
    rf"\d+(?:[.,:]\d+)*%?"
    rf"|[{_DIGITS}十百千]+(?=[{_COUNTED}])"
    rf"|[{_DIGITS}]+[十百千][{_DIGITS}十百千]*|十[{_DIGITS}]"  # 三十七, 十二: whatever is counted
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
_OTHER = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The text without spaces and punctuation."""
    return _OTHER.sub("", bare(text))


def grades_of(edits: Iterable[Edit]) -> Iterator[Grade]:
    """The grade of each sentence that changed; some more than once."""
    for edit in edits:
        if edit.kind == "added":
            yield Grade.ADDED
        elif edit.kind == "removed":
            yield Grade.REMOVED
        elif edit.kind == "changed":
            yield from _grades_in(edit)


def _grades_in(edit: Edit) -> Iterator[Grade]:
    """What changed in a sentence: figures and names count for themselves, and hide nothing else."""
    facts = [
        grade
        for grade, found in ((Grade.NUMBERS, _numbers), (Grade.NAMES, _names))
        if found(edit.old) != found(edit.new)
    ]
    yield from facts
    if not facts and letters(edit.old) == letters(edit.new):
        yield Grade.TRIVIAL
        return
    sizes = [len(letters(_NUMBER.sub("", part.text))) for part in edit.parts if part.kind != "="]
    largest, all_of_them = max(sizes, default=0), sum(sizes)
    if facts and largest <= 4:
        return
    yield Grade.TYPO if largest <= 2 and all_of_them <= 4 else Grade.WORDING


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(text))


def _names(text: str) -> Counter[str]:
    return Counter(match[1] or match[0] for match in _NAME.finditer(text))
