"""What the doctor says of the surroundings of an archive."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.upkeep.doctor import _race_mended, doctor
from tests.archive.newsroom import eventful, open_archive


def told(root: Path, **options: object) -> dict[str, bool | None]:
    return {check.name: check.ok for check in doctor(root, **options)}  # type: ignore[arg-type]


def test_a_sound_archive_in_sound_surroundings_has_no_fault(tmp_path: Path) -> None:
    eventful(tmp_path / "archive")

    assert False not in told(tmp_path / "archive").values()


def test_it_says_what_is_wrong_and_never_raises(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    assert told(root)["index"] is False

    eventful(root)
    assert told(root, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))["clock"] is False
    with open_archive(root):
        assert told(root)["lock"] is None
    root.chmod(0o777)
    assert told(root)["folder"] is False
    (root / "qqnews.db").write_bytes(b"rubbish" * 1000)
    assert told(root)["index"] is False


@pytest.mark.parametrize(
    ("version", "mended"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_it_knows_which_sqlite_has_the_wal_reset_race(
    version: tuple[int, int, int], mended: bool
) -> None:
    assert _race_mended(version) is mended
