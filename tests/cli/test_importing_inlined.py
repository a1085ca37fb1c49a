"""`qqnews import` of a page into which a program put its pictures: SingleFile, monolith, Save Page WE."""

import base64
import hashlib
from pathlib import Path

import pytest

from scraper.demo.drawings import drawing
from scraper.demo.stories import BRIDGE_PHOTO
from tests.cli.conftest import Kept, Run, objects

ADDRESS = "http://news.qq.com/a/20140308/004512.htm"
SINGLEFILE = f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n saved date: Sun Mar 09 2014 10:00:00\n-->"
MONOLITH = f"<!-- Saved from {ADDRESS} at 2026-03-01T10:00:00Z using monolith v2.8.3 -->"
SAVE_PAGE_WE = (
    f'<style id="savepage-cssvariables">{"p{margin:0}" * 9000}</style>'
    f'<meta name="savepage-url" content="{ADDRESS}">'
)
STATIC = """<!DOCTYPE html><html>{sign}<head><meta charset="utf-8"><title>渡口的钟_新闻_腾讯网</title>
<style>@font-face{{src:url(data:font/woff2;base64,{font})}}</style></head><body>
<div id="C-Main-Article-QQ"><div class="hd"><h1>渡口的钟</h1></div><div id="Cnt-Main-Article-QQ">
<p>渡口的钟每天慢四分钟，摆渡人照着它开船，岸上的人照着船对表。</p>
<p><img {picture}></p></div></div></body></html>"""
WECHAT = """<!DOCTYPE html><html>{sign}<head><meta charset="utf-8"><title>渡口的钟</title></head><body>
<h1 id="activity-name">渡口的钟</h1><div id="js_content">
<p>渡口的钟每天慢四分钟，摆渡人照着它开船，岸上的人照着船对表。</p><p><img {picture}></p></div></body></html>"""
TOKEN = "https://mmbiz.qpic.cn/mmbiz_jpg/InsideTokenMadeUpForTest1/640?wx_fmt=jpeg"


def photo() -> bytes:
    drawn = drawing(BRIDGE_PHOTO, "641")
    assert drawn is not None
    return drawn[1]


def put_in(content: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(content).decode()


def page(shape: str, picture: str, sign: str = SINGLEFILE, font: str = "") -> str:
    return shape.format(sign=sign, picture=picture, font=font)


@pytest.mark.parametrize("shape", [STATIC, WECHAT], ids=["static", "wechat"])
@pytest.mark.parametrize(
    "sign", [SINGLEFILE, MONOLITH, SAVE_PAGE_WE], ids=["SingleFile", "monolith", "Save Page WE"]
)
def test_a_picture_in_a_page_is_the_pages_though_nothing_tells_its_address(
    shape: str, sign: str, qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "page.html").write_text(page(shape, f"src={put_in(photo())} alt=钟", sign), "utf-8")

    found, _ = objects(qqnews("import", "page.html").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 1, 0)
    assert found["url"] == "https://news.qq.com/a/20140308/004512.htm"
    digest = hashlib.sha256(photo()).hexdigest()
    assert f"![钟](../../../images/{digest[:2]}/{digest}.jpg)" in kept.text(found["id"])
    assert f"urn:sha256:{digest}" in kept.text(found["id"])
    assert qqnews("verify", "--read-data").code == 0


@pytest.mark.parametrize(
    ("shape", "attributes", "address"),
    [
        (WECHAT, f'data-src="{TOKEN}" src="%s"', TOKEN),
        (WECHAT, f"src=%s data-src={TOKEN}", TOKEN),
        (STATIC, 'src="%s" data-savepage-src="//img1.gtimg.com/news/pics/a.jpg"', "//img1.gtimg.com/news/pics/a.jpg"),
    ],
    ids=["wechat", "wechat without quotes", "kept by Save Page WE"],
)  # fmt: skip
def test_a_picture_in_a_page_keeps_the_address_that_stands_beside_it(
    shape: str, attributes: str, address: str, qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "page.html").write_text(page(shape, attributes % put_in(photo())), "utf-8")

    found, _ = objects(qqnews("import", "page.html").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 1, 0)
    assert address in kept.text(found["id"])
    assert "urn:sha256:" not in kept.text(found["id"])


def test_a_page_is_not_too_large_for_what_was_put_into_it(qqnews: Run, folder: Path) -> None:
    font = base64.b64encode(b"\0" * 5_000_000).decode()
    (folder / "page.html").write_text(page(STATIC, f"src={put_in(photo())}", font=font), "utf-8")

    found, _ = objects(qqnews("import", "page.html").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 1, 0)


def test_what_is_known_of_a_picture_in_a_page_outlasts_every_reading(
    qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "page.html").write_text(page(STATIC, f"src={put_in(photo())}"), "utf-8")
    found, _ = objects(qqnews("import", "page.html").out)
    before = kept.text(found["id"])

    again, _ = objects(qqnews("import", "page.html").out)
    reread = qqnews("reextract")
    assert qqnews("rebuild").code == 0

    assert (again["verdict"], again["missing"]) == ("same", 0)
    assert "1 same" in reread.out + reread.err
    assert kept.text(found["id"]) == before
    assert qqnews("verify", "--read-data").code == 0


def test_a_picture_that_was_damaged_in_the_page_is_told_as_missing(
    qqnews: Run, folder: Path
) -> None:
    torn = photo()[: len(photo()) // 2]
    (folder / "page.html").write_text(page(STATIC, f"src={put_in(torn)}"), "utf-8")

    found, _ = objects(qqnews("import", "page.html").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 0, 1)


def test_captures_of_such_pages_bring_their_pictures_into_another_archive(
    qqnews: Run, folder: Path
) -> None:
    (folder / "page.html").write_text(page(STATIC, f"src={put_in(photo())}"), "utf-8")
    qqnews("import", "page.html", "--archive", "first")

    found, _ = objects(qqnews("import", "first/captures", "--archive", "second").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 1, 0)
