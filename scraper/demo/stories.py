"""What the little qq.com has to tell.  Every place, person, outlet and word of it is invented.  Pure.

Story    one article: who published it where, when, and what it says
"""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article before it becomes a page.

    lines: paragraphs; `# …` is a bold section title, `[n|caption]` the n-th picture, `- …` an item of a list.
    pictures: the tokens under which its pictures are served.
    """

    id: str
    title: str
    outlet: str
    published: str
    lines: tuple[str, ...]
    category: str = "society"
    tags: tuple[str, ...] = ()
    place: str = ""
    pictures: tuple[str, ...] = field(default=())


def token(kind: str, name: str) -> str:
    """A picture's name on the CDN: 47 letters, `O` first for a still and `G` for an animation, `AA` last.

    >>> len(token("O", "bridge"))
    47
    """
    return f"{kind}demo-{name}".ljust(45, "x") + "AA"


BRIDGE_PHOTO: Final = token("O", "bridge")
TIDE_ANIMATION: Final = token("G", "tide")
LAMP_PHOTO: Final = token("O", "lamp")

BRIDGE: Final = Story(
    id="20261120A05LKQ00",
    title="青屿百年石桥修好了：拆下的两千块石头，一块没少",
    outlet="青屿晚报",
    published="2026-11-20 09:30:12",
    category="society",
    tags=("青屿", "石桥", "文物保护"),
    place="海东",
    pictures=(BRIDGE_PHOTO, TIDE_ANIMATION),
    lines=(
        "11月20日清晨，青屿老城的望潮桥重新通行。封闭了四百天的桥头，早早等着一群提着菜篮的老人。",
        "[0|修复后的望潮桥。青屿晚报记者 林小禾 摄]",
        "# “编号”回家的石头",
        "修桥的办法听上去很笨：先给每一块石头编号，拆下来，晾干，再按原来的位置一块块砌回去。“一共两千零三十七块，"
        "一块没少。”石匠师傅周大川说，**“硬核”**的不是机器，是耐心。",
        "桥下的暗流是最大的麻烦。施工队每天只有两个小时能下水，其余时间都在等潮水退去。",
        "[1|望潮桥下的潮水，一天两次]",
        "# 谁来走这座桥",
        "按照新的规定，望潮桥只走人，不走车。桥头立了三条提醒：",
        "- 雨天慢行，石面会滑；",
        "- 不在桥栏上挂锁；",
        "- 潮水漫过第三级台阶时，请绕行新桥。",
        "住在桥东的陈阿婆是第一个走过去的人。她说，桥还是那座桥，只是她小时候蹲过的那级台阶，终于不晃了。",
    ),
)

REPRINT: Final = Story(
    id="20261120A08TWX00",
    title="四百天，把一座老桥拆开再装回去",
    outlet="海东新闻网",
    published="2026-11-20 13:05:40",
    category="society",
    tags=("青屿", "石桥"),
    place="海东",
    pictures=BRIDGE.pictures,
    lines=BRIDGE.lines,
)

HARVEST: Final = Story(
    id="20261121A02HNM00",
    title="海东今年的柿子为什么格外甜",
    outlet="田野周刊",
    published="2026-11-21 07:12:03",
    category="agriculture",
    tags=("柿子", "海东", "农业"),
    place="海东",
    lines=(
        "海东的柿子红了。果农们说，今年的甜，要从春天的一场雨说起。",
        "# 一场来得正好的雨",
        "四月下旬，连续三天的小雨正赶上坐果。县里的农技员许春生每天记一次糖度，从霜降到小雪，数字一路往上走，"
        "最后停在了二十一度。",
        "“往年能到十八度就算好年景。”他翻着本子说。",
        "# 柿子之外",
        "甜只是开头。合作社今年第一次把柿饼装进了小盒，盒上印着每户人家的名字。青屿来的客商一口气订走三百盒，"
        "说要带回去给望潮桥边的老街坊尝尝。",
    ),
)

LAMP: Final = Story(
    id="NEW2016030402158900",
    title="最后一盏煤油航标灯今晚熄灭",
    outlet="青屿晚报",
    published="2016-03-04 18:20",
    category="新闻",
    tags=("航标灯", "青屿"),
    pictures=(LAMP_PHOTO,),
    lines=(
        "青屿港外的最后一盏煤油航标灯，今晚完成了它的最后一次点亮。",
        "[0|守灯人何长顺在灯塔上。]",
        "# 一个人的灯塔",
        "何长顺守了三十一年的灯。每天太阳落到礁石后面，他就提着油壶爬上一百一十二级台阶。",
        "从明天起，太阳能灯会替他亮下去。“它不用人添油，也不怕风，”他说，“就是不会和我说话。”",
        "灯塔将作为航海博物馆的一部分保留下来，煤油灯也会留在原处。",
    ),
)

PAID: Final = Story(
    id="20261121A06PAY00",
    title="【掘金早知道】三家公司的订单里藏着什么",
    outlet="潮汐财经",
    published="2026-11-21 08:00:00",
    category="finance",
    lines=(),
)

WITHDRAWN: Final = "20261119A03GNE00"
"""The id of an article that was taken down: its address leads to the public-welfare page."""

IDS: Final = frozenset({BRIDGE.id, REPRINT.id, HARVEST.id, LAMP.id, PAID.id, WITHDRAWN})
"""Every article that an archive of the demo may hold."""
