"""Texts that are nearly the same are found, texts that are not are not."""

import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.near import ALIKE, BINS, SHORTEST, bands, shingles, signature, similarity

CHANCE = random.Random(11)
SYLLABLES = [chr(0x4E00 + n) for n in CHANCE.sample(range(4000), 900)]
LEXICON = [
    "".join(CHANCE.choices(SYLLABLES, k=CHANCE.choice((1, 2, 2, 2, 3)))) for _ in range(3000)
]


def sentence(chance: random.Random) -> str:
    return "".join(chance.choices(LEXICON, k=chance.randint(8, 16))) + "。"


def text(chance: random.Random, sentences: int = 50) -> list[str]:
    return [sentence(chance) for _ in range(sentences)]


def replaced(chance: random.Random, old: list[str], share: float) -> list[str]:
    new = list(old)
    for place in chance.sample(range(len(new)), round(share * len(new))):
        new[place] = sentence(chance)
    return new


def found(one: list[str], other: list[str]) -> bool:
    """Whether the archive would find one by the other: a band in common, and alike enough."""
    mine, theirs = signature("".join(one)), signature("".join(other))
    assert mine and theirs
    return bool(set(bands(mine)) & set(bands(theirs))) and similarity(mine, theirs) >= ALIKE


@pytest.mark.parametrize(
    ("share", "least", "most"),
    [(0.05, 1.0, 1.0), (0.10, 1.0, 1.0), (0.20, 0.95, 1.0), (0.75, 0.0, 0.0)],
)
def test_recall_by_the_share_of_sentences_replaced(share: float, least: float, most: float) -> None:
    chance = random.Random(5)
    pairs = [(old, replaced(chance, old, share)) for old in (text(chance) for _ in range(60))]

    recall = sum(found(*pair) for pair in pairs) / len(pairs)

    assert least <= recall <= most


@pytest.mark.parametrize(
    "change",
    [
        lambda old: ["一行新标题，写在最前面。", *old],
        lambda old: [*old[:20], *["新的一段话说了些别的事情。"] * 2, *old[20:]],
        lambda old: old[:20] + old[24:],
        lambda old: [*old, "责任编辑某甲，版权归本报所有，未经授权不得转载，联系电话在此。"],
        lambda old: ["".join(old).replace("。", "！ ")],
    ],
    ids=["headline", "paragraph added", "paragraph removed", "footer", "punctuation"],
)
def test_a_reprint_with_little_changed_is_found(change: object) -> None:
    chance = random.Random(6)
    for _ in range(40):
        old = text(chance)
        assert found(old, change(old))  # type: ignore[operator]


def test_texts_that_share_half_their_sentences_are_two_stories() -> None:
    chance = random.Random(8)
    pairs = [(old, old[:25] + text(chance, 25)) for old in (text(chance) for _ in range(60))]

    assert sum(found(*pair) for pair in pairs) <= 1


def test_no_unrelated_pair_is_found() -> None:
    chance = random.Random(9)
    marks = [signature("".join(text(chance))) for _ in range(120)]

    for place, one in enumerate(marks):
        for other in marks[:place]:
            assert one and other
            assert similarity(one, other) < 0.2


def test_similarity_is_about_the_share_of_shingles_in_common() -> None:
    chance = random.Random(10)
    for share in (0.0, 0.1, 0.3, 0.5, 0.8):
        old = text(chance, 120)
        new = replaced(chance, old, share)
        one, other = shingles("".join(old)), shingles("".join(new))
        mine, theirs = signature("".join(old)), signature("".join(new))
        assert mine and theirs
        assert similarity(mine, theirs) == pytest.approx(
            len(one & other) / len(one | other), abs=0.15
        )


@given(st.text("甲乙丙丁abcＡ，。 \n", max_size=60))
def test_shingles_are_the_hashes_of_every_four_letters(said: str) -> None:
    letters = "".join(c for c in said.replace("Ａ", "a") if c.isalnum())
    keys = (0xB5297A4D3F, 0x68E31DA4B1, 0x1B56C4E9D7, 0xD6E8FEB865)

    expected = {
        sum(ord(letter) * key for letter, key in zip(letters[at:], keys, strict=False)) >> 25
        & 0x7FFFFF
        for at in range(len(letters) - 3)
    }

    assert shingles(said) == expected


def test_a_signature_does_not_change_from_release_to_release() -> None:
    """Signatures are stored: another value here needs a migration."""
    mark = signature("".join(text(random.Random(1))))

    assert mark is not None
    assert len(mark) == 2 * BINS
    assert mark.hex()[:32] == "30045502474d8e1131084012650b7927"
    assert bands(mark)[0] == 1132995048885942309


def test_a_text_of_a_few_words_has_no_signature() -> None:
    assert signature("".join(LEXICON)[: SHORTEST + 2]) is None
    assert signature("") is None


def test_a_text_that_says_one_thing_over_and_over_has_no_signature() -> None:
    assert signature("好消息" * 500) is None


def test_a_short_text_fills_all_its_bins() -> None:
    mark = signature("".join(LEXICON)[: SHORTEST + 20])

    assert mark is not None
    assert len(set(array("H", mark))) > SHORTEST // 2
