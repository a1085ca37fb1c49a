"""What `verify` finds, and what it does not complain of."""

from pathlib import Path

from archive.verify import verify
from tests.archive.newsroom import eventful


def test_an_archive_to_which_everything_happened_is_found_sound(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    eventful(root)

    assert list(verify(root)) == []
    assert list(verify(root, read_data=1.0)) == []
