"""Exit codes: each is explained, every expected error has its own, and of several the most telling is given."""

import pytest

from archive import errors as archive_errors
from scraper import errors as scraper_errors
from scraper.cli.exits import MEANING, RANK, Exit, code_of, most_telling
from tests.cli.conftest import Run


def test_every_code_is_explained_and_ranked(qqnews: Run) -> None:
    assert set(MEANING) == set(Exit) == set(RANK)
    printed = qqnews("help", "exit-codes").out
    for code in Exit:
        assert f" {code.value:>4}  {MEANING[code][0]}" in printed


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ([], Exit.DONE),
        ([Exit.BOUND, Exit.DONE], Exit.BOUND),
        ([Exit.INCOMPLETE, Exit.BOUND], Exit.INCOMPLETE),
        ([Exit.INCOMPLETE, Exit.LIMITED], Exit.LIMITED),
        ([Exit.NO_NETWORK, Exit.STALE], Exit.STALE),
        ([Exit.INCOMPLETE, Exit.LIMITED, Exit.DRIFT], Exit.DRIFT),
        ([Exit.DRIFT, Exit.STALE], Exit.DRIFT),
        ([Exit.LIMITED, Exit.STORAGE], Exit.STORAGE),
        ([Exit.STORAGE, Exit.INTERRUPTED], Exit.INTERRUPTED),
    ],
)
def test_the_most_telling_code_wins(codes: list[Exit], told: Exit) -> None:
    assert most_telling(codes) is told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (scraper_errors.ConfigError("x"), Exit.USAGE),
        (scraper_errors.NotAnArticle("u", "x"), Exit.USAGE),
        (scraper_errors.Unreachable("u", "x"), Exit.INCOMPLETE),
        (scraper_errors.Refused("u", "x", kind="robots"), Exit.INCOMPLETE),
        (scraper_errors.TooHard("u", "x"), Exit.INCOMPLETE),
        (scraper_errors.NoNetwork("u", "x"), Exit.NO_NETWORK),
        (scraper_errors.Limited("u", "x", wait=None), Exit.LIMITED),
        (archive_errors.NoArchive("x"), Exit.USAGE),
        (archive_errors.ForeignArchive("x"), Exit.USAGE),
        (archive_errors.QueryError("x"), Exit.USAGE),
        (archive_errors.ArchiveInUse("x"), Exit.IN_USE),
        (archive_errors.StorageError("x"), Exit.STORAGE),
        (archive_errors.DamagedArchive("x"), Exit.DAMAGE),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (BrokenPipeError(), Exit.DONE),
        (ZeroDivisionError(), Exit.BUG),
    ],
)
def test_every_expected_error_has_its_code(error: BaseException, code: Exit) -> None:
    assert code_of(error) is code


def test_no_expected_error_counts_as_a_bug() -> None:
    for module in (archive_errors, scraper_errors):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, archive_errors.QqnewsError):
                assert code_of(kind.__new__(kind)) is not Exit.BUG
