"""A page with its pictures in it is read as one that shows them from where they were."""

import base64
import time
from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from scraper.inlined import inlined, outside

SIGN = b"<!--\n Page saved with SingleFile \n url: https://news.qq.com/ -->"
CONTENT = base64.b64encode(bytes(range(256)) * 3)


def capture(body: bytes) -> Capture:
    return Capture(url="file:///page.html", at=datetime.now(UTC), body=body, origin="file")


def test_a_page_that_no_such_program_made_stays_as_it_is() -> None:
    page = capture(b'<p>SingleFile</p><img src="data:image/png;base64,' + CONTENT + b'">')

    assert outside(page) is page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<img src="%s">', b'<img src="urn:sha256:'),
        (b"<IMG data-src=//a.b/c.jpg src=%s>", b"<IMG data-src=//a.b/c.jpg src=//a.b/c.jpg>"),
        (b"<img src='%s' data-sf-original-src='//a.b/c.jpg'>", b"<img src='//a.b/c.jpg' data-sf-"),
        (b'<img data-src="placeholder" src="%s">', b'<img data-src="placeholder" src="urn:'),
        (b'<img data-src="//a.b/c.jpg"><b style="background:url(%s)">', b"background:url(urn:sha256:"),
        (b"<p>a &lt; b <a data-src=//a.b/c.jpg href=%s>", b"href=urn:sha256:"),
    ],
    ids=["no address", "late", "kept by SingleFile", "no address but a word", "in a style", "no picture's element"],
)  # fmt: skip
def test_where_a_picture_stood_is_its_address_or_the_name_of_its_bytes(
    before: bytes, after: bytes
) -> None:
    body = SIGN + before.replace(b"%s", b"data:image/webp;base64," + CONTENT)

    assert after in outside(capture(body)).body
    assert CONTENT not in outside(capture(body)).body


def test_a_picture_that_stands_on_a_page_twice_is_taken_out_of_the_style_sheet() -> None:
    style = b'<style>:root{--sf-img-1:url("data:image/png;base64,%s")}</style>' % CONTENT
    drawn = b'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="9"><rect fill-opacity="0"/></svg>'
    shown = b"<img src='%s' style=\"background-image:var(--sf-img-1)!important\">" % drawn
    other = b"<img src='%s'><p style=\"background-image:var(--sf-img-1)\"><img src=''>" % drawn

    made = outside(capture(SIGN + style + shown + other + b"var(--sf-img-2)")).body

    name = inlined(SIGN + style)[0].address
    assert made.count(b"<img src='" + name) == 1
    assert made.count(drawn) == 1


def test_what_save_page_we_left_away_is_shown_from_where_it_was() -> None:
    page = b'<link data-savepage-href="/a.css"><img data-savepage-src="/a.jpg" src="">'

    assert outside(capture(page)).body.endswith(b'<img data-savepage-src="/a.jpg" src="/a.jpg">')


def test_what_is_no_picture_goes_and_what_is_no_base64_stays() -> None:
    font = b"url(data:application/font-woff;charset=utf-8;base64," + CONTENT + b")"
    drawn, spacer = b'"data:image/svg+xml,<svg/>"', b'"data:image/gif;base64,R0lGODlhAQABAAAAACw="'
    torn = b'"data:image/png;base64,' + CONTENT + b'a"'

    made = outside(capture(SIGN + font + drawn + spacer + torn)).body

    assert made == SIGN + b"url(data:,)" + drawn + spacer + torn


def test_a_page_of_nothing_but_beginnings_is_read_in_no_time() -> None:
    variable = b"--sf-img-1:url(data:image/png;base64," + CONTENT + b")<img "
    pieces = (
        b"data:image/png;base64,", b"<img data-src=", b"data:image/png;a=b;", b"<img ", b"data:font/x;base64,AAAA",
        b"var(--sf-img-1)", b"data:image/svg+xml,<svg", b' data-savepage-src="', b"data:image/png;base64," + CONTENT,
    )  # fmt: skip
    for piece in pieces:
        page = SIGN + variable + piece * (2_000_000 // len(piece)) + b"var(--sf-img-1)" * 2_000
        start = time.process_time()

        inlined(page)

        assert time.process_time() - start < 5, piece
