"""Pictures, captions and players: in the Markdown, and beside it."""

from dataclasses import replace

from archive.article import Image
from scraper.markdown import write
from tests.bodies import PLAIN, body, root_of


def test_pictures_are_listed_in_reading_order_each_once() -> None:
    found = body(
        '<p>一<img src="https://i.example/2">二</p><!--IMG_0--><img src="https://i.example/1">'
        '<p>三<img src="https://i.example/e" width="20">四<img src="https://i.example/2"></p><!--IMG_0-->'
    )

    assert [image.key for image in found.images] == [
        "https://i.example/2",
        "https://i.example/IMG_0",
        "https://i.example/1",
        "https://i.example/e",
    ]
    assert found.markdown.count("![") == 4


def test_one_picture_under_two_addresses_is_one_picture() -> None:
    dialect = replace(
        PLAIN,
        picture=lambda node: Image(
            url=node.attributes["src"] or "", renditions=(node.attributes["src"] or "",), key="same"
        ),
    )

    found = write(
        root_of('<img src="https://i.example/a/0"><img src="https://i.example/a/641">'), dialect
    )

    assert found.markdown == "![](https://i.example/a/0)"
    assert len(found.images) == 1


def test_a_picture_is_listed_by_the_address_that_the_markdown_links_to() -> None:
    found = body('<img src="https://i.example/a (1).png">')

    assert found.images[0].url in found.images[0].renditions
    assert (
        found.markdown == f"![]({found.images[0].url})" == "![](https://i.example/a%20%281%29.png)"
    )


def test_a_caption_is_tied_to_its_picture_and_stays_in_the_text() -> None:
    found = body(
        '<figure><img src="https://i.example/1"><figcaption><b>图一</b> 新华社</figcaption></figure>'
    )

    (image,) = found.images
    assert (image.caption, image.alt) == ("图一 新华社", "图一 新华社")
    assert found.markdown == "![图一 新华社](https://i.example/1)\n\n**图一** 新华社"


def test_a_caption_leaves_an_alt_that_says_something() -> None:
    (image,) = body('<img src="https://i.example/1" alt="码头"><p class="caption">黄昏</p>').images

    assert (image.caption, image.alt) == ("黄昏", "码头")


def test_a_caption_after_something_else_belongs_to_no_picture() -> None:
    found = body('<img src="https://i.example/1"><p>正文</p><p class="caption">说明</p>')

    assert found.images[0].caption == ""
    assert found.markdown.endswith("正文\n\n说明")


def test_a_short_line_below_a_picture_in_a_table_of_one_column_is_its_caption() -> None:
    rows = '<tr><td><img src="https://i.example/{}"></td></tr><tr><td>{}</td></tr>'
    long = "渡船从东岸码头出发。" * 5

    found = body(f"<table>{rows.format(1, '码头')}{rows.format(2, long)}</table>")

    assert [image.caption for image in found.images] == ["码头", ""]
    assert found.markdown == (
        f"![码头](https://i.example/1)\n\n码头\n\n![](https://i.example/2)\n\n{long}"
    )


def test_a_caption_the_dialect_knows_is_printed_once() -> None:
    found = body('<!--IMG_1--><p class="caption">题图</p>')

    assert found.images[0].caption == "题图"
    assert found.markdown == "![题图](https://i.example/IMG_1)\n\n题图"


def test_players_are_described_where_they_stand_and_listed_once() -> None:
    found = body(
        '<p>前</p><iframe src="https://v.example/x" name="短片"></iframe><p>后</p>'
        '<iframe src="https://v.example/x" name="短片"></iframe><!--VIDEO_0-->'
    )

    assert [video.key for video in found.videos] == ["https://v.example/x", "v0"]
    assert found.markdown == (
        "前\n\n[视频：短片](https://v.example/x)\n\n后\n\n[视频：现场（1:02:05）](https://v.example/v0)"
    )


def test_the_root_itself_is_never_hidden_nor_left_out() -> None:
    root = root_of("<p>甲</p>")
    root.attrs["style"] = "visibility: hidden; opacity: 0; display: none"
    root.attrs["class"] = "ad"

    assert write(root, PLAIN).markdown == "甲"


def test_writing_changes_nothing_in_the_tree_and_is_the_same_again() -> None:
    root = root_of('<p>甲<b>乙</b><img src="https://i.example/1"></p><ul><li>丙</ul>')
    before = root.html

    first, second = write(root, PLAIN), write(root, PLAIN)

    assert first == second
    assert root.html == before
