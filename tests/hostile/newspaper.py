"""Articles with a picture, and the pages that may stand in their place: whole answers that mean no good."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image as Pillow

from scraper.demo.pages import rain
from scraper.demo.stories import Story, token
from tests.hostile.answers import redirect
from tests.hostile.faults import FAULTS, fault, head, simply, whole
from tests.hostile.server import Line
from tests.scraper.drawn import png_of

KEPT: Final = Story(
    id="20261123A04TRM00",
    title="山城最后一班缆车开走了，司机没有按铃",
    outlet="青屿晚报",
    published="2026-11-23 21:40:00",
    place="海东",
    pictures=(token("O", "cable-car"),),
    lines=(
        "昨夜九点四十分，山城最后一班缆车离开了望江台站。车上坐着十一个人，没有一个是赶路的。",
        "[0|末班缆车驶过江面。青屿晚报记者 林小禾 摄]",
        "司机陆怀安开了二十六年缆车，每一趟都在江心按一声铃。最后一趟他没有按。“按了就真的结束了，”他说。",
        "缆车停运以后，江两岸的人要绕行三公里外的新桥。老街的豆腐铺已经把开门时间提早了半个小时，为的是让对岸的"
        "学生还能赶上一碗热豆浆。",
        "按照规划，两座站房会保留下来，其中一座改作小小的展馆，展出缆车的绞盘、票根，和那只没有响过的铃。",
    ),
)
FRESH: Final = Story(
    id="20261124A05BRK00",
    title="面包师把老面养了四十年，昨天分给了整条街",
    outlet="田野周刊",
    published="2026-11-24 06:15:00",
    place="海东",
    pictures=(token("O", "old-dough"),),
    lines=(
        "柳巷的面包师傅宋知微今年七十一岁，她的老面比她的徒弟都大。四十年前，它是从外婆的陶罐里分出来的一小团。",
        "[0|装老面的陶罐。田野周刊记者 方青 摄]",
        "铺子下个月关门。昨天清早，她把老面分成六十四份，用油纸包好，写上名字，挨家挨户送去。",
        "“面要天天喂，人也一样，”她对收下面团的孩子说，“忘了喂，它就不认得你了。”",
    ),
)
OTHER: Final = replace(
    KEPT,
    id="20261122A03RVR00",
    title="江水退了一尺，露出半截石碑",
    pictures=(),
    lines=tuple(line.replace("缆车", "渡船") for line in KEPT.lines if not line.startswith("[")),
)

ARTICLES: Final = (KEPT, FRESH, OTHER)
SIZES: Final = {"0": (960, 540), "1000": (1000, 562), "641": (641, 361)}
"""The sizes in which a picture is offered, the best first."""


def page_of(story: Story) -> str:
    """The path of an article's page."""
    return f"/rain/a/{story.id}"


def picture_of(story: Story, size: str = "0") -> str:
    """The path of an article's picture."""
    return f"/om_bt/{story.pictures[0]}/{size}"


@cache
def photograph(name: str, width: int, height: int) -> bytes:
    """A JPEG that is like no other picture's."""
    buffer = BytesIO()
    shade = Pillow.radial_gradient("L").rotate(len(name.strip("Ax")) * 17)
    shade.resize((width, height)).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def jpeg(body: bytes, **headers: object) -> bytes:
    return whole(body, **{"Content_Type": "image/jpeg"} | headers)


def page(text: str, **headers: object) -> bytes:
    return whole(text.encode(), **headers)


def article(story: Story) -> None:
    """An article's addresses answer with its page, and with 304 to whoever has it; its picture comes in three sizes."""
    tag = f'"{story.id}"'

    async def show(line: Line) -> bool:
        known = line.seen.headers.get("if-none-match") == tag
        body = head("304 Not Modified", ETag=tag) if known else whole(rain(story), ETag=tag)
        await line.send(body)
        return True

    FAULTS[page_of(story)] = FAULTS[f"/a/{story.id}"] = show
    for size, (wide, high) in SIZES.items():
        for name in story.pictures:
            simply(f"/om_bt/{name}/{size}", jpeg(photograph(name, wide, high)), keep=True)


for told in ARTICLES:
    article(told)

# What may stand in the place of a picture.


def photo(path: str, content: bytes, **headers: object) -> None:
    simply(path, jpeg(content, **headers), keep=True)


def animation(frames: int) -> bytes:
    """A GIF of so many frames."""
    pictures = [Pillow.new("L", (64, 48), number % 251) for number in range(frames)]
    buffer = BytesIO()
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], duration=20)
    return buffer.getvalue()


PHOTO: Final = photograph("good", 800, 600)

photo("/photo-typed-wrongly", PHOTO, Content_Type="text/plain")
photo("/photo-gzip", gzip.compress(PHOTO), Content_Encoding="gzip")
photo("/photo-animated", animation(5))
photo("/photo-with-tail", PHOTO + b"<script>alert(1)</script>")
photo("/photo-cut", PHOTO[: len(PHOTO) // 2])
photo("/photo-page", b"<!doctype html><title>403</title>")
photo("/photo-nothing", b"")
photo("/photo-svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
photo("/photo-tiff", b"II*\0" + bytes(100))
photo("/photo-heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
photo("/photo-fits", b"SIMPLE  =                    T")
photo("/photo-of-pixels", png_of(30_000, 30_000))
photo("/photo-of-frames", animation(501))

# Whole pages that are no article.

SHELL: Final = "<html><title>{title}_腾讯新闻</title><body id='dc-normal-body'><div id='article-content'></div>"
MESSAGE: Final = (
    "<!doctype html><html><head><title>{title}</title></head><body><div>{text}</div></body></html>"
)


def message(path: str, text: str, title: str = "腾讯新闻") -> None:
    simply(path, page(MESSAGE.format(title=title, text=text)), keep=True)


message("/page-deleted", "抱歉，该内容已被发布者删除")
message("/page-not-there", "您访问的页面不存在", title="页面不存在")
message("/page-violation", "此内容因违规无法查看")
message("/page-captcha", "环境异常，完成验证后即可继续访问", title="验证")
message("/page-slider", "拖动滑块完成拼图 <script src=TCaptcha.js></script>", title="安全验证")
message("/page-denied", "访问被拒绝。Request has been blocked. EdgeOne")
message("/page-busy", "系统繁忙，请稍后再试")
message("/page-nothing", "")
message("/page-home", "要闻 财经 科技", title="腾讯网")
message(
    "/page-firewall",
    "<script>location.href='https://waf.tencent.com/501page.html?u=/rain'</script>",
)
message("/page-children", "<script src='//qzone.qq.com/gy/404/data.js'></script>")
simply("/page-api", page('{"ret": 404, "msg": "no such article"}'), keep=True)
simply("/page-words", page("OK\n", Content_Type="text/html"), keep=True)
simply("/page-binary", whole(bytes(range(256)) * 20), keep=True)
simply("/page-spaces", page(" \r\n" * 300), keep=True)

# The page of whichever article was asked for, after something happened to it.


def spoilt(path: str, spoil: Callable[[Story], bytes], **headers: object) -> None:
    """A path that sends what `spoil` makes of the article it is put in the place of."""

    async def show(line: Line) -> bool:
        id = line.seen.path.rpartition("/")[2]
        story = next((story for story in ARTICLES if story.id == id), OTHER)
        await line.send(whole(spoil(story), **headers))
        return True

    FAULTS[path] = show


def text_of(story: Story) -> str:
    return rain(story).decode()


def with_pictures(story: Story) -> bytes:
    """The article with a thousand pictures in it."""
    names = tuple(token("O", f"n{number}") for number in range(1000))
    lines = (*story.lines, *(f"[{number}|]" for number in range(1000)))
    for name in names:
        FAULTS.setdefault(f"/om_bt/{name}/0", FAULTS["/photo-animated"])
    return rain(replace(story, pictures=names, lines=lines))


spoilt("/page-cut", lambda story: rain(story)[:1500])
spoilt("/page-paid", lambda story: rain(replace(story, lines=(), pictures=())))
spoilt("/page-shell", lambda story: SHELL.format(title=story.title).encode())
spoilt("/page-title-alone", lambda story: rain(replace(story, lines=(story.title,), pictures=())))
spoilt("/page-of-another", lambda story: rain(OTHER))
spoilt("/page-misread", lambda story: text_of(story).encode().decode("latin-1").encode())
spoilt("/page-lost-characters", lambda story: text_of(story).replace("的", "\ufffd").encode())
spoilt("/page-shorter", lambda story: rain(replace(story, lines=story.lines[:1])))
spoilt("/page-of-pictures", with_pictures)
spoilt("/page-of-nodes", lambda story: rain(story) + b"<p>x</p>" * 500_000)
spoilt("/page-deep", lambda story: rain(story) + b"<div>" * 100_000)
spoilt(
    "/page-attributes",
    lambda story: rain(story) + b"<p " + b" ".join(b"a%d" % n for n in range(200_000)) + b">",
)
spoilt(
    "/page-brackets",
    lambda story: rain(story).replace(b"window.DATA = {", b"window.DATA = " + b"[" * 1_000_000),
)
spoilt(
    "/page-gbk",
    lambda story: text_of(story).encode("gb18030"),
    Content_Type="text/html; charset=utf-8",
)
spoilt("/page-called-gbk", rain, Content_Type="text/html; charset=gb2312")
spoilt("/page-utf16", lambda story: text_of(story).encode("utf-16"))
spoilt("/page-bom", lambda story: b"\xef\xbb\xbf" + rain(story))

# Redirects from an article's page.

redirect("/to-other-article", page_of(OTHER))
redirect("/to-channel", "/ch/finance")
redirect("/to-home", "https://www.qq.com/")
redirect("/to-login", "https://xw.qq.com/login?from=article")
redirect("/to-missing-page", "/gone/404.html")


redirect("/to-static", "/static")


@fault("/static")
async def static(line: Line) -> bool:
    """A page that says that there is none, and has not changed for years: 304 to whoever shows anything."""
    if line.seen.headers.keys() & {"if-none-match", "if-modified-since"}:
        await line.send(head("304 Not Modified"))
        return True
    return bool(await FAULTS["/page-not-there"](line))


@fault("/to-mobile")
async def to_mobile(line: Line) -> bool:
    id = line.seen.path.rpartition("/")[2]
    await line.send(head("302 Found", Location=f"//view.inews.qq.com/a/{id}", Content_Length=0))
    return True


message("/ch/finance", "<a href=/a>一</a>" * 40, title="财经频道_腾讯网")
message("/login", "<form>QQ 登录 <input name=u></form>", title="登录")
message("/", "要闻 财经 科技", title="腾讯网")

# Lists.


def listed(path: str, body: bytes) -> None:
    simply(path, whole(body, Content_Type="application/json"), keep=True)


listed("/list-nested", b'{"code":0,"data":' + b"[" * 100_000)
listed("/list-busy", '{"code":10001,"message":"系统繁忙"}'.encode())
listed(
    "/list-half",
    b'\xef\xbb\xbf{"code":0,"data":[{"id":"%s","title":"\xe8\xaf\\ud83d"}]}' % FRESH.id.encode(),
)
