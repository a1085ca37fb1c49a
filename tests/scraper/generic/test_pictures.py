"""Which picture an `<img>` shows on a page whose layout nobody has written: pages keep it in many places."""

import pytest

from tests.scraper.generic.reading import SENTENCE, read

HOST = "https://news.hegu.example"


@pytest.mark.parametrize(
    ("img", "shown"),
    [
        ("<img src='/boat.jpg'>", "/boat.jpg"),
        ("<img src='/dot.gif' data-original='/boat.jpg'>", "/boat.jpg"),
        ("<img src='/dot.gif' data-lazy-src='/boat.jpg'>", "/boat.jpg"),
        ("<img src='none.gif' zoomfile='/whole/boat.jpg' file='/boat.jpg'>", "/whole/boat.jpg"),
        ("<img src='/dot.gif' real_src='/boat.jpg'>", "/boat.jpg"),
        ("<img src='/dot.gif' data-srcset='/boat.jpg 1x,/boat-large.jpg 2x'>", "/boat-large.jpg"),
        (
            "<img src='data:image/gif;base64,AA' srcset='/a,b.jpg 320w, /c.jpg 1280w, /d.jpg 640w'>",
            "/c.jpg",
        ),
        ("<img src='/boat.jpg' srcset='/boat-large.jpg 2x'>", "/boat.jpg"),
        (
            "<picture><source srcset='/boat.webp 1x, /boat-large.webp 2x'><img alt='船'></picture>",
            "/boat-large.webp",
        ),
        ("<picture><source srcset='/boat.webp'><img src='/boat.jpg'></picture>", "/boat.jpg"),
    ],
    ids=[
        "in src",
        "in data-original",
        "in data-lazy-src",
        "of a forum",
        "of a blog",
        "the largest that is loaded late",
        "the widest, where src holds nothing",
        "in src, whatever else there is",
        "of the sources around it",
        "in src, whatever the sources are",
    ],
)
def test_the_picture_is_found_where_the_page_keeps_its_address(img: str, shown: str) -> None:
    found = read(
        f"<body><h1>渡口</h1><div class='article'><p>{SENTENCE}</p><p>{img}</p><p>{SENTENCE}</p></div></body>"
    )

    assert found.body
    assert [image.url for image in found.body.images] == [HOST + shown]


@pytest.mark.parametrize(
    "img",
    [
        "<img src='/icon.png' width='16' height='16'>",
        "<img src='data:image/gif;base64,AA'>",
        "<img srcset='javascript:alert(1) 2x'>",
        "<img alt='船'>",
    ],
    ids=["an icon", "a placeholder", "a script", "nothing"],
)
def test_what_shows_nothing_is_no_picture(img: str) -> None:
    found = read(
        f"<body><h1>渡口</h1><div class='article'><p>{SENTENCE}</p><p>{img}</p><p>{SENTENCE}</p></div></body>"
    )

    assert found.body and not found.body.images
