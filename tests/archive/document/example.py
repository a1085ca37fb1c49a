"""An invented article with every fact there is, its document, titles that could hurt, and a file taken apart."""

from datetime import UTC, datetime

import yaml

from archive.article import BEIJING, Article, Image, Video
from archive.document import Document, PictureFile

PICTURE = "https://inews.gtimg.com/om_bt/Oabc-1_x/641"
OTHER = "https://inews.gtimg.com/om_bt/Oabc-2_x/641"
FILE = PictureFile(
    path=f"images/ab/{'ab' * 32}.jpg", width=640, height=480, hash="00ff00ff12345678"
)

ARTICLE = Article(
    id="20300102A01B2C00",
    url="https://news.qq.com/rain/a/20300102A01B2C00",
    title="滨江的灯会为什么办得成",
    markdown=f"开头一段，**有力**。\n\n![灯]({PICTURE})\n\n灯会一角\n\n![]({OTHER})\n\n结尾。",
    images=(
        Image(url=PICTURE, renditions=(PICTURE, PICTURE + "/0"), key="Oabc-1_x", alt="灯"),
        Image(
            url=OTHER,
            renditions=(OTHER.replace("641", "0"), OTHER),
            key=OTHER,
            caption="灯会一角",
        ),
    ),
    videos=(Video(key="v1", url="https://v.qq.com/x/page/v1.html", title="片", duration=65),),
    addresses=("https://new.qq.com/rain/a/20300102A01B2C00",),
    published=datetime(2030, 1, 2, 7, 22, 15, tzinfo=BEIJING),
    updated=datetime(2030, 1, 2, 9, 0, 0, tzinfo=BEIJING),
    outlet="滨江日报",
    outlet_id="5006",
    author="某甲",
    editor="某乙",
    place="浙江",
    category="culture",
    tags=("灯会", "滨江"),
    cover="https://inews.gtimg.com/om_ls/O9_640360/0",
    comment_id="123456789012",
    statement="本文仅代表作者观点。\n转载请注明。",
    declarations=("内容由AI生成",),
    layout="rain",
)
DOCUMENT = Document(
    article=ARTICLE,
    revision=3,
    captured=datetime(2030, 1, 3, 1, 2, 3, tzinfo=UTC),
    pictures={PICTURE: FILE},
    missing={OTHER: "HTTP 404"},
    capture="<urn:uuid:1>",
    rule="rain: originContent.text",
    charset="utf-8",
    version="0.1.0",
)


def block_of(text: str) -> str:
    return text.split("---\n")[1]


def keys_of(text: str) -> list[str]:
    return list(yaml.safe_load(block_of(text)))


NASTY = [
    "---",
    "\n---\nurl: /evil/\n---\n",
    "a: b\n- c",
    "尾\u00a0",
    "行\u0085分\u2028段\u2029落",
    "\x00\x1b[31m红\x9b",
    "\ud800半",
    "\u202e反\u2066写",
    "\ufeff头",
    '"引号" \\ 反斜',
    "字" * 300,
    "😀𠮷👨‍👩‍👧",
    "{{< youtube >}}",
    "! !!python/object:os.system &a *a <<: {x: y}",
    "null",
    "2015-03-04",
    "0123",
    "~",
]
