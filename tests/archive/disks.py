"""Disks for a test alone: mounted where nobody else sees them, full or read-only."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.archive.newsroom import run

HERE = Path(__file__).resolve().parents[2]


def unshare() -> bool:
    """Whether this system lets us mount a small disk of our own."""
    if shutil.which("unshare") is None:
        return False
    trial = run("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt")
    return trial.returncode == 0


needs_mounts = pytest.mark.skipif(not unshare(), reason="unshare may not mount a disk here")


def on_a_full_disk(folder: Path, code: str) -> str:
    """Runs code that sees the archive in a folder on a disk without a free byte; gives what it printed."""
    disk = folder / "disk"
    disk.mkdir()
    program = folder / "program.py"
    program.write_text(f"import sys; from pathlib import Path\nroot = Path(sys.argv[1])\n{code}")
    script = (
        f"mount -t tmpfs -o size=8m tmpfs {disk} && cp -r {folder / 'archive'} {disk} && "
        f"(cat /dev/zero >{disk / 'filler'} 2>/dev/null || true) && "
        f"exec {sys.executable} {program} {disk / 'archive'}"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    done = run("unshare", "-rm", "sh", "-c", script, cwd=HERE, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    return str(done.stdout.decode().strip())


def on_a_read_only_disk(folder: Path, code: str) -> str:
    """Runs code that sees the archive in a folder on a disk mounted read-only; gives what it printed."""
    program = folder / "program.py"
    program.write_text(
        "import sys; from pathlib import Path; from tests.archive.newsroom import open_archive\n"
        f"root = Path(sys.argv[1])\n{code}"
    )
    root = folder / "archive"
    script = (
        f"mount --bind {root} {root} && mount -o remount,bind,ro {root} && "
        f"exec {sys.executable} {program} {root}"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    done = run("unshare", "-rm", "sh", "-c", script, cwd=HERE, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    return str(done.stdout.decode().strip())
