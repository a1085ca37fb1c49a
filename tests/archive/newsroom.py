"""What the tests of the archive are made of: invented articles, their captures and pictures, and a dump to compare."""

import sqlite3
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.archive import Archive
from archive.article import BEIJING, Article, Image
from archive.capture import Capture, Picture
from archive.state import State

START = datetime(2026, 2, 7, 4, 0, 0, tzinfo=UTC)

SENTENCES = (
    "湖边的早市比往年热闹，卖藕粉的摊主说雨停得正是时候。",
    "第三座桥的修缮将在月底完工，行人可以先从西侧通过。",
    "图书馆把闭馆时间推迟到晚上十点，学生们排起了长队。",
    "气象台预计周末有小雨，出门请带伞。",
    "新开的茶园邀请市民参加采摘，名额只有一百个。",
    "渡轮公司公布了夏季时刻表，末班船延后半小时。",
)


def text(number: int, sentences: int = 8) -> str:
    """An invented text, different for each number."""
    return "\n\n".join(
        f"第{number}号消息第{line}段：{SENTENCES[(number * 7 + line) % len(SENTENCES)]}"
        for line in range(sentences)
    )


def picture(number: int, *, size: int = 2000) -> Picture:
    """A picture with bytes of its own; the archive takes them as they are."""
    content = (f"jpeg {number} ".encode() * (size // 6 + 1))[:size]
    url = f"https://inews.gtimg.com/om_bt/picture{number}/641"
    return Picture(url=url, content=content, extension="jpg", width=640, height=480)


def article(
    number: int, *, body: str | None = None, pictures: tuple[Picture, ...] = (), **facts: Any
) -> Article:
    """An invented article.  Its id carries its number, its text its pictures."""
    id = facts.pop("id", f"20260207A{number:05}00")
    body = text(number) if body is None else body
    for one in pictures:
        body += f"\n\n![]({one.url})"
    return Article(
        id=id,
        url=f"https://news.qq.com/rain/a/{id}",
        title=facts.pop("title", f"湖城第{number}号消息"),
        markdown=body,
        images=tuple(Image(url=p.url, renditions=(p.url,), key=p.url) for p in pictures),
        published=datetime(2026, 2, 7, 8, 0, 0, tzinfo=BEIJING) + timedelta(minutes=number),
        **{"outlet": "湖城日报", "tags": ("湖城", "春天"), "layout": "rain", **facts},
    )


def capture(
    of: Article | str, *, minutes: float = 0, status: int = 200, body: bytes | None = None
) -> Capture:
    """The answer that an article was read from, so many minutes after `START`."""
    url = of if isinstance(of, str) else of.url
    page = "" if isinstance(of, str) else f"<html><h1>{of.title}</h1>{of.markdown}</html>"
    return Capture(
        url=url,
        asked=url,
        at=START + timedelta(minutes=minutes),
        body=page.encode() if body is None else body,
        status=status,
        headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("ETag", '"a1"'),
        ),
        request_headers=(("Host", "news.qq.com"), ("User-Agent", "qqnews")),
    )


def open_archive(root: Path, **settings: Any) -> Archive:
    """An archive, made when it is not there; without a floor of free space, as test disks are small."""
    if not root.exists():
        Archive.create(root)
    return Archive.open(root, **{"floor": 0, **settings})


def eventful(root: Path) -> None:
    """An archive to which everything has happened that can happen to one."""
    one, two, three = picture(1), picture(2), picture(3)
    with open_archive(root) as archive:
        first = article(1, pictures=(one, two))
        archive.keep(
            first,
            capture=capture(first),
            charset="utf-8",
            rule="rain: originContent.text",
            addresses=("https://view.inews.qq.com/a/20260207A0000100",),
            pictures={one.url: one},
            missing={two.url: "404"},
        )
        archive.keep(first, capture=capture(first, minutes=5))
        second = article(1, body=text(91), pictures=(one, three))
        archive.keep(
            second, capture=capture(second, minutes=10), pictures={one.url: one, three.url: three}
        )
        short = article(1, body="第一号消息：没有了。")
        archive.keep(short, capture=capture(short, minutes=20))
        back = article(1, body=text(92), title="湖城第1号消息（更正）")
        archive.keep(back, capture=capture(back, minutes=30))

        reprint = article(2, body=text(92), outlet="山城晚报", title="湖城要闻")
        archive.keep(reprint, capture=capture(reprint, minutes=40))

        gone = article(3, pictures=(three,), addresses=("https://new.qq.com/omn/20260207A0000300",))
        archive.keep(gone, capture=capture(gone, minutes=50), pictures={three.url: three})
        for minute in (60, 200):
            answer = capture(gone, minutes=minute, status=302, body=b"")
            archive.note(
                id=gone.id,
                address=gone.url,
                state=State.GONE,
                rule="redirect to babygohome",
                capture=answer,
            )
        archive.note(
            id=gone.id,
            address=gone.url,
            state=State.BLOCKED,
            rule="HTTP 567",
            capture=capture(gone, minutes=210, status=567, body=b"blocked"),
        )
        archive.seen(gone.id, capture=capture(gone, minutes=300, status=304, body=b""))

        never = article(4)
        archive.note(
            id=never.id,
            address=never.url,
            state=State.VIOLATION,
            rule="notice",
            capture=capture(never, minutes=310, body="此内容因违规无法查看".encode()),
        )
        archive.remember("wx-AbCdEf", ["https://mp.weixin.qq.com/s/AbCdEf"])

        late = article(5, pictures=(two,))
        archive.keep(late, capture=capture(late, minutes=320), missing={two.url: "timeout"})
        archive.add_pictures(late.id, pictures={two.url: two})
        broken = article(5, body="第五号消息：加载中。")
        archive.keep(broken, capture=capture(broken, minutes=330))
        archive.suspects.dismiss(late.id, 2)
        shortened = article(5, body="第五号消息：全文已由作者撤回。", pictures=(two,))
        answer = capture(shortened, minutes=340)
        archive.keep(shortened, capture=answer, pictures={two.url: two})
        archive.suspects.accept(late.id, 3)
        archive.rereading.keep(
            replace(shortened, author="白露"),
            captured=answer.at,
            capture=archive.database.execute(
                "select capture from revisions where article = ? and number = 4", (late.id,)
            ).fetchone()[0],
            pictures={two.url: two},
        )


_TABLES = {
    "articles": "select * from articles order by id",
    "article_tags": "select * from article_tags order by 1, 2",
    "revisions": "select * from revisions order by article, number",
    "images": "select * from images order by sha256",
    "article_images": "select * from article_images order by 1, 2, 3",
    "captures": "select * from captures order by record",
    "aliases": "select * from aliases order by url",
    "tombstones": "select * from tombstones order by id",
    "dismissed": "select * from dismissed order by 1, 2",
    "warc_files": "select * from warc_files order by path",
    "near_pairs": "select * from near_pairs order by 1, 2",
    "near_groups": "select * from near_groups order by 1",
    "texts": "select * from texts order by id",
}


def dump(root: Path) -> dict[str, list[dict[str, Any]]]:
    """Every fact of the index, without the numbers that SQLite gives to rows."""
    db = sqlite3.connect(f"file:{root / 'qqnews.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return {
            table: [
                {k: v for k, v in dict(row).items() if k != "key"} for row in db.execute(select)
            ]
            for table, select in _TABLES.items()
        }
    finally:
        db.close()


def files(root: Path) -> dict[str, bytes]:
    """Every file of the archive but its index, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(("qqnews.db", ".lock"))
    }


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A child process, its output kept."""
    return subprocess.run(command, capture_output=True, check=False, **options)
