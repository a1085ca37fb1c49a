"""Bytes become text by what they are, not by what they are called."""

import codecs

import pytest

from scraper.charset import damage, decode
from tests.corpus import CORPUS, needs_corpus

WORDS = "云溪的渡船今天停航，船工把缆绳挂在墙上，明天再来。" * 20
LABELS = ("", "utf-8", "gb2312", "gbk", "iso-8859-1", "big5", "no-such-charset")


def page(label: str) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    return f"<html><head><title>渡船</title>{meta}</head><body>{WORDS}</body></html>"


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030", "utf-8-sig", "utf-16"])
def test_a_page_is_read_whatever_it_declares(encoding: str, label: str) -> None:
    text = page(label)

    decoded = decode(text.encode(encoding))

    assert decoded.text == text
    assert decoded.damaged == 0


@pytest.mark.parametrize("label", LABELS)
def test_the_header_is_believed_no_more_than_the_page(label: str) -> None:
    text = page("")

    assert decode(text.encode("gb18030"), f"text/html; charset={label}").text == text


def test_characters_that_only_gb18030_has_are_read_on_a_page_that_declares_gb2312() -> None:
    text = page("gb2312") + "㐂𠮷€"

    assert decode(text.encode("gb18030")).text == text


TRADITIONAL = str.maketrans("云挂墙缆绳来", "雲掛牆纜繩來")


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=big5">',
        '<?xml version="1.0" encoding="Big5"?><!-- made by hand -->',
        "\n<?xml version='1.0' standalone='yes' encoding = 'BIG5' ?>",
    ],
)
def test_big5_that_says_so_is_big5(declaration: str) -> None:
    text = declaration + page("").replace("工把", "工將").translate(TRADITIONAL)

    assert decode(text.encode("big5hkscs")).text == text


def test_a_page_that_is_xml_too_is_read_by_its_meta() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?><meta charset="iso-8859-1"><p>Là où passe le bac'

    assert decode(text.encode("iso-8859-1")).text == text


def test_what_only_its_declaration_explains_is_read_by_it() -> None:
    text = '<meta charset="iso-8859-1"><p>La traversée commence à l’aube</p>'.replace("’", "'")

    assert decode(text.encode("iso-8859-1")).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("lost", [1, 2])
def test_a_page_cut_inside_a_character_is_not_damaged_by_that(encoding: str, lost: int) -> None:
    whole = (page("gb2312") + "完").encode(encoding)

    decoded = decode(whole[:-lost])

    assert decoded.text.startswith(page("gb2312"))
    assert decoded.damaged == 0


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_does_not_turn_a_long_page_into_another_script(encoding: str) -> None:
    start, end = page("").encode(encoding), (WORDS * 50).encode(encoding)

    decoded = decode(start + b"\xff" + end)

    assert decoded.text.endswith(WORDS[-100:])
    assert 0 < decoded.damaged < 0.001


def test_damage_done_before_us_is_noticed() -> None:
    ruined = WORDS.encode().replace("溪".encode(), b"\xe6\xba").decode("utf-8", "replace")

    assert decode(ruined.encode()).damaged > 0.01
    assert damage("锟斤拷" * 3) > 0.5
    assert damage(WORDS) == 0


def test_utf8_without_damage_need_not_be_encoded_again() -> None:
    assert decode(b"<p>plain</p>").clean
    assert decode(codecs.BOM_UTF8 + "新".encode()).skip == 3
    assert not decode("新闻".encode("gb18030")).clean


def test_random_bytes_are_read_as_something() -> None:
    for seed in range(64):
        noise = bytes((seed * 73 + place * place * 31) % 256 for place in range(seed * 7))
        assert isinstance(decode(noise, "text/html; charset=hz").text, str)


@needs_corpus
@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("bench/charset/GB2312_*", {"gb18030"}),
        ("bench/gbk-2010/*.html", {"gb18030"}),
        ("qq/a-htm-2010/*.html", {"gb18030"}),
    ],
)
def test_real_gbk_pages_are_read_as_gb18030(folder: str, allowed: set[str]) -> None:
    pages = sorted(CORPUS.glob(folder))
    assert pages

    for path in pages:
        decoded = decode(path.read_bytes())
        assert decoded.charset in allowed, path.name
        assert decoded.damaged < 0.001, path.name
