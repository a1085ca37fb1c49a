"""`qqnews import` of a web archive, which is what Safari saves a page as."""

import plistlib
from pathlib import Path
from typing import Any

import pytest

from scraper.demo.drawings import drawing
from scraper.demo.stories import BRIDGE_PHOTO
from tests.cli.conftest import Kept, Run, objects

ADDRESS = "https://mp.weixin.qq.com/s/DuKouDeZhong-madeUp01"
PICTURE = "https://mmbiz.qpic.cn/mmbiz_jpg/WebArchiveTokenMadeUp0001/640?wx_fmt=jpeg"
PAGE = f"""<!DOCTYPE html><html><head><title>渡口的钟</title></head><body><h1 id="activity-name">渡口的钟</h1>
<div id="js_content"><p>渡口的钟每天慢四分钟，摆渡人照着它开船，岸上的人照着船对表。</p>
<p><img data-src="{PICTURE}" src="{PICTURE}&amp;tp=webp"></p></div></body></html>"""


def photo() -> bytes:
    drawn = drawing(BRIDGE_PHOTO, "641")
    assert drawn is not None
    return drawn[1]


def resource(data: bytes, mime: str, url: str, **more: str) -> dict[str, Any]:
    return {"WebResourceData": data, "WebResourceMIMEType": mime, "WebResourceURL": url, **more}


def archive(
    page: bytes = PAGE.encode(), charset: str = "UTF-8", url: str = ADDRESS, **more: Any
) -> bytes:
    held = {
        "WebMainResource": resource(page, "text/html", url, WebResourceTextEncodingName=charset),
        "WebSubresources": [
            resource(b"p{}", "text/css", "https://res.wx.qq.com/a.css"),
            resource(photo(), "image/jpeg", f"{PICTURE}&tp=webp"),
        ],
        "WebSubframeArchives": [],
    }
    return plistlib.dumps({**held, **more}, fmt=plistlib.FMT_BINARY)


@pytest.mark.parametrize("charset", ["UTF-8", "GBK"])
def test_a_page_is_kept_with_the_address_and_the_pictures_that_safari_saved(
    charset: str, qqnews: Run, folder: Path, kept: Kept
) -> None:
    (folder / "渡口的钟.webarchive").write_bytes(archive(PAGE.encode(charset), charset))

    found, _ = objects(qqnews("import", "渡口的钟.webarchive").out)

    assert (found["verdict"], found["images"], found["missing"]) == ("new", 1, 0)
    assert found["url"] == ADDRESS
    assert "渡口的钟每天慢四分钟" in kept.text(found["id"])
    assert qqnews("verify", "--read-data").code == 0


def test_one_without_an_address_is_given_it(qqnews: Run, folder: Path) -> None:
    (folder / "page.webarchive").write_bytes(archive(url="about:blank"))

    found, _ = objects(qqnews("import", "page.webarchive", "--url", ADDRESS).out)

    assert (found["verdict"], found["url"]) == ("new", ADDRESS)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (archive(WebMainResource={}), "a web archive without a page in it"),
        (archive(WebMainResource=[1]), "a web archive without a page in it"),
        (archive()[:-40], "a damaged web archive"),
        (b"bplist00" + b"\xff" * 60, "a damaged web archive"),
        (plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), "a web archive without a page in it"),
    ],
    ids=["without a page", "of a list", "cut short", "of noise", "of something else"],
)
def test_what_is_no_whole_web_archive_is_said_to_be_that(
    content: bytes, why: str, qqnews: Run, folder: Path
) -> None:
    (folder / "page.webarchive").write_bytes(content)

    ended = qqnews("import", "page.webarchive")

    assert ended.code != 0
    assert why in ended.out + ended.err
    assert "Traceback" not in ended.err


def test_resources_of_any_shape_take_no_page_with_them(qqnews: Run, folder: Path) -> None:
    odd = [
        7,
        {},
        resource(b"x", "image/png", "http://["),
        {"WebResourceData": "text"},
        None is None,
    ]
    (folder / "page.webarchive").write_bytes(archive(WebSubresources=odd))

    found, _ = objects(qqnews("import", "page.webarchive").out)

    assert (found["verdict"], found["missing"]) == ("new", 1)
