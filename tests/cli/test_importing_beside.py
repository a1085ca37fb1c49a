"""`qqnews import` of a page that a browser saved with its pictures in a folder beside it."""

from pathlib import Path

import pytest

from scraper.demo.drawings import drawing
from scraper.demo.stories import BRIDGE_PHOTO
from tests.cli.conftest import Kept, Run, objects

STATIC = """<!DOCTYPE html>
<!-- saved from url=(0042)http://news.qq.com/a/20140308/004512.htm -->
<html><head><meta charset="utf-8"><title>渡口的钟_新闻_腾讯网</title></head><body>
<div id="C-Main-Article-QQ"><div class="hd"><h1>渡口的钟</h1></div><div id="Cnt-Main-Article-QQ">
<p>渡口的钟每天慢四分钟，摆渡人照着它开船，岸上的人照着船对表。</p>
<p><img src="{there}"></p></div></div></body></html>"""
WECHAT = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>渡口的钟</title></head><body><h1 id="activity-name">渡口的钟</h1>
<div id="js_content"><p>渡口的钟每天慢四分钟，摆渡人照着它开船，岸上的人照着船对表。</p>
<p><img data-type="jpeg" data-src="https://mmbiz.qpic.cn/mmbiz_jpg/BesideTokenMadeUpForTest1/640?wx_fmt=jpeg"
 src="{there}"></p></div></body></html>"""


def photo() -> bytes:
    drawn = drawing(BRIDGE_PHOTO, "641")
    assert drawn is not None
    return drawn[1]


@pytest.mark.parametrize("page", [STATIC, WECHAT], ids=["at once", "loaded late"])
@pytest.mark.parametrize(
    "there", ["./渡口_files/640(1).jpg", "%E6%B8%A1%E5%8F%A3_files/640(1).jpg"]
)
def test_a_picture_in_the_folder_beside_a_page_is_the_pages(
    page: str, there: str, qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "渡口.html").write_text(page.format(there=there), "utf-8")
    (folder / "渡口_files").mkdir()
    (folder / "渡口_files" / "640(1).jpg").write_bytes(photo())

    found, _ = objects(qqnews("import", "渡口.html").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 1, 0)
    assert "](../../../images/" in kept.text(found["id"])


@pytest.mark.parametrize(
    "there", ["./渡口_files/../other.jpg", "./渡口_files/..%2Fother.jpg", "./other.jpg", "./渡口_files/"]
)  # fmt: skip
def test_no_other_file_is_taken_for_a_picture(there: str, qqnews: Run, folder: Path) -> None:
    (folder / "渡口.html").write_text(STATIC.format(there=there), "utf-8")
    (folder / "渡口_files").mkdir()
    (folder / "other.jpg").write_bytes(photo())

    found, _ = objects(qqnews("import", "渡口.html").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 0, 1)


@pytest.mark.parametrize(
    "name", ["钟" * 83 + "ab.htm", "钟" * 85], ids=["folder too long", "no ending"]
)
def test_a_page_whose_name_leaves_no_room_for_a_folders_is_kept(
    name: str, qqnews: Run, folder: Path
) -> None:
    (folder / name).write_text(STATIC.format(there="./x.jpg"), "utf-8")

    found, _ = objects(qqnews("import", name).out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 0, 1)
