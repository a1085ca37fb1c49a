"""A disk of a few MiB in memory, on which commands run one after the other; only these see it."""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.cli.conftest import Ended


class SmallDisk:
    """A small disk with an archive on it.  copy: what the archive was like at the end."""

    def __init__(self, folder: Path, here: Path, environment: Mapping[str, str]) -> None:
        self.copy = folder / "copy"
        self._folder = folder
        self._here = here
        self._environment = environment

    def run(self, options: str, *steps: list[str] | str) -> list[Ended]:
        """Mounts the disk with these options and takes each step: the words of a command, or other mount options.

        Gives how each ended.
        """
        disk = self._folder / "disk"
        disk.mkdir()
        said = self._folder / "said"
        said.mkdir()
        lines = [f"mount -t tmpfs -o {options} tmpfs {disk}"]
        for number, step in enumerate(steps):
            if isinstance(step, str):
                line = f"mount -o remount,{step} {disk}"
            else:
                line = shlex.join(
                    [sys.executable, "-m", "scraper", *step, "--archive", f"{disk}/news"]
                )
            place = said / str(number)
            lines.append(f"code=0; {line} >{place}.out 2>{place}.err || code=$?")
            lines.append(f"echo $code >{place}.code")
        lines.append(f"cp -r {disk}/news {self.copy}")
        subprocess.run(
            ["unshare", "-rm", "sh", "-ec", "\n".join(lines)],
            cwd=self._here,
            env=dict(self._environment),
            check=True,
            timeout=120,
        )
        return [
            Ended(
                int((said / f"{number}.code").read_text()),
                (said / f"{number}.out").read_text("utf-8"),
                (said / f"{number}.err").read_text("utf-8"),
            )
            for number in range(len(steps))
        ]
