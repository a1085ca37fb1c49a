"""Pages out of files: what a file is, told by its bytes."""

import gzip
import io
import os
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import brotli
import pytest

from scraper.errors import Refused
from scraper.saved import files, pages


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\xff\xd8\xff\xe0 picture", "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04zip", "a damaged ZIP archive"),
        (_zipped({"archive/readme.txt": b"x", "page.warc": b"x"}), "because it is a ZIP archive"),
        (_zipped({"archive/a.warc": b"WARC/1.0\r\nbroken"}), "a WARC file without a page in it"),
        (b'{"a": 1}', "JSON"),
        (b'[{"html": "<p>x</p>"}]', "JSON"),
        (b"just words", "plain text"),
        (b"\x00\x01\x02", "binary"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "a feed or a sitemap"),
        (b"<?xml version='1.0'?>\n<!--\nmade by hand\n-->\n<rss>", "a feed or a sitemap"),
        (b"<?xml version='1.0'?><?xml-stylesheet href='a.css'?><feed>", "a feed or a sitemap"),
        (b"<!-- one --><!-- two --><rdf:RDF>", "a feed or a sitemap"),
        (b'---\ntitle: "x"\n---\n', "Markdown with front matter"),
        (
            b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>",
            "bookmarks of a browser",
        ),
        (gzip.compress(b"%PDF-1.7", mtime=0), "a PDF"),
        (gzip.compress(b"<html>" * 999, mtime=0)[:40], "a damaged gzip file"),
        (b"WARC/1.0\r\nbroken", "a WARC file without a page in it"),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n",
            "an MHTML file without",
        ),
    ],
)
def test_a_file_that_holds_no_page_is_told_for_what_it_is(
    content: bytes, what: str, tmp_path: Path
) -> None:
    (tmp_path / "file.html").write_bytes(content)

    with pytest.raises(Refused, match=what):
        list(pages(tmp_path / "file.html"))


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><title>x</title>",
        b"\xef\xbb\xbf<html>",
        "<p>中</p>".encode("gb18030"),
        "<html>中".encode("utf-16"),
        b"<!-- a comment first --><div>x</div>",
        gzip.compress(b"<html>", mtime=0),
    ],
)
def test_a_page_is_a_page_however_it_is_written(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "no-extension").write_bytes(content)

    (saved,) = pages(tmp_path / "no-extension")

    assert saved.page.origin == "file"
    assert saved.page.url.startswith("file://")
    assert not saved.page.body.startswith(b"\x1f\x8b")


@pytest.mark.parametrize(
    "comment",
    [
        b"<!-- saved from url=(0046)https://news.qq.com/rain/a/20261120A05LKQ00 -->",
        b"<!--\n Page saved with SingleFile \n url: https://news.qq.com/rain/a/20261120A05LKQ00 \n-->",
        b"<!-- Saved from https://news.qq.com/rain/a/20261120A05LKQ00 at 2026-11-20T10:00:00Z using monolith v2 -->",
        b'<meta name="savepage-url" content="https://news.qq.com/rain/a/20261120A05LKQ00">',
    ],
)
def test_the_address_a_browser_wrote_into_the_page_is_read(comment: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(comment + b"<html>")

    (saved,) = pages(tmp_path / "page.html")

    assert saved.page.url == "https://news.qq.com/rain/a/20261120A05LKQ00"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        (
            b"<!--\n Page saved with SingleFile \n url: https://news.qq.com/ \n saved date: Mon May 13 2024 10:00:09"
            b" GMT+0800 (China Standard Time)\n-->",
            "2024-05-13T10:00:09+08:00",
        ),
        (
            b"<!-- Saved from https://news.qq.com/ at 2026-11-20T10:00:00Z using monolith v2.8.3 -->",
            "2026-11-20T10:00:00+00:00",
        ),
        (
            b'<p id="savepage-x"></p><meta name="savepage-date" content="Thu Mar 14 2024 01:03:06 GMT+0200 (EET)">',
            "2024-03-14T01:03:06+02:00",
        ),
        (b"<!--\n saved date: Mon Foo 13 2024 10:00:09 GMT+0800\n-->", "2020-01-02T03:04:05+00:00"),
        (
            b"<!--\n saved date: Mon Jan 01 9999 10:00:09 GMT+0800\n-->",
            "2020-01-02T03:04:05+00:00",
        ),
        (
            b"<!--\n saved date: Mon Jan 01 0001 10:00:09 GMT+1400\n-->",
            "2020-01-02T03:04:05+00:00",
        ),
        (b"<!-- nothing -->", "2020-01-02T03:04:05+00:00"),
    ],
    ids=[
        "SingleFile",
        "monolith",
        "Save Page WE",
        "no month",
        "to come",
        "before the web",
        "the file's own",
    ],
)
def test_when_a_page_was_saved_is_what_it_says_before_what_its_file_says(
    written: bytes, at: str, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(written + b"<html>")
    os.utime(file, (1577934245, 1577934245))

    (saved,) = pages(file)

    assert saved.page.at.isoformat() == at


@pytest.mark.parametrize(
    "date",
    [
        "1 Jan 99999999999999999999 00:00:00 +0000",
        "Mon, 1 Jan 2024 00:00:00 +99999999999999999",
        "Mon, 1 Jan 0101 00:00:00 +0000",
    ],
    ids=["no year", "no zone", "before the web"],
)
def test_a_date_that_cannot_be_does_not_stop_an_mhtml_file_from_being_read(
    date: str, tmp_path: Path
) -> None:
    file = tmp_path / "page.mhtml"
    file.write_text(
        f"From: <Saved by Blink>\nDate: {date}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="b"\n\n'
        "--b\nContent-Type: text/html\n\n<html><p>x</p>\n--b--\n"
    )
    os.utime(file, (1577934245, 1577934245))

    (saved,) = pages(file)

    assert saved.page.at.isoformat() == "2020-01-02T03:04:05+00:00"


def test_folders_are_walked_in_order_and_hidden_files_passed_over(tmp_path: Path) -> None:
    for name in ("b.html", "a.html", "sub/c.html", ".hidden.html", ".git/d.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")

    names = [path.relative_to(tmp_path).as_posix() for path in files(tmp_path)]

    assert names == ["a.html", "b.html", "sub/c.html"]


_PAGE = (
    b"<html><head><title>x</title></head><body><p>" + "石桥".encode() * 400 + b"</p></body></html>"
)


def _chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 300] for at in range(0, len(body), 300)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


_ENCODED = [
    ("", _PAGE),
    ("Content-Encoding: gzip\r\n", gzip.compress(_PAGE, mtime=0)),
    (
        "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        _chunked(gzip.compress(_PAGE, mtime=0)),
    ),
    ("Content-Encoding: deflate\r\n", zlib.compress(_PAGE)),
    ("Content-Encoding: deflate\r\n", _raw_deflate(_PAGE)),
    ("Content-Encoding: br\r\n", brotli.compress(_PAGE)),
    # As tools that record inside a browser write them: the headers that came, over a body already decoded.
    ("Content-Encoding: gzip\r\n", _PAGE),
    ("Content-Encoding: deflate\r\n", _PAGE),
    ("Content-Encoding: br\r\n", _PAGE),
    ("Transfer-Encoding: chunked\r\n", _PAGE),
    ("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", gzip.compress(_PAGE, mtime=0)),
]


def _recorded(number: int, headers: str, body: bytes) -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    record = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.qq.com/rain/a/{number}\r\n"
        f"WARC-Date: 2026-11-20T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    ).encode()
    return gzip.compress(record + answer + b"\r\n\r\n", mtime=0)


def test_every_page_of_a_warc_is_read_however_its_body_was_stored(tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(b"".join(_recorded(n, *encoded) for n, encoded in enumerate(_ENCODED)))
    assert [found.page.body for found in pages(file)] == [_PAGE] * len(_ENCODED)


def test_a_warc_cut_short_gives_its_whole_pages_and_then_says_so(tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(b"".join(_recorded(n, "", _PAGE) for n in range(3))[:-60])
    found: list[str] = []
    with pytest.raises(Refused, match="cut short"):
        found.extend(saved.page.url[-1] for saved in pages(file))
    assert found == ["0", "1"]


def test_a_web_archive_gives_the_pages_of_all_its_warc_files_in_order(tmp_path: Path) -> None:
    files = {
        "datapackage.json": b"{}",
        "archive/b.warc.gz": _recorded(2, "", _PAGE),
        "archive/a.warc.gz": _recorded(1, "", _PAGE),
        "pages/pages.jsonl": b"{}",
    }
    (tmp_path / "crawl.wacz").write_bytes(_zipped(files))

    assert [found.page.url[-1] for found in pages(tmp_path / "crawl.wacz")] == ["1", "2"]


def test_a_web_archive_of_which_one_file_is_damaged_gives_the_pages_of_all(tmp_path: Path) -> None:
    torn = b"".join(_recorded(n, "", _PAGE) for n in range(2))[:-60]
    files = {"archive/a.warc.gz": torn, "archive/b.warc.gz": _recorded(2, "", _PAGE)}
    (tmp_path / "crawl.wacz").write_bytes(_zipped(files))
    found: list[str] = []

    with pytest.raises(Refused, match="cut short"):
        found.extend(saved.page.url[-1] for saved in pages(tmp_path / "crawl.wacz"))

    assert found == ["0", "2"]


def test_of_several_sizes_of_a_saved_picture_the_largest_is_kept(tmp_path: Path) -> None:
    stem = "https://mmbiz.qpic.cn/mmbiz_jpg/SavedTokenMadeUpForTest01"
    message = EmailMessage()
    message.set_content("<p>x</p>", subtype="html")
    message.make_related()
    shown = f"https://web.archive.org/web/20190102030405im_/{stem}/640?wx_fmt=jpeg&tp=webp"
    for address, body in ((f"{stem}/300", b"ab"), (shown, b"abcd"), (f"{stem}/0", b"abc")):
        headers = [f"Content-Location: {address}"]
        message.add_related(body, "image", "jpeg", headers=headers)
    (tmp_path / "page.mhtml").write_bytes(b"From: x\n" + message.as_bytes())

    (found,) = pages(tmp_path / "page.mhtml")

    kept = found.pictures.get("SavedTokenMadeUpForTest01")
    assert kept is not None
    assert kept.body == b"abcd"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "page.html")
    with pytest.raises(Refused, match="not a file"):
        list(pages(tmp_path / "page.html"))
