"""What the bytes of a picture are, and whether they are all there.  No header and no name is believed."""

import gzip
import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from archive.article import Image
from scraper.pictures import Flaw, PictureSettings, Shape, candidates, look, stand_ins, type_of
from tests.corpus import CORPUS, needs_corpus
from tests.scraper.drawn import png_of


def drawn(kind: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """A picture with noise in it, so that half of its bytes are not enough to draw it."""
    noise = random.Random(7)
    picture = Pillow.frombytes("RGB", size, noise.randbytes(size[0] * size[1] * 3))
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def animated(kind: str, frames: int) -> bytes:
    noise = random.Random(7)
    pictures = [Pillow.frombytes("L", (16, 16), noise.randbytes(256)) for _ in range(frames)]
    file = BytesIO()
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:], duration=20)
    return file.getvalue()


KINDS = [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "avif")]


@pytest.mark.parametrize(("kind", "extension"), KINDS)
def test_a_whole_picture_is_told_by_its_bytes(kind: str, extension: str) -> None:
    assert look(drawn(kind)) == Shape(extension=extension, width=64, height=48, frames=1)


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_picture_cut_short_is_not_whole_and_worth_asking_for_again(
    kind: str, share: float
) -> None:
    content = drawn(kind, (200, 150))
    flaw = look(content[: int(len(content) * share)])
    assert isinstance(flaw, Flaw)
    assert (flaw.kind, flaw.passing) == ("corrupt", True)


@pytest.mark.parametrize("coding", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_no_part_of_a_large_jpeg_can_be_missing_unnoticed(coding: dict[str, bool]) -> None:
    content = drawn("JPEG", (640, 512), **coding)
    assert look(content) == Shape(extension="jpg", width=640, height=512)
    for end in range(50, len(content), len(content) // 40):
        assert isinstance(look(content[:end]), Flaw)
    assert isinstance(look(content[:-64]), Flaw)


@pytest.mark.parametrize(("kind", "extension"), [pair for pair in KINDS if pair[0] != "JPEG"])
def test_the_frames_of_an_animation_are_counted(kind: str, extension: str) -> None:
    shape = look(animated(kind, 5))
    assert isinstance(shape, Shape)
    assert (shape.extension, shape.frames) == (extension, 5)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_without_end_is_refused_before_it_is_decoded(kind: str) -> None:
    flaw = look(animated(kind, 12), frames=10)
    assert isinstance(flaw, Flaw)
    assert flaw.kind == "too_large"
    assert not flaw.passing


def test_a_gif_that_ends_inside_a_later_frame_is_not_whole() -> None:
    content = animated("GIF", 5)
    assert look(content[: len(content) * 3 // 4]) == Flaw(
        kind="corrupt", reason="the GIF is cut short"
    )


def test_a_gif_without_its_last_byte_is_shown_by_every_browser_and_kept() -> None:
    assert look(animated("GIF", 3).removesuffix(b";")) == look(animated("GIF", 3))


@pytest.mark.parametrize("size", [(30_000, 30_000), (2_000_000_000, 1), (8_000, 5_001)])
def test_a_picture_that_means_to_fill_the_memory_is_refused_unopened(
    size: tuple[int, int],
) -> None:
    flaw = look(png_of(*size))
    assert isinstance(flaw, Flaw)
    assert flaw.kind == "too_large"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<!DOCTYPE html><html><title>403</title>", "an HTML page"),
        (b"\n  <html><body>denied</body></html>", "an HTML page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "an SVG drawing"),
        (b"<?xml version='1.0'?><!-- x --><svg onload='x'></svg>", "an SVG drawing"),
        (b'{"ret": 404}', "a JSON answer"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "a HEIC picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "a video"),
        (b"TPG \1\0\0\0", "a TPG picture"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0", "a BMP picture"),
        (b"II*\0\x08\0\0\0", "a TIFF picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript file"),
        (b"%PDF-1.7", "a PDF"),
        (b"SIMPLE  =                    T", "a FITS file"),
        (gzip.compress(b"SIMPLE  =", mtime=0), "a gzip file"),
        (b"8BPS\0\1", "a Photoshop file"),
        (b"\0\0\1\0\1\0", "an icon"),
        (b"hello, world", "of no kind we know"),
    ],
)  # fmt: skip
def test_what_is_no_picture_we_keep_is_called_by_its_name(content: bytes, what: str) -> None:
    assert type_of(content) == ("", what)
    flaw = look(content)
    assert isinstance(flaw, Flaw)
    assert flaw.kind == "type"
    assert what in flaw.reason
    assert not flaw.passing


def test_an_empty_answer_is_worth_asking_for_again() -> None:
    assert look(b"") == Flaw(kind="corrupt", reason="an empty answer")


def test_a_decoder_is_never_let_at_what_only_claims_to_be_its_kind() -> None:
    gif = drawn("GIF")
    for start in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        assert isinstance(look(start + gif), Flaw)


def test_script_after_a_whole_picture_does_not_change_its_type() -> None:
    assert look(drawn("JPEG") + b"<script>alert(1)</script>") == look(drawn("JPEG"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    kind, _ = data.draw(st.sampled_from(KINDS[:4]))
    content = bytearray(SMALL[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(look(bytes(content)), Shape | Flaw)


SMALL = {kind: animated(kind, 2) if kind != "JPEG" else drawn(kind, (24, 24)) for kind, _ in KINDS}


# What a photo looks like, in 64 bits.


def photo(seed: int, size: tuple[int, int] = (640, 400)) -> Pillow.Image:
    """Soft shapes, as photos have them."""
    small = Pillow.frombytes("RGB", (12, 8), random.Random(seed).randbytes(288))
    return small.resize(size, Pillow.Resampling.BICUBIC)


def likeness(picture: Pillow.Image, kind: str = "JPEG", **options: int) -> str:
    file = BytesIO()
    picture.save(file, kind, **options)
    shape = look(file.getvalue())
    assert isinstance(shape, Shape)
    return shape.hash


def apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_one_photo_in_other_sizes_and_qualities_looks_alike_and_another_does_not() -> None:
    first = likeness(photo(1))
    assert len(first) == 16
    for same in (
        likeness(photo(1).resize((320, 200))),
        likeness(photo(1).resize((1000, 625)), quality=35),
        likeness(photo(1), "WEBP"),
        likeness(photo(1).convert("RGBA"), "PNG"),
    ):
        assert apart(first, same) <= 6
    assert all(apart(first, likeness(photo(seed))) > 12 for seed in range(2, 12))


@pytest.mark.parametrize(
    "plain",
    [Pillow.new("RGB", (400, 300), "navy"), photo(1, (16, 16)), photo(1, (900, 60)),
     Pillow.new("RGBA", (200, 200), (0, 0, 0, 0))],
)  # fmt: skip
def test_a_divider_or_a_plain_card_looks_like_nothing(plain: Pillow.Image) -> None:
    assert likeness(plain, "PNG") == ""


# Which address of a picture is asked.


def picture(*renditions: str, url: str = "") -> Image:
    return Image(url=url or renditions[0], renditions=renditions, key="k")


def test_the_best_rendition_is_tried_first_and_the_linked_one_at_last() -> None:
    image = picture("https://x/0", "https://x/1000", "https://x/641", url="https://x/641")
    assert candidates(image, most=3) == image.renditions
    assert candidates(image, most=2) == ("https://x/0", "https://x/641")
    assert candidates(image, most=1) == ("https://x/641",)


def wechat(token: str) -> str:
    return f"https://mmbiz.qpic.cn/mmbiz_png/{token}/0?wx_fmt=png"


def test_one_answer_for_different_wechat_pictures_is_a_sign_and_no_picture() -> None:
    sign = {wechat(token): b"sign" for token in "abc"}
    real = {wechat("d"): b"one", wechat("e"): b"two"}
    assert stand_ins(sign | real) == frozenset(sign)


def test_a_divider_that_stands_thrice_in_an_article_is_no_sign() -> None:
    same = {wechat("a") + f"&at={n}": b"divider" for n in range(5)}
    assert not stand_ins(same)
    assert not stand_ins({f"https://inews.gtimg.com/om_bt/{n}/0": b"x" for n in range(5)})


@pytest.mark.parametrize(
    "wrong", [{"pixels": 0}, {"frames": 0}, {"per_article": -1}, {"time": 0}, {"renditions": 0}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        PictureSettings(**wrong)  # type: ignore[arg-type]


# Real ones.


@needs_corpus
def test_real_pictures_of_the_kinds_we_keep_are_whole() -> None:
    foreign = {".heif", ".bmp", ".ico", ".tif"}
    paths = [*(CORPUS / "images/ok").iterdir(), *(CORPUS / "images/mmbiz").iterdir()]
    seen = {path.name: look(path.read_bytes()) for path in paths}
    broken = [
        (name, found)
        for name, found in seen.items()
        if isinstance(found, Flaw) != (name[name.rindex(".") :] in foreign)
    ]
    assert len(seen) > 40
    assert not broken


@needs_corpus
def test_real_damage_is_seen_and_survived() -> None:
    seen = {path.name: look(path.read_bytes()) for path in (CORPUS / "images/corrupt").iterdir()}
    flawed = {name for name, found in seen.items() if isinstance(found, Flaw)}
    assert {
        "pillow_truncated_image.png", "pillow_broken.png", "pillow_broken_data_stream.png",
        "pillow_decompression_bomb.gif", "pillow_apng_syntax_num_frames_zero.png",
        "heif_heif_truncated_truncated.heic", "pillow_timeout-6646305047838720",
    } <= flawed  # fmt: skip
    # Odd metadata is no damage: the picture is all there.
    assert not {"pillow_hopper_bad_exif.jpg", "pillow_padded_idat.png"} & flawed
