"""gzip comes whole or not at all, however it is cut into chunks, and never larger than allowed."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.decoding import STEP, Cut, Foreign, Garbled, Gunzip, Identity, TooLarge, decoder

MOST = 100_000

texts = st.binary(max_size=2000) | st.builds(
    lambda part, times: part * times, st.binary(min_size=1, max_size=20), st.integers(1, 3000)
)


def fed(packed: bytes, size: int, most: int = MOST) -> bytes:
    """What comes out when it goes in `size` bytes at a time."""
    gunzip = Gunzip(most)
    for start in range(0, len(packed), size):
        gunzip.feed(packed[start : start + size])
    gunzip.finish()
    return bytes(gunzip.body)


@given(texts, st.integers(1, 500))
def test_what_was_packed_comes_out_whatever_the_chunks(text: bytes, size: int) -> None:
    assert fed(gzip.compress(text), size) == text


@given(st.lists(texts, min_size=1, max_size=5), st.integers(1, 500), st.integers(0, 40))
def test_several_members_and_padding_are_one_text(
    parts: list[bytes], size: int, padding: int
) -> None:
    packed = b"".join(map(gzip.compress, parts)) + bytes(padding)

    assert fed(packed, size, MOST * 5) == b"".join(parts)


@given(texts, st.integers(1, 500), st.data())
def test_what_is_cut_anywhere_is_never_taken_for_whole(
    text: bytes, size: int, data: st.DataObject
) -> None:
    packed = gzip.compress(text)
    kept = data.draw(st.integers(1, len(packed) - 1))

    with pytest.raises((Cut, Garbled)):
        fed(packed[:kept], size)


@given(texts, st.integers(1, 500), st.data())
def test_a_flipped_bit_gives_the_same_text_or_none(
    text: bytes, size: int, data: st.DataObject
) -> None:
    packed = bytearray(gzip.compress(text, mtime=0))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    try:
        found = fed(bytes(packed), size)
    except (Cut, Garbled, TooLarge):
        return
    assert found == text


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_at_all_end_in_a_text_or_one_of_three_errors(noise: bytes, size: int) -> None:
    try:
        fed(noise, size)
    except (Cut, Garbled, TooLarge):
        return


@pytest.mark.parametrize("size", [1, 10, 1000, 100_000])
@pytest.mark.parametrize("most", [0, 1, STEP - 1, STEP, STEP + 1, 1_000_000])
def test_a_bomb_is_left_one_step_after_its_limit(size: int, most: int) -> None:
    gunzip = Gunzip(most)
    bomb = gzip.compress(bytes(8_000_000))

    with pytest.raises(TooLarge):
        for start in range(0, len(bomb), size):
            gunzip.feed(bomb[start : start + size])

    assert most < len(gunzip.body) <= most + STEP


def test_what_zlib_still_holds_back_when_the_input_ends_is_let_out_to_the_limit() -> None:
    """The last bytes of input may stand for a step of output and more; a bomb can hide there."""
    packing = zlib.compressobj(9, wbits=31)
    packed = packing.compress(bytes(10 * STEP)) + packing.flush(zlib.Z_SYNC_FLUSH)

    for most in (STEP // 2, 20 * STEP):
        with pytest.raises(TooLarge if most < STEP else Cut):
            fed(packed, len(packed), most)


def test_bytes_that_are_not_packed_may_be_as_many_as_allowed() -> None:
    body = Identity(5)
    body.feed(b"12345")
    body.finish()

    with pytest.raises(TooLarge):
        body.feed(b"6")


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ([], Identity),
        ([""], Identity),
        (["identity"], Identity),
        (["gzip"], Gunzip),
        (["GZIP"], Gunzip),
        (["x-gzip"], Gunzip),
        (["identity, gzip"], Gunzip),
        (["gzip", "identity"], Gunzip),
    ],
)
def test_gzip_and_nothing_are_read(named: list[str], kind: type) -> None:
    assert isinstance(decoder(named, 1), kind)


@pytest.mark.parametrize(
    "named",
    [
        ["br"],
        ["zstd"],
        ["deflate"],
        ["gzip, gzip"],
        ["gzip", "gzip"],
        ["gzip,br"],
        ["compress"],
        ["gzip;q=1"],
    ],
)
def test_any_other_encoding_is_foreign(named: list[str]) -> None:
    with pytest.raises(Foreign):
        decoder(named, 1)
