"""`doctor`: what surrounds an archive."""

from pathlib import Path

from scraper.cli.exits import Exit
from tests.archive.disks import needs_mounts
from tests.cli.conftest import Run, objects
from tests.cli.small_disk import SmallDisk


def test_doctor_looks_around(qqnews: Run, news: Path) -> None:
    ended = qqnews("--archive", "news", "doctor", "-o", "jsonl")

    names = {row["name"] for row in objects(ended.out)}
    assert ended.code == 0
    assert names >= {"config", "python", "sqlite", "index", "folder", "disk", "lock", "clock"}


def test_what_the_doctor_leaves_with_says_what_is_bad(qqnews: Run, news: Path) -> None:
    assert qqnews("--archive", "nowhere", "doctor").code == Exit.USAGE
    (news / "qqnews.db").write_bytes(b"rubbish" * 1000)
    assert qqnews("--archive", "news", "doctor").code == Exit.DAMAGE
    news.chmod(0o777)
    assert qqnews("--archive", "news", "doctor").code == Exit.STORAGE


@needs_mounts
def test_a_disk_that_is_nearly_full_is_a_matter_of_storage(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    disk = SmallDisk(tmp_path, environment)

    _, looked = disk.run(
        "size=64m", ["init", str(disk.root)], ["--archive", str(disk.root / "data"), "doctor"]
    )

    assert (looked.code, "BAD   disk" in looked.out) == (Exit.STORAGE, True), looked.out
