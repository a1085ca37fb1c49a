"""One picture, many addresses: the grammar of the picture hosts."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.article import Image
from scraper.layouts.embedded import inserts, player
from scraper.layouts.renditions import key_of, picture, shown, web

STILL = "OAbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcdefAA"
MOVING = "G" + STILL[1:]


@pytest.mark.parametrize(
    ("address", "best"),
    [
        (f"https://inews.gtimg.com/om_bt/{STILL}/641", f"https://inews.gtimg.com/om_bt/{STILL}/0"),
        (f"//inews.gtimg.com/news_bt/{STILL}/1000", f"https://inews.gtimg.com/news_bt/{STILL}/0"),
        (f"http://inews.gtimg.com/om_bt/{STILL}", f"https://inews.gtimg.com/om_bt/{STILL}/0"),
        (f"https://inews.gtimg.com/om_ls/{STILL}_640330/0", f"https://inews.gtimg.com/om_ls/{STILL}/0"),
        (f"https://inews.gtimg.com/om_bt/{STILL}_181x181s/0", f"https://inews.gtimg.com/om_bt/{STILL}/0"),
        (f"https://inews.gtimg.com/om_bt/{MOVING}/0", f"https://inews.gtimg.com/om_bt/{MOVING}/0"),
        ("//inews.gtimg.com/newsapp_bt/0/12844449145/1000", "https://inews.gtimg.com/newsapp_match/0/12844449145/0"),
        ("https://inews.gtimg.com/newsapp_bt/0/0618200405157_4887/0", "https://inews.gtimg.com/newsapp_bt/0/0618200405157_4887/0"),
        ("http://inews.gtimg.com/newsapp_ls/0/2374943709_640480/0", "https://inews.gtimg.com/newsapp_ls/0/2374943709/0"),
        ("http://img1.gtimg.com/news/pics/hv1/1/2/3/100_328x231.jpg", "https://img1.gtimg.com/news/pics/hv1/1/2/3/100.jpg"),
        ("http://img1.gtimg.com/news/pics/hv1/1/2/3/100.jpg", "https://img1.gtimg.com/news/pics/hv1/1/2/3/100.jpg"),
        ("https://elsewhere.example/a.jpg?id=7", "https://elsewhere.example/a.jpg?id=7"),
    ],
)  # fmt: skip
def test_the_original_comes_first_and_what_the_page_shows_stays(address: str, best: str) -> None:
    found = picture(address)

    assert found
    assert found.renditions[0] == best
    assert found.url == web(address)
    assert found.url in found.renditions


def test_all_renditions_of_a_picture_have_one_key() -> None:
    sizes = [
        f"https://inews.gtimg.com/om_bt/{STILL}{tail}"
        for tail in ("/641", "/1000", "/0", "", "_181x181s/0", "_640330/0")
    ]

    assert {key_of(address) for address in sizes} == {STILL}
    assert key_of("https://inews.gtimg.com/newsapp_bt/0/12844449145/1000") == "12844449145"
    assert key_of("https://elsewhere.example/p?id=7") != key_of("https://elsewhere.example/p?id=8")


@pytest.mark.parametrize(
    "address",
    [
        "", "data:image/png;base64,iVBORw0KGgo=", "blob:https://x/1", "javascript:alert(1)", "file:///etc/passwd",
        "about:blank", "https://mat1.gtimg.com/www/icon/favicon2.ico", "//mat1.qq.com/ent/datalib/album/albumcd.gif",
        "http://[", "https://",
        "http://inews.gtimg.com/newsapp_ls/0/11576438747_200200/0", "http://q1.qlogo.cn/g?b=qq&nk=1",
        "x" * 5000, "//nodots/a.jpg",
    ],
)  # fmt: skip
def test_chrome_avatars_and_what_is_no_address_show_nothing(address: str) -> None:
    assert picture(address) is None


@pytest.mark.parametrize(
    ("element", "seen"),
    [
        (f'<img alt="图片" data-src="//inews.gtimg.com/om_bt/{STILL}/641" src="data:image/gif;base64,AA">', ""),
        (f'<img alt="阅览室" src="https://inews.gtimg.com/om_bt/{STILL}/641">', "阅览室"),
        (f'<img src="https://inews.gtimg.com/om_bt/{STILL}/641" width="1" height="1">', None),
        (f'<img src="https://inews.gtimg.com/om_bt/{STILL}/641" isqrcode="1">', None),
        (f'<img class="js_qrcode" src="https://inews.gtimg.com/om_bt/{STILL}/641">', None),
        ("<img>", None),
    ],
)  # fmt: skip
def test_an_img_shows_a_picture_unless_it_is_a_spacer_or_a_qr_code(
    element: str, seen: str | None
) -> None:
    node = LexborHTMLParser(element).css_first("img")
    assert node

    found = shown(node, "https://news.qq.com/rain/a/20260305A01ABC00")

    assert (found.alt if found else None) == seen


def insert(**says: object) -> Image | None:
    found = inserts({"IMG_0": says}, base="")("IMG_0")
    assert found is None or isinstance(found, Image)
    return found


def test_a_picture_is_found_where_the_answers_of_2013_name_it() -> None:
    found = insert(img="http://inews.gtimg.com/newsapp_bt/0/1/641", width=641)

    assert found
    assert found.url == "https://inews.gtimg.com/newsapp_bt/0/1/641"


def test_an_animation_is_taken_as_an_animation() -> None:
    """Its `bigOrigUrl` is a still."""
    base = f"https://inews.gtimg.com/om_bt/{MOVING}"

    found = insert(
        url=f"{base}/641",
        bigOrigUrl=f"{base}/641",
        imgurl0=f"{base}/0",
        isGif=1,
        gifUrl=f"{base}/0",
    )

    assert found
    assert found.url == f"{base}/0"
    assert found.renditions == (f"{base}/0",)


def test_the_renditions_the_page_names_come_before_those_only_promised() -> None:
    base = f"https://inews.gtimg.com/om_bt/{STILL}"

    found = insert(url=f"{base}/641", imgurl1000=f"{base}/1000", imgurl0=f"{base}/0", desc="码头")

    assert found
    assert found.renditions == (f"{base}/0", f"{base}/1000", f"{base}/641")
    assert (found.url, found.caption) == (f"{base}/641", "码头")


def test_a_picture_marked_as_a_qr_code_is_left_out() -> None:
    assert insert(url=f"https://inews.gtimg.com/om_bt/{STILL}/641", isqrcode="1") is None
    assert insert(img=[]) is None
    assert inserts({}, base="")("IMG_7") is None


@pytest.mark.parametrize(
    ("element", "key"),
    [
        (
            '<iframe src="https://v.qq.com/txp/iframe/player.html?vid=q0099abcxyz&auto=0"></iframe>',
            "q0099abcxyz",
        ),
        (
            '<iframe data-src="//v.qq.com/iframe/player.html?width=1&amp;vid=q0099abcxyz"></iframe>',
            "q0099abcxyz",
        ),
        (
            '<embed src="http://static.video.qq.com/TPout.swf?vid=q0099abcxyz" flashvars="x">',
            "q0099abcxyz",
        ),
        (
            '<embed src="http://static.video.qq.com/TPout.swf" flashvars="vid=q0099abcxyz&amp;auto=0">',
            "q0099abcxyz",
        ),
        (
            '<object><param name="movie" value="http://static.video.qq.com/TPout.swf">'
            '<param name="flashvars" value="auto=0&amp;vid=q0099abcxyz"></object>',
            "q0099abcxyz",
        ),
        (
            '<object><embed src="http://static.video.qq.com/TPout.swf?vid=q0099abcxyz"></object>',
            "q0099abcxyz",
        ),
        ('<embed src="http://player.example.com/outer.swf?auto=1&amp;vid=24264087">', ""),
        (
            '<iframe src="http://v.qq.com/video/playview.html?vid=q0099abcxyz" style="display: none"></iframe>',
            "",
        ),
        ('<iframe src="https://wa.gtimg.com/website/201610/x.html?tclick=http"></iframe>', ""),
        ("<iframe></iframe>", ""),
    ],
)
def test_a_player_plays_the_video_its_address_names(element: str, key: str) -> None:
    node = LexborHTMLParser(element).css_first("object, iframe, embed")
    assert node

    found = player(node)

    assert (found.key if found else "") == key
