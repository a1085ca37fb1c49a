"""A small archive to read: articles of a lantern fair and of a ferry, all invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.archive import Archive
from archive.article import BEIJING, Article, Image
from archive.capture import Capture, Picture
from archive.state import State

NOW = datetime(2030, 2, 10, 4, 0, tzinfo=UTC)
PICTURE = "https://inews.gtimg.com/om_bt/Oaaa-1/641"

LANTERNS = Article(
    id="20300207A01B2C00",
    url="https://news.qq.com/rain/a/20300207A01B2C00",
    title="滨江灯会开幕",
    markdown=(
        "滨江灯会昨晚开幕，共有1200盏灯。王小明表示，灯都由**本地匠人**扎成，材料取自江边的竹林。\n\n"
        f"![灯]({PICTURE})\n\n往年的灯会只办三天，今年延长到元宵，沿江路每晚六时起封闭，公交改道。\n\n"
        "市民赵女士说，她从小看灯会长大，最喜欢的是走马灯，今年带着外孙一起来。"
    ),
    images=(Image(url=PICTURE, renditions=(PICTURE,), key="Oaaa-1", alt="灯"),),
    addresses=("https://new.qq.com/rain/a/20300207A01B2C00",),
    published=datetime(2030, 2, 8, 7, 22, tzinfo=BEIJING),
    outlet="滨江日报",
    author="某甲",
    category="culture",
    tags=("灯会", "AI"),
)
REPRINT = replace(
    LANTERNS,
    id="20300208A03D4E00",
    url="https://news.qq.com/rain/a/20300208A03D4E00",
    title="灯会人山人海",
    addresses=(),
    published=datetime(2030, 2, 8, 12, 0, tzinfo=BEIJING),
    outlet="下游晚报",
    tags=(),
)
CUT = replace(
    LANTERNS,
    id="20300208A05F6G00",
    url="https://news.qq.com/rain/a/20300208A05F6G00",
    title="灯会亮了",
    markdown=LANTERNS.markdown.rpartition("\n\n")[0],
    addresses=(),
    published=datetime(2030, 2, 8, 18, 0, tzinfo=BEIJING),
    outlet="山城新闻",
    tags=(),
)
FERRY = Article(
    id="20300209A07H8J00",
    url="https://news.qq.com/rain/a/20300209A07H8J00",
    title="渡口停航一日",
    markdown="因大雾，渡口昨天停航一日，两岸居民改走大桥。航运公司说，今天上午视天气恢复。" * 3,
    published=datetime(2030, 2, 9, 9, 0, tzinfo=BEIJING),
    outlet="滨江日报",
)


class Clock:
    """A clock that is an hour later each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2030, 2, 9, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


def lanterns(root: Path) -> Path:
    """An archive with an article in two texts, a reprint, a shortened reprint, and one that was withdrawn."""
    clock = Clock()
    picture = Picture(
        url=PICTURE, content=b"\xff\xd8one", extension="jpg", width=6, height=4, hash="0f" * 8
    )
    Archive.create(root)
    with Archive.open(root, clock=clock, floor=0) as archive:

        def keep(article: Article, body: str) -> None:
            capture = Capture(url=article.url, at=clock(), body=body.encode())
            archive.keep(
                article,
                capture=capture,
                rule="rain: originContent.text",
                charset="utf-8",
                pictures={PICTURE: picture} if article.images else {},
            )

        keep(LANTERNS, "one")
        keep(REPRINT, "two")
        keep(CUT, "three")
        keep(FERRY, "four")
        keep(replace(LANTERNS, markdown=LANTERNS.markdown.replace("1200", "900")), "five")
        archive.note(
            id=FERRY.id,
            address=FERRY.url,
            state=State.GONE,
            rule="redirect to babygohome",
            capture=Capture(url=FERRY.url, at=clock(), body=b"", status=302),
        )
    return root
