"""An old article on several pages, in the form of 2009: each page of it, and all of them saved by a browser."""

import os
from pathlib import Path

from archive.reader import Reader
from scraper import saved as files
from scraper.pipeline.outcome import Result
from scraper.pipeline.saved import keep_saved
from tests.scraper.pipeline.test_saved import offline
from tests.scraper.site import Bench

ADDRESS = "https://news.qq.com/a/20090401/001492.htm"
ID = "NEW2009040100149200"
GBK = "text/html; charset=gb2312"
SAID = (
    "一座石桥的八十年，要从一场大水说起，那年的桥还是木头的。",
    "石匠从山里来，住了整整两个冬天，凿下的碎石铺满了河滩。",
    "如今桥上过的是孩子，他们只知道夏天可以从第三个桥洞跳下去。",
)


def at(page: int) -> str:
    return ADDRESS.replace(".htm", f"_{page}.htm") if page else ADDRESS


def html(page: int, said: str = "", *, more: str = "") -> bytes:
    """A page in the form of 2009, with links to the others; `more` stands among these."""
    links = "".join(
        f"<span>{n + 1}</span>" if n == page else f'<a href="{at(n)[19:]}">{n + 1}</a>'
        for n in range(len(SAID))
    )
    return f"""<html><head><title>一座石桥的八十年_新闻_腾讯网</title></head><body>
<div id="cntL"><div id="ArticleTit">一座石桥的八十年</div><div id="ArtFrom">2009年04月01日11:30</div>
<div id="ArticleCnt"><p>{said or SAID[page]}</p>
<div id="ArtPLink"><div id="ArticlePageLinkB">{links}{more}</div></div></div></div></body></html>""".encode(
        "gbk"
    )


def body_of(root: Path) -> str:
    with Reader.open(root) as reader:
        return reader.whole(reader.show(ID)).markdown


def imported(
    bench: Bench,
    root: Path,
    folder: Path,
    pages: tuple[int, ...],
    *,
    newest: int = 0,
    step: int = 0,
) -> list[Result]:
    """These pages, saved by a browser under the names they have on the site, brought one after the other.

    newest: the page that was saved last; the others were that many seconds earlier, `step` for each page between.
    """
    folder.mkdir(exist_ok=True)

    async def story() -> None:
        async with offline(bench, root) as collector:
            for page in pages:
                path = folder / at(page).rpartition("/")[2]
                head = f"<!-- saved from url=(0041){at(page)} -->\n".encode()
                path.write_bytes(head + html(page))
                if step:
                    saved = 1_600_000_000 - step * abs(newest - page)
                    os.utime(path, (saved, saved))
                (one,) = files.pages(path)
                results.append((await keep_saved(collector, one)).result)

    results: list[Result] = []
    bench.run(story)
    return results


def dump(root: Path) -> list[str]:
    """What the index says of the article as a whole."""
    with Reader.open(root) as reader:
        (row,) = reader.sql("select state, rule, checked, revision, title from articles").rows
    return [str(value) for value in row]
